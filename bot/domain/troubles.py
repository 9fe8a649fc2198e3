"""What the owner of a bot must hear of: what has failed for long, and how often it may be said. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HOUR = timedelta(hours=1)


class TroubleKind(StrEnum):
    """What is in trouble; each has its sentence in `words` (`alert.source`), and one for when it is over (`over.source`)."""

    SOURCE = "source"
    MODEL = "model"
    MONEY = "money"
    PLATFORM = "platform"
    TOKEN = "token"  # noqa: S105  (a kind, no secret)
    MARKUP = "markup"  # what a platform refused, by a fault of ours
    CRASHED = "crashed"  # what was given up, by a fault of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One of them. `subject` is the name of a source or a platform, `why` a member of Why or Lack, as text.

    `count` is how often it failed; `next_at` when it is tried again. Money in millionths.
    """

    kind: TroubleKind
    since: datetime
    subject: str = ""
    why: str = ""
    count: int = 0
    next_at: datetime | None = None
    spent: int = 0
    limit: int = 0

    @property
    def cause(self) -> str:
        """What it is said once an hour for; a platform that refuses our token is one that does not work."""
        kind = TroubleKind.PLATFORM if self.kind is TroubleKind.TOKEN else self.kind
        return f"{kind}:{self.subject}" if self.subject else str(kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How one thing stands: in trouble worth telling, or known to have worked at `worked_at`, or neither (nobody knows)."""

    cause: str
    trouble: Trouble | None = None
    worked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an owner was told of one cause, and at `over_at` that it has passed.

    `is_waiting`: it has not left yet; `is_lost`: it never will.
    """

    since: datetime
    at: datetime
    over_at: datetime | None = None
    is_waiting: bool = False
    is_lost: bool = False


def is_to_be_told(trouble: Trouble, told: Told | None, now: datetime) -> bool:
    """Whether to say it now: not while what was said of it waits to leave, and at most once an hour.

    Money that is gone stays gone for its day, which began at `since`: that is said once.
    """
    if told is None:
        return True
    is_old = trouble.kind is TroubleKind.MONEY and told.at >= trouble.since
    return not is_old and not told.is_waiting and told.at <= now - HOUR


def is_over(state: State, told: Told | None) -> bool:
    """Whether to say that it has passed: it was told, works since, and nobody heard that yet."""
    if told is None or state.trouble is not None or state.worked_at is None:
        return False
    return told.over_at is None and not told.is_lost and state.worked_at > told.at
