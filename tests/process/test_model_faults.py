"""A model that fails in every way: the digest goes out each time, says truly what it lacks, and the next run heals it."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.builders import a_paper
from tests.fakes.openai import FakeOpenAI
from tests.pages import paper_html
from tests.world import World

TODAY = date(2026, 6, 2)
WROTE = "Written by paper-model from the full text (HTML)"
DIGEST = ("digest", "--category", "cs.CL")

Fault = Callable[[FakeOpenAI], None]
FAULTS: dict[str, tuple[Fault, str]] = {
    "down for a day": (lambda model: model.is_down(), "did not answer"),
    "quota": (lambda model: model.quota_is_gone(), "is used up"),
    "throttled for an hour": (lambda model: model.throttles("3600"), "asked us to wait"),
    "hang": (lambda model: model.hangs(), "did not answer"),
    "HTML with status 200": (lambda model: model.answers_html(), "did not answer"),
    "10 MB": (lambda model: model.answers_megabytes(10), "did not answer"),
    "cut JSON": (lambda model: model.cuts_json(), "gave no usable answer"),
    "no JSON": (lambda model: model.says("It is a fine paper."), "gave no usable answer"),
    "empty": (lambda model: model.answers_empty(), "gave no usable answer"),
    "no choices": (lambda model: model.no_choices(), "did not answer"),
    "refusal": (lambda model: model.refuses(), "would not write about this paper"),
    "filter": (lambda model: model.filters(), "would not write about this paper"),
    "another paper's title": (lambda model: model.mixes_up_papers(), "gave no usable answer"),
    "wrong language": (lambda model: model.wrong_language(), "gave no usable answer"),
    "wrong key": (lambda model: setattr(model, "key", "sk-another"), "refused our key or settings"),
    "cut connection": (lambda model: model.cuts_connection(), "did not answer"),
}


def publish(world: World, *, count: int = 3) -> None:
    for number in range(1, count + 1):
        paper = a_paper(arxiv_id=f"2606.0000{number}", title=f"Agents that plan, part {number}")
        world.arxiv.publishes(paper, batch_on=TODAY)
        world.arxiv.has_html(paper.key.value, paper_html(paper.title, paper.abstract))


@pytest.mark.parametrize("name", FAULTS)
async def test_the_digest_goes_out_marked_and_the_next_run_heals_it(writing_world: World, name: str) -> None:
    world, (fail, says) = writing_world, FAULTS[name]
    publish(world)
    world.extra = {"OPENAI_TIMEOUT_S": "2"} if name == "hang" else {}
    key = world.asked_model.key
    fail(world.asked_model)
    world.extra["OPENAI_API_KEY"] = key
    failed = await world.paperboy(*DIGEST)
    assert failed.code == 0, failed.err
    assert failed.out.count("Agents that plan, part") == 3
    assert failed.out.count("Abstract: Long conversations") == 3
    assert "Written by" not in failed.out
    assert says in failed.out, failed.out

    world.asked_model.recovers()
    world.asked_model.key = key
    world.clock = "2026-06-02T22:00:00Z"
    healed = await world.paperboy(*DIGEST)
    assert healed.out.count(WROTE) == 3, healed.out + healed.err
    assert "Abstract: Long conversations" not in healed.out


@pytest.mark.parametrize(
    "bend",
    [
        lambda model: model.fences_json(),
        lambda model: model.thinks_aloud(),
        lambda model: model.uses_keys_in("zh"),
        lambda model: model.lacks_schema(),
        lambda model: model.lacks_json_mode(),
        lambda model: model.wants_max_tokens(),
        lambda model: model.refuses_temperature(),
        lambda model: model.context_is(2_600),
        lambda model: model.context_is(2_600, is_told=False),
        lambda model: model.cuts_json(times=1),
        lambda model: model.mixes_up_papers(times=1),
        lambda model: model.throttles("1", times=1),
    ],
    ids=lambda bend: ", ".join(bend.__code__.co_names),
)
async def test_what_can_be_understood_is(writing_world: World, bend: Fault) -> None:
    publish(writing_world, count=1)
    bend(writing_world.asked_model)
    done = await writing_world.paperboy(*DIGEST)
    assert "Written by paper-model from the full text (HTML)" in done.out, done.out + done.err


async def test_what_was_owed_is_made_in_the_next_run_and_kept_for_summary(writing_world: World) -> None:
    """`--new` does not list the papers again: their summaries are made all the same, and nobody pays twice."""
    world, model = writing_world, writing_world.asked_model
    publish(world)
    model.is_down()
    first = await world.paperboy(*DIGEST, "--new")
    assert first.out.count("Agents that plan, part") == 3
    model.recovers()
    model.asked.clear()
    world.clock = "2026-06-02T22:00:00Z"
    second = await world.paperboy(*DIGEST, "--new")
    assert "Agents that plan" not in second.out
    assert len(model.asked) == 3
    one = await world.paperboy("summary", "2606.00002")
    assert WROTE in one.out
    assert len(model.asked) == 3


async def test_a_silent_model_is_not_asked_for_every_paper_of_the_day(writing_world: World) -> None:
    publish(writing_world, count=9)
    writing_world.asked_model.is_down()
    writing_world.extra = {"OPENAI_CONCURRENCY": "1"}
    await writing_world.paperboy(*DIGEST)
    assert len(writing_world.asked_model.asked) == 3


async def test_a_400_about_one_paper_stops_no_other(writing_world: World) -> None:
    publish(writing_world)
    writing_world.asked_model.answers({"error": {"message": "bad request"}}, 400, on="part 2")
    writing_world.extra = {"OPENAI_CONCURRENCY": "1"}
    done = await writing_world.paperboy(*DIGEST)
    assert done.out.count(WROTE) == 2, done.out


async def test_nothing_of_key_prompt_or_paper_reaches_the_log(writing_world: World) -> None:
    publish(writing_world, count=1)
    writing_world.extra = {"LOG_LEVEL": "debug", "OPENAI_TIMEOUT_S": "2"}
    writing_world.asked_model.answers({"error": {"message": "Incorrect API key provided: sk-test-0123456789."}}, 401)
    done = await writing_world.paperboy(*DIGEST)
    assert "sk-test" not in done.err + done.out
    assert "notebook" not in done.err
