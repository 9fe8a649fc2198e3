"""`/status`: how it stands here, and for the owner how the whole bot stands. It changes nothing but what is sent again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.budget import Budget, day_of
from bot.domain.deliveries import Cause
from bot.domain.subscriptions import Address, Subscription
from bot.services.delivering import Delivering
from bot.services.ledger import Entry, History, made_of
from bot.services.line import Line, Outage
from bot.storage import calls, destinations, digests, heartbeat, outbox, outbox_ledger, sources, subscriptions
from bot.storage.destinations import Destination
from bot.storage.outbox_ledger import Queue as Queue  # handlers take what they show from here
from bot.storage.sources import SourceSeen as SourceSeen
from bot.storage.store import Store

LOST_FOR = timedelta(days=7)
MOST_LOST = 5
ALL = ("arxiv", "huggingface")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The model that writes, None if there is none, and what keeps it from that, as far as this process knows."""

    name: str | None
    outage: Outage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """One address. `history` holds its last digest; `lost` the newest parts whose answer was lost, at most MOST_LOST."""

    at: datetime
    address: Address
    subscription: Subscription | None
    destination: Destination | None
    history: History
    lost: tuple[Entry, ...]
    sources: tuple[SourceSeen, ...]
    model: Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One that this process sends to. `unheard_since`: nobody answers there; not `is_working`: the token is refused."""

    name: str
    is_working: bool
    unheard_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The deployment, without anybody's id. `readers` have a digest to come; money in millionths, of today (UTC)."""

    at: datetime
    platforms: tuple[Platform, ...]
    ticked_at: datetime | None
    queue: Queue
    readers: Mapping[str, int]
    suspended: Mapping[tuple[str, Cause], int]
    sources: tuple[SourceSeen, ...]
    model: Model
    spent: int
    budget: Budget


class Standing:
    """Reads how it stands. `deadline`: how long what is sent again may take; `queued` wakes those who send."""

    def __init__(
        self,
        *,
        store: Store,
        line: Line,
        model: str | None,
        budget: Budget,
        senders: Sequence[Delivering],
        deadline: timedelta,
        now: Callable[[], datetime],
        queued: Callable[[], None],
    ) -> None:
        self._store, self._line, self._model, self._budget = store, line, model, budget
        self._senders, self._deadline, self._now, self._queued = senders, deadline, now, queued

    async def here(self, address: Address) -> Here:
        """How it stands at one address, subscribed or not."""
        now = self._now()
        async with self._store.read() as tx:
            known = await subscriptions.by_address(tx, address)
            stored = () if known is None or known.id is None else await digests.history(tx, known.id, 1)
            parts = await outbox_ledger.of_digests(tx, [one.id for one in stored])
            asked = known.interest.sources if known else ALL
            return Here(
                at=now,
                address=address,
                subscription=known,
                destination=await destinations.state(tx, address),
                history=History(
                    made=tuple(made_of(one, parts.get(one.id, ())) for one in stored),
                    zone=known.schedule.zone if known else "UTC",
                    at=now,
                ),
                lost=await outbox_ledger.unsure(tx, address, since=now - LOST_FOR, limit=MOST_LOST),
                sources=tuple(one for one in await sources.sources_seen(tx) if one.source in asked),
                model=self._how_the_model_is(),
            )

    async def whole(self) -> Whole:
        """How the deployment stands. For its owner only."""
        now = self._now()
        async with self._store.read() as tx:
            return Whole(
                at=now,
                platforms=tuple(
                    Platform(name=one.name, is_working=one.is_working, unheard_since=one.hearing.since) for one in self._senders
                ),
                ticked_at=await heartbeat.last_beat(tx, "tick"),
                queue=await outbox_ledger.queue(tx, now=now, since=now - LOST_FOR),
                readers=await subscriptions.count_by_platform(tx),
                suspended=await destinations.count_suspended(tx),
                sources=await sources.sources_seen(tx),
                model=self._how_the_model_is(),
                spent=await calls.spent(tx, day_of(now)),
                budget=self._budget,
            )

    async def send_again(self, address: Address, part_id: int) -> bool:
        """Send a part once more whose answer was lost; False for any other, and for one of another address."""
        now = self._now()
        async with self._store.write() as tx:
            is_due = await outbox.send_again(tx, part_id, address, now=now, deadline_at=now + self._deadline)
        if is_due:
            self._queued()
        return is_due

    def _how_the_model_is(self) -> Model:
        return Model(name=self._model, outage=self._line.outage)
