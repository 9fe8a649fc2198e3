"""Whatever strangers write, from their source to Discord: the running bot shows it whole in threads, channels and forums.

The recorded papers stand beside the checkout (../shared): counts only, never a text. Their twin is made here.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.visible import shown
from tests.channels.discord_feeds import words_of
from tests.channels.test_discord_hostile import WORST
from tests.channels.test_telegram_hostile import CORPUS, recorded
from tests.channels.test_telegram_markup import letters
from tests.fakes.discord_posts import Accepted
from tests.fakes.openai import FakeOpenAI
from tests.process.discord_digests import says
from tests.process.discord_scenes import up
from tests.process.discord_talk import Conversation, a_conversation
from tests.process.telegram_talk import TODAY
from tests.process.test_telegram_hostile import FIELDS
from tests.process.watching import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

ENOUGH, READERS, READERS_OF_TWIN = 510, len(FIELDS), 6
KINDS = ("thread", "channel", "forum")
NAME = 100
"""Characters in the name of a thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Titles and abstracts as they were at their source, and all that people saw of them in a channel of some kind."""

    papers: tuple[tuple[str, str], ...]
    messages: tuple[Accepted, ...]

    @property
    def lacks(self) -> list[str]:
        """What cannot be found in it."""
        seen = letters("".join(words_of(each.content, each.embeds) for each in self.messages))
        return [text for paper in self.papers for text in paper if letters(shown(text)) not in seen]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    """The model is down, so that digests show abstracts."""
    folder = tmp_path_factory.mktemp("discord")
    shutil.copy(empty_database, folder / "paperboy.db")
    async with FakeOpenAI(key="sk-test-0123456789") as model, a_conversation(folder, DELIVERY_CONCURRENCY="24") as made:
        model.is_down()
        made.world.model = model
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def readers(talk: Conversation) -> dict[str, list[Told]]:
    """Those of the recorded papers, through arXiv, and of their twin, through Hugging Face, all at once."""
    twin = [(f"T {text} {n}", f"{text} {other}") for n, (text, other) in enumerate(zip(WORST, reversed(WORST), strict=True), 1)]
    papers = recorded()[:ENOUGH] if CORPUS.is_file() else ()
    for number, (title, abstract) in enumerate(twin):
        name, arxiv_id = f"Ada Rook{number % READERS_OF_TWIN}", f"2605.{number + 1:05}"
        talk.world.huggingface.lists(arxiv_id, on=TODAY, title=title, summary=abstract, authors=(name,))
    for number, paper in enumerate(papers):
        talk.world.arxiv.publishes(replace(paper, categories=(FIELDS[number % READERS],), doi=None), batch_on=TODAY)
    said = [(paper.title, paper.abstract) for paper in papers]
    await up(talk)
    wishes = [({"authors": f"Rook{n}", "sources": "huggingface"}, twin[n::READERS_OF_TWIN]) for n in range(READERS_OF_TWIN)]
    wishes += [({"categories": FIELDS[n]}, said[n::READERS]) for n in range(READERS if said else 0)]
    places = await asyncio.gather(*(asks(talk, KINDS[n % len(KINDS)], wish) for n, (wish, _) in enumerate(wishes)))
    await until(talk.lives, lambda: is_over(talk, len(wishes)), within_s=120)
    told = [read(talk, place, of) for place, (_, of) in zip(places, wishes, strict=True)]
    return {"twin": told[:READERS_OF_TWIN], "recorded": told[READERS_OF_TWIN:]}


async def asks(talk: Conversation, kind: str, wish: dict[str, str]) -> str:
    """A place of its own, of which somebody wants all papers at once; its id."""
    boss, here = talk.boss(), talk.place()
    forum = talk.discord.forum(f"7{here}") if kind == "forum" else ""
    of: dict[str, Any] = {"channel": forum} if forum else {}
    await says(boss, here, "papers subscribe", **wish, **of)
    await says(boss, here, "papers limit", papers=100, **of)
    if kind == "channel":
        await says(boss, here, "papers style", layout="channel")
    await (await boss.runs("papers digest", here, **of)).answer(within_s=90)  # two dozen of them are made one after another
    return forum or here


def is_over(talk: Conversation, digests: int) -> bool:
    """Whether all of them were made, and every part has ended."""
    made = talk.lives.number("SELECT count(*) FROM digests WHERE queued_at IS NOT NULL")
    return made == digests and talk.lives.number("SELECT count(*) FROM parts WHERE ended_at IS NULL") == 0


def read(talk: Conversation, place: str, papers: Sequence[tuple[str, str]]) -> Told:
    """What everybody sees there, in the threads of it too."""
    public = (each for each in talk.discord.messages if not each.seen_by and each.interaction is None)
    return Told(papers=tuple(papers), messages=tuple(each for each in public if place in (each.channel, each.parent)))


@pytest.mark.skipif(not CORPUS.is_file(), reason="../shared/data is not beside this checkout")
async def test_recorded_papers_arrive_whole(readers: dict[str, list[Told]]) -> None:
    assert sum(len(told.papers) for told in readers["recorded"]) >= 500
    assert [len(told.lacks) for told in readers["recorded"]] == [0] * len(readers["recorded"])


async def test_the_worst_that_can_be_written_arrives_whole(readers: dict[str, list[Told]]) -> None:
    assert sum(len(told.papers) for told in readers["twin"]) == len(WORST)
    assert [told.lacks for told in readers["twin"]] == [[]] * len(readers["twin"])


async def test_nothing_was_refused_nobody_mentioned_and_nothing_sent_in_vain(
    talk: Conversation, readers: dict[str, list[Told]]
) -> None:
    sent = [each for of in readers.values() for told in of for each in told.messages]
    assert (talk.discord.answers[400], talk.discord.refusals_429, talk.discord.oddities) == (0, 0, [])
    assert talk.rows("SELECT DISTINCT state FROM parts") == [("sent",)]
    assert len(sent) == talk.lives.number("SELECT count(*) FROM parts")
    assert all(each.allowed_mentions == {"parse": []} for each in sent)
    assert "markup refused" not in talk.log()


async def test_threads_and_posts_have_names_that_say_what_is_in_them(talk: Conversation, readers: dict[str, list[Told]]) -> None:
    channels = {each.channel for of in readers.values() for told in of for each in told.messages if each.parent}
    names = [talk.discord.channels.at(each).name for each in channels]
    assert len(names) >= 2 * READERS_OF_TWIN // 3
    assert all(1 <= len(name) <= NAME and f"{TODAY}" in name for name in names)
    assert talk.discord.posts == sum(told.messages[0].is_post for of in readers.values() for told in of)
