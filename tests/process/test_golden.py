"""The sample day in every style and language, compared with what was read and accepted: tests/golden.

Where a change is meant: `UPDATE_GOLDEN=1 make test ARGS="-k golden"`, and then read the difference like code.
"""

import os
from pathlib import Path

import pytest

from bot.summarizers.styles import styles
from tests.world import World

GOLDEN = Path(__file__).parents[1] / "golden"
LANGUAGES = ("en", "zh", "vi")
SAMPLE = ("digest", "--source", "sample", "--limit", "2", "--format", "markdown", "--output", "day.md")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_sample_day_in_every_style(writing_world: World, language: str) -> None:
    for style in styles():
        done = await writing_world.paperboy(*SAMPLE, "--style", style.name, "--language", language)
        assert done.code == 0, done.err
        made = (writing_world.folder / "day.md").read_text(encoding="utf-8")
        file = GOLDEN / f"{style.name}.{language}.md"
        if os.environ.get("UPDATE_GOLDEN"):
            file.write_text(made, encoding="utf-8")
        assert made == file.read_text(encoding="utf-8"), f"{file.name} differs"


def test_every_golden_file_is_of_a_style_and_a_language() -> None:
    expected = {f"{style.name}.{language}.md" for style in styles() for language in LANGUAGES}
    assert {file.name for file in GOLDEN.iterdir()} == expected
