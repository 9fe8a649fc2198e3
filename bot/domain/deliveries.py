"""Delivery parts: their states, what a platform may say to one, and what becomes of it then. Pure: who asks passes `now`.

due -> sending -> sent | retry (not before ...) | unknown | suspended | expired | dead
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.subscriptions import Address

AGAIN_S, AGAIN_MOST_S = 5.0, 900.0  # nobody answered: soon, then rarer, until the deadline
REFUSED_S, REFUSED_MOST_S = 60.0, 7200.0  # an error that no table knows: seldom, and never the reader's fault
PROBE_S, PROBE_MOST_S = 3600.0, 86400.0  # a suspended destination is looked at after an hour, then rarer, up to a day
WAIT_MOST_S = 86400.0  # whatever a platform asks for: after a day it is asked again
MOST_CRASHES = 10  # a part in whose hands the process died so often is not tried again


class PartState(StrEnum):
    """Where a part stands; every one ends as sent, unknown, expired or dead."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    UNKNOWN = "unknown"  # sent, perhaps: the answer was lost
    SUSPENDED = "suspended"  # held back with its destination
    EXPIRED = "expired"  # not sent until its deadline
    DEAD = "dead"


OPEN = frozenset({PartState.DUE, PartState.SENDING, PartState.RETRY, PartState.SUSPENDED})
SHOWN = frozenset({PartState.SENT, PartState.UNKNOWN})
FREEING = frozenset({PartState.EXPIRED, PartState.DEAD})  # their papers come in the next digest


class Cause(StrEnum):
    """Why a part is not sent, or a destination is suspended; each has its sentence in `words` (`cause.blocked`)."""

    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    KICKED = "kicked"
    CHAT_GONE = "chat_gone"
    TOPIC_CLOSED = "topic_closed"
    TOPIC_GONE = "topic_gone"
    CHANNEL_GONE = "channel_gone"
    SERVER_GONE = "server_gone"
    NO_PERMISSION = "no_permission"
    NO_DIRECT_MESSAGES = "no_direct_messages"
    MOVED = "moved"
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    PLATFORM_DOWN = "platform_down"
    NO_ANSWER = "no_answer"
    MARKUP_REFUSED = "markup_refused"
    TOO_LONG = "too_long"
    REFUSED = "refused"
    TOKEN_REFUSED = "token_refused"  # noqa: S105  (a reason, no secret)
    CRASHED = "crashed"
    TOO_LATE = "too_late"  # nothing went wrong: its turn did not come before the deadline


OF_THREAD = frozenset({Cause.TOPIC_CLOSED, Cause.TOPIC_GONE})  # these concern one topic, all others the whole chat


class OutcomeKind(StrEnum):
    """What a platform's answer means for what was sent."""

    SENT = "sent"
    WAIT = "wait"  # asked to wait `after_s`
    AGAIN = "again"  # surely not sent; nobody answered, or a server failed
    REFUSED = "refused"  # surely not sent, for a reason that no table knows
    UNSURE = "unsure"  # the request was written and its answer lost
    SUSPEND = "suspend"  # the destination takes nothing for now
    MOVED = "moved"  # the chat has a new id, `moved_to`
    PLAIN = "plain"  # its markup or length is refused: our fault, to be sent once more as plain text
    STOP = "stop"  # the token is refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one send or probe. `detail` is the platform's text, without tokens or people's words."""

    kind: OutcomeKind
    cause: Cause | None = None
    after_s: float = 0.0
    moved_to: str = ""
    platform_id: str = ""
    thread: str = ""  # the topic in which the platform says that it put the part
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message as its platform takes it: `payload` is JSON text, `number` counts from 1.

    `items` are the numbers of the papers that begin in it.
    """

    number: int
    payload: str
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is known of a digest's parts before this one, and of this one's earlier tries.

    `head` is the platform's id of the first part, `thread` where the last one before this was put; "" if nothing is known.
    `is_repeat`: it was tried before, and may have been shown. `is_unsure`: a try of it was sent, and its answer lost.
    """

    head: str = ""
    thread: str = ""
    is_repeat: bool = False
    is_unsure: bool = False


FRESH = Past()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A part that this process has taken to send. `attempts` counts this one; `key` is the part's own, for ever.

    `is_answer`: somebody waits for it. `unsure_since`: when it was first sent without an answer, since when it may have
    been shown.
    """

    id: int
    address: Address
    number: int
    payload: str
    key: str
    is_plain: bool
    attempts: int
    claimed_at: datetime
    is_answer: bool = False
    unsure_since: datetime | None = None
    past: Past = FRESH


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The state that an outcome leads to; `not_before` for retries only."""

    state: PartState
    cause: Cause | None = None
    not_before: datetime | None = None
    is_plain: bool = False


def part_key(part_id: int, queued_at: datetime) -> str:
    """Names a part for ever and over all databases: 21 letters at most, since Discord takes nonces of up to 25."""
    return f"{part_id:x}-{int(queued_at.timestamp() * 1000):x}"[:25]


def verdict(outcome: Outcome, part: Claimed, *, resend_for: timedelta, now: datetime) -> Verdict:
    """What becomes of `part`. `resend_for`: how long the platform knows a part again by its key (zero: it never does)."""
    kind, cause = outcome.kind, outcome.cause
    match kind:
        case OutcomeKind.SENT:
            return Verdict(state=PartState.SENT, is_plain=part.is_plain)
        case OutcomeKind.SUSPEND:
            return Verdict(state=PartState.SUSPENDED, cause=cause, is_plain=part.is_plain)
        case OutcomeKind.UNSURE:
            is_known_again = now - (part.unsure_since or part.claimed_at) < resend_for
            state = PartState.RETRY if is_known_again else PartState.UNKNOWN
            again_at = now + timedelta(seconds=AGAIN_S) if is_known_again else None
            return Verdict(state=state, cause=cause, not_before=again_at, is_plain=part.is_plain)
        case OutcomeKind.PLAIN if part.is_plain:
            return Verdict(state=PartState.DEAD, cause=cause, is_plain=True)
    is_plain = part.is_plain or kind is OutcomeKind.PLAIN
    return Verdict(state=PartState.RETRY, cause=cause, not_before=now + _wait(outcome, part.attempts), is_plain=is_plain)


def _wait(outcome: Outcome, attempts: int) -> timedelta:
    match outcome.kind:
        case OutcomeKind.WAIT:
            return timedelta(seconds=max(outcome.after_s, 1.0))
        case OutcomeKind.AGAIN | OutcomeKind.STOP:
            return timedelta(seconds=doubled(AGAIN_S, attempts, AGAIN_MOST_S))
        case OutcomeKind.REFUSED:
            return timedelta(seconds=doubled(REFUSED_S, attempts, REFUSED_MOST_S))
        case OutcomeKind.MOVED if attempts > 1:  # at once, but not round and round
            return timedelta(seconds=doubled(AGAIN_S, attempts - 1, AGAIN_MOST_S))
    return timedelta()  # moved, or once more in plain text


def doubled(first_s: float, times: int, most_s: float) -> float:
    """`first_s` at the first time, twice as long at each one after it, never longer than `most_s`."""
    return min(first_s * 2.0 ** min(max(times - 1, 0), 30), most_s)


def crashed(crashes: int, *, now: datetime) -> Verdict:
    """What becomes of a part whose process died while it was being sent, for the `crashes`-th time."""
    if crashes >= MOST_CRASHES:
        return Verdict(state=PartState.DEAD, cause=Cause.CRASHED)
    again_s = 0.0 if crashes <= 1 else doubled(1.0, crashes - 1, 60.0)
    return Verdict(state=PartState.RETRY, cause=Cause.CRASHED, not_before=now + timedelta(seconds=again_s))


def probe_at(probes: int, now: datetime) -> datetime:
    """When a suspended destination is looked at next, after `probes` looks that found it closed."""
    return now + timedelta(seconds=doubled(PROBE_S, probes + 1, PROBE_MOST_S))
