"""The first answer to an interaction, through a line that fails: it comes all the same, in time and once."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from discord import Client

from bot.channels.discord import Discord
from bot.channels.discord_voice import Asked, Voice
from bot.domain.messages import Message, paragraph
from bot.domain.subscriptions import Address
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_people import Person
from tests.fakes.discord_uses import RUN, Use

FAULTS: dict[str, Callable[[FakeDiscord], None]] = {
    "cut before it is read": lambda fake: fake.drops_unread(kind="callback", times=2),
    "cut when it is read": lambda fake: fake.drops(kind="callback"),
    "an answer that is lost": lambda fake: fake.loses_answer(cuts=True, kind="callback"),
    "a failing server": lambda fake: fake.fails(503, kind="callback"),
    "a failing gateway": lambda fake: fake.fails(502, kind="callback"),
    "a line that hangs": lambda fake: fake.hangs(kind="callback"),
    "a server that fails after all": lambda fake: fake.fails(503, accepts=True, kind="callback"),
}


HERE = Address(platform="discord", chat="@2001")
Begin = Callable[[], tuple[Voice, Use]]


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server


@pytest.fixture
async def person(fake: FakeDiscord) -> Person:
    return fake.person("2001")


@pytest.fixture
def begin(fake: FakeDiscord, client: Client, discord: Discord, person: Person) -> Begin:
    """Another command of theirs, and the voice that answers it."""

    def begun() -> tuple[Voice, Use]:
        use = fake.begins(RUN, person.id, person.direct, {"name": "help"}, name="/help")
        asked = Asked(id=int(use.id), token=use.token, application=108, person=person.id)
        return Voice(client.http, asked, discord), use

    return begun


@pytest.mark.parametrize("name", FAULTS)
async def test_a_first_answer_comes_through_a_failing_line_in_time_and_once(
    name: str, fake: FakeDiscord, person: Person, begin: Begin
) -> None:
    voice, use = begin()
    FAULTS[name](fake)
    (part,) = voice.render(Message(blocks=(paragraph("Here it is."),)))
    await voice.say(HERE, part)
    assert [each.content for each in person.seen()] == ["Here it is."]
    assert use.answered_within_s is not None
    assert use.answered_within_s < fake.answer_s


async def test_a_wait_for_everybody_that_is_cut_short_leaves_nobody_waiting_for_ever(
    fake: FakeDiscord, person: Person, begin: Begin
) -> None:
    """The library shuts a gate for all requests while it waits, and opens it only at the end of that."""
    fake.throttles(3600, kind="callback", scope="global")
    (part,) = begin()[0].render(Message(blocks=(paragraph("Here it is."),)))
    await begin()[0].say(HERE, part)
    later, use = begin()
    async with asyncio.timeout(fake.answer_s):
        await later.say(HERE, part)
    assert use.answered_within_s is not None
