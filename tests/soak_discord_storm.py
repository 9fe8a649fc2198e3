"""Everything at once on Discord: failing servers, lost answers, 429 of all scopes, channels, threads, servers that come and go.

python -m tests.soak storm --platform discord
python -m tests.soak storm --platform discord --forums
"""

import argparse
import asyncio
import random
import time
from collections.abc import Sequence
from datetime import timedelta

from tests.discord_crowd import Crowd, a_crowd, a_crowd_of_forums, users_of
from tests.discord_seen import seen, threads
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_faults import ALWAYS
from tests.fakes.discord_places import BOT_ID
from tests.lives import Lives, publish
from tests.soak_discord import PAPERS, digests_of, opened_twice, told, told_seen, told_users
from tests.soak_world import DUE, EVE, a_platform, a_soaked_world

LONGEST_S = 40 * 60.0
REQUESTS = ("message", "thread", "post", "channel", "active", "look", "dm")
ANSWERS = ("callback", "webhook")
LATER = timedelta(hours=1, minutes=5)  # destinations that took nothing are looked at again
ENDED = ("sent", "unknown", "suspended", "expired", "dead")


async def storm(asked: argparse.Namespace) -> bool:
    """A broadcast through all of it; an hour later, in fair weather, what was given back is found open."""
    chance, began = random.Random(asked.seed), time.monotonic()
    async with a_platform("discord") as platform, a_soaked_world(platform) as world:
        discord = platform.discord
        assert discord
        crowd = (a_crowd_of_forums if asked.forums else a_crowd)(discord, asked.subscriptions)
        await crowd.subscribes(world, discord, at="09:00", since=EVE, limit=PAPERS)
        publish(world, DUE.date(), papers=PAPERS)
        weather = Weather(discord=discord, crowd=crowd, chance=chance)
        weather.befalls()
        lives = Lives(world=world, platform="discord", starts_at=DUE)
        users = users_of(discord, crowd, chance)
        await lives.begin()
        await discord.connected()
        using, blowing = asyncio.create_task(users.use()), asyncio.create_task(weather.blows())
        await _settled(lives, asked.subscriptions, blowing)
        for task in (using, blowing):
            task.cancel()
        await asyncio.gather(using, blowing, return_exceptions=True)
        discord.recovers()
        await _settled(lives, asked.subscriptions)
        in_storm = lives.states()
        code = await lives.stop()
        assert code == 0, (code, lives.log())
        weather.relents()
        lives.jump(lives.now + LATER)
        before = discord.identifies
        await lives.begin()
        await discord.until(lambda: discord.identifies > before)
        await _looked(lives)
        await _settled(lives, asked.subscriptions)
        code = await lives.stop()
        assert code == 0, (code, lives.log())
        took_s = time.monotonic() - began
        print(f"storm, discord: {asked.subscriptions} subscriptions in {took_s:.0f} s; befell: {told(weather.told)}")
        print(f"  in the storm: {told(in_storm)}")
        is_kept = _told(lives, discord, crowd, asked)
        return told_users(users, lives, may_repeat=True) and is_kept


class Weather:
    """What befalls the platform; `told` counts it."""

    def __init__(self, *, discord: FakeDiscord, crowd: Crowd, chance: random.Random) -> None:
        self._discord, self._crowd, self._chance = discord, crowd, chance
        self.told: dict[str, int] = {}
        self._taken: list[str] = []

    def befalls(self) -> None:
        """Faults of requests, from now on; and what is so before the first message."""
        discord, crowd = self._discord, self._crowd
        for kind in REQUESTS:
            discord.fails(502, share=0.05, times=ALWAYS, kind=kind)
            discord.fails(503, share=0.02, times=ALWAYS, kind=kind)
            discord.loses_answer(cuts=True, share=0.03, times=ALWAYS, kind=kind)
            discord.drops(share=0.015, times=ALWAYS, kind=kind)
            discord.drops_unread(share=0.015, times=ALWAYS, kind=kind)
            discord.throttles(0.3, scope="user", share=0.01, times=ALWAYS, kind=kind)
            discord.throttles(1.0, scope="shared", share=0.005, times=ALWAYS, kind=kind)
            discord.throttles(0.5, scope="global", share=0.002, times=ALWAYS, kind=kind)
            discord.throttles(45.0, scope="user", share=0.001, times=ALWAYS, kind=kind)
        discord.loses_answer(share=0.001, times=ALWAYS)
        discord.throttles(60.0, has_via=False, times=2, share=0.01)
        for kind in ANSWERS:
            discord.fails(502, share=0.02, times=ALWAYS, kind=kind)
            discord.loses_answer(cuts=True, share=0.02, times=ALWAYS, kind=kind)
            discord.drops_unread(share=0.02, times=ALWAYS, kind=kind)
        for each in self._some(crowd.channels, 0.02):
            self._count("channels deleted before")
            discord.deletes_channel(each)
        for each in self._some(crowd.people, 0.03):
            self._count("people who take no messages")
            discord.closes_direct_messages(discord.direct(each))
        for each in self._some(crowd.threaded, 0.03):
            self._count("no right to make threads")
            discord.takes_thread_rights(each)
        for each in self._some(crowd.channels, 0.03):
            self._count("no right to embed")
            discord.takes_embed_rights(each)

    async def blows(self) -> None:
        """One thing after another, until cancelled."""
        happenings = (
            *(self._gateway, self._gateway, self._channel_gone, self._rights, self._rights_in_threads),
            *(self._their_lock, self._our_lock, self._server, self._thread_gone),
        )
        while True:
            await asyncio.sleep(self._chance.uniform(1.0, 3.0))
            await self._chance.choice(happenings)()

    def relents(self) -> None:
        """All is given back, but what is gone for good."""
        discord = self._discord
        for each in self._taken:
            discord.gives_rights(each)
        for each in self._crowd.theirs:
            discord.unlocks(each)
        for each in ("2", "3"):
            if each in discord.channels.removed_guilds:
                discord.returns_guild(each)

    async def _gateway(self) -> None:
        self._count("gateway lost")
        match self._chance.randrange(4):
            case 0:
                await self._discord.asks_to_reconnect()
            case 1:
                self._discord.forgets_sessions()
                await self._discord.drops_gateway(4000)
            case 2:
                self._discord.refuses_gateway(times=1)
                await self._discord.drops_gateway()
            case _:
                await self._discord.drops_gateway()

    async def _channel_gone(self) -> None:
        if self._chance.random() < 0.3:
            self._count("channels deleted")
            self._discord.deletes_channel(self._chance.choice(self._there(self._crowd.channels)))

    async def _thread_gone(self) -> None:
        ours = [each.id for each in self._discord.channels.places.values() if each.is_thread and each.owner_id == BOT_ID]
        if found := self._there(ours[-20:]):
            self._count("threads of digests deleted")
            self._discord.deletes_thread(self._chance.choice(found))

    async def _our_lock(self) -> None:
        ours = [each.id for each in self._discord.channels.places.values() if each.is_thread and each.owner_id == BOT_ID]
        if found := self._there(ours[-20:]):
            self._count("threads of digests locked")
            self._discord.locks(self._chance.choice(found))

    async def _their_lock(self) -> None:
        if self._crowd.theirs:
            self._count("threads of others locked and unlocked")
            thread = self._chance.choice(self._there(self._crowd.theirs))
            self._discord.locks(thread)
            await asyncio.sleep(3)
            self._discord.unlocks(thread)

    async def _rights(self) -> None:
        self._count("rights taken")
        channel = self._chance.choice(self._there(self._crowd.channels))
        self._taken.append(channel)
        self._discord.takes_rights(channel, can_see=self._chance.random() < 0.5)

    async def _rights_in_threads(self) -> None:
        if self._crowd.threaded:
            self._count("rights in threads taken")
            channel = self._chance.choice(self._there(self._crowd.threaded))
            self._taken.append(channel)
            self._discord.takes_rights_in_threads(channel)

    async def _server(self) -> None:
        if self._chance.random() < 0.5:
            self._count("servers left and joined again")
            server = self._chance.choice(("2", "3"))
            self._discord.removes_guild(server)
            await asyncio.sleep(2)
            self._discord.returns_guild(server)

    def _there(self, channels: Sequence[str]) -> list[str]:
        return [each for each in channels if each not in self._discord.channels.deleted]

    def _some(self, of: Sequence[str], share: float) -> list[str]:
        return self._chance.sample(list(of), max(1, round(len(of) * share))) if of else []

    def _count(self, what: str) -> None:
        self.told[what] = self.told.get(what, 0) + 1


async def _settled(lives: Lives, digests: int, beside: asyncio.Task[None] | None = None) -> None:
    """All parts final, but those that are held back with their destination."""
    ends_at = time.monotonic() + LONGEST_S
    waiting = "SELECT count(*) FROM parts WHERE state IN ('due', 'sending', 'retry')"
    made = "SELECT count(*) FROM digests WHERE queued_at IS NOT NULL AND slot_kind <> 'now'"
    while lives.number(made) < digests or lives.number(waiting):
        assert time.monotonic() < ends_at, lives.states()
        assert lives.is_alive, lives.log()
        if beside and beside.done():
            beside.result()
        await asyncio.sleep(0.5)


async def _looked(lives: Lives) -> None:
    """Until each closed destination was looked at: what is open again is not closed any more, all others wait longer."""
    ends_at = time.monotonic() + 120
    query = "SELECT count(*) FROM addresses WHERE probe_at <= ?"
    while lives.number(query, lives.now.isoformat(timespec="microseconds")):
        assert time.monotonic() < ends_at, lives.log()
        await asyncio.sleep(0.5)


def _told(lives: Lives, discord: FakeDiscord, crowd: Crowd, asked: argparse.Namespace) -> bool:
    tally, spread = lives.tally(seen(discord), is_asked=True), threads(lives, discord)
    due, made = lives.number("SELECT count(*) FROM parts"), digests_of(lives, crowd)
    accounted = sum(tally.states.get(state, 0) for state in ENDED)
    causes = dict(lives.rows("SELECT cause, count(*) FROM parts WHERE state <> 'sent' GROUP BY cause"))
    tries = lives.number("SELECT max(attempts) FROM parts")
    print(f"  an hour later: {told(tally.states)} = {accounted} of {due} due, in {made} digests; by cause: {told(causes)}")
    print(f"  answers: {told({str(status): count for status, count in discord.answers.items()})}; most tries of one part {tries}")
    told_seen(tally, discord)
    print(f"  in threads or posts: {spread.digests} digests; partly outside {len(spread.outside)}, ", end="")
    print(f"in several {len(spread.scattered)}; posts {discord.posts}, opened twice {opened_twice(discord)}")
    for each in [*tally.lost, *tally.out_of_order, *tally.unexplained][:8]:
        print(f"    {each}")
    is_accounted = accounted == due and made == asked.subscriptions and not tally.lost
    return is_accounted and (asked.forums or not (tally.repeated or tally.unexplained))
