"""What was chosen on Discord, up to what is stored and said: steps in their order, and in Discord's spelling."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import config
from bot.app import App, opened
from bot.assembling import topic_notice
from bot.domain.progress import silent
from bot.domain.subscriptions import Address, Form, Interest, Schedule
from bot.storage.tables import parts
from bot.words import words
from handlers.dispatch import answer, answers
from handlers.talk import Place, Talk, nobody
from tests.builders import a_paper
from tests.fakes.discord_ground import TOKEN
from tests.handlers.discord.test_typed import SUBSCRIBE, called
from tests.handlers.places import text_of
from tests.handlers.talks import a_talk
from tests.world import World

HERE = Address(platform="discord", chat="77")


@pytest.fixture
async def app(world: World) -> AsyncIterator[App]:
    async with opened(config.load(world.environment, Path("/dev/null"))) as made:
        yield made


def a_place(app: App, language: str = "en") -> Talk:
    return replace(a_talk(app, HERE, place=Place.GROUP), words=words(language, "discord"))


async def run(talk: Talk, path: tuple[str, ...], **options: str | int | float | bool) -> str:
    return text_of((await answers(talk, called(path, **options).steps)).message)


async def test_a_digest_is_set_up_with_its_hour_in_one_go(app: App) -> None:
    said = await run(
        a_place(app), SUBSCRIBE, categories="cs.CL", keywords="agents", time="8:30", timezone="Berlin", days="mon-fri"
    )
    known = await app.subscribing.require(HERE)
    assert (known.interest.categories, known.interest.keywords) == (frozenset({"cs.CL"}), ("agents",))
    assert known.schedule == Schedule(at=time(8, 30), zone="Europe/Berlin", weekdays=frozenset(range(5)))
    assert known.next_due_at is not None
    assert "08:30 (Europe/Berlin)" in said
    assert "/timezone" not in said


async def test_adding_to_a_digest_may_change_its_hour_and_leaves_it_else(app: App) -> None:
    await run(a_place(app), SUBSCRIBE, keywords="agents", time="8:30", timezone="Berlin")
    await run(a_place(app), SUBSCRIBE, keywords="memory")
    assert (await app.subscribing.require(HERE)).schedule == Schedule(at=time(8, 30), zone="Europe/Berlin")
    await run(a_place(app), SUBSCRIBE, time="10:00")
    known = await app.subscribing.require(HERE)
    assert known.schedule == Schedule(at=time(10, 0), zone="Europe/Berlin")
    assert known.interest.keywords == ("agents", "memory")


async def test_an_hour_that_means_nothing_leaves_no_subscription_behind(app: App) -> None:
    said = text_of((await answer(a_place(app), "subscribe", "agents; at 25:00 Berlin")).message)
    assert "25:00" in said
    assert await app.subscribing.current(HERE) is None


async def test_the_steps_of_a_command_are_all_taken_and_the_last_one_answers(app: App) -> None:
    await run(a_place(app), SUBSCRIBE, keywords="agents")
    said = await run(a_place(app), ("papers", "style"), style="report", layout="titles")
    known = await app.subscribing.require(HERE)
    assert (known.style, known.form) == ("report", Form.TITLES)
    assert "Style report" in said
    await run(a_place(app), ("papers", "keywords"), clear=True, add="memory, retrieval")
    assert (await app.subscribing.require(HERE)).interest.keywords == ("memory", "retrieval")


async def test_a_step_that_is_refused_is_the_last_one(app: App) -> None:
    assert "no subscription" in await run(a_place(app), ("papers", "keywords"), clear=True, add="memory")
    await run(a_place(app), SUBSCRIBE, keywords="agents")
    refused = (("layout", "nonsense"), ("style", "report"))
    assert "layouts" in text_of((await answers(a_place(app), refused)).message)
    assert (await app.subscribing.require(HERE)).style == "card"
    stranger = replace(a_place(app), is_admin=nobody)
    assert "manage this server" in await run(stranger, ("papers", "keywords"), clear=True, add="memory")
    assert (await app.subscribing.require(HERE)).interest.keywords == ("agents",)


@pytest.mark.parametrize("language", ["en", "zh", "vi"])
async def test_commands_are_spelled_as_on_discord_in_the_language_of_the_subscription(app: App, language: str) -> None:
    talk = a_place(app, "en")
    said = await run(talk, SUBSCRIBE, keywords="agents")
    assert "/papers timezone timezone:Berlin" in said
    in_it = await run(talk, ("papers", "language"), language=language)
    assert in_it
    paused = await run(talk, ("papers", "pause"))
    assert "/papers resume" in paused
    assert words(language, "discord")("subscribed.paused") in paused


def test_a_thread_that_is_closed_is_told_of_in_discords_spelling() -> None:
    assert "/papers unsubscribe" in text_of(topic_notice(HERE, "en"))
    assert "write /unsubscribe" in text_of(topic_notice(replace(HERE, platform="telegram"), "en"))


async def test_elsewhere_commands_are_spelled_as_they_are_typed(app: App) -> None:
    there = a_talk(app, Address(platform="telegram", chat="5"), sources=("arxiv", "huggingface"))
    await answer(there, "subscribe", "agents")
    assert "; /resume starts it again." in text_of((await answer(there, "pause", "")).message)


async def test_a_wish_with_an_hour_can_be_typed_where_there_are_no_options(app: App) -> None:
    there = a_talk(app, Address(platform="telegram", chat="5"), sources=("arxiv", "huggingface"))
    await answer(there, "subscribe", "cs.CL agents; at weekdays 08:00 Berlin")
    known = await app.subscribing.require(there.address)
    assert known.interest.keywords == ("agents",)
    assert known.schedule == Schedule(at=time(8, 0), zone="Europe/Berlin", weekdays=frozenset(range(5)))


@pytest.mark.parametrize(("platform", "command"), [("discord", "/papers keywords changes"), ("telegram", ": /keywords changes")])
async def test_a_digest_without_papers_names_the_commands_of_its_platform(world: World, platform: str, command: str) -> None:
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001", title="Agents"), batch_on=date(2026, 6, 2))
    nowhere = dict.fromkeys(("DISCORD_API_URL", "TELEGRAM_API_URL"), "http://127.0.0.1:9")
    world.extra |= nowhere | {"DISCORD_BOT_TOKEN": TOKEN, "TELEGRAM_BOT_TOKEN": "12345:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}
    async with opened(config.load(world.environment, Path("/dev/null")), is_sending=True) as app:
        address = Address(platform=platform, chat="77")
        subscription = await app.subscribing.subscribe(address, Interest(keywords=("nothing like it",)))
        await app.digesting.send(subscription, report=silent)
        async with app.store.read() as tx:
            queued = (await tx.execute(select(parts.c.payload))).scalars().all()
    assert command in "".join(map(str, queued))
