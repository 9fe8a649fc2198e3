"""Whatever strangers write, from their source to a Telegram chat: the running bot delivers it whole, and no markup is refused.

The recorded papers stand beside the checkout (../shared): counts only, never a text. Their twin is made here.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.visible import shown
from tests.channels.test_telegram_hostile import CORPUS, HOSTILE, recorded
from tests.channels.test_telegram_markup import letters
from tests.fakes.openai import FakeOpenAI
from tests.fakes.telegram import Posted
from tests.process.telegram_digests import digest_of
from tests.process.telegram_talk import TODAY, Conversation, a_conversation

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

_NAMES = ("AI", "CL", "CR", "CV", "DB", "DC", "HC", "IR", "LG", "MA", "NE", "NI", "PL", "RO", "SD", "SE")
FIELDS = tuple(f"cs.{name}" for name in _NAMES)
ENOUGH, READERS, READERS_OF_TWIN = 510, len(FIELDS), 8
"""A chat takes one message a second, so they share the work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Titles and abstracts as they were at their source, and the digest that a person saw of them."""

    papers: tuple[tuple[str, str], ...]
    parts: tuple[Posted, ...]

    @property
    def lacks(self) -> list[str]:
        """What cannot be found in it."""
        seen = letters("".join(part.text for part in self.parts))
        return [text for paper in self.papers for text in paper if letters(shown(text)) not in seen]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    """The model is down, so that digests show abstracts."""
    folder = tmp_path_factory.mktemp("telegram")
    shutil.copy(empty_database, folder / "paperboy.db")
    async with FakeOpenAI(key="sk-test-0123456789") as model, a_conversation(folder, DELIVERY_CONCURRENCY="24") as made:
        model.is_down()
        made.world.model = model
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def readers(talk: Conversation) -> dict[str, list[Told]]:
    """Those of the recorded papers, through arXiv, and of their twin, through Hugging Face, all at once."""
    twin = [
        (f"T {text} {n}", f"{text} {other}") for n, (text, other) in enumerate(zip(HOSTILE, reversed(HOSTILE), strict=True), 1)
    ]
    papers = recorded()[:ENOUGH] if CORPUS.is_file() else ()
    for number, (title, abstract) in enumerate(twin):
        name, arxiv_id = f"Ada Rook{number % READERS_OF_TWIN}", f"2605.{number + 1:05}"
        talk.world.huggingface.lists(arxiv_id, on=TODAY, title=title, summary=abstract, authors=(name,))
    for number, paper in enumerate(papers):
        talk.world.arxiv.publishes(replace(paper, categories=(FIELDS[number % READERS],), doi=None), batch_on=TODAY)
    said = [(paper.title, paper.abstract) for paper in papers]
    await talk.lives.begin()
    of_twin = (reads(talk, f"huggingface @Rook{n}", twin[n::READERS_OF_TWIN]) for n in range(READERS_OF_TWIN))
    of_recorded = (reads(talk, FIELDS[n], said[n::READERS]) for n in range(READERS if said else 0))
    found = await asyncio.gather(asyncio.gather(*of_twin), asyncio.gather(*of_recorded))
    return {"twin": found[0], "recorded": found[1]}


async def reads(talk: Conversation, wish: str, papers: Sequence[tuple[str, str]]) -> Told:
    """A newcomer gets all of them in one digest."""
    person = talk.newcomer()
    await person.says(f"/subscribe {wish}")
    await person.sees("You get", within_s=60)
    await person.says("/limit 100")
    await person.sees("at most 100", within_s=60)
    digest = await digest_of(person, within_s=90)
    return Told(papers=tuple(papers), parts=tuple(digest.parts))


@pytest.mark.skipif(not CORPUS.is_file(), reason="../shared/data is not beside this checkout")
async def test_recorded_papers_arrive_whole(readers: dict[str, list[Told]]) -> None:
    assert sum(len(told.papers) for told in readers["recorded"]) >= 500
    assert [len(told.lacks) for told in readers["recorded"]] == [0] * len(readers["recorded"])


async def test_the_worst_that_can_be_written_arrives_whole(readers: dict[str, list[Told]]) -> None:
    assert sum(len(told.papers) for told in readers["twin"]) == len(HOSTILE)
    assert [told.lacks for told in readers["twin"]] == [[]] * len(readers["twin"])


async def test_nothing_was_refused_and_nothing_sent_in_vain(talk: Conversation, readers: dict[str, list[Told]]) -> None:
    assert talk.telegram.answers[400] == 0
    assert talk.telegram.refusals_429 == 0
    assert talk.telegram.oddities == []
    assert talk.rows("SELECT DISTINCT state FROM parts") == [("sent",)]
    assert sum(len(told.parts) for each in readers.values() for told in each) == talk.lives.number("SELECT count(*) FROM parts")
    assert not [each for each in talk.telegram.messages if each.has_preview and each.links]
