"""How it stands: here for everybody, everywhere for the owner."""

from bot.domain.messages import Message
from handlers.talk import Answer, Talk
from handlers.texts import status
from handlers.texts.status_whole import whole


async def run(talk: Talk, _typed: str) -> Answer:
    """The subscription of this place, its last digest, sources and model; for the owner the whole bot below it."""
    shown = status.here(await talk.services.standing.here(talk.address), talk.words, has_buttons=talk.address == talk.here)
    if not talk.sees_all:
        return Answer(message=shown)
    found = await talk.services.standing.whole()
    return Answer(message=Message(blocks=(*whole(found, talk.words, talk.version), *shown.blocks)))
