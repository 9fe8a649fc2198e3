"""What summaries are made with, and how somebody wants them."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.progress import Report, silent
from bot.domain.subscriptions import Address
from bot.pipeline.summarize import Terms
from bot.ports import FullTextReader, Summarizer


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How summaries are wanted, for whom, and until when (None: as long as it takes).

    `is_urgent`: a person is waiting for this very paper, and goes before those who read ahead.
    """

    style: str
    language: str
    address: Address | None = None
    read_until: datetime | None = None
    until: datetime | None = None
    is_urgent: bool = False
    report: Report = silent

    @property
    def reader(self) -> str | None:
        """The reader's name in the ledger of calls."""
        parts = (self.address.platform, self.address.chat, self.address.thread) if self.address else ()
        return ":".join(filter(None, parts)) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What summaries are made with: `ahead` reads for digests, `at_once` for somebody who waits; `spare` needs no model."""

    ahead: FullTextReader
    at_once: FullTextReader
    summarizer: Summarizer
    spare: Summarizer
    terms: Terms
    concurrency: int
