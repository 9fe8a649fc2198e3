"""/privacy and /deletemydata."""

import unicodedata

from bot.domain.people import Person
from bot.domain.subscriptions import Address
from handlers.talk import Answer, Place, Talk
from handlers.texts import privacy as texts
from handlers.texts.saved import only_in_private

YES = frozenset({"yes", "是", "vâng", "có"})  # in whatever language the bot speaks here


async def privacy(talk: Talk, _typed: str) -> Answer:
    """What is kept, why, for how long, and who sees it."""
    return Answer(message=texts.privacy(talk.services.forgetting.terms, talk.words))


async def delete_my_data(talk: Talk, typed: str) -> Answer:
    """What would be deleted; with a yes, do it. In a group it is about the group, and for admins; about people in private."""
    if talk.place in (Place.GROUP, Place.CHANNEL) and not await talk.is_admin(talk.address):
        return Answer(message=only_in_private(talk.home, "deletemydata", talk.words("delete.private"), talk.words))
    address, person = whose(talk)
    if unicodedata.normalize("NFC", typed).casefold() in YES:
        return Answer(message=texts.deleted(await talk.services.forgetting.forget(address, person), talk.words))
    return Answer(message=texts.would_delete(await talk.services.forgetting.held(address, person), talk.words))


def whose(talk: Talk) -> tuple[Address, Person | None]:
    """The chat and the person that a deletion is about.

    From a terminal it may be a chat elsewhere: where that is a private one, its id is that of the person.
    """
    if talk.place is Place.PRIVATE:
        return talk.here, talk.person
    if talk.place is Place.TERMINAL:
        number = talk.address.chat.removeprefix("@" if talk.address.platform == "discord" else "")
        return talk.address, Person(platform=talk.address.platform, id=number)
    return talk.address, None
