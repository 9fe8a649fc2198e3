"""The outside of a bot that lives in virtual time: daily lists, a platform, a ranker, a summarizer, as their ports say."""

import asyncio
import json
import re
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.channels.console import Console
from bot.domain.budget import Usage
from bot.domain.deliveries import FRESH, Cause, Outcome, OutcomeKind, Past
from bot.domain.digests import Score
from bot.domain.intake import Page, Wanted, Watermark
from bot.domain.messages import Item, Message
from bot.domain.papers import AnnounceType, FullText, Paper, PaperRef, SeenPaper
from bot.domain.subscriptions import Address, Interest
from bot.domain.summaries import Answer, Summary
from bot.errors import SourceUnreachable
from bot.guard import require_no_transaction
from bot.ports import Delivered, Part
from bot.rankers.keywords import KeywordRanker
from bot.summarizers.extractive import Extractive
from tests.builders import a_paper, a_sighting

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
LISTS, POST = "lists", "post"
DOWN_FOR_S = 60.0
NUMBER = re.compile(r"\bno(\d{5})\b")

Hook = Callable[[], Coroutine[Any, Any, None]]


@dataclass(slots=True)
class Clock:
    """Stands still but for what passes it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def passes(self, time: timedelta) -> None:
        self.now += time


@dataclass(slots=True)
class DailyLists:
    """A PaperSource: a list for each day (UTC) that fills while the day goes on. An answer takes a second."""

    clock: Clock
    name: str = LISTS
    is_down: bool = False
    failed_until: datetime | None = None
    meanwhile: Hook | None = None  # once, while it is asked
    papers: list[Paper] = field(default_factory=list)
    listed: dict[date, list[tuple[Paper, AnnounceType]]] = field(default_factory=dict)
    served: set[tuple[str, int]] = field(default_factory=set)

    def publishes(self, topic: str) -> None:
        number = len(self.papers) + 1
        paper = a_paper(
            arxiv_id=f"2703.{number:05}",
            title=f"{topic.title()} no{number:05}",
            abstract="Nothing is said.",
            authors=("Ada Example",),
        )
        self.papers.append(paper)
        self._list(paper, AnnounceType.NEW)

    def replaces(self, which: int) -> None:
        """One of those that an earlier day lists, if there is any."""
        today = self.clock.now.astimezone(UTC).date()
        of_today = {paper.key for paper, _ in self.listed.get(today, ())}
        older = [place for place, paper in enumerate(self.papers) if paper.key not in of_today]
        if older:
            place = older[which % len(older)]
            paper = self.papers[place]
            self.papers[place] = newer = replace(paper, version=(paper.version or 0) + 1)
            self._list(newer, AnnounceType.REPLACE)

    def _list(self, paper: Paper, kind: AnnounceType) -> None:
        on = self.clock.now.astimezone(UTC).date()
        self.listed.setdefault(on, []).append((paper, kind))

    async def fetch(self, wanted: Wanted) -> AsyncIterator[Page]:
        """All days in one page."""
        require_no_transaction("asking the lists")
        hook, self.meanwhile = self.meanwhile, None
        if hook is not None:
            await hook()
        days = [wanted.since + n * DAY for n in range((wanted.until - wanted.since).days + 1)]
        if self.is_down:  # breaks off in the middle
            yield self._page(days[: len(days) // 2])
            self.clock.passes(SECOND)
            self.failed_until = self.clock.now + timedelta(seconds=DOWN_FOR_S)
            raise SourceUnreachable(self.name, "the connection was dropped", after_s=DOWN_FOR_S)
        yield self._page(days)
        self.clock.passes(SECOND)

    def _page(self, days: Sequence[date]) -> Page:
        today = self.clock.now.astimezone(UTC).date()
        found = [(day, place, *one) for day in days for place, one in enumerate(self.listed.get(day, ()))]
        self.served |= {(paper.key.value, paper.version or 0) for _, _, paper, _ in found}
        return Page(
            source=self.name,
            papers=tuple(paper for _, _, paper, _ in found),
            sightings=tuple(
                a_sighting(
                    key=paper.key,
                    version=paper.version,
                    source=self.name,
                    seen_at=self.clock.now,
                    batch_on=day,
                    announce_type=kind,
                    position=place,
                )
                for day, place, paper, kind in found
            ),
            finished=tuple(Watermark(source=self.name, topic="daily", batch_on=day) for day in days if day < today),
        )

    async def find(self, refs: Sequence[PaperRef] = (), *, title: str = "") -> tuple[Paper, ...]:
        """It cannot look up."""
        return ()


@dataclass(slots=True)
class AttentiveRanker:
    """A Ranker that takes its time: `meanwhile` happens once, while it scores for somebody with that word."""

    words: KeywordRanker = field(default_factory=KeywordRanker)
    meanwhile: dict[str, Callable[[], None]] = field(default_factory=dict)

    def score(self, papers: Sequence[SeenPaper], interest: Interest) -> tuple[Score, ...]:
        for word in interest.keywords:
            if (hook := self.meanwhile.pop(word, None)) is not None:
                hook()
        return self.words.score(papers, interest)


@dataclass(slots=True)
class FragileSummarizer:
    """A Summarizer with a bug of its own: so many summaries in a row break off."""

    breaks: int = 0
    whole: Extractive = field(default_factory=Extractive)

    @property
    def model(self) -> str | None:
        return None

    def estimate(self, text: FullText, style: str) -> Usage:
        return self.whole.estimate(text, style)

    async def summarize(self, paper: Paper, text: FullText, style: str, language: str) -> Summary:
        require_no_transaction("summarizing")
        await asyncio.sleep(0)
        if self.breaks:
            self.breaks -= 1
            raise ZeroDivisionError
        return await self.whole.summarize(paper, text, style, language)

    async def answer(self, paper: Paper, text: FullText, question: str, language: str) -> Answer:
        return await self.whole.answer(paper, text, question, language)

    async def close(self) -> None:
        await self.whole.close()


@dataclass(slots=True)
class Post:
    """A Channel: the console's text, two papers a message. `shown` is what people saw."""

    clock: Clock
    resend_for: timedelta = timedelta(0)
    takes_presses: bool = False
    shows_cards: bool = False
    name: str = POST
    is_down: bool = False
    answers: deque[Outcome] = field(default_factory=deque)  # to what is sent next; then it is shown
    closed: set[str] = field(default_factory=set)  # chats
    moved: dict[str, str] = field(default_factory=dict)
    shown: list[tuple[str, str]] = field(default_factory=list)
    by_key: dict[str, datetime] = field(default_factory=dict)
    console: Console = field(default_factory=lambda: Console(lambda _: None))

    def render(self, message: Message) -> tuple[Part, ...]:
        """A message ends behind each second paper."""
        groups: list[list[Part]] = [[]]
        papers = 0
        for block in message.blocks:
            groups[-1] += self.console.render(Message(blocks=(block,)))
            papers += isinstance(block, Item)
            if isinstance(block, Item) and papers % 2 == 0:
                groups.append([])
        return tuple(
            Part(
                number=number,
                payload=json.dumps({"text": "\n\n".join(json.loads(one.payload)["text"] for one in group)}),
                items=tuple(item for one in group for item in one.items),
            )
            for number, group in enumerate([group for group in groups if group], 1)
        )

    async def open(self) -> None:
        """Every token is good."""

    def recall(self, attempts: Sequence[Delivered]) -> None:
        """There is no pace."""

    def ready_in(self, address: Address) -> float:
        return 0.0

    async def send(
        self, address: Address, part: Part, *, key: str, is_plain: bool = False, is_answer: bool = False, past: Past = FRESH
    ) -> Outcome:
        require_no_transaction("sending")
        await asyncio.sleep(0)
        if self.is_down:
            return Outcome(kind=OutcomeKind.AGAIN, cause=Cause.UNREACHABLE)
        if address.chat in self.moved:
            return Outcome(kind=OutcomeKind.MOVED, cause=Cause.MOVED, moved_to=self.moved[address.chat])
        if address.chat in self.closed:
            return Outcome(kind=OutcomeKind.SUSPEND, cause=Cause.BLOCKED)
        answer = self.answers.popleft() if self.answers else Outcome(kind=OutcomeKind.SENT)
        if answer.kind is OutcomeKind.SENT or (answer.kind is OutcomeKind.UNSURE and answer.detail == "shown"):
            self._show(address.chat, part, key)
        return replace(answer, platform_id=key, thread=address.thread) if answer.kind is OutcomeKind.SENT else answer

    def _show(self, chat: str, part: Part, key: str) -> None:
        """Once for each key, while the platform knows it again."""
        if key in self.by_key and self.clock.now - self.by_key[key] < self.resend_for:
            return
        self.by_key[key] = self.clock.now
        self.shown.append((chat, json.loads(part.payload)["text"]))

    async def probe(self, address: Address) -> Outcome:
        require_no_transaction("probing")
        if self.is_down:
            return Outcome(kind=OutcomeKind.AGAIN, cause=Cause.UNREACHABLE)
        kind = OutcomeKind.SUSPEND if address.chat in self.closed else OutcomeKind.SENT
        return Outcome(kind=kind, cause=Cause.BLOCKED if kind is OutcomeKind.SUSPEND else None)

    def private(self, person: str) -> Address:
        return Address(platform=self.name, chat=person)

    async def close(self) -> None:
        """There is nothing to let go of."""

    def seen_by(self, chats: frozenset[str]) -> Counter[int]:
        """How often each paper was shown in these chats."""
        return Counter(int(number) for chat, text in self.shown if chat in chats for number in NUMBER.findall(text))
