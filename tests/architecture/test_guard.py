"""No await on the network while a transaction is open. All ways out lead through `bot.http` (rules.NETWORK), which asks."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot import guard
from bot.http import PoliteClient


class CountingServer:
    """Answers everything, and counts what reached the wire."""

    def __init__(self) -> None:
        self.requests = 0
        self.url = ""

    async def answer(self, _: web.Request) -> web.Response:
        self.requests += 1
        return web.Response(text="<feed/>")


@pytest.fixture
async def server() -> AsyncIterator[CountingServer]:
    counting = CountingServer()
    app = web.Application()
    app.router.add_get("/", counting.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    counting.url = f"http://{host}:{port}/"
    yield counting
    await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[PoliteClient]:
    polite = PoliteClient(user_agent="test")
    yield polite
    await polite.close()


async def test_request_inside_a_transaction_is_refused_before_it_is_sent(server: CountingServer, client: PoliteClient) -> None:
    with guard.transaction(), pytest.raises(guard.TransactionOpen, match="asking arxiv"):
        await client.get(server.url, source="arxiv")
    assert server.requests == 0


async def test_request_after_a_transaction_is_sent(server: CountingServer, client: PoliteClient) -> None:
    with guard.transaction():
        pass
    await client.get(server.url, source="arxiv")
    assert server.requests == 1


async def test_task_started_inside_a_transaction_is_free_when_that_has_ended(
    server: CountingServer, client: PoliteClient
) -> None:
    ended = asyncio.Event()

    async def ask() -> None:
        await ended.wait()
        await client.get(server.url, source="arxiv")

    with guard.transaction():
        task = asyncio.create_task(ask())
        await asyncio.sleep(0)
    ended.set()
    await task
    assert server.requests == 1


async def test_task_started_inside_a_transaction_is_refused_while_that_is_open(
    server: CountingServer, client: PoliteClient
) -> None:
    with guard.transaction(), pytest.raises(guard.TransactionOpen):
        await asyncio.create_task(client.get(server.url, source="arxiv"))
    assert server.requests == 0
