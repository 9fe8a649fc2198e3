"""/subscribe: which sources a wish is about, for who begins and for who adds."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import config
from bot.app import App, opened
from bot.errors import BadInput
from handlers import parsing
from handlers.dispatch import answer
from tests.handlers.conversations import HOME, alone
from tests.world import World

BOTH, ARXIV, FACES = frozenset({"arxiv", "huggingface"}), frozenset({"arxiv"}), frozenset({"huggingface"})


@pytest.fixture
async def app(world: World) -> AsyncIterator[App]:
    async with opened(config.load(world.environment, Path("/dev/null"))) as made:
        yield made


@pytest.mark.parametrize(
    ("typed", "sources"),
    [
        (["cs.CL huggingface agents"], BOTH),
        (["huggingface agents"], FACES),
        (["agents"], ARXIV),
        (["huggingface", "agents -survey @Ada"], FACES),
        (["huggingface", "cs.CL"], BOTH),
        (["cs.CL", "huggingface"], BOTH),
    ],
)
async def test_a_category_is_arxivs_and_a_word_is_of_the_sources_that_are_there(
    app: App, typed: list[str], sources: frozenset[str]
) -> None:
    for one in typed:
        await answer(alone(app), "subscribe", one)
    assert (await app.subscribing.require(HOME)).interest.sources == sources


def test_the_sample_day_has_categories_of_its_own() -> None:
    assert parsing.interest("cs.CL agents", ("sample",)).sources == {"sample"}
    assert parsing.interest("sample cs.CL agents").sources == {"sample"}
    with pytest.raises(BadInput, match="sample"):
        parsing.interest("huggingface cs.CL", ("sample",))
