"""Money: every call is counted, and when the day's is spent the order of decay is fixed and said."""

from datetime import date

from tests.builders import a_paper
from tests.pages import paper_html
from tests.world import World

TODAY = date(2026, 6, 2)
PRICES = {"OPENAI_PRICE_IN": "1", "OPENAI_PRICE_OUT": "2"}
ONE_BY_ONE = {**PRICES, "OPENAI_CONCURRENCY": "1"}


def publish(world: World, count: int) -> None:
    for number in range(1, count + 1):
        paper = a_paper(arxiv_id=f"2606.0000{number}", title=f"Agents that plan, part {number}")
        world.arxiv.publishes(paper, batch_on=TODAY)
        world.arxiv.has_html(paper.key.value, paper_html(paper.title, paper.abstract))


async def test_full_text_then_abstract_then_extract(writing_world: World) -> None:
    """For a full text 0.0109 is set aside and 0.0026 spent, for an abstract 0.0080 and 0.0011."""
    world = writing_world
    publish(world, 4)
    world.extra = {**ONE_BY_ONE, "BUDGET_PER_DAY": "0.0139"}
    done = await world.paperboy("digest", "--category", "cs.CL")
    said = " ".join(done.out.split())
    order = [said.index(f"Agents that plan, part {number}") for number in range(1, 5)]
    marks = [said[start:end] for start, end in zip(order, [*order[1:], len(said)], strict=True)]
    kinds = ["full" if "the full text (HTML)." in mark else "part" if "Written by" in mark else "extract" for mark in marks]
    assert sorted(kinds) == ["extract", "full", "full", "part"], said
    assert "from the abstract: the budget of the day" in said
    assert "Extracted from the abstract: the budget of the day is spent" in said


async def test_a_paper_with_no_money_and_no_abstract_is_its_title(writing_world: World) -> None:
    world = writing_world
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001", title="Agents that plan", abstract=""), batch_on=TODAY)
    world.extra = {**PRICES, "BUDGET_PER_DAY": "0"}
    done = await world.paperboy("digest", "--category", "cs.CL")
    assert "Agents that plan" in done.out
    assert "There is no abstract" in done.out
    assert not world.asked_model.asked


async def test_arxiv_is_not_asked_for_texts_that_nobody_will_pay_for(writing_world: World) -> None:
    publish(writing_world, 2)
    writing_world.extra = {**PRICES, "BUDGET_PER_DAY": "0"}
    done = await writing_world.paperboy("digest", "--category", "cs.CL")
    assert "Extracted from the abstract: the budget of the day is spent" in " ".join(done.out.split())
    assert not writing_world.arxiv.paths("/html/")


async def test_one_reader_at_the_limit_does_not_stop_another(writing_world: World) -> None:
    world = writing_world
    publish(world, 2)
    world.extra = {**PRICES, "BUDGET_PER_READER": "0.012"}
    first = await world.paperboy("summary", "2606.00001")
    assert "from the full text" in first.out
    second = await world.paperboy("summary", "2606.00002")
    assert "from the full text" not in second.out
    other = await world.paperboy("chat", typed="/summary 2606.00002\n")
    assert "from the full text" in other.out


async def test_tomorrow_there_is_money_again(writing_world: World) -> None:
    world = writing_world
    publish(world, 2)
    world.extra = {**PRICES, "BUDGET_PER_DAY": "0.0115"}  # for one full text, and what is set aside beside it
    assert "from the full text" in (await world.paperboy("summary", "2606.00001")).out
    assert "from the full text" not in (await world.paperboy("summary", "2606.00002")).out
    world.clock = "2026-06-03T15:00:00Z"
    assert "from the full text" in (await world.paperboy("summary", "2606.00002")).out


async def test_usage_tells_what_was_asked_and_what_it_cost(writing_world: World) -> None:
    world = writing_world
    publish(world, 2)
    world.extra = {**PRICES, "BUDGET_PER_DAY": "1"}
    for number in (1, 2, 1):
        await world.paperboy("summary", f"2606.0000{number}")
    await world.paperboy("ask", "2606.00001", "how many lines does the notebook hold?")
    done = await world.paperboy("usage")
    asked = world.asked_model.asked
    tokens = sum(sum(len(message["content"]) for message in each.body["messages"]) // 4 + 1 for each in asked[:2])
    assert f"paper-model, summaries, made: 2; {tokens:,} tokens read" in done.out
    assert "paper-model, answers, made: 1;" in done.out
    assert "of 1.00" in done.out
    assert len(asked) == 3


async def test_without_a_model_nothing_is_spent(world: World) -> None:
    assert "nothing is spent" in (await world.paperboy("usage")).out
