"""The running bot in topics of groups, and what it says where it may not write."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.telegram_people import Person
from tests.fakes.telegram_places import Group
from tests.process.telegram_chats import SAID, a_town, settings, suspended, titles
from tests.process.telegram_talk import Conversation
from tests.process.watching import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    async with a_town(tmp_path_factory.mktemp("topics"), empty_database) as found:
        await found.lives.begin()
        yield found


def a_forum(talk: Conversation, number: int) -> tuple[Group, Person]:
    admin = talk.newcomer()
    return talk.telegram.group(f"-1002{number}", title="Lab", admins=[admin], is_forum=True), admin


async def subscribes(person: Person, group: Group, wish: str, thread: str = "") -> None:
    await person.says(f"/subscribe {wish}", chat=group, thread=thread)
    await person.sees("You get:", chat=group, thread=thread)


async def test_each_topic_has_a_subscription_of_its_own_and_its_digest_comes_there(talk: Conversation) -> None:
    group, admin = a_forum(talk, 1)
    agents, birds = await group.opens_topic("Agents"), await group.opens_topic("Birds")
    await subscribes(admin, group, "cs.CL agents", agents)
    await subscribes(admin, group, "cs.CL birds", birds)
    assert settings(talk, group.id) == {}, "General has none"
    await admin.says("/digest", chat=group, thread=agents)
    await admin.sees("Agents that plan", chat=group, thread=agents)
    await admin.says("/digest", chat=group, thread=birds)
    await admin.sees("Birds that sing", chat=group, thread=birds)
    assert (titles(group, agents), titles(group, birds)) == (["Agents that plan", "Agents that remember"], ["Birds that sing"])
    assert titles(group, "") == []


async def test_settings_are_those_of_the_topic_in_which_one_asks(talk: Conversation) -> None:
    group, admin = a_forum(talk, 2)
    agents, empty = await group.opens_topic("Agents"), await group.opens_topic("Empty")
    await subscribes(admin, group, "cs.CL agents", agents)
    await subscribes(admin, group, "cs.CL birds")
    await admin.says("/settings", chat=group, thread=agents)
    menu = await admin.sees("papers about agents", chat=group, thread=agents)
    await (await admin.taps(menu, "Sound")).answer()
    await admin.sees(lambda shown: "Sound: off" in shown.labels, chat=group, thread=agents)
    assert (settings(talk, group.id, agents)["is_muted"], settings(talk, group.id)["is_muted"]) == (1, 0)
    await admin.says("/settings", chat=group)
    await admin.sees("papers about birds", chat=group, thread="")
    await admin.says("/settings", chat=group, thread=empty)
    await admin.sees("What do you read?", chat=group, thread=empty)


async def test_a_closed_topic_gets_nothing_until_it_is_opened_again(talk: Conversation) -> None:
    group, admin = a_forum(talk, 3)
    topic, other = await group.opens_topic("Agents"), await group.opens_topic("Birds")
    await subscribes(admin, group, "cs.CL agents", topic)
    await subscribes(admin, group, "cs.CL birds", other)
    await group.closes_topic(topic)
    await until(talk.lives, lambda: suspended(talk, group.id, topic) == "topic_closed")
    assert suspended(talk, group.id, other) is None
    await group.reopens_topic(topic)
    await until(talk.lives, lambda: suspended(talk, group.id, topic) is None)
    await admin.says("/digest", chat=group, thread=topic)
    await admin.sees("Agents that plan", chat=group, thread=topic)


async def test_a_press_in_a_topic_is_about_that_topic(talk: Conversation) -> None:
    group, admin = a_forum(talk, 4)
    topic = await group.opens_topic("Agents")
    await admin.says("/settings", chat=group, thread=topic)
    welcome = await admin.sees("What do you read?", chat=group, thread=topic)
    await (await admin.taps(welcome, "Language")).answer()
    asked = await admin.sees("Which words matter to you?", chat=group, thread=topic)
    await admin.says("birds", chat=group, thread=topic, reply_to=asked)
    when = await admin.sees("When shall it come?", chat=group, thread=topic)
    await admin.taps(when, "Berlin")
    await admin.sees("Your first digest is on its way.", chat=group, thread=topic)
    await admin.sees("Birds that sing", chat=group, thread=topic)
    assert (settings(talk, group.id, topic)["keywords"], settings(talk, group.id)) == ('["birds"]', {})


async def test_whoever_subscribes_where_the_bot_may_not_write_hears_so_in_private(talk: Conversation) -> None:
    admin = talk.newcomer()
    group = talk.telegram.group("-10025", admins=[admin])
    await admin.says("/about")
    await admin.sees("research papers")
    await group.takes_rights()
    await admin.says("/subscribe cs.CL agents", chat=group)
    alone = await admin.sees(SAID("cannot_write", cause=SAID("cause.no_permission")))
    assert (group.shown, alone.chat) == ([], str(admin.id))
    assert settings(talk, group.id)["keywords"] == '["agents"]'
    assert suspended(talk, group.id) == "no_permission"
    await group.gives_rights()
    await until(talk.lives, lambda: suspended(talk, group.id) is None)


async def test_whoever_never_wrote_to_the_bot_alone_hears_nothing_there(talk: Conversation) -> None:
    admin = talk.newcomer()
    group = talk.telegram.group("-10026", admins=[admin])
    await group.takes_rights()
    await admin.says("/subscribe cs.CL agents", chat=group)
    await until(talk.lives, lambda: bool(settings(talk, group.id)))
    await group.gives_rights()
    await until(talk.lives, lambda: suspended(talk, group.id) is None)
    await admin.says("/about", chat=group)
    await admin.sees("research papers", chat=group)
    assert admin.shown == []


@pytest.mark.parametrize("is_told_before", [True, False], ids=["told_when_typing", "told_by_the_message"])
async def test_whoever_subscribes_in_a_closed_topic_hears_so_in_private(talk: Conversation, is_told_before: bool) -> None:
    talk.telegram.chats.typing_tells_of_topics = is_told_before
    group, admin = a_forum(talk, 70 + is_told_before)
    await admin.says("/about")
    await admin.sees("research papers")
    topic = await group.opens_topic("Closed")
    await group.closes_topic(topic)
    await admin.says("/subscribe cs.CL agents", chat=group, thread=topic)
    assert (await admin.sees("cannot")).text == SAID("cannot_write", cause=SAID("cause.topic_closed"))
    await until(talk.lives, lambda: suspended(talk, group.id, topic) == "topic_closed")
    await group.reopens_topic(topic)
    await until(talk.lives, lambda: suspended(talk, group.id, topic) is None)
    await admin.says("/settings", chat=group, thread=topic)
    await admin.sees("papers about agents", chat=group, thread=topic)


async def test_who_asks_in_a_group_is_told_nothing_wrong_where_the_platform_fails(talk: Conversation) -> None:
    admin = talk.newcomer()
    group = talk.telegram.group("-10029", admins=[admin])
    await admin.says("/about")
    await admin.sees("research papers")
    talk.telegram.refuses(400, "Bad Request: the stars are not right", chat=group.id)
    await admin.says("/about", chat=group)
    await talk.telegram.all_read()
    await admin.says("/help", chat=group)
    await admin.sees(SAID("help.head"), chat=group)
    assert len(admin.shown) == 1


async def test_two_topics_of_one_group_are_asked_at_once(talk: Conversation) -> None:
    group, admin = a_forum(talk, 8)
    threads = [await group.opens_topic(name) for name in ("Agents", "Birds")]
    for thread, word in zip(threads, ("agents", "birds"), strict=True):
        await admin.says(f"/subscribe cs.CL {word}", chat=group, thread=thread)
    await asyncio.gather(*(group.sees("You get:", thread=thread) for thread in threads))
    kept = [settings(talk, group.id, thread)["keywords"] for thread in threads]
    assert kept == ['["agents"]', '["birds"]']
