"""The screens of the settings menu on which one value of a few is chosen."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain.layout import source_name
from bot.domain.messages import Button, Message
from bot.domain.schedules import local_date
from bot.domain.subscriptions import EVERY_DAY, WORK_DAYS, Form
from bot.domain.zones import REGIONS, city, region_of
from bot.words.formats import day as in_words
from handlers.texts import subscriptions
from handlers.texts.menu_lists import authors, group, topics, words
from handlers.texts.menus import TICK, Menu, in_rows, main, own_name

LIMITS = (5, 10, 20, 30, 50)
THRESHOLDS = (0, 2, 4, 6, 8)
VOTES = (0, 5, 10, 20, 50)
HOURS = range(6, 23)
PAUSES = (7, 14, 30)  # days


def screen(menu: Menu, name: str) -> Message:
    """The screen of this name, which may have a page or a part behind an underscore; the main one where there is none."""
    first, _, part = name.partition("_")
    found = SCREENS.get(first)
    return main(menu) if found is None else found(menu, part)


def _sources(menu: Menu, _part: str) -> Message:
    chosen = menu.known.interest.sources
    rows = [
        (menu.sets(source_name(name, menu.words), "s", f"-{name}" if name in chosen else f"+{name}", is_on=name in chosen),)
        for name in menu.sources
    ]
    return menu.screen((menu.words("screen.sources"),), *rows, takes_many=True)


def _limit(menu: Menu, _part: str) -> Message:
    buttons = tuple(menu.sets(str(each), "n", str(each), is_on=each == menu.known.limit) for each in LIMITS)
    return menu.screen((menu.words("screen.limit", n=menu.known.limit),), buttons, (menu.asks("n"),))


def _threshold(menu: Menu, _part: str) -> Message:
    now = menu.known.interest.threshold
    buttons = tuple(menu.sets(str(each), "h", str(each), is_on=each == now) for each in THRESHOLDS)
    return menu.screen((menu.words("screen.threshold", n=f"{now:g}"),), buttons, (menu.asks("h"),))


def _votes(menu: Menu, _part: str) -> Message:
    now = menu.known.interest.min_votes
    buttons = tuple(menu.sets(str(each), "v", str(each), is_on=each == now) for each in VOTES)
    return menu.screen((menu.words("screen.votes", n=now),), buttons, (menu.asks("v"),))


def _style(menu: Menu, _part: str) -> Message:
    buttons = tuple(menu.sets(each.name, "y", each.name, is_on=each.name == menu.known.style) for each in menu.styles)
    told = subscriptions.styles(menu.styles, menu.known.style, menu.words)
    return menu.message(*told.blocks, rows=(*in_rows(buttons, 3), (menu.to(menu.words("button.back"), "m"),)))


def _layout(menu: Menu, _part: str) -> Message:
    buttons = tuple(menu.sets(menu.words(f"layout.{each}"), "l", each, is_on=each is menu.known.form) for each in Form)
    return menu.screen((menu.words(f"form.{menu.known.form}") + ".",), buttons)


def _language(menu: Menu, _part: str) -> Message:
    now = menu.known.language
    buttons = tuple(menu.sets(own_name(each), "i", each, is_on=each == now) for each in menu.languages)
    return menu.screen((menu.words("screen.language", name=own_name(now)),), buttons, (menu.asks("i"),))


def _time(menu: Menu, _part: str) -> Message:
    at = menu.known.schedule.at
    buttons = tuple(menu.sets(f"{hour:02}:00", "t", f"{hour:02}00", is_on=(at.hour, at.minute) == (hour, 0)) for hour in HOURS)
    return menu.screen((subscriptions.next_send(menu.known, menu.words),), *in_rows((*buttons, menu.asks("t"))))


def _zone(menu: Menu, part: str) -> Message:
    now = menu.known.schedule.zone
    said = (menu.words("screen.zone", zone=now), subscriptions.next_send(menu.known, menu.words))
    if part not in REGIONS:
        regions = tuple(menu.to(TICK * (each == region_of(now)) + menu.words(f"region.{each}"), f"z_{each}") for each in REGIONS)
        return menu.screen(said, *in_rows(regions, 2), (menu.asks("z"),))
    buttons = tuple(
        menu.sets(f"{city(each)} {menu.now.astimezone(ZoneInfo(each)):%H:%M}", "z", each, is_on=each == now)
        for each in REGIONS[part]
    )
    return menu.screen(said, *in_rows(buttons, 2), back="z")


def _days(menu: Menu, _part: str) -> Message:
    chosen, names = menu.known.schedule.weekdays, menu.words("days.names").split()
    each = tuple(menu.sets(names[day], "d", f"-{day}" if day in chosen else f"+{day}", is_on=day in chosen) for day in range(7))
    presets = (
        menu.sets_many(menu.words("days.every"), "d", "all", is_on=chosen == EVERY_DAY),
        menu.sets_many(menu.words("days.work"), "d", "work", is_on=chosen == WORK_DAYS),
    )
    said = (menu.words("screen.days"), subscriptions.next_send(menu.known, menu.words))
    return menu.screen(said, *in_rows(each, 4), presets, takes_many=True)


def _pause(menu: Menu, _part: str) -> Message:
    schedule = menu.known.schedule
    today = local_date(schedule, menu.now)
    rows: list[tuple[Button, ...]] = []
    if schedule.is_paused:
        rows.append((menu.sets(menu.words("button.resume"), "p", "0"),))
    is_endless = schedule.is_paused and schedule.paused_until is None
    rows.append((menu.sets(menu.words("button.pause_open"), "p", "1", is_on=is_endless),))
    for day in (today + timedelta(days=days) for days in PAUSES):
        is_on = schedule.is_paused and schedule.paused_until == day
        date = in_words(day, menu.words.catalogue, today=today)
        rows.append((menu.sets(menu.words("button.pause_until", date=date), "p", day.isoformat(), is_on=is_on),))
    return menu.screen((menu.words("screen.pause"), subscriptions.next_send(menu.known, menu.words)), *rows, (menu.asks("p"),))


SCREENS: Mapping[str, Callable[[Menu, str], Message]] = {
    "c": topics,
    "g": group,
    "w": words,
    "a": authors,
    "s": _sources,
    "n": _limit,
    "h": _threshold,
    "v": _votes,
    "y": _style,
    "l": _layout,
    "i": _language,
    "t": _time,
    "z": _zone,
    "d": _days,
    "p": _pause,
}
"""By the name that stands in buttons. Those that take a value have the name of their field."""
