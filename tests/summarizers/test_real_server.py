"""A real server of another make than the fake: llama.cpp's, as a process of its own. It babbles, but the wire is real."""

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.dialects import Dialect
from bot.summarizers.endpoint import CutShort, Said, TooLong, Unreadable
from bot.summarizers.messages import Message
from tests.fakes.openai import FakeOpenAI
from tests.summarizers.endpoint_case import PAPER, Memory, an_endpoint, ask

ROOT = Path(__file__).parents[2]
CONTEXT = 4096
MISSING = [name for name in ("xllamacpp", "gguf") if importlib.util.find_spec(name) is None]
SHAPE = {
    "type": "object",
    "properties": {
        "is_in_text": {"type": "boolean"},
        "kind": {"type": "string", "enum": ["method", "survey", "benchmark"]},
        "tags": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "minItems": 2, "maxItems": 2},
    },
    "required": ["is_in_text", "kind", "tags"],
    "additionalProperties": False,
}

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"no real model server: {', '.join(MISSING)} not installed")


@asynccontextmanager
async def a_server(folder: Path) -> AsyncIterator[str]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.tiny_llama", str(folder), cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert child.stdout
        async with asyncio.timeout(30):
            url = (await child.stdout.readline()).decode().strip()
        assert url.startswith("http://127.0.0.1:"), "the server did not start"
        yield url
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def test_a_real_server_is_asked_as_it_is(tmp_path: Path) -> None:
    memory = Memory()
    async with a_server(tmp_path) as url, an_endpoint(FakeOpenAI(), memory, url=url, timeout_s=20.0) as endpoint:
        shaped = (Message(role="user", text=f"Answer in JSON.\n{PAPER}"),)

        async def one() -> Said:
            return await endpoint.ask(shaped, schema=SHAPE, schema_name="shape", max_tokens=200)

        for said in await asyncio.gather(one(), one(), one()):
            assert said.value.keys() == SHAPE["properties"].keys()  # type: ignore[attr-defined]
            assert isinstance(said.value["is_in_text"], bool)
            assert said.value["kind"] in {"method", "survey", "benchmark"}
            assert len(said.value["tags"]) == 2  # type: ignore[arg-type]
            assert said.finish == "stop"
            assert not said.usage.is_estimate
            assert len(shaped[0].text) <= said.usage.tokens_in  # a token is a byte
            assert said.usage.tokens_out > 10
        assert memory.kept == [Dialect()]

        # Babble in a string has no end: where the tokens do, this server says 500, others finish_reason "length".
        with pytest.raises((CutShort, Unreadable)) as cut:
            await ask(endpoint, max_tokens=60)
        assert cut.value.tokens[1] == 60

        with pytest.raises(TooLong) as caught:
            await ask(endpoint, PAPER.replace("</paper>", "More words. " * 500 + "</paper>"))
        assert memory.kept[-1].context_tokens == await endpoint.context_tokens() == CONTEXT
        fits = caught.value.context_tokens
        assert fits
        assert fits * 4 < CONTEXT + 2500  # scaled: four characters are four tokens here
