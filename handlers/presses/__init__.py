"""Every button, once for all platforms: the name of its action, what it does, and who may.

A press is checked like a command: buttons are seen by people who may not use them, and what comes back may be forged.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.domain.actions import Action
from handlers.commands import Who
from handlers.presses import opening, saved
from handlers.talk import Answer, Talk


async def here(talk: Talk, _: Action) -> Talk:
    """It is about the place where it was pressed."""
    return talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What is behind an action. `about` says whose settings it concerns, before rights are checked.

    Where there is `typed`, the message that has this button is a question: a text that answers it comes there.
    """

    run: Callable[[Talk, Action], Awaitable[Answer]]
    who: Who = Who.EVERYBODY
    is_slow: bool = False
    about: Callable[[Talk, Action], Awaitable[Talk]] = here
    typed: Callable[[Talk, Action, str], Awaitable[Answer]] | None = None


PRESSES: Mapping[str, Press] = {
    "dp": Press(run=opening.paper),
    "db": Press(run=opening.back),
    "dv": Press(run=opening.vote),
    "ds": Press(run=opening.save),
    "dx": Press(run=opening.summary, who=Who.ASKING, is_slow=True),
    "da": Press(run=opening.abstract),
    "dm": Press(run=opening.more),
    "kx": Press(run=opening.key_summary, who=Who.ASKING, is_slow=True),
    "kv": Press(run=opening.key_vote),
    "ks": Press(run=opening.key_save),
    "sl": Press(run=saved.page),
}
