"""/save, /saved, /privacy and /deletemydata, as people see them."""

import unicodedata
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import config
from bot.app import App, opened
from bot.domain.actions import unpacked
from bot.domain.intake import Page
from bot.domain.messages import Bullets, Button, Buttons
from bot.domain.papers import Paper, PaperKey, Scheme
from bot.domain.people import Vote
from bot.domain.subscriptions import Address, Interest
from bot.storage import papers
from bot.words import languages, words
from handlers.dispatch import answer, press
from handlers.presses import PRESSES
from handlers.talk import Answer, Place
from tests.builders import a_paper, arxiv_key
from tests.handlers.conversations import ADA, BO, BOT, GROUP, HOME, alone, in_group, links, text
from tests.world import World

EN = words("en")
SECRET = "A secret interest in notebooks"


@pytest.fixture
async def app(world: World) -> AsyncIterator[App]:
    async with opened(config.load(world.environment, Path("/dev/null"))) as made:
        yield made


async def saved(app: App, *found: Paper) -> None:
    async with app.store.write() as tx:
        await papers.record_page(tx, Page(source="arxiv", papers=found), app.now())
    for paper in found:
        await app.marking.save(ADA, paper.key, is_saved=True)


def buttons(found: Answer) -> dict[str, str]:
    """What is below it: label and action."""
    assert found.message is not None
    below: list[Button] = []
    for block in found.message.blocks:
        if isinstance(block, Buttons):
            below += [button for row in block.rows for button in row]
    return {button.label: button.action for button in below}


def many(count: int) -> tuple[Paper, ...]:
    return tuple(a_paper(arxiv_id=f"2601.{number:05}", title=f"Part {number} of it") for number in range(1, count + 1))


async def test_a_link_is_saved_listed_and_taken_off_again(app: App, world: World) -> None:
    world.arxiv.knows(a_paper(title=r"Schr\"odinger's <b>Cat</b>"))
    await answer(alone(app), "save", "look: https://arxiv.org/pdf/2601.00001v1")
    found = await answer(alone(app), "saved", "")
    assert "Schrödinger's <b>Cat</b> (saved on 2026-06-02)" in text(found)
    assert EN("saved.count", n=1) in text(found)
    assert links(found) == {"Schrödinger's <b>Cat</b>": "https://arxiv.org/abs/2601.00001"}
    assert text(await answer(alone(app), "save", "Remove 2601.00001")).startswith(EN("saved.dropped"))
    assert text(await answer(alone(app), "save", "remove 2601.00001")).startswith(EN("saved.not_there"))
    assert EN("saved.none") in text(await answer(alone(app), "saved", ""))


async def test_the_list_shows_votes_of_each_and_of_all(app: App) -> None:
    await saved(app, *many(3))
    for number, vote in ((1, Vote.UP), (2, Vote.DOWN)):
        await app.marking.vote(ADA, arxiv_key(f"2601.{number:05}"), vote)
    lines = text(await answer(alone(app), "saved", ""))
    assert "Part 1 of it 👍 (saved" in lines
    assert "Part 2 of it 👎 (saved" in lines
    assert "Part 3 of it (saved" in lines
    assert EN("saved.voted", up=1, down=1) in lines
    assert EN("saved.none") in text(await answer(alone(app, BO), "saved", ""))


async def test_a_long_list_turns_its_pages_in_place(app: App) -> None:
    await saved(app, *many(23))
    first = await answer(alone(app), "saved", "")
    assert [label for label in buttons(first) if not label.isdecimal()] == ["1/3", "›"]
    second = await press(alone(app), unpacked(buttons(first)["›"]))
    assert second.is_in_place
    assert [label for label in buttons(second) if not label.isdecimal()] == ["‹", "2/3", "›"]
    assert second == replace(await answer(alone(app), "saved", "2"), is_in_place=True)
    last = await press(alone(app), unpacked(buttons(second)["›"]))
    assert [label for label in buttons(last) if not label.isdecimal()] == ["‹", "3/3"]
    assert last == await press(alone(app), unpacked(buttons(last)["3/3"]))
    listed = [block for block in (last.message.blocks if last.message else ()) if isinstance(block, Bullets)]
    assert [(block.first_number, len(block.items)) for block in listed] == [(21, 3)]


async def test_each_number_opens_its_paper_and_only_those_of_arxiv_have_one(app: App) -> None:
    doi = PaperKey(scheme=Scheme.DOI, value="10.1000/xyz")
    await saved(app, a_paper(arxiv_id="hep-th/9901001"), a_paper(key=doi, title="Elsewhere"), a_paper())
    pressed = {label: unpacked(action) for label, action in buttons(await answer(alone(app), "saved", "")).items()}
    assert {label: action and ".".join(action.args) for label, action in pressed.items()} == {
        "1": "2601.00001",
        "3": "hep-th/9901001",
    }
    assert all(action is not None and action.name == "kx" and action.name in PRESSES for action in pressed.values())


@pytest.mark.parametrize("place", [Place.GROUP, Place.CHANNEL])
async def test_nobodys_list_is_shown_to_a_group(app: App, place: Place) -> None:
    await saved(app, a_paper(title=SECRET))
    for found in (
        await answer(in_group(app, place=place, is_admin=True), "saved", ""),
        await press(in_group(app, place=place, is_admin=True), unpacked("1sl:1")),
    ):
        assert SECRET not in text(found)
        assert EN("saved.private") in text(found)
        assert links(found) == {EN("private.link"): f"{BOT}?start=saved"}
    assert not links(await answer(in_group(app, place=place, home=""), "saved", ""))


async def test_what_is_kept_is_told_with_the_model_that_reads_along(world: World) -> None:
    for model in ("", "shiny-model"):
        keys = {"OPENAI_API_KEY": "sk-test-0123456789", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_MODEL": model}
        async with opened(config.load({**world.environment, **(keys if model else {})}, Path("/dev/null"))) as made:
            said = text(await answer(alone(made), "privacy", ""))
            assert said == text(await answer(in_group(made), "privacy", ""))
        assert ("shiny-model" in said) == bool(model)
        assert (EN("privacy.no_model") in said) == (not model)
        assert all(number in said for number in ("420 days", "40 days", "400 days", "2 days"))


async def test_nothing_is_deleted_before_a_yes(app: App) -> None:
    await saved(app, a_paper())
    await app.subscribing.subscribe(HOME, Interest())
    for typed in ("", "no", "yes please", "y"):
        said = text(await answer(alone(app), "deletemydata", typed))
        assert EN("delete.saved", n=1) in said
        assert EN("delete.subscriptions", n=1) in said
        assert EN("delete.confirm") in said
    assert (await app.marking.saved(ADA)).total == 1
    assert await app.subscribing.current(HOME) is not None


@pytest.mark.parametrize("yes", ["yes", "YES", "是", "vâng", "có", unicodedata.normalize("NFD", "Vâng")])
async def test_a_yes_in_any_language_deletes_it_all_and_says_so(app: App, yes: str) -> None:
    await saved(app, a_paper())
    await app.subscribing.subscribe(HOME, Interest(), language="vi")
    vietnamese = words("vi")
    assert vietnamese("delete.done") in text(await answer(alone(app), "deletemydata", yes))
    assert (await app.marking.saved(ADA)).total == 0
    assert await app.subscribing.current(HOME) is None
    assert text(await answer(alone(app), "deletemydata", yes)) == EN("delete.nothing")
    assert text(await answer(alone(app), "deletemydata", "")) == EN("delete.nothing")


async def test_the_confirmation_that_is_asked_for_is_one_that_is_taken(app: App) -> None:
    for language in languages():
        await saved(app, a_paper())
        asked = words(language)("delete.confirm").rpartition("/deletemydata ")[2]
        assert EN("delete.done") in text(await answer(alone(app), "deletemydata", asked))


async def test_a_group_is_deleted_by_its_admins_and_nobodys_own_data_with_it(app: App) -> None:
    await saved(app, a_paper())
    topics = [GROUP, replace(GROUP, thread=""), replace(GROUP, thread="8")]
    for address in (HOME, *topics):
        await app.subscribing.subscribe(address, Interest())
    refused = await answer(in_group(app), "deletemydata", "yes")
    assert links(refused) == {EN("private.link"): f"{BOT}?start=deletemydata"}
    assert await app.subscribing.current(GROUP) is not None
    said = text(await answer(in_group(app, is_admin=True), "deletemydata", ""))
    assert EN("delete.subscriptions", n=3) in said
    assert EN("delete.private") in said
    assert EN("delete.done") in text(await answer(in_group(app, is_admin=True), "deletemydata", "yes"))
    assert [await app.subscribing.current(address) for address in topics] == [None] * 3
    assert await app.subscribing.current(HOME) is not None
    assert (await app.marking.saved(ADA)).total == 1
    assert text(await answer(in_group(app, is_admin=True), "deletemydata", "yes")) == EN("delete.nothing_here")


async def test_a_deletion_in_private_leaves_the_channel_that_was_set_up_from_there(app: App) -> None:
    for address in (HOME, GROUP):
        await app.subscribing.subscribe(address, Interest())
    await answer(alone(app).of(GROUP), "deletemydata", "yes")
    assert await app.subscribing.current(HOME) is None
    assert await app.subscribing.current(GROUP) is not None


async def test_an_operator_deletes_for_somebody_from_the_terminal(app: App) -> None:
    await saved(app, a_paper())
    await app.subscribing.subscribe(HOME, Interest())
    console = Address(platform="console", chat="chat")
    talk = replace(alone(app), place=Place.TERMINAL, here=console, is_elsewhere=True, address=HOME)
    await answer(replace(talk, person=replace(ADA, platform="console", id="chat")), "deletemydata", "yes")
    assert (await app.marking.saved(ADA)).total == 0
    assert await app.subscribing.current(HOME) is None
