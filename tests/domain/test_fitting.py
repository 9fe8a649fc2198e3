"""A text cut to size: never too long, never in mid-word, the parts that tell most first, and the share said truly."""

import gzip
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bot.domain.fitting import CUT, Fitted, cut_at, fitted
from bot.domain.papers import FullText, PaperRef, Section, TextOrigin
from bot.domain.section_roles import Role, roles
from bot.domain.telling import held, telling_words
from tests.builders import a_paper, arxiv_key

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "fulltext2" / "html"
HEADINGS = (
    *("Abstract", "1 Introduction", "2 Related Work", "2.1 Methods of Others", "3 NoteNet", "3.1 Pages", "4 Experiments"),
    *("4.1 Data", "5 Conclusion", "Limitations", "Acknowledgements", "A Details", "A.1 Prompts", ""),
)
PIECES: tuple[str, ...] = (
    "One word. ",
    "Two, then three words here; ",
    "模型，很好。",
    "数据集",
    "e\u0301te\u0301 ",
    "a" * 30 + " ",
    "12.5% | 3.4 | x",
    "\n",
)
PIECES += ("👩\u200d🔬 ", "Table 2: Recall.\n", "ไม่", "(see Fig. 3.) ", "\n\n", "\u00a0")
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=14).map("".join)
sections = st.lists(st.tuples(st.sampled_from(HEADINGS), texts), max_size=9)


def a_full_text(*parts: tuple[str, str], origin: TextOrigin = TextOrigin.HTML) -> FullText:
    whole = tuple(Section(heading=heading, text=text) for heading, text in parts)
    return FullText(ref=PaperRef(key=arxiv_key(), version=1), sections=whole, origin=origin)


def fit(*parts: tuple[str, str], room: int, abstract: str = "", words: frozenset[str] = frozenset()) -> Fitted:
    return fitted(a_full_text(*parts), a_paper(abstract=abstract), room, words)


def size(done: Fitted) -> int:
    return sum(len(section.heading) + len(section.text) for section in done.text.sections)


def letters(text: str) -> int:
    return sum(len(line) for line in text.split("\n") if line.strip())


def uncut(section: Section) -> list[str]:
    """The kept lines without the marks."""
    mark = CUT.strip()
    return [line.removeprefix(mark + " ").removesuffix(CUT) for line in section.text.split("\n")]


WHOLE = (
    ("1 Introduction", "Assistants forget. " * 20),
    ("2 Related Work", "Others remember. " * 60),
    ("3 NoteNet", "A page for each speaker. " * 40),
    ("4 Experiments", "Recall rises. " * 40 + "\nTable 1: Recall | 12.5 | 25.0"),
    ("5 Conclusion", "Notes help. " * 10),
    ("A Prompts", "Write it down. " * 60),
)


def test_what_fits_is_kept_as_it_is() -> None:
    done = fit(*WHOLE, room=100_000)
    assert (done.text, done.share) == (a_full_text(*WHOLE), 1.0)


def test_the_abstract_comes_from_the_metadata_where_the_text_has_none() -> None:
    added = fit(*WHOLE, room=100_000, abstract=r"We get $x^2$.")
    assert added.text.sections[0] == Section(heading="Abstract", text="We get x².")
    there = fit(("ABSTRACT", "Its own."), *WHOLE, room=100_000, abstract="We get more.")
    assert [section.heading for section in there.text.sections].count("Abstract") == 0


def test_an_abstract_that_is_all_there_is_is_not_said_twice() -> None:
    text = a_full_text(("", "All of it."), origin=TextOrigin.ABSTRACT)
    assert fitted(text, a_paper(abstract="All of it."), 1_000).text == text


def test_the_parts_that_tell_most_come_first_and_stay_in_their_order() -> None:
    done = fit(*WHOLE, room=1_500, abstract="We propose a notebook.")
    assert [section.heading for section in done.text.sections] == [
        *("Abstract", "1 Introduction", "3 NoteNet", "4 Experiments", "5 Conclusion")
    ]
    assert done.text.sections[0].text == "We propose a notebook."


def test_a_table_of_the_results_is_worth_more_than_related_work_and_appendix() -> None:
    done = fit(*WHOLE, room=2_600)
    kept = {section.heading: section.text for section in done.text.sections}
    assert "Table 1: Recall | 12.5 | 25.0" in kept["4 Experiments"]
    assert "A Prompts" not in kept


def test_a_table_of_the_results_comes_before_the_text_that_stands_beside_it() -> None:
    lines = [f"Line {n} of the results says little. " * 5 for n in range(6)]
    done = fit(("4 Results", "\n".join([*lines[:4], "Table 1: Recall | 12.5 | 25.0", *lines[4:]])), room=650)
    kept = done.text.sections[0].text
    assert "Table 1: Recall | 12.5 | 25.0" in kept


def test_what_holds_the_words_of_a_question_comes_before_all() -> None:
    parts = (*WHOLE[:5], ("A Prompts", "Write it down.\nThe temperature was 0.7 in all runs.\n" + "Write it down. " * 60))
    done = fit(*parts, room=60, words=telling_words("Which temperatures did they use?"))
    assert [section.text for section in done.text.sections] == ["[…] The temperature was 0.7 in all runs. […]"]


def test_a_cut_is_marked_at_its_place() -> None:
    done = fit(("1 Introduction", "One is here. Two is here. Three is here."), room=45)
    assert done.text.sections[0].text == "One is here. Two is here. […]"
    assert done.share == pytest.approx(25 / 40)


def test_no_room_leaves_nothing_and_says_so() -> None:
    done = fit(*WHOLE, room=3)
    assert (done.text.sections, done.share) == ((), 0.0)


@given(sections, st.integers(0, 500), st.sampled_from(["", "We note it. Twice."]), st.sampled_from(["", "three words", "数据集"]))
def test_it_is_never_too_long_and_its_share_is_true(
    parts: list[tuple[str, str]], room: int, abstract: str, question: str
) -> None:
    done = fit(*parts, room=room, abstract=abstract, words=telling_words(question))
    whole = fit(*parts, room=10**6, abstract=abstract)
    assert size(done) <= room
    if size(whole) <= room:
        assert (done.text, done.share) == (whole.text, 1.0)
        return
    total = sum(letters(section.text) for section in whole.text.sections)
    kept = sum(len(line) for section in done.text.sections for line in uncut(section))
    assert done.share == pytest.approx(kept / total if total else 1.0)
    headings = [section.heading for section in whole.text.sections]
    places = [headings.index(section.heading) for section in done.text.sections if headings.count(section.heading) == 1]
    assert places == sorted(places)


@given(sections, st.integers(0, 500))
def test_every_piece_stands_in_the_original_and_no_word_is_cut(parts: list[tuple[str, str]], room: int) -> None:
    done = fit(*parts, room=room)
    if done.share == 1.0:
        return
    originals = [line for _, text in parts for line in text.split("\n")]
    for section in done.text.sections:
        for line in uncut(section):
            assert any(_ends_a_word(original, line) for original in originals if original.startswith(line)), line


def _ends_a_word(original: str, piece: str) -> bool:
    rest = original[len(piece) :]
    if not rest or rest[0].isspace():
        return True
    unspaced = re.compile("[\u0e00-\u0e7f\u3000-\u303f\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]|[^\x00-\u2fff]")
    is_mark = rest[0] in "\u0301\u200d\ufe0f"
    return not is_mark and bool(unspaced.match(rest[0]) or unspaced.match(piece[-1]))


@given(sections, st.integers(0, 400), st.integers(0, 100), st.sampled_from(["", "three words"]))
def test_more_room_never_keeps_less(parts: list[tuple[str, str]], room: int, more: int, question: str) -> None:
    words = telling_words(question)
    assert fit(*parts, room=room, words=words).share <= fit(*parts, room=room + more, words=words).share


@given(texts, st.integers(-5, 200))
def test_a_cut_is_within_the_room_and_after_a_letter(text: str, room: int) -> None:
    end = cut_at(text, room)
    assert 0 <= end <= max(room, 0)
    assert end == len(text) or text[:end] == text[:end].rstrip()


@pytest.mark.parametrize(
    ("text", "room", "kept"),
    [
        ("One is. Two was here", 12, "One is."),
        ("One. Two was here and there", 24, "One. Two was here and"),
        ("unbreakable", 5, ""),
        ("我们提出方法，结果很好", 9, "我们提出方法，"),
        ("我们提出方法", 4, "我们提出"),
        ("用 GPT-4o模型", 6, "用"),
        ("cafe\u0301 bar", 4, ""),
        ("模型abcdef", 5, "模型"),
        ("模型\u0301很", 2, "模"),
    ],
)
def test_a_text_ends_after_a_sentence_a_pause_or_a_word(text: str, room: int, kept: str) -> None:
    assert text[: cut_at(text, room)] == kept


@pytest.mark.parametrize(
    ("headings", "told"),
    [
        (("Abstract", "1. INTRODUCTION", "2 Related work", "2.1 Methods"), "ABSTRACT INTRODUCTION RELATED RELATED"),
        (("1 Introduction", "2 Background", "3 NoteNet", "3.1 Pages", "4 Results"), "INTRODUCTION BODY METHOD METHOD RESULTS"),
        (
            ("I. Introduction", "III. METHOD", "A. Data", "III-B Loss", "V. Conclusions"),
            "INTRODUCTION METHOD METHOD METHOD CONCLUSION",
        ),
        (
            ("1 Introduction", "4 Evaluation", "A Proofs", "A.1 Results", "Appendix B"),
            "INTRODUCTION RESULTS APPENDIX APPENDIX APPENDIX",
        ),
        (("1 Introduction", "2 Our Model", "A Simple Case", "2.2 Results"), "INTRODUCTION METHOD METHOD METHOD"),
        (("Introduction", "Experimental Setup", "Prompts", "Limitations"), "INTRODUCTION RESULTS BODY CONCLUSION"),
        (("引言", "方法", "实验结果", "结论", "致谢"), "INTRODUCTION METHOD RESULTS CONCLUSION APPENDIX"),
        (("", ""), "BODY BODY"),
    ],
)
def test_headings_tell_the_part_that_a_section_plays(headings: tuple[str, ...], told: str) -> None:
    assert " ".join(role.name for role in roles(headings)) == told


@given(st.lists(st.text(max_size=30) | st.sampled_from(HEADINGS), max_size=8))
def test_every_heading_has_a_role(headings: list[str]) -> None:
    assert len(roles(headings)) == len(headings)


@pytest.mark.parametrize(
    ("question", "text", "is_held"),
    [
        ("How was it evaluated?", "The evaluation took long.", True),
        ("Which datasets?", "On one dataset.", True),
        ("What is the mAP?", "A maple tree.", False),
        ("What is the mAP?", "Two mAPs.", True),
        ("What is the rate?", "We generate it.", False),
        ("用了什么数据集？", "在三个数据集上", True),
        ("What is it about?", "It is about all.", False),
    ],
)
def test_telling_words_are_found_by_their_stems(question: str, text: str, is_held: bool) -> None:
    assert bool(held(text, telling_words(question))) is is_held


def _seconds(text: FullText, words: frozenset[str]) -> float:
    best = 9.0
    for _ in range(3):
        before = time.process_time()
        fitted(text, a_paper(), 100_000, words)
        best = min(best, time.process_time() - before)
    return best


def test_half_a_megabyte_is_cut_in_50_ms() -> None:
    lines = "\n".join(["A sentence of ten words stands here, as it does often. " * 8] * 125)
    text = a_full_text(*((heading, lines) for heading in HEADINGS[:9]))
    assert sum(len(section.text) for section in text.sections) > 490_000
    assert _seconds(text, frozenset()) < 0.05
    assert _seconds(text, telling_words("Which datasets and temperatures were used in training?")) < 0.1


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not beside this checkout")
def test_the_main_parts_of_most_real_papers_are_told_by_their_headings() -> None:
    told = []
    for page in sorted(SHARED.rglob("*.html.gz")):
        tree = LexborHTMLParser(gzip.decompress(page.read_bytes()).decode("utf-8", "replace"))
        headings = [" ".join(node.text().split()) for node in tree.css("h2.ltx_title, h3.ltx_title, h6.ltx_title_abstract")]
        if any("ntroduction" in heading for heading in headings):
            told.append(set(roles(headings)))
    assert len(told) > 20
    shares = {role: sum(role in each for each in told) / len(told) for role in (Role.METHOD, Role.RESULTS, Role.CONCLUSION)}
    assert all(share > 0.7 for share in shares.values()), shares  # the others prove theorems or go by names of their own
