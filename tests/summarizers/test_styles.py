"""Each style is a file that says what it is."""

import pytest

from bot.errors import BadFile
from bot.summarizers.styles import style, styles
from bot.words import languages, words


def test_every_style_has_a_sentence_about_itself_and_a_heading_for_each_field_in_every_language() -> None:
    assert "card" in [each.name for each in styles()]
    for each in styles():
        assert each.about
        assert each.instructions
        assert all(words(language)(f"field.{field}") for field in each.fields for language in languages())


@pytest.mark.parametrize(
    "text",
    [
        "no front matter",
        "---\nname: card\n",
        "---\nname: card\nabout: x\n---\ngo",
        "---\nname: other\nabout: x\nfields: y\n---\ngo",
    ],
)
def test_a_style_that_is_not_whole_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadFile, match=r"card\.md"):
        style("card", text)
