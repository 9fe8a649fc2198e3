"""Taps on the buttons below digests and papers, through the one door for all platforms, with the real store behind it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import config
from bot.app import App, opened
from bot.domain.actions import packed, unpacked
from bot.domain.keyboards import Rows
from bot.domain.messages import Buttons, Item, Message
from bot.domain.people import Mark, Person, Vote
from bot.domain.subscriptions import Address
from bot.storage import subscriptions
from bot.words import words
from handlers.dispatch import answer, press
from handlers.presses import PRESSES
from handlers.talk import Answer, Place, Talk, nobody
from tests.builders import ABSTRACT, arxiv_key
from tests.domain.test_layout import links_of, text_of
from tests.handlers.talks import a_talk
from tests.services.test_opening import LEFT_OUT, a_stored_digest, arxiv_id
from tests.storage.rows import Rows as TableRows
from tests.storage.rows import everything
from tests.world import World

HERE, THERE = Address(platform="telegram", chat="1"), Address(platform="telegram", chat="-100", thread="7")
ADA, BO = Person(platform="telegram", id="1"), Person(platform="telegram", id="2")
EN = words("en")
EXPIRED = Answer(toast=EN("press.expired"))


@pytest.fixture
async def app(world: World) -> AsyncIterator[App]:
    async with opened(config.load({**world.environment, "ASKS_PER_PERSON": "3"}, Path("/dev/null"))) as made:
        yield made


@pytest.fixture
async def digest(app: App) -> int:
    """A digest of the private chat: 5 papers in two parts, and 23 that were left out."""
    return await a_stored_digest(app.store, HERE)


@pytest.fixture
def talk(app: App) -> Talk:
    return a_talk(app, HERE)


def in_group(talk: Talk, person: Person = ADA) -> Talk:
    return replace(talk, address=THERE, here=THERE, place=Place.GROUP, person=person, is_admin=nobody)


async def tap(talk: Talk, name: str, *args: int | str) -> Answer:
    return await press(talk, unpacked(packed(name, *args)))


def labels(rows: Rows | None) -> list[list[str]]:
    return [[button.label for button in row] for row in rows or ()]


def rows_of(message: Message | None) -> Rows:
    return tuple(row for block in (message.blocks if message else ()) if isinstance(block, Buttons) for row in block.rows)


def button(answered: Answer, label: str) -> str:
    """What is behind the button with this label."""
    rows = answered.rows or rows_of(answered.message)
    return next(each.action for row in rows for each in row if each.label == label)


async def mark(app: App, number: int, person: Person = ADA) -> Mark:
    key = arxiv_key(arxiv_id(number))
    return (await app.marking.of(person, (key,)))[key]


async def test_a_number_turns_the_buttons_into_those_of_its_paper(talk: Talk, digest: int) -> None:
    answered = await tap(talk, "dp", digest, 4)
    assert labels(answered.rows) == [["Summary of 4", "Abstract", "PDF"], ["👍", "👎", "Save", "Back"]]
    assert answered.toast == "4. A Notebook for Forgetful Assistants"
    assert answered.message is None


@pytest.mark.parametrize(("number", "below"), [(1, ["1", "2", "3"]), (3, ["1", "2", "3"]), (5, ["4", "5"])])
async def test_back_restores_the_buttons_of_the_part(talk: Talk, digest: int, number: int, below: list[str]) -> None:
    answered = await press(talk, unpacked(button(await tap(talk, "dp", digest, number), "Back")))
    tail = [["23 more", "Settings"]] if number > 3 else []
    assert labels(answered.rows) == [below, *tail]


async def test_a_vote_is_kept_shown_and_taken_back(app: App, talk: Talk, digest: int) -> None:
    first = await press(talk, unpacked(button(await tap(talk, "dp", digest, 2), "👍")))
    assert (first.toast, labels(first.rows)[1]) == ("Noted: 👍", ["👍 ✓", "👎", "Save", "Back"])
    assert (await mark(app, 2)).vote is Vote.UP
    turned = await press(talk, unpacked(button(first, "👎")))
    assert labels(turned.rows)[1] == ["👍", "👎 ✓", "Save", "Back"]
    gone = await press(talk, unpacked(button(turned, "👎 ✓")))
    assert gone.toast == "Your vote is taken back"
    assert await mark(app, 2) == Mark()


async def test_a_second_tap_on_the_same_button_changes_nothing(app: App, talk: Talk, digest: int) -> None:
    for label in ("👍", "👎", "Save"):
        pressed = button(await tap(talk, "dp", digest, 3), label)
        first = await press(talk, unpacked(pressed))
        known = await mark(app, 3)
        assert await press(talk, unpacked(pressed)) == first
        assert await mark(app, 3) == known
    assert (await mark(app, 3)).vote is Vote.DOWN
    await asyncio.gather(*(tap(talk, "dv", digest, 3, Vote.UP) for _ in range(10)))
    assert (await mark(app, 3)).vote is Vote.UP
    assert len((await _kept(app))["marks"]) == 1


async def test_a_paper_is_saved_and_not_saved_any_more(app: App, talk: Talk, digest: int) -> None:
    saved = await press(talk, unpacked(button(await tap(talk, "dp", digest, 1), "Save")))
    assert saved.toast == "Saved: /saved lists it"
    assert [each.seen.paper.key for each in (await app.marking.saved(ADA)).papers] == [arxiv_key(arxiv_id(1))]
    gone = await press(talk, unpacked(button(saved, "Save ✓")))
    assert labels(gone.rows)[1] == ["👍", "👎", "Save", "Back"]
    assert (await mark(app, 1)).saved_at is None


async def test_an_opened_paper_shows_what_was_said_of_it_before(talk: Talk, digest: int) -> None:
    await tap(talk, "dv", digest, 1, Vote.UP)
    await tap(talk, "ds", digest, 1, 1)
    assert labels((await tap(talk, "dp", digest, 1)).rows)[1] == ["👍 ✓", "👎", "Save ✓", "Back"]


async def test_in_a_group_each_person_has_a_vote_and_the_buttons_show_nobodys(app: App, talk: Talk) -> None:
    digest = await a_stored_digest(app.store, THERE)
    for person, vote in ((ADA, Vote.UP), (BO, Vote.DOWN)):
        answered = await tap(in_group(talk, person), "dv", digest, 1, vote)
        assert (answered.rows, answered.toast) == (None, f"Noted: {'👍' if vote > 0 else '👎'}")
    assert [(await mark(app, 1, person)).vote for person in (ADA, BO)] == [Vote.UP, Vote.DOWN]
    assert labels((await tap(in_group(talk), "dp", digest, 1)).rows)[1] == ["👍", "👎", "Save", "Back"]


async def test_a_digest_of_another_chat_opens_nothing_and_nothing_changes(app: App, talk: Talk, digest: int) -> None:
    theirs = await a_stored_digest(app.store, THERE)
    before = await _kept(app)
    for name in ("dp", "db", "dv", "ds", "dx", "da", "dm"):
        args = (theirs, 1, 1)[: 3 if name in ("dv", "ds", "dm") else 2]
        assert await tap(talk, name, *args) == EXPIRED, name
        elsewhere = Address(platform="telegram", chat="-100", thread="8")
        other_topic = replace(in_group(talk), address=elsewhere, here=elsewhere)
        assert await tap(other_topic, name, *args) == EXPIRED, name
    assert await _kept(app) == before


HUGE = "1y2p0ij32e8e7"  # 2**63 - 1


@pytest.mark.parametrize("name", ["dp", "db", "dv", "ds", "dx", "da", "dm", "kx", "kv", "ks"])
async def test_what_was_forged_is_expired_and_changes_nothing(app: App, talk: Talk, digest: int, name: str) -> None:
    before = await _kept(app)
    wide = replace(talk, person=Person(platform="telegram", id=""))  # nobody: no allowance to count, no vote to keep
    for args in ("", "0.0.0", "x.y.z", f"{HUGE}.{HUGE}.1", "1.-1.9", "zzzzzzzzzzzzz.1.1", "1.2.3.4.5.6.7", "-5.-5.-5", "1.zzz"):
        action = unpacked(f"1{name}:{args}" if args else f"1{name}")
        assert action is not None
        answered = await press(wide, action)
        is_page = name == "dm" and answered.message is not None  # the nearest page of one's own digest
        is_way = name in ("dp", "db", "dx", "da") and args == "1.2.3.4.5.6.7"  # its first numbers are one's own digest
        assert answered == EXPIRED or is_page or is_way, (args, answered)
    assert await _kept(app) == before


@pytest.mark.parametrize("data", ["2dp:1.1", "0dp:1.1", "dp:1.1", "menu:1", "", "1dp:" + "1" * 70, "1dp:1.1\n", "1zz:1"])
async def test_a_button_of_another_version_is_expired(talk: Talk, digest: int, data: str) -> None:
    assert await press(talk, unpacked(data)) == EXPIRED


async def test_a_button_of_a_digest_that_is_gone_is_expired(app: App, talk: Talk, digest: int) -> None:
    async with app.store.write() as tx:
        await subscriptions.remove(tx, HERE)
    again = await a_stored_digest(app.store, HERE)
    assert again != digest
    assert await tap(talk, "dp", digest, 1) == EXPIRED


async def test_the_summary_comes_whole_as_a_message_with_buttons(app: App, talk: Talk, digest: int) -> None:
    async with app.store.write() as tx:
        known = await subscriptions.by_address(tx, HERE)
        assert known is not None
        await subscriptions.save(tx, replace(known, language="vi"))
    answered = await tap(talk, "dx", digest, 2)
    assert answered.message is not None
    assert not answered.is_in_place
    assert words("vi")("mark.extracted") in text_of(answered.message)
    assert labels(rows_of(answered.message)) == [["PDF", "👍", "👎", "Lưu"]]


async def test_summaries_are_asked_for_within_the_allowance_and_abstracts_are_free(talk: Talk, digest: int) -> None:
    for _ in range(3):
        assert "12.5 points" in text_of(_message(await tap(talk, "dx", digest, 1)))
    assert "what one person may" in text_of(_message(await tap(talk, "dx", digest, 1)))
    assert ABSTRACT in text_of(_message(await tap(talk, "da", digest, 1)))


async def test_an_abstract_comes_whole_with_title_authors_and_links(talk: Talk, digest: int) -> None:
    message = _message(await tap(talk, "da", digest, 5))
    said = text_of(message)
    assert ABSTRACT in said
    assert "Ada Example, Bo Sample" in said
    assert {"arXiv abstract", "PDF"} <= set(links_of(message))


async def test_more_lists_what_was_left_out_and_turns_its_pages_in_place(talk: Talk, digest: int) -> None:
    first = await tap(talk, "dm", digest, 1)
    assert not first.is_in_place
    assert labels(rows_of(first.message)) == [["6", "7", "8", "9", "10"], ["11", "12", "13", "14", "15"], ["1/3", "›"]]
    second = await press(talk, unpacked(button(first, "›")))
    assert second.is_in_place
    assert labels(rows_of(second.message))[-1] == ["‹", "2/3", "›"]
    last = await press(talk, unpacked(button(second, "›")))
    (item,) = (block for block in _message(last).blocks if isinstance(block, Item))
    assert len(item.blocks) == LEFT_OUT - 20
    assert text_of(_message(last)).count("A Notebook") == LEFT_OUT - 20
    assert labels(rows_of(last.message)) == [["26", "27", "28"], ["‹", "3/3"]]


async def test_a_paper_that_was_left_out_opens_and_leads_back_to_its_page(app: App, talk: Talk, digest: int) -> None:
    second = await tap(talk, "dm", digest, 2, 1)
    opened_paper = await press(talk, unpacked(button(second, "17")))
    assert labels(opened_paper.rows)[0][0] == "Summary of 17"
    back = await press(talk, unpacked(button(opened_paper, "Back")))
    assert back.rows == rows_of(second.message)
    await press(talk, unpacked(button(opened_paper, "👍")))
    assert (await mark(app, 17)).vote is Vote.UP


async def test_nothing_left_out_says_so(app: App, talk: Talk) -> None:
    digest = await a_stored_digest(app.store, HERE, left_out=0)
    assert await tap(talk, "dm", digest, 1) == Answer(toast="This digest left nothing out.")


async def test_a_paper_by_itself_is_summarized_and_marked(app: App, talk: Talk, digest: int) -> None:
    asked = await tap(talk, "kx", *arxiv_id(3).split("."))
    assert labels(rows_of(asked.message)) == [["PDF", "👍", "👎", "Save"]]
    up = await press(talk, unpacked(button(asked, "👍")))
    assert (up.toast, labels(up.rows)) == ("Noted: 👍", [["PDF", "👍 ✓", "👎", "Save"]])
    saved = await press(talk, unpacked(button(up, "Save")))
    assert labels(saved.rows) == [["PDF", "👍 ✓", "👎", "Save ✓"]]
    assert (await mark(app, 3)).vote is Vote.UP


async def test_what_summary_answers_has_the_same_buttons_and_shows_marks_in_private_only(
    app: App, talk: Talk, digest: int
) -> None:
    await tap(talk, "dv", digest, 1, Vote.UP)
    assert labels(rows_of((await answer(talk, "summary", arxiv_id(1))).message)) == [["PDF", "👍 ✓", "👎", "Save"]]
    assert labels(rows_of((await answer(in_group(talk), "summary", arxiv_id(1))).message)) == [["PDF", "👍", "👎", "Save"]]


def test_what_reads_or_asks_a_model_is_slow_and_counted() -> None:
    assert all(PRESSES[name].is_slow for name in ("dx", "kx"))
    assert {PRESSES[name].who for name in ("dx", "kx")} == {"asking"}
    assert {PRESSES[name].who for name in ("dp", "db", "dv", "ds", "da", "dm", "kv", "ks")} == {"everybody"}


def _message(answered: Answer) -> Message:
    assert answered.message is not None
    return answered.message


async def _kept(app: App) -> dict[str, TableRows]:
    async with app.store.read() as tx:
        found = await everything(tx)
    return {name: rows for name, rows in found.items() if name != "allowances"}
