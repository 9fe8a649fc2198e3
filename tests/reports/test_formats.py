"""What is true of every format: it renders full and empty days, and holds neither TeX nor a broken link."""

import html
import re
import subprocess
import sys

import pytest

from bot.domain.digests import Digest, DigestItem, Emptiness, Reason, ReasonKind
from bot.domain.findings import CheckedQuotation, Evidence, Figure, FigureState, Quotation
from bot.domain.layout import empty_lines
from bot.domain.papers import TextOrigin
from bot.domain.summaries import Lack, SummaryField
from bot.errors import BadInput
from bot.reports import FORMATS, Look, paper_report, report
from bot.words import languages, words
from tests.builders import a_digest, a_notice, a_paper, a_pick, a_seen, a_summary

EN = words("en")
EMPTY = a_digest(notices=(a_notice(),), empty_because=(Emptiness.NOTHING_NEW,))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", languages())
def test_an_empty_day_renders_with_its_reason_in_every_format_and_language(form: str, language: str) -> None:
    said = words(language)
    page = report(EMPTY, form, said)
    reasons = ("nothing_new", "weekend") if form == "json" else (*empty_lines(EMPTY, said), "2026-01-10")
    flat = " ".join(page.replace("\\", "").split())
    assert all(" ".join(reason.split()) in flat for reason in reasons)


@pytest.mark.parametrize("form", FORMATS)
def test_no_tex_and_no_broken_link_in_any_report(form: str) -> None:
    paper = a_paper(
        title=r"On $\alpha$-\textbf{Stable} \emph{Nets}",
        abstract=r"We get $x^2$ by \emph{care}. Code: https://github.com/a/b.}",
        code=("https://github.com/c/d.",),
    )
    pick = a_pick(a_seen(paper), Reason(kind=ReasonKind.TITLE, matched=r"$\alpha$", points=4.0))
    fields = (SummaryField(name="x", heading=r"\textbf{Idea}", points=(r"It is $O(n)$.",)),)
    page = report(a_digest(DigestItem(pick=pick, summary=a_summary(tldr=r"We get $x^2$.", fields=fields))), form, EN)
    shown_part = re.sub(
        r'@misc.*?\n}|"(?:title|abstract)_tex": .*|"bibtex": .*', "", page, flags=re.DOTALL if form != "json" else 0
    )
    assert not re.search(r"\$[^$\s][^$]*\$|\\(?:textbf|emph|alpha)", shown_part)
    assert re.findall(r"https://github\.com/\w/\w", page)
    assert not re.search(r"""\((https://github\.com/\w/\w[^\w)][^)]*)\)|["'](https://github\.com/\w/\w[^\w"'][^"']*)["']""", page)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("summary", [None, a_summary(), a_summary(tldr="", fields=())])
def test_one_paper_renders_in_every_format(form: str, summary: None) -> None:
    page = paper_report(a_seen(), summary, form, EN, made_at=a_digest().made_at)
    assert "A Notebook for Forgetful Assistants" in page
    assert "1 of 1" not in page


def a_troubled_digest() -> Digest:
    """A summary with a figure and a quotation that are not in its text, and a paper whose summary is missing."""
    evidence = Evidence(
        figures=(Figure(written="12.5", state=FigureState.FOUND), Figure(written="37.5 %", state=FigureState.MISSING)),
        quotations=(
            CheckedQuotation(quotation=Quotation(text="It helps a lot.", section="4 Results"), is_found=True),
            CheckedQuotation(quotation=Quotation(text="Nobody wrote this."), is_found=False),
        ),
    )
    summary = a_summary(model="m-1", origin=TextOrigin.PDF, share=0.82, evidence=evidence, tags=("notebooks",))
    return a_digest(
        DigestItem(pick=a_pick(), summary=summary),
        DigestItem(pick=a_pick(a_seen(a_paper(arxiv_id="2601.00002"))), lack=Lack.UNREACHABLE),
        model="m-1",
    )


PAGES = tuple(form for form in FORMATS if form != "json")


@pytest.mark.parametrize("form", PAGES)
@pytest.mark.parametrize(
    "line",
    [
        "Figures: 1 of 2 in the text; not there: 37.5 %",
        "Caution: too few of the figures below are in the text that was read.",
        "1 quotation was not found in the text and is left out.",
        "Written by m-1 from the full text (PDF), 82 % of it.",
        "No summary yet: the model did not answer. This is the abstract. It will be made in the next run.",
        "1 written by m-1, 1 missing (the model did not answer)",
    ],
)
def test_every_page_says_what_a_summary_rests_on_and_what_is_missing(form: str, line: str) -> None:
    assert line in read(report(a_troubled_digest(), form, EN))


def read(page: str) -> str:
    """The text of a page on one line, markup of ours aside."""
    return " ".join(html.unescape(html.unescape(page)).replace("\\", "").split())


@pytest.mark.parametrize("form", PAGES)
def test_quotations_that_were_found_have_a_heading_and_others_are_not_there(form: str) -> None:
    item = a_troubled_digest().items[0]
    page = read(paper_report(item.pick.seen, item.summary, form, EN, made_at=a_digest().made_at))
    assert re.search(r"Quotes\W.*“It helps a lot\.” \(4 Results\)", page)
    assert "Nobody wrote this" not in page


def test_a_terminal_shows_quotations_of_one_paper_and_not_of_a_whole_digest() -> None:
    assert "It helps" not in report(a_troubled_digest(), "terminal", EN)


@pytest.mark.parametrize("form", PAGES)
def test_one_paper_says_why_its_summary_is_missing(form: str) -> None:
    page = paper_report(a_seen(), None, form, EN, made_at=a_digest().made_at, lack=Lack.BUDGET)
    assert "No summary yet: the budget of the day is spent." in read(page)


def test_a_format_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(BadInput, match="markdown"):
        report(EMPTY, "pdf", EN)


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_is_the_same_every_time(form: str) -> None:
    digest = a_digest(a_paper(), a_paper(arxiv_id="2601.00002"))
    assert FORMATS[form](digest, EN, Look()) == FORMATS[form](digest, EN, Look())


def test_what_a_format_does_not_need_is_not_imported() -> None:
    names = ("jinja2", "bot.reports.view", "xml.etree")
    code = f"import sys; import bot.reports; print([name for name in {names!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
