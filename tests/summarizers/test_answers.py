"""JSON out of whatever a model says: repaired where there is one reading, refused with a reason else."""

import contextlib
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.summarizers.answers import NoJson, read_answer

KEYS = ("title", "tldr", "results")
ANSWER = {"title": "A", "tldr": "It gains 10.7%.", "results": ["one", "two"]}
TEXT = json.dumps(ANSWER)
DRAFT = '{"title": "a draft", "tldr": "?", "results": []}'

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
values = st.recursive(
    texts | st.booleans() | st.none() | st.integers(-9, 9), lambda inner: st.lists(inner, max_size=3), max_leaves=5
)
answers = st.fixed_dictionaries(dict.fromkeys(KEYS, values))
talk = st.text(st.sampled_from("Here is the answer: ok!\n`*}]"), max_size=40)


@given(answer=answers, before=talk, after=st.text(st.sampled_from("Let me know! \n`*}]{"), max_size=40), fence=st.booleans())
def test_an_answer_is_found_in_any_talk(answer: dict[str, object], before: str, after: str, fence: bool) -> None:
    text = json.dumps(answer, ensure_ascii=False, indent=1)
    fenced = f"```json\n{text}\n```" if fence else text
    assert read_answer(f"\ufeff{before}{fenced}{after}", KEYS) == _without(answer, "\ufeff\ufffe\uffff")


@given(answer=answers, cut=st.floats(0.01, 0.99))
def test_a_cut_answer_is_never_taken_for_a_whole_one(answer: dict[str, object], cut: float) -> None:
    text = json.dumps({"part": {"title": answer["title"]}, **answer}, ensure_ascii=False)
    with pytest.raises(NoJson):
        read_answer(text[: int(len(text) * cut)].rstrip("}"), KEYS)


@given(st.text(st.sampled_from('{}[]",:\\\n ut0a<think>/|`\ud800\x00'), max_size=200) | st.text(max_size=200))
@settings(max_examples=300)
def test_any_text_is_an_answer_or_an_error(text: str) -> None:
    answer: dict[str, object] = {}
    with contextlib.suppress(NoJson):
        answer = read_answer(text, KEYS)
    json.dumps(answer, ensure_ascii=False).encode()  # no half of a surrogate pair in it


@pytest.mark.parametrize(
    "thought",
    [
        "<think>{}</think>",
        "<thinking>\n{}\n</thinking>\n\n",
        "{}</think>",
        "<think>{} and so on</think>",
        "<think>{}</think><think>{}</think>",
        "<|channel|>analysis<|message|>{}<|end|><|start|>assistant<|channel|>final<|message|>",
        "<reasoning>{}</reasoning>",
        "<THINK>{}</THINK>",
    ],
)
def test_thinking_is_no_answer(thought: str) -> None:
    assert read_answer(thought.replace("{}", f"Perhaps {DRAFT}? No.") + TEXT, KEYS) == ANSWER


@pytest.mark.parametrize("text", ["<think>so {}", "<|channel|>analysis<|message|>so {}", " \n<thinking>{}"])
def test_thinking_without_an_end_holds_no_answer(text: str) -> None:
    with pytest.raises(NoJson, match="thinking"):
        read_answer(text.replace("{}", DRAFT), KEYS)


def test_a_paper_about_thinking_tags_is_kept_whole() -> None:
    answer = ANSWER | {"tldr": 'Models end <think> with </think>, {"even": "so"}.'}
    assert read_answer(json.dumps(answer), KEYS) == answer
    assert read_answer(f"<think>hm</think>```json\n{json.dumps(answer)}\n```", KEYS) == answer


@pytest.mark.parametrize(
    ("text", "tldr"),
    [
        (r'{"title": "A", "tldr": "\alpha and \sum"}', r"\alpha and \sum"),
        (r'{"title": "A", "tldr": "\beta and \frac{1}{2}"}', r"\beta and \frac{1}{2}"),
        (r'{"title": "A", "tldr": "\\alpha \"so\" \u00e9"}', r'\alpha "so" é'),
        (r'{"title": "A", "tldr": "a\u0000b\u001b[31mc\ud800d"}', "ab[31mcd"),
        ('{"title": "A", "tldr": "two\nlines",}', "two\nlines"),
        ('{"title": ["A",], "tldr": "a,} b,]",\n}', "a,} b,]"),
        ('{"summary": {"title": "A", "tldr": "wrapped"}}', "wrapped"),
        ('[{"title": "A", "tldr": "in a list"}]', "in a list"),
        ('{"example": 1} then {"title": "A", "tldr": "first"} {"title": "B", "tldr": "second"}', "first"),
        ('Use {"title": ... } so: {"title": "A", "tldr": "after a sketch"}', "after a sketch"),
    ],
)
def test_what_has_one_reading_is_repaired(text: str, tldr: str) -> None:
    assert read_answer(text, KEYS)["tldr"] == tldr


@pytest.mark.parametrize(
    ("text", "reason", "is_cut"),
    [
        ("", "empty", False),
        ("I cannot.", "no JSON", False),
        ('{"title": "A", "tl', "cut off", True),
        ('{"title": "A", "parts": {"a": "b"}, "re', "cut off", True),
        ('{"title": "A" "tldr": "B"}', "no JSON", False),
        ("[1, 2]", "no JSON", False),
    ],
)
def test_the_reason_is_told(text: str, reason: str, is_cut: bool) -> None:
    with pytest.raises(NoJson, match=reason) as caught:
        read_answer(text, KEYS)
    assert caught.value.is_cut is is_cut


def test_what_is_nested_too_deep_is_no_answer() -> None:
    with pytest.raises(NoJson):
        read_answer('{"title": ' + "[" * 300 + "]" * 300 + "}", KEYS)


def test_keys_in_another_language_are_an_answer_too() -> None:
    assert read_answer(f'{{"标题": "甲", "结果": []}} {"{}"}', KEYS) == {"标题": "甲", "结果": []}


HOSTILE = ["{", '{"', '{"a":', '{"a":[', '{"a":1,', "{}", '{"a"}', '{"a":"{', "<think>", "</think>{", '"\\', "[", "\\", ", ", " "]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("end", ["", "}", '"}'])
def test_a_megabyte_of_anything_is_judged_in_no_time(piece: str, end: str) -> None:
    text = piece * (1_000_000 // len(piece)) + end
    before_s = time.process_time()
    with contextlib.suppress(NoJson):
        read_answer(text, KEYS)
    assert time.process_time() - before_s < 2  # measured 2026-11: 0.05 s at most


def _without(value: object, marks: str) -> object:
    if isinstance(value, str):
        return "".join(mark for mark in value if mark not in marks)
    if isinstance(value, dict):
        return {key: _without(each, marks) for key, each in value.items()}
    return [_without(each, marks) for each in value] if isinstance(value, list) else value
