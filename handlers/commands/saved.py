"""/save and /saved."""

from bot.errors import BadInput
from handlers import parsing
from handlers.talk import Answer, Talk
from handlers.texts import saved as texts


async def save(talk: Talk, typed: str) -> Answer:
    """Put a paper on the list, by id, link or DOI; `remove` in front of it takes it off."""
    if not typed:
        raise BadInput("write a paper's id or link behind /save", "input.paper", command="/save")
    verb, _, named = typed.partition(" ")
    if verb.casefold() == "remove":
        seen, was_saved = await talk.services.marking.unsave_named(talk.person, named)
        return Answer(message=texts.dropped(seen, talk.words, was_saved=was_saved))
    return Answer(message=texts.kept(await talk.services.marking.save_named(talk.person, typed), talk.words))


async def saved(talk: Talk, typed: str) -> Answer:
    """The list, or the page of it that is named."""
    page = parsing.number(typed, what="the page", key="input.page", least=1, most=100_000) if typed else 1
    return await saved_page(talk, int(page))


async def saved_page(talk: Talk, page: int) -> Answer:
    """A page of the list; in a group nobody's: everybody would see it."""
    if not talk.is_alone:
        return Answer(message=texts.only_in_private(talk.home, "saved", talk.words("saved.private"), talk.words))
    return Answer(message=texts.saved(await talk.services.marking.saved(talk.person, page), talk.words))
