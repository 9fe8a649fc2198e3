"""Looks at everything that may have failed for long: sources, the model and its money, the platforms, and faults of ours."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.domain.budget import Budget, day_of
from bot.domain.deliveries import Cause
from bot.domain.summaries import Lack
from bot.domain.troubles import State, Trouble, TroubleKind
from bot.services.delivering import Delivering
from bot.services.line import Line
from bot.storage import calls, outbox_ledger, sources
from bot.storage.sources import SourceFailure, SourceSeen
from bot.storage.store import Store, Transaction

SOURCE_FOR = timedelta(hours=6)
SILENT_FOR = timedelta(minutes=15)  # a model or a platform; most of their outages are over sooner
FORGOTTEN_AFTER = timedelta(hours=26)  # a source that nobody asked for so long is no longer wanted: digests are daily
FAULTS_OF = timedelta(hours=1)
AT_ONCE = frozenset({Lack.QUOTA, Lack.MISCONFIGURED})  # waiting mends neither


class Troubles:
    """Reads how all of it stands. A source's row says when it failed last, not first: that is remembered here."""

    def __init__(
        self, *, store: Store, line: Line, budget: Budget, senders: Sequence[Delivering], now: Callable[[], datetime]
    ) -> None:
        self._store, self._line, self._budget, self._senders, self._now = store, line, budget, senders, now
        self._failing: dict[str, datetime] = {}

    async def states(self) -> tuple[State, ...]:
        """How each thing stands; one that is not named was never asked."""
        now = self._now()
        async with self._store.read() as tx:
            seen = await sources.sources_seen(tx)
            money = await self._money(tx, now)
            faults = await outbox_ledger.faults(tx, since=now - FAULTS_OF)
        found = [self._source(one, now) for one in seen if ":" not in one.source]  # files are their owners' own
        found += [self._model(now), money, *(self._platform(sender, now) for sender in self._senders)]
        return (*found, *(_fault(platform, cause, count, now) for (platform, cause), count in faults.items()))

    def remember(self, cause: str, since: datetime) -> None:
        """An earlier process told of it: it has failed for so long."""
        kind, _, name = cause.partition(":")
        if kind == TroubleKind.SOURCE and name in self._failing:
            self._failing[name] = min(since, self._failing[name])

    def _source(self, seen: SourceSeen, now: datetime) -> State:
        cause, failure = f"{TroubleKind.SOURCE}:{seen.source}", seen.failure
        if failure is None:
            self._failing.pop(seen.source, None)
            return State(cause=cause, worked_at=seen.succeeded_at)
        since = self._failing.get(seen.source, failure.failed_at)
        if seen.succeeded_at is not None and since < seen.succeeded_at:
            since = failure.failed_at
        self._failing[seen.source] = since
        if now - since < SOURCE_FOR or now - failure.failed_at > FORGOTTEN_AFTER:
            return State(cause=cause)
        return State(cause=cause, trouble=_of_source(failure, since))

    def _model(self, now: datetime) -> State:
        cause, outage = str(TroubleKind.MODEL), self._line.outage
        if outage is None:
            return State(cause=cause, worked_at=self._line.answered_at)
        if outage.lack not in AT_ONCE and now - outage.since < SILENT_FOR:
            return State(cause=cause)
        trouble = Trouble(kind=TroubleKind.MODEL, since=outage.since, why=str(outage.lack), next_at=outage.until)
        return State(cause=cause, trouble=trouble)

    async def _money(self, tx: Transaction, now: datetime) -> State:
        cause, midnight = str(TroubleKind.MONEY), day_of(now)
        if self._budget.total is None:
            return State(cause=cause)
        totals = await calls.totals(tx, midnight)
        spent, count = sum(one.cost for one in totals), sum(one.count for one in totals if one.cost)
        was_refused = self._line.unpaid_at is not None and self._line.unpaid_at >= midnight
        if not was_refused and not self._budget.is_gone(spent=spent, calls=count):
            return State(cause=cause, worked_at=now)
        kind, until = TroubleKind.MONEY, midnight + timedelta(days=1)
        trouble = Trouble(kind=kind, since=midnight, spent=spent, limit=self._budget.total, next_at=until)
        return State(cause=cause, trouble=trouble)

    def _platform(self, sender: Delivering, now: datetime) -> State:
        cause, since = f"{TroubleKind.PLATFORM}:{sender.name}", sender.hearing.since
        if not sender.is_working:
            return State(cause=cause, trouble=Trouble(kind=TroubleKind.TOKEN, subject=sender.name, since=now))
        if since is None:
            return State(cause=cause, worked_at=sender.hearing.heard_at)
        if now - since < SILENT_FOR:
            return State(cause=cause)
        return State(cause=cause, trouble=Trouble(kind=TroubleKind.PLATFORM, subject=sender.name, since=since))


def _of_source(failure: SourceFailure, since: datetime) -> Trouble:
    return Trouble(
        kind=TroubleKind.SOURCE,
        subject=failure.source,
        since=since,
        why=str(failure.why),
        count=failure.count,
        next_at=failure.retry_at,
    )


def _fault(platform: str, cause: Cause, count: int, now: datetime) -> State:
    kind = TroubleKind.CRASHED if cause is Cause.CRASHED else TroubleKind.MARKUP
    trouble = Trouble(kind=kind, subject=platform, since=now - FAULTS_OF, count=count)
    return State(cause=trouble.cause, trouble=trouble)
