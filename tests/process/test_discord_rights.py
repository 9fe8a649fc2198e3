"""Who may do what on Discord with the running bot, whatever their client offers, and commands about another channel."""

from pathlib import Path
from typing import Any

import pytest

from handlers.commands import COMMANDS, Who
from handlers.discord.table import SLASHES
from tests.fakes.discord_people import Person
from tests.process.discord_scenes import a_play
from tests.process.discord_settings import kept
from tests.process.discord_spots import SAID, WISH, Spot, a_reader, a_spot, plain
from tests.process.discord_talk import Conversation
from tests.process.telegram_talk import publish_papers

pytestmark = pytest.mark.timeout(200)  # all scenes are played before the first test

NOT_YOURS = SAID("admins_only")
TITLES = ("Agents that plan", "Agents that remember")
CHANGING: dict[str, dict[str, Any]] = {
    "subscribe": {"categories": "cs.LG"},
    "unsubscribe": {},
    "keywords": {"add": "birds"},
    "categories": {"categories": "cs.LG"},
    "authors": {"add": "Fei-Fei Li"},
    "limit": {"papers": 3},
    "threshold": {"score": 2.0},
    "votes": {"votes": 5},
    "replacements": {"on": True},
    "style": {"style": "brief"},
    "language": {"language": "vi"},
    "time": {"time": "07:15"},
    "timezone": {"timezone": "Asia/Tokyo"},
    "pause": {},
    "resume": {},
    "mute": {},
    "settings": {},
    "digest": {},
    "preview": {},
    "export": {},
}
"""What changes settings or tells all of them, with options that would change something."""
TELLING: dict[str, dict[str, Any]] = {"history": {}, "usage": {}, "status": {}, "import": {"file": ("refs.bib", b"@article{a,}")}}
"""What else is about somebody's subscription."""


def papers(talk: Conversation) -> None:
    publish_papers(talk.world, *TITLES)


PLAY = a_play(first=papers)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> dict[str, BaseException | None]:
    return PLAY.played(tmp_path_factory.mktemp("rights"), empty_database)


def beside(spot: Spot, person: Person | None = None, where: str = "") -> Spot:
    """Somebody else, or somewhere else."""
    where = where or spot.where
    return Spot(talk=spot.talk, person=person or spot.person, where=where, chat=where)


def test_every_command_about_a_subscription_is_tried() -> None:
    about = {each.name for each in SLASHES if each.option("channel") is not None} - {"deletemydata"}
    assert about == set(CHANGING) | set(TELLING)
    admins = {each.name for each in SLASHES if COMMANDS[each.command].who is Who.ADMINS}
    assert admins == set(CHANGING)


# People without the right


@PLAY.scene
async def members_are_offered_nothing_that_changes_settings(talk: Conversation) -> None:
    spot = a_spot(talk)
    member, boss = talk.member().menu(spot.where), spot.person.menu(spot.where)
    assert not any(each.startswith("papers") for each in member)
    assert {f"papers {name}" for name in CHANGING} <= set(boss)
    said = await beside(spot, talk.member()).asked("help")
    assert "/summary:" in said
    assert "/papers" not in said, "which they are not offered"


@PLAY.scene
async def what_changes_settings_is_refused_to_members_who_send_it_all_the_same(talk: Conversation) -> None:
    spot = await a_reader(talk)
    forger, before = beside(spot, talk.member()), talk.subscription(spot.chat)
    for name, options in CHANGING.items():
        assert await forger.refused(f"papers {name}", **options) == NOT_YOURS, name
    assert (talk.subscription(spot.chat), talk.digests(spot.chat)) == (before, 0)


@PLAY.scene
async def nothing_is_told_of_another_channel_to_who_may_not_change_it(talk: Conversation) -> None:
    spot = await a_reader(talk)
    elsewhere, before = beside(spot, talk.member(), talk.place("elsewhere")), talk.subscription(spot.chat)
    for name, options in (CHANGING | TELLING).items():
        assert await elsewhere.refused(f"papers {name}", channel=spot.where, **options) == NOT_YOURS, name
    assert await elsewhere.refused("deletemydata", channel=spot.where, confirm="yes") == NOT_YOURS
    assert (talk.subscription(spot.chat), talk.digests(spot.chat)) == (before, 0)


@PLAY.scene
async def who_manages_another_server_is_nobody_here(talk: Conversation) -> None:
    spot = await a_reader(talk)
    foreigner = talk.discord.person("6101", guild="2", manages_guild=True)
    foreigner.joins("1")
    before = talk.subscription(spot.chat)
    assert await beside(spot, foreigner).refused("papers limit", papers=3) == NOT_YOURS
    theirs = beside(spot, foreigner, talk.place("theirs", guild="2"))
    assert (await theirs.asked("papers limit", channel=spot.where, papers=3)).startswith("That channel is not on this server")
    use = await theirs.runs("papers limit", channel=theirs.where, papers=3)
    options = [{"name": "channel", "type": 7, "value": spot.where}, {"name": "papers", "type": 4, "value": 3}]
    data = {**use.data, "resolved": {}, "options": [{"name": "limit", "type": 1, "options": options}]}
    forged = await talk.discord.begins(2, foreigner.id, theirs.where, data, name="a forged channel").answer()
    assert plain(forged).startswith("That channel is not on this server")
    assert talk.subscription(spot.chat) == before


@PLAY.scene
async def administrators_may_all_of_it(talk: Conversation) -> None:
    person, where = talk.member(permissions=1 << 3), talk.place()
    said = await (await person.runs("papers subscribe", where, categories="cs.CL", keywords="agents")).answer()
    assert "papers about agents" in plain(said)


# Another channel


@PLAY.scene
async def everything_can_be_set_from_another_channel_which_the_answer_names(talk: Conversation) -> None:
    news, desk = talk.place("news"), a_spot(talk)
    first = await desk.asked("papers subscribe", channel=news, **WISH)
    assert first.startswith("This is about #news.")
    for name in ("limit", "keywords", "style", "mute", "history", "usage", "status", "preview"):
        said = await desk.asked(f"papers {name}", channel=news, **(CHANGING | TELLING)[name])
        assert said.startswith("This is about #news."), name
    assert (await desk.asked("papers settings", channel=news)).startswith("These are the settings of #news.")
    row = {"max_papers": 3, "keywords": ["agents", "birds"], "style": "brief", "is_muted": 1}
    assert kept(talk, news, *row) == row
    assert talk.subscription(desk.chat) is None
    assert (await desk.asked("papers limit", papers=3)).startswith("There is no subscription here yet.")


@PLAY.scene
async def a_digest_that_is_asked_for_elsewhere_goes_to_its_channel(talk: Conversation) -> None:
    news, desk = talk.place("news"), a_spot(talk)
    await desk.answer("papers subscribe", channel=news, **WISH)
    await desk.finally_says(await desk.runs("papers digest", channel=news), SAID("discord.comes"))
    shown = await talk.boss().sees(TITLES[0], news)
    assert not shown.seen_by
    assert [each for each in talk.discord.messages if each.channel == desk.where and not each.seen_by] == []


@PLAY.scene
async def a_forum_gets_a_post_a_day(talk: Conversation) -> None:
    desk, forum = a_spot(talk), talk.place()
    talk.discord.forum(forum := forum + "9", name="reading")
    said = await desk.asked("papers subscribe", channel=forum, **WISH)
    assert said.startswith("This is about #reading.")
    await desk.finally_says(await desk.runs("papers digest", channel=forum), SAID("discord.comes"))
    await talk.discord.until(lambda: any(each.is_post and each.parent == forum for each in talk.discord.messages))


@PLAY.scene
async def somebodys_thread_is_a_place_of_its_own_and_that_of_a_digest_is_its_channel(talk: Conversation) -> None:
    desk, parent = a_spot(talk), talk.place()
    theirs = talk.discord.thread(f"{parent}1", parent, desk.person.id, name="reading group")
    ours = talk.discord.thread(f"{parent}2", parent, name="Papers of today")
    said = await desk.asked("papers subscribe", channel=theirs, **WISH)
    assert said.startswith("This is about #reading group.")
    assert talk.subscription(parent, theirs) is not None
    assert talk.subscription(parent) is None
    below = beside(desk, where=ours)
    await below.answer("papers subscribe", categories="cs.LG")
    row = talk.subscription(parent)
    assert row is not None
    assert row["categories"] == '["cs.LG"]'
    inside = beside(desk, where=theirs)
    await inside.answer("papers limit", papers=4)
    row = talk.subscription(parent, theirs)
    assert row is not None
    assert row["max_papers"] == 4


@PLAY.scene
async def a_channel_where_it_may_not_write_is_told_at_once(talk: Conversation) -> None:
    for can_see in (True, False):
        desk, hidden = a_spot(talk), talk.place("hidden")
        talk.discord.takes_rights(hidden, can_see=can_see)
        talk.discord.happened("CHANNEL_UPDATE", talk.discord.described_channel(hidden), "1")
        said = await desk.asked("papers subscribe", channel=hidden, **WISH)
        assert "I cannot post there yet: the bot may not write there. My role needs View Channel, Send Messages" in said, can_see


@PLAY.scene
async def alone_there_is_no_other_channel(talk: Conversation) -> None:
    spot = await a_reader(talk, is_private=True)
    there = await a_reader(talk)
    use = await spot.runs("papers limit", papers=3)
    await use.answer()
    channel = {"name": "channel", "type": 7, "value": there.where}
    told = {"resolved": {"channels": {there.where: talk.discord.described_channel(there.where) | {"permissions": "32"}}}}
    options = [channel, {"name": "papers", "type": 4, "value": 4}]
    data = {**use.data, **told, "options": [{"name": "limit", "type": 1, "options": options}]}
    said = await talk.discord.begins(2, spot.person.id, spot.person.direct, data, name="a forged channel").answer()
    assert plain(said).startswith("That channel is not on this server")
    assert kept(talk, there.chat, "max_papers") == {"max_papers": 10}


@PLAY.scene
async def what_is_kept_of_a_channel_is_deleted_by_who_manages_it(talk: Conversation) -> None:
    spot = await a_reader(talk)
    desk = a_spot(talk)
    await desk.answer("save", paper="2606.02001")
    would = await desk.asked("deletemydata", channel=spot.where)
    assert "the subscription" in would or "1 subscription" in would
    assert "saved" not in would, "which is not the channel's"
    assert talk.subscription(spot.chat) is not None
    assert "This is deleted:" in await desk.asked("deletemydata", channel=spot.where, confirm="yes")
    assert talk.subscription(spot.chat) is None
    assert "1 paper." in await desk.asked("saved")


@PLAY.ending
async def nothing_was_unexpected(talk: Conversation) -> None:
    assert "handler failed" not in talk.log()


@pytest.mark.parametrize("name", PLAY.names)
def test_rights(played: dict[str, BaseException | None], name: str) -> None:
    if (error := played[name]) is not None:
        raise error
