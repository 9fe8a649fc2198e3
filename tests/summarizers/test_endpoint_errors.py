"""Whatever an endpoint answers is an answer or one of our errors, with what was spent, and without what was said."""

import gzip
import inspect
import json
import time
import traceback
from typing import Any

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dialects import Dialect, TokenLimit
from bot.errors import (
    NO_TOKENS,
    ModelDeclined,
    ModelRefused,
    ModelThrottled,
    ModelUnreachable,
    PaperboyError,
    QuotaSpent,
    SummaryFailed,
)
from bot.summarizers import refusals
from bot.summarizers.completions import completion
from bot.summarizers.dialects import allowed_tokens, learnt, narrower
from bot.summarizers.endpoint import CutShort, Endpoint, Unreadable
from tests.fakes.openai import HTML, FakeOpenAI
from tests.summarizers.endpoint_case import KEY, PAPER, RULES, SENTENCE, Memory, an_endpoint, ask

SAID = {"choices": [{"message": {"content": '{"title": "t", "tldr": "u"}'}, "finish_reason": "stop"}]}


def an_error(message: str = "no", **words: object) -> dict[str, object]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None} | words}


async def failure(endpoint: Endpoint) -> PaperboyError:
    with pytest.raises(PaperboyError) as caught:
        await ask(endpoint)
    return caught.value


def test_every_exception_of_the_package_and_its_client_has_an_outcome() -> None:
    named = {each.__name__ for each in _below(openai.OpenAIError)}
    named |= {name for name in (*openai.__all__, *openai._exceptions.__all__) if _is_exception(getattr(openai, name, None))}
    named |= {name for name in httpx2.__all__ if _is_exception(getattr(httpx2, name)) and not name.endswith("Warning")}
    assert named - set(refusals.OUTCOMES) == set()
    assert len(named) > 40


def _is_exception(each: object) -> bool:
    return inspect.isclass(each) and issubclass(each, Exception)


def _below(kind: type[Exception]) -> set[type[Exception]]:
    """It and all that the package derives from it."""
    return {kind}.union(*(_below(each) for each in kind.__subclasses__() if each.__module__.startswith("openai")))


STATUSES: list[tuple[int, object, type[PaperboyError]]] = [
    (400, an_error(code="model_not_found", param="model"), ModelRefused),
    (400, an_error("The model `x` does not exist"), ModelRefused),
    (400, an_error("Unknown parameter", param="top_k", code="unknown_parameter"), ModelRefused),
    (400, an_error("Invalid message", param="messages[1].content"), SummaryFailed),
    (400, an_error("flagged", code="invalid_prompt"), SummaryFailed),
    (400, an_error("filtered", code="content_filter"), ModelDeclined),
    (400, an_error("Input data may contain inappropriate content.", code="data_inspection_failed"), ModelDeclined),
    (400, an_error("Access denied", code="Arrearage"), QuotaSpent),
    (401, an_error(code="invalid_api_key"), ModelRefused),
    (402, {"error": {"message": "Insufficient Balance"}}, QuotaSpent),
    (403, an_error(code="unsupported_country_region_territory"), ModelRefused),
    (404, an_error(code="model_not_found"), ModelRefused),
    (404, HTML.encode(), ModelRefused),
    (405, b"", ModelRefused),
    (301, b"", ModelRefused),
    (409, an_error(), ModelUnreachable),
    (408, an_error(), ModelUnreachable),
    (422, {"detail": [{"loc": ["body", "messages"], "msg": "bad", "input": PAPER}]}, SummaryFailed),
    (429, an_error(code="rate_limit_exceeded"), ModelThrottled),
    (429, [an_error(status="RESOURCE_EXHAUSTED", code=429)], ModelThrottled),
    (429, an_error(type="insufficient_quota"), QuotaSpent),
    (429, an_error(code="billing_hard_limit_reached"), QuotaSpent),
    (500, b"oops", ModelUnreachable),
    (500, an_error("The model produced output that does not match the expected peg-native format"), Unreadable),
    (529, an_error(type="overloaded_error"), ModelUnreachable),
    (200, an_error("The engine is overloaded"), ModelUnreachable),
    (200, an_error("Slow down", code=429), ModelThrottled),
    (200, HTML.encode(), ModelUnreachable),
    (200, b"", ModelUnreachable),
    (200, b'{"choices": [', ModelUnreachable),
    (200, b"\xff\xfe\x00", ModelUnreachable),
    (200, b"[" * 100_000, ModelUnreachable),
    (200, [1, 2], ModelUnreachable),
    (200, {}, ModelUnreachable),
    (200, {"choices": None}, ModelUnreachable),
    (200, {"choices": []}, ModelUnreachable),
    (200, {"choices": "none"}, ModelUnreachable),
    (200, {"choices": [None]}, ModelUnreachable),
    (200, {"choices": [{"message": None, "finish_reason": "stop"}]}, Unreadable),
    (200, {"choices": [{"message": {"content": None}, "finish_reason": "length"}]}, CutShort),
    (200, {"choices": [{"message": {"content": 7}, "finish_reason": 7}]}, Unreadable),
    (200, {"choices": [{"message": {"content": "", "refusal": "No."}, "finish_reason": "stop"}]}, ModelDeclined),
    (200, {"choices": [{"message": {"content": ""}, "finish_reason": "content_filter: SAFETY"}]}, ModelDeclined),
]


@pytest.mark.parametrize(("status", "body", "kind"), STATUSES)
async def test_an_answer_that_is_none_is_one_of_our_errors(status: int, body: object, kind: type[PaperboyError]) -> None:
    async with FakeOpenAI(key=KEY) as fake, an_endpoint(fake) as endpoint:
        fake.answers(body, status)
        error = await failure(endpoint)
    assert type(error) is kind, str(error)
    assert error.tokens[2] == 1  # type: ignore[attr-defined]


VERBS: dict[str, tuple[type[PaperboyError], str]] = {
    "is_down": (ModelUnreachable, "HTTP 503"),
    "hangs": (ModelUnreachable, "not finished after"),
    "throttles": (ModelThrottled, "wait 60 s"),
    "quota_is_gone": (QuotaSpent, "insufficient_quota"),
    "answers_html": (ModelUnreachable, "/v1"),
    "cuts_json": (CutShort, "cut off"),
    "refuses": (ModelDeclined, "refuses"),
    "filters": (ModelDeclined, "filter"),
    "answers_megabytes": (ModelUnreachable, "too large"),
    "answers_empty": (Unreadable, "empty"),
    "no_choices": (ModelUnreachable, "without a choice"),
    "cuts_connection": (ModelUnreachable, "RemoteProtocolError"),
}


@pytest.mark.parametrize(("verb", "expected"), VERBS.items())
async def test_each_way_to_fail_is_told_apart_and_leaves_no_trace_of_the_prompt(
    verb: str, expected: tuple[type[PaperboyError], str]
) -> None:
    async with FakeOpenAI(key=KEY) as fake, an_endpoint(fake, timeout_s=2.0) as endpoint:
        await ask(endpoint)
        getattr(fake, verb)(times=1)
        before_s = time.monotonic()
        error = await failure(endpoint)
        assert time.monotonic() - before_s < 4
        assert (await ask(endpoint)).value["tldr"] == SENTENCE
    assert type(error) is expected[0]
    assert expected[1] in str(error)
    _holds_nothing_secret(error)


async def test_what_was_paid_for_is_told_with_the_error() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        good = (await ask(endpoint)).usage
        for verb in ("no_choices", "refuses", "answers_empty", "cuts_json"):
            getattr(fake, verb)(times=1)
            error: Any = await failure(endpoint)
            assert error.tokens[0] == good.tokens_in, verb
        fake.is_down(times=1)
        error = await failure(endpoint)
        assert error.tokens == (0, 0, 1)


async def test_a_refused_key_and_a_repeated_prompt_are_not_repeated_by_us() -> None:
    async with FakeOpenAI(key="sk-another") as fake, an_endpoint(fake, api_key=KEY) as endpoint:
        _holds_nothing_secret(await failure(endpoint))
        for status in (400, 401, 403, 404, 422, 429, 500, 200):
            fake.key = KEY
            fake.answers(an_error(f"{KEY}: {RULES} {PAPER}", code=KEY, param=PAPER), status, times=1)
            _holds_nothing_secret(await failure(endpoint))


def _holds_nothing_secret(error: PaperboyError) -> None:
    told = "".join(traceback.format_exception(error))
    told = told.replace("sk-another", "")
    shown = {KEY[:8], KEY[-8:], KEY[4:16], SENTENCE, RULES[:20], "accuracy"}
    assert [each for each in shown if each in told] == []


@pytest.mark.parametrize(
    ("headers", "after_s"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0"}, 0),
        ({"retry-after": " 2.5 "}, 2.5),
        ({"retry-after": "86400"}, 3600),
        ({"retry-after": "-5"}, 0),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Wed, 03 Jun 2026 10:02:00 GMT", "date": "Wed, 03 Jun 2026 10:00:30 GMT"}, 90),
        ({"retry-after": "Thu, 04 Jun 2026 10:02:00 GMT", "date": "Wed, 03 Jun 2026 10:00:30 GMT"}, 3600),
        ({"retry-after": "Wed, 03 Jun 2026 10:02:00 GMT", "date": "Wed, 03 Jun 2026 11:00:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_every_form(headers: dict[str, str], after_s: float | None) -> None:
    assert refusals.retry_after_s(headers) == after_s


async def test_retry_after_is_honoured() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        for retry_after, after_s in (("17", 17.0), (None, 60.0)):
            fake.throttles(retry_after, times=1)
            error = await failure(endpoint)
            assert isinstance(error, ModelThrottled)
            assert error.after_s == after_s
        fake.answers(an_error(), 503, headers={"Retry-After": "20"}, times=1)
        error = await failure(endpoint)
    assert isinstance(error, ModelUnreachable)
    assert error.after_s == 20


async def test_of_a_large_answer_little_is_read() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        fake.answers_megabytes(60, times=1)
        before_s = time.process_time()
        error = await failure(endpoint)
        assert "too large" in str(error)
        assert time.process_time() - before_s < 1.5  # the import of the package is in it, 60 MB are not
        fake.answers(an_error("x" * 3_000_000), 400, times=1)
        assert "too large" in str(await failure(endpoint))


async def test_an_answer_of_almost_a_megabyte_is_read() -> None:
    body = {"choices": [{"message": {"content": json.dumps({"tldr": "a" * 900_000})}, "finish_reason": "stop"}]}
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        fake.answers(body, times=1)
        assert len(str((await ask(endpoint)).value["tldr"])) == 900_000


async def test_a_packed_answer_is_not_unpacked() -> None:
    bomb = gzip.compress(json.dumps(SAID).encode() + b" " * 50_000_000)
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        fake.answers(bomb, headers={"Content-Encoding": "gzip"}, times=1)
        assert "packed" in str(await failure(endpoint))


@pytest.mark.parametrize("key", ["schlüssel", "two\nlines", "null\0"])
async def test_a_key_that_no_header_can_hold_is_a_matter_of_settings(key: str) -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake, api_key=key) as endpoint:
        error = await failure(endpoint)
    assert isinstance(error, ModelRefused | ModelUnreachable)
    assert key not in str(error)
    assert fake.asked == []


async def test_a_memory_of_another_release_is_used_as_it_is() -> None:
    memory = Memory(kept=[Dialect(context_tokens=3000)])
    async with FakeOpenAI() as fake, an_endpoint(fake, memory) as endpoint:
        assert await endpoint.context_tokens() == 3000
        await ask(endpoint)
    assert len(memory.kept) == 1


keys = st.sampled_from(
    [
        "error",
        "message",
        "code",
        "type",
        "param",
        "choices",
        "content",
        "usage",
        "prompt_tokens",
        "refusal",
        "finish_reason",
        "n_ctx",
    ]
)
bodies = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(body=st.dictionaries(keys, bodies, max_size=5))
def test_any_body_is_a_completion_of_some_kind(body: dict[str, object]) -> None:
    found = completion(body, chars_in=400)
    assert found.usage.tokens_in > 0
    assert found.usage.tokens_out >= 0
    assert isinstance(found.finish, str)


@pytest.mark.parametrize("status", [200, 401, 403, 404, 429, 500, 503])
def test_only_a_refused_request_teaches(status: int) -> None:
    body = an_error("Unsupported response_format json_schema, temperature, max_completion_tokens", param="temperature")
    assert learnt(refusals.refusal(status, body, {}), Dialect()) is None
    assert learnt(refusals.refusal(400, body, {}), Dialect()) == Dialect(takes_temperature=False)


def test_a_prompt_that_is_repeated_teaches_nothing() -> None:
    echo = [
        {"loc": ["body", "messages"], "msg": "bad", "input": "The json_schema of temperature is strict; max_completion_tokens"}
    ]
    assert learnt(refusals.refusal(422, {"detail": echo}, {}), Dialect()) is None
    named = [{"loc": ["body", "max_completion_tokens"], "msg": "Extra inputs are not permitted", "input": 5}]
    assert learnt(refusals.refusal(422, {"detail": named}, {}), Dialect()) == Dialect(limit=TokenLimit.MAX_TOKENS)


@given(status=st.integers(200, 599), body=bodies, headers=st.dictionaries(st.just("retry-after"), st.text(max_size=12)))
def test_any_error_is_one_of_ours(status: int, body: object, headers: dict[str, str]) -> None:
    refused = refusals.refusal(status, body, headers)
    assert isinstance(refusals.judged(refused, "m", NO_TOKENS), PaperboyError)
    assert learnt(refused, Dialect()) != Dialect()
    assert (allowed_tokens(refused, Dialect(), 500) or 1) < 500
    told, fits = narrower(refused, 1000)
    assert told > 0
    assert 0 < fits < 1000


@pytest.mark.parametrize(
    ("said", "told", "fits"),
    [
        ("This model's maximum context length is 8192 tokens. However, your messages resulted in 10000 tokens.", 8192, 6553),
        ("maximum context length is 8192 tokens, however you requested 16384 tokens (16000 in the messages)", 8192, 4000),
        ("the request exceeds the available context size (4096 tokens), try increasing it", 4096, 4096),
        ("Your input exceeds the context window of this model.", 5333, 5333),
    ],
)
def test_how_much_fits_is_scaled_to_our_way_of_counting(said: str, told: int, fits: int) -> None:
    refused = refusals.refusal(400, an_error(said, code="context_length_exceeded"), {})
    assert refused.is_too_long
    assert narrower(refused, 8000) == (told, fits)
