"""The polite client against a real server on loopback: what it sends, what it refuses, and how long it stays away."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot import http
from bot.errors import BrokenPage, ClientRefused, PaperboyError, SourceRefused, SourceThrottled, SourceUnreachable
from bot.guard import TransactionOpen, transaction
from bot.http import LocalGate, PoliteClient
from tests.network import BeyondLoopback

USER_AGENT = "Paperboy/1.0 (+https://example.org/paperboy; mailto:me@example.org)"


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    async def sleep(self, for_s: float) -> None:
        self.slept.append(for_s)
        self.now_s += for_s


class Host:
    """A server that answers what the test put on a path."""

    def __init__(self) -> None:
        self.answers: dict[str, web.Response] = {}
        self.asked: list[web.Request] = []
        self.url = ""
        self.is_over = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        if request.path == "/hangs":
            await self.is_over.wait()
        if request.path == "/cut":
            response = web.StreamResponse(headers={"Content-Length": "1000"})
            await response.prepare(request)
            await response.write(b"half")
            assert request.transport is not None
            request.transport.close()
            return response
        said = self.answers[request.path]  # a response can be sent once only
        return web.Response(status=said.status, headers=said.headers, body=said.body)


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    host = Host()
    app = web.Application()
    app.router.add_get("/{path:.*}", host.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield host
    host.is_over.set()
    await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[PoliteClient]:
    client = PoliteClient(user_agent=USER_AGENT, timeout_s=5, max_bytes=10_000)
    yield client
    await client.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> LocalGate:
    return LocalGate("arxiv", clock=clock, sleep=clock.sleep)


async def test_it_says_who_it_is(host: Host, client: PoliteClient) -> None:
    host.answers["/"] = web.Response(text="hello", content_type="text/html")
    body = await client.get(f"{host.url}/", source="arxiv", params={"a": "1"})
    assert (body.status, body.content, body.content_type) == (200, b"hello", "text/html; charset=utf-8")
    (request,) = host.asked
    assert request.headers["User-Agent"] == USER_AGENT
    assert "xml" in request.headers["Accept"]
    assert request.query == {"a": "1"}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (204, BrokenPage),
        (401, SourceRefused),
        (403, SourceRefused),
        (406, ClientRefused),
        (418, SourceUnreachable),
        (429, SourceThrottled),
        (500, SourceUnreachable),
        (502, SourceUnreachable),
        (503, SourceThrottled),
    ],
)
async def test_each_status_has_its_own_outcome(
    host: Host, client: PoliteClient, status: int, expected: type[PaperboyError]
) -> None:
    host.answers["/"] = web.Response(status=status)
    with pytest.raises(expected):
        await client.get(f"{host.url}/", source="arxiv")
    assert len(host.asked) == 1  # the caller owns retries


@pytest.mark.parametrize("status", [400, 404, 410])
async def test_what_may_hold_a_reason_is_returned_unjudged(host: Host, client: PoliteClient, status: int) -> None:
    host.answers["/"] = web.Response(status=status, text="why")
    body = await client.get(f"{host.url}/", source="arxiv", accepts=lambda _: "bad")
    assert (body.status, body.content) == (status, b"why")


@pytest.mark.parametrize("text", ["Rate exceeded.", "  rate exceeded\n"])
async def test_a_200_that_asks_to_wait_shuts_the_gate(
    host: Host, client: PoliteClient, gate: LocalGate, clock: Clock, text: str
) -> None:
    host.answers["/"] = web.Response(text=text)
    with pytest.raises(SourceThrottled) as first:
        await client.get(f"{host.url}/", source="arxiv", gate=gate)
    assert first.value.after_s == 60
    clock.now_s += 10
    with pytest.raises(SourceThrottled) as second:
        await client.get(f"{host.url}/", source="arxiv", gate=gate)
    assert second.value.after_s == 50
    assert len(host.asked) == 1


async def test_retry_after_is_obeyed_in_seconds_and_as_a_date(
    host: Host, client: PoliteClient, gate: LocalGate, clock: Clock
) -> None:
    host.answers["/s"] = web.Response(status=429, headers={"Retry-After": "90"})
    headers = {"Retry-After": "Tue, 02 Jun 2026 10:05:00 GMT", "Date": "Tue, 02 Jun 2026 10:00:00 GMT"}
    host.answers["/d"] = web.Response(status=503, headers=headers)
    with pytest.raises(SourceThrottled) as seconds:
        await client.get(f"{host.url}/s", source="arxiv", gate=gate)
    clock.now_s += 90
    with pytest.raises(SourceThrottled) as dated:
        await client.get(f"{host.url}/d", source="arxiv", gate=gate)
    assert (seconds.value.after_s, dated.value.after_s) == (90, 300)


async def test_without_a_word_the_pause_doubles_up_to_an_hour_and_starts_again_after_a_success(
    host: Host, client: PoliteClient
) -> None:
    pauses = []
    for _ in range(8):
        host.answers["/"] = web.Response(status=429)
        with pytest.raises(SourceThrottled) as raised:
            await client.get(f"{host.url}/", source="arxiv")
        pauses.append(raised.value.after_s)
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    host.answers["/"] = web.Response(text="fine")
    await client.get(f"{host.url}/", source="arxiv")
    host.answers["/"] = web.Response(status=429)
    with pytest.raises(SourceThrottled) as again:
        await client.get(f"{host.url}/", source="arxiv")
    assert again.value.after_s == 60


@given(st.text(max_size=40), st.text(max_size=40), st.integers(min_value=1, max_value=10_000))
def test_any_retry_after_is_between_nothing_and_six_hours(told: str, date: str, strikes: int) -> None:
    assert 0 <= http.pause_s({"retry-after": told, "date": date}, strikes) <= http.MAX_WAIT_S


def test_a_week_of_retry_after_is_capped() -> None:
    assert http.pause_s({"retry-after": "604800"}, 1) == 6 * 3600


async def test_after_a_403_the_host_is_closed_for_hours(host: Host, client: PoliteClient, gate: LocalGate, clock: Clock) -> None:
    host.answers["/"] = web.Response(status=403)
    with pytest.raises(SourceRefused):
        await client.get(f"{host.url}/", source="arxiv", gate=gate)
    clock.now_s += 5.9 * 3600
    with pytest.raises(SourceThrottled):
        await client.get(f"{host.url}/", source="arxiv", gate=gate)
    host.answers["/"] = web.Response(text="welcome back")
    clock.now_s += 0.2 * 3600
    await client.get(f"{host.url}/", source="arxiv", gate=gate)
    assert len(host.asked) == 2


async def test_a_page_judged_bad_or_empty_is_broken(host: Host, client: PoliteClient) -> None:
    host.answers["/"] = web.Response(text="<html>")
    host.answers["/empty"] = web.Response(text="  \n")
    with pytest.raises(BrokenPage, match="an HTML page"):
        await client.get(f"{host.url}/", source="arxiv", accepts=lambda body: "an HTML page" if b"html" in body.content else None)
    with pytest.raises(BrokenPage, match="empty"):
        await client.get(f"{host.url}/empty", source="arxiv")


async def test_a_body_over_the_cap_is_dropped(host: Host, client: PoliteClient) -> None:
    host.answers["/"] = web.Response(body=b"x" * 10_001)
    with pytest.raises(BrokenPage, match="10000 bytes"):
        await client.get(f"{host.url}/", source="arxiv")
    body = await client.get(f"{host.url}/", source="arxiv", max_bytes=20_000)
    assert len(body.content) == 10_001


async def test_a_cut_a_refused_and_a_silent_connection_are_no_answer(host: Host) -> None:
    client = PoliteClient(user_agent=USER_AGENT, timeout_s=0.2)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        for url in (f"{host.url}/cut", f"{host.url}/hangs", f"http://127.0.0.1:{port}/"):
            with pytest.raises(SourceUnreachable):
                await client.get(url, source="arxiv")
    await client.close()


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "nonsense", "http://127.0.0.1:port/"])
async def test_what_is_no_url_is_no_answer(client: PoliteClient, url: str) -> None:
    with pytest.raises(SourceUnreachable):
        await client.get(url, source="arxiv")


async def test_redirects_stay_on_their_host_and_take_a_turn_each(
    host: Host, client: PoliteClient, gate: LocalGate, clock: Clock
) -> None:
    host.answers["/alias"] = web.Response(status=301, headers={"Location": "/name"})
    host.answers["/name"] = web.Response(text="here")
    body = await client.get(f"{host.url}/alias", source="arxiv", gate=gate, interval_s=3)
    assert body.url == f"{host.url}/name"
    assert clock.slept == [3]


@pytest.mark.parametrize("to", ["http://localhost:1/elsewhere", "https://example.org/login", "//example.org/", "http://["])
async def test_a_redirect_elsewhere_is_a_broken_page(host: Host, client: PoliteClient, to: str) -> None:
    host.answers["/"] = web.Response(status=302, headers={"Location": to})
    with pytest.raises(BrokenPage, match="redirects"):
        await client.get(f"{host.url}/", source="arxiv")
    assert len(host.asked) == 1


async def test_redirects_in_a_circle_end(host: Host, client: PoliteClient) -> None:
    host.answers["/"] = web.Response(status=302, headers={"Location": "/"})
    with pytest.raises(BrokenPage, match="redirects"):
        await client.get(f"{host.url}/", source="arxiv")
    assert len(host.asked) == http.MAX_REDIRECTS


async def test_nobody_asks_inside_a_transaction(host: Host, client: PoliteClient) -> None:
    with transaction(), pytest.raises(TransactionOpen):
        await client.get(f"{host.url}/", source="arxiv")
    assert host.asked == []


async def test_turns_are_apart_and_one_at_a_time(gate: LocalGate, clock: Clock) -> None:
    began: list[float] = []
    inside = most = 0

    async def ask(interval_s: float) -> None:
        nonlocal inside, most
        async with gate.turn(interval_s):
            began.append(clock.now_s)
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(ask(interval_s) for interval_s in (3, 15, 3, 3)))
    assert [round(at - began[0]) for at in began] == [0, 3, 18, 21]
    assert most == 1


async def test_nobody_waits_for_hours_at_a_gate_that_does_not_say_no(host: Host) -> None:
    client = PoliteClient(user_agent=USER_AGENT, patience_s=0.01)
    gate = LocalGate("arxiv", patience_s=1_000_000)
    await gate.shut(6 * 3600)
    with pytest.raises(SourceThrottled):
        await client.get(f"{host.url}/", source="arxiv", gate=gate)
    await gate.shut(0)
    async with asyncio.timeout(5):
        with pytest.raises(SourceThrottled):  # the first one left no lock behind
            await client.get(f"{host.url}/", source="arxiv", gate=gate)
    assert host.asked == []


async def test_a_gate_that_was_shut_for_long_does_not_open_early(gate: LocalGate, clock: Clock) -> None:
    await gate.shut(100)
    await gate.shut(10)
    with pytest.raises(SourceThrottled):
        async with gate.turn(0):
            pass
    clock.now_s += 80
    async with gate.turn(0):  # 20 s more are worth waiting for
        assert clock.now_s == 1100


def test_every_exception_of_httpx_is_mapped() -> None:
    known = [getattr(httpx, name) for name in dir(httpx)]
    exceptions = [kind for kind in known if isinstance(kind, type) and issubclass(kind, Exception)]
    assert len(exceptions) > 20
    assert {kind.__name__ for kind in exceptions} - http.OUTCOMES.keys() == set()
    for kind in exceptions:
        error = kind.__new__(kind)
        error.args = ("why",)
        assert type(http.translated(error, "arxiv")) is http.OUTCOMES[kind.__name__]


async def test_tests_reach_nobody_beyond_loopback() -> None:
    with pytest.raises(BeyondLoopback):
        socket.getaddrinfo("arxiv.org", 443)
    with socket.socket() as plain, pytest.raises(BeyondLoopback):
        plain.connect(("192.0.2.1", 80))
