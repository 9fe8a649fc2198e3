"""The first answer to an interaction, through a line that fails: it comes all the same, in time and once."""

from collections.abc import Callable

import pytest

from bot.channels.discord import Discord
from bot.channels.discord_flight import rest_client
from bot.channels.discord_refusals import Refusals
from bot.channels.discord_voice import Asked, Voice
from bot.channels.pace import Limits, Pace
from bot.domain.messages import Message, paragraph
from bot.domain.subscriptions import Address
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_uses import RUN

FAULTS: dict[str, Callable[[FakeDiscord], None]] = {
    "cut before it is read": lambda fake: fake.drops_unread(kind="callback", times=2),
    "cut when it is read": lambda fake: fake.drops(kind="callback"),
    "an answer that is lost": lambda fake: fake.loses_answer(cuts=True, kind="callback"),
    "a failing server": lambda fake: fake.fails(503, kind="callback"),
    "a failing gateway": lambda fake: fake.fails(502, kind="callback"),
    "a server that fails after all": lambda fake: fake.fails(503, accepts=True, kind="callback"),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_first_answer_comes_through_a_failing_line_in_time_and_once(name: str) -> None:
    async with FakeDiscord() as fake:
        channel = Discord(fake.token, fake.url, pace=Pace(Limits()))
        await channel.open()
        client = rest_client(Refusals())
        await client.login(fake.token)
        try:
            person = fake.person("2001")
            use = fake.begins(RUN, person.id, person.direct, {"name": "help"}, name="/help")
            asked = Asked(id=int(use.id), token=use.token, application=108, person=person.id)
            voice = Voice(client.http, asked, channel)
            FAULTS[name](fake)
            (part,) = voice.render(Message(blocks=(paragraph("Here it is."),)))
            await voice.say(Address(platform="discord", chat="@2001"), part)
            assert [each.content for each in person.seen()] == ["Here it is."]
            assert use.answered_within_s is not None
            assert use.answered_within_s < fake.answer_s
        finally:
            await client.close()
            await channel.close()
