"""The sample day in every style and language, compared with what was read and accepted: tests/golden.

Where a change is meant: `UPDATE_GOLDEN=1 make test ARGS="-k golden"`, and then read the difference like code.
"""

import os
import re
from pathlib import Path

import pytest

from bot.summarizers.styles import styles
from tests.world import World

GOLDEN = Path(__file__).parents[1] / "golden"
LANGUAGES = ("en", "zh", "vi")
SAMPLE = ("digest", "--source", "sample", "--limit", "2", "--format", "markdown", "--output", "day.md")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("style", [style.name for style in styles()])
async def test_the_sample_day_in_every_style(writing_world: World, style: str, language: str) -> None:
    writing_world.clock = "2026-01-08T15:00:00Z"
    done = await writing_world.paperboy(*SAMPLE, "--style", style, "--language", language)
    assert done.code == 0, done.err
    made = re.sub(r"2026-01-08 15:\d\d", "2026-01-08 15:00", (writing_world.folder / "day.md").read_text(encoding="utf-8"))
    file = GOLDEN / f"{style}.{language}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(made, encoding="utf-8")
    assert made == file.read_text(encoding="utf-8"), f"{file.name} differs"


def test_every_golden_file_is_of_a_style_and_a_language() -> None:
    expected = {f"{style.name}.{language}.md" for style in styles() for language in LANGUAGES}
    assert {file.name for file in GOLDEN.iterdir()} == expected
