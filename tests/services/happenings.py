"""What may happen to readers, to the bot and to what is around it; and a year of it, from due time to due time."""

import random
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.deliveries import Cause, Outcome, OutcomeKind
from bot.domain.subscriptions import Schedule
from tests.domain.almanac import DAY, MINUTE, day_of, utc
from tests.services.followed import Follower
from tests.services.virtual_life import Life

ZONES = (
    *("Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Pacific/Kiritimati", "America/New_York"),
    *("Europe/Berlin", "America/Nuuk", "Pacific/Chatham", "Africa/Casablanca", "Asia/Shanghai", "UTC"),
)
HOURS = (time(0), time(0, 30), time(1, 30), time(2, 30), time(9), time(20), time(23, 30))
TOPICS = (("agents",), ("graphs",), ("agents", "graphs"))
OUTCOMES = (
    Outcome(kind=OutcomeKind.WAIT, cause=Cause.THROTTLED, after_s=90),
    Outcome(kind=OutcomeKind.WAIT, cause=Cause.THROTTLED, after_s=13 * 3600),
    Outcome(kind=OutcomeKind.AGAIN, cause=Cause.PLATFORM_DOWN),
    Outcome(kind=OutcomeKind.REFUSED, cause=Cause.REFUSED),
    Outcome(kind=OutcomeKind.UNSURE, cause=Cause.NO_ANSWER, detail="shown"),
    Outcome(kind=OutcomeKind.UNSURE, cause=Cause.NO_ANSWER),
    Outcome(kind=OutcomeKind.SUSPEND, cause=Cause.KICKED),
    Outcome(kind=OutcomeKind.PLAIN, cause=Cause.MARKUP_REFUSED),
    Outcome(kind=OutcomeKind.STOP, cause=Cause.TOKEN_REFUSED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing of a schedule in another way; `near` is an hour just before or behind now."""

    kind: str
    other: Schedule
    near: timedelta
    days: int | None

    def of(self, known: Schedule, life: Life) -> Schedule:
        now = life.clock.now
        match self.kind:
            case "hour":
                return replace(known, at=self.other.at)
            case "near":
                local = (now + self.near).astimezone(ZoneInfo(known.zone))
                return replace(known, at=time(local.hour, local.minute))
            case "zone":
                return replace(known, zone=self.other.zone)
            case "days":
                return replace(known, weekdays=self.other.weekdays)
            case "pause":
                until = None if self.days is None else day_of(known, now) + self.days * DAY
                return replace(known, is_paused=True, paused_until=until)
        return replace(known, is_paused=False, paused_until=None)


# Clocks change on Sundays, but for the night to one in Nuuk; 29 February 2028 is a Tuesday.
A_YEAR = tuple(
    Schedule(zone=zone, at=at, weekdays=days)
    for zone, at, days in zip(
        ZONES,
        (*HOURS, *(time(2), time(3, 30), time(1), time(12), time(23, 59))),
        (*([frozenset({6})] * 9), *([frozenset({1})] * 3)),
        strict=True,
    )
)


OFF = (utc("2027-10-29T12:00"), utc("2028-02-27T12:00"))  # the bot, for three days
PAUSES = ((utc("2027-04-12T12:00"), date(2027, 9, 22)), (utc("2027-11-10T12:00"), date(2028, 2, 22)))  # of all but one


async def a_year(life: Life) -> None:
    """From due time to due time; at each fourth something happens to the bot, or to a reader."""
    dice, end, number = random.Random(2028), utc("2028-03-21T00:00"), 0
    followers = [await life.subscribe(TOPICS[number % 3], one) for number, one in enumerate(A_YEAR)]
    offs, pauses = list(OFF), list(PAUSES)
    while life.clock.now < end:
        number += 1
        if offs and life.clock.now >= offs[0]:
            life.clock.now = offs.pop(0) + 3 * DAY
        else:
            dues = [one.reader.due_at for one in followers if one.reader.due_at is not None]
            life.clock.now = min((due_at for due_at in dues if due_at > life.clock.now), default=life.clock.now + DAY)
        if pauses and life.clock.now >= pauses[0][0]:
            _, until = pauses.pop(0)
            for follower in followers[1:]:
                await life.change(follower, lambda known, until=until: replace(known, is_paused=True, paused_until=until))  # type: ignore[misc]
        if number % 2 == 0:
            life.lists.publishes(dice.choice(("agents", "graphs", "fields")))
        if number % 4 == 0:
            await something_happens(life, followers, dice)
        await life.tick(2 if number % 8 == 0 else 1)


async def something_happens(life: Life, followers: list[Follower], dice: random.Random) -> None:
    now = life.clock.now
    follower = dice.choice(
        [one for one in followers if one.reader.due_at is not None and one.reader.due_at <= now] or followers[:1]
    )
    life.lists.is_down = life.post.is_down = False
    change = Change(
        kind=dice.choice(("hour", "near", "near", "zone", "days")),
        other=dice.choice(A_YEAR),
        near=dice.choice((-1, 0, 1, 2)) * MINUTE,
        days=None,
    )

    async def changes() -> None:
        await life.change(follower, lambda known: change.of(known, life))

    match dice.choice(("asking", "ranking", "before", "behind", "breaks", "answer", "down", "blocked")):
        case "before":
            await changes()
        case "behind":
            await life.tick()
            await changes()
        case "breaks":
            life.lists.publishes("agents")
            life.lists.publishes("graphs")
            await life.breaks_off(times=2, hours=dice.choice((0, 13)))
        case "answer":
            life.post.answers.append(dice.choice(OUTCOMES[:-1]))
        case "down":
            life.lists.is_down, life.post.is_down = dice.choice(((False, False), (True, False), (False, True)))
        case "blocked":
            life.post.closed ^= {life.address(follower).chat}
        case where:
            life.meanwhile(follower, where, changes)
