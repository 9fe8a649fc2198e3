"""Beside a running bot: what an operator sees of its ledger, and when there is nothing left for it to do just now."""

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.lives import Lives

SOON = timedelta(seconds=20)
# The first open part of each digest (a notice has none) at a destination that takes messages: what is tried next.
_NEXT = """
    SELECT p.state, p.not_before FROM parts p JOIN addresses a ON a.id = p.address_id
    WHERE p.ended_at IS NULL AND a.suspended_because IS NULL AND a.platform IN ({platforms}) AND NOT EXISTS (
        SELECT 1 FROM parts e WHERE e.digest_id = p.digest_id AND e.number < p.number AND e.ended_at IS NULL)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What `paperboy deliveries` says. A place is a chat, or chat/topic; parts are in the order in which they were queued."""

    parts: Mapping[str, list[dict[str, Any]]]
    closed: Mapping[str, dict[str, Any]]
    totals: Mapping[str, int]
    table: str = ""

    def states(self, place: str, on: str = "") -> list[str]:
        """The states of its parts, `on` a day, in order."""
        return [part["state"] for part in self.of(place, on)]

    def causes(self, place: str, on: str = "") -> set[str | None]:
        """Why they are not sent."""
        return {part["cause"] for part in self.of(place, on) if part["state"] != "sent"}

    def of(self, place: str, on: str = "") -> list[dict[str, Any]]:
        """Its parts in all digests, or in that of one day."""
        return [part for part in self.parts.get(place, []) if not on or (part["digest"] or {}).get("on") == on]

    def kinds(self, place: str) -> list[tuple[str, str]]:
        """Its digests: day and kind."""
        return list(dict.fromkeys((part["digest"]["on"], part["digest"]["kind"]) for part in self.of(place) if part["digest"]))


async def look(lives: Lives, *, has_table: bool = False) -> Seen:
    """Ask the command, as an operator would, beside the bot; `has_table`: in words too."""
    said = [json.loads(line) for line in (await _asked(lives, "--format", "json")).splitlines()]
    table = await _asked(lives) if has_table else ""
    parts = defaultdict(list)
    for part in sorted((each for each in said if each["what"] == "part"), key=lambda each: int(each["id"])):
        parts[_place(part)].append(part)
    closed = {_place(each): each for each in said if each["what"] == "destination"}
    totals = {name: count for name, count in said[-1].items() if name != "what"}
    return Seen(parts=parts, closed=closed, totals=totals, table=re.sub(r" +", " ", table))


async def _asked(lives: Lives, *options: str) -> str:
    lives.world.clock = lives.now.isoformat()
    done = await lives.world.paperboy("deliveries", "--limit", "1000", *options)
    assert done.code == 0, done.err
    return done.out


def _place(said: Mapping[str, Any]) -> str:
    return f"{said['chat']}/{said['thread']}" if said["thread"] else str(said["chat"])


async def until(lives: Lives, is_so: Callable[[], bool], *, within_s: float = 40.0) -> None:
    """Wait for what the database or a platform will show."""
    ends = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < ends, f"{lives.states()} {lives.log()}"
        assert lives.is_alive, f"it is dead: {lives.log()}"
        await asyncio.sleep(0.05)


async def quiet(lives: Lives, digests: int, *, platforms: tuple[str, ...] = ("telegram", "discord")) -> None:
    """Wait until so many digests were queued, and whatever may be sent is through; what must wait for longer may."""
    query = _NEXT.format(platforms=", ".join(f"'{name}'" for name in platforms))

    def is_quiet() -> bool:
        if lives.number("SELECT count(*) FROM digests WHERE queued_at IS NOT NULL") < digests:
            return False
        soon = (lives.now + SOON).isoformat(timespec="microseconds")
        return all(state != "sending" and at is not None and at > soon for state, at in lives.rows(query))

    await until(lives, is_quiet)


@dataclass(slots=True, kw_only=True)
class Story:
    """What was seen at each stage of one, for the tests that share it. `shown`: what people saw, by stage and place."""

    seen: dict[str, Seen] = field(default_factory=dict)
    shown: dict[str, Mapping[str, list[Any]]] = field(default_factory=dict)
    log: str = ""
    history: str = ""
    subscriptions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """Lives of the bot, one after another, each until nothing more happens. `shown`: what people saw so far, and where."""

    lives: Lives
    story: Story
    shown: Callable[[], list[tuple[str, Any]]]

    async def pass_by(self, name: str, at: str, *, digests: int, closed: int, looks: int = 0, has_table: bool = False) -> None:
        """Until so many digests were queued and `closed` destinations are, at which `looks` looks were in vain."""
        before, lives = len(self.shown()), self.lives
        lives.jump(datetime.fromisoformat(at).replace(tzinfo=UTC))
        await lives.begin()
        query = "SELECT count(*), min(probes) FROM addresses WHERE probe_at IS NOT NULL"
        await until(lives, lambda: lives.rows(query) == [(closed, looks if closed else None)])
        await quiet(lives, digests)
        self.story.seen[name] = await look(lives, has_table=has_table)
        assert await lives.stop() == 0, lives.log()
        shown = self.story.shown[name] = defaultdict(list)
        for place, message in self.shown()[before:]:
            shown[place].append(message)
