"""The sample day in every style and language, compared with what was read and accepted: tests/golden.

The first paper has a full text, longer than the model takes, the second has none; one more page has figures that no text holds.

Where a change is meant: `UPDATE_GOLDEN=1 make test ARGS="-k golden"`, and then read the difference like code.
"""

import os
import re
from pathlib import Path

import pytest

from bot.summarizers.styles import styles
from tests.pages import paper_html
from tests.world import World

GOLDEN = Path(__file__).parents[1] / "golden"
CAUTION = "caution.en"
ABSTRACT = "This page of ours stands for the paper's own, whose sentences are not ours to copy."
LANGUAGES = ("en", "zh", "vi")
ID, TITLE = "2601.02151", "Entropy-Adaptive Fine-Tuning: Resolving Confident Conflicts to Mitigate Forgetting"
SAMPLE = ("digest", "--source", "sample", "--limit", "2", "--format", "markdown", "--output", "day.md")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("style", [style.name for style in styles()])
async def test_the_sample_day_in_every_style(writing_world: World, style: str, language: str) -> None:
    writing_world.extra = {"OPENAI_CONTEXT_TOKENS": "4000"}
    await _is_as_accepted(writing_world, f"{style}.{language}", "--style", style, "--language", language)


async def test_a_day_of_invented_figures(writing_world: World) -> None:
    writing_world.asked_model.invents_figures()
    await _is_as_accepted(writing_world, CAUTION, "--style", "digest")


async def _is_as_accepted(world: World, name: str, *options: str) -> None:
    world.clock = "2026-01-08T15:00:00Z"
    world.arxiv.has_html(ID, paper_html(TITLE, ABSTRACT))
    done = await world.paperboy(*SAMPLE, *options)
    assert done.code == 0, done.err
    made = re.sub(r"2026-01-08 15:\d\d", "2026-01-08 15:00", (world.folder / "day.md").read_text(encoding="utf-8"))
    file = GOLDEN / f"{name}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(made, encoding="utf-8")
    assert made == file.read_text(encoding="utf-8"), f"{file.name} differs"


def test_every_golden_file_is_of_a_style_and_a_language() -> None:
    expected = {f"{style.name}.{language}.md" for style in styles() for language in LANGUAGES} | {f"{CAUTION}.md"}
    assert {file.name for file in GOLDEN.iterdir()} == expected
