"""The bot's process: its platforms and workers, from the first tick to the last part in hand.

Digests, owed summaries and the sign of life are woken by the tick; each platform has a sender of its own, so that one
that fails stops nothing but itself.
"""

import asyncio
import signal
import sys
import time

import structlog

from bot import __version__, conversing_discord, conversing_telegram
from bot.app import App, opened, tidy
from bot.config import Settings
from bot.domain.deliveries import doubled
from bot.engines.inline import work
from bot.errors import LockLost, NoPlatformLeft, PlatformUnreachable, TokenRefused
from bot.services.batches import apart
from bot.services.delivering import Delivering
from bot.services.turns import together
from bot.storage import heartbeat, leases, subscriptions
from bot.storage.lock import IsHeld, process_lock
from bot.ticks import Ticks

log = structlog.get_logger()

PLATFORMS = ("discord", "telegram")
TICK_S = 60.0
GRACE_S = 10.0  # how long a stop waits for what is in hand
REOPEN_S = 30.0  # until a platform that did not answer at the start is tried again
TALK_AGAIN_S, TALK_AGAIN_MOST_S = 1.0, 60.0  # until a conversation that failed begins anew
# Digests are computed in a thread, beside which the event loop waits this long for its turn each time that it wakes up. An
# answer takes some thirty such turns, so Python's own 5 ms would cost it a seventh of a second.
SWITCH_S = 0.0005
LIVED_S = 300.0  # one that went well for so long failed for a new reason
CONVERSATIONS = {"telegram": conversing_telegram.converse, "discord": conversing_discord.converse}


async def run(settings: Settings) -> None:
    """The one process that sends from this database, until it is stopped; raises AlreadyRunning and what `serve` raises."""
    sys.setswitchinterval(SWITCH_S)
    with process_lock(settings.database_url.get_secret_value()) as is_held:
        async with opened(settings, is_sending=True) as app:
            await serve(app, is_held)


async def serve(app: App, is_held: IsHeld) -> None:
    """Work until SIGTERM or SIGINT; a second one ends the process at once. Raises TokenRefused, NoPlatformLeft, LockLost."""
    stop, lost = asyncio.Event(), asyncio.Event()
    _on_signals(stop)
    await _warn_of_an_early_clock(app)
    async with app.store.write() as tx:
        await leases.free(tx, app.now())
    waiting = await _open_all(app, stop)
    await _tell_who_waits_for_a_token(app)
    wakes = [delivering.wake for delivering in app.senders]
    # A turn may wait a quarter of an hour for texts: neither a sender, nor the sign of life, nor what is owed waits for it.
    turns = {
        "digests": app.digesting.turn,
        "owed summaries": app.healing.heal,
        "owner's alerts": app.alerting.turn,
        "heartbeat": lambda: _beat(app, is_held, stop, lost),
    }
    woken = {name: asyncio.Event() for name in turns}
    ticks = Ticks((*woken.values(), *wakes), every_s=TICK_S / app.settings.clock_rate)
    ticks.start()
    log.info("running", version=__version__, platforms=" ".join(sender.name for sender in app.senders))
    workers = [asyncio.create_task(work(woken[name], stop, turn, name=name)) for name, turn in turns.items()]
    senders = [
        asyncio.create_task(
            apart(_platform(app, sender, stop, is_open=sender not in waiting), "platform failed", platform=sender.name)
        )
        for sender in app.senders
    ]
    try:
        was_told = await _until_stopped(stop, senders)
        log.info("stopping")
        app.digesting.stop()
        for sender in app.senders:
            sender.stop()
        await _finished([*workers, *senders])
    finally:
        ticks.stop()
    log.info("stopped")
    if lost.is_set():
        raise LockLost
    if not was_told or not any(sender.is_working for sender in app.senders):
        raise NoPlatformLeft


async def _open_all(app: App, stop: asyncio.Event) -> frozenset[Delivering]:
    """Try every token before anything is sent; returns the platforms that do not answer yet. Raises TokenRefused."""
    for sender in app.senders:
        await sender.start()
    waits_s = await together([_opened(sender, stop) for sender in app.senders])
    return frozenset(sender for sender, wait_s in zip(app.senders, waits_s, strict=True) if wait_s)


async def _opened(sender: Delivering, stop: asyncio.Event) -> float:
    """Try its token, until a stop at most; the seconds until it may be tried again, 0 if it is open. Raises TokenRefused."""
    opening, stopped = asyncio.create_task(sender.open()), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({opening, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            opening.result()
            return 0.0
    except PlatformUnreachable as error:
        log.warning("platform out of reach", platform=sender.name, error=str(error))
        return error.after_s
    finally:
        opening.cancel()
        stopped.cancel()
        await asyncio.gather(opening, stopped, return_exceptions=True)
    return GRACE_S


async def _platform(app: App, sender: Delivering, stop: asyncio.Event, *, is_open: bool) -> None:
    """One platform until the stop, or until it is of no use any more: then the others go on without it."""
    wait_s = 0.0 if is_open else REOPEN_S
    while wait_s and sender.is_working and not stop.is_set():
        await _pause(stop, wait_s / app.settings.clock_rate)
        await apart(sender.end_late(), "late deliveries not ended", platform=sender.name)
        try:
            wait_s = await _opened(sender, stop)
        except TokenRefused:
            sender.refuse()
    if not wait_s:
        talking = asyncio.create_task(_conversation(app, sender)) if sender.name in CONVERSATIONS else None
        await work(sender.wake, sender.over, sender.turn, name=f"deliveries {sender.name}")
        if talking is not None:
            await _ended(talking)
    if not sender.is_working:
        log.error("platform stopped: it refuses our token, or another process uses it", platform=sender.name)


async def _conversation(app: App, sender: Delivering) -> None:
    """What people write there, as long as its sender works. It begins anew after a failure, later each time."""
    failures = 0
    while not sender.over.is_set():
        began = time.monotonic()
        found = await apart(CONVERSATIONS[sender.name](app, sender.over), "conversation failed", platform=sender.name)
        if found is False:
            sender.refuse()
            return
        failures = failures + 1 if time.monotonic() - began < LIVED_S else 1
        await _pause(sender.over, doubled(TALK_AGAIN_S, failures, TALK_AGAIN_MOST_S))


async def _ended(task: asyncio.Task[None]) -> None:
    """Answers in hand get a moment."""
    await asyncio.wait({task}, timeout=GRACE_S)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({waiting}, timeout=seconds)
    waiting.cancel()


async def _until_stopped(stop: asyncio.Event, senders: list[asyncio.Task[None]]) -> bool:
    """Until a signal, or until no platform is left: False."""
    stopped = asyncio.create_task(stop.wait())
    running = set(senders)
    while running and not stop.is_set():
        await asyncio.wait({stopped, *running}, return_when=asyncio.FIRST_COMPLETED)
        running = {task for task in running if not task.done()}
    stopped.cancel()
    was_told = stop.is_set()
    stop.set()
    return was_told


async def _finished(tasks: list[asyncio.Task[None]]) -> None:
    """What is in hand gets a moment; what takes longer is taken up again at the next start."""
    await asyncio.wait(tasks, timeout=GRACE_S)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _beat(app: App, is_held: IsHeld, stop: asyncio.Event, lost: asyncio.Event) -> int:
    """Say that the process lives, and tidy up; stop it if another one may begin to send beside it."""
    if not await asyncio.to_thread(is_held):
        log.error("the lock on the database was lost")
        lost.set()
        stop.set()
        return 0
    async with app.store.write() as tx:
        await heartbeat.beat(tx, "tick", app.now())
    await tidy(app)
    await app.searching.refresh()
    return 0


async def _warn_of_an_early_clock(app: App) -> None:
    async with app.store.read() as tx:
        newest = await heartbeat.newest_instant(tx)
    if newest is not None and newest > app.now():
        log.warning("the clock starts before the newest instant in the database", clock=app.now().isoformat())


async def _tell_who_waits_for_a_token(app: App) -> None:
    """One line for each platform that is left out; a warning where somebody subscribed, who would wait and not know why."""
    async with app.store.read() as tx:
        counted = await subscriptions.count_by_platform(tx)
    for platform in sorted({*PLATFORMS, *counted} - app.channels.keys()):
        level = log.warning if counted.get(platform) else log.info
        level("platform left out: it has no token", platform=platform, subscriptions=counted.get(platform, 0))


def _on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def first(_number: signal.Signals) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)  # the next one ends the process at once
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, first, number)
