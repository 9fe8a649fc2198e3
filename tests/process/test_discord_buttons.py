"""The buttons below a digest on Discord, which a whole server sees: each person gets an answer of their own."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.fakes.discord_looking import labels, words
from tests.fakes.discord_people import Person
from tests.fakes.discord_posts import Accepted
from tests.fakes.openai import FakeOpenAI
from tests.process.discord_digests import AGENTS, CARD, EXPIRED, Feed, a_feed, feeds, marks, says
from tests.process.discord_scenes import up
from tests.process.discord_talk import Conversation, a_conversation
from tests.process.telegram_digests import TITLES
from tests.process.telegram_talk import publish_papers

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

FIRST = "arxiv:2606.02001"
CROWD = 30
WRITTEN = "Written by paper-model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Two channels with a digest each, one that shows titles only, and a person with theirs; the bot began anew behind them."""

    talk: Conversation
    feed: Feed
    other: Feed
    titles: Feed
    reader: Person
    own: Feed

    @property
    def card(self) -> Accepted:
        """Of the first paper."""
        return self.feed.cards[0]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("discord")
    shutil.copy(empty_database, folder / "paperboy.db")
    async with FakeOpenAI(key="sk-test-0123456789") as model, a_conversation(folder) as talk:
        talk.world.model = model
        publish_papers(talk.world, *TITLES)
        await up(talk)
        reader = talk.member()
        feed, other, titles, own = await asyncio.gather(
            a_feed(talk), a_feed(talk), a_list(talk), a_feed(talk, by=reader, channel=reader.direct)
        )
        await talk.lives.kill()
        await talk.lives.begin()
        await talk.discord.until(lambda: talk.discord.identifies == 2)
        await talk.discord.connected()
        town = Town(talk=talk, feed=feed, other=other, titles=titles, reader=reader, own=own)
        yield town
        shared = [shown for of in (feed, other, titles) for shown in (of.head, *of.cards)]
        assert [shown.edits for shown in shared] == [0] * len(shared), "what many see never changes"
        assert (talk.discord.oddities, talk.discord.answers[400]) == ([], 0)


async def a_list(talk: Conversation) -> Feed:
    """A digest of titles, in one message."""
    boss, place = talk.boss(), talk.place()
    await says(boss, place, "papers subscribe", **AGENTS)
    await says(boss, place, "papers style", layout="titles")
    await says(boss, place, "papers digest")
    await talk.discord.until(lambda: len(feeds(talk, place)) == 1)
    return feeds(talk, place)[0]


async def presses(person: Person, message: Accepted, label: str) -> Accepted:
    """They press; the message that answers."""
    return await (await person.taps(message, label)).answer()


async def turns(person: Person, message: Accepted, label: str) -> Accepted:
    """They press a button of a message of their own, which changes."""
    await (await person.taps(message, label)).acknowledged()
    return await person.sees(lambda each: each is message, message.channel)


def with_button(shown: Accepted, label: str) -> str:
    """What its button says to the bot."""
    return str(next(each["custom_id"] for each in shown.buttons if each["label"] == label))


# What people say of a paper


async def test_everybody_is_whispered_to_with_their_own_marks(town: Town) -> None:
    likes, dislikes, both = (town.talk.member() for _ in range(3))
    said = [await presses(person, town.card, label) for person, label in ((likes, "👍"), (dislikes, "👎"), (both, "Save"))]
    assert [words(each).replace("\\", "") for each in said] == ["Noted: 👍", "Noted: 👎", "Saved: /saved lists it"]
    assert [each.seen_by for each in said] == [likes.id, dislikes.id, both.id]
    assert [labels(each)[1:4] for each in said] == [["👍 ✓", "👎", "Save"], ["👍", "👎 ✓", "Save"], ["👍", "👎", "Save ✓"]]
    assert [marks(town.talk, person) for person in (likes, dislikes, both)] == [
        [(FIRST, 1, 0)],
        [(FIRST, -1, 0)],
        [(FIRST, 0, 1)],
    ]
    assert labels(town.card) == CARD


async def test_a_mark_is_taken_back_where_it_is_shown_and_the_words_say_what_holds(town: Town) -> None:
    person = town.talk.member()
    shown = await presses(person, town.card, "👍")
    await turns(person, shown, "👍 ✓")
    assert labels(shown)[1:4] == ["👍", "👎", "Save"]
    assert "Noted" not in words(shown)
    await turns(person, shown, "👎")
    assert (words(shown).replace("\\", ""), labels(shown)[1:4]) == ("Noted: 👎", ["👍", "👎 ✓", "Save"])
    await turns(person, shown, "Save")
    assert words(shown).startswith("Saved")
    assert marks(town.talk, person) == [(FIRST, -1, 1)]


async def test_a_second_press_says_the_same_and_counts_once(town: Town) -> None:
    person = town.talk.member()
    said = await asyncio.gather(*[presses(person, town.card, "👍") for _ in range(2)])
    assert {words(each).replace("\\", "") for each in said} == {"Noted: 👍"}
    assert marks(town.talk, person) == [(FIRST, 1, 0)]


async def test_alone_with_the_bot_a_card_turns_by_itself(town: Town) -> None:
    person, card = town.reader, town.own.cards[0]
    before = words(card)
    await turns(person, card, "👍")
    assert (labels(card), words(card)) == (["Summary", "👍 ✓", "👎", "Save", "PDF"], before)
    await turns(person, card, "👍 ✓")
    assert labels(card) == CARD
    assert marks(town.talk, person) in ([], [(FIRST, 0, 0)])


# What people read of a paper


async def test_thirty_people_who_press_at_once_read_one_summary_that_was_written_once(town: Town) -> None:
    model = town.talk.world.asked_model
    calls, people = len(model.asked), [town.talk.member() for _ in range(CROWD)]
    model.takes_s(1.0)
    digest = with_button(town.titles.head, "1").partition(":")[2].partition(".")[0]
    data = f"1dx:{digest}.c"  # the twelfth, which was left out: nobody asked for it before
    uses = await asyncio.gather(*(person.forges(town.titles.head, data) for person in people))
    summaries = await asyncio.gather(*(use.answer() for use in uses))
    await town.talk.discord.until(lambda: all(WRITTEN in words(each) for each in summaries))
    model.takes_s(0)
    assert [(use.answered_with, use.is_ephemeral) for use in uses] == [(5, True)] * CROWD
    assert len({words(each) for each in summaries}) == 1
    assert "Agents that plan 12" in words(summaries[0])
    assert {each.seen_by for each in summaries} == {person.id for person in people}
    assert len(model.asked) - calls == 1


async def test_the_summary_of_a_card_is_whispered_and_has_marks_of_its_own(town: Town) -> None:
    person = town.talk.member()
    shown = await presses(person, town.card, "Summary")
    assert (shown.seen_by, labels(shown)) == (person.id, ["PDF", "👍", "👎", "Save"])
    await turns(person, shown, "Save")
    assert labels(shown) == ["PDF", "👍", "👎", "Save ✓"]
    assert "Agents that plan 1" in words(shown)


async def test_what_was_left_out_is_whispered_in_pages_and_opens_there(town: Town) -> None:
    person = town.talk.member()
    page = await presses(person, town.feed.head, "13 more")
    assert page.seen_by == person.id
    assert [f"{n}" for n in range(3, 13)] == labels(page)[:10]
    assert labels(page)[10:] == ["1/2", "›"]
    await turns(person, page, "›")
    assert ("Agents that plan 15" in words(page), labels(page)) == (True, ["13", "14", "15", "‹", "2/2"])
    listed = words(page)
    await turns(person, page, "14")
    assert (labels(page)[0], words(page)) == ("Summary of 14", listed)
    await turns(person, page, "Back")
    assert (labels(page), words(page)) == (["13", "14", "15", "‹", "2/2"], listed)


async def test_a_number_opens_a_paper_for_whoever_presses_it_and_the_next_takes_its_place(town: Town) -> None:
    person = town.talk.member()
    shown = await presses(person, town.titles.head, "1")
    assert (words(shown).replace("\\", ""), labels(shown)[0]) == ("1. Agents that plan 1", "Summary of 1")
    await turns(person, shown, "Back")
    await turns(person, shown, "2")
    assert (words(shown).replace("\\", ""), labels(shown)[0]) == ("2. Agents that plan 2", "Summary of 2")
    abstract = await presses(person, shown, "Abstract")
    assert abstract is shown or "Long conversations make" in words(abstract)


# What leads nowhere


@pytest.mark.parametrize("label", ["Summary", "👍", "👎", "Save"])
async def test_a_button_of_another_channel_opens_nothing(town: Town, label: str) -> None:
    stranger = town.talk.member()
    use = await stranger.forges(town.card, with_button(town.other.cards[0], label))
    assert words(await use.answer()).replace("\\", "") == EXPIRED
    assert marks(town.talk, stranger) == []


@pytest.mark.parametrize(
    "data",
    [
        "0dv:1.1.1",
        "2dv:1.1.1",
        "1dv:1.99.1",
        "1dv:zzzz.1.1",
        "1dv:-1.1.1",
        "1ds:1.1.7",
        "1dm:zzz.1",
        "1dp",
        "1zz:1",
        "paper",
        "x" * 100,
    ],
)
async def test_a_button_of_another_version_or_of_nobody_says_so(town: Town, data: str) -> None:
    stranger = town.talk.member()
    use = await stranger.forges(town.card, data)
    shown = await use.answer()
    assert (words(shown).replace("\\", ""), shown.seen_by, labels(shown)) == (EXPIRED, stranger.id, [])
    assert marks(town.talk, stranger) == []


async def test_a_list_with_values_of_another_place_opens_nothing(town: Town) -> None:
    stranger, values = town.talk.member(), (with_button(town.other.cards[0], "👍"),)
    for more in (values, (), ("0dv:1.1.1",), ("",)):
        use = await stranger.forges(town.card, "1ch:0", kind=3, values=more)
        assert words(await use.answer()).replace("\\", "") == EXPIRED
    assert marks(town.talk, stranger) == []


async def test_nobody_settles_a_channel_with_a_forged_button(town: Town) -> None:
    stranger, place = town.talk.member(), town.feed.head.channel
    known: dict[str, Any] | None = town.talk.subscription(place)
    for data in ("1st", "1se:k", "1su", "1sv:m.1", "1sv:x"):
        shown = await (await stranger.forges(town.feed.head, data)).answer()
        assert shown.seen_by == stranger.id
        assert "papers about agents" not in words(shown)
    assert town.talk.subscription(place) == known


async def test_a_digest_whose_subscription_is_forgotten_says_so_when_it_is_pressed(town: Town) -> None:
    boss, place = town.talk.boss(), town.talk.place()
    feed = await a_feed(town.talk, papers=1, by=boss, channel=place)
    await says(boss, place, "papers unsubscribe")
    for message, label in ((feed.cards[0], "👍"), (feed.cards[0], "Summary"), (feed.head, "14 more")):
        assert words(await presses(town.talk.member(), message, label)).replace("\\", "") == EXPIRED
