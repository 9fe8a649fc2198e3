"""OpenAI's chat completions on loopback: strict like the real ones, with verbs for how they fail.

A good answer is true: made of the paper that stands in the prompt (openai_writer.py), after the schema that was asked for.
As a process of its own: `python -m tests.fakes.openai --port 0 [--key K] [--takes 2]` prints its base URL and serves until ended.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web

from tests.fakes import openai_rules as rules
from tests.fakes import openai_writer as writer
from tests.fakes.openai_writer import Instance, Prompt
from tests.fakes.server import served

ALWAYS = 1_000_000
MODEL = "paper-model"
MB = 1_000_000
HTML = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Welcome</h1></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it arrived; `together` counts those in hand at that moment, itself included."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    prompt: Prompt
    at_s: float
    together: int

    @property
    def form(self) -> str:
        """How JSON was asked for: `json_schema`, `json_object` or `text`."""
        return str(self.body.get("response_format", {}).get("type", "text"))

    @property
    def text(self) -> str:
        """All that was said to the model."""
        return "\n".join(message["content"] for message in self.body.get("messages", ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer on its way: faults change it before it is sent."""

    asked: Asked
    made: Instance
    text: str = ""
    finish: str = "stop"
    refusal: str | None = None
    has_choices: bool = True
    has_usage: bool = True
    most_tokens_in: int = ALWAYS

    @property
    def body(self) -> dict[str, Any]:
        said = {"role": "assistant", "content": self.text, "refusal": self.refusal}
        tokens_in, tokens_out = min(tokens_of(self.asked.body), self.most_tokens_in), len(self.text) // 4 + 1
        usage = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
        choices = [{"index": 0, "message": said, "finish_reason": self.finish, "logprobs": None}]
        whole = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_780_000_000,
            "model": self.asked.body.get("model"),
            "choices": choices if self.has_choices else [],
        }
        return whole | ({"usage": usage} if self.has_usage else {})


Wire = Callable[[web.Request, Reply], Awaitable[web.StreamResponse]]
Change = Callable[[Reply], Reply]


@dataclass(slots=True, kw_only=True)
class Fault:
    """`on`: words that must stand in what was said to the model, so that one paper alone is hit."""

    times: int
    on: str
    wire: Wire | None = None
    writes: Change | None = None
    says: Change | None = None


@dataclass(slots=True)
class FakeOpenAI:
    """Start it with `async with`. Faults hold `times` times, traits (lacks_..., wants_..., context_is, takes_s) for ever."""

    key: str = ""
    model: str = MODEL
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    _faults: list[Fault] = field(default_factory=list)
    _traits: list[Callable[[Mapping[str, Any]], None]] = field(default_factory=list)
    _ignored: set[str] = field(default_factory=set)
    _takes_s: float = 0.0
    _most_tokens_in: int = ALWAYS
    _in_hand: int = 0
    _runner: web.AppRunner | None = None
    _is_over: asyncio.Event = field(default_factory=asyncio.Event)
    _was_asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> "FakeOpenAI":
        await self.serve()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_over.set()
        if self._runner:
            await self._runner.cleanup()

    async def serve(self, port: int = 0) -> None:
        app = web.Application(client_max_size=64 * MB)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner, root = await served(app, port)
        self.url = f"{root}/v1"

    @property
    def together(self) -> int:
        """The most requests that were in hand at once."""
        return max((each.together for each in self.asked), default=0)

    @property
    def titles(self) -> list[str]:
        """The papers that were asked about, in order."""
        return [each.prompt.title for each in self.asked]

    async def has_been_asked(self, times: int) -> None:
        """Wait until so many requests have arrived."""
        while len(self.asked) < times:
            self._was_asked.clear()
            await self._was_asked.wait()

    async def has_been_asked_about(self, *titles: str) -> None:
        """Wait until a request about each of these papers has arrived."""
        while not set(titles) <= set(self.titles):
            self._was_asked.clear()
            await self._was_asked.wait()

    def recovers(self) -> None:
        """No fault any more; traits stay."""
        self._faults.clear()

    # What it is: for ever

    def takes_s(self, seconds: float) -> None:
        self._takes_s = seconds

    def lacks_schema(self, *, quietly: bool = False) -> None:
        """Refuses json_schema, or `quietly` takes it and talks."""
        if quietly:
            self._ignored.add("json_schema")
            return
        said = "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
        self._traits.append(lambda body: _refuse_if(_form(body) == "json_schema", said, param="response_format"))

    def lacks_json_mode(self, *, quietly: bool = False) -> None:
        """Has neither JSON mode nor schemas: any response_format is refused, or `quietly` ignored."""
        if quietly:
            self._ignored |= {"json_schema", "json_object"}
            return
        self._traits.append(lambda body: _refuse_if("response_format" in body, "This response_format type is unavailable now"))

    def wants_max_tokens(self) -> None:
        said = "Unrecognized request argument supplied: max_completion_tokens"
        self._traits.append(lambda body: _refuse_if("max_completion_tokens" in body, said))

    def wants_no_limit(self) -> None:
        def check(body: Mapping[str, Any]) -> None:
            for name in ("max_completion_tokens", "max_tokens"):
                _refuse_if(name in body, f"Unsupported parameter: '{name}'", param=name)

        self._traits.append(check)

    def answers_at_most(self, tokens: int) -> None:
        """The name of the limit is known, a larger value is refused."""

        def check(body: Mapping[str, Any]) -> None:
            for name in ("max_completion_tokens", "max_tokens"):
                asked = body.get(name, 0)
                said = f"{name} is too large: {asked}. This model supports at most {tokens} completion tokens."
                _refuse_if(asked > tokens, said, param=name)

        self._traits.append(check)

    def refuses_temperature(self) -> None:
        said = "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported."
        wrong = {"param": "temperature", "code": "unsupported_value"}
        self._traits.append(lambda body: _refuse_if(body.get("temperature", 1) != 1, said, **wrong))

    def context_is(self, tokens: int, *, is_told: bool = True) -> None:
        """Longer requests are refused, with the numbers or without."""

        def check(body: Mapping[str, Any]) -> None:
            count = tokens_of(body)
            said = (
                f"This model's maximum context length is {tokens} tokens. However, your messages resulted in {count} tokens."
                if is_told
                else "Your input exceeds the context window of this model."
            )
            _refuse_if(count > tokens, said, param="messages", code="context_length_exceeded")

        self._traits.append(check)

    def cuts_requests_quietly(self, tokens: int) -> None:
        """Longer requests are answered after a part of them; only the count of tokens tells."""
        self._most_tokens_in = tokens

    # How it fails: `times` times

    def is_down(self, *, status: int = 503, times: int = ALWAYS, on: str = "") -> None:
        self.answers({"error": {"message": "The engine is overloaded", "type": "server_error"}}, status, times=times, on=on)

    def hangs(self, *, times: int = ALWAYS, on: str = "") -> None:
        async def wait(_: web.Request, reply: Reply) -> web.StreamResponse:
            await self._is_over.wait()
            return web.json_response(reply.body)

        self._fails(wait, times, on)

    def cuts_connection(self, *, times: int = ALWAYS, on: str = "") -> None:
        async def cut(request: web.Request, _: Reply) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Length": "10000", "Content-Type": "application/json"})
            await response.prepare(request)
            await response.write(b'{"id": "chatcmpl')
            if request.transport:
                request.transport.close()
            return response

        self._fails(cut, times, on)

    def throttles(self, retry_after: str | None = None, *, times: int = ALWAYS, on: str = "", **headers: str) -> None:
        told = {"Retry-After": retry_after} if retry_after is not None else {}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        error = {"message": "Rate limit reached", "type": "requests", "param": None, "code": "rate_limit_exceeded"}
        self.answers({"error": error}, 429, headers=told, times=times, on=on)

    def quota_is_gone(self, *, times: int = ALWAYS, on: str = "") -> None:
        said = "You exceeded your current quota, please check your plan and billing details."
        error = {"message": said, "type": "insufficient_quota", "param": None, "code": "insufficient_quota"}
        self.answers({"error": error}, 429, times=times, on=on)

    def answers(
        self,
        body: object,
        status: int = 200,
        *,
        headers: Mapping[str, str] | None = None,
        times: int = ALWAYS,
        on: str = "",
        content_type: str = "application/json",
    ) -> None:
        """Answer with this very body: JSON, or bytes as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()

        async def answer(_: web.Request, __: Reply) -> web.StreamResponse:
            return web.Response(body=content, status=status, headers=dict(headers or {}), content_type=content_type)

        self._fails(answer, times, on)

    def answers_html(self, *, times: int = ALWAYS, on: str = "") -> None:
        self.answers(HTML.encode(), content_type="text/html", times=times, on=on)

    def answers_megabytes(self, megabytes: int = 10, *, times: int = ALWAYS, on: str = "") -> None:
        """A whole answer, but for its size."""

        async def much(request: web.Request, reply: Reply) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Type": "application/json"})
            await response.prepare(request)
            before, _, after = json.dumps(replace(reply, text="@").body).partition("@")
            try:
                await response.write(before.encode())
                for _ in range(10 * megabytes):
                    await response.write(b"a" * (MB // 10))
                await response.write(after.encode())
            except ConnectionError:
                pass  # whoever asked has heard enough
            return response

        self._fails(much, times, on)

    def no_choices(self, *, times: int = ALWAYS, on: str = "") -> None:
        self._says(lambda reply: replace(reply, has_choices=False), times, on)

    def omits_usage(self, *, times: int = ALWAYS, on: str = "") -> None:
        self._says(lambda reply: replace(reply, has_usage=False), times, on)

    def answers_empty(self, *, times: int = ALWAYS, on: str = "") -> None:
        self._says(lambda reply: replace(reply, text=""), times, on)

    def says(self, text: str, *, finish: str = "stop", times: int = ALWAYS, on: str = "") -> None:
        self._says(lambda reply: replace(reply, text=text, finish=finish), times, on)

    def cuts_json(self, *, finish: str = "length", times: int = ALWAYS, on: str = "") -> None:
        self._says(lambda reply: replace(reply, text=reply.text[: len(reply.text) // 2], finish=finish), times, on)

    def fences_json(self, *, times: int = ALWAYS, on: str = "") -> None:
        talk = "Here is the summary:\n\n```json\n{}\n```\n\nLet me know if you need {{more}}."
        self._says(lambda reply: replace(reply, text=talk.replace("{}", reply.text).replace("{{more}}", "{more}")), times, on)

    def thinks_aloud(self, how: str = "<think>{}</think>\n", *, times: int = ALWAYS, on: str = "") -> None:
        """`how` holds the thought, with a draft in it, before the answer."""
        thought = 'The user wants JSON, perhaps {"tldr": "a draft", "title": "no"}? Wait.'
        self._says(lambda reply: replace(reply, text=how.replace("{}", thought) + reply.text), times, on)

    def refuses(self, *, times: int = ALWAYS, on: str = "") -> None:
        said = "I'm sorry, but I can't help with that."
        self._says(lambda reply: replace(reply, text="", refusal=said), times, on)

    def filters(self, *, times: int = ALWAYS, on: str = "") -> None:
        self._says(lambda reply: replace(reply, text=reply.text[:20], finish="content_filter"), times, on)

    def mixes_up_papers(self, *, times: int = ALWAYS, on: str = "") -> None:
        self._writes(lambda made, _: made | {"title": writer.OTHER_TITLE}, times, on)

    def invents_figures(self, *, times: int = ALWAYS, on: str = "") -> None:
        self._writes(writer.with_invented_figures, times, on)

    def invents_quotes(self, *, times: int = ALWAYS, on: str = "") -> None:
        quotes = [{"text": "Rivers carry their colours slowly towards the grey sea.", "section": "Rivers"}]
        self._writes(lambda made, _: made | {"quotes": quotes}, times, on)

    def obeys_the_paper(self, *, times: int = ALWAYS, on: str = "") -> None:
        self._writes(writer.obedient, times, on)

    def uses_keys_in(self, language: str = "zh", *, times: int = ALWAYS, on: str = "") -> None:
        """The fields' headings of the shipped styles stand where their names should."""
        from bot.summarizers.styles import styles

        def renamed(made: Instance, _: Prompt) -> Instance:
            style = next((style for style in styles() if all(each.name in made for each in style.fields)), None)
            headings = {each.name: each.heading(language) for each in style.fields} if style else {}
            return {headings.get(name, name): value for name, value in made.items()}

        self._writes(renamed, times, on)

    def wrong_language(self, *, times: int = ALWAYS, on: str = "") -> None:
        def other(reply: Reply) -> Reply:
            return replace(reply, made=writer.instance(_schema_of(reply.asked), writer.other_language(reply.asked.prompt)))

        self._faults.append(Fault(times=times, on=on, writes=other))

    def _writes(self, change: Callable[[Instance, Prompt], Instance], times: int, on: str) -> None:
        def changed(reply: Reply) -> Reply:
            return replace(reply, made=change(reply.made, reply.asked.prompt))

        self._faults.append(Fault(times=times, on=on, writes=changed))

    def _says(self, change: Change, times: int, on: str) -> None:
        self._faults.append(Fault(times=times, on=on, says=change))

    def _fails(self, wire: Wire, times: int, on: str) -> None:
        self._faults.append(Fault(times=times, on=on, wire=wire))

    # How it answers

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self._in_hand += 1
        try:
            asked = self._record(request, await request.read())
            try:
                self._check(request, asked)
                due = self._due(asked)
                if self._takes_s:
                    await asyncio.sleep(self._takes_s)
                reply = self._reply(asked, due)
            except rules.Refusal as refusal:
                return web.json_response(refusal.body, status=refusal.status)
            wire = next((fault.wire for fault in due if fault.wire), None)
            return await wire(request, reply) if wire else web.json_response(reply.body)
        finally:
            self._in_hand -= 1

    def _record(self, request: web.Request, content: bytes) -> Asked:
        body = json.loads(content or b"{}")
        messages = body.get("messages") if isinstance(body.get("messages"), list) else []
        asked = Asked(
            path=request.path,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=body,
            prompt=writer.read_prompt([each for each in messages if isinstance(each.get("content"), str)]),
            at_s=time.monotonic(),
            together=self._in_hand,
        )
        self.asked.append(asked)
        self._was_asked.set()
        return asked

    def _check(self, request: web.Request, asked: Asked) -> None:
        rules.check_key(asked.headers.get("authorization", ""), self.key)
        if (request.method, request.path) != ("POST", "/v1/chat/completions"):
            raise rules.Refusal(f"Invalid URL ({request.method} {request.path})", status=404)
        rules.check(asked.body)
        if asked.body["model"] != self.model:
            said = f"The model `{asked.body['model']}` does not exist or you do not have access to it."
            raise rules.Refusal(said, status=404, code="model_not_found")
        for trait in self._traits:
            trait(asked.body)

    def _due(self, asked: Asked) -> list[Fault]:
        """The faults that this request meets: all that change what is said, and one that changes how it is sent."""
        due: list[Fault] = []
        for fault in self._faults:
            is_second = fault.wire is not None and any(each.wire for each in due)
            if fault.times > 0 and fault.on in asked.text and not is_second:
                fault.times -= 1
                due.append(fault)
        return due

    def _reply(self, asked: Asked, due: list[Fault]) -> Reply:
        made = writer.instance(_schema_of(asked), asked.prompt)
        reply = Reply(asked=asked, made=made, most_tokens_in=self._most_tokens_in)
        for fault in due:
            reply = fault.writes(reply) if fault.writes else reply
        is_deaf = asked.form in self._ignored
        reply = replace(reply, text="It is a fine paper." if is_deaf else json.dumps(reply.made, ensure_ascii=False))
        limit = asked.body.get("max_completion_tokens", asked.body.get("max_tokens", ALWAYS))
        if len(reply.text) // 4 > limit:
            reply = replace(reply, text=reply.text[: 4 * limit], finish="length")
        for fault in due:
            reply = fault.says(reply) if fault.says else reply
        return reply


def _schema_of(asked: Asked) -> dict[str, Any]:
    """As a parameter, or in words in the first message, for those that take no schema."""
    schema = asked.body.get("response_format", {}).get("json_schema", {}).get("schema")
    return dict(schema) if schema else writer.schema_in_words(str(asked.body["messages"][0]["content"]))


def tokens_of(body: Mapping[str, Any]) -> int:
    return sum(len(message["content"]) for message in body.get("messages", ())) // 4 + 1


def _form(body: Mapping[str, Any]) -> str:
    return str(body.get("response_format", {}).get("type", "text"))


def _refuse_if(is_wrong: bool, said: str, *, param: str | None = None, code: str | None = None) -> None:
    if is_wrong:
        raise rules.Refusal(said, param=param, code=code)


async def _main() -> None:
    parser = argparse.ArgumentParser(description="OpenAI's chat completions on loopback")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", default="")
    parser.add_argument("--takes", type=float, default=0.0, help="seconds that each answer takes")
    options = parser.parse_args()
    fake = FakeOpenAI(key=options.key)
    fake.takes_s(options.takes)
    await fake.serve(options.port)
    sys.stdout.write(f"{fake.url}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
