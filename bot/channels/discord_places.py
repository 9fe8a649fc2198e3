"""What is known of the channels that are written to: asked once, kept in memory, asked anew when an answer contradicts it."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.channels.discord_wire import Body, Wire

TEXT, NEWS, FORUM, MEDIA = 0, 5, 15, 16
REQUIRE_TAG = 1 << 4
FORGET_S = 600.0  # rights are given back by people: after that it is tried again
MOST = 10_000
_FITTING = ("paper", "papers", "arxiv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """What posts of a forum are marked with; one that `is_moderated` not by the bot."""

    id: str
    name: str
    is_moderated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a channel is. `has_posts`: it takes nothing but posts. `takes_threads`: one can be made of a message there."""

    has_posts: bool = False
    takes_threads: bool = False
    guild: str = ""
    needs_tag: bool = False
    tags: tuple[Tag, ...] = ()

    @property
    def tag(self) -> Tag | None:
        """The tag for our posts: one that is named for papers, else the first that the bot may use."""
        usable = [tag for tag in self.tags if not tag.is_moderated]
        fitting = (tag for tag in usable if tag.name.casefold().strip() in _FITTING)
        return next(fitting, usable[0] if usable else None)


class Places:
    """Kinds of channels, direct channels of people, and what the bot was refused lately."""

    def __init__(self, wire: Wire, clock: Callable[[], float] = time.monotonic) -> None:
        self._wire, self._clock = wire, clock
        self._kinds: dict[str, Kind] = {}
        self._direct: dict[str, str] = {}
        self._refused: dict[tuple[str, str], float] = {}

    async def channel_of(self, chat: str) -> str:
        """The channel of an address: `@7` is what is said to user 7 alone."""
        user = chat.removeprefix("@")
        if user == chat:
            return chat
        if user not in self._direct:
            _bounded(self._direct)
            self._direct[user] = await self._wire.direct(user)
        return self._direct[user]

    async def kind(self, channel: str, *, is_fresh: bool = False) -> Kind:
        """What a channel is."""
        if is_fresh or channel not in self._kinds:
            _bounded(self._kinds)
            self._kinds[channel] = _kind(await self._wire.channel(channel))
        return self._kinds[channel]

    def refuse(self, place: str, right: str) -> None:
        """Remember for a while that the bot may not do this there: asking in vain again and again is what bans are for."""
        _bounded(self._refused)
        self._refused[place, right] = self._clock() + FORGET_S

    def is_refused(self, place: str, right: str) -> bool:
        """Whether it was refused lately."""
        return self._refused.get((place, right), 0.0) > self._clock()


def _kind(said: Body) -> Kind:
    kind, tags = said["type"], said.get("available_tags") or ()
    return Kind(
        has_posts=kind in (FORUM, MEDIA),
        takes_threads=kind in (TEXT, NEWS),
        guild=str(said.get("guild_id") or ""),
        needs_tag=bool(int(said.get("flags") or 0) & REQUIRE_TAG),
        tags=tuple(_tags(tags)),
    )


def _tags(said: Iterable[Body]) -> Iterable[Tag]:
    return (Tag(id=str(each["id"]), name=str(each.get("name")), is_moderated=bool(each.get("moderated"))) for each in said)


def _bounded(kept: dict[str, Kind] | dict[str, str] | dict[tuple[str, str], float]) -> None:
    if len(kept) >= MOST:
        kept.clear()
