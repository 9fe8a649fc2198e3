"""Discord channels with a fate each, in one broadcast, seen by people, by the ledger and on the wire."""

import asyncio
import re
import shutil
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.subscriptions import Address
from tests.discord_seen import place_of
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_reader import seen as read
from tests.lives import Lives, publish, subscribe
from tests.process.watching import Stages, Story
from tests.world import a_world

pytestmark = pytest.mark.timeout(300)  # the story of all chats is played before the first test

FIRST = "2026-06-02"
EVE = datetime(2026, 6, 2, 8, tzinfo=UTC)
PAPERS = 6
FINE = "100"
GONE, ON_LOST_SERVER, SILENCED, HIDDEN, DIRECT, STRANGER = "201", "202", "203", "204", "205", "206"
HOME = "300"
LOCKED, DELETED, OPEN = f"{HOME}/301", f"{HOME}/302", f"{HOME}/303"
LOST, DOUBTFUL, DOWN, PATIENT, ODD, GARBAGE, MARKUP = "401", "402", "403", "404", "405", "406", "407"
CLOSED = (GONE, ON_LOST_SERVER, SILENCED, HIDDEN, DIRECT, STRANGER, LOCKED, DELETED)
PLACES = (FINE, *CLOSED, OPEN, LOST, DOUBTFUL, DOWN, PATIENT, ODD, GARBAGE, MARKUP)
CAUSES = {
    GONE: ("channel_gone", "the channel does not exist any more (404 10003 Unknown Channel)"),
    ON_LOST_SERVER: ("server_gone", "the bot is not on that server any more"),
    SILENCED: ("no_permission", "the bot may not write there (403 50013 Missing Permissions)"),
    HIDDEN: ("no_permission", "the bot may not write there (403 50001 Missing Access)"),
    DIRECT: ("no_direct_messages", "that person takes no direct messages from the bot"),
    STRANGER: ("no_direct_messages", "that person takes no direct messages from the bot"),
    LOCKED: ("topic_closed", "the topic is closed"),
    DELETED: ("topic_gone", "the topic does not exist any more"),
}


def befall(discord: FakeDiscord) -> None:
    """What waits for the broadcast."""
    discord.deletes_channel(GONE)
    discord.puts(ON_LOST_SERVER, "2")
    discord.removes_guild("2")
    discord.takes_rights(SILENCED)
    discord.takes_rights(HIDDEN, can_see=False)
    discord.closes_direct_messages(DIRECT)
    discord.closes_direct_messages(STRANGER, shares_guild=False)
    discord.locks("301")
    discord.deletes_channel("302")
    discord.loses_answer(cuts=True, channel=LOST)
    discord.loses_answer(cuts=True, channel=DOUBTFUL)
    discord.throttles(600, channel=DOUBTFUL)  # longer than it knows a message again
    discord.fails(503, channel=DOWN)
    discord.throttles(7000, channel=PATIENT)
    discord.refuses(403, 59999, "The stars are not right", channel=ODD)
    discord.says("<html>welcome to the hotel</html>", channel=GARBAGE, accepts=True)
    discord.refuses(400, 50035, "Invalid Form Body", channel=MARKUP)


def relent(discord: FakeDiscord) -> None:
    discord.restores_channel(GONE)
    discord.returns_guild("2")
    discord.gives_rights(SILENCED)
    discord.gives_rights(HIDDEN)
    discord.opens_direct_messages(DIRECT)
    discord.opens_direct_messages(STRANGER)
    discord.unlocks("301")
    discord.restores_channel("302")


async def told(folder: Path) -> tuple[Story, Counter[str]]:
    """Nine, ten and noon; with how often each nonce was asked for."""
    story = Story()
    async with a_world(folder) as world, FakeDiscord() as discord:
        world.extra |= {"DISCORD_BOT_TOKEN": discord.token, "DISCORD_API_URL": discord.url}
        homes = [Address(platform="discord", chat=chat, thread=thread) for chat, _, thread in (p.partition("/") for p in PLACES)]
        await subscribe(world, *homes, at="09:00", subscribed_at=EVE, limit=PAPERS)
        publish(world, date.fromisoformat(FIRST), PAPERS)
        for thread in (LOCKED, DELETED, OPEN):
            discord.thread(thread.partition("/")[2], HOME, owner="7")
        befall(discord)
        lives = Lives(world=world, platform="discord", starts_at=EVE)
        stages = Stages(
            lives=lives, story=story, shown=lambda: [(place_of(discord, each.channel), each) for each in discord.messages]
        )
        digests, closed = len(PLACES), len(CLOSED)
        await stages.pass_by("broadcast", f"{FIRST}T09:00:01", digests=digests, closed=closed, has_table=True)
        await stages.pass_by("in vain", f"{FIRST}T10:01:00", digests=digests, closed=closed, looks=1)
        relent(discord)
        await stages.pass_by("opened", f"{FIRST}T12:02:00", digests=digests, closed=0)
        story.subscriptions = lives.number("SELECT count(*) FROM subscriptions")
        story.log = (folder / "bot.log").read_text()
        assert discord.refusals_429 == 0, "within the limits all the time"
        assert discord.repeats_stopped == 2, "the lost answer, and the page"
        return story, Counter(each.nonce for each in discord.requests if each.kind == "message")


@pytest.fixture(scope="module")
def told_once(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> tuple[Story, Counter[str]]:
    folder = tmp_path_factory.mktemp("discord")
    shutil.copy(empty_database, folder / "paperboy.db")
    return asyncio.run(told(folder))


@pytest.fixture
def story(told_once: tuple[Story, Counter[str]]) -> Story:
    return told_once[0]


def papers(story: Story, place: str, *stages: str) -> list[int]:
    """The numbers of the papers whose cards people saw there, in order."""
    found = (each for stage in stages or story.shown for each in story.shown[stage].get(place, []))
    titles = (read(embed["title"]) for each in found for embed in each.embeds)
    return [int(number) for title in titles for number in re.findall(r"Agents of 02 June, part (\d+)", title)]


ALL = list(range(1, PAPERS + 1))


@pytest.mark.parametrize("place", PLACES)
def test_in_the_end_everybody_saw_everything_once(story: Story, place: str) -> None:
    assert sorted(papers(story, place)) == ALL
    states = story.seen["opened"].states(place)
    assert set(states[1:]) == {"sent"}
    assert states[0] == ("unknown" if place == DOUBTFUL else "sent")
    assert story.subscriptions == len(PLACES)


@pytest.mark.parametrize("place", CLOSED)
def test_a_closed_channel_is_suspended_for_its_reason_looked_at_and_opened_by_itself(story: Story, place: str) -> None:
    cause, reason = CAUSES[place]
    seen = story.seen["broadcast"]
    assert seen.closed[place]["cause"] == cause
    assert (set(seen.states(place)), seen.causes(place)) == ({"suspended"}, {cause})
    row = f"discord {place.replace('/', ' ')} {FIRST} daily 1/"
    assert any(row in line and reason in line for line in seen.table.splitlines())
    later = story.seen["in vain"].closed[place]
    assert (later["looks_in_vain"], later["next_look_at"][:13]) == (1, f"{FIRST}T12")
    assert not papers(story, place, "broadcast", "in vain")


@pytest.mark.parametrize("place", [FINE, OPEN, LOST, DOWN, GARBAGE, MARKUP])
def test_the_others_are_not_kept_waiting(story: Story, place: str) -> None:
    assert sorted(papers(story, place, "broadcast")) == ALL
    assert set(story.seen["broadcast"].states(place)) == {"sent"}


def test_the_cards_of_a_digest_stand_in_one_thread(story: Story) -> None:
    for place in (FINE, LOST, DOWN, GARBAGE, MARKUP):
        head, *cards = story.shown["broadcast"][place]
        assert head.channel == place
        assert {each.channel for each in cards} == {head.thread}


def test_the_home_of_threads_hears_once_of_each_that_takes_nothing(story: Story) -> None:
    notices = [read(each.content) for stage in story.shown for each in story.shown[stage].get(HOME, [])]
    assert sorted(re.findall(r"The topic (\d+) takes no messages", " ".join(notices))) == ["301", "302"]
    assert len(notices) == 2


@pytest.mark.parametrize("place", [LOST, GARBAGE])
def test_a_lost_answer_is_asked_for_again_under_the_same_nonce(
    told_once: tuple[Story, Counter[str]], story: Story, place: str
) -> None:
    first = story.seen["broadcast"].of(place)[0]
    assert (first["state"], first["attempts"]) == ("sent", 2)
    shown = story.shown["broadcast"][place]
    assert told_once[1][shown[0].nonce] == 2
    assert first["platform_id"] == shown[0].id, "the answer told of the message that is seen"


def test_a_lost_answer_is_not_asked_for_again_when_discord_may_have_forgotten(story: Story) -> None:
    assert story.seen["broadcast"].states(DOUBTFUL)[0] == "retry"
    first = story.seen["in vain"].of(DOUBTFUL)[0]
    assert (first["state"], first["cause"], first["attempts"]) == ("unknown", "no_answer", 2)
    assert papers(story, DOUBTFUL, "in vain") == ALL
    assert not any(each.content for each in story.shown["in vain"][DOUBTFUL]), "only what was behind it"
    assert {each.channel for each in story.shown["in vain"][DOUBTFUL]} == {DOUBTFUL}, "nobody knows the head of a thread"


def test_a_channel_that_must_wait_waits_through_a_restart(story: Story) -> None:
    first, second = (story.seen[stage].of(PATIENT)[0] for stage in ("broadcast", "in vain"))
    assert (first["state"], first["cause"]) == ("retry", "throttled")
    assert first["next_at"] == second["next_at"]
    assert not papers(story, PATIENT, "broadcast", "in vain")


def test_an_error_that_nobody_knows_is_tried_again_and_closes_nothing(story: Story) -> None:
    assert ODD not in story.seen["broadcast"].closed
    assert story.seen["broadcast"].of(ODD)[0]["cause"] == "refused"
    assert sorted(papers(story, ODD, "in vain")) == ALL


def test_refused_markup_is_sent_once_more_as_plain_text_and_told_to_the_operator(story: Story) -> None:
    plain, rest = story.shown["broadcast"][MARKUP][0], story.shown["broadcast"][FINE][0]
    assert plain.content != rest.content
    assert story.log.count("markup refused") == 1


def test_a_server_that_fails_is_tried_again(story: Story) -> None:
    assert story.seen["broadcast"].of(DOWN)[0]["attempts"] == 2
