"""Every recorded page of ../shared (beside the checkout) against another parser: counts only, never texts.

What these pages show is shown on built ones in test_latexml.py.
"""

import time
from collections import Counter
from pathlib import Path

import pytest

from bot.readers.latexml import parse
from bot.readers.quality import defect
from tests.bench_reading import content, recorded, reference_words, shown_words, title_of, without_formulas, words_of
from tests.builders import a_paper
from tests.readers.test_html import a_desk
from tests.world import ROOT

SHARED = ROOT.parent / "shared" / "data"
PAGES = recorded(SHARED)
# What our reader leaves out, in the words of CSS.
LEFT_OUT = (
    "nav,button,footer,header,title,form,.ltx_authors,.ltx_author_notes,.ltx_creator,.ltx_dates,.ltx_date,.ltx_bibliography,"
    ".ltx_page_footer,.ltx_page_navbar,.ltx_pagination,.ltx_note_mark,.ltx_tag_note,.ltx_note_type,.package-alerts,.ltx_ERROR,"
    "#license-tr,#watermark-tr,.ltx_classification,.ltx_listing_data,.ltx_title_document,.ltx_role_thanks,.ar5iv-footer"
)
REFUSED = {
    "ar5iv_dom/2403.08763.html.gz": "0 words beyond the abstract",
    "ar5iv_dom/2404.12241v1.html.gz": "did not know 144 macros",
    "arxiv_dom/2404.12241v1.html.gz": "did not know 144 macros",
    "fulltext/native_html_2403.10561v1.html": "not a page that LaTeXML made",
    "fulltext/no_html_page.rendered_by_arxiv_browse.html": "not a page that LaTeXML made",
}
# One older page has its formulas as letters in spans; translated ones have no spaces around tags.
MOST_MISSING = {"vanity_1708.00137.html.gz": 0.1, "translated_ko": 0.03}

pytestmark = pytest.mark.skipif(not PAGES, reason="../shared/data is not beside this checkout")
each_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")


@each_page
def test_good_pages_are_kept_and_defective_ones_refused_with_the_reason(path: Path) -> None:
    page = parse(content(path))
    wrong = defect(page.measures, title_of(SHARED, path))
    expected = REFUSED.get(f"{path.parent.name}/{path.name}")
    assert (expected in wrong) if expected and wrong else (wrong is None and expected is None)


@each_page
def test_nothing_of_the_references_is_left(path: Path) -> None:
    whole = content(path)
    entries = [" ".join(words[:10]) for words in reference_words(whole) if len(words) >= 6]
    kept = " ".join(words_of(parse(whole)))
    elsewhere = " ".join(shown_words(whole, without=LEFT_OUT))  # a note that is also an entry, a title like the paper's own
    assert [entry for entry in entries if entry in kept and entry not in elsewhere] == []


@each_page
def test_every_word_of_the_text_is_kept(path: Path) -> None:
    """Outside of formulas, and but for what another parser parts at tags (H|ousehold) and for headings without text."""
    whole = without_formulas(content(path))
    expected = Counter(shown_words(whole, without=LEFT_OUT))
    page = parse(whole)
    missing = expected - Counter(words_of(page))
    if page.sections:
        most = MOST_MISSING.get(path.name, MOST_MISSING.get(path.parent.name, 0.02))
        assert missing.total() <= most * expected.total(), missing.most_common(9)


async def test_recorded_pages_come_over_the_wire() -> None:
    async with a_desk() as desk:
        assert desk.arxiv.load_texts(SHARED) == 91
        good, bad = (SHARED / f"fulltext2/html/arxiv_{name}.html.gz" for name in ("wire/2510.14943", "dom/2404.12241v1"))
        text = await desk.reader.read(a_paper(arxiv_id="2510.14943", title=title_of(SHARED, good)))
        assert [section.heading for section in text.sections][:3] == ["Abstract", "Text", "1 Introduction"]
        assert "macros" in await desk.fails(a_paper(arxiv_id="2404.12241", title=title_of(SHARED, bad)))
        assert "LaTeXML" in await desk.fails(a_paper(arxiv_id="2403.10561"))
        assert "404" in await desk.fails(a_paper(arxiv_id="2401.00001"))


@each_page
def test_no_page_of_usual_size_takes_long(path: Path) -> None:
    whole = content(path)
    began = time.thread_time()
    parse(whole)
    # The budget is 60 ms for 700 kB on an idle machine (`make bench`); this finds what grows faster than its page.
    assert time.thread_time() - began < 0.4 * max(1.0, len(whole) / 700_000)
