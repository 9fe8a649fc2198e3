"""How an endpoint is asked, what is found out about it, and that it is found out once."""

import asyncio
import time

import pytest

from bot import guard
from bot.domain.dialects import AnswerForm, Dialect, TokenLimit
from bot.errors import ModelRefused, ModelUnreachable, PaperboyError
from bot.summarizers.endpoint import REFUSED_WITHIN_S, CutShort, TooLong, Unreadable
from tests.fakes.openai import FakeOpenAI
from tests.summarizers.endpoint_case import KEY, PAPER, RULES, SCHEMA, SENTENCE, TITLE, Memory, an_endpoint, ask

BEST = Dialect()
PLAINEST = Dialect(form=AnswerForm.TEXT, limit=TokenLimit.NONE, takes_temperature=False)


async def test_a_good_endpoint_is_asked_once_in_the_best_way() -> None:
    memory = Memory()
    async with FakeOpenAI(key=KEY) as fake, an_endpoint(fake, memory) as endpoint:
        said = await ask(endpoint)
    assert said.value == {"title": TITLE, "tldr": SENTENCE}
    assert (said.usage.calls, said.usage.is_estimate, said.finish) == (1, False, "stop")
    wanted = {"name": "card", "schema": SCHEMA, "strict": True}
    assert [each.body for each in fake.asked] == [
        {
            "model": "paper-model",
            "messages": [{"role": "system", "content": RULES}, {"role": "user", "content": f"Summarize.\n\n{PAPER}"}],
            "response_format": {"type": "json_schema", "json_schema": wanted},
            "max_completion_tokens": 500,
            "temperature": 0.2,
        }
    ]
    assert memory.kept == [BEST]


TRAITS = {
    "lacks_schema": Dialect(form=AnswerForm.JSON),
    "lacks_json_mode": Dialect(form=AnswerForm.TEXT),
    "wants_max_tokens": Dialect(limit=TokenLimit.MAX_TOKENS),
    "wants_no_limit": Dialect(limit=TokenLimit.NONE),
    "refuses_temperature": Dialect(takes_temperature=False),
}


@pytest.mark.parametrize(("trait", "dialect"), TRAITS.items())
async def test_what_an_endpoint_refuses_is_found_out_once_for_all_processes(trait: str, dialect: Dialect) -> None:
    memory = Memory()
    async with FakeOpenAI() as fake:
        getattr(fake, trait)()
        async with an_endpoint(fake, memory) as endpoint:
            assert (await ask(endpoint)).value["tldr"] == SENTENCE
            refused = len(fake.asked) - 1
            await ask(endpoint)
        async with an_endpoint(fake, memory) as next_process:
            await ask(next_process)
    assert 1 <= refused <= 2
    assert len(fake.asked) == refused + 3
    assert memory.kept == [dialect]


async def test_an_endpoint_that_refuses_everything_is_asked_in_plain_words() -> None:
    memory = Memory()
    async with FakeOpenAI() as fake, an_endpoint(fake, memory) as endpoint:
        for trait in ("lacks_json_mode", "wants_no_limit", "refuses_temperature"):
            getattr(fake, trait)()
        said = await ask(endpoint)
    assert set(fake.asked[-1].body) == {"model", "messages"}
    assert (memory.kept, said.value["tldr"]) == ([PLAINEST], SENTENCE)
    assert said.usage.calls == len(fake.asked) == 6


async def test_an_endpoint_that_takes_a_schema_and_ignores_it_is_asked_otherwise_after_two_answers() -> None:
    memory = Memory()
    async with FakeOpenAI() as fake, an_endpoint(fake, memory) as endpoint:
        fake.lacks_schema(quietly=True)
        for _ in range(2):
            with pytest.raises(Unreadable) as caught:
                await ask(endpoint)
        assert (caught.value.raw, memory.kept) == ("It is a fine paper.", [])
        await ask(endpoint)
    assert [each.form for each in fake.asked] == ["json_schema", "json_schema", "json_object"]
    assert memory.kept == [Dialect(form=AnswerForm.JSON)]


async def test_who_once_answered_in_json_is_never_asked_in_a_plainer_way_for_bad_answers() -> None:
    memory = Memory()
    async with FakeOpenAI() as fake, an_endpoint(fake, memory) as endpoint:
        await ask(endpoint)
        fake.says("no idea", times=5)
        for _ in range(5):
            with pytest.raises(Unreadable):
                await ask(endpoint)
        await ask(endpoint)
    assert {each.form for each in fake.asked} == {"json_schema"}
    assert memory.kept == [BEST]


@pytest.mark.parametrize(
    "fault", ["is_down", "hangs", "throttles", "quota_is_gone", "answers_html", "cuts_connection", "no_choices"]
)
async def test_a_failure_teaches_nothing(fault: str) -> None:
    memory, timeout_s = Memory(), 1.5 if fault == "hangs" else 10.0
    async with FakeOpenAI() as fake, an_endpoint(fake, memory, timeout_s=timeout_s) as endpoint:
        getattr(fake, fault)(times=2)
        for _ in range(2):
            with pytest.raises(PaperboyError):
                await ask(endpoint)
        assert memory.kept == []
        await ask(endpoint)
    assert {each.form for each in fake.asked} == {"json_schema"}
    assert len(fake.asked) == 3


async def test_a_key_that_is_refused_teaches_nothing() -> None:
    async with FakeOpenAI(key=KEY) as fake, an_endpoint(fake, memory := Memory(), api_key="sk-wrong") as endpoint:
        with pytest.raises(ModelRefused):
            await ask(endpoint)
    assert (len(fake.asked), memory.kept) == (1, [])


async def test_of_many_first_callers_one_finds_out() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake, memory := Memory()) as endpoint:
        fake.lacks_json_mode()
        fake.wants_max_tokens()
        fake.takes_s(0.05)
        said = await asyncio.gather(*(ask(endpoint) for _ in range(8)))
    assert [each.value["tldr"] for each in said] == [SENTENCE] * 8
    assert len(fake.asked) == 8 + 3  # schema, JSON mode and the limit's name were refused once
    assert memory.kept == [Dialect(form=AnswerForm.TEXT, limit=TokenLimit.MAX_TOKENS)]


async def test_first_callers_do_not_wait_for_a_slow_answer() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        await endpoint.context_tokens()
        fake.takes_s(3 * REFUSED_WITHIN_S)
        before_s = time.monotonic()
        await asyncio.gather(*(ask(endpoint) for _ in range(4)))
    assert fake.together == 4
    assert time.monotonic() - before_s < 5.5 * REFUSED_WITHIN_S  # twice the answer would be 6


async def test_when_the_first_caller_fails_the_others_go_on() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        fake.is_down(times=1)
        said = await asyncio.gather(*(ask(endpoint) for _ in range(5)), return_exceptions=True)
    assert [type(each).__name__ for each in said].count("Said") == 4


@pytest.mark.parametrize("is_told", [True, False])
async def test_a_text_that_is_too_long_is_asked_for_shorter(is_told: bool) -> None:
    long = PAPER.replace("</paper>", "Nothing more is said about it here.\n" * 200 + "</paper>")
    async with FakeOpenAI() as fake, an_endpoint(fake, memory := Memory()) as endpoint:
        fake.context_is(1000, is_told=is_told)
        with pytest.raises(TooLong) as caught:
            await ask(endpoint, long)
        fits = caught.value.context_tokens
        assert fits
        asked_chars = len(RULES) + len(long)
        assert fits < asked_chars / 4 + 500
        assert await endpoint.context_tokens() == memory.kept[-1].context_tokens
        if is_told:
            assert memory.kept[-1].context_tokens == 1000
        assert caught.value.tokens == (0, 0, 1)
        await ask(endpoint)


async def test_a_request_that_was_cut_without_a_word_is_asked_for_shorter() -> None:
    long = PAPER.replace("</paper>", "Nothing more is said about it here.\n" * 1000 + "</paper>")
    async with FakeOpenAI() as fake, an_endpoint(fake, memory := Memory()) as endpoint:
        fake.cuts_requests_quietly(4096)
        for _ in range(2):
            assert not memory.kept or memory.kept[-1].context_tokens is None
            with pytest.raises(TooLong) as caught:
                await ask(endpoint, long)
        assert caught.value.context_tokens == await endpoint.context_tokens() == memory.kept[-1].context_tokens == 4096
        assert caught.value.tokens[0] == 4096
        await ask(endpoint, long[:12_000] + "\n</paper>")


async def test_one_wrong_count_of_tokens_is_not_believed() -> None:
    long = PAPER.replace("</paper>", "Nothing more is said about it here.\n" * 1000 + "</paper>")
    counted = {"prompt_tokens": 3, "completion_tokens": 9, "total_tokens": 12}
    said = {"choices": [{"message": {"content": '{"tldr": "u"}'}, "finish_reason": "stop"}], "usage": counted}
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        allowed = await endpoint.context_tokens()
        for _ in range(3):
            fake.answers(said, times=1)
            with pytest.raises(TooLong):
                await ask(endpoint, long)
            await ask(endpoint, long)
        assert await endpoint.context_tokens() == allowed


async def test_half_characters_of_an_answer_can_be_sent_back() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        await ask(endpoint, PAPER + "\ud800")
        assert fake.asked[-1].text.endswith("?")


async def test_asking_for_shorter_texts_comes_to_an_end() -> None:
    text = "Nothing more is said about it here.\n" * 4000
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        fake.context_is(600, is_told=False)
        fits: list[int] = [len(text) // 4]
        for _ in range(15):
            try:
                await ask(endpoint, f'<paper title="x">\n{text[: 4 * (fits[-1] - 150)]}\n</paper>', max_tokens=50)
                break
            except TooLong as error:
                fits.append(error.context_tokens or 0)
    assert fits == sorted(set(fits), reverse=True)
    assert 2 < len(fits) < 15


async def test_a_limit_that_is_too_high_is_lowered_and_kept() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake, memory := Memory()) as endpoint:
        fake.answers_at_most(400)
        await ask(endpoint, max_tokens=900)
        await ask(endpoint, max_tokens=900)
    assert [each.body["max_completion_tokens"] for each in fake.asked] == [900, 400, 400]
    assert memory.kept == [BEST]


async def test_an_answer_that_ends_at_the_limit_is_cut_short() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        with pytest.raises(CutShort) as caught:
            await ask(endpoint, max_tokens=10)
    assert caught.value.raw.startswith('{"title"')
    assert caught.value.tokens[1] > 0


@pytest.mark.parametrize(
    "thought",
    ["<think>{}</think>\n", "{}</think>", "<|channel|>analysis<|message|>{}<|end|><|channel|>final<|message|>"],
)
async def test_thinking_and_fences_are_no_fault(thought: str) -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        fake.fences_json(times=1)
        fake.thinks_aloud(thought, times=1)
        assert (await ask(endpoint)).value == {"title": TITLE, "tldr": SENTENCE}


async def test_without_usage_tokens_are_estimated() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        fake.omits_usage(times=1)
        guessed, told = (await ask(endpoint)).usage, (await ask(endpoint)).usage
    assert (guessed.is_estimate, told.is_estimate) == (True, False)
    assert abs(guessed.tokens_in - told.tokens_in) < 20
    assert abs(guessed.tokens_out - told.tokens_out) < 5


async def test_nothing_is_asked_inside_a_transaction() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        with guard.transaction(), pytest.raises(guard.TransactionOpen):
            await ask(endpoint)
    assert fake.asked == []


async def test_it_can_be_used_again_after_it_was_closed() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        await ask(endpoint)
        await endpoint.close()
        await ask(endpoint)
    assert len(fake.asked) == 2


async def test_a_call_that_is_cancelled_is_cancelled() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake) as endpoint:
        fake.hangs(times=1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.7):
                await ask(endpoint)
        await ask(endpoint)


async def test_a_base_url_may_end_in_a_slash() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake, url=f"{fake.url}/") as endpoint:
        await ask(endpoint)
    assert [each.path for each in fake.asked] == ["/v1/chat/completions"]


async def test_a_base_url_without_its_path_is_refused_with_a_hint() -> None:
    async with FakeOpenAI() as fake, an_endpoint(fake, url=fake.url.removesuffix("/v1")) as endpoint:
        with pytest.raises(ModelRefused, match="OPENAI_BASE_URL"):
            await ask(endpoint)


async def test_a_port_where_nobody_listens_is_unreachable() -> None:
    async with FakeOpenAI() as fake:
        url = fake.url
    async with an_endpoint(fake, url=url) as endpoint:
        with pytest.raises(ModelUnreachable, match="ConnectError"):
            await ask(endpoint)
