"""The settings menu: everything can be changed, nothing leads nowhere, taps that come twice or late or forged do no harm."""

from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.app import App
from bot.domain.actions import base36, packed, unpacked
from bot.domain.categories import NAMES
from bot.domain.category_groups import GROUPS, group_of, whole
from bot.domain.messages import Buttons, Message
from bot.domain.subscriptions import WORK_DAYS, Address, Form, Interest, Schedule, Subscription
from bot.summarizers.styles import styles
from bot.words import languages, words
from handlers.talk import Place, nobody
from handlers.texts.menu_screens import screen
from handlers.texts.menus import Menu, main, question
from tests.handlers.places import CHANNEL, HERE, Chat, buttons, database, faults, sample_day, takes_text, text_of
from tests.handlers.talks import a_talk

SOURCES = ("arxiv", "huggingface")
WISH = Interest(
    keywords=("agents", "world model"), excluded=("survey",), excluded_anywhere=("medical",), authors=("Ada Example",)
)


@pytest.fixture
async def app(tmp_path: Path, empty_database: Path) -> AsyncIterator[App]:
    async with sample_day(database(tmp_path, empty_database)) as made:
        yield made


@pytest.fixture
async def chat(app: App) -> Chat:
    await app.subscribing.subscribe(HERE, WISH)
    return Chat(a_talk(app, HERE, place=Place.GROUP, sources=SOURCES))


async def known(app: App, address: Address = HERE) -> Subscription:
    return await app.subscribing.require(address)


CHANGED_BY: dict[str, tuple[str | tuple[str, str], object]] = {
    "sources": ("1sv:s.+huggingface", frozenset({"arxiv", "huggingface"})),
    "categories": ("1sv:c.+cond-mat/quant-gas", frozenset({"cond-mat.quant-gas"})),
    "keywords": (("1se:w", "✕ agents"), ("world model",)),
    "excluded": (("1se:w", "✕ -survey"), ()),
    "excluded_anywhere": (("1se:w", "✕ --medical"), ()),
    "authors": (("1se:a", "✕ Ada Example"), ()),
    "threshold": ("1sv:h.4", 4.0),
    "min_votes": ("1sv:v.20", 20),
    "wants_replacements": (("1se:m", "New versions: off"), True),
    "at": ("1sv:t.0700", time(7)),
    "zone": ("1sv:z.America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    "weekdays": ("1sv:d.-6", frozenset(range(6))),
    "is_paused": ("1sv:p.1", True),
    "paused_until": ("1sv:p.2026-02-01", date(2026, 2, 1)),
    "style": ("1sv:y.brief", "brief"),
    "language": ("1sv:i.vi", "vi"),
    "limit": ("1sv:n.30", 30),
    "form": ("1sv:l.titles", Form.TITLES),
    "wants_empty_note": (("1se:m", "Empty days: on"), False),
    "is_muted": (("1se:m", "Sound: on"), True),
    "members_may_ask": (("1se:m", "Members may ask: on"), False),
    "has_thread": ("1sv:f.0", False),
}
KEPT_BY_ITSELF = {"id", "address", "interest", "schedule", "next_due_at", "created_at"}
SETTINGS = [
    field.name for kind in (Subscription, Interest, Schedule) for field in fields(kind) if field.name not in KEPT_BY_ITSELF
]


def value_of(subscription: Subscription, name: str) -> object:
    holder = next(each for each in (subscription, subscription.interest, subscription.schedule) if hasattr(each, name))
    return getattr(holder, name)


@pytest.mark.parametrize("name", SETTINGS)
async def test_whatever_is_kept_can_be_changed_and_a_second_tap_changes_nothing_more(app: App, chat: Chat, name: str) -> None:
    way, wanted = CHANGED_BY[name]
    before = value_of(await known(app), name)
    if isinstance(way, tuple):
        await chat.press(way[0])
        way = next(button.action for button in buttons(chat.shown) if button.label == way[1])
    found = await chat.press(way)
    assert before != wanted
    assert value_of(await known(app), name) == wanted
    assert found.is_in_place
    assert faults(found.message or Message(blocks=())) == []
    once = await known(app)
    await chat.press(way)
    assert await known(app) == once


@pytest.mark.parametrize(
    ("field", "text", "name", "wanted"),
    [
        ("c", "cs.CL stat.ML", "categories", frozenset({"cs.CL", "stat.ML"})),
        ("w", "tools, -benchmark", "keywords", ("agents", "world model", "tools")),
        ("w", "-benchmark", "excluded", ("survey", "benchmark")),
        ("a", "Bo Sample", "authors", ("Ada Example", "Bo Sample")),
        ("n", "7", "limit", 7),
        ("h", "2,5", "threshold", 2.5),
        ("v", "12", "min_votes", 12),
        ("t", "weekdays 08:30 Tokyo", "at", time(8, 30)),
        ("t", "weekdays 08:30 Tokyo", "zone", "Asia/Tokyo"),
        ("t", "weekdays 08:30 Tokyo", "weekdays", frozenset(range(5))),
        ("z", "Berlin", "zone", "Europe/Berlin"),
        ("p", "2026-03-01", "paused_until", date(2026, 3, 1)),
        ("i", "French", "language", "fr"),
    ],
)
async def test_what_no_button_has_can_be_typed(app: App, chat: Chat, field: str, text: str, name: str, wanted: object) -> None:
    await chat.press(f"1sk:{field}")
    found = await chat.says(text)
    assert value_of(await known(app), name) == wanted
    assert not found.is_in_place
    assert any(button.action == "1se:m" for button in buttons(found.message))


async def test_what_cannot_be_understood_is_asked_for_again_with_the_reason(app: App, chat: Chat) -> None:
    await chat.press("1sk:t")
    again = await chat.says("25:00")
    assert "not a time of day" in text_of(again.message)
    await chat.says("07:15")
    assert (await known(app)).schedule.at == time(7, 15)


async def test_a_question_can_be_left(app: App, chat: Chat) -> None:
    before = await known(app)
    await chat.press("1sk:w")
    found = await chat.tap("Cancel")
    assert found.is_in_place
    assert "✕ agents" in [button.label for button in buttons(found.message)]
    assert await known(app) == before


@pytest.mark.parametrize("seed", range(4))
async def test_no_walk_through_the_buttons_meets_an_error(app: App, chat: Chat, seed: int) -> None:
    random = Random(seed)
    await chat.press("1st")
    for _ in range(300):
        assert chat.shown is not None
        assert faults(chat.shown) == []
        there = [button for button in buttons(chat.shown) if button.action[1:3] not in ("sx", "su", "od", "ot", "ol")]
        found = await chat.press(random.choice(there).action)
        sentence = text_of(found.message)
        assert not found.toast
        is_refused = sentence.startswith(("At least one source must stay", "At least one day must stay"))
        assert found.is_in_place or is_refused, sentence
        if is_refused:
            await chat.press("1se:m")


def a_menu(subscription: Subscription, target: str = "") -> Menu:
    return Menu(
        known=subscription,
        words=words(subscription.language),
        now=datetime(2026, 1, 8, 15, tzinfo=UTC),
        target=target,
        place="a place",
        sources=SOURCES,
        styles=styles(),
        languages=languages(),
        is_group=True,
    )


def whole_menu(subscription: Subscription, target: str) -> dict[str, Message]:
    """Every screen that can be reached, by the action that leads to it."""
    menu = a_menu(subscription, target)
    found: dict[str, Message] = {}
    open_ = [packed("se", "m", *((target,) if target else ()))]
    while open_:
        data = open_.pop()
        action = unpacked(data)
        assert action is not None
        if data in found or action.name not in ("se", "sk"):
            continue
        found[data] = screen(menu, action.arg(0)) if action.name == "se" else question(menu, action.arg(0))
        open_ += [button.action for button in buttons(found[data])]
    return found


WORDS = st.lists(st.text(min_size=1, max_size=200), max_size=30).map(tuple)
SUBSCRIPTIONS = st.builds(
    Subscription,
    address=st.just(HERE),
    interest=st.builds(
        Interest,
        sources=st.sets(st.sampled_from(SOURCES)).map(frozenset),
        categories=st.sets(st.sampled_from(sorted(NAMES))).map(frozenset),
        keywords=WORDS,
        excluded=WORDS,
        excluded_anywhere=WORDS,
        authors=WORDS,
        threshold=st.floats(0, 10),
        min_votes=st.integers(0, 100_000),
    ),
    schedule=st.builds(
        Schedule,
        at=st.times(),
        zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"]),
        is_paused=st.booleans(),
    ),
    language=st.sampled_from(["en", "zh", "vi", "fr", "zh-Hant"]),
    limit=st.integers(1, 100),
)


LONG_WORDS = Subscription(address=HERE, interest=Interest(keywords=("x" * 200, "界" * 200), authors=("A" * 200,)))


@settings(max_examples=20, deadline=None)
@example(LONG_WORDS, base36(2**31 - 1))
@given(SUBSCRIPTIONS, st.sampled_from(["", base36(2**31 - 1)]))
def test_every_screen_fits_every_platform_and_has_a_way_back(subscription: Subscription, target: str) -> None:
    screens = whole_menu(subscription, target)
    start = packed("se", "m", *((target,) if target else ()))
    assert len(screens) > 30
    for data, message in screens.items():
        assert faults(message) == []
        if data.startswith("1sk"):
            assert [takes_text(button) for button in buttons(message)] == [True]
            continue
        assert not any(takes_text(button) for button in buttons(message))
        at = data
        for _ in range(3):  # the last button leads back
            at = at if at == start else buttons(screens[at])[-1].action
        assert at == start


def test_every_category_of_arxiv_is_in_one_group() -> None:
    listed = [name for group in GROUPS.values() for name in group]
    assert sorted(listed) == sorted(NAMES)
    assert all(name in GROUPS[group_of(name)] for name in NAMES)
    assert "q-bio" in whole("q-bio")


def values_of(message: Message) -> dict[str, bool]:
    return {button.label: button.is_on for button in buttons(message) if button.is_on is not None}


def many_of(message: Message) -> bool:
    return any(block.takes_many for block in message.blocks if isinstance(block, Buttons))


@settings(max_examples=20, deadline=None)
@given(SUBSCRIPTIONS)
def test_what_is_chosen_is_said_by_its_button_once_and_of_alternatives_one_holds(subscription: Subscription) -> None:
    for data, message in whole_menu(subscription, "").items():
        values = values_of(message)
        assert not any("✓" in label for label in values)
        assert sum(values.values()) <= 1 or many_of(message), data
        assert values or not many_of(message), data
    assert all(many_of(screen(a_menu(subscription), name)) for name in ("s", "d", "g_cs"))


def test_each_value_says_whether_it_holds_and_what_sets_several_has_its_own_tick() -> None:
    wish = Interest(sources=frozenset({"arxiv"}), categories=whole("q-bio") | {"cs.CL"})
    menu = a_menu(Subscription(address=HERE, interest=wish, schedule=Schedule(weekdays=WORK_DAYS), form=Form.COMPACT))
    assert values_of(screen(menu, "l")) == {"cards": False, "compact": True, "titles": False}
    assert values_of(screen(menu, "s")) == {"arXiv": True, "Hugging Face": False}
    assert list(values_of(screen(menu, "d")).values()) == [True] * 5 + [False] * 2
    assert all(values_of(screen(menu, "g_q-bio")).values())
    assert {"every day", "✓ Monday to Friday"} <= {button.label for button in buttons(screen(menu, "d"))}
    assert "✓ All of Quantitative biology" in {button.label for button in buttons(screen(menu, "g_q-bio"))}
    assert values_of(screen(menu, "m")) == {}


ON_DISCORD = Address(platform="discord", chat="7")
IN_PRIVATE, IN_A_THREAD = Address(platform="discord", chat="@7"), Address(platform="discord", chat="7", thread="8")


@pytest.mark.parametrize(
    ("address", "is_group", "is_there"),
    [
        (ON_DISCORD, True, True),
        (ON_DISCORD, False, False),
        (IN_PRIVATE, False, False),
        (IN_A_THREAD, True, False),
        (HERE, True, False),
    ],
)
def test_a_thread_is_switched_where_there_are_threads(address: Address, is_group: bool, is_there: bool) -> None:
    for has_thread in (True, False):
        known = Subscription(address=address, has_thread=has_thread)
        message = main(replace(a_menu(known), is_group=is_group))
        state = "on" if has_thread else "off"
        switch = {button.action for button in buttons(message) if button.label == f"Papers in a thread: {state}"}
        assert switch == ({f"1sv:f.{0 if has_thread else 1}"} if is_there else set())
        assert faults(message) == []
        is_told = address == ON_DISCORD and not has_thread
        assert ("without a thread" in text_of(message)) == is_told


@pytest.mark.parametrize("here", [HERE, IN_PRIVATE, IN_A_THREAD])
async def test_where_no_thread_can_be_opened_none_is_asked_for(app: App, here: Address) -> None:
    await app.subscribing.subscribe(here, WISH)
    said = text_of((await Chat(a_talk(app, here=here)).types("/layout channel")).message)
    assert words("en", here.platform)("input.layout") in said
    assert (await known(app, here)).has_thread


async def test_a_layout_is_typed_and_in_a_channel_of_discord_its_place_too(app: App) -> None:
    await app.subscribing.subscribe(ON_DISCORD, WISH)
    there = Chat(a_talk(app, here=ON_DISCORD, place=Place.GROUP))
    for typed, has_thread in (("channel", False), (" Channel ", False), ("THREAD", True)):
        said = text_of((await there.types(f"/layout {typed}")).message)
        kept = await known(app, ON_DISCORD)
        assert (kept.has_thread, kept.form) == (has_thread, Form.CARDS)
        assert ("without a thread" in said) == (not has_thread)
    assert "Digests show titles only" in text_of((await there.types("/layout titles")).message)
    assert words("en", "discord")("input.layout_or_place") in text_of((await there.types("/layout wide")).message)


async def test_a_group_of_categories_is_chosen_and_left_as_a_whole(app: App, chat: Chat) -> None:
    await chat.press("1se:g_q-bio")
    await chat.tap("All of Quantitative biology")
    assert (await known(app)).interest.categories == whole("q-bio")
    await chat.tap("All of Quantitative biology")
    assert (await known(app)).interest.categories == frozenset()


async def test_the_last_source_and_the_last_day_stay(app: App, chat: Chat) -> None:
    for day in range(7):
        found = await chat.press(f"1sv:d.-{day}")
    assert "At least one day must stay" in text_of(found.message)
    assert (await known(app)).schedule.weekdays == frozenset({6})
    assert "At least one source" in text_of((await chat.press("1sv:s.-arxiv")).message)
    assert (await known(app)).interest.sources == frozenset({"arxiv"})


async def test_a_late_tap_on_a_word_never_takes_another_one(app: App, chat: Chat) -> None:
    await chat.press("1se:w")
    late = next(button.action for button in buttons(chat.shown) if button.label == "✕ agents")
    await chat.press(late)
    await chat.press(late)
    assert (await known(app)).interest.keywords == ("world model",)


async def test_unsubscribing_takes_one_tap_and_what_is_left_says_so(app: App, chat: Chat) -> None:
    await chat.press("1st")
    await chat.tap("Unsubscribe")
    assert await app.subscribing.current(HERE) is None
    for stale in ("1se:c", "1sv:n.5", "1sk:w", "1sq:w", "1sx"):
        found = await chat.press(stale)
        assert found.is_in_place
        assert "no subscription here any more" in text_of(found.message)
        assert [button.action for button in buttons(found.message)] == ["1ob"]
    assert await app.subscribing.current(HERE) is None


async def test_closing_leaves_the_settings_without_buttons(chat: Chat) -> None:
    await chat.press("1st")
    found = await chat.tap("Close")
    assert "world model" in text_of(found.message)
    assert buttons(found.message) == ()


async def test_the_menu_goes_on_in_the_language_that_was_chosen(chat: Chat) -> None:
    found = await chat.press("1sv:i.zh")
    assert "语言是" in text_of(found.message)


async def test_a_channel_is_set_up_from_elsewhere_by_its_admins_only(app: App, chat: Chat) -> None:
    await app.subscribing.subscribe(CHANNEL, Interest(keywords=("tools",)))
    number = base36(await app.subscribing.number(CHANNEL))

    async def of_channel(address: Address) -> bool:
        return address == CHANNEL

    admin = Chat(a_talk(app, HERE, is_admin=of_channel, sources=SOURCES))
    await admin.press(f"1st:{number}")
    assert "These are the settings of" in text_of(admin.shown)
    assert all(button.action.endswith(f".{number}") or button.action[3:] == f":{number}" for button in buttons(admin.shown))
    await admin.tap("At most 10")
    await admin.tap("30")
    assert ((await known(app, CHANNEL)).limit, (await known(app)).limit) == (30, 10)
    assert (await admin.press("1sv:n.5")).toast == words("en")("admins_only")
    stranger = Chat(a_talk(app, HERE, is_admin=nobody, sources=SOURCES))
    for forged in (f"1st:{number}", f"1sv:n.50.{number}", f"1su:{number}", f"1sk:w.{number}", f"1ob:{number}"):
        assert (await stranger.press(forged)).toast == words("en")("admins_only")
    assert (await known(app, CHANNEL)).limit == 30


async def test_a_target_that_does_not_exist_is_expired(app: App, chat: Chat) -> None:
    elsewhere = await app.subscribing.number(Address(platform="discord", chat="7"))
    for number in ("zz", "0", "-1", "zzzzzzzzzzzzz", "x.y", base36(elsewhere)):
        found = await chat.press(f"1sv:n.50.{number}")
        assert (found.message, found.toast) == (None, words("en")("press.expired"))
    assert (await known(app)).limit == 10


FORGED = (
    *("1sv", "1sv:n", "1sv:n.0", "1sv:n.101", "1sv:zz.1", "1sv:y.epic", "1sv:l.huge", "1sv:c.+cs/ZZ", "1sv:d.+9", "1sv:d.x"),
    *("1sv:t.9999", "1sv:p.2020-01-01", "1sv:z.Atlantis", "1sv:s.+sample", "1sv:w.q123", "1sv:i.q0", "1sk:zz", "1sv:h.99"),
    *("1sv:s.+", "1sv:c.+", "1sv:c.+/zz", "1sq:w.0", "1se:g_zz_9", "1se:w_99999999", "1sv:a.xx_", "1sv:t.1"),
)


@pytest.mark.parametrize("forged", FORGED)
async def test_forged_values_change_nothing(app: App, chat: Chat, forged: str) -> None:
    before = await known(app)
    found = await chat.press(forged)
    assert found.toast or found.message is not None
    assert await known(app) == before


async def test_settings_opens_the_menu_and_in_a_terminal_the_list(app: App, chat: Chat) -> None:
    opened = await chat.types("/settings")
    assert "Topics (0)" in [button.label for button in buttons(opened.message)]
    terminal = Chat(replace(chat.talk, place=Place.TERMINAL))
    assert buttons((await terminal.types("/settings")).message) == ()
    nobody_yet = Chat(a_talk(app, CHANNEL))
    assert "What do you read?" in text_of((await nobody_yet.types("/settings")).message)
