"""/search: the papers that came in, by their words."""

from bot.domain.queries import paged
from handlers.talk import Answer, Place, Talk
from handlers.texts import searching


async def search(talk: Talk, typed: str) -> Answer:
    """The papers that fit best, or `page N` of them."""
    text, page = paged(typed)
    found = await talk.services.searching.search(text, page)
    return Answer(message=searching.found(found, text, talk.words, has_buttons=talk.place is not Place.TERMINAL))
