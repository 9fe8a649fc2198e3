"""What people saw of digests on the fake Discord, held against the ledger: places, bodies, and which thread each part is in."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass

from tests.discord_bodies import spoken
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_places import BOT_ID, DIRECT
from tests.lives import Lives, Shown, body


def place_of(discord: FakeDiscord, channel: str) -> str:
    """A channel as the ledger names it: `@user`, `channel/thread` for somebody's thread; a thread of ours is its channel's."""
    place = discord.channels.at(channel)
    if place.kind == DIRECT:
        return f"@{place.recipient}"
    if not place.is_thread:
        return channel
    return place.parent if place.owner_id == BOT_ID else f"{place.parent}/{channel}"


def seen(discord: FakeDiscord) -> Shown:
    """Everything that all may see, in order."""
    shown = [each for each in discord.messages if each.is_seen and not each.seen_by]
    return [(place_of(discord, each.channel), spoken(each.content, each.embeds)) for each in shown]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threads:
    """Of digests whose papers should come in one thread: how many there are, and where it went otherwise.

    `scattered`: papers of one in more than one thread. `outside`: papers beside the thread, in the channel itself.
    `unwanted`: threads or posts with nothing of a digest behind them, or a second one of it.
    """

    digests: int
    scattered: tuple[str, ...]
    outside: tuple[str, ...]
    unwanted: tuple[str, ...]


def threads(lives: Lives, discord: FakeDiscord) -> Threads:
    """Which thread each part of a digest is in; that of a channel has the number of the message that stands above it."""
    found = defaultdict[tuple[str, str], list[str]](list)
    for each in discord.messages:
        if each.is_seen and not each.seen_by:
            found[place_of(discord, each.channel), spoken(each.content, each.embeds)].append(each.channel)
    used, scattered, outside = Counter[str](), [], []
    query = "SELECT p.digest_id, a.chat, p.number, p.payload FROM parts p JOIN addresses a ON a.id = p.address_id"
    digests = defaultdict[int, set[str]](set)
    of_channels = "a.thread = '' AND a.chat NOT LIKE '@%' AND p.digest_id IS NOT NULL AND p.state = 'sent'"
    for digest, chat, number, payload in lives.rows(f"{query} WHERE {of_channels} ORDER BY p.id"):
        if number > 1 and (json.loads(payload).get("thread") or {}).get("is_apart"):
            digests[digest].update(found.get((chat, body(payload)), ()))
    for digest, channels in digests.items():
        inside = {each for each in channels if discord.channels.at(each).is_thread}
        used.update(inside)
        scattered += [f"digest {digest} in {len(inside)} threads"] if len(inside) > 1 else []
        outside += [f"digest {digest}"] if channels - inside else []
    ours = [each for each in discord.channels.places.values() if each.is_thread and each.owner_id == BOT_ID]
    unwanted = [f"thread {each.id} of {each.parent}" for each in ours if not used[each.id]]
    unwanted += [f"thread {each} has {times} digests" for each, times in used.items() if times > 1]
    return Threads(digests=len(digests), scattered=tuple(scattered), outside=tuple(outside), unwanted=tuple(unwanted))
