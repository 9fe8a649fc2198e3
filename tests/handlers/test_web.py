"""The bot's own web server, over real connections: what it hands on, and what it turns away."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram_webhook import webhook_secret
from bot.errors import BadSettings
from handlers.web.server import MOST_BYTES, SECRET_HEADER, Web, telegram_route

TOKEN = "123456789:" + "AA" + "E-fake-token-of-thirty-five-letters"
SECRET = webhook_secret(TOKEN)
KNOWN = {SECRET_HEADER: SECRET}
PATH = "/a{b}/telegram"


@dataclass(slots=True)
class Taken:
    """What was handed on; fails as long as it is told to."""

    updates: list[dict[str, Any]] = field(default_factory=list)
    is_broken: bool = False

    async def take(self, update: dict[str, Any]) -> None:
        if self.is_broken:
            raise KeyError("message")
        self.updates.append(update)


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
async def web(taken: Taken) -> AsyncIterator[Web]:
    server = Web("127.0.0.1", 0)
    server.add_post(PATH, telegram_route(SECRET, taken.take))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def telegram(web: Web) -> AsyncIterator[ClientSession]:
    """Whoever knocks at it."""
    async with ClientSession(f"http://127.0.0.1:{web.port}") as session:
        yield session


async def post(session: ClientSession, body: bytes, headers: dict[str, str] = KNOWN, path: str = PATH) -> int:
    async with session.post(path, data=body, headers=headers) as answer:
        await answer.read()
        return answer.status


async def test_an_update_is_handed_on_and_answered(telegram: ClientSession, taken: Taken) -> None:
    assert await post(telegram, json.dumps({"update_id": 7, "message": {"text": "số"}}).encode()) == 200
    assert taken.updates == [{"update_id": 7, "message": {"text": "số"}}]


@pytest.mark.parametrize("said", [None, "", "x", SECRET[:-1], SECRET + "0", SECRET.upper(), "é" * 64])
async def test_whoever_does_not_know_the_secret_is_turned_away(telegram: ClientSession, taken: Taken, said: str | None) -> None:
    headers = {} if said is None else {SECRET_HEADER: said}
    assert await post(telegram, b'{"update_id": 7}', headers) == 403
    assert taken.updates == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null", b'"x"', b"\xff\xfe", b"[" * 500_000, b"a=1&b=2"])
async def test_what_is_no_object_is_a_bad_request(telegram: ClientSession, taken: Taken, body: bytes) -> None:
    assert await post(telegram, body) == 400
    assert taken.updates == []


@pytest.mark.parametrize("is_chunked", [False, True])
async def test_a_body_of_more_than_a_megabyte_is_not_read_to_its_end(
    telegram: ClientSession, taken: Taken, *, is_chunked: bool
) -> None:
    body = json.dumps({"text": "a" * MOST_BYTES}).encode()

    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 65_536):
            yield body[at : at + 65_536]

    async with telegram.post(PATH, data=chunks() if is_chunked else body, headers=KNOWN) as answer:
        assert answer.status == 413
    assert taken.updates == []
    whole = json.dumps({"text": "a" * (MOST_BYTES - 100)}).encode()
    assert await post(telegram, whole) == 200


@pytest.mark.parametrize("path", ["/", "/telegram", PATH + "/", PATH + "x", "/a/telegram", "/a%7Bb%7Dx/telegram", "/.env"])
async def test_no_other_path_is_known(telegram: ClientSession, taken: Taken, path: str) -> None:
    assert await post(telegram, b'{"update_id": 7}', path=path) == 404
    async with telegram.get(path) as answer:
        assert answer.status == 404
    assert taken.updates == []


async def test_fifty_at_once_are_all_taken(telegram: ClientSession, taken: Taken) -> None:
    answers = await asyncio.gather(*(post(telegram, json.dumps({"update_id": n}).encode()) for n in range(50)))
    assert set(answers) == {200}
    assert sorted(update["update_id"] for update in taken.updates) == list(range(50))


async def test_what_could_not_be_handed_on_is_given_again(
    telegram: ClientSession, taken: Taken, caplog: pytest.LogCaptureFixture
) -> None:
    taken.is_broken = True
    assert await post(telegram, b'{"update_id": 7, "text": "hush"}') == 500
    taken.is_broken = False
    assert await post(telegram, b'{"update_id": 7, "text": "hush"}') == 200
    assert "hush" not in caplog.text
    assert SECRET not in caplog.text


async def test_no_line_is_written_of_requests(telegram: ClientSession, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await post(telegram, b'{"update_id": 7}')
    await post(telegram, b'{"update_id": 7}', path="/elsewhere?to=somebody")
    assert caplog.text == ""


async def test_a_place_that_is_taken_is_one_sentence(web: Web) -> None:
    second = Web("127.0.0.1", web.port)
    with pytest.raises(BadSettings) as raised:
        await second.start()
    place = f"127.0.0.1:{web.port} (Address already in use)"
    assert raised.value.problems == (
        f"WEB_HOST and WEB_PORT: nothing can listen at {place}; stop what does already, or choose another place.",
    )
    await second.stop()


async def test_it_starts_again_where_it_stopped_and_stops_twice(taken: Taken) -> None:
    first = Web("127.0.0.1", 0)
    await first.start()
    port = first.port
    await first.stop()
    await first.stop()
    second = Web("127.0.0.1", port)
    second.add_post("/", telegram_route(SECRET, taken.take))
    await second.start()
    with pytest.raises(RuntimeError):
        second.add_post("/late", telegram_route(SECRET, taken.take))
    async with ClientSession(f"http://127.0.0.1:{port}") as session:
        assert await post(session, b"{}", path="/") == 200
    await second.stop()


@given(st.text(min_size=1), st.text(min_size=1))
def test_each_token_has_a_secret_of_its_own_that_telegram_takes(token: str, other: str) -> None:
    found = webhook_secret(token)
    assert (len(found), set(found) <= set("0123456789abcdef")) == (64, True)
    assert (found == webhook_secret(other)) is (token == other)
    assert token not in found or len(token) < 8
