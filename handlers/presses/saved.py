"""The pages of saved papers."""

from dataclasses import replace

from bot.domain.actions import Action
from handlers.commands.saved import saved_page
from handlers.talk import Answer, Talk


async def page(talk: Talk, action: Action) -> Answer:
    """Another page, in place of the one that is shown."""
    return replace(await saved_page(talk, action.number(0) or 1), is_in_place=True)
