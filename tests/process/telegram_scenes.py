"""Scenes on Telegram: each has people of its own, so nobody waits for another's pace."""

from collections.abc import Awaitable, Callable

from tests.fakes.telegram_people import Person
from tests.process import scenes
from tests.process.telegram_talk import Conversation, a_conversation

Scene = Callable[[Conversation], Awaitable[None]]


def a_play(first: Callable[[Conversation], None], *, has_model: bool = False) -> scenes.Play[Conversation]:
    """The scenes of a module; `first` publishes papers before the bot is up."""
    return scenes.Play(talking=a_conversation, first=first, up=_up, has_model=has_model)


async def _up(talk: Conversation) -> None:
    await talk.lives.begin()


async def answered(person: Person) -> None:
    """Wait until all that they did before is answered: what one chat says is worked on in its order."""
    await person.says("/about")
    await person.sees("brings the day's research papers")
