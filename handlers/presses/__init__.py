"""Every button, once for all platforms: the name of its action, what it does, and who may.

A press is checked like a command: buttons are seen by people who may not use them, and what comes back may be forged.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.domain.actions import Action
from handlers.commands import Who
from handlers.presses import files, onboarding, opening, saved, searching, settings, status
from handlers.presses.targets import target_at
from handlers.talk import Answer, Talk


async def here(talk: Talk, _: Action) -> Talk:
    """It is about the place where it was pressed."""
    return talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What is behind an action. `about` says whose settings it concerns, before rights are checked.

    Where there is `typed`, the message that has this button is a question: a text that answers it comes there.
    `is_for_one`: it says more to whoever pressed, which in a channel is not for all who read it.
    """

    run: Callable[[Talk, Action], Awaitable[Answer]]
    who: Who = Who.EVERYBODY
    is_slow: bool = False
    about: Callable[[Talk, Action], Awaitable[Talk]] = here
    typed: Callable[[Talk, Action, str], Awaitable[Answer]] | None = None
    is_for_one: bool = False


def _setting(
    run: Callable[[Talk, Action], Awaitable[Answer]],
    place: int,
    typed: Callable[[Talk, Action, str], Awaitable[Answer]] | None = None,
    *,
    is_slow: bool = False,
) -> Press:
    """For admins of the address whose number is the argument at `place`."""
    return Press(run=run, who=Who.ADMINS, is_slow=is_slow, about=target_at(place), typed=typed)


PRESSES: Mapping[str, Press] = {
    "dp": Press(run=opening.paper),
    "db": Press(run=opening.back),
    "dv": Press(run=opening.vote),
    "ds": Press(run=opening.save),
    "dx": Press(run=opening.summary, who=Who.ASKING, is_slow=True, is_for_one=True),
    "da": Press(run=opening.abstract, is_for_one=True),
    "dm": Press(run=opening.more, is_for_one=True),
    "kx": Press(run=opening.key_summary, who=Who.ASKING, is_slow=True, is_for_one=True),
    "kv": Press(run=opening.key_vote),
    "ks": Press(run=opening.key_save),
    "sl": Press(run=saved.page),
    "sr": Press(run=searching.turn),
    "st": _setting(settings.open_, 0),
    "se": _setting(settings.show, 1),
    "sv": _setting(settings.set_, 2),
    "sk": _setting(settings.ask, 1),
    "sq": _setting(settings.cancel, 1, settings.typed),
    "su": _setting(settings.unsubscribe, 0),
    "sx": _setting(settings.close, 0),
    "ob": _setting(onboarding.begin, 0),
    "of": _setting(onboarding.field, 1),
    "oe": _setting(onboarding.other_field, 0),
    "ow": _setting(onboarding.begin, 0, onboarding.other_field_typed),
    "oq": _setting(onboarding.skip, 1, onboarding.words_typed),
    "oo": _setting(onboarding.other_time, 1),
    "or": _setting(onboarding.when, 1, onboarding.time_typed),
    "ot": _setting(onboarding.at, 3, is_slow=True),
    "ol": Press(run=onboarding.link, who=Who.ADMINS, is_slow=True),
    "od": _setting(onboarding.digest_now, 0, is_slow=True),
    "sa": Press(run=status.again, who=Who.ADMINS),
    "ul": Press(run=files.read, who=Who.ASKING, is_slow=True),
    "ui": Press(run=files.add, who=Who.ADMINS),
    "ua": Press(run=files.add_all, who=Who.ADMINS),
}


def is_slow(action: Action | None) -> bool:
    """Whether what a button leads to may wait for a source, a page or a model."""
    return action is not None and action.name in PRESSES and PRESSES[action.name].is_slow
