"""What a server's channels, a forum, a thread and a person find on Discord in the morning, from `/papers subscribe` on."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.discord_looking import labels, words
from tests.fakes.discord_people import Person
from tests.process.discord_digests import AGENTS, CARD, SILENT, Answered, Feed, feeds, is_due, nine, public, says, wants
from tests.process.discord_scenes import up
from tests.process.discord_talk import Conversation, a_conversation
from tests.process.telegram_digests import TITLES
from tests.process.telegram_talk import publish_papers

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

LIST = ["13 more", "Settings"]
ASIDE: dict[str, tuple[Answered, ...]] = {
    "thread": (),
    "compact": (("papers style", {"layout": "compact"}),),
    "titles": (("papers style", {"layout": "titles"}),),
    "channel": (("papers style", {"layout": "channel"}),),
    "muted": (("papers mute", {}),),
    "paused": (("papers pause", {}),),
    "left": (("papers unsubscribe", {}),),
    "elsewhere": (("papers categories", {"categories": "math.AG"}),),
    "empty": (("papers keywords", {"clear": True, "add": "nonsense"}),),
}
SERVED = (*(name for name in ASIDE if name not in ("paused", "left")), "news", "forum", "own", "direct", "chinese")
FED = tuple(name for name in SERVED if name not in ("elsewhere", "empty", "titles"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mornings:
    """Places that were subscribed on Tuesday by their names, and what was found there on Wednesday and on Friday."""

    talk: Conversation
    places: dict[str, str]
    reader: Person
    wednesday: dict[str, list[Feed]]
    friday: dict[str, list[Feed]]

    def feed(self, name: str) -> Feed:
        """Of Wednesday, the only one."""
        (found,) = self.wednesday[name]
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mornings(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Mornings]:
    folder = tmp_path_factory.mktemp("discord")
    shutil.copy(empty_database, folder / "paperboy.db")
    async with a_conversation(folder) as talk:
        await up(talk)
        places, reader = await subscribed(talk)
        publish_papers(talk.world, *TITLES, on=date(2026, 6, 3))
        await is_due(talk, nine(3), len(SERVED))
        wednesday = {name: feeds(talk, place) for name, place in places.items()}
        for day in (4, 5):
            publish_papers(talk.world, *(f"{title} on day {day}" for title in TITLES), on=date(2026, 6, day))
        await is_due(talk, nine(5), 2 * len(SERVED))
        await talk.discord.connected()
        friday = {name: feeds(talk, place)[len(wednesday[name]) :] for name, place in places.items()}
        yield Mornings(talk=talk, places=places, reader=reader, wednesday=wednesday, friday=friday)
        assert (talk.discord.answers[400], talk.discord.refusals_429, talk.discord.oddities) == (0, 0, [])


async def subscribed(talk: Conversation) -> tuple[dict[str, str], Person]:
    """All at once, each by somebody of their own."""
    boss, reader, chinese = talk.boss(), talk.member(), talk.boss("zh-CN")
    places = {name: talk.place(name) for name in (*ASIDE, "chinese")}
    places |= {"news": talk.discord.news_channel("6001"), "forum": talk.discord.forum("6002"), "direct": reader.direct}
    places["own"] = talk.discord.thread("6003", places["thread"], owner=boss.id)

    async def forum() -> None:
        for command, wish in (("papers subscribe", AGENTS), ("papers limit", {"papers": 2})):
            await says(boss, places["thread"], command, **wish, channel=places["forum"])

    named = (wants(talk, places[name], *more) for name, more in ASIDE.items())
    await asyncio.gather(
        *named,
        forum(),
        wants(talk, places["news"]),
        wants(talk, places["own"]),
        wants(talk, "", by=reader),
        wants(talk, places["chinese"], by=chinese),
    )
    return places, reader


@pytest.mark.parametrize("name", FED)
async def test_a_day_is_a_list_and_a_card_for_each_of_its_papers_with_what_can_be_done(mornings: Mornings, name: str) -> None:
    feed = mornings.feed(name)
    assert feed.numbers == [1, 2]
    assert feed.titles == ["1. Agents that plan 1", "2. Agents that plan 2"]
    first = feed.cards[0].embeds[0]
    assert first["url"] == "https://arxiv.org/abs/2606.03001"
    assert (first["author"]["name"], first["color"]) == ("Ada Example, Bo Sample", 0xB31B1B)
    assert "notebook" in words(feed.cards[0])
    assert all(len(card.embeds) == 1 and len(card.buttons) == len(CARD) for card in feed.cards)
    assert len(feed.head.buttons) == len(LIST)


async def test_its_words_are_those_of_the_subscription(mornings: Mornings) -> None:
    feed = mornings.feed("thread")
    assert words(feed.head).startswith("**Papers of 2026-06-03**\n\n15 of 17 papers matched, from cs.CL\n\n1")
    assert labels(feed.head) == LIST
    assert all(labels(card) == CARD for card in feed.cards)
    chinese = mornings.feed("chinese")
    assert "Papers of" not in words(chinese.head)
    assert "Settings" not in labels(chinese.head)
    assert "Summary" not in labels(chinese.cards[0])


@pytest.mark.parametrize("name", ["thread", "compact", "muted", "news", "chinese"])
async def test_a_channel_holds_one_message_a_day_and_its_thread_the_cards(mornings: Mornings, name: str) -> None:
    place, (feed,) = mornings.places[name], mornings.wednesday[name]
    assert [each.content for each in public(mornings.talk, place)[:1]] == [feed.head.content]
    thread = mornings.talk.discord.channels.at(feed.head.thread)
    assert (thread.id, thread.parent, thread.kind) == (feed.head.id, place, 10 if name == "news" else 11)
    assert thread.name.startswith("2 ")
    assert "2026-06-03" in thread.name
    assert {card.channel for card in feed.cards} == {thread.id}


@pytest.mark.parametrize("name", ["channel", "own", "direct"])
async def test_without_a_thread_of_its_own_the_cards_stand_below_the_list(mornings: Mornings, name: str) -> None:
    feed = mornings.feed(name)
    assert feed.head.thread == ""
    assert {card.channel for card in feed.cards} == {mornings.places[name]}


async def test_a_forum_gets_one_post_a_day_that_begins_with_the_list(mornings: Mornings) -> None:
    days = mornings.wednesday["forum"] + mornings.friday["forum"]
    assert [day.head.is_post for day in days] == [True, True]
    assert len({day.head.channel for day in days}) == 2 == mornings.talk.discord.posts
    assert [{card.channel for card in day.cards} for day in days] == [{day.head.channel} for day in days]
    names = [mornings.talk.discord.channels.at(day.head.channel).name for day in days]
    assert "2026-06-03" in names[0]
    assert "2026-06-05" in names[1]


async def test_a_layout_says_how_much_of_each_paper_is_shown(mornings: Mornings) -> None:
    cards, compact, titles = (mornings.feed(name) for name in ("thread", "compact", "titles"))
    assert "Key points" in words(cards.cards[0])
    assert "TL;DR" in words(compact.cards[0])
    assert "Key points" not in words(compact.cards[0])
    assert (titles.numbers, titles.cards, titles.head.thread) == ([1, 2], [], "")
    assert labels(titles.head) == ["1", "2", *LIST]


async def test_a_day_without_papers_says_why_in_one_message(mornings: Mornings) -> None:
    (feed,) = mornings.wednesday["empty"]
    assert "None of the 17 papers from cs.CL matched." in words(feed.head)
    assert "/papers keywords" in words(feed.head)
    assert (feed.cards, feed.head.thread, labels(feed.head)) == ([], "", ["Settings"])


async def test_what_a_source_lacks_is_told_where_it_is_wanted_and_nowhere_else(mornings: Mornings) -> None:
    said = {name: words(days[0].head) for name, days in mornings.wednesday.items() if days}
    assert [name for name, text in said.items() if "math.AG" in text] == ["elsewhere"]


async def test_muted_digests_come_without_a_sound_in_their_thread_too(mornings: Mornings) -> None:
    muted, loud = mornings.feed("muted"), mornings.feed("thread")
    assert all(each.flags & SILENT for each in (muted.head, *muted.cards))
    assert not any(each.flags & SILENT for each in (loud.head, *loud.cards))


async def test_who_paused_or_left_gets_nothing(mornings: Mornings) -> None:
    assert [public(mornings.talk, mornings.places[name]) for name in ("paused", "left")] == [[], []]


async def test_nobody_is_mentioned_and_no_link_unfolds(mornings: Mornings) -> None:
    sent = [each for days in mornings.wednesday.values() for day in days for each in (day.head, *day.cards)]
    assert all(each.allowed_mentions == {"parse": []} for each in sent)
    assert all(each.flags & 4 for each in sent if not each.embeds)


@pytest.mark.parametrize("name", FED)
async def test_days_that_nobody_was_up_for_are_made_up_for_at_once_and_nothing_comes_twice(mornings: Mornings, name: str) -> None:
    (late,) = mornings.friday[name]
    seen = {*late.titles} & {*mornings.feed(name).titles}
    assert (seen, late.numbers, len(late.cards)) == (set(), [1, 2, 3, 4], 4)
    if name != "chinese":
        assert "2026-06-04" in words(late.head)
        assert "2026-06-05" in words(late.head)


async def test_settings_open_for_a_manager_alone_and_in_private_for_the_person(mornings: Mornings) -> None:
    talk, head = mornings.talk, mornings.feed("thread").head
    denied, opened = [await (await each.taps(head, "Settings")).answer() for each in (talk.member(), talk.boss())]
    assert "Only people who may manage this server" in words(denied)
    assert "papers about agents" in words(opened)
    assert denied.seen_by != opened.seen_by != ""
    own = await (await mornings.reader.taps(mornings.feed("direct").head, "Settings")).answer()
    assert "papers about agents" in words(own)
    assert head.edits == 0
