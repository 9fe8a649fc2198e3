"""`paperboy check`: is everything there that the bot needs? Each finding with its cure."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.deliveries import OPEN, PartState
from bot.errors import PaperboyError, SourceUnreachable, SummaryFailed
from bot.ports import Channel
from bot.storage import destinations, heartbeat, outbox_ledger, sources
from bot.storage.store import Store

TICK_IS_LATE = timedelta(minutes=3)
PROBE_S = 20.0
LEDGER = timedelta(days=2)  # what is told of deliveries


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; `cure` is empty where nothing is wrong. A remark (`is_good`) may have a cure all the same."""

    subject: str
    is_good: bool
    state: str
    cure: str = ""


# Ask one address, naming the source: the status and the size of the answer. Raises as the HTTP client does.
Ask = Callable[[str, str], Awaitable[tuple[int, int]]]


class Checking:
    """Looks, and changes nothing."""

    def __init__(
        self,
        *,
        store: Store,
        ask: Ask,
        probes: Mapping[str, str],
        ask_model: Callable[[], Awaitable[None]] | None,
        platforms: Callable[[], Mapping[str, Channel]],
        now: Callable[[], datetime],
    ) -> None:
        """`platforms` builds the chat platforms that there is a token for, by the setting that holds it."""
        self._store = store
        self._ask = ask
        self._probes = probes
        self._ask_model = ask_model
        self._platforms = platforms
        self._now = now

    async def local(self, *, must_run: bool) -> tuple[Finding, ...]:
        """The database and the last tick; asks nobody outside. `must_run`: no running bot is a fault."""
        async with self._store.read() as tx:
            last = await heartbeat.last_beat(tx, "tick")
            failures = await sources.failures(tx)
            totals = await outbox_ledger.counts(tx, self._now() - LEDGER)
            closed = await destinations.suspended(tx)
        findings = [Finding(subject="database", is_good=True, state="can be read"), self._tick(last, must_run=must_run)]
        findings += _ledger(totals, len(closed))
        findings += [
            Finding(
                subject=failure.source,
                is_good=True,
                state=f"failed {failure.count} times, last: {failure.detail or failure.why}",
                cure=f"it is asked again after {failure.retry_at:%Y-%m-%d %H:%M} UTC",
            )
            for failure in failures
        ]
        return tuple(findings)

    def _tick(self, last: datetime | None, *, must_run: bool) -> Finding:
        if last is None:
            cure = "start it: paperboy run"
            return Finding(subject="bot", is_good=not must_run, state="never ran on this database", cure=cure)
        age = self._now() - last
        if age > TICK_IS_LATE:
            state = f"last tick {last:%Y-%m-%d %H:%M} UTC"
            return Finding(subject="bot", is_good=not must_run, state=state, cure="it is not running: paperboy run")
        return Finding(subject="bot", is_good=True, state=f"running, last tick {max(0, int(age.total_seconds()))} s ago")

    async def reach(self) -> tuple[Finding, ...]:
        """Whether each source answers, the model, and each chat platform, one small request each."""
        sources_found = [await self._probe(subject, url) for subject, url in self._probes.items()]
        return (*sources_found, await self._model(), *[await _platform(*each) for each in self._platforms().items()])

    async def _model(self) -> Finding:
        subject = "model (OPENAI_MODEL)"
        if self._ask_model is None:
            cure = "set OPENAI_API_KEY and OPENAI_MODEL for summaries of whole papers"
            return Finding(subject=subject, is_good=True, state="none, sentences of abstracts are shown", cure=cure)
        try:
            await self._ask_model()
        except SummaryFailed as error:
            return Finding(subject=subject, is_good=True, state=f"answers, though not in form: {error.reason}")
        except PaperboyError as error:
            cure = "see that OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL are right, and the account has means"
            return Finding(subject=subject, is_good=False, state=str(error), cure=cure)
        return Finding(subject=subject, is_good=True, state="answers")

    async def _probe(self, subject: str, url: str) -> Finding:
        cure = "see that this machine reaches it (network, proxy, firewall) and that the setting is right"
        try:
            async with asyncio.timeout(PROBE_S):
                status, size = await self._ask(url, subject)
        except PaperboyError as error:
            state = f"does not answer: {error.reason}" if isinstance(error, SourceUnreachable) else str(error)
            return Finding(subject=subject, is_good=False, state=state, cure=cure)
        except TimeoutError:
            return Finding(subject=subject, is_good=False, state=f"no answer in {PROBE_S:.0f} s", cure=cure)
        if status != 200:
            return Finding(subject=subject, is_good=False, state=f"answers with {status}", cure=cure)
        return Finding(subject=subject, is_good=True, state=f"answers, {size} bytes")


async def _platform(setting: str, channel: Channel) -> Finding:
    subject = f"{channel.name} ({setting})"
    try:
        async with asyncio.timeout(PROBE_S):
            await channel.open()
    except PaperboyError as error:
        return Finding(
            subject=subject, is_good=False, state=str(error), cure=f"see that {setting} is right and its address in reach"
        )
    except TimeoutError:
        cure = "see that this machine reaches it (network, proxy, firewall)"
        return Finding(subject=subject, is_good=False, state=f"no answer in {PROBE_S:.0f} s", cure=cure)
    finally:
        await channel.close()
    return Finding(subject=subject, is_good=True, state="takes the token")


def _ledger(totals: Mapping[PartState, int], closed: int) -> tuple[Finding, ...]:
    """What waits, what may have been shown, what was not: a remark where there is something to look at."""
    waiting = sum(totals[state] for state in OPEN)
    unsent = {state: totals[state] for state in (PartState.UNKNOWN, PartState.EXPIRED, PartState.DEAD) if totals[state]}
    told = [f"{totals[PartState.SENT]} sent in two days", f"{waiting} waiting"]
    told += [f"{count} {state}" for state, count in unsent.items()]
    told += [f"{closed} destinations take no messages"] if closed else []
    cure = "paperboy deliveries" if unsent or closed else ""
    return (
        (Finding(subject="deliveries", is_good=True, state=", ".join(told), cure=cure),) if any(totals.values()) or closed else ()
    )
