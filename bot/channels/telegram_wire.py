"""The HTTP half of python-telegram-bot, with what that drops: the status of an answer, and bodies that are not Telegram's.

It raises the library's errors and these; telegram_outcomes.py says what each means. Nothing here retries.
"""

import json
from http import HTTPStatus
from typing import Any

import httpx
from telegram.error import InvalidToken, NetworkError, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from bot.domain.deliveries import WAIT_MOST_S

# A 429 that does not say how long to wait.
FLOOD_S = 30.0
_NOBODY = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)


class Throttled(TelegramError):
    """429. The library's own error warns wherever its wait is read, and is missing where Telegram names no wait."""

    def __init__(self, message: str, after_s: float) -> None:
        super().__init__(message)
        self.after_s = after_s


class ServerFailed(NetworkError):
    """5xx: a server between us and the chat failed."""


class NotTelegram(NetworkError):
    """An answer, but not in the Bot API's form: somebody between us and Telegram gave it, so nothing was sent."""


class BrokenAnswer(TelegramError):
    """A 2xx that is no answer of the Bot API: what was asked for may have happened."""


class TooLarge(Exception):
    """A file of more bytes than were allowed; the rest of it was not read."""


class Wire(HTTPXRequest):
    """Answers of the Bot API pass; everything else becomes an error that keeps its status."""

    async def shutdown(self) -> None:
        """Nothing: the library's Application shuts down what the sender still needs. `hang_up` is for whoever made it."""

    async def hang_up(self) -> None:
        """Let go of all connections; harmless if that was done."""
        await super().shutdown()

    async def fetched(self, url: str, most_bytes: int) -> bytes:
        """A file. Raises TooLarge as soon as it is, and the library's errors; nothing is kept of what came until then."""
        content = bytearray()
        try:
            async with self._client.stream("GET", url, headers={"User-Agent": self.USER_AGENT}) as answer:
                if answer.status_code >= 500:
                    raise ServerFailed(f"HTTP {answer.status_code}")
                if answer.status_code != HTTPStatus.OK:
                    raise NotTelegram(f"HTTP {answer.status_code}")
                async for chunk in answer.aiter_bytes():
                    content += chunk
                    if len(content) > most_bytes:
                        raise TooLarge
        except httpx.TimeoutException as error:
            raise TimedOut from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NetworkError(f"httpx.{type(error).__name__}") from error
        return bytes(content)

    # The library keeps the types of its time-outs to itself.
    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401
        """Send one request and return status and body of an answer that is Telegram's."""
        status, payload = await super().do_request(*args, **kwargs)
        body = _json(payload)
        said = str(body.get("description") or "") or f"HTTP {status}"
        if 200 <= status < 300:
            if "result" not in body:
                raise BrokenAnswer(said)
            return status, payload
        if status >= 500:
            raise ServerFailed(said)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise Throttled(said, _wait_s(body))
        if not body:
            raise InvalidToken(said) if status in _NOBODY else NotTelegram(said)
        return status, payload


def _json(payload: bytes) -> dict[str, Any]:
    """An answer of the Bot API; empty if it is none."""
    try:
        body = json.loads(payload)
    except ValueError:
        return {}
    return body if isinstance(body, dict) and "ok" in body else {}


def _wait_s(body: dict[str, Any]) -> float:
    parameters = body.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(min(wait, WAIT_MOST_S)) if isinstance(wait, int | float) and wait > 0 else FLOOD_S
