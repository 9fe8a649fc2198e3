"""/search and its buttons, through the one door for all platforms, with the real store behind it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import config
from bot.app import App, opened
from bot.domain.actions import packed, unpacked
from bot.domain.intake import Page
from bot.domain.messages import Button, Buttons, Item, Message
from bot.domain.papers import Paper, PaperKey, Scheme
from bot.domain.subscriptions import Address
from bot.storage import papers
from bot.words import words
from handlers.dispatch import answer, press
from handlers.talk import Answer, Place, Talk
from tests.builders import a_paper
from tests.domain.test_layout import text_of
from tests.handlers.talks import a_talk
from tests.storage.test_migrate import NOW
from tests.world import World

HERE = Address(platform="telegram", chat="1")


@pytest.fixture
async def app(world: World) -> AsyncIterator[App]:
    async with opened(config.load({**world.environment, "ASKS_PER_PERSON": "3"}, Path("/dev/null"))) as made:
        yield made


@pytest.fixture
def talk(app: App) -> Talk:
    return a_talk(app, HERE)


async def comes_in(app: App, *listed: Paper) -> None:
    async with app.store.write() as tx:
        await papers.record_page(tx, Page(source="arxiv", papers=listed), NOW)


def plans(count: int) -> tuple[Paper, ...]:
    return tuple(
        a_paper(arxiv_id=f"2601.{n:05}", title=f"Plan {n}", authors=("A", "B", "C", "D", "E")) for n in range(1, count + 1)
    )


def said(answered: Answer) -> str:
    return text_of(answered.message) if answered.message else ""


def pager(message: Message | None) -> list[Button]:
    return [button for block in (message.blocks if message else ()) if isinstance(block, Buttons) for button in block.rows[0]]


def numbers(message: Message | None) -> list[Button]:
    blocks = message.blocks if message else ()
    return [block.button for block in blocks if isinstance(block, Item) and block.button]


async def test_what_is_found_is_numbered_and_each_number_opens_its_paper(app: App, talk: Talk) -> None:
    await comes_in(app, *plans(2), a_paper(key=PaperKey(scheme=Scheme.DOI, value="10.1000/x"), title="Plan elsewhere"))
    found = await answer(talk, "search", "plan")
    assert "3 papers in the store hold: plan" in said(found)
    assert "A, B, C and 2 more · 2026-01-05 · cs.CL, cs.AI" in said(found)
    assert {button.action for button in numbers(found.message)} == {packed("kx", "2601", number) for number in ("00001", "00002")}
    assert pager(found.message) == []


async def test_pages_are_turned_in_place_for_ever_and_are_no_new_question(app: App, talk: Talk) -> None:
    await comes_in(app, *plans(20))
    found = await answer(talk, "search", "plan")
    assert [button.label for button in numbers(found.message)] == [str(n) for n in range(1, 9)]
    seen = [said(found)]
    for labels in (["‹", "›"], ["‹"]):
        found = await press(talk, unpacked(pager(found.message)[-1].action))
        assert found.is_in_place
        assert [button.label for button in pager(found.message)] == labels
        seen.append(said(found))
    assert [button.label for button in numbers(found.message)] == ["17", "18", "19", "20"]
    for _ in range(5):  # more often than anybody may ask
        found = await press(talk, unpacked(pager(found.message)[0].action))
        found = await press(talk, unpacked(pager(found.message)[-1].action))
    assert said(found) == seen[2]
    assert said(await answer(talk, "search", "plan page 2")) == seen[1]


async def test_a_search_too_long_for_a_button_says_what_to_type(app: App, talk: Talk) -> None:
    await comes_in(app, *plans(20))
    long = "plan notebook recall benchmarks conversations assistants"
    found = await answer(talk, "search", long)
    assert pager(found.message) == []
    assert f"For the next page, type: /search {long} page 2" in said(found)
    assert "Page 2 of 3" in said(await answer(talk, "search", f"{long} page 2"))


async def test_a_terminal_has_no_buttons_to_press(app: App, talk: Talk) -> None:
    await comes_in(app, *plans(9))
    assert "type: /search plan page 2" in said(await answer(replace(talk, place=Place.TERMINAL), "search", "plan"))


async def test_searching_is_asking(app: App, talk: Talk) -> None:
    for _ in range(3):
        await answer(talk, "search", "plan")
    assert "3 times today" in said(await answer(talk, "search", "plan"))


async def test_where_words_are_missing_or_nothing_is_found_it_is_said(app: App, talk: Talk) -> None:
    assert "holds no papers yet" in said(await answer(talk, "search", "plan"))
    await comes_in(app, *plans(2))
    assert "No paper in the store holds all of: plan unheard. 2 papers hold a part of it." in said(
        await answer(talk, "search", "plan unheard")
    )
    nothing = said(await answer(talk, "search", "unheard"))
    assert "Nothing in the store holds: unheard" in nothing
    assert "The store holds 2 papers, which came in since 2026-06-02." in nothing
    assert "/summary" in nothing


@pytest.mark.parametrize("data", ["1sr", "1sr:2", "1sr:2.%%", "1sr:2.__8", "1sr:zz.Pw", "1sr:-1.a.b", "1sr:1.Lg"])
async def test_a_forged_button_changes_nothing(talk: Talk, data: str) -> None:
    assert await press(talk, unpacked(data)) == Answer(toast=words("en")("press.expired"))


async def test_a_page_that_is_not_there_any_more_is_the_last_one(app: App, talk: Talk) -> None:
    await comes_in(app, *plans(9))
    forged = packed("sr", 10**9, "cGxhbg")
    assert "Page 2 of 2" in said(await press(talk, unpacked(forged)))
