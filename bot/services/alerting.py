"""Tells the owners of the bot what has failed for long, at most once an hour for each cause, and once when it is over.

What was said is in the outbox, so that a new process says nothing twice. Nothing here names a person or holds their words.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.messages import Message
from bot.domain.people import Person
from bot.domain.subscriptions import Address
from bot.domain.troubles import State, Told, Trouble, is_over, is_to_be_told
from bot.ports import Channel
from bot.services.troubles import Troubles
from bot.storage import alerts, subscriptions
from bot.storage.store import Store, Transaction

log = structlog.get_logger()

DEADLINE = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What an owner is told, in their language and zone. `is_over`: it works again; `since`: it had failed from then on.

    `trouble` is None where only that is known.
    """

    cause: str
    since: datetime
    trouble: Trouble | None
    language: str
    zone: str

    @property
    def is_over(self) -> bool:
        """Whether it has passed."""
        return self.trouble is None


class Alerting:
    """Call `turn` once a tick. `show` makes the message of an alert; `queued` wakes those who send."""

    def __init__(
        self,
        *,
        store: Store,
        troubles: Troubles,
        owners: Collection[Person],
        channels: Mapping[str, Channel],
        show: Callable[[Alert], Message],
        now: Callable[[], datetime],
        queued: Callable[[], None],
    ) -> None:
        self._store, self._troubles, self._channels = store, troubles, channels
        self._owners = tuple(sorted(owner for owner in owners if owner.platform in channels))
        self._show, self._now, self._queued = show, now, queued

    async def turn(self) -> int:
        """Look at everything, and queue what is to be said; returns how many messages that are."""
        if not self._owners:
            return 0
        states = await self._troubles.states()
        said = 0
        for owner in self._owners:
            address = self._channels[owner.platform].private(owner.id)
            async with self._store.read() as tx:
                told = await alerts.told(tx, address, now=self._now())
            for cause, last in told.items():
                if last.over_at is None:
                    self._troubles.remember(cause, last.since)
            if _news(states, told, self._now()):
                said += await self._tell(address, states)
        if said:
            log.warning("owners alerted", alerts=said)
            self._queued()
        return said

    async def _tell(self, address: Address, states: tuple[State, ...]) -> int:
        """What was said is read again in the transaction that says more: two of us would otherwise say it twice."""
        now, said = self._now(), 0
        async with self._store.write() as tx:
            known = await subscriptions.by_address(tx, address)
            language, zone = (known.language, known.schedule.zone) if known else ("en", "UTC")
            told = await alerts.told(tx, address, now=now)
            for state in _news(states, told, now):
                since = state.trouble.since if state.trouble else told[state.cause].since
                alert = Alert(cause=state.cause, since=since, trouble=state.trouble, language=language, zone=zone)
                said += await self._queue(tx, address, alert, now)
        return said

    async def _queue(self, tx: Transaction, address: Address, alert: Alert, now: datetime) -> bool:
        parts = self._channels[address.platform].render(self._show(alert))
        payload, until = parts[0].payload, now + DEADLINE
        return await alerts.say(
            tx, address, alert.cause, payload, since=alert.since, is_over=alert.is_over, deadline_at=until, now=now
        )


def _news(states: tuple[State, ...], told: Mapping[str, Told], now: datetime) -> list[State]:
    """What is to be said of all that."""
    return [state for state in states if _is_news(state, told.get(state.cause), now)]


def _is_news(state: State, told: Told | None, now: datetime) -> bool:
    return is_over(state, told) if state.trouble is None else is_to_be_told(state.trouble, told, now)
