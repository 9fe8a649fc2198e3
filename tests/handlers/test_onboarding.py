"""First contact: three taps to a first digest, nothing that was typed is lost, nothing comes twice, no link acts by itself."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import time
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import App
from bot.domain.actions import base36
from bot.domain.categories import NAMES
from bot.domain.deliveries import Cause
from bot.domain.presets import PRESETS
from bot.domain.subscriptions import DRAFT, Address, Interest, Schedule
from bot.domain.zones import REGIONS, near
from bot.words import words
from handlers.commands.start import joined
from handlers.parsing_links import MOST, linked, payload
from handlers.talk import Place, nobody
from tests.handlers.places import CHANNEL, HERE, Chat, buttons, database, faults, sample_day, text_of
from tests.handlers.talks import a_talk

LINK = "cat_cs-LG_cs-CL_kw_agents_t0830_z_Europe-Berlin"


@pytest.fixture
def file(tmp_path: Path, empty_database: Path) -> Path:
    return database(tmp_path, empty_database)


@pytest.fixture
async def app(file: Path) -> AsyncIterator[App]:
    async with sample_day(file) as made:
        yield made


@pytest.fixture
def chat(app: App) -> Chat:
    return Chat(a_talk(app, HERE))


def digests_in(file: Path) -> list[tuple[str, int]]:
    """Of every digest that was made: its kind, and how many parts of it are in the outbox."""
    query = "SELECT slot_kind, (SELECT count(*) FROM parts WHERE digest_id = digests.id) FROM digests ORDER BY id"
    with closing(sqlite3.connect(file)) as rows:
        return [(kind, count) for kind, count in rows.execute(query)]


async def test_three_taps_lead_to_the_first_digest(app: App, chat: Chat, file: Path) -> None:
    first = await chat.types("/start")
    assert "TL;DR" in text_of(first.message)
    assert "46 votes" in text_of(first.message)
    await chat.tap("Language")
    await chat.tap("Skip")
    last = await chat.tap("09:00 Berlin")
    assert "in cs.CL" in text_of(last.message)
    assert "9 January, 09:00 (Europe/Berlin)" in text_of(last.message)
    assert "first digest is on its way" in text_of(last.message)
    made = await app.subscribing.require(HERE)
    assert (made.interest.categories, made.schedule) == (frozenset({"cs.CL"}), Schedule(zone="Europe/Berlin"))
    assert digests_in(file) == [("now", 1)]


@pytest.mark.parametrize("language", ["en", "zh", "vi"])
async def test_every_screen_of_the_first_contact_fits_every_platform(app: App, language: str) -> None:
    chat = Chat(a_talk(app, HERE, language=language))
    await chat.types("/start")
    for data in ("1of:nlp", "1ob", "1oe", "1ow", "1of:hf", "1oq:hf", "1oo:hf", "1or:hf", "1ot:hf.0900.Asia/Ho_Chi_Minh", "1od"):
        found = await chat.press(data)
        assert found.is_in_place
        assert found.message is not None
        assert faults(found.message) == []


async def test_a_second_last_tap_sends_no_second_digest(chat: Chat, file: Path) -> None:
    for _ in range(2):
        await chat.press("1ot:nlp.0900.Europe/Berlin")
    assert digests_in(file) == [("now", 1)]
    assert "on its way" not in text_of(chat.shown)


async def test_words_outlive_a_restart_and_nothing_is_sent_before_the_last_tap(file: Path) -> None:
    async with sample_day(file) as app:
        chat = Chat(a_talk(app, HERE))
        await chat.press("1of:nlp")
        await chat.says("agents, -survey")
        kept = await app.subscribing.require(HERE)
        assert (kept.schedule, kept.next_due_at) == (DRAFT, None)
    async with sample_day(file) as app:
        assert await app.digesting.turn() == 0
        chat = Chat(a_talk(app, HERE))
        await chat.types("/start")
        await chat.tap("09:00 Tokyo")
        made = await app.subscribing.require(HERE)
        assert (made.interest.keywords, made.interest.excluded) == (("agents",), ("survey",))
        assert made.interest.categories == frozenset({"cs.CL"})
        assert made.schedule == Schedule(zone="Asia/Tokyo")
        assert made.next_due_at is not None
    assert digests_in(file) == [("now", 1)]


async def test_a_digest_that_came_at_once_does_not_come_again_at_its_hour(file: Path) -> None:
    async with sample_day(file) as app:
        await Chat(a_talk(app, HERE)).press("1ot:nlp.0900.Europe/Berlin")
    async with sample_day(file, "2026-01-09T08:30:00Z") as app:
        await app.digesting.turn()
    with closing(sqlite3.connect(file)) as rows:
        shown = [key for (key,) in rows.execute("SELECT paper_key FROM items WHERE NOT is_freed")]
    assert [kind for kind, _ in digests_in(file)] == ["now", "daily"]
    assert shown
    assert len(shown) == len(set(shown))


async def test_whatever_is_no_field_or_hour_can_be_typed(app: App, chat: Chat) -> None:
    await chat.types("/start")
    await chat.tap("Something else")
    again = await chat.says('cs.ZZ "open')
    assert "quotation mark" in text_of(again.message)
    await chat.says("math.PR random walks @Ada")
    await chat.tap("Other")
    assert "not a time of day" in text_of((await chat.says("25:00")).message)
    await chat.says("weekdays 08:00 Berlin")
    made = await app.subscribing.require(HERE)
    assert made.interest.categories == frozenset({"math.PR"})
    assert made.interest.authors == ("Ada",)
    assert made.schedule == Schedule(at=time(8), zone="Europe/Berlin", weekdays=frozenset(range(5)))


async def test_who_has_a_subscription_is_told_of_it_and_may_have_a_digest_once(app: App, chat: Chat, file: Path) -> None:
    await app.subscribing.subscribe(HERE, Interest(sources=frozenset({"sample"}), keywords=("agents",)))
    assert "papers about agents" in text_of((await chat.types("/start")).message)
    found = await chat.tap("Digest now")
    assert [button.label for button in buttons(found.message)] == ["Settings"]
    assert digests_in(file) == [("now", 1)]


@pytest.mark.parametrize("stale", ["1of:zz", "1oq:zz", "1ot:zz.0900.UTC", "1ot:-.0900.UTC", "1ol:cat_cs-ZZ", "1ol", "1of"])
async def test_a_button_that_stands_for_nothing_subscribes_nobody(app: App, chat: Chat, stale: str) -> None:
    found = await chat.press(stale)
    assert found.toast == words("en")("press.expired")
    assert await app.subscribing.current(HERE) is None


async def test_a_link_shows_what_it_would_set_and_sets_it_with_one_tap(app: App, chat: Chat, file: Path) -> None:
    shown = await chat.types(f"/start {LINK}")
    assert "papers about agents, in cs.CL, cs.LG" in text_of(shown.message)
    assert "08:30 (Europe/Berlin)" in text_of(shown.message)
    assert await app.subscribing.current(HERE) is None
    await chat.tap("Subscribe")
    made = await app.subscribing.require(HERE)
    assert made.interest.categories == frozenset({"cs.LG", "cs.CL"})
    assert made.schedule == Schedule(at=time(8, 30), zone="Europe/Berlin")
    assert digests_in(file) == [("now", 1)]


async def test_a_link_adds_to_what_is_there_and_keeps_its_hour(app: App, chat: Chat, file: Path) -> None:
    await app.subscribing.begin(HERE, Interest(keywords=("tools",)), lambda _: Schedule(at=time(7), zone="Asia/Tokyo"))
    await chat.types("/start cat_cs-LG")
    await chat.tap("Subscribe")
    made = await app.subscribing.require(HERE)
    assert (made.interest.keywords, made.interest.categories) == (("tools",), frozenset({"cs.LG"}))
    assert made.schedule == Schedule(at=time(7), zone="Asia/Tokyo")
    assert digests_in(file) == []


@pytest.mark.parametrize(
    "unknown", ["abc", "cat_cs-ZZ", "kw", "t0900", "z_Europe-Berlin", "cat_cs-LG_z_Atlantis", "x" * 64, "settings-"]
)
async def test_a_link_that_is_not_understood_is_an_ordinary_start(app: App, chat: Chat, unknown: str) -> None:
    assert "What do you read?" in text_of((await chat.types(f"/start {unknown}")).message)


@pytest.mark.parametrize(("lead", "said"), [("settings", "What do you read?"), ("help", "What I understand")])
async def test_a_link_may_lead_to_a_command(chat: Chat, lead: str, said: str) -> None:
    assert said in text_of((await chat.types(f"/start {lead}")).message)


WORD = st.from_regex(r"[A-Za-z0-9]{1,8}( [A-Za-z0-9]{1,8})?", fullmatch=True)
WORDS = st.lists(WORD, max_size=2, unique_by=str.casefold).map(tuple)


@given(
    st.builds(
        Interest,
        categories=st.sets(st.sampled_from(sorted(NAMES)), max_size=3).map(frozenset),
        sources=st.sampled_from([frozenset({"arxiv"}), frozenset({"huggingface"}), frozenset({"arxiv", "huggingface"})]),
        keywords=WORDS,
        excluded=WORDS,
        excluded_anywhere=WORDS,
    ),
    st.none() | st.times().map(lambda at: time(at.hour, at.minute)),
    st.sampled_from(["", *(zone for zones in REGIONS.values() for zone in zones), "America/Port-au-Prince"]),
)
def test_what_is_put_into_a_link_comes_out_of_it(interest: Interest, at: time | None, zone: str) -> None:
    made = payload(interest, at=at, zone=zone)
    if made is not None:
        assert len(made) <= MOST
        found = linked(made, ("arxiv", "huggingface"))
        assert found is not None
        assert (found.interest, found.at, found.zone) == (interest, at, zone or None)


def test_a_link_holds_an_ordinary_wish_and_refuses_what_it_cannot_hold() -> None:
    wish = Interest(categories=frozenset({"cs.LG", "cs.CL"}), keywords=("agents",))
    assert payload(wish, at=time(8, 30), zone="Europe/Berlin") == "cat_cs-CL_cs-LG_kw_agents_t0830_z_Europe-Berlin"
    assert payload(Interest(keywords=("智能体",))) is None
    assert payload(Interest(keywords=("cat", "kw"))) is None
    assert payload(Interest(keywords=("a" * 60,))) is None


@given(st.text(alphabet="abcktwz_-0189CSL.", max_size=70))
def test_no_link_breaks_anything(text: str) -> None:
    linked(text, ("arxiv",))


async def test_a_group_gets_one_short_message_with_a_way_to_the_settings(app: App) -> None:
    group = Address(platform="console", chat="-5")
    talk = a_talk(app, group, place=Place.GROUP, is_admin=nobody)
    for found in (await Chat(talk).types("/start"), await joined(talk)):
        assert len(text_of(found.message).splitlines()) == 1
        assert [button.action for button in buttons(found.message)] == ["1st"]
    assert (await Chat(talk).press("1st")).toast == words("en")("admins_only")


async def test_the_settings_of_a_channel_open_in_private_for_its_admins_only(app: App) -> None:
    channel = a_talk(app, CHANNEL, place=Place.CHANNEL, home="https://t.me/paperboy")
    (button,) = buttons((await joined(channel)).message)
    number = base36(await app.subscribing.number(CHANNEL))
    assert button.url == f"https://t.me/paperboy?start=settings-{number}"
    stranger = Chat(a_talk(app, HERE, is_admin=nobody))
    assert text_of((await stranger.types(f"/start settings-{number}")).message) == words("en")("admins_only")
    admin = Chat(a_talk(app, HERE))
    await admin.types(f"/start settings-{number}")
    await admin.tap("Security")
    await admin.says("malware")
    await admin.tap("09:00 London")
    assert (await app.subscribing.require(CHANNEL)).interest.keywords == ("malware",)
    assert await app.subscribing.current(HERE) is None
    assert "no subscription" not in text_of((await admin.types(f"/start settings-{number}")).message)
    assert text_of((await admin.types("/start settings-zz")).message) == words("en")("press.expired")


async def test_what_the_bot_lacks_is_named_and_no_digest_is_made_for_nobody(app: App, file: Path) -> None:
    async def lacking(_: Address) -> Cause | None:
        return Cause.NO_PERMISSION

    chat = Chat(a_talk(app, HERE, lacking=lacking))
    found = await chat.press("1ot:nlp.0900.Europe/Berlin")
    assert "I cannot write there yet: the bot may not write there." in text_of(found.message)
    assert digests_in(file) == []
    assert "I cannot write there yet" in text_of((await chat.types("/subscribe sample agents")).message)


async def test_subscribing_says_how_many_papers_to_expect_where_something_is_known(app: App, chat: Chat) -> None:
    assert "a day" not in text_of((await chat.press("1ot:nlp.0900.UTC")).message)
    found = await chat.types("/subscribe sample")
    assert "papers a day, going by the last batch" in text_of(found.message)


def test_every_category_of_a_preset_exists() -> None:
    assert {category for preset in PRESETS.values() for category in preset.categories} <= NAMES.keys()


@pytest.mark.parametrize(("language", "first"), [("zh", "Asia/Shanghai"), ("vi", "Asia/Ho_Chi_Minh"), ("zh-Hant", "Asia/Taipei")])
async def test_the_zones_near_a_language_come_first(app: App, language: str, first: str) -> None:
    assert near(language)[0] == first
    assert len(near(language)) == len(set(near(language))) == 12


def test_every_zone_that_is_offered_exists() -> None:
    offered = {zone for zones in REGIONS.values() for zone in zones} | {
        zone for code in ("en", "de", "ar", "uk") for zone in near(code)
    }
    assert offered <= available_timezones()
