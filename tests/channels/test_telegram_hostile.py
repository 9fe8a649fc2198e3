"""Digests of whatever strangers write, as Telegram takes them: no error of markup, nothing over a limit, nothing lost.

The recorded titles and abstracts stand beside the checkout (../shared): counts only, never a text. Their twin is made here.
"""

import json
import lzma
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram_markup import rendered
from bot.domain.digest_layout import digest_message
from bot.domain.digests import Counts, Digest, DigestItem, DigestPlan, Refusal
from bot.domain.messages import Message
from bot.domain.papers import Paper, TextOrigin
from bot.domain.styles import FieldKind
from bot.domain.subscriptions import Form
from bot.domain.summaries import SummaryField
from bot.domain.visible import shown, title_of
from bot.services.digesting import Preview
from bot.services.opening import RestPage
from bot.words import languages, words
from handlers.texts.opening import abstract, left_out
from handlers.texts.papers import preview
from tests.builders import a_digest, a_paper, a_pick, a_seen, a_summary
from tests.channels.test_telegram_markup import letters
from tests.fakes.arxiv_shared import of_corpus
from tests.fakes.telegram_html import MOST_ENTITIES, MOST_UNITS, understood, units
from tests.fakes.telegram_keyboards import check_keyboard

CORPUS = Path(__file__).parents[2].parent / "shared" / "data" / "corpora" / "arxiv_cs_2026-02_to_2026-07.jsonl.xz"
SIGNS = frozenset("<>&$_[]{}\\^*`|~")
CODE = ("https://github.com/a/b", "https://e.org/<b>", "javascript:x", "https://gitlab.com/\ud800", "https://github.com/a&b")
A_DIGEST, ENOUGH = 30, 600

HOSTILE = (
    *("<b>bold</b>", "</b>", "<", "a < b > c & d &amp; e", "&lt;i&gt;", "<script>alert(1)</script>", "<a href='x'>", '"'),
    *("$x_1^2$", r"\textbf{a}_{b}", "_under_ *star* [a](b) {c}", "~~~", "\\", "`code`", "]]>", "<!--", "<tg-spoiler>x"),
    *("שלום עולם", "\u202eevil\u202c", "مرحبا\u061c", "\u2066x\u2069", "👩\u200d🔬🏳️\u200d🌈", "🇻🇳" * 50, "🏟" * 300, "é̂̃" * 100),
    *("\ud800", "a\udc00b", "\x00\x07", "\u200b\u2060\ufeff", "\u3164\u2800", "深度学习" * 1000, "x" * 4000, "word. " * 900),
    *("\r\n\u2028", "/start@bot #tag @user https://t.me/x", "t.me/joinchat tg://user?id=1", " ", "\ufffc", "\u030a\u0333\u033f"),
    *("a\u0301" * 2000, "&#60;"),
)


def said(message: Message) -> str:
    """What is seen of all parts, each of which Telegram takes as it is."""
    whole = []
    for part in rendered(message):
        payload = json.loads(part.payload)
        parsed = understood(payload["html"], "HTML")
        assert units(parsed.text) <= MOST_UNITS
        assert payload["html"].count("</") <= MOST_ENTITIES
        check_keyboard(json.dumps({"inline_keyboard": payload["keyboard"]}) if "keyboard" in payload else "")
        whole.append(parsed.text)
    return letters("".join(whole))


def is_whole(digest: Digest, form: Form, language: str = "en") -> bool:
    """Whether the digest is taken, opens each paper once, and shows each title, and in cards each abstract, in full."""
    message = digest_message(digest, words(language), form=form, number=2**31 - 1)
    parts = rendered(message)
    pressed = [
        button.get("callback_data", "")
        for part in parts
        for row in json.loads(part.payload).get("keyboard", ())
        for button in row
    ]
    text = said(message)
    papers = [item.pick.seen.paper for item in digest.items]
    assert [n for part in parts for n in part.items] == list(range(1, len(papers) + 1))
    assert sum(data.startswith("1dp:") for data in pressed) == len(papers)
    assert pressed[-1] == "1st"
    assert all(letters(title_of(paper)) in text for paper in papers)
    return form is not Form.CARDS or all(
        letters(shown(item.pick.seen.paper.abstract)) in text for item in digest.items if item.summary is None
    )


def in_digests(papers: list[Paper]) -> list[Digest]:
    groups = [papers[at : at + A_DIGEST] for at in range(0, len(papers), A_DIGEST)]
    return [a_digest(*group, counts=Counts(found=999, matched=len(group) + 12, listed=len(group))) for group in groups]


@cache
def recorded() -> tuple[Paper, ...]:
    """Some hundred papers, half of them with signs in their titles."""
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        papers = (of_corpus(json.loads(line)) for line in islice(lines, 6_000))
        found = list(papers)
    signed = [paper for paper in found if SIGNS & set(paper.title)]
    plain = [paper for paper in found if not SIGNS & set(paper.title)]
    return (*signed[: ENOUGH // 2], *plain[: ENOUGH - min(len(signed), ENOUGH // 2)])


@pytest.mark.skipif(not CORPUS.is_file(), reason="../shared/data is not beside this checkout")
@pytest.mark.parametrize("form", Form)
def test_recorded_papers_come_whole_and_without_an_error_of_markup(form: Form) -> None:
    papers = list(recorded())
    assert len(papers) >= 500
    assert all(is_whole(digest, form) for digest in in_digests(papers))


@pytest.mark.skipif(not CORPUS.is_file(), reason="../shared/data is not beside this checkout")
def test_recorded_abstracts_come_whole_where_they_are_opened() -> None:
    for paper in recorded():
        text = said(abstract(a_seen(paper), words("en")))
        assert letters(title_of(paper)) in text
        assert letters(shown(paper.abstract)) in text


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("language", languages())
def test_the_worst_that_can_be_written_comes_whole(form: Form, language: str) -> None:
    papers = [
        a_paper(arxiv_id=f"2601.{n:05}", title=f"T {text} {n}", abstract=f"{text} {other}", authors=(text, "B", text, "D", "E"))
        for n, (text, other) in enumerate(zip(HOSTILE, reversed(HOSTILE), strict=True), 1)
    ]
    assert all(is_whole(digest, form, language) for digest in in_digests(papers))


pieces = st.sampled_from(HOSTILE) | st.text(st.characters(), max_size=30)
texts = st.lists(pieces, max_size=5).map(" ".join)
fields = st.builds(
    SummaryField, name=st.just("f"), heading=texts, points=st.lists(texts, max_size=4).map(tuple), form=st.sampled_from(FieldKind)
)
summaries = st.none() | st.builds(
    lambda tldr, made, tags: a_summary(model="m", origin=TextOrigin.PDF, tldr=f"x{tldr}", fields=made, tags=tags),
    texts,
    st.lists(fields, max_size=4).map(tuple),
    st.lists(texts, max_size=3).map(tuple),
)
items = st.builds(
    lambda title, abstract, authors, code, summary: DigestItem(
        pick=a_pick(a_seen(a_paper(title=title, abstract=abstract, authors=authors, code=code))), summary=summary
    ),
    texts,
    texts,
    st.lists(texts, max_size=5).map(tuple),
    st.lists(
        st.sampled_from(("https://github.com/a/b", "https://e.org/<b>", "javascript:x", "https://gitlab.com/\ud800")), max_size=9
    ).map(tuple),
    summaries,
)


@given(st.lists(items, max_size=12), st.sampled_from(Form), st.sampled_from(languages()))
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_comes_whole(listed: list[DigestItem], form: Form, language: str) -> None:
    assert is_whole(a_digest(*listed), form, language)


@given(st.lists(texts, max_size=10))
@settings(max_examples=30, deadline=None)
def test_a_page_of_what_was_left_out_is_one_message(titles: list[str]) -> None:
    seen = tuple((n, a_seen(a_paper(title=title))) for n, title in enumerate(titles, 11))
    page = RestPage(digest=2**31 - 1, on=a_digest().on, page=2, pages=50, papers=seen)
    message = left_out(page, words("en"))
    said(message)
    assert len(rendered(message)) == 1


def test_a_preview_of_a_large_day_is_cut_between_its_lines() -> None:
    papers = [a_paper(arxiv_id=f"2601.{n:05}", title=f"T {text[:150]} {n}") for n, text in enumerate(HOSTILE * 5, 1)]
    picks = tuple(a_pick(a_seen(paper)) for paper in papers[:100])
    refused = {paper.key: Refusal.NO_MATCH for paper in papers[100:]}
    plan = DigestPlan(picks=picks, counts=Counts(found=len(papers), matched=100, listed=100), refused=refused)
    text = said(preview(Preview(plan=plan, papers=tuple(map(a_seen, papers)), notices=()), words("en")))
    assert all(letters(title_of(paper)) in text for paper in papers[:115])
