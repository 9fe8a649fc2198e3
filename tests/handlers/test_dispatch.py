"""Whoever types or presses gets an answer or a reason, and changes nothing that is not theirs to change."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import config
from bot.app import App, opened
from bot.domain.actions import Action, packed, unpacked
from bot.domain.subscriptions import Address, Interest
from bot.words import words
from handlers.commands import COMMANDS, Who
from handlers.dispatch import answer, press, typed
from handlers.presses import PRESSES
from handlers.showing import actions_of
from handlers.talk import Answer, Place, nobody
from tests.builders import a_paper
from tests.handlers.conversations import ADA, BO, GROUP, HOME, alone, in_group, text
from tests.storage.rows import Rows, everything
from tests.world import World

EN = words("en")
EXPIRED = Answer(toast=EN("press.expired"))
PERSON_MOST, CHAT_MOST = 2, 3


@pytest.fixture
async def app(world: World) -> AsyncIterator[App]:
    """Ada's own subscription and that of a topic; everybody may ask twice a day, and each chat three times."""
    limits = {"ASKS_PER_PERSON": str(PERSON_MOST), "ASKS_PER_CHAT": str(CHAT_MOST)}
    async with opened(config.load({**world.environment, **limits}, Path("/dev/null"))) as made:
        for address in (HOME, GROUP):
            await made.subscribing.subscribe(address, Interest(keywords=("agents",)))
        yield made


async def rows(app: App) -> dict[str, Rows]:
    async with app.store.read() as tx:
        return await everything(tx)


async def limit(app: App, address: Address) -> int:
    return (await app.subscribing.require(address)).limit


TYPED = {"limit": "3", "keywords": "remove agents", "pause": "", "language": "vi", "members": "off", "mute": "", "style": "brief"}


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command.who is Who.ADMINS])
@pytest.mark.parametrize("place", [Place.GROUP, Place.CHANNEL])
async def test_what_is_for_admins_changes_nothing_for_others(app: App, name: str, place: Place) -> None:
    before = await rows(app)
    assert text(await answer(in_group(app, place=place), name, TYPED.get(name, ""))) == EN("admins_only")
    assert await rows(app) == before


@pytest.mark.parametrize("name", [name for name, each in PRESSES.items() if each.who is Who.ADMINS])
async def test_a_button_for_admins_changes_nothing_for_others(app: App, name: str) -> None:
    """However its arguments were forged."""
    before = await rows(app)
    for args in ((), ("1",), ("1", "1"), ("a", "b", "c", "d"), ("2", "zz", "1"), ("", "")):
        action = Action(name=name, args=args)
        found = await press(in_group(app, BO), action)
        assert found.toast in (EN("admins_only"), EN("press.expired"))
        assert found.message is None
        assert PRESSES[name].typed is None or text(await typed(in_group(app, BO), action, "3")) in (
            EN("admins_only"),
            EN("press.expired"),
        )
    assert await rows(app) == before


async def test_an_admin_changes_the_group_and_everybody_their_own_chat(app: App) -> None:
    await answer(in_group(app, is_admin=True), "limit", "3")
    assert (await limit(app, GROUP), await limit(app, HOME)) == (3, 10)
    await answer(alone(app), "limit", "4")
    assert (await limit(app, GROUP), await limit(app, HOME)) == (3, 4)


async def test_rights_are_those_over_the_chat_whose_settings_change(app: App) -> None:
    """From a private chat somebody sets up a channel: what counts is whether they are its admin."""

    async def is_admin(address: Address) -> bool:
        return address == HOME

    talk = replace(alone(app), is_admin=is_admin).of(GROUP)
    assert text(await answer(talk, "limit", "3")) == EN("admins_only")
    assert await limit(app, GROUP) == 10


async def test_members_may_ask_unless_an_admin_says_otherwise(app: App, world: World) -> None:
    world.arxiv.knows(a_paper(title="Asked for"))
    assert "Asked for" in text(await answer(in_group(app, BO), "save", "2601.00001"))
    await answer(in_group(app, is_admin=True), "members", "off")
    assert text(await answer(in_group(app, BO), "save", "2601.00001")) == EN("members_may_not")
    assert (await press(in_group(app, BO), unpacked(packed("kx", "2601", "00001")))).toast == EN("members_may_not")
    assert "Asked for" in text(await answer(in_group(app, is_admin=True), "save", "2601.00001"))


async def test_what_is_refused_for_members_costs_them_nothing(app: App) -> None:
    await answer(in_group(app, is_admin=True), "members", "off")
    before = await rows(app)
    for _ in range(PERSON_MOST + 1):
        assert text(await answer(in_group(app, BO), "summary", "2601.00001")) == EN("members_may_not")
    assert await rows(app) == before


async def test_an_allowance_that_is_spent_is_said_whether_typed_or_pressed(app: App, world: World) -> None:
    world.arxiv.knows(a_paper())
    for _ in range(PERSON_MOST):
        await answer(alone(app), "save", "2601.00001")
    spent = EN("problem.allowance_person", n=PERSON_MOST)
    assert text(await answer(alone(app), "save", "2601.00001")) == spent
    pressed = await press(alone(app), unpacked(packed("kx", "2601", "00001")))
    assert spent in (text(pressed), pressed.toast)
    assert text(await answer(alone(app), "limit", "7")) != spent


async def test_a_chat_has_an_allowance_of_its_own(app: App, world: World) -> None:
    world.arxiv.knows(a_paper())
    for person in (ADA, BO, ADA):
        await answer(in_group(app, person), "save", "2601.00001")
    assert text(await answer(in_group(app, BO), "save", "2601.00001")) == EN("problem.allowance_chat", n=CHAT_MOST)
    assert "Notebook" in text(await answer(alone(app, BO), "save", "2601.00001"))


async def test_a_terminal_has_no_allowance_and_asks_nobody_who_is_an_admin(app: App, world: World) -> None:
    world.arxiv.knows(a_paper())
    talk = replace(alone(app), place=Place.TERMINAL, is_admin=nobody)
    await answer(talk, "limit", "3")
    assert await limit(app, HOME) == 3
    for _ in range(CHAT_MOST + 2):
        assert "Notebook" in text(await answer(talk, "save", "2601.00001"))


@pytest.mark.parametrize("data", ["", "0sv:1", "2sl:1", "1zz:1", "1zzz", "sl:1", "1sl:" + "9" * 80, "1SL:1", "1sl:;drop"])
async def test_a_button_of_another_time_says_where_to_begin(app: App, data: str) -> None:
    assert await press(alone(app), unpacked(data)) == EXPIRED


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from([name for name, each in PRESSES.items() if each.who is not Who.ADMINS]),
    args=st.lists(st.text("0123456789abcz-/._+", max_size=14), max_size=4),
)
async def test_no_forged_button_breaks_anything_or_changes_a_subscription(app: App, name: str, args: list[str]) -> None:
    before = await rows(app)
    for talk in (alone(app, BO), in_group(app, BO)):
        found = await press(talk, Action(name=name, args=tuple(args)))
        assert found.toast or found.message or found.rows is not None or found.files
        assert EN("problem.stop") not in text(found)
    after = await rows(app)
    for table in ("subscriptions", "interests", "addresses", "digests", "items", "parts", "marks"):
        assert after[table] == before[table]


async def test_a_text_that_answers_no_question_says_where_to_begin(app: App) -> None:
    for action in (Action(name="zz"), Action(name="sl", args=("1",))):
        assert text(await typed(alone(app), action, "anything")) == EN("press.expired")


async def test_what_is_typed_wrongly_is_answered_with_what_to_type(app: App) -> None:
    assert text(await answer(alone(app), "savd", "")) == EN("chat.unknown", command="/savd", nearest="/saved")
    assert text(await answer(alone(app), "xyzzy", "")) == EN("chat.unknown_alone", command="/xyzzy")
    assert "1 to 100" in text(await answer(alone(app), "limit", "many"))
    assert text(await answer(alone(app), "save", "that one")) == EN("problem.bad_id")
    assert text(await answer(alone(app), "save", "2601.99999")) == EN("problem.unknown_paper", key="2601.99999")
    refused = await answer(alone(app, BO), "limit", "3")
    assert text(refused).strip() == EN("not_subscribed")
    assert refused.message is not None
    assert list(actions_of(refused.message)) == ["1ob"], "the way to begin"


async def test_refusals_are_in_the_language_of_the_place(app: App) -> None:
    await answer(in_group(app, is_admin=True), "language", "vi")
    assert text(await answer(in_group(app), "limit", "3")) == words("vi")("admins_only")
    assert (await press(in_group(app), None)).toast == words("vi")("press.expired")
    assert (await press(alone(app), None)).toast == EN("press.expired")
