"""One request to a model's endpoint and its answer as JSON, through the openai package; it asks once and never retries.

What goes out is what is set here: the package would add headers from OPENAI_* variables and about this machine.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.errors import NO_TOKENS, ModelUnreachable, PaperboyError
from bot.summarizers import refusals
from bot.summarizers.refusals import Refusal

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

MAX_BYTES = 1_000_000
CONNECT_S = 10.0
# The package asks itself by the last one whether it is to hand the answer over as it came.
SENT_HEADERS = frozenset(
    {"host", "connection", "content-length", "content-type", "transfer-encoding", "authorization", "x-stainless-raw-response"}
)


class Refused(Exception):
    """The endpoint answered, but not the question; `.refusal` says what it said. Never leaves bot.summarizers."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(f"HTTP {refusal.status}")


class Wire:
    """The package's client, built in a thread at the first request: its import takes 0.6 s."""

    def __init__(self, *, base_url: str, api_key: str, model: str, timeout_s: float, user_agent: str) -> None:
        self._base_url, self._api_key, self._model = base_url, api_key, model
        self._timeout_s, self._user_agent = timeout_s, user_agent
        self._client: AsyncOpenAI | None = None
        self._building = asyncio.Lock()

    async def post(self, asked: Mapping[str, object]) -> dict[str, Any]:
        """The answer to a chat completion, as JSON without an error in it. Raises Refused, ModelUnreachable, ModelRefused."""
        failure: PaperboyError | Refused
        try:
            async with asyncio.timeout(self._timeout_s):
                client = await self._opened()
                status, headers, content = await _asked(client, asked)
            body = _read(content)
            if body is None:
                failure = ModelUnreachable(self._model, f"HTTP {status} without JSON; does the address end in /v1?")
            elif body.get("error"):
                failure = Refused(refusals.refusal(status, body, headers))
            else:
                return body
        except TimeoutError:
            failure = ModelUnreachable(self._model, f"not finished after {self._timeout_s:.0f} s")
        except _Unfit as unfit:
            failure = ModelUnreachable(self._model, str(unfit))
        except _package_errors() as error:
            failure = _failure(error, self._model)
        # Raised here, out of reach of its cause: a traceback would print what the provider wrote, parts of the key or prompt.
        raise failure

    async def open(self) -> None:
        """Load the package ahead of the first request, which tells what is wrong with the settings, should anything be."""
        try:
            await self._opened()
        except _package_errors():
            return

    async def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _opened(self) -> "AsyncOpenAI":
        async with self._building:
            if self._client is None:
                self._client = await asyncio.to_thread(self._built)
        return self._client

    def _built(self) -> "AsyncOpenAI":
        import httpx2
        from openai import AsyncOpenAI

        timeout = httpx2.Timeout(self._timeout_s, connect=min(CONNECT_S, self._timeout_s))
        hooks: dict[str, list[Callable[..., Any]]] = {"request": [self._own_headers_only], "response": [_limited]}
        client = AsyncOpenAI(
            api_key=self._api_key or "none",
            admin_api_key="",
            organization="",
            project="",
            webhook_secret="",
            base_url=self._base_url,
            timeout=timeout,
            max_retries=0,
            http_client=httpx2.AsyncClient(timeout=timeout, event_hooks=hooks, follow_redirects=False),
        )
        logging.getLogger("openai").setLevel(logging.NOTSET)  # OPENAI_LOG set it
        _ = client.chat.completions.with_raw_response.create  # loads the rest of the package, still in this thread
        return client

    async def _own_headers_only(self, request: "httpx2.Request") -> None:
        for name in set(request.headers) - SENT_HEADERS:
            del request.headers[name]
        request.headers["Authorization"] = f"Bearer {self._api_key or 'none'}"
        request.headers["User-Agent"] = self._user_agent
        request.headers["Accept"] = "application/json"
        request.headers["Accept-Encoding"] = "identity"  # so that the limit on bytes is one on what they unpack to


class _Unfit(Exception):
    """A body that is not read to its end."""


async def _asked(client: "AsyncOpenAI", asked: Mapping[str, object]) -> tuple[int, Mapping[str, str], bytes]:
    create: Callable[..., Awaitable[Any]] = client.chat.completions.with_raw_response.create
    response = (await create(**asked)).http_response
    return response.status_code, response.headers, response.content


def _package_errors() -> tuple[type[Exception], ...]:
    """What the client raises, asked for only then; ValueError for keys and addresses that no header holds."""
    import httpx2
    import openai

    ours = (openai.OpenAIError, ValueError, ImportError)
    return (*ours, httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, httpx2.CookieConflict)


def _failure(error: Exception, model: str) -> PaperboyError | Refused:
    response = getattr(error, "response", None)
    if refusals.OUTCOMES.get(type(error).__name__) is refusals.Outcome.STATUS and response is not None:
        return Refused(refusals.refusal(response.status_code, getattr(error, "body", None), response.headers))
    return refusals.translated(error, model, NO_TOKENS)


def _read(content: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if isinstance(body, list) and len(body) == 1 and isinstance(body[0], dict):
        return body[0]  # Gemini's errors come in a list
    return body if isinstance(body, dict) else None


async def _limited(response: "httpx2.Response") -> None:
    """Put a limit on what will be read of this answer."""
    import httpx2

    class Limited(httpx2.AsyncByteStream):
        def __init__(self, stream: httpx2.AsyncByteStream) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            left = MAX_BYTES
            async for chunk in self._stream:
                left -= len(chunk)
                if left < 0:
                    raise _Unfit(f"the answer is too large: more than {MAX_BYTES} bytes")
                yield chunk

        async def aclose(self) -> None:
            await self._stream.aclose()

    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise _Unfit("the answer is packed, though nobody asked for that")
    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = Limited(response.stream)
