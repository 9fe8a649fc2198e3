"""The five places where something else can be plugged in, and what each may raise. Adapters are built in app.py only."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.domain.budget import Usage
from bot.domain.deliveries import FRESH, Cause, Outcome, Past
from bot.domain.deliveries import Part as Part
from bot.domain.digests import Score
from bot.domain.intake import Page, Wanted
from bot.domain.messages import Button, Message
from bot.domain.papers import FullText, Paper, PaperRef, SeenPaper
from bot.domain.subscriptions import Address, Interest
from bot.domain.summaries import Answer, Summary


class PaperSource(Protocol):
    """A place that papers come from. Safe to ask again; never called inside a transaction."""

    @property
    def name(self) -> str:
        """What sightings, notices and watermarks carry: `arxiv`, `huggingface`, `bibtex:refs.bib`, `sample`."""
        ...

    def fetch(self, wanted: Wanted) -> AsyncIterator[Page]:
        """Yield the pages of all batches from `wanted.since` to `wanted.until`, oldest first.

        An empty day yields a page with the notice that says why. A failure of one category is a notice and the others
        go on; a failure of the whole source raises Retry (SourceUnreachable, SourceThrottled, SourceRefused,
        BrokenPage) or Stop (SourceChanged, ClientRefused); pages yielded before it stay good.
        """
        ...

    async def find(self, refs: Sequence[PaperRef] = (), *, title: str = "") -> tuple[Paper, ...]:
        """The papers of these refs that exist, in their order, or the best match for `title` (a guess; none is fine).

        A source that cannot look up returns (). Raises as `fetch` does.
        """
        ...


class FullTextReader(Protocol):
    """Reads one version of a paper, from the best origin that works."""

    async def read(self, paper: Paper) -> FullText:
        """Raise TextUnavailable if this origin has none; Retry if it may later."""
        ...


class Ranker(Protocol):
    """Says how well papers suit an interest. Pure: the same input gives the same scores."""

    def score(self, papers: Sequence[SeenPaper], interest: Interest) -> tuple[Score, ...]:
        """One score for each paper, in order; Score(value=0) for those that do not match."""
        ...


class Summarizer(Protocol):
    """Makes summaries and answers of a text that was read. It keeps nothing, and asks nobody twice for the same thing."""

    @property
    def model(self) -> str | None:
        """The model that writes; None if sentences are extracted, which costs nothing."""
        ...

    def estimate(self, text: FullText, style: str) -> Usage:
        """What a summary of `text` will probably use, so that it can be set aside before the model is asked."""
        ...

    async def summarize(self, paper: Paper, text: FullText, style: str, language: str) -> Summary:
        """Raise SummaryFailed or ModelDeclined for this paper only, Retry if the model is not answering, Stop if it never will.

        `language` is a code as `bot.words.languages` gives it. Every error carries the tokens that were spent until then.
        """
        ...

    async def answer(self, paper: Paper, text: FullText, question: str, language: str) -> Answer:
        """Answer from `text` alone; raises as `summarize` does."""
        ...

    async def close(self) -> None:
        """Let go of connections; it may be used again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """An attempt of the last minute, for the pace: where it went, and how many seconds ago."""

    address: Address
    ago_s: float


class Channel(Protocol):
    """A platform's sending half: limits, markup, pace and error mapping together. It retries nothing by itself."""

    @property
    def name(self) -> str:
        """The `platform` of its addresses."""
        ...

    @property
    def takes_presses(self) -> bool:
        """Whether the buttons of a message are shown, and somebody hears when one is pressed."""
        ...

    @property
    def shows_cards(self) -> bool:
        """Whether a digest is a message with a card for each paper behind it (`Message.thread`)."""
        ...

    @property
    def resend_for(self) -> timedelta:
        """How long after a lost answer the platform knows a part again by its key; zero: it never does."""
        ...

    def render(self, message: Message) -> tuple[Part, ...]:
        """Split and mark up within the platform's limits; pure. Nothing is dropped."""
        ...

    async def open(self) -> None:
        """Make sure that the token is good. Raises TokenRefused (Stop), or PlatformUnreachable (Retry)."""
        ...

    def recall(self, attempts: Sequence[Delivered]) -> None:
        """Count what an earlier process sent in the last minute; called once, before the first `send`."""
        ...

    def ready_in(self, address: Address) -> float:
        """Seconds until a broadcast to this chat may begin, 0 for at once; pure but for its clock."""
        ...

    async def send(
        self, address: Address, part: Part, *, key: str, is_plain: bool = False, is_answer: bool = False, past: Past = FRESH
    ) -> Outcome:
        """Wait for the pace, then send one part, with `is_plain` without markup; answers to people go before broadcasts.

        Every error of the platform is an Outcome; whatever is raised is a bug. `key` is the same at each try of a part.
        """
        ...

    async def probe(self, address: Address) -> Outcome:
        """Whether the destination takes messages again; SENT means that it does. People see a sign of typing at most."""
        ...

    def private(self, person: str) -> Address:
        """Where somebody (the platform's id) is written to alone; pure: whether they may be is another question."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class Speaker(Protocol):
    """The answering half of a platform's channel: what a person who waits sees. It goes in the channel's own pace.

    `send` with `is_answer` is the channel's. Every error of the platform is an Outcome, as there; whatever is raised is a bug.
    """

    def render(self, message: Message) -> tuple[Part, ...]:
        """As the channel's."""
        ...

    def private(self, person: str) -> Address:
        """Where somebody is written to alone; as the channel's."""
        ...

    async def say(self, address: Address, part: Part, *, reply_to: str = "") -> Outcome:
        """Send one part as an answer, below the message `reply_to` if there is one still. Its id is in the outcome."""
        ...

    async def edit(self, address: Address, message_id: str, part: Part) -> Outcome:
        """Put `part` in the place of a message of ours. One that is the same already counts as SENT."""
        ...

    async def turn(self, address: Address, message_id: str, rows: tuple[tuple[Button, ...], ...]) -> Outcome:
        """Put these buttons below a message of ours and leave its text. Those that are there already count as SENT."""
        ...

    async def delete(self, address: Address, message_id: str) -> Outcome:
        """Take a message of ours away. One that is gone already counts as SENT."""
        ...

    async def upload(self, address: Address, name: str, content: bytes, caption: str = "") -> Outcome:
        """Send a file; the caption is plain text, cut to what a platform takes."""
        ...

    async def download(self, file_id: str, most_bytes: int) -> bytes:
        """A file that somebody sent. Raises BadFile if it is larger, and PlatformUnreachable."""
        ...

    async def typing(self, address: Address) -> Outcome:
        """Say for some seconds that something is being written; people never wait for this."""
        ...

    async def lacking(self, address: Address) -> Cause | None:
        """What keeps the bot from writing there; None if nothing is known to. Nobody sees more than a sign of typing."""
        ...

    async def is_admin(self, chat: str, person: str) -> bool:
        """Whether a person (the platform's id) may change the settings of a chat; asked anew after 20 s. Unsure is no."""
        ...
