"""What all of the fake Telegram stands on: what was asked, what is shown, who waits for it."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from tests.fakes.server import ChatPlatform
from tests.fakes.telegram_chats import Chats
from tests.fakes.telegram_limits import Windows
from tests.fakes.telegram_posts import Document, Posted, described
from tests.fakes.telegram_reading import Asked
from tests.fakes.telegram_updates import Updates

TOKEN = "123456789:AAE-fake-token-of-thirty-five-letters"
PATIENCE_S = 10.0

Moment = Literal["before", "accepted"]
Wanted = str | Callable[[Posted], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """What a reader is shown for a tap; nothing, if the text is empty."""

    text: str
    is_alert: bool
    url: str


@dataclass(slots=True, kw_only=True, eq=False)
class Query:
    """A tap that waits for its answer."""

    id: str
    at: float
    answered: "asyncio.Future[Toast]"
    is_expired: bool = False


Hook = Callable[[Moment, Asked], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Ground(ChatPlatform):
    """The state of the platform. `messages` are the bot's, `posts` everybody's by chat and id; `polls` are no `requests`.

    `oddities` is what the real platform has not, or this fake has not: tests assert that it is empty.
    """

    token: str = TOKEN
    limits: Windows = field(default_factory=Windows)
    bot: dict[str, Any] = field(
        default_factory=lambda: {
            "id": 123456789,
            "is_bot": True,
            "first_name": "Paperboy",
            "username": "p_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
    )
    chats: Chats = field(default_factory=Chats)
    on_send: Hook | None = None
    requests: list[Asked] = field(default_factory=list)
    polls: list[Asked] = field(default_factory=list)
    messages: list[Posted] = field(default_factory=list)
    posts: dict[str, dict[int, Posted]] = field(default_factory=lambda: defaultdict(dict))
    answers: Counter[int] = field(default_factory=Counter)
    refusals_429: int = 0  # broken limits; what `throttles` and `floods` answer is not counted
    oddities: list[str] = field(default_factory=list)
    updates: Updates = field(default_factory=Updates)
    queries: dict[str, Query] = field(default_factory=dict)
    answer_within_s: float = 15.0  # how long a tap can be answered
    documents: dict[str, Document] = field(default_factory=dict)
    paths: dict[str, Document] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    changed: int = 0
    ahead_s: float = 0.0  # how far the platform's clock is ahead of the machine's
    url: str = ""
    is_over: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None
    _has_news: asyncio.Condition = field(default_factory=asyncio.Condition)
    floods_until: dict[str, float] = field(default_factory=dict)
    _last_ids: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chats.bot = self.bot

    def texts(self, chat: str = "", thread: str | None = None) -> list[str]:
        """What people saw of the bot, in order, as it is now."""
        shown = (each for each in self.messages if not chat or each.chat == chat)
        return [each.text for each in shown if thread is None or each.thread == thread]

    def now(self) -> float:
        """Seconds since 1970, as the platform's own clock has them."""
        return time.time() + self.ahead_s

    def next_id(self, chat: str) -> int:
        """Supergroups and channels count for themselves, all other chats together."""
        counter = chat if self.chats.kind(chat) in ("supergroup", "channel") else ""
        self._last_ids[counter] += 1
        return self._last_ids[counter]

    def keep(self, posted: Posted) -> None:
        """A new message of anybody."""
        posted.date = posted.date or int(self.now())
        posted.at = posted.at or time.monotonic()
        self.posts[posted.chat][posted.message_id] = posted
        self.touch(posted)

    def touch(self, posted: Posted) -> None:
        """Something happened to it."""
        self.changed += 1
        posted.changed = self.changed

    def told(self, posted: Posted) -> dict[str, Any]:
        """A Message as the platform tells it; in a topic, what replies to nothing replies to its beginning."""
        said = described(posted, self.chats.described)
        begun = self.posts[posted.chat].get(int(posted.thread)) if posted.thread else None
        if begun is None or begun is posted or posted.reply_to:
            return said
        return said | {"reply_to_message": described(begun, self.chats.described, has_reply=False)}

    def new_query(self) -> Query:
        """A tap that waits for its answer."""
        number = str(4_300_000_000_000_000 + len(self.queries))
        query = Query(id=number, at=self.limits.clock(), answered=asyncio.get_running_loop().create_future())
        self.queries[number] = query
        return query

    async def tells(self) -> None:
        """Wake whoever waits."""
        async with self._has_news:
            self._has_news.notify_all()

    # Looking

    async def shown(
        self, chat: object, count: int = 1, *, thread: str | None = None, within_s: float = PATIENCE_S
    ) -> list[Posted]:
        """Wait until the bot has that many messages in a chat (deleted ones do not count); returns them, as they are now."""
        name = str(getattr(chat, "id", chat))

        def found() -> list[Posted]:
            here = [each for each in self.messages if each.chat == name and not each.is_deleted]
            return [each for each in here if thread is None or each.thread == thread]

        await self.until(lambda: len(found()) >= count, f"{count} messages in {name}", within_s)
        return found()

    async def sees(
        self, chat: str, wanted: Wanted, *, thread: str | None = None, since: int = 0, within_s: float = PATIENCE_S
    ) -> Posted:
        """Wait for the bot's first message, new or edited after `since`, that has a text in it or for which `wanted` is so."""

        def found() -> Posted | None:
            for each in sorted(self.messages, key=lambda posted: posted.changed):
                if each.chat != chat or each.is_deleted or each.changed <= since or thread not in (None, each.thread):
                    continue
                if (wanted in each.text) if isinstance(wanted, str) else wanted(each):
                    return each
            return None

        what = repr(wanted) if isinstance(wanted, str) else "such a message"
        await self.until(lambda: found() is not None, f"{what} in {chat}", within_s)
        seen = found()
        assert seen is not None
        return seen

    async def until(self, is_so: Callable[[], bool], what: str, within_s: float = PATIENCE_S) -> None:
        """Wait for it. Raises AssertionError, with what was shown instead."""
        try:
            async with asyncio.timeout(within_s):
                await self._until(is_so)
        except TimeoutError:
            last = "\n".join(str(each) for each in self.messages[-8:])
            odd = f"; oddities: {self.oddities}" if self.oddities else ""
            raise AssertionError(f"no {what} within {within_s:g} s; the last that was shown:\n{last}{odd}") from None

    async def all_read(self, within_s: float = PATIENCE_S) -> None:
        """Wait until the bot has acknowledged every update. It may still be at work on them."""
        try:
            async with asyncio.timeout(within_s), self.updates.has_changed:
                await self.updates.has_changed.wait_for(lambda: not self.updates.pending)
        except TimeoutError:
            raise AssertionError(f"unread: {[each.update for each in self.updates.pending]}") from None
