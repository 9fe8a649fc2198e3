"""The running bot in channels: commands posted there, and settings from a private chat."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.actions import base36
from tests.fakes.telegram_people import Person
from tests.fakes.telegram_places import Channel
from tests.fakes.telegram_posts import Posted
from tests.fakes.telegram_rooms import Member
from tests.process.telegram_chats import ADMINS_ONLY, EXPIRED, PAPERS, SAID, a_town, number, settings, settle, suspended, titles
from tests.process.telegram_talk import Conversation
from tests.process.watching import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

CHANNEL, GROUP = 1, 2
ids = count(-1_003_000, -1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    async with a_town(tmp_path_factory.mktemp("channels"), empty_database) as found:
        await found.lives.begin()
        yield found


def a_channel(talk: Conversation, *, has_bot: bool = True) -> tuple[Channel, Person]:
    admin = talk.newcomer()
    return talk.telegram.channel(str(next(ids)), title="Lab <news>", admins=[admin], has_bot=has_bot), admin


async def picks(person: Person, channel: Channel) -> Posted:
    """The channel's settings, in private."""
    await person.says("/channel")
    await person.sees(SAID("channel.pick"))
    await person.shares_chat(channel, CHANNEL)
    return await person.sees(lambda shown: bool(shown.labels) or "admin" in shown.text)


async def test_added_to_a_channel_it_says_one_short_thing_that_leads_to_private_settings(talk: Conversation) -> None:
    channel, admin = a_channel(talk, has_bot=False)
    await channel.adds_bot(admin)
    said = await channel.sees(SAID("start.joined"))
    assert said.labels == ["Settings"]
    home, _, payload = admin.opens(said, "Settings").partition("?start=")
    assert (home, payload) == ("https://t.me/p_bot", f"settings-{base36(number(talk, channel.id))}")
    await admin.says(f"/start {payload}")
    await admin.sees("What do you read?")
    stranger = talk.newcomer()
    await stranger.says(f"/start {payload}")
    assert (await stranger.sees("")).text == ADMINS_ONLY
    assert channel.shown == [said]


async def test_commands_that_are_posted_in_a_channel_are_those_of_its_admins(talk: Conversation) -> None:
    channel, _ = a_channel(talk)
    await channel.posts("/subscribe cs.CL agents")
    await channel.sees("You get: papers about agents")
    posted = await channel.posts("/limit 3")
    await channel.sees("at most 3 a digest")
    assert settings(talk, channel.id)["max_papers"] == 3
    await channel.posts("nothing but news")
    await channel.posts("/imagine a picture")
    await channel.edits(posted, "/limit 5")
    await channel.posts("/digest")
    await channel.sees(PAPERS[0])
    assert settings(talk, channel.id)["max_papers"] == 3, "an edited post is no command"
    assert len(channel.shown) == 3, "what is no command of ours is not answered"
    assert all(shown.reply_to is None for shown in channel.shown)


async def test_a_channel_is_set_up_from_a_private_chat(talk: Conversation) -> None:
    channel, admin = a_channel(talk)
    welcome = await picks(admin, channel)
    assert "This is about Lab <news>:" in [shown.text for shown in admin.shown]
    assert admin.keyboard is None, "the platform's list is taken away"
    await admin.taps(welcome, "Language")
    await admin.sees("Which words matter to you?")
    await admin.says("agents, -survey")
    await admin.taps(await admin.sees("When shall it come?"), "Berlin")
    began = await admin.sees("Your first digest is on its way.")
    await channel.sees(PAPERS[0])
    assert (titles(channel), titles(admin.private)) == (list(PAPERS[:2]), [])
    kept = settings(talk, channel.id)
    assert (kept["keywords"], kept["excluded"], kept["zone"]) == ('["agents"]', '["survey"]', "Europe/Berlin")
    assert settings(talk, str(admin.id)) == {}
    await admin.taps(began, "Settings")
    menu = await admin.sees(SAID("settings.head"))
    await admin.taps(menu, "Sound")
    await admin.sees(lambda shown: "Sound: off" in shown.labels)
    assert settings(talk, channel.id)["is_muted"] == 1


async def test_the_menu_of_a_channel_in_private_says_whose_it_is_and_changes_it(talk: Conversation) -> None:
    channel, admin = a_channel(talk)
    await settle(talk, channel.id, str(admin.id))
    menu = await picks(admin, channel)
    assert "These are the settings of" in menu.text
    await admin.taps(menu, "At most 10")
    await admin.sees("A digest lists at most 10 papers.")
    await admin.taps(menu, "30")
    await admin.sees("A digest lists at most 30 papers.")
    assert (settings(talk, channel.id)["max_papers"], settings(talk, str(admin.id))["max_papers"]) == (30, 10)
    await admin.taps(menu, "Back")
    await admin.sees(lambda shown: "Unsubscribe" in shown.labels)
    await admin.taps(menu, "Unsubscribe")
    await admin.sees(SAID("unsubscribed"))
    assert (settings(talk, channel.id), bool(settings(talk, str(admin.id)))) == ({}, True)


async def test_who_is_no_admin_of_the_channel_changes_nothing_there(talk: Conversation) -> None:
    channel, admin = a_channel(talk)
    await settle(talk, channel.id)
    menu, before = await picks(admin, channel), settings(talk, channel.id)
    target = base36(number(talk, channel.id))
    stranger = await talk.reader("cs.CL birds")
    own = stranger.shown[-1]
    for data in (f"1sv:q.1.{target}", f"1su:{target}", f"1st:{target}", f"1se:m.{target}", f"1ot:nlp.0900.UTC.{target}"):
        assert (data, (await (await stranger.forges(own, data)).answer()).text) == (data, ADMINS_ONLY)
    for data in ("1sv:q.1.zzzzz", "1sv:q.1.0", "1sv:q.1.-1", f"1sv:q.1.{target}.x.!", "1su:99999999999999999999"):
        assert (data, (await (await stranger.forges(own, data)).answer()).text) == (data, EXPIRED)
    await stranger.says(f"/start settings-{target}")
    assert (await stranger.sees("")).text == ADMINS_ONLY
    assert settings(talk, channel.id) == before
    assert menu.edits == []


async def test_who_was_demoted_before_the_first_press_changes_nothing(talk: Conversation) -> None:
    channel, admin = a_channel(talk)
    await settle(talk, channel.id)
    before = settings(talk, channel.id)
    await admin.says("/channel")
    await admin.sees(SAID("channel.pick"))
    target = base36(number(talk, channel.id))
    shown = admin.shown[-1]
    await channel.changes(Member(user=admin.plain), admin.user)
    for data in (f"1sv:q.1.{target}", f"1su:{target}"):
        assert (await (await admin.forges(shown, data)).answer()).text == ADMINS_ONLY
    assert settings(talk, channel.id) == before


async def test_a_channel_in_which_the_bot_may_not_post_is_named_as_such(talk: Conversation) -> None:
    channel, admin = a_channel(talk)
    welcome = await picks(admin, channel)
    await channel.takes_rights(admin)
    await admin.taps(welcome, "Language")
    asked = await admin.sees("Which words matter to you?")
    await admin.taps(asked, "Skip")
    await admin.taps(await admin.sees("When shall it come?"), "Berlin")
    began = await admin.sees("You get:")
    assert SAID("rights.lacking", cause=SAID("cause.no_permission")) in began.text
    assert "on its way" not in began.text
    assert channel.shown == []
    await channel.gives_rights(admin)
    await until(talk.lives, lambda: suspended(talk, channel.id) is None)


async def test_votes_below_the_digest_of_a_channel_are_of_whoever_presses(talk: Conversation) -> None:
    channel, admin = a_channel(talk)
    await settle(talk, channel.id)
    await channel.posts("/digest")
    digest = await channel.sees(PAPERS[0])
    readers = [talk.newcomer() for _ in range(3)]
    for reader in readers:
        await channel.changes(Member(user=reader.plain), reader.user)
    await (await admin.taps(digest, "1")).answer()
    await channel.sees(lambda shown: shown is digest and "👍" in shown.labels)
    for reader, label in zip(readers, ("👍", "👎", "Save"), strict=True):
        assert (await (await reader.taps(digest, label)).answer()).text
    marks = talk.rows("SELECT person, vote, saved_at IS NOT NULL FROM marks ORDER BY person")
    assert marks == [(str(reader.id), *mark) for reader, mark in zip(readers, ((1, 0), (-1, 0), (0, 1)), strict=True)]
    assert not any("✓" in label for label in digest.labels), "nobody sees what others said"
    await readers[2].says("/saved")
    assert PAPERS[0] in (await readers[2].sees("")).text
