"""Telegram's Bot API on loopback: its sending half, strict like the real one, with verbs for how it fails.

As a process of its own: `python -m tests.fakes.telegram --port 0 [--token T] [--no-limits]` prints its URL and serves until
ended; `GET /messages` tells then what it accepted.
"""

import argparse
import asyncio
import json
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NoReturn

from aiohttp import web

from tests.fakes.server import ChatPlatform, served
from tests.fakes.telegram_chats import Chats, Refusal, check_keyboard
from tests.fakes.telegram_html import BadText, Entity, understood
from tests.fakes.telegram_limits import Windows

ALWAYS = 1_000_000_000
TOKEN = "123456789:AAE-fake-token-of-thirty-five-letters"
HTML = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center><hr><center>nginx</center></body>\r\n</html>"
)
PHRASES = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}

Moment = Literal["before", "accepted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it arrived."""

    method: str
    chat: str
    thread: str
    params: dict[str, str]
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A message that people see. `html` is what was sent, `text` what is shown of it."""

    message_id: int
    chat: str
    thread: str
    text: str
    entities: tuple[Entity, ...]
    html: str
    keyboard: dict[str, Any] | None
    at: float


Hook = Callable[[Moment, Asked], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Fault:
    """Hits the next `left` messages (or those of `chat`), each with the probability `share`."""

    act: Callable[[web.Request], Awaitable[web.StreamResponse]]
    accepts: bool
    left: int
    chat: str
    share: float
    method: str = "sendMessage"
    is_unread: bool = False


@dataclass(slots=True)
class FakeTelegram(ChatPlatform):
    """Start it with `async with`. Faults hold `times` times, what is said of chats until it is unsaid."""

    token: str = TOKEN
    seed: int = 1
    limits: Windows = field(default_factory=Windows)
    chats: Chats = field(default_factory=Chats)
    on_send: Hook | None = None
    requests: list[Asked] = field(default_factory=list)
    messages: list[Accepted] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    refusals_429: int = 0  # broken limits; what `throttles` and `floods` answer is not counted
    url: str = ""
    bot: dict[str, Any] = field(
        default_factory=lambda: {"id": 123456789, "is_bot": True, "first_name": "Paperboy", "username": "p_bot"}
    )
    _faults: list[Fault] = field(default_factory=list)
    _floods: dict[str, float] = field(default_factory=dict)
    _random: random.Random = field(init=False)
    _runner: web.AppRunner | None = None
    is_over: asyncio.Event = field(default_factory=asyncio.Event)
    _has_news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    async def up(self, port: int = 0) -> None:
        """Listen, after `down` on the port of before."""
        port = port or (int(self.url.rpartition(":")[2]) if self.url else 0)
        self.is_over = asyncio.Event()
        app = web.Application(client_max_size=50_000_000)
        app.router.add_get("/messages", self._tell)
        app.router.add_route("*", "/bot{token:[^/]*}/{method}", self._serve)
        self._runner, self.url = await served(app, port)

    def texts(self, chat: str = "", thread: str | None = None) -> list[str]:
        """What people saw, in order."""
        shown = (each for each in self.messages if not chat or each.chat == chat)
        return [each.text for each in shown if thread is None or each.thread == thread]

    # What becomes of chats, until it is unsaid

    def blocks(self, chat: str) -> None:
        self.chats.blocked.add(chat)

    def unblocks(self, chat: str) -> None:
        self.chats.blocked.discard(chat)

    def kicks(self, chat: str) -> None:
        self.chats.kicked.add(chat)

    def readmits(self, chat: str) -> None:
        self.chats.kicked.discard(chat)

    def deactivates(self, chat: str) -> None:
        self.chats.deactivated.add(chat)

    def reactivates(self, chat: str) -> None:
        self.chats.deactivated.discard(chat)

    def forgets(self, chat: str) -> None:
        self.chats.unknown.add(chat)

    def remembers(self, chat: str) -> None:
        self.chats.unknown.discard(chat)

    def takes_rights(self, chat: str) -> None:
        self.chats.silenced.add(chat)

    def gives_rights(self, chat: str) -> None:
        self.chats.silenced.discard(chat)

    def upgrades(self, chat: str, new_chat: str) -> None:
        self.chats.moved[chat] = new_chat

    def makes_channel(self, chat: str) -> None:
        self.chats.channels.add(chat)

    def closes_topic(self, chat: str, thread: str) -> None:
        self.chats.closed_topics[chat].add(thread)

    def deletes_topic(self, chat: str, thread: str) -> None:
        self.chats.deleted_topics[chat].add(thread)

    def reopens_topic(self, chat: str, thread: str) -> None:
        for topics in (self.chats.closed_topics, self.chats.deleted_topics, self.chats.lost_topics):
            topics[chat].discard(thread)

    def loses_topic(self, chat: str, thread: str) -> None:
        """What is sent there is put into the chat itself (tdlib/telegram-bot-api#854)."""
        self.chats.lost_topics[chat].add(thread)

    def revokes_token(self) -> None:
        """Every token is unknown from now on."""
        self.token = ""

    # How it fails: `times` messages, of one `chat` or any, each with the probability `share`

    def recovers(self) -> None:
        """No fault any more; chats stay as they are."""
        self._faults.clear()
        self._floods.clear()

    def fails(
        self,
        status: int = 502,
        *,
        is_html: bool = True,
        times: int = 1,
        chat: str = "",
        share: float = 1.0,
        accepts: bool = False,
        method: str = "sendMessage",
    ) -> None:
        """A server's error: nginx's page, or JSON."""
        phrase = PHRASES.get(status, "Error")
        said = HTML.format(f"{status} {phrase}") if is_html else Refusal(status, phrase).body
        self.says(said, status, times=times, chat=chat, share=share, accepts=accepts, method=method)

    def refuses(
        self, status: int, description: str, *, times: int = 1, chat: str = "", share: float = 1.0, method: str = "sendMessage"
    ) -> None:
        """Any other answer, in its words."""
        self.says(Refusal(status, description).body, status, times=times, chat=chat, share=share, method=method)

    def refuses_markup(self, *, times: int = 1, chat: str = "", share: float = 1.0) -> None:
        """HTML is refused, plain text is not."""

        async def act(request: web.Request) -> web.StreamResponse:
            if (await _params(request)).get("parse_mode"):
                raise Refusal(400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 5')
            raise _Unharmed

        self._fault(act, times, chat, share)

    def throttles(
        self, retry_after: int | None, *, times: int = 1, chat: str = "", share: float = 1.0, method: str = "sendMessage"
    ) -> None:
        """429; None leaves out for how long."""

        async def act(_: web.Request) -> NoReturn:
            raise _flood(retry_after)

        self._fault(act, times, chat, share, method=method)

    def floods(self, seconds: float, *, chat: str = "") -> None:
        """For so long every message (to `chat`) is answered with 429 and how long is left."""
        self._floods[chat] = self.limits.clock() + seconds

    def says(
        self,
        body: object,
        status: int = 200,
        *,
        times: int = 1,
        chat: str = "",
        share: float = 1.0,
        accepts: bool = False,
        method: str = "sendMessage",
    ) -> None:
        """This very body: text as it is, all else as JSON. With `accepts` the message was shown all the same."""
        content = body if isinstance(body, str) else json.dumps(body)
        kind = "text/html" if isinstance(body, str) else "application/json"

        async def act(_: web.Request) -> web.StreamResponse:
            return web.Response(text=content, status=status, content_type=kind)

        self._fault(act, times, chat, share, accepts=accepts, method=method)

    def drops(self, *, times: int = 1, chat: str = "", share: float = 1.0, method: str = "sendMessage") -> None:
        """Reads the request and cuts the connection without having accepted anything."""
        self._fault(_cut, times, chat, share, method=method)

    def drops_unread(self, *, times: int = 1, share: float = 1.0, method: str = "sendMessage") -> None:
        """Cuts the connection before it reads what is said, so it is not among `requests` either."""
        self._faults.append(Fault(act=_cut, accepts=False, left=times, chat="", share=share, method=method, is_unread=True))

    def hangs(self, *, times: int = 1, chat: str = "", share: float = 1.0, method: str = "sendMessage") -> None:
        """Takes the request, accepts nothing, never answers."""
        self._fault(self._hang, times, chat, share, method=method)

    def loses_answer(self, *, cuts: bool = False, times: int = 1, chat: str = "", share: float = 1.0) -> None:
        """Accepts the message, then never answers, or `cuts` the connection."""
        self._fault(_cut if cuts else self._hang, times, chat, share, accepts=True)

    def _fault(
        self,
        act: Callable[[web.Request], Awaitable[web.StreamResponse]],
        times: int,
        chat: str,
        share: float,
        *,
        accepts: bool = False,
        method: str = "sendMessage",
    ) -> None:
        self._faults.append(Fault(act=act, accepts=accepts, left=times, chat=chat, share=share, method=method))

    async def _hang(self, _: web.Request) -> NoReturn:
        await self.is_over.wait()
        raise Refusal(500, PHRASES[500])

    # How it answers

    async def _tell(self, _: web.Request) -> web.Response:
        return web.json_response({"messages": [asdict(each) for each in self.messages], "refusals_429": self.refusals_429})

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        try:
            response = await self._answered(request)
        except Refusal as refusal:
            wait = refusal.parameters.get("retry_after")
            headers = {"Retry-After": str(wait)} if wait else {}
            response = web.json_response(refusal.body, status=refusal.code, headers=headers)
        self.answers[response.status] += 1
        return response

    async def _answered(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        self._check_token(request.match_info["token"])
        calls: Mapping[str, Callable[[Asked], Any]] = {
            "getme": lambda _: self.bot,
            "sendmessage": self._accept,
            "sendchataction": self._type,
            "getchat": self._describe,
            "getchatmember": lambda asked: self.chats.member(asked.chat, self.bot),
        }
        if method not in calls:
            raise Refusal(404, "Not Found: method not found")
        unread = self._due(request.match_info["method"], "", is_unread=True)
        if unread:
            return await unread.act(request)
        params = await _params(request)
        asked = Asked(
            method=request.match_info["method"],
            chat=params.get("chat_id", ""),
            thread=params.get("message_thread_id", ""),
            params=params,
            at=time.monotonic(),
        )
        await self._record(self.requests, asked)
        fault = self._due(asked.method, asked.chat)
        try:
            if fault and not fault.accepts:
                return await fault.act(request)
        except _Unharmed:
            fault = None
        is_message = method == "sendmessage"
        if is_message and self.on_send:
            await self.on_send("before", asked)
        result = calls[method](asked)
        if is_message:
            await self._record(self.messages, result)
            if self.on_send:
                await self.on_send("accepted", asked)
            result = self._shown(result)
        if fault:
            return await fault.act(request)
        return web.json_response({"ok": True, "result": result})

    async def _record(self, kept: list[Any], each: Asked | Accepted) -> None:
        kept.append(each)
        async with self._has_news:
            self._has_news.notify_all()

    def _check_token(self, token: str) -> None:
        if token == self.token:
            return
        number, _, rest = token.partition(":")
        if number.isdecimal() and len(rest) >= 30:
            raise Refusal(401, "Unauthorized")
        raise Refusal(404, "Not Found")

    def _due(self, method: str, chat: str, *, is_unread: bool = False) -> Fault | None:
        """The first fault that meets this request. Those that are over are forgotten."""
        self._faults = [fault for fault in self._faults if fault.left > 0]
        for fault in self._faults:
            is_meant = fault.is_unread is is_unread and fault.method in (method, "") and fault.chat in (chat, "")
            if is_meant and (fault.share >= 1.0 or self._random.random() < fault.share):
                fault.left -= 1
                return fault
        return None

    def _accept(self, asked: Asked) -> Accepted:
        params = asked.params
        self.chats.check(asked.chat, asked.thread)
        if asked.thread and not (asked.thread.isdecimal() and int(asked.thread) > 0):
            raise Refusal(400, "Bad Request: invalid message thread ID specified")
        try:
            parsed = understood(params.get("text", ""), params.get("parse_mode", ""))
        except BadText as refused:
            raise Refusal(400, f"Bad Request: {refused}") from None
        keyboard = check_keyboard(params.get("reply_markup", ""))
        for chat in (asked.chat, ""):
            left = self._floods.get(chat, 0.0) - self.limits.clock()
            if left > 0:
                raise _flood(math.ceil(left))
        wait = self.limits.takes(asked.chat)
        if wait:
            self.refusals_429 += 1
            raise _flood(wait)
        is_lost = asked.thread in self.chats.lost_topics[asked.chat]
        return Accepted(
            message_id=len(self.messages) + 1,
            chat=asked.chat,
            thread="" if is_lost else asked.thread,
            text=parsed.text,
            entities=parsed.entities,
            html=params["text"],
            keyboard=keyboard,
            at=time.monotonic(),
        )

    def _shown(self, made: Accepted) -> dict[str, Any]:
        entities = [
            {"type": each.kind, "offset": each.offset, "length": each.length} | ({"url": each.url} if each.url else {})
            for each in made.entities
        ]
        topic = {"message_thread_id": int(made.thread), "is_topic_message": True} if made.thread else {}
        said = {
            "message_id": made.message_id,
            "date": int(time.time()),
            "chat": self.chats.described(made.chat),
            "text": made.text,
        }
        return said | topic | ({"entities": entities} if entities else {})

    def _type(self, asked: Asked) -> bool:
        self.chats.check(asked.chat, asked.thread, is_typing=True)
        if asked.params.get("action") != "typing":
            raise Refusal(400, "Bad Request: wrong parameter action in request")
        return True

    def _describe(self, asked: Asked) -> dict[str, Any]:
        self.chats.require_known(asked.chat)
        gifts = dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True
        )
        return self.chats.described(asked.chat) | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


class _Unharmed(Exception):
    """The fault does not concern this request."""


def _flood(retry_after: int | None) -> Refusal:
    if retry_after is None:
        return Refusal(429, "Too Many Requests")
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


async def _cut(request: web.Request) -> NoReturn:
    if request.transport:
        request.transport.abort()
    raise Refusal(500, PHRASES[500])


async def _params(request: web.Request) -> dict[str, str]:
    """Of the address, a form or JSON; what is nested stays JSON text."""
    found: dict[str, str] = dict(request.query.items())
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            raise Refusal(400, "Bad Request: can't parse JSON") from None
        return found | {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
    try:
        form = await request.post()
    except UnicodeDecodeError:
        raise Refusal(400, "Bad Request: strings must be encoded in UTF-8") from None
    return found | {name: str(value) for name, value in form.items()}


async def _main() -> None:
    parser = argparse.ArgumentParser(description="Telegram's Bot API on loopback")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--no-limits", action="store_true")
    options = parser.parse_args()
    fake = FakeTelegram(token=options.token)
    if options.no_limits:
        fake.limits.switched_off()
    await fake.up(options.port)
    sys.stdout.write(f"{fake.url}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
