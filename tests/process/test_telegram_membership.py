"""The running bot where its own place in a chat changes: what waits is held back, and comes when it may write again."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.telegram import Asked, Moment
from tests.fakes.telegram_people import Person
from tests.fakes.telegram_places import Group
from tests.process.telegram_chats import PAPERS, SAID, a_town, settings, settle, suspended, titles
from tests.process.telegram_talk import Conversation
from tests.process.watching import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

AGENTS = list(PAPERS[:2])
ids = count(4001)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    async with a_town(tmp_path_factory.mktemp("membership"), empty_database) as found:
        found.lives.rate = 240  # four minutes a second, and a tick each
        await found.lives.begin()
        yield found


def a_group(talk: Conversation, kind: str = "-100") -> tuple[Group, Person]:
    admin = talk.newcomer()
    return talk.telegram.group(f"{kind}{next(ids)}", admins=[admin]), admin


async def becomes(talk: Conversation, cause: str | None, chat: str) -> None:
    """Wait until a chat is closed for that cause, or open."""
    await until(talk.lives, lambda: suspended(talk, chat) == cause)


async def is_subscribed(talk: Conversation, chat: str) -> None:
    """A digest of it is due within the next second."""
    await settle(talk, chat, at=f"{talk.lives.now + timedelta(minutes=3):%H:%M}")


def due(kept: dict[str, object]) -> datetime:
    """When the digest of a subscription is due, and a tick later."""
    return datetime.fromisoformat(str(kept["next_due_at"])) + timedelta(minutes=2)


async def waits(talk: Conversation, chat: str) -> dict[str, object]:
    """Wait until the platform refused a digest and it is held back; returns the settings of then."""
    query = "SELECT p.state FROM parts p JOIN addresses a ON a.id = p.address_id WHERE a.chat = ?"
    await until(talk.lives, lambda: talk.rows(query, chat) == [("suspended",)])
    return settings(talk, chat)


@pytest.mark.parametrize("says_start", [False, True], ids=["unblocked", "start"])
async def test_what_waited_for_somebody_who_blocked_the_bot_comes_when_they_are_back(
    talk: Conversation, says_start: bool
) -> None:
    reader = talk.newcomer()
    await reader.says("/about")
    await reader.sees("research papers")
    await is_subscribed(talk, str(reader.id))
    talk.telegram.blocks(str(reader.id))  # which the bot is not told of before it sends
    kept = await waits(talk, str(reader.id))
    assert suspended(talk, str(reader.id)) == "blocked"
    assert len(reader.shown) == 1
    if says_start:
        talk.telegram.unblocks(str(reader.id))
        await reader.says("/start")
        await reader.sees("Good to see you again.")
    else:
        await reader.unblocks()
    await reader.sees(PAPERS[0])
    assert (titles(reader.private), suspended(talk, str(reader.id))) == (AGENTS, None)
    assert settings(talk, str(reader.id)) == kept


@pytest.mark.parametrize("is_banned", [True, False], ids=["kicked", "put_out"])
async def test_what_waited_for_a_group_comes_when_the_bot_is_back(talk: Conversation, is_banned: bool) -> None:
    group, admin = a_group(talk)
    await is_subscribed(talk, group.id)
    kept = settings(talk, group.id)
    await group.removes_bot(is_banned=is_banned)
    await becomes(talk, "kicked", group.id)
    await until(talk.lives, lambda: talk.lives.now > due(kept))
    await group.adds_bot(admin)
    await group.sees(PAPERS[0])
    assert SAID("start.joined") in [shown.text for shown in group.shown]
    assert titles(group) == AGENTS
    assert settings(talk, group.id) == kept | {"next_due_at": settings(talk, group.id)["next_due_at"]}


async def test_what_waited_comes_when_a_group_lets_the_bot_speak_again(talk: Conversation) -> None:
    group, _ = a_group(talk)
    await is_subscribed(talk, group.id)
    talk.telegram.takes_rights(group.id)
    kept = await waits(talk, group.id)
    assert suspended(talk, group.id) == "no_permission"
    talk.telegram.gives_rights(group.id)
    await group.gives_rights()
    await group.sees(PAPERS[0])
    assert len(group.shown) == 1, "no greeting: it was there all the time"
    assert (titles(group), settings(talk, group.id)) == (AGENTS, kept)


async def test_what_waited_comes_when_a_channel_lets_the_bot_post_again(talk: Conversation) -> None:
    admin = talk.newcomer()
    channel = talk.telegram.channel(f"-100{next(ids)}", admins=[admin])
    await is_subscribed(talk, channel.id)
    await channel.takes_rights(admin)
    await becomes(talk, "no_permission", channel.id)
    kept = settings(talk, channel.id)
    await until(talk.lives, lambda: talk.lives.now > due(kept))
    await channel.gives_rights(admin)
    await channel.sees(PAPERS[0])
    assert (len(channel.shown), titles(channel), suspended(talk, channel.id)) == (1, AGENTS, None)


async def test_another_right_of_a_channel_suspends_nothing(talk: Conversation) -> None:
    admin = talk.newcomer()
    channel = talk.telegram.channel(f"-100{next(ids)}", admins=[admin])
    await is_subscribed(talk, channel.id)
    await channel.takes_rights(admin, "can_edit_messages")
    await channel.sees(PAPERS[0])
    assert suspended(talk, channel.id) is None


async def test_the_digest_that_waits_while_a_group_becomes_a_supergroup_comes_there(talk: Conversation) -> None:
    group, admin = a_group(talk, "-")
    old = group.id
    await is_subscribed(talk, old)
    talk.telegram.takes_rights(old)
    kept = await waits(talk, old)
    await group.upgrades_to(f"-100{next(ids)}")
    await until(talk.lives, lambda: bool(settings(talk, group.id)))
    assert (settings(talk, old), settings(talk, group.id)) == ({}, kept)
    await group.gives_rights()
    await group.sees(PAPERS[0])
    assert titles(group) == AGENTS
    await admin.says("/settings", chat=group)
    await admin.sees("papers about agents", chat=group)


async def test_settings_move_with_a_group_though_nothing_is_sent_there(talk: Conversation) -> None:
    group, _ = a_group(talk, "-")
    await settle(talk, group.id)
    old, kept = group.id, settings(talk, group.id)
    await group.upgrades_to(f"-100{next(ids)}")
    await until(talk.lives, lambda: bool(settings(talk, group.id)), within_s=20)
    assert (settings(talk, old), settings(talk, group.id), group.shown) == ({}, kept, [])


async def test_the_next_digest_goes_to_the_supergroup(talk: Conversation) -> None:
    group, _ = a_group(talk, "-")
    await is_subscribed(talk, group.id)
    await group.upgrades_to(f"-100{next(ids)}")
    await group.sees(PAPERS[0])
    assert titles(group) == AGENTS


async def test_a_command_is_answered_though_its_group_becomes_a_supergroup_meanwhile(talk: Conversation) -> None:
    group, admin = a_group(talk, "-")
    old, new = group.id, f"-100{next(ids)}"

    async def upgrade(moment: Moment, asked: Asked) -> None:
        if moment == "before" and asked.chat == old and group.id == old:
            await group.upgrades_to(new)

    talk.telegram.on_send = upgrade
    await admin.says("/subscribe cs.CL agents", chat=group)
    await talk.telegram.sees(new, "You get: papers about agents")
    talk.telegram.on_send = None
    await until(talk.lives, lambda: bool(settings(talk, new)))
    assert (settings(talk, old), len(group.shown)) == ({}, 1)
    assert group.shown[0].chat == new
    await admin.says("/limit 3", chat=group)
    await admin.sees("at most 3 a digest", chat=group)
    assert talk.rows("SELECT count(*) FROM addresses WHERE chat IN (?, ?)", old, new) == [(1,)]
