"""When a digest is due, and which days it stands for. A slot is a local date of the reader: it comes at most once.

    rescheduled -> next_due_at -> due_slot -> the digest is made -> next_due

Everything is pure: `now` is passed in. An hour that the clocks skip moves to the next that exists on that day (02:30 to
03:00); if none is left on it (Nuuk goes from 22:59 on Saturday to 00:00 on Sunday), to the last minute before. An hour
that comes twice counts once, the first time.
"""

from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.digests import Slot, SlotKind
from bot.domain.subscriptions import Schedule

_DAY = timedelta(days=1)
_AHEAD = 16  # days within which a wanted weekday comes, even if it falls once on a day that a zone leaves out


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSlot:
    """What is due. `slot.on` is the last day it stands for, `covers_from` the first; `slots` counts the wanted days, >= 1.

    A catch-up's `slot.number` is 0: whoever stores it numbers it.
    """

    slot: Slot
    covers_from: date
    slots: int


def local_date(schedule: Schedule, now: datetime) -> date:
    """The day it is for the subscriber at `now`."""
    return now.astimezone(ZoneInfo(schedule.zone)).date()


def next_due(schedule: Schedule, now: datetime, last_slot_on: date | None = None) -> datetime | None:
    """The first instant (UTC) after `now` at which a digest is due; None while paused without an end.

    `last_slot_on` is the newest local date that a digest stands for: that day is over, whatever hour is chosen now.
    """
    if (schedule.is_paused and schedule.paused_until is None) or not schedule.weekdays:
        return None
    day = local_date(schedule, now)
    if last_slot_on is not None:
        day = max(day, last_slot_on + _DAY)
    if schedule.is_paused and schedule.paused_until is not None:
        day = max(day, schedule.paused_until)
    if day.year >= MAXYEAR:  # paused until the end of all calendars
        return None
    for one in (day + timedelta(days=offset) for offset in range(_AHEAD)):
        due = _slot_at(schedule, one) if one.weekday() in schedule.weekdays else None
        if due is not None and due > now:
            return due
    return None


def due_slot(
    schedule: Schedule, next_due_at: datetime | None, now: datetime, *, last_slot_on: date | None = None
) -> DueSlot | None:
    """What is due at `now`: a daily digest for today's slot alone, or one catch-up for all slots from `next_due_at` on.

    The day of `next_due_at` counts, wanted or not: it was when the bot or the schedule stopped. No slot is dated on or
    before `last_slot_on`, the newest date that a digest stands for. None before `next_due_at`, while paused, and when
    nothing remains after `last_slot_on`: then `next_due_at` is out of date, and the caller sets `next_due` in its place.
    """
    today = local_date(schedule, now)
    if next_due_at is None or next_due_at > now or _is_off(schedule, today):
        return None
    first = local_date(schedule, next_due_at)
    if last_slot_on is not None and first <= last_slot_on:
        later = next_due(schedule, next_due_at, last_slot_on)
        if later is None or later > now:
            return None
        first = local_date(schedule, later)
    last = _last_slot_on(schedule, first, now)
    kind = SlotKind.DAILY if first == today else SlotKind.CATCHUP
    return DueSlot(slot=Slot(on=last, kind=kind), covers_from=first, slots=1 + _wanted_between(schedule, first, last))


def rescheduled(
    new: Schedule, *, old: Schedule, due_at: datetime | None, now: datetime, last_slot_on: date | None
) -> datetime | None:
    """When the next digest is due after `old` became `new` at `now`: no date gets two, no date is jumped over.

    `due_at` was right under `old`. The date it stands for is kept, not the instant: if its new hour is still to come, it
    comes then; if it is over, the digest is due at once (`now`, or as overdue as it was). A date that was to come is
    dropped only if its weekday is no longer wanted. A pause drops what is due, and its end makes nothing due at once:
    the first digest behind it holds all that is new anyway.
    """
    following = next_due(new, now, last_slot_on)
    today = local_date(new, now)
    if following is None or due_at is None or _is_off(old, local_date(old, now)) or _is_off(new, today):
        return following
    on = local_date(old, due_at)
    if on > today or local_date(new, following) <= on:
        return following
    is_owed = on.weekday() in new.weekdays or (due_at <= now and on < today)
    return _kept(new, on, due_at=due_at, now=now) if is_owed else following


def _kept(new: Schedule, on: date, *, due_at: datetime, now: datetime) -> datetime:
    """An instant up to `now` that is on the date `on` in the zone of `new`, if there is one."""
    instant = min(due_at, now)
    return instant if local_date(new, instant) == on else (_slot_at(new, on) or instant)


def _is_off(schedule: Schedule, day: date) -> bool:
    return schedule.is_paused and (schedule.paused_until is None or day < schedule.paused_until)


def _last_slot_on(schedule: Schedule, first: date, now: datetime) -> date:
    """The newest date whose slot has come by `now`; at least `first`."""
    day = local_date(schedule, now)
    for _ in range(_AHEAD):
        if day <= first:
            return first
        due = _slot_at(schedule, day) if day.weekday() in schedule.weekdays else None
        if due is not None and due <= now:
            return day
        day -= _DAY
    return first


def _wanted_between(schedule: Schedule, first: date, last: date) -> int:
    """How many wanted days lie after `first` up to `last`; counted in weeks, for a bot that was off for years."""
    weeks, rest = divmod((last - first).days, 7)
    return weeks * len(schedule.weekdays) + sum((last.weekday() - n) % 7 in schedule.weekdays for n in range(rest))


def _slot_at(schedule: Schedule, day: date) -> datetime | None:
    """When a digest of `day` is due (UTC), wanted or not; None if the zone has no such day (Samoa, 30 December 2011)."""
    zone = ZoneInfo(schedule.zone)
    due = _instant(day, schedule.at, zone)
    if due.astimezone(zone).date() == day:
        return due
    before = due - timedelta(minutes=1)
    return before if before.astimezone(zone).date() == day else None


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the clocks of `zone` first show `at` or later on `day`, in UTC.

    Of a skipped time fold 0 gives an instant behind the change of the clocks and fold 1 one before it (PEP 495); the
    change itself lies between the two.
    """
    local = datetime.combine(day, at.replace(fold=0, tzinfo=None), tzinfo=zone)
    due = local.astimezone(UTC)
    if due.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return due
    before, behind = local.replace(fold=1).astimezone(UTC), due
    offset = behind.astimezone(zone).utcoffset()
    while behind - before > timedelta(seconds=1):
        middle = (before + (behind - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            behind = middle
        else:
            before = middle
    return behind
