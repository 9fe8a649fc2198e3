"""The pages of a search: what is looked for comes with the button, so that it outlives any restart and nothing is kept."""

from bot.domain.actions import Action
from bot.domain.queries import page_of
from bot.errors import BadInput
from handlers.talk import Answer, Talk
from handlers.texts import searching


async def turn(talk: Talk, action: Action) -> Answer:
    """Another page in the place of this one."""
    text, page = page_of(action)
    try:
        found = await talk.services.searching.search(text, page)
    except BadInput:  # no button of ours
        return Answer(toast=talk.words("press.expired"))
    return Answer(message=searching.found(found, text, talk.words), is_in_place=True)
