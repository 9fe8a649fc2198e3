"""/status and /usage: what everybody sees, what only the owner sees and only where nobody else reads it, and the buttons."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import App
from bot.domain.actions import packed
from bot.domain.budget import Budget, Usage
from bot.domain.deliveries import Cause
from bot.domain.subscriptions import Address
from bot.services.spending import CallTotals, Spent
from bot.storage import destinations, subscriptions
from bot.words import languages, words
from handlers.talk import Place, Talk, nobody
from handlers.texts.spending import spending
from tests.handlers.places import HERE, Chat, buttons, database, faults, sample_day, text_of
from tests.handlers.talks import a_talk
from tests.storage.parcels import UNKNOWN, ids_of, later, queued, states, through

OTHER = Address(platform="console", chat="8")
SEEN_BY_ALL = [(True, Place.GROUP), (True, Place.CHANNEL), (False, Place.PRIVATE), (False, Place.GROUP), (False, Place.TERMINAL)]


@pytest.fixture
async def app(tmp_path: Path, empty_database: Path) -> AsyncIterator[App]:
    async with sample_day(database(tmp_path, empty_database)) as made:
        yield made


async def lost(app: App, address: Address = HERE, *, first_paper: int = 1) -> tuple[int, tuple[int, ...]]:
    """A digest of two parts, of which no answer came."""
    digest = await queued(app.store, address, 2, now=app.now(), first_paper=first_paper, deadline_at=later(days=9))
    found = await ids_of(app.store, digest)
    for part in found:
        await through(app.store, part, UNKNOWN, app.now())
    return digest, found


def owner(app: App, place: Place = Place.PRIVATE) -> Talk:
    return replace(a_talk(app, HERE, place=place), is_owner=True)


async def test_without_a_subscription_it_says_how_to_begin(app: App) -> None:
    chat = Chat(talk=a_talk(app, HERE))
    await chat.types("/status")
    assert "There is no subscription here. /start sets one up, or /subscribe" in text_of(chat.shown)
    assert buttons(chat.shown) == ()


async def test_it_says_what_comes_when_and_what_became_of_the_last(app: App) -> None:
    chat = Chat(talk=a_talk(app, HERE))
    await chat.types("/subscribe agents")
    await chat.types("/mute")
    await chat.types("/status")
    said = text_of(chat.shown)
    for line in (
        "The next digest comes on Friday, 9 January, 09:00 (UTC).",
        "Digests come without a sound",
        "No model is set up",
    ):
        assert line in said
    assert "The sample day" not in said
    await lost(app)
    await chat.types("/pause")
    await chat.types("/status")
    said = text_of(chat.shown)
    assert "The last digest: 2026-01-06, daily, 2 papers: sent at" in said
    assert "It is paused" in said


async def test_a_place_that_takes_nothing_says_since_when_and_why(app: App) -> None:
    chat = Chat(talk=a_talk(app, HERE))
    await chat.types("/subscribe agents")
    async with app.store.write() as tx:
        await destinations.suspend(tx, HERE, Cause.NO_PERMISSION, now=app.now())
    await chat.types("/status")
    assert "since Thursday, 8 January, 15:00 (UTC): the bot may not write there." in text_of(chat.shown)


@pytest.mark.parametrize("language", languages())
async def test_what_may_not_have_arrived_is_sent_again_by_one_tap(app: App, language: str) -> None:
    digest, _ = await lost(app)
    chat = Chat(talk=a_talk(app, HERE, language=language))
    async with app.store.write() as tx:
        known = await subscriptions.by_address(tx, HERE)
        assert known is not None
        await subscriptions.save(tx, replace(known, language=language))
    said = words(language)
    shown = (await chat.types("/status")).message
    assert shown is not None
    assert (len(buttons(shown)), faults(shown)) == (2, [])
    assert (await chat.press(buttons(shown)[0].action)).toast == said("status.sent_again")
    assert await states(app.store, digest) == ["unknown", "due"]
    assert (await chat.press(buttons(shown)[0].action)).toast == said("status.not_again")
    await chat.types("/status")
    assert len(buttons(chat.shown)) == 1


async def test_no_forged_press_sends_anything_and_no_member_of_a_group_may(app: App) -> None:
    digest, (first, _) = await lost(app)
    elsewhere, (theirs, _) = await lost(app, OTHER, first_paper=5)
    chat, member = Chat(talk=a_talk(app, HERE)), Chat(talk=a_talk(app, HERE, place=Place.GROUP, is_admin=nobody))
    for data in ("1sa", "1sa:", "1sa:-1", "1sa:zzzzzzzzzzzz", "1sa:..", packed("sa", theirs), packed("sa", 0)):
        assert (await chat.press(data)).toast in (words("en")("status.not_again"), words("en")("press.expired"))
    assert (await member.press(packed("sa", first))).toast == words("en")("admins_only")
    assert [await states(app.store, one) for one in (digest, elsewhere)] == [["unknown", "unknown"]] * 2


@pytest.mark.parametrize("place", [Place.PRIVATE, Place.TERMINAL])
async def test_the_owner_hears_of_the_whole_bot_and_of_nobody_in_it(app: App, place: Place) -> None:
    await lost(app, Address(platform="console", chat="5550001"))
    chat = Chat(talk=owner(app, place))
    await chat.types("/status")
    said = text_of(chat.shown)
    assert said.startswith("The whole bot\nPaperboy 1\nthe terminal: connected")
    assert "2 messages of the last 7 days without an answer" in said
    assert "5550001" not in said


@pytest.mark.parametrize(("is_owner", "place"), SEEN_BY_ALL)
async def test_nobody_else_and_no_group_hears_of_the_whole_bot(app: App, is_owner: bool, place: Place) -> None:
    chat = Chat(talk=replace(a_talk(app, HERE, place=place), is_owner=is_owner))
    for command in ("/status", "/usage"):
        await chat.types(command)
        assert "The whole bot" not in text_of(chat.shown)
        assert "for everybody" not in text_of(chat.shown)


@pytest.mark.parametrize(("is_whole", "is_told"), [(True, True), (False, False)])
def test_a_reader_hears_what_their_own_part_cost_and_of_nobody_elses(is_whole: bool, is_told: bool) -> None:
    usage = Usage(tokens_in=12345, tokens_out=7)
    totals = (CallTotals(model="m", purpose="summary", outcome="made", count=3, usage=usage, cost=70_000),)
    found = Spent(
        is_whole=is_whole,
        model="m",
        has_prices=True,
        today=90_000 if is_whole else 0,
        reader=20_000,
        budget=Budget(total=1_000_000, reader=500_000),
        of_month=totals if is_whole else (),
    )
    said = text_of(spending(found, words("en")))
    assert "Today, for you: 0.02 of 0.50" in said
    assert ("for everybody: 0.09 of 1.00" in said) == ("12,345 tokens read" in said) == is_told
    assert ("Summaries are written by m." in said) != is_told


async def test_from_a_private_chat_about_a_channel_nothing_is_offered_that_would_not_be_found(app: App) -> None:
    await lost(app, OTHER)
    chat = Chat(talk=replace(a_talk(app, HERE), address=OTHER))
    await chat.types("/status")
    assert "may not have arrived" in text_of(chat.shown)
    assert buttons(chat.shown) == ()
