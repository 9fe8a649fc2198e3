"""The bot with two watchers in its own process: one answers people, one looks how long the loop stands still.

`python -m tests.soak_child SECONDS`; the last line of its output is JSON.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from bot import config, log
from bot.app import App, opened
from bot.domain.messages import Message, paragraph
from bot.domain.subscriptions import Address
from bot.running import serve
from bot.storage.lock import process_lock

EVERY_S = 0.2  # five answers a second
LOOK_S = 0.01
WARM_UP_S = 5.0


async def answer(app: App, took: list[float], chance: random.Random) -> None:
    """One answer to somebody; most of them are not being sent to right now."""
    channel = app.channels["telegram"]
    (part,) = channel.render(Message(blocks=(paragraph("Here is what you asked for."),)))
    began = time.monotonic()
    address = Address(platform="telegram", chat=str(chance.randrange(1000, 9000)))
    outcome = await channel.send(address, part, key=str(began), is_answer=True)
    assert outcome.kind == "sent", outcome
    took.append(time.monotonic() - began)


async def watch(stalls: list[float]) -> None:
    while True:
        began = time.monotonic()
        await asyncio.sleep(LOOK_S)
        stalls.append(max(0.0, time.monotonic() - began - LOOK_S))


async def main(seconds: float) -> None:
    settings = config.load(os.environ, Path(os.devnull))
    log.configure(settings)
    took: list[float] = []
    stalls: list[float] = []
    chance = random.Random(1)
    with process_lock(settings.database_url.get_secret_value()) as is_held:
        async with opened(settings, is_sending=True) as app:
            serving = asyncio.create_task(serve(app, is_held))
            await asyncio.sleep(WARM_UP_S)
            watching = asyncio.create_task(watch(stalls))
            asking = set()
            ends_at = time.monotonic() + seconds
            while time.monotonic() < ends_at:
                asking.add(asyncio.create_task(answer(app, took, chance)))
                await asyncio.sleep(EVERY_S)
            await asyncio.gather(*asking)
            watching.cancel()
            os.kill(os.getpid(), signal.SIGTERM)
            await serving
    took.sort()
    stalls.sort()
    print(
        json.dumps(
            {
                "answers": len(took),
                "median_ms": took[len(took) // 2] * 1000,
                "p95_ms": took[len(took) * 95 // 100] * 1000,
                "longest_ms": took[-1] * 1000,
                "stall_p99_ms": stalls[len(stalls) * 99 // 100] * 1000,
                "stall_longest_ms": stalls[-1] * 1000,
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
