"""What a button of the settings menu sets: its field and value -> one change, and the screen that shows it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.domain.category_groups import GROUPS, whole
from bot.domain.subscriptions import EVERY_DAY, WORK_DAYS, Form, Interest, Schedule, Subscription
from bot.errors import BadInput
from bot.words.languages import code_named
from handlers import parsing, parsing_numbers
from handlers.talk import Expired, Talk
from handlers.texts.menu_lists import KINDS, decoded, mark, page_of

Set = Callable[[Talk, str], Awaitable[tuple[Subscription, str]]]


async def _source(talk: Talk, value: str) -> tuple[Subscription, str]:
    named = parsing.sources(value[1:], talk.sources)

    def change(known: Interest) -> Interest:
        chosen = known.sources | named if value[0] == "+" else known.sources - named
        if not chosen:
            raise BadInput("a digest needs one source", "screen.last_source")
        return replace(known, sources=chosen)

    return await talk.services.subscribing.set_interest(talk.address, change), "s"


async def _category(talk: Talk, value: str) -> tuple[Subscription, str]:
    """`+cs/CL` and `-cs/CL`, `+/cs` and `-/cs` for a group as a whole, `0` for no category."""
    sign, name = value[:1], value[1:]
    if value == "0":
        named, shows = frozenset[str](), "c"
    elif name[:1] == "/" and name[1:] in GROUPS:
        named, shows = whole(name[1:]), f"g_{name[1:]}_1"
    else:
        named = parsing.categories(decoded(name))
        shows = page_of(decoded(name))

    def change(known: Interest) -> Interest:
        if value == "0":
            return replace(known, categories=frozenset())
        return replace(known, categories=known.categories | named if sign == "+" else known.categories - named)

    return await talk.services.subscribing.set_interest(talk.address, change), shows


async def _word(talk: Talk, value: str) -> tuple[Subscription, str]:
    """`kHASH_PAGE`: take one word from its list."""
    marked, _, page = value.partition("_")
    field = KINDS.get(marked[:1])
    if field is None:
        raise Expired("button of a word")

    def change(known: Interest) -> Interest:
        left = tuple(word for word in getattr(known, field) if mark(word) != marked[1:])
        return replace(known, keywords=left) if field == "keywords" else _without(known, field, left)

    return await talk.services.subscribing.set_interest(talk.address, change), f"w_{page}"


def _without(known: Interest, field: str, left: tuple[str, ...]) -> Interest:
    return replace(known, excluded=left) if field == "excluded" else replace(known, excluded_anywhere=left)


async def _author(talk: Talk, value: str) -> tuple[Subscription, str]:
    marked, _, page = value.partition("_")
    changed = await talk.services.subscribing.set_interest(
        talk.address, lambda known: replace(known, authors=tuple(name for name in known.authors if mark(name) != marked))
    )
    return changed, f"a_{page}"


async def _limit(talk: Talk, value: str) -> tuple[Subscription, str]:
    return await talk.services.subscribing.set_limit(talk.address, parsing_numbers.limit(value)), "n"


async def _threshold(talk: Talk, value: str) -> tuple[Subscription, str]:
    wanted = parsing_numbers.threshold(value)
    return await talk.services.subscribing.set_interest(talk.address, lambda known: replace(known, threshold=wanted)), "h"


async def _votes(talk: Talk, value: str) -> tuple[Subscription, str]:
    wanted = parsing_numbers.votes(value)
    return await talk.services.subscribing.set_interest(talk.address, lambda known: replace(known, min_votes=wanted)), "v"


async def _replacements(talk: Talk, value: str) -> tuple[Subscription, str]:
    wanted = value == "1"
    change = talk.services.subscribing.set_interest(talk.address, lambda known: replace(known, wants_replacements=wanted))
    return await change, ""


async def _style(talk: Talk, value: str) -> tuple[Subscription, str]:
    if value not in (each.name for each in talk.services.styles):
        raise Expired("button of a style")
    return await talk.services.subscribing.set_form(talk.address, style=value), "y"


async def _layout(talk: Talk, value: str) -> tuple[Subscription, str]:
    if value not in tuple(Form):
        raise Expired("button of a layout")
    return await talk.services.subscribing.set_form(talk.address, form=Form(value)), "l"


async def _language(talk: Talk, value: str) -> tuple[Subscription, str]:
    code = code_named(value)
    if code is None:
        raise Expired("button of a language")
    return await talk.services.subscribing.set_form(talk.address, language=code), "i"


async def _time(talk: Talk, value: str) -> tuple[Subscription, str]:
    if len(value) != len("0830"):
        raise Expired("button of an hour")
    at = parsing.clock_time(f"{value[:2]}:{value[2:]}")
    return await talk.services.subscribing.set_schedule(talk.address, lambda known: replace(known, at=at)), "t"


async def _zone(talk: Talk, value: str) -> tuple[Subscription, str]:
    zone = parsing.zone(value)
    return await talk.services.subscribing.set_schedule(talk.address, lambda known: replace(known, zone=zone)), "z"


async def _days(talk: Talk, value: str) -> tuple[Subscription, str]:
    """`+0` and `-0` for Monday, `all`, `work`."""
    sign, day = value[:1], value[1:]
    if value not in ("all", "work") and (sign not in ("+", "-") or day not in tuple("0123456")):
        raise Expired("button of a day")

    def change(known: Schedule) -> Schedule:
        if value in ("all", "work"):
            return replace(known, weekdays=EVERY_DAY if value == "all" else WORK_DAYS)
        one = frozenset({int(day)})
        days = known.weekdays | one if sign == "+" else known.weekdays - one
        if not days:
            raise BadInput("a digest needs one day", "screen.last_day")
        return replace(known, weekdays=days)

    return await talk.services.subscribing.set_schedule(talk.address, change), "d"


async def _pause(talk: Talk, value: str) -> tuple[Subscription, str]:
    """`1` without an end, `0` to go on, or the day to go on."""
    if value == "0":
        return await talk.services.subscribing.resume(talk.address), ""
    until = None if value == "1" else parsing.day(value)
    return await talk.services.subscribing.pause(talk.address, until), "p"


async def _sound(talk: Talk, value: str) -> tuple[Subscription, str]:
    return await talk.services.subscribing.set_form(talk.address, is_muted=value == "0"), ""


async def _empty_days(talk: Talk, value: str) -> tuple[Subscription, str]:
    return await talk.services.subscribing.set_form(talk.address, note=value == "1"), ""


async def _members(talk: Talk, value: str) -> tuple[Subscription, str]:
    return await talk.services.subscribing.set_form(talk.address, members_may_ask=value == "1"), ""


async def _thread(talk: Talk, value: str) -> tuple[Subscription, str]:
    return await talk.services.subscribing.set_form(talk.address, has_thread=value == "1"), ""


VALUES: Mapping[str, Set] = {
    "s": _source,
    "c": _category,
    "w": _word,
    "a": _author,
    "n": _limit,
    "h": _threshold,
    "v": _votes,
    "r": _replacements,
    "y": _style,
    "l": _layout,
    "i": _language,
    "t": _time,
    "z": _zone,
    "d": _days,
    "p": _pause,
    "q": _sound,
    "e": _empty_days,
    "b": _members,
    "f": _thread,
}
"""By the name that stands in buttons; what a button cannot hold by itself is `Expired`, or a refusal of the parser."""
