"""The polite client: user agent, pace, time-out, size cap, Retry-After; it judges the bytes before anyone parses them.

It asks once and never retries: the caller owns retries, so that nobody waits inside a turn of the gate.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin, urlsplit

from bot.errors import BrokenPage, ClientRefused, PaperboyError, Retry, SourceRefused, SourceThrottled, SourceUnreachable
from bot.guard import require_no_transaction

if TYPE_CHECKING:
    import httpx  # 90 ms: only a process that asks somebody pays for it

# arXiv answered bare clients with 406 in 2026: an ordinary Accept goes with the user agent.
ACCEPT = "application/atom+xml,application/rss+xml,application/xml;q=0.9,application/json;q=0.9,text/html;q=0.9,*/*;q=0.5"
MAX_REDIRECTS = 5
MAX_WAIT_S = 6 * 3600.0
REFUSED_S = 6 * 3600.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 60.0, 3600.0
RETURNED = frozenset({200, 400, 404, 410})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
THROTTLES = frozenset({429, 503})
REFUSALS = frozenset({401, 403, 451})
RATE_TEXT = b"rate exceeded"

# Every exception that httpx can raise, by its name, so that httpx need not be imported to read this.
OUTCOMES: Mapping[str, type[SourceUnreachable] | type[BrokenPage]] = {
    "HTTPError": SourceUnreachable,
    "HTTPStatusError": SourceUnreachable,
    "RequestError": SourceUnreachable,
    "TransportError": SourceUnreachable,
    "TimeoutException": SourceUnreachable,
    "ConnectTimeout": SourceUnreachable,
    "ReadTimeout": SourceUnreachable,
    "WriteTimeout": SourceUnreachable,
    "PoolTimeout": SourceUnreachable,
    "NetworkError": SourceUnreachable,
    "ConnectError": SourceUnreachable,
    "ReadError": SourceUnreachable,
    "WriteError": SourceUnreachable,
    "CloseError": SourceUnreachable,
    "ProxyError": SourceUnreachable,
    "ProtocolError": SourceUnreachable,
    "LocalProtocolError": SourceUnreachable,
    "RemoteProtocolError": SourceUnreachable,
    "UnsupportedProtocol": SourceUnreachable,
    "InvalidURL": SourceUnreachable,
    "CookieConflict": SourceUnreachable,
    "StreamError": SourceUnreachable,
    "StreamClosed": SourceUnreachable,
    "StreamConsumed": SourceUnreachable,
    "RequestNotRead": SourceUnreachable,
    "ResponseNotRead": SourceUnreachable,
    "DecodingError": BrokenPage,
    "TooManyRedirects": BrokenPage,
}


class Gate(Protocol):
    """One host's slot, shared by every process of ours: a turn at a time, `interval_s` apart."""

    def turn(self, interval_s: float) -> AbstractAsyncContextManager[None]:
        """Wait for a turn and hold it; the next one starts at least `interval_s` after this one began.

        Raises SourceThrottled instead of waiting where the gate is shut for longer than anybody should wait.
        """
        ...

    async def shut(self, for_s: float) -> None:
        """Give nobody a turn for `for_s` seconds (a 429, a 403)."""
        ...


class LocalGate:
    """A gate of this process alone, for use without a store."""

    def __init__(
        self,
        name: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        patience_s: float = 30.0,
    ) -> None:
        self._name, self._clock, self._sleep, self._patience_s = name, clock, sleep, patience_s
        self._lock = asyncio.Lock()
        self._next_at = self._shut_until = float("-inf")

    @asynccontextmanager
    async def turn(self, interval_s: float) -> AsyncIterator[None]:
        """See Gate.turn; waits `patience_s` at most for a gate that is shut."""
        async with self._lock:
            shut_for_s = self._shut_until - self._clock()
            if shut_for_s > self._patience_s:
                raise SourceThrottled(self._name, "told to wait by an earlier answer", after_s=shut_for_s)
            wait_s = max(self._next_at, self._shut_until) - self._clock()
            if wait_s > 0:
                await self._sleep(wait_s)
            self._next_at = self._clock() + interval_s
            yield

    async def shut(self, for_s: float) -> None:
        """See Gate.shut; a shorter time never opens a gate that is shut for longer."""
        self._shut_until = max(self._shut_until, self._clock() + for_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An answer that came whole: `status` is 200 (judged), or 400, 404 or 410, which its source must read.

    `url` is where it came from after redirects, `content` is decoded but not parsed.
    """

    url: str
    status: int
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    body: Body
    headers: Mapping[str, str]


class PoliteClient:
    """One connection pool for every source. Build it in app.py, `close` it at the end.

    `user_agent` names the project's URL and a contact. `timeout_s` bounds each read (connecting: 10 s at most), three
    times as much a whole answer, which is less than a turn's lease (120 s); `max_bytes` bounds the decoded body,
    `patience_s` the wait for a turn.
    """

    def __init__(
        self, *, user_agent: str, timeout_s: float = 30.0, max_bytes: int = 20_000_000, patience_s: float = 300.0
    ) -> None:
        self._user_agent, self._timeout_s, self._max_bytes, self._patience_s = user_agent, timeout_s, max_bytes, patience_s
        self._client: httpx.AsyncClient | None = None
        self._strikes: dict[str, int] = {}

    async def get(
        self,
        url: str,
        *,
        source: str,
        params: Mapping[str, str] | None = None,
        gate: Gate | None = None,
        interval_s: float = 0.0,
        accepts: Callable[[Body], str | None] | None = None,
        max_bytes: int | None = None,
    ) -> Body:
        """Ask once. `accepts` says what is wrong with a 200 (None: nothing), which raises BrokenPage.

        Follows redirects on the same host only, each in a turn of its own. Returns 400, 404 and 410 unjudged.
        Raises SourceUnreachable, SourceThrottled (gate shut as told), SourceRefused (gate shut), ClientRefused, BrokenPage.
        """
        require_no_transaction(f"asking {source}")
        for _ in range(MAX_REDIRECTS):
            async with self._turn(gate, interval_s, source):
                answer = await self._ask(url, source, params, max_bytes or self._max_bytes)
                error, shut_s = self._judge(answer, source)
                if gate and shut_s:
                    await gate.shut(shut_s)
            if error:
                raise error
            if answer.body.status not in REDIRECTS:
                return _accepted(answer.body, source, accepts)
            url, params = _redirect(answer, source), None
        raise BrokenPage(source, f"more than {MAX_REDIRECTS} redirects")

    async def close(self) -> None:
        """Close the connections; the client may be used again."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    @asynccontextmanager
    async def _turn(self, gate: Gate | None, interval_s: float, source: str) -> AsyncIterator[None]:
        """A turn within `patience_s`: a gate that is shut for hours must not hold a person's answer for hours."""
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(self._patience_s):
                    await held.enter_async_context(gate.turn(interval_s) if gate else nullcontext())
            except TimeoutError as error:
                raise SourceThrottled(source, "no turn in time", after_s=self._patience_s) from error
            yield

    async def _ask(self, url: str, source: str, params: Mapping[str, str] | None, max_bytes: int) -> _Answer:
        import httpx

        try:
            async with asyncio.timeout(3 * self._timeout_s), self._opened().stream("GET", url, params=params) as response:
                content = bytearray()
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > max_bytes:
                        raise BrokenPage(source, f"more than {max_bytes} bytes")
                body = Body(
                    url=str(response.url),
                    status=response.status_code,
                    content_type=response.headers.get("content-type", "").lower(),
                    content=bytes(content),
                )
                return _Answer(body=body, headers=response.headers)
        except TimeoutError as error:
            raise SourceUnreachable(source, f"not finished after {3 * self._timeout_s:.0f} s") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict) as error:
            raise translated(error, source) from error

    def _opened(self) -> "httpx.AsyncClient":
        import httpx

        if self._client is None:
            self._client = httpx.AsyncClient(
                headers={"User-Agent": self._user_agent, "Accept": ACCEPT},
                timeout=httpx.Timeout(self._timeout_s, connect=min(10.0, self._timeout_s)),
                follow_redirects=False,
            )
        return self._client

    def _judge(self, answer: _Answer, source: str) -> tuple[PaperboyError | None, float]:
        """What the status says: the error, and for how long the gate is to be shut."""
        body, status = answer.body, answer.body.status
        host = urlsplit(body.url).netloc
        is_rate_text = status == 200 and body.content[:200].strip().lower().startswith(RATE_TEXT)
        if status in THROTTLES or is_rate_text:
            strikes = self._strikes[host] = self._strikes.get(host, 0) + 1
            wait_s = pause_s(answer.headers, strikes)
            return SourceThrottled(source, "Rate exceeded." if is_rate_text else f"HTTP {status}", after_s=wait_s), wait_s
        if status in REFUSALS:
            return SourceRefused(source, f"HTTP {status}", after_s=REFUSED_S), REFUSED_S
        if status == 406:
            return ClientRefused(f"{source} answers HTTP 406: it refuses our request headers (user agent, Accept)"), 0.0
        if status in RETURNED:
            self._strikes.pop(host, None)
            return None, 0.0
        if status in REDIRECTS:
            return None, 0.0
        kind: type[SourceUnreachable] | type[BrokenPage] = SourceUnreachable if status >= 400 else BrokenPage
        return kind(source, f"HTTP {status}"), 0.0


def translated(error: Exception, source: str) -> Retry:
    """Our error for one of httpx's; an unknown one counts as no answer."""
    kind = OUTCOMES.get(type(error).__name__, SourceUnreachable)
    return kind(source, f"{type(error).__name__} {str(error)[:120]}".strip())


def pause_s(headers: Mapping[str, str], strikes: int) -> float:
    """How long to wait: as Retry-After says, at most 6 h; else 60 s, doubled with each strike, at most an hour.

    A date in Retry-After is read against the answer's own Date: the server's clock is the one that counts.
    """
    told = headers.get("retry-after", "").strip()
    if told.isdecimal() and told.isascii():
        return min(float(told[:9]), MAX_WAIT_S)
    try:
        wait_s = (parsedate_to_datetime(told) - parsedate_to_datetime(headers.get("date", ""))).total_seconds()
    except (ValueError, TypeError):  # no header, no date, or one of them without a zone
        return float(min(FIRST_PAUSE_S * 2 ** min(strikes - 1, 10), LONGEST_PAUSE_S))
    return min(max(wait_s, 0.0), MAX_WAIT_S)


def _accepted(body: Body, source: str, accepts: Callable[[Body], str | None] | None) -> Body:
    if body.status != 200:
        return body
    wrong = "empty body" if not body.content.strip() else accepts(body) if accepts else None
    if wrong:
        raise BrokenPage(source, wrong)
    return body


def _redirect(answer: _Answer, source: str) -> str:
    """Where to go on: the same host, never from https to http; elsewhere is a page that we did not ask for."""
    here = urlsplit(answer.body.url)
    try:
        target = urljoin(answer.body.url, answer.headers.get("location", ""))
        there = urlsplit(target)
    except ValueError as error:
        raise BrokenPage(source, "redirects to no URL") from error
    is_same = there.netloc == here.netloc and there.scheme == here.scheme
    is_upgrade = here.scheme == "http" and there.scheme == "https" and there.hostname == here.hostname
    if not (is_same or is_upgrade):
        raise BrokenPage(source, f"redirects to {there.scheme}://{there.netloc}"[:120])
    return target
