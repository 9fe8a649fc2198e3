"""The running bot where many read the same message: what one of them presses is no post for all, and changes no other's."""

import base64
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from bot.words import words
from tests.fakes.telegram_people import Person
from tests.fakes.telegram_places import Channel, Group
from tests.fakes.telegram_posts import Posted
from tests.fakes.telegram_rooms import Member
from tests.process.telegram_chats import EXPIRED, PAPERS, SAID, a_town, settings, settle
from tests.process.telegram_talk import Conversation

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

ids = count(-1_009_000, -1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    async with a_town(tmp_path_factory.mktemp("readers"), empty_database) as found:
        await found.lives.begin()
        yield found


async def a_digest_in_a_channel(talk: Conversation) -> tuple[Channel, Posted]:
    channel = talk.telegram.channel(str(next(ids)), title="News", admins=[talk.newcomer()])
    await settle(talk, channel.id)
    await channel.posts("/limit 1")
    await channel.sees("at most 1 a digest")
    await channel.posts("/digest")
    return channel, await channel.sees(PAPERS[0])


async def subscribe(channel: Channel, person: Person) -> None:
    """They read it, and are nothing more there."""
    await channel.changes(Member(user=person.plain), person.user)


async def a_digest_in_a_group(talk: Conversation) -> tuple[Group, Person, Person, Posted]:
    admin, member = talk.newcomer(), talk.newcomer()
    group = talk.telegram.group(str(next(ids)), title="Lab", admins=[admin], members=[member])
    await settle(talk, group.id)
    await admin.says("/digest", chat=group)
    return group, admin, member, await admin.sees(PAPERS[0], chat=group)


async def toast(person: Person, posted: Posted, data: str) -> str:
    return (await (await person.forges(posted, data)).answer()).text


def data_of(posted: Posted, label: str) -> str:
    return str(posted.button(label)["callback_data"])


async def test_what_a_reader_of_a_channel_asks_for_is_told_to_them_alone(talk: Conversation) -> None:
    channel, digest = await a_digest_in_a_channel(talk)
    reader = talk.telegram.person(5_001, has_started=True)
    await subscribe(channel, reader)
    posts = len(channel.shown)
    await (await reader.taps(digest, "1 more")).answer()
    rest = await reader.sees(PAPERS[1])
    assert rest.labels == [], "buttons of a digest lead nowhere in another chat"
    opened = await (await reader.taps(digest, "1")).answer()
    assert PAPERS[0] in opened.text
    await channel.sees(lambda _: "Abstract" in digest.labels)
    for label in ("Abstract", "Summary"):
        await (await reader.taps(digest, label)).answer()
        await reader.sees(PAPERS[0])
    assert len(channel.shown) == posts


async def test_a_reader_whom_the_bot_may_not_write_to_is_told_how_to_begin(talk: Conversation) -> None:
    channel, digest = await a_digest_in_a_channel(talk)
    posts, stranger = len(channel.shown), talk.newcomer()
    await subscribe(channel, stranger)
    number = data_of(digest, "1").partition(":")[2]
    for data in (data_of(digest, "1 more"), f"1da:{number}", f"1dx:{number}"):
        said = await (await stranger.forges(digest, data)).answer()
        assert (data, said.text, said.is_alert) == (data, SAID("press.write_first"), True)
    assert (len(channel.shown), stranger.shown) == (posts, [])


async def test_a_forged_press_of_a_member_changes_no_message_of_the_group(talk: Conversation) -> None:
    group, admin, member, digest = await a_digest_in_a_group(talk)
    await admin.says("/settings", chat=group)
    menu = await admin.sees(words("en")("settings.head"), chat=group)
    number = data_of(digest, "1").partition(":")[2]
    searched = base64.urlsafe_b64encode(b"birds").decode().rstrip("=")
    before = [(each.text, each.labels) for each in group.shown]
    for posted, data in (
        (digest, f"1sr:1.{searched}"),
        (menu, f"1sr:1.{searched}"),
        (digest, f"1dm:{number.partition('.')[0]}.1.1"),
        (menu, f"1dp:{number}"),
        (menu, f"1db:{number}"),
    ):
        answered = await toast(member, posted, data)
        assert (data, answered) in ((data, EXPIRED), (data, SAID("papers.nothing_left_out")))
    assert [(each.text, each.labels) for each in group.shown] == before


async def test_two_members_who_press_at_once_are_both_answered(talk: Conversation) -> None:
    group, _, member, digest = await a_digest_in_a_group(talk)
    other = talk.newcomer()
    await other.joins(group)
    one, two = data_of(digest, "1"), data_of(digest, "2")
    assert PAPERS[0] in await toast(member, digest, one)
    assert PAPERS[1] in await toast(other, digest, two), "the buttons had changed when the second press came"


async def test_a_reply_to_another_bots_question_is_none_of_ours(talk: Conversation) -> None:
    group, admin, _, digest = await a_digest_in_a_group(talk)
    before = settings(talk, group.id)
    keyboard = {"inline_keyboard": [[{"text": "Cancel", "callback_data": "1sq:n"}]]}
    asked = talk.telegram.told(digest) | {"from": {"id": 99, "is_bot": True, "first_name": "B"}, "reply_markup": keyboard}
    answer = {"chat": asked["chat"], "from": admin.user, "date": asked["date"], "reply_to_message": asked}
    await talk.telegram.updates.add("message", {**answer, "message_id": 900_001, "text": "3"}, queue="other bot")
    asked["from"] = talk.telegram.told(digest)["from"]
    assert (await (await admin.taps(digest, "1")).answer()).text, "what was said before is worked on by now"
    assert settings(talk, group.id) == before
    ours = {**answer, "message_id": 900_002, "text": "4", "reply_to_message": asked}
    await talk.telegram.updates.add("message", ours, queue="our bot")
    await group.sees("at most 4")
    assert settings(talk, group.id)["max_papers"] == 4
