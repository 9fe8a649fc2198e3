"""The updates that wait for the fake Telegram's bot: fetched by long poll, or posted to its webhook."""

import asyncio
import json
import math
import re
import ssl
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.fakes.telegram_chats import Refusal

UNASKED = frozenset(("chat_member", "message_reaction", "message_reaction_count"))
SET = "Conflict: terminated by setWebhook request"
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
LONGEST_S = 50


@dataclass(slots=True, kw_only=True, eq=False)
class Pending:
    """One update that the bot has not acknowledged."""

    update: dict[str, Any]
    queue: str  # of one queue a webhook gets one at a time, in order
    is_repeat: bool = False
    is_under_way: bool = False

    @property
    def id(self) -> int:
        return int(self.update["update_id"])


@dataclass(slots=True, kw_only=True)
class Webhook:
    """Where updates are posted to."""

    url: str
    secret: str = ""
    most: int = 40
    certificate: str = ""
    ip_address: str = ""
    error: str = ""
    error_at: int = 0


@dataclass(slots=True)
class Updates:
    """`sent` is every update ever made, `told` how often each was handed over (by its id), `webhook` where they are posted to.

    `hosts` says where names of webhooks lead ("bot.example.org": "127.0.0.1:8080"); nothing but loopback is ever asked.
    """

    sent: list[dict[str, Any]] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    allowed: frozenset[str] | None = None
    webhook: Webhook | None = None
    hosts: dict[str, str] = field(default_factory=dict)
    repeat_after_s: float = 0.05
    last_id: int = 871_000_000
    has_changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _poll: asyncio.Future[str] | None = None
    _workers: list[asyncio.Task[None]] = field(default_factory=list)

    async def add(self, kind: str, what: dict[str, Any], *, queue: str) -> dict[str, Any] | None:
        """Make the update; None if the bot has not asked for its kind."""
        if (kind not in self.allowed) if self.allowed else (kind in UNASKED):
            return None
        self.last_id += 1
        update = json.loads(json.dumps({"update_id": self.last_id, kind: what}))
        self.sent.append(update)
        await self._queue(Pending(update=update, queue=queue))
        return dict(update)

    async def repeat(self) -> dict[str, Any]:
        """The last update once more, under the same number."""
        update = self.sent[-1]
        await self._queue(Pending(update=update, queue="repeat", is_repeat=True))
        return update

    async def _queue(self, one: Pending) -> None:
        self.pending.append(one)
        self._wake("news")
        await self._changed()

    async def _changed(self) -> None:
        async with self.has_changed:
            self.has_changed.notify_all()

    def _wake(self, why: str) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(why)

    # Long poll

    async def poll(self, params: dict[str, str]) -> list[dict[str, Any]]:
        """What getUpdates answers. Raises Refusal: a webhook is set, or another poll came."""
        if self.webhook:
            raise Refusal(409, WEBHOOK_ACTIVE)
        offset, limit = _number(params, "offset", 0), _number(params, "limit", 100)
        wait_s = min(_number(params, "timeout", 0), LONGEST_S)
        self._allow(params)
        self._wake(CONFLICT)
        await self._acknowledged(offset)
        if not self.pending and wait_s > 0:
            await self._news(wait_s)
        found = self.pending[: max(1, min(limit, 100))]
        self.pending = [each for each in self.pending if not (each.is_repeat and each in found)]
        return [each.update for each in found]

    async def _news(self, wait_s: float) -> None:
        mine: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._poll = mine
        try:
            async with asyncio.timeout(wait_s):
                why = await mine
        except TimeoutError:
            return
        finally:
            if self._poll is mine:
                self._poll = None
        if why in (CONFLICT, SET):
            raise Refusal(409, why)

    async def _acknowledged(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [each for each in self.pending if each.is_repeat or each.id >= offset]
        await self._changed()

    def _allow(self, params: dict[str, str]) -> None:
        if "allowed_updates" in params:
            try:
                named = json.loads(params["allowed_updates"] or "[]")
            except ValueError:
                raise Refusal(400, "Bad Request: can't parse allowed updates JSON object") from None
            self.allowed = frozenset(named) or None

    # Webhook

    async def set_webhook(self, params: dict[str, str], certificate: bytes | None) -> str:
        """Raises Refusal; returns what the platform says to it."""
        url = params.get("url", "")
        if not url:
            return await self.delete_webhook(params)
        _check_url(url)
        secret, most = params.get("secret_token", ""), _number(params, "max_connections", 40)
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise Refusal(400, "Bad Request: secret token contains unallowed characters")
        self._allow(params)
        is_same = self.webhook is not None and self.webhook.url == url
        self._wake(SET)
        await self.ends()
        if params.get("drop_pending_updates", "").lower() == "true":
            self.pending.clear()
        text = certificate.decode() if certificate else ""
        ip = params.get("ip_address", "")
        self.webhook = Webhook(url=url, secret=secret, most=max(1, min(most, 100)), certificate=text, ip_address=ip)
        self._workers = [asyncio.create_task(self._deliver(self.webhook)) for _ in range(self.webhook.most)]
        return "Webhook is already set" if is_same else "Webhook was set"

    async def delete_webhook(self, params: dict[str, str]) -> str:
        """Back to long polls; returns what the platform says to it."""
        was_set = self.webhook is not None
        await self.ends()
        if params.get("drop_pending_updates", "").lower() == "true":
            self.pending.clear()
            await self._changed()
        return "Webhook was deleted" if was_set else "Webhook is already deleted"

    async def ends(self) -> None:
        """Nothing is posted any more, and who polls gets an empty answer."""
        self._wake("over")
        self.webhook = None
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        for each in self.pending:
            each.is_under_way = False

    def webhook_info(self) -> dict[str, Any]:
        """WebhookInfo as the platform tells it."""
        said: dict[str, Any] = {"url": "", "has_custom_certificate": False, "pending_update_count": len(self.pending)}
        if self.webhook:
            hook = self.webhook
            said |= {"url": hook.url, "has_custom_certificate": bool(hook.certificate), "max_connections": hook.most}
            said |= {"ip_address": hook.ip_address or "127.0.0.1"}
            if hook.error:
                said |= {"last_error_date": hook.error_at, "last_error_message": hook.error}
        return said | ({"allowed_updates": sorted(self.allowed)} if self.allowed else {})

    async def _deliver(self, hook: Webhook) -> None:
        """One connection of it: the first update of a queue that nobody else delivers from."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            while True:
                async with self.has_changed:
                    await self.has_changed.wait_for(lambda: self._next() is not None)
                    one = self._next()
                    assert one is not None
                    one.is_under_way = True
                is_taken = await self._post(session, hook, one)
                if is_taken:
                    self.pending = [each for each in self.pending if each is not one]
                else:
                    await asyncio.sleep(self.repeat_after_s)
                one.is_under_way = False
                await self._changed()

    def _next(self) -> Pending | None:
        busy = {each.queue for each in self.pending if each.is_under_way}
        return next((each for each in self.pending if each.queue not in busy), None)

    async def _post(self, session: aiohttp.ClientSession, hook: Webhook, one: Pending) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        parts = urlsplit(hook.url)
        place = parts.netloc if is_loopback(parts.hostname or "") else self.hosts.get(parts.hostname or "")
        if place is None:
            self._failed(hook, "Failed to resolve host: Name or service not known")
            return False
        scheme = parts.scheme if is_loopback(parts.hostname or "") else "http"  # what stands before the bot has ended TLS
        address = f"{scheme}://{place}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        secure = ssl.create_default_context(cadata=hook.certificate) if hook.certificate else True
        try:
            async with session.post(address, json=one.update, headers=headers, ssl=secure) as answer:
                await answer.read()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self._failed(hook, f"Connection failed: {type(error).__name__}")
            return False
        if not 200 <= answer.status < 300:
            self._failed(hook, f"Wrong response from the webhook: {answer.status} {answer.reason}")
            return False
        return True

    def _failed(self, hook: Webhook, how: str) -> None:
        hook.error, hook.error_at = how, math.floor(asyncio.get_running_loop().time())


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name alone."""
    return host in ("localhost", "::1") or host.startswith("127.")


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if is_loopback(parts.hostname or "") and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https":
        raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    if parts.port not in (None, 443, 80, 88, 8443):
        raise Refusal(400, "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _number(params: dict[str, str], name: str, otherwise: int) -> int:
    text = params.get(name, "")
    return int(text) if re.fullmatch(r"-?\d+", text) else otherwise
