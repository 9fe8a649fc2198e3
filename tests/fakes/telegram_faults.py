"""How the fake Telegram fails: what becomes of chats, and faults that hit any method, said in verbs."""

import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import NoReturn

from aiohttp import web

from tests.fakes.telegram_chats import Refusal, flood
from tests.fakes.telegram_ground import Ground
from tests.fakes.telegram_reading import read

ALWAYS = 1_000_000_000
HTML = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center><hr><center>nginx</center></body>\r\n</html>"
)
PHRASES = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


class Unharmed(Exception):
    """The fault does not concern this request."""


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


@dataclass(slots=True, kw_only=True)
class Faulty(Ground):
    """Faults hold `times` times, what is said of chats until it is unsaid."""

    seed: int = 1
    _faults: list[Fault] = field(default_factory=list)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        Ground.__post_init__(self)
        self._random = random.Random(self.seed)

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
        self.floods_until.clear()

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
            if (await read(request)).params.get("parse_mode"):
                raise Refusal(400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 5')
            raise Unharmed

        self._fault(act, times, chat, share)

    def throttles(
        self, retry_after: int | None, *, times: int = 1, chat: str = "", share: float = 1.0, method: str = "sendMessage"
    ) -> None:
        """429; None leaves out for how long."""

        async def act(_: web.Request) -> NoReturn:
            raise flood(retry_after)

        self._fault(act, times, chat, share, method=method)

    def floods(self, seconds: float, *, chat: str = "") -> None:
        """For so long every message (to `chat`) is answered with 429 and how long is left."""
        self.floods_until[chat] = self.limits.clock() + seconds

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

    def loses_answer(
        self, *, cuts: bool = False, times: int = 1, chat: str = "", share: float = 1.0, method: str = "sendMessage"
    ) -> None:
        """Accepts the message, then never answers, or `cuts` the connection."""
        self._fault(_cut if cuts else self._hang, times, chat, share, accepts=True, method=method)

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

    def _due(self, method: str, chat: str, *, is_unread: bool = False) -> Fault | None:
        """The first fault that meets this request. Those that are over are forgotten."""
        self._faults = [fault for fault in self._faults if fault.left > 0]
        for fault in self._faults:
            is_meant = fault.is_unread is is_unread and fault.method in (method, "") and fault.chat in (chat, "")
            if is_meant and (fault.share >= 1.0 or self._random.random() < fault.share):
                fault.left -= 1
                return fault
        return None


async def _cut(request: web.Request) -> NoReturn:
    if request.transport:
        request.transport.abort()
    raise Refusal(500, PHRASES[500])
