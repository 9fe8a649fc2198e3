"""What a model answers is a summary of this paper in the words asked for, or is refused with complaints it can act on."""

import contextlib
import math
import time
import unicodedata

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.findings import Quotation
from bot.domain.papers import Link, LinkKind
from bot.domain.styles import FieldKind, Style
from bot.summarizers.schema import ANSWER_SCHEMA, MAX_QUOTES, MAX_TAGS, heading_keys, style_schema
from bot.summarizers.styles import style, styles
from bot.summarizers.validation import Answered, BadAnswer, Validated, answered, validated
from tests.builders import a_paper
from tests.summarizers.answers import SENTENCES, a_sentence, an_answer

ALL = styles()
NAMES = [each.name for each in ALL]
PAPER = a_paper(title="A Notebook for Forgetful Assistants")
CARD, REPORT, DIGEST, NOTES = (style(name) for name in ("card", "report", "digest", "notes"))


def refused(value: dict[str, object], form: Style = CARD, language: str = "en") -> str:
    """The complaints about an answer that must be refused."""
    with pytest.raises(BadAnswer) as caught:
        validated(value, form, PAPER, language)
    return "\n".join(caught.value.complaints)


def points(found: Validated, name: str) -> tuple[str, ...]:
    return next(field.points for field in found.fields if field.name == name)


# What is asked for


@pytest.mark.parametrize("language", ["en", "zh", "vi", "fr", "ru", "ja", "zh-Hant"])
@pytest.mark.parametrize("each", ALL, ids=NAMES)
def test_an_answer_after_the_schema_is_a_summary_with_the_style_s_fields_in_their_order(each: Style, language: str) -> None:
    value = an_answer(each, PAPER, language)
    jsonschema.validate(value, dict(style_schema(each, language)))
    found = validated(dict(reversed(value.items())), each, PAPER, language)
    assert [field.name for field in found.fields] == [field.name for field in each.fields]
    for field, asked in zip(found.fields, each.fields, strict=True):
        assert len(field.points) == (len(asked.parts) or asked.most)
        known = asked.names.get(language)
        assert field.heading == (known or f"H {asked.name}")
    assert found.texts[0] == value["tldr"]
    assert found.quotations == (Quotation(text="notes are kept for every step", section="Method"),)
    assert found.tags == ("memory", "planning", "agents")


def objects(schema: object) -> list[dict[str, object]]:
    """Every object schema inside a schema."""
    found: list[dict[str, object]] = []
    for inner in schema.values() if isinstance(schema, dict) else ():
        found += objects(inner)
    return [*found, schema] if isinstance(schema, dict) and schema.get("type") == "object" else found


@pytest.mark.parametrize("schema", [*(style_schema(each, code) for each in ALL for code in ("en", "fr")), ANSWER_SCHEMA])
def test_a_schema_fits_strict_mode(schema: dict[str, object]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert objects(schema)
    for each in objects(schema):
        assert each["additionalProperties"] is False
        properties = each["properties"]
        assert isinstance(properties, dict)
        assert each["required"] == list(properties)
        assert set(each) <= {"type", "description", "properties", "required", "additionalProperties"}


@pytest.mark.parametrize(("language", "asks"), [("en", False), ("en-GB", False), ("zh", False), ("zh-Hant", True), ("fr", True)])
def test_headings_are_asked_for_only_where_the_style_has_none(language: str, asks: bool) -> None:
    properties = style_schema(REPORT, language)["properties"]
    assert isinstance(properties, dict)
    assert ("headings" in properties) is asks
    if asks:
        assert list(properties["headings"]["properties"]) == list(heading_keys(REPORT))


@pytest.mark.parametrize("bad", ["", "  ", "two\nlines", "x" * 61, 7, None, ["a"]])
def test_a_heading_that_is_none_falls_to_english(bad: object) -> None:
    value = an_answer(CARD, PAPER, "fr", headings={"problem": bad, "idea": "**Idée** : "})
    found = validated(value, CARD, PAPER, "fr")
    assert [field.heading for field in found.fields] == ["Problem", "Idée", "Evidence"]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Input: "), ("zh", "输入："), ("vi", "Đầu vào: "), ("fr", "H usage_input: ")]
)
def test_a_part_stands_under_its_name_in_the_reader_s_language(language: str, said: str) -> None:
    found = validated(an_answer(REPORT, PAPER, language), REPORT, PAPER, language)
    assert points(found, "usage")[0] == f"{said}{a_sentence(language, 'input')}"


# What is forgiven


@pytest.mark.parametrize("language", ["en", "zh", "vi"])
@pytest.mark.parametrize("each", ALL, ids=NAMES)
def test_keys_may_be_headings_of_any_language_in_any_case(each: Style, language: str) -> None:
    value = an_answer(each, PAPER)
    wanted = validated(value, each, PAPER, "en")
    renamed = {field.name: field.heading(language).upper().replace(" ", "_") for field in each.fields}
    for field in each.fields:
        if field.kind is FieldKind.PARTS:
            value[field.name] = {f" {part.heading(language)}:": value[field.name][part.name] for part in field.parts}
    said = {renamed.get(key, key): inner for key, inner in value.items()}
    assert validated(said, each, PAPER, "en") == wanted


@pytest.mark.parametrize("key", ["TLDR", "TL;DR", "Tl Dr", "tl_dr", "一句话总结"])
def test_the_tldr_is_found_however_it_is_spelt(key: str) -> None:
    value = an_answer(CARD, PAPER)
    value[key] = value.pop("tldr")
    assert validated(value, CARD, PAPER, "en") == validated(an_answer(CARD, PAPER), CARD, PAPER, "en")


def test_keys_that_the_model_translated_are_known_by_the_headings_it_gave() -> None:
    value = an_answer(CARD, PAPER, "fr", headings={"problem": "Problème", "idea": "Idée", "evidence": "Preuves"})
    wanted = validated(value, CARD, PAPER, "fr")
    for key, heading in (("problem", "Problème"), ("idea", "idée"), ("evidence", "Preuves")):
        value[heading] = value.pop(key)
    assert validated(value, CARD, PAPER, "fr") == wanted


def test_a_key_as_it_was_asked_for_goes_before_one_that_looks_like_it() -> None:
    value = {"Problem": "Another.", **an_answer(CARD, PAPER), "PROBLEM": "A third."}
    assert points(validated(value, CARD, PAPER, "en"), "problem") == (a_sentence("en", "problem"),)


def test_an_answer_inside_another_object_is_found() -> None:
    value = an_answer(CARD, PAPER)
    assert validated({"summary": value}, CARD, PAPER, "en") == validated(value, CARD, PAPER, "en")


@pytest.mark.parametrize(
    "said",
    [
        "- **First** point.\n- Second point: 3.5 times.\n",
        "1. First point.\n2. Second point: 3.5 times.",
        "• First point.\n\n• Second point: 3.5 times.",
        ["First point.", "2. Second point: 3.5 times.", " ", ""],
        {"1": "First point.", "2": "Second point: 3.5 times."},
        ["First point.", {"name": "Second point", "text": "3.5 times."}],
        {"a": ["First", "point."], "Second point": "3.5 times."},
    ],
)
def test_points_may_be_a_text_a_list_or_an_object(said: object) -> None:
    found = points(validated(an_answer(NOTES, PAPER, results=said), NOTES, PAPER, "en"), "results")
    first = "a: First; point." if isinstance(said, dict) and "a" in said else "First point."
    assert found == (first, "Second point: 3.5 times.")


@pytest.mark.parametrize(
    ("said", "shown"), [(["One.", "Two"], "One. Two"), (["One", "Two"], "One; Two"), (12, "12"), (0.5, "0.5")]
)
def test_a_text_may_be_a_list_or_a_number(said: object, shown: str) -> None:
    assert points(validated(an_answer(CARD, PAPER, idea=said), CARD, PAPER, "en"), "idea") == (shown,)


@pytest.mark.parametrize("kind", ["lines", "list"])
def test_parts_may_be_lines_with_their_names(kind: str) -> None:
    wanted = validated(an_answer(REPORT, PAPER), REPORT, PAPER, "en")
    texts = an_answer(REPORT, PAPER)["usage"]
    lines = [f"- **{name.title()}**: {text}" for name, text in texts.items()]
    said = "\n".join(lines) if kind == "lines" else lines
    assert validated(an_answer(REPORT, PAPER, usage=said), REPORT, PAPER, "en") == wanted


@pytest.mark.parametrize(
    "said", ["1. Train.\n2. Use.", ["(1) Train.", "(2) Use."], ["1) Train.", "2、Use."], {"1": "Train.", "2": "Use."}]
)
def test_whoever_shows_steps_numbers_them(said: object) -> None:
    found = validated(an_answer(REPORT, PAPER, steps=said), REPORT, PAPER, "en")
    assert points(found, "steps") == ("Train.", "Use.")
    assert {field.name: field.form for field in found.fields} == {field.name: field.kind for field in REPORT.fields}


def test_ideas_of_the_model_s_own_are_not_held_against_the_paper() -> None:
    found = validated(an_answer(DIGEST, PAPER), DIGEST, PAPER, "en")
    own = (*points(found, "paper_ideas"), *points(found, "patent_ideas"))
    assert len(own) == 6
    assert found.claims == found.texts[: -len(own)]
    assert found.texts[-len(own) :] == own


@pytest.mark.parametrize("n", [1, 2])
def test_too_few_ideas_are_asked_for_again(n: int) -> None:
    ideas = [f"Idea {each}." for each in range(n)]
    assert refused(an_answer(DIGEST, PAPER, paper_ideas=ideas), DIGEST) == f'"paper_ideas" has {n} points; it has to have 3'
    few = validated(an_answer(DIGEST, PAPER, results=["One result."]), DIGEST, PAPER, "en")
    assert points(few, "results") == ("One result.",)


def test_more_points_than_the_style_has_room_for_are_left_out() -> None:
    found = validated(an_answer(DIGEST, PAPER, patent_ideas=[f"Idea {n}." for n in range(9)]), DIGEST, PAPER, "en")
    assert points(found, "patent_ideas") == ("Idea 0.", "Idea 1.", "Idea 2.")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("**Bold** and *slanted* and `code` and __under lined__.", "Bold and slanted and code and under lined."),
        ("提升了**10.7%**的准确率", "提升了10.7%的准确率"),
        ("2*3*4 and a*b, 2**3**4, x**3**4, __init__ and a_b_c", "2*3*4 and a*b, 2**3**4, x**3**4, __init__ and a_b_c"),
        ("## Heading\n> quoted\n- item", "Heading quoted item"),
        ("<b>x</b> is <i>y</i><br/>z <eos> and a <b and c> d", "x is y z <eos> and a <b and c> d"),
        ("10<sup>5</sup> and H<sub>2</sub>O", "10^5 and H_2O"),
        ("```json\nx\n```", "x"),
        ("[the code](https://evil.example.com/x)", "the code (https[:]//evil.example[.]com/x)"),
        ("$\\alpha$ is \\textbf{small}", "α is small"),
        ("a\x00b\x1b[31m c\u202ed", "ab[31m cd"),
        ("3.5 points, ~12 GB, -4 %, $5 to $10.", "3.5 points, ~12 GB, -4 %, $5 to $10."),
        ("> 10 % better\n+ 3.1 points\n- 4.5 s", "> 10 % better + 3.1 points 4.5 s"),
        ("<script>alert(1)</script>", "alert(1)"),
    ],
)
def test_markup_is_taken_away_and_figures_are_not(said: str, shown: str) -> None:
    assert points(validated(an_answer(CARD, PAPER, idea=said), CARD, PAPER, "en"), "idea") == (shown,)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (["#NLP", "nlp", "  LLM  ", "", "x" * 41, "two\nlines"], ("NLP", "LLM", "two lines")),
        ("vision, language; agents、推理", ("vision", "language", "agents", "推理")),
        ([f"tag {n}" for n in range(20)], tuple(f"tag {n}" for n in range(MAX_TAGS))),
        (None, ()),
        ({"a": {"b": 1}}, ()),
    ],
)
def test_tags_are_few_short_and_each_there_once(said: object, shown: tuple[str, ...]) -> None:
    assert validated(an_answer(CARD, PAPER, tags=said), CARD, PAPER, "en").tags == shown


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ([{"text": f"quotation {n}", "section": "1 Intro"} for n in range(20)], MAX_QUOTES),
        (["words alone", {"quote": "other words"}, {"text": "words alone"}, {"text": ""}, {"section": "x"}, 3, None], 2),
        ([{"text": "x" * 601}, {"text": "see https://evil.example.com/x for code"}], 0),
        ("words alone", 1),
        (None, 0),
    ],
)
def test_quotations_that_are_none_are_left_out(said: object, kept: int) -> None:
    assert len(validated(an_answer(CARD, PAPER, quotes=said), CARD, PAPER, "en").quotations) == kept


def test_a_quotation_keeps_its_words_as_they_were_copied() -> None:
    said = [{"text": " “We use **2*3**  in\n$x_1$” ", "section": "## 2 Method"}]
    (quotation,) = validated(an_answer(CARD, PAPER, quotes=said), CARD, PAPER, "en").quotations
    assert quotation == Quotation(text="We use **2*3** in $x_1$", section="2 Method")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "not stated in the text"), ("zh", "文中未说明"), ("vi", "văn bản không nêu")]
)
@pytest.mark.parametrize("nothing", ["N/A", "-", "none.", "Null"])
def test_nothing_to_say_is_said_in_the_reader_s_words(language: str, said: str, nothing: str) -> None:
    found = validated(an_answer(CARD, PAPER, language, evidence=nothing), CARD, PAPER, language)
    assert points(found, "evidence") == (said,)


# What is not forgiven


@pytest.mark.parametrize("each", ALL, ids=NAMES)
def test_every_missing_or_empty_field_is_named(each: Style) -> None:
    for key in ("tldr", *(field.name for field in each.fields)):
        value = an_answer(each, PAPER)
        without = {name: inner for name, inner in value.items() if name != key}
        assert refused(without, each) == f'"{key}" is missing'
        assert f'"{key}"' in refused(value | {key: "" if key != "usage" else dict.fromkeys(value["usage"], " ")}, each)
        assert f'"{key}"' in refused(value | {key: True}, each)
        assert f'"{key}"' in refused(value | {key: "x" * 20_001}, each)


def test_a_missing_part_is_named() -> None:
    assert 'lacks "availability"' in refused(an_answer(REPORT, PAPER, requirements={"hardware": "One laptop."}), REPORT)


@pytest.mark.parametrize(
    "title",
    [
        "A Survey of Sparse Attention in Vision",
        "Notebooks Considered Harmful for Data Science Teaching",
        "The Assistant Problem Revisited in Large Cities",
    ],
)
def test_another_paper_s_title_is_refused(title: str) -> None:
    assert "not the title" in refused(an_answer(CARD, PAPER, title=title))


@pytest.mark.parametrize(
    "title",
    [
        "a notebook for forgetful assistants.",
        "A NOTEBOOK FOR FORGETFUL ASSISTANTS",
        "A Notebook for Forgetful Assis",
        "A Notebook for Forgetful Assistants (2026)",
        "A Note-book for Forgetful Assistents",
        "arXiv: A Notebook For Forgetful Assistants",
        "健忘助手的笔记本",
        "Sổ tay cho trợ lý hay quên",
        "",
        None,
    ],
)
def test_the_paper_s_title_in_any_spelling_cut_or_translated_is_taken(title: str | None) -> None:
    assert validated(an_answer(CARD, PAPER, title=title), CARD, PAPER, "en").fields


@pytest.mark.parametrize("title", ["Anonymous Co", "Anonymous Contracts: A Study"])
def test_a_title_of_two_words_may_be_cut_or_go_on(title: str) -> None:
    paper = a_paper(title="Anonymous Contracts")
    assert validated(an_answer(CARD, paper, title=title), CARD, paper, "en").fields


@pytest.mark.parametrize(
    ("title", "said"),
    [
        (r"Schr\"odinger Bridges in $\mathcal{O}(n^2)$ Time", "Schrödinger Bridges in O(n²) Time"),
        (r"\textbf{\textsc{N}}ova: \emph{\textit{Te}}nsors", "Nova: Tensors"),
    ],
)
def test_a_title_with_tex_is_the_same_without(title: str, said: str) -> None:
    paper = a_paper(title=title)
    assert validated(an_answer(CARD, paper, title=said), CARD, paper, "en").fields


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        *(("zh", other) for other in ("en", "vi", "ru")),
        *(("en", other) for other in ("zh", "vi", "ru", "fr")),
        *(("vi", other) for other in ("en", "fr", "zh")),
        *(("fr", other) for other in ("en", "vi", "zh")),
        ("ru", "en"),
        ("ja", "zh"),
    ],
)
def test_the_wrong_language_is_named(asked: str, written: str) -> None:
    value = an_answer(REPORT, PAPER, asked) | an_answer(REPORT, PAPER, written)
    assert "not written in" in refused(value, REPORT, asked)


@pytest.mark.parametrize("language", SENTENCES)
def test_english_terms_do_not_make_a_text_english(language: str) -> None:
    terms = "GPT-4, Llama 3.1, Chain-of-Thought, MMLU, Retrieval-Augmented Generation"
    value = an_answer(CARD, PAPER, language, idea=f"{SENTENCES[language]}: {terms}.")
    assert validated(value, CARD, PAPER, language).fields


def test_an_answer_many_times_too_long_is_refused() -> None:
    long = " ".join(["word"] * (CARD.max_words * 3))
    assert "write 140 words at most" in refused(an_answer(CARD, PAPER, idea=long))


def test_an_answer_of_megabytes_is_refused_unread() -> None:
    assert refused(an_answer(NOTES, PAPER, results=["x " * 10_000] * 200), NOTES) == "it is far too long: write 500 words at most"
    assert '"results"' in refused(an_answer(NOTES, PAPER, results=["x"] * 100_000), NOTES)


def test_an_answer_that_repeats_what_was_asked_is_refused() -> None:
    assert "repeats these instructions" in refused(an_answer(CARD, PAPER, idea=f"{CARD.fields[1].about} And more."))


def test_complaints_hold_no_word_of_the_answer() -> None:
    secret = "zanzibar"
    value = {key: {secret: [secret]} for key in an_answer(REPORT, PAPER)} | {
        "usage": {secret: secret},
        "title": secret,
        secret: 1,
    }
    assert secret not in refused(value, REPORT)
    assert secret not in refused(an_answer(CARD, PAPER, title=f"Another {secret} paper altogether", idea=f"{secret} " * 500))


# Links


def test_links_lead_only_where_the_paper_s_own_metadata_does() -> None:
    paper = a_paper(
        title=PAPER.title,
        abstract="Our code is at https://github.com/lab/notes.",
        links=(Link(kind=LinkKind.PROJECT, url="https://notes.example.org/x"),),
    )
    said = "See https://github.com/lab/notes, https://notes.example.org/y and https://evil.example.com/z, @everyone."
    found = validated(an_answer(CARD, paper, idea=said, tldr=said, tags=["evil.com"]), CARD, paper, "en")
    shown = "See https://github.com/lab/notes, https://notes.example.org/y and https[:]//evil.example[.]com/z, @ everyone."
    assert points(found, "idea") == (shown,)
    assert found.tldr == shown
    assert found.tags == ("evil[.]com",)


# Answers to questions


def an_answer_to(**changed: object) -> dict[str, object]:
    said = {
        "title": PAPER.title,
        "is_in_text": True,
        "answer": a_sentence("en", "1"),
        "quotes": [{"text": "a b", "section": "2"}],
    }
    return said | changed


def test_an_answer_to_a_question_comes_with_its_quotations() -> None:
    jsonschema.validate(an_answer_to(), dict(ANSWER_SCHEMA))
    quotations = (Quotation(text="a b", section="2"),)
    assert answered(an_answer_to(), PAPER, "en") == Answered(is_in_text=True, text=a_sentence("en", "1"), quotations=quotations)


def test_an_answer_that_is_not_in_the_text_rests_on_nothing() -> None:
    found = answered(an_answer_to(is_in_text="false"), PAPER, "en")
    assert not found.is_in_text
    assert found.quotations == ()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"is_in_text": "perhaps"}, '"is_in_text"'),
        ({"answer": ""}, '"answer" is empty'),
        ({"answer": None}, '"answer" is missing'),
        ({"title": "On the Migration of Birds over Deserts"}, "not the title"),
        ({"answer": SENTENCES["zh"]}, "not written in English"),
        ({"answer": "word " * 451}, "150 words"),
    ],
)
def test_an_answer_to_a_question_that_is_none_is_refused(changed: dict[str, object], told: str) -> None:
    with pytest.raises(BadAnswer, match=told):
        answered(an_answer_to(**changed), PAPER, "en")


# Whatever a model says

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
KEYS = st.sampled_from(["title", "tldr", "tags", "quotes", "headings", *(field.name for each in ALL for field in each.fields)])


def outcome(value: dict[str, object], form: Style = CARD, language: str = "en") -> Validated | tuple[str, ...]:
    """A summary, or the complaints; any other exception is a bug."""
    try:
        return validated(value, form, PAPER, language)
    except BadAnswer as error:
        return error.complaints


@given(st.sampled_from(ALL), st.dictionaries(KEYS | st.text(), JSON, max_size=8), st.sampled_from(["en", "zh", "fr", "th", "qu"]))
def test_any_json_is_a_summary_or_a_bad_answer(each: Style, said: dict[str, object], language: str) -> None:
    for value in (said, an_answer(each, PAPER) | said):
        found = outcome(value, each, language)
        assert found
        if isinstance(found, Validated):
            assert all(text and "\n" not in text for text in found.texts)
            assert [field.name for field in found.fields] == [field.name for field in each.fields]


@given(st.dictionaries(st.sampled_from(["title", "is_in_text", "answer", "quotes"]) | st.text(), JSON, max_size=6))
def test_any_json_is_an_answer_to_a_question_or_a_bad_one(said: dict[str, object]) -> None:
    try:
        found = answered(an_answer_to(**said), PAPER, "en")
    except BadAnswer as error:
        found = None
        complaints = error.complaints
    assert found is not None or complaints


@given(st.text(min_size=1, max_size=300))
def test_any_text_in_a_good_answer_is_shown_in_one_line_or_refused(text: str) -> None:
    found = outcome(an_answer(CARD, PAPER, idea=text))
    assert found
    if isinstance(found, Validated):
        (shown,) = points(found, "idea")
        assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown)
        assert shown == " ".join(shown.split())


@given(st.integers() | st.floats(allow_nan=False) | st.just(math.inf) | st.just(10**5000))
def test_any_number_may_stand_for_a_text(number: float) -> None:
    assert outcome(an_answer(CARD, PAPER, idea=number))


def test_a_megabyte_of_tags_and_sections_takes_no_time() -> None:
    """Counted in CPU, with room for a slow machine: before there were limits it took 15 s."""
    hostile = '"$x^{' * 3_000
    value = an_answer(style("card"), PAPER) | {
        "tags": [hostile] * 200,
        "quotes": [{"text": "a" * 100, "section": hostile}] * 90,
    }
    began = time.process_time()
    with contextlib.suppress(BadAnswer):
        validated(value, style("card"), PAPER, "en")
    assert time.process_time() - began < 2
