"""What became of what was to be sent: the whole ledger for an operator, one reader's own digests for them. Changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.deliveries import PartState
from bot.domain.digests import Skipped, Slot, SlotKind
from bot.domain.subscriptions import Address
from bot.services.subscribing import NotSubscribed
from bot.storage import destinations, digests, outbox_ledger, subscriptions
from bot.storage.destinations import Destination as Destination  # handlers take what they show from here
from bot.storage.outbox_ledger import Entry as Entry
from bot.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an operator wants to see; None means any. A `chat` is meant with all its topics, on any platform."""

    platform: str | None = None
    chat: str | None = None
    state: PartState | None = None
    since: datetime | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The newest parts that were asked for, newest first, and whether there are more.

    `totals` are of the whole ledger since the same time; `closed` are all destinations there that take no messages.
    """

    entries: tuple[Entry, ...]
    has_more: bool
    totals: Mapping[PartState, int]
    closed: tuple[Destination, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One digest of a reader and its parts, in order. `makes_up_for`: the first and last day that a catch-up stands for.

    Without parts it is not queued yet, needed none, or is so old that they are forgotten.
    """

    slot: Slot
    listed: int
    created_at: datetime
    makes_up_for: tuple[date, date] | None
    queued_at: datetime | None
    delivered_at: datetime | None
    skipped: Skipped | None
    parts: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A reader's last digests, newest first, as they stand at `at`; times are told in `zone`."""

    made: tuple[Made, ...]
    zone: str
    at: datetime


class Ledger:
    """Reads the outbox and what was planned. Safe beside a running bot."""

    def __init__(self, *, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def page(self, asked: Asked) -> Page:
        """What was asked for, of one instant."""
        async with self._store.read() as tx:
            found = await outbox_ledger.entries(
                tx,
                platform=asked.platform,
                chat=asked.chat,
                state=asked.state,
                since=asked.since,
                limit=asked.limit + 1,
            )
            totals = await outbox_ledger.counts(tx, asked.since)
            closed = await destinations.suspended(tx, platform=asked.platform)
        return Page(
            entries=found[: asked.limit],
            has_more=len(found) > asked.limit,
            totals=totals,
            closed=tuple(each for each in closed if asked.chat in (None, each.address.chat)),
        )

    async def history(self, address: Address, limit: int = 10) -> History:
        """The last digests of this address; raises NotSubscribed."""
        async with self._store.read() as tx:
            known = await subscriptions.by_address(tx, address)
            if known is None or known.id is None:
                raise NotSubscribed(f"{address.platform} chat has no subscription")
            stored = await digests.history(tx, known.id, limit)
            parts = await outbox_ledger.of_digests(tx, [one.id for one in stored])
        made = tuple(made_of(one, parts.get(one.id, ())) for one in stored)
        return History(made=made, zone=known.schedule.zone, at=self._now())


def made_of(stored: digests.StoredDigest, parts: tuple[Entry, ...]) -> Made:
    """What became of a digest, as its row and its parts say."""
    is_catchup = stored.slot.kind is SlotKind.CATCHUP
    return Made(
        slot=stored.slot,
        listed=stored.counts.listed,
        created_at=stored.created_at,
        makes_up_for=(stored.covers_from, stored.slot.on) if stored.covers_from is not None and is_catchup else None,
        queued_at=stored.queued_at,
        delivered_at=stored.delivered_at,
        skipped=stored.skipped,
        parts=parts,
    )
