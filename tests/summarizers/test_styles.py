"""Each style is a file that says what it is, and every mistake in one is told by name."""

from pathlib import Path

import pytest

from bot.domain.styles import FieldKind, Named, Style
from bot.errors import BadFile, BadInput
from bot.summarizers.styles import style, styles
from bot.summarizers.styles.front_matter import style_of
from bot.words import languages

SHIPPED = ("brief", "card", "digest", "notes", "report")
ALL = styles()

GOOD = """+++
name = "haiku"
audience = "poets"
max_words = 40
about = { en = "Three lines." }

[[fields]]
name = "lines"
kind = "points"
most = 3
about = "The lines."
heading = { en = "Lines", fr = "Vers" }

[[fields]]
name = "season"
kind = "text"
about = "The season."
heading = { en = "Season" }

[[fields]]
name = "form"
kind = "parts"
about = "Its form."
heading = { en = "Form" }

[[fields.parts]]
name = "metre"
heading = { en = "Metre" }
+++
Count syllables.
"""


def named(style: Style) -> tuple[Named, ...]:
    """Everything of a style that is shown under a heading."""
    return tuple(each for field in style.fields for each in (field, *field.parts))


def test_the_shipped_styles_are_found_in_order() -> None:
    assert tuple(each.name for each in ALL) == SHIPPED
    assert style("card") is ALL[1]


def test_a_style_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(BadInput, match="brief, card, digest, notes, report"):
        style("haiku")


@pytest.mark.parametrize("each", ALL, ids=SHIPPED)
def test_a_shipped_style_has_all_its_headings_in_every_language_that_paperboy_speaks(each: Style) -> None:
    assert set(each.abouts) == set(languages())
    for one in named(each):
        assert set(one.names) == set(languages()), one.name
    for language in languages():
        headings = [field.heading(language) for field in each.fields]
        assert len(set(headings)) == len(headings)
        assert all(len({part.heading(language) for part in field.parts}) == len(field.parts) for field in each.fields)


@pytest.mark.parametrize("each", ALL, ids=SHIPPED)
def test_a_chinese_heading_is_chinese_and_an_english_one_is_not(each: Style) -> None:
    for one in named(each):
        assert any("\u4e00" <= char <= "\u9fff" for char in one.heading("zh"))
        assert one.heading("en").isascii()
        assert one.heading("vi") != one.heading("en")


@pytest.mark.parametrize("each", ALL, ids=SHIPPED)
def test_a_shipped_style_tells_the_model_what_belongs_into_each_field(each: Style) -> None:
    assert all(len(field.about) > 20 for field in each.fields)
    assert len(each.instructions) > 100
    assert each.max_words >= 20 * sum(max(field.most, len(field.parts)) for field in each.fields)


def test_a_new_file_is_a_new_style(tmp_path: Path) -> None:
    (tmp_path / "haiku.md").write_text(GOOD, encoding="utf-8")
    (found,) = styles(tmp_path)
    assert (found.name, found.max_words, found.instructions) == ("haiku", 40, "Count syllables.")
    assert [(field.name, field.kind, field.most) for field in found.fields] == [
        ("lines", FieldKind.POINTS, 3),
        ("season", FieldKind.TEXT, 1),
        ("form", FieldKind.PARTS, 1),
    ]
    assert found.fields[0].heading("fr") == "Vers"
    assert found.fields[1].heading("fr") == "Season"
    assert [part.name for part in found.fields[2].parts] == ["metre"]


def test_a_list_may_be_numbered_have_a_least_and_be_the_model_s_own() -> None:
    text = GOOD.replace('kind = "points"\nmost = 3', 'kind = "numbered"\nleast = 2\nmost = 3\nis_own = true')
    lines, season, _ = style_of("haiku", text).fields
    assert (lines.kind, lines.least, lines.most, lines.is_own) == (FieldKind.NUMBERED, 2, 3, True)
    assert (season.least, season.most, season.is_own) == (1, 1, False)


def test_the_report_says_how_to_use_it_in_one_order_with_its_steps_numbered() -> None:
    fields = style("report").fields
    usage = [field for field in fields if field.heading("en").startswith("How to use it")]
    told = [name for field in usage for name in ([part.name for part in field.parts] or [field.name])]
    assert told == ["input", "output", "steps", "hardware", "availability"]
    assert [field.name for field in fields if field.kind is FieldKind.NUMBERED] == ["steps", "innovations"]
    assert fields.index(usage[-1]) - fields.index(usage[0]) == len(usage) - 1


def test_the_ideas_are_exactly_three_and_three_and_their_headings_say_whose_they_are() -> None:
    own = [field for field in style("digest").fields if field.is_own]
    assert [(field.name, field.least, field.most) for field in own] == [("paper_ideas", 3, 3), ("patent_ideas", 3, 3)]
    said = {"en": "the model's own ideas", "zh": "模型自己的想法", "vi": "ý tưởng của mô hình"}
    assert all(said[language] in field.heading(language) for field in own for language in languages())
    assert not [field for each in ALL if each.name != "digest" for field in each.fields if field.is_own]


def test_a_style_with_windows_line_ends_is_read() -> None:
    assert style_of("haiku", GOOD.replace("\n", "\r\n")) == style_of("haiku", GOOD)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("+++\nname", "---\nname", "two lines of"),
        ("+++\nCount", "Count", "two lines of"),
        ('name = "haiku"', 'name = "haiku', "not TOML"),
        ('name = "haiku"', 'name = "tanka"', "calls itself 'tanka'"),
        ('name = "haiku"', 'nmae = "haiku"', "does not know nmae and lacks name"),
        ("max_words = 40", "max_words = 40\nvotes = 3", "does not know votes"),
        ("max_words = 40", 'max_words = "40"', "max_words as a number from 30 to 3000"),
        ("max_words = 40", "max_words = true", "max_words as a number"),
        ("max_words = 40", "max_words = 4", "max_words as a number"),
        ('about = { en = "Three lines." }', 'about = { fr = "Trois vers." }', "the style needs its about in English"),
        ('about = { en = "Three lines." }', 'about = "Three lines."', "the style needs its about in English"),
        ('audience = "poets"', 'audience = " "', "the style has to say its audience"),
        ('"Lines", fr = "Vers"', '"Lines", french = "Vers"', "'french', which is no code"),
        ('"Lines", fr = "Vers"', '"Lines", fr = ""', "an empty heading for fr"),
        ('"Lines", fr = "Vers"', '"Lines", fr = "' + "v" * 61 + '"', "more than 60 characters for fr"),
        ('heading = { en = "Lines", fr = "Vers" }', 'heading = { fr = "Vers" }', "the field lines needs its heading in English"),
        ('heading = { en = "Season" }', 'heading = { en = "lines" }', "one English heading"),
        ('name = "season"', 'name = "lines"', "two of the fields have one name"),
        ('name = "season"', 'name = "tldr"', "tldr has a name that every answer uses"),
        ('name = "season"', 'name = "Season 1"', "a field needs a name in a-z"),
        ('kind = "text"', 'kind = "prose"', "of the kind 'prose'; the kinds are text, points, numbered, parts"),
        ('kind = "text"', "kind = []", "of the kind"),
        ('kind = "text"', 'kind = "text"\nmost = 2', "only then"),
        ("most = 3\n", "", "has to say the most points"),
        ("most = 3", "most = 0", "most as a number from 1 to 20"),
        ("most = 3", "most = 3\nleast = 4", "least as a number from 1 to 3"),
        ("most = 3", 'most = 3\nis_own = "yes"', "the field lines needs is_own as true or false"),
        ('kind = "points"\nmost = 3\n', 'kind = "numbered"\n', "has to say the most points"),
        ('kind = "parts"', 'kind = "text"', "has to have parts if its kind is parts, and only then"),
        ('[[fields.parts]]\nname = "metre"\nheading = { en = "Metre" }\n', "", "has to have parts"),
        ('heading = { en = "Metre" }', "", "the part metre of the field form lacks heading"),
        ('about = "The season."\n', "", "the field season lacks about"),
        ("[[fields]]", "[[felder]]", "does not know felder"),
        ("Count syllables.\n", " \n", "no instructions"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_place(old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(BadFile) as refused:
        style_of("haiku", GOOD.replace(old, new))
    assert str(refused.value).startswith("haiku.md: ")
    assert told in str(refused.value)


def test_a_file_that_is_no_text_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "haiku.md").write_bytes(b"+++\n\xff\xfe")
    with pytest.raises(BadFile, match=r"haiku\.md: cannot be read"):
        styles(tmp_path)
