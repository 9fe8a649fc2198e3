"""Those who get a broadcast on the fake Discord: channels with threads, flat ones, somebody's threads, forums, people alone."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.subscriptions import Address
from tests.discord_users import FIRST, Reader, Users, Writer
from tests.fakes.discord import FakeDiscord
from tests.lives import subscribe
from tests.world import World

_CHANNELS, _THREADS, _PEOPLE = 100_000, 300_000, 500_000
SERVERS = ("1", "2", "3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Ids of channels; of `theirs` those of threads, of `people` those of users."""

    threaded: Sequence[str] = ()
    flat: Sequence[str] = ()
    theirs: Sequence[str] = ()
    people: Sequence[str] = ()
    forums: Sequence[str] = ()

    async def subscribes(self, world: World, discord: FakeDiscord, *, at: str, since: datetime, limit: int) -> None:
        """Everything of it wants agents."""
        parents = {each: discord.channels.at(each).parent for each in self.theirs}
        homes = [_home(each) for each in (*self.threaded, *self.forums)]
        homes += [_home(parents[each], each) for each in self.theirs] + [_home(f"@{each}") for each in self.people]
        random.Random(3).shuffle(homes)  # whoever comes first in the ledger is served first
        await subscribe(world, *homes, at=at, subscribed_at=since, limit=limit)
        await subscribe(world, *map(_home, self.flat), at=at, subscribed_at=since, limit=limit, has_thread=False)

    @property
    def channels(self) -> Sequence[str]:
        """All channels of servers, without threads."""
        return (*self.threaded, *self.flat, *self.forums)


def a_crowd(discord: FakeDiscord, count: int) -> Crowd:
    """Half of them channels with threads; then flat channels, people alone, and threads of somebody's; over three servers."""
    numbers = iter(range(_CHANNELS, _CHANNELS + count + 20))
    theirs = count // 10
    people, flat = count // 5, count // 5
    made = Crowd(
        threaded=[discord.text_channel(str(next(numbers)), _server(each)) for each in range(count - people - flat - theirs)],
        flat=[discord.text_channel(str(next(numbers)), _server(each)) for each in range(flat)],
        theirs=[str(_THREADS + each) for each in range(theirs)],
        people=[discord.person(_PEOPLE + each).id for each in range(people)],
    )
    homes = [discord.text_channel(str(next(numbers)), _server(each)) for each in range(min(theirs, 20))]
    for each, number in enumerate(made.theirs):
        discord.thread(number, homes[each % len(homes)], owner="7")
    return made


def a_crowd_of_forums(discord: FakeDiscord, count: int) -> Crowd:
    """Forums alone; every fourth list of posts lags behind by one look, every fourth forum wants a tag."""
    forums = []
    for each in range(count):
        is_strict = each % 4 == 1
        number = discord.forum(
            str(_CHANNELS + each), _server(each), tags=("papers", "talk") if is_strict else (), requires_tag=is_strict
        )
        if each % 4 == 3:
            discord.hides_posts(number, requests=1)
        forums.append(number)
    return Crowd(forums=forums)


def users_of(discord: FakeDiscord, crowd: Crowd, chance: random.Random) -> Users:
    """Twenty who subscribe, half of them for a channel that they manage, and thirty readers of the crowd who press."""
    bosses = [discord.person(FIRST + each, manages_guild=True) for each in range(10)]
    managed = [Writer(boss, discord.text_channel(str(_CHANNELS * 2 + each))) for each, boss in enumerate(bosses)]
    alone = [Writer(discord.person(FIRST + 100 + each)) for each in range(10)]
    readers = [Reader(discord.person(number)) for number in crowd.people[:20]]
    readers = readers or [Reader(discord.person(FIRST + 300 + each)) for each in range(5)]
    for each, channel in enumerate([*crowd.threaded[:10], *crowd.forums[:10], *crowd.flat[:5]]):
        readers.append(Reader(discord.person(FIRST + 200 + each, guild=discord.channels.guild_of(channel)), channel))
    return Users(discord=discord, writers=[*managed, *alone], readers=readers, chance=chance)


def _server(number: int) -> str:
    return SERVERS[number % len(SERVERS)]


def _home(chat: str, thread: str = "") -> Address:
    return Address(platform="discord", chat=chat, thread=thread)
