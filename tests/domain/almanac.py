"""What must be true of a schedule, found the long way: by the clock on the wall, date by date. No code of the bot is asked."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.digests import SlotKind
from bot.domain.schedules import DueSlot, due_slot, next_due, rescheduled
from bot.domain.subscriptions import Schedule

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day_of(schedule: Schedule, now: datetime) -> date:
    return now.astimezone(ZoneInfo(schedule.zone)).date()


def is_off(schedule: Schedule, day: date) -> bool:
    return schedule.is_paused and (schedule.paused_until is None or day < schedule.paused_until)


def is_wanted(schedule: Schedule, day: date) -> bool:
    return day.weekday() in schedule.weekdays and not is_off(schedule, day)


def slot_at(schedule: Schedule, day: date) -> datetime | None:
    """The first minute of `day` whose clock shows the hour or later, else the day's last minute; None if there is no such day."""
    zone = ZoneInfo(schedule.zone)
    local = datetime.combine(day, schedule.at, tzinfo=zone)
    due = local.astimezone(UTC)
    if due.astimezone(zone).replace(tzinfo=None, fold=0) == local.replace(tzinfo=None):
        return due
    last = None
    begin = datetime.combine(day, time(), tzinfo=UTC) - timedelta(hours=15)
    for number in range(54 * 60):
        instant = begin + number * MINUTE
        shown = instant.astimezone(zone)
        if shown.date() == day:
            last = instant
            if shown.time() >= schedule.at:
                break
    return last


class Reader:
    """One subscription as the bot keeps it (`schedule`, `due_at`, `last`), and beside it the dates that are `owed`.

    A date is owed from the moment its slot comes until a digest stands for it. A pause forgives what is owed; so does a
    choice of days without that date, but for the first one: that the bot was late with it is known.
    """

    def __init__(self, schedule: Schedule, now: datetime) -> None:
        self.schedule = schedule
        self.now = now
        self.last: date | None = None
        self.due_at = next_due(schedule, now)
        self.owed: set[date] = set()
        self.made: list[tuple[datetime, DueSlot]] = []
        self._is_changed = False  # while something was owed
        self.check()

    def wait_until(self, then: datetime) -> None:
        """Time passes without a tick."""
        day = day_of(self.schedule, self.now) - DAY
        while day <= day_of(self.schedule, then):
            if self._can_come(self.schedule, day):
                at = slot_at(self.schedule, day)
                if at is not None and self.now < at <= then:
                    self.owed.add(day)
            day += DAY
        self.now = then

    def run_until(self, then: datetime) -> None:
        """Time passes with a tick on every minute."""
        while self.due_at is not None and self.due_at <= then:
            tick_at = max(self.now, self.due_at)
            tick_at += (tick_at.replace(second=0, microsecond=0) - tick_at) % MINUTE
            if tick_at > then:
                break
            self.wait_until(tick_at)
            self.tick()
        self.wait_until(then)

    def tick(self) -> None:
        if self.due_at is None or self.due_at > self.now:
            assert not self.owed
            return
        due = due_slot(self.schedule, self.due_at, self.now, last_slot_on=self.last)
        assert due is not None
        today = day_of(self.schedule, self.now)
        assert self.last is None or self.last < due.covers_from, "two digests for one date"
        assert due.covers_from <= min(self.owed) <= max(self.owed) <= due.slot.on <= today, "a date is in no digest"
        assert (due.slot.kind is SlotKind.DAILY) == (due.covers_from == due.slot.on == today)
        if not self._is_changed:
            assert (due.covers_from, due.slot.on) == (min(self.owed), max(self.owed))
            assert due.slots == len(self.owed)
        self.made.append((self.now, due))
        self.owed.clear()
        self._is_changed = False
        self.last = due.slot.on
        self.due_at = next_due(self.schedule, self.now, self.last)
        self.check()

    def change(self, new: Schedule) -> None:
        old, self.schedule = self.schedule, new
        self.due_at = rescheduled(new, old=old, due_at=self.due_at, now=self.now, last_slot_on=self.last)
        self.owed = self._still_owed(old, new)
        self._is_changed = bool(self.owed)
        self.check()

    def check(self) -> None:
        """What is owed is due, else the next wanted date is, exactly at its time; a change into the same changes nothing."""
        if self.owed:
            assert self.due_at is not None
            assert self.due_at <= self.now
        else:
            assert self.due_at == self._next_at()
        same = rescheduled(self.schedule, old=self.schedule, due_at=self.due_at, now=self.now, last_slot_on=self.last)
        assert same == self.due_at

    def _still_owed(self, old: Schedule, new: Schedule) -> set[date]:
        today = day_of(new, self.now)
        if is_off(old, day_of(old, self.now)) or is_off(new, today) or not new.weekdays:
            return set()
        owed = {day for day in self.owed if day.weekday() in new.weekdays or (day == min(self.owed) and day < today)}
        coming = self._next_date(old)
        if coming is not None and coming.weekday() in new.weekdays:
            owed.add(coming)  # and if its new hour is over, it must not be jumped over
        return {day for day in owed if (slot_at(new, day) or self.now) <= self.now and day <= today}

    def _can_come(self, schedule: Schedule, day: date) -> bool:
        return is_wanted(schedule, day) and (self.last is None or self.last < day)

    def _next_date(self, schedule: Schedule) -> date | None:
        if not schedule.weekdays or (schedule.is_paused and schedule.paused_until is None):
            return None
        day = day_of(schedule, self.now)
        if schedule.is_paused and schedule.paused_until is not None:
            day = max(day, schedule.paused_until)
        for _ in range(40):
            at = slot_at(schedule, day) if self._can_come(schedule, day) else None
            if at is not None and at > self.now:
                return day
            day += DAY
        raise AssertionError("no date is to come")

    def _next_at(self) -> datetime | None:
        day = self._next_date(self.schedule)
        return None if day is None else slot_at(self.schedule, day)
