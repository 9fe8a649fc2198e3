"""What a person may change about their own subscription. Every change goes through here, whatever the platform."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.schedules import local_date, next_due, rescheduled
from bot.domain.subscriptions import DRAFT, Address, Form, Interest, Schedule, Subscription, union
from bot.errors import BadInput
from bot.storage import digests, subscriptions
from bot.storage.store import Store

MAX_LIMIT = 100  # papers in one digest
MAX_TERMS = 200  # keywords, excluded words or authors of one subscription


class NotSubscribed(BadInput):
    """There is no subscription at this address yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A subscription that was set up; `is_first`: it begins only now, and whoever began it waits for the first digest."""

    subscription: Subscription
    is_first: bool


class Subscribing:
    """Reads and writes one subscription an address."""

    def __init__(self, *, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def current(self, address: Address) -> Subscription | None:
        """The subscription of this address, None if it has none."""
        async with self._store.read() as tx:
            return await subscriptions.by_address(tx, address)

    async def require(self, address: Address) -> Subscription:
        """The subscription of this address; raises NotSubscribed."""
        return _required(await self.current(address), address)

    def now(self) -> datetime:
        """What time it is for everybody who subscribes here."""
        return self._now()

    async def number(self, address: Address) -> int:
        """The number under which buttons know an address, for as long as something is stored of it."""
        async with self._store.write() as tx:
            return await subscriptions.number_of(tx, address)

    async def address(self, number: int) -> Address | None:
        """The address of a number, None if nothing is stored of it (any more)."""
        async with self._store.read() as tx:
            return await subscriptions.address_of(tx, number)

    async def subscribe(
        self,
        address: Address,
        added: Interest,
        *,
        language: str = "en",
        otherwise: str = "arxiv",
        when: Callable[[Schedule], Schedule] | None = None,
    ) -> Subscription:
        """Start a subscription in `language`, or add `added` to the one that is there: asking twice never loses a word.

        The first digest is due strictly after now; what is there already is its baseline. `otherwise` is the source of a new
        one that names none, `when` a change of its hour, days and zone; nothing is kept if it raises.
        """
        first, at = _with_source(added, otherwise), when or (lambda schedule: schedule)

        def put(known: Subscription | None) -> Subscription:
            schedule = at(known.schedule if known else Schedule())
            made = self._joined(known, address, added if known else first, language, schedule)
            return replace(made, schedule=schedule)

        return await self._put(address, put)

    async def draft(self, address: Address, added: Interest, *, language: str, otherwise: str = "arxiv") -> Subscription:
        """The same before somebody has said when: nothing is sent until `begin`. One that is there already is only added to."""
        first = _with_source(added, otherwise)
        return await self._put(address, lambda known: self._joined(known, address, added if known else first, language, DRAFT))

    async def begin(
        self, address: Address, added: Interest, change: Callable[[Schedule], Schedule], *, language: str = "en"
    ) -> Begun:
        """Add to what is there, if there is something, and send from now on at the hour that `change` makes of its own.

        Safe to repeat: only the first one of several presses is told that it is the first.
        """
        is_first = False

        def put(known: Subscription | None) -> Subscription:
            nonlocal is_first
            is_first = known is None or known.schedule == DRAFT
            schedule = replace(change(known.schedule if known else Schedule()), is_paused=False, paused_until=None)
            return replace(self._joined(known, address, added, language, schedule), schedule=schedule)

        return Begun(subscription=await self._put(address, put), is_first=is_first)

    def _joined(
        self, known: Subscription | None, address: Address, added: Interest, language: str, schedule: Schedule
    ) -> Subscription:
        """What is there with `added`, or a new one with this schedule."""
        if known is not None:
            return replace(known, interest=union(known.interest, added))
        now = self._now()
        fresh = Subscription(address=address, interest=added, schedule=schedule, language=language, created_at=now)
        return replace(fresh, next_due_at=next_due(schedule, now))

    async def put_settings(
        self, address: Address, change: Callable[[Subscription], Subscription], *, language: str = "en"
    ) -> Subscription:
        """Put `change` of all settings in their place, or of those that a new subscription begins with, in one go."""

        def put(known: Subscription | None) -> Subscription:
            if known is not None:
                return change(known)
            made = change(Subscription(address=address, language=language, created_at=self._now()))
            return replace(made, next_due_at=next_due(made.schedule, self._now()))

        return await self._put(address, put)

    async def unsubscribe(self, address: Address) -> bool:
        """Forget the subscription; False if there was none."""
        async with self._store.write() as tx:
            return await subscriptions.remove(tx, address)

    async def set_interest(self, address: Address, change: Callable[[Interest], Interest]) -> Subscription:
        """Put `change` of the interest in its place."""
        return await self._change(address, lambda known: replace(known, interest=change(known.interest)))

    async def set_limit(self, address: Address, limit: int) -> Subscription:
        """At most so many papers in a digest, 1 to 100."""
        if not 1 <= limit <= MAX_LIMIT:
            raise BadInput(f"the limit is a number from 1 to {MAX_LIMIT}", "input.limit", least=1, most=MAX_LIMIT)
        return await self._change(address, lambda known: replace(known, limit=limit))

    async def set_form(
        self,
        address: Address,
        *,
        style: str | None = None,
        language: str | None = None,
        form: Form | None = None,
        note: bool | None = None,
        is_muted: bool | None = None,
        members_may_ask: bool | None = None,
        has_thread: bool | None = None,
    ) -> Subscription:
        """How digests look and sound, whether an empty day is worth a line, and what members of a group may do."""
        return await self._change(
            address,
            lambda known: replace(
                known,
                style=style or known.style,
                language=language or known.language,
                form=form or known.form,
                wants_empty_note=known.wants_empty_note if note is None else note,
                is_muted=known.is_muted if is_muted is None else is_muted,
                members_may_ask=known.members_may_ask if members_may_ask is None else members_may_ask,
                has_thread=known.has_thread if has_thread is None else has_thread,
            ),
        )

    async def set_schedule(self, address: Address, change: Callable[[Schedule], Schedule]) -> Subscription:
        """Change hour, zone or days. A day whose digest was made stays done, so that no change repeats or skips one."""
        return await self._change(address, lambda known: replace(known, schedule=change(known.schedule)))

    async def pause(self, address: Address, until: date | None = None) -> Subscription:
        """Keep everything and send nothing, up to but not on `until`, a day in the reader's zone."""

        def paused(known: Schedule) -> Schedule:
            if until is not None and until <= local_date(known, self._now()):
                raise BadInput("the day to go on must be in the future", "input.future")
            return replace(known, is_paused=True, paused_until=until)

        return await self.set_schedule(address, paused)

    async def resume(self, address: Address) -> Subscription:
        """Send again, from the next due time on."""
        return await self.set_schedule(address, lambda known: replace(known, is_paused=False, paused_until=None))

    async def _change(self, address: Address, change: Callable[[Subscription], Subscription]) -> Subscription:
        return await self._put(address, lambda known: change(_required(known, address)))

    async def _put(self, address: Address, change: Callable[[Subscription | None], Subscription]) -> Subscription:
        """The one way in which a subscription is written.

        Read, change and save are one transaction: no other change and no digest that is made meanwhile (W2 moves
        `next_due_at`) is overwritten. Only a changed schedule touches `next_due_at`, and whatever `change` raises undoes
        it all. `change` must not await, nor open the store.
        """
        async with self._store.write() as tx:
            known = await subscriptions.by_address(tx, address)
            changed = _checked(change(known))
            if known is not None and known.id is not None and changed.schedule != known.schedule:
                at = rescheduled(
                    changed.schedule,
                    old=known.schedule,
                    due_at=known.next_due_at,
                    now=self._now(),
                    last_slot_on=await digests.last_slot_on(tx, known.id),
                )
                changed = replace(changed, next_due_at=at)
            return await subscriptions.save(tx, changed)


def _with_source(added: Interest, otherwise: str) -> Interest:
    return added if added.sources else replace(added, sources=frozenset({otherwise}))


def _required(found: Subscription | None, address: Address) -> Subscription:
    if found is None:
        raise NotSubscribed(f"{address.platform} chat has no subscription")
    return found


def _checked(subscription: Subscription) -> Subscription:
    interest = subscription.interest
    if max(map(len, (interest.keywords, interest.excluded, interest.excluded_anywhere, interest.authors))) > MAX_TERMS:
        raise BadInput(f"at most {MAX_TERMS} words of a kind", "input.most_words", most=MAX_TERMS)
    return subscription
