"""People who use the Discord bot while a broadcast goes out: how soon Discord gets a first answer, and people theirs.

python -m tests.soak people --platform discord --seconds 60
"""

import argparse
from collections.abc import Awaitable, Callable
from typing import Any

from bot.domain.subscriptions import Address
from tests.discord_crowd import a_crowd
from tests.discord_users import FIRST
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_people import Person, Use
from tests.fakes.openai import FakeOpenAI
from tests.lives import Lives, publish, subscribe
from tests.soak_people import A_SECOND, Tallied, used
from tests.soak_world import DUE, EVE, a_platform, a_soaked_world

PAPERS = 12
CROWD = 100  # on servers, and as many alone
IN_TIME_S = 3.0


async def people(asked: argparse.Namespace) -> bool:
    """Ten requests a second, all from what is there already, beside a broadcast that goes as fast as Discord lets it."""
    async with FakeOpenAI() as model, a_platform("discord") as platform, a_soaked_world(platform) as world:
        discord = platform.discord
        assert discord
        world.model = model
        await a_crowd(discord, asked.subscriptions).subscribes(world, discord, at="09:00", since=EVE, limit=PAPERS)
        publish(world, DUE.date(), papers=PAPERS)
        homes = {f"{FIRST + number}": "" for number in range(CROWD)}
        homes |= {f"{FIRST + CROWD + number}": discord.text_channel(str(700_000 + number)) for number in range(CROWD)}
        crowd = [discord.person(number, manages_guild=True) for number in homes]
        chats = [channel or f"@{number}" for number, channel in homes.items()]
        theirs = [Address(platform="discord", chat=chat) for chat in chats]
        await subscribe(world, *theirs, at="23:00", subscribed_at=EVE, limit=PAPERS)
        lives = Lives(world=world, platform="discord", starts_at=DUE)
        await lives.begin()
        await discord.connected()
        await discord.has_accepted(20)
        before, asked_before = len(_of_broadcast(discord)), len(discord.uses)
        tallied = await used(crowd, _requests(homes), seconds=asked.seconds, a_second=A_SECOND, seed=asked.seed)
        beside = len(_of_broadcast(discord)) - before
        uses = list(discord.uses.values())[asked_before:]
        assert await lives.stop() == 0, lives.log()
        return _told(tallied, uses, discord, beside, asked.seconds)


def _of_broadcast(discord: FakeDiscord) -> list[object]:
    return [each for each in discord.messages if each.interaction is None]


def _requests(homes: dict[str, str]) -> dict[str, Callable[[Person], Awaitable[object]]]:
    """What people do: each is there at once, without a source, a page or a model."""
    number = iter(range(10**9))

    async def ran(person: Person, command: str, **options: Any) -> Use:  # noqa: ANN401  (as `runs` takes them)
        use = await person.runs(command, homes[person.id], **options)
        await use.answer()
        return use

    async def summary(person: Person) -> object:
        return await ran(person, "summary", paper=f"{DUE:%y%m}.{DUE.day:02}{next(number) % PAPERS + 1:03}")

    async def settings(person: Person) -> object:
        return await ran(person, "papers settings")

    async def search(person: Person) -> object:
        return await ran(person, "search", query="agents")

    async def menu(person: Person) -> object:
        use = await ran(person, "papers settings")
        shown = await use.answer()
        return await (await person.taps(shown, shown.buttons[0]["custom_id"])).acknowledged()

    async def completing(person: Person) -> object:
        return await person.completes("papers subscribe", homes[person.id], categories="cs.")

    return {"summary": summary, "settings": settings, "search": search, "menu": menu, "completing": completing}


def _told(tallied: Tallied, uses: list[Use], discord: FakeDiscord, beside: int, seconds: float) -> bool:
    took, first = tallied.all(), sorted(use.answered_within_s for use in uses if use.answered_within_s is not None)
    late = [use for use in uses if use.answered_within_s is None or use.answered_within_s > IN_TIME_S]
    print(f"people, discord: {len(took)} requests answered in {seconds:.0f} s, beside {beside} messages of a broadcast")
    print(f"  interactions {len(uses)}; first answers: {_times(first)}; later than {IN_TIME_S:g} s or never: {len(late)}")
    print(f"  to what people see: {_times(took)}")
    for name, times in sorted(tallied.took.items()):
        print(f"  {name}: {len(times)}, {_times(sorted(times))}")
    print(f"  not answered: {dict(tallied.unanswered)}; answers of 429: {discord.refusals_429}; odd: {discord.oddities[:3]}")
    return not late and not tallied.unanswered and not discord.oddities


def _times(took: list[float]) -> str:
    middle, late = took[len(took) // 2], took[len(took) * 95 // 100]
    return f"median {middle * 1000:.0f} ms, p95 {late * 1000:.0f} ms, longest {took[-1] * 1000:.0f} ms"
