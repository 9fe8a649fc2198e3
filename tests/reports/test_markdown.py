"""The Markdown page holds everything, shows data as it is, and has one heading depth for all summaries."""

import html
import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given

from bot.domain.digests import Counts, Criteria, Digest, DigestItem, Reason, ReasonKind
from bot.domain.intake import Why
from bot.domain.papers import TextOrigin
from bot.domain.summaries import SummaryField
from bot.domain.visible import shown
from bot.reports.markdown import escaped, markdown
from bot.words import words
from tests.builders import a_digest, a_notice, a_paper, a_pick, a_seen, a_sighting, a_summary
from tests.reports.hostile import a_hostile_item, titles

EN = words("en")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_CODE = re.compile(r"^(`{3,})bibtex\n.*?^\1$", re.DOTALL | re.MULTILINE)


def read(markdown_text: str) -> str:
    """What a CommonMark reader shows of inline text that holds no markup of ours."""
    return html.unescape(_ESCAPED.sub(r"\1", markdown_text))


def a_full_digest() -> Digest:
    pick = a_pick(
        a_seen(
            a_paper(
                title="Notes | on [Memory] & <think>",
                version=2,
                code=("https://github.com/example/notebook.",),
                comment="12 pages",
                updated_at=datetime(2026, 1, 7, tzinfo=UTC),
            ),
            a_sighting(version=2),
            a_sighting(
                source="huggingface", votes=156, announce_type=None, tags=("memory", "agents"), organization="Example Lab"
            ),
        ),
        Reason(kind=ReasonKind.TITLE, matched="memory", points=4.0),
        Reason(kind=ReasonKind.VOTES, matched="156", points=1.2),
    )
    fields = (
        SummaryField(name="idea", heading="Main idea", points=("One.", "Two.")),
        SummaryField(name="result", heading="# Results", points=("Up by 12.5%.",)),
    )
    summary = a_summary(version=2, model="m-1", origin=TextOrigin.PDF, fields=fields, tags=("notebooks",))
    return a_digest(
        DigestItem(pick=pick, summary=summary),
        DigestItem(pick=a_pick(a_seen(a_paper(arxiv_id="2601.00002", title="Second"))), summary=a_summary(arxiv_id="2601.00002")),
        criteria=Criteria(
            sources=("arxiv", "huggingface"),
            categories=("cs.CL", "cs.AI"),
            keywords=("memory",),
            excluded=("survey",),
            authors=("A. E.",),
        ),
        counts=Counts(found=214, matched=8, listed=2),
        spans=(date(2026, 1, 5), date(2026, 1, 6)),
        notices=(a_notice(source="huggingface", why=Why.THROTTLED),),
        model="m-1",
    )


@pytest.mark.parametrize(
    "line",
    [
        "# Papers of 2026-01-06",
        "8 of 214 papers matched, from cs.CL, cs.AI and Hugging Face",
        "- **Date**: 2026-01-06",
        "- **Made at**: 2026-01-06 09:00 UTC",
        "- **Covers**: 2026-01-05 to 2026-01-06",
        "- **Summaries**: written by m-1; extracted from the abstracts, no model was asked",
        "- **Sources**: arXiv, Hugging Face",
        "- **Categories**: cs.CL, cs.AI",
        "- **Keywords**: memory",
        "- **Excluded words**: survey",
        "- **Followed authors**: A. E.",
        "- **Papers**: 214 found, 8 matched, 2 listed, 2 summarized",
        "## Index",
        "- [26/01] **Second** [[Paper](https://arxiv.org/abs/2601.00002)] [[Notes](#p2)]",
        '<a id="p1"></a>',
        "### 2. [Second](https://arxiv.org/abs/2601.00002)",
        "*156 votes · score 5.2*",
        "- **Authors**: Ada Example, Bo Sample",
        "- **Published**: 2026-01-05",
        "- **Announced**: 2026-01-06",
        "- **Type**: new",
        "- **Id**: 2601.00001v2",
        "- **This version of**: 2026-01-07",
        "- **Tags**: memory, agents, notebooks",
        "- **Read**: the full text (PDF)",
        "- **Read**: the abstract",
        "- **Listed by**: arXiv, Hugging Face",
        "- **Organization**: Example Lab",
        "- **Comment**: 12 pages",
        "- **Why it is here**: title: memory 4.0; 156 votes 1.2",
        "**TL;DR**: We propose a notebook that the model writes to and reads from between turns.",
        "#### Main idea",
        "- Two.",
        "*Written by m-1 from the full text (PDF).*",
        "*Extracted from the abstract, no model was asked.*",
        "<summary>Abstract</summary>",
        "| Hugging Face | [https://huggingface.co/papers/2601.00001](https://huggingface.co/papers/2601.00001) |",
        "| arXiv abstract | [https://arxiv.org/abs/2601.00001v2](https://arxiv.org/abs/2601.00001v2) |",
        "| HTML | [https://arxiv.org/html/2601.00001v2](https://arxiv.org/html/2601.00001v2) |",
        "| PDF | [https://arxiv.org/pdf/2601.00001v2](https://arxiv.org/pdf/2601.00001v2) |",
        "| Code | [https://github.com/example/notebook](https://github.com/example/notebook) |",
        "| Code | none found |",
        "| BibTeX | [entry below](#p1-bibtex) |",
        '<a id="p1-bibtex"></a>',
        "*and 6 more that matched*",
        "- Hugging Face asked us to wait, so what it has for 2026-01-10 may be missing here.",
    ],
)
def test_the_page_holds(line: str) -> None:
    assert line in markdown(a_full_digest(), EN).splitlines()


def test_the_abstract_is_whole_and_folded() -> None:
    paper = a_paper()
    page = markdown(a_digest(paper), EN)
    assert f"<details>\n<summary>Abstract</summary>\n\n{paper.abstract}\n\n</details>" in page


def test_all_sections_of_all_summaries_stand_at_one_depth() -> None:
    headings = [line for line in markdown(a_full_digest(), EN).splitlines() if re.match(r"#+ ", line)]
    levels = [len(line.split(" ")[0]) for line in headings]
    assert levels == [1, 2, 2, 3, 4, 4, 3, 4, 2]
    assert "#### \\# Results" in headings


def test_each_anchor_is_led_to_and_is_there_once() -> None:
    page = markdown(a_full_digest(), EN)
    targets = set(re.findall(r"\]\(#([\w-]+)\)", page))
    anchors = re.findall(r'<a id="([\w-]+)">', page)
    assert targets == set(anchors)
    assert len(anchors) == len(set(anchors))


def test_an_address_in_a_text_ends_before_the_full_stop() -> None:
    page = markdown(a_digest(a_paper(abstract="Code is at https://github.com/a/my_code. See (https://e.org/x).")), EN)
    assert "<https://github.com/a/my_code>." in page
    assert "(<https://e.org/x>)." in page


def test_an_empty_day_says_why() -> None:
    page = markdown(a_digest(notices=(a_notice(),)), EN)
    assert "## Why there is nothing\n\n- arXiv announced nothing for 2026-01-10, because of the weekend." in page


def test_a_code_fence_in_an_entry_does_not_end_the_code() -> None:
    page = markdown(a_digest(a_paper(title="All about ```` fences")), EN)
    assert "`````bibtex" in page


@pytest.mark.parametrize(
    "start", ["# no", "1. no", "12) no", "- no", "+ no", "= no", ": no", "> no", "* no", "``` no", "| no", "~~~ no"]
)
def test_no_data_begins_a_block(start: str) -> None:
    assert escaped(start).startswith(("\\", "&gt;", start[:-4] + "\\"))
    assert read(escaped(start)) == start


@given(titles)
def test_a_hostile_title_is_shown_as_it_is(title: str) -> None:
    page = markdown(a_digest(a_paper(title=title), a_paper(arxiv_id="2601.00002", title="After")), EN)
    outside = _CODE.sub("", page)
    heading = next(line for line in outside.split("\n") if line.startswith("### 1. "))
    linked = re.fullmatch(r"### 1\. \[(.*)\]\(https://arxiv\.org/abs/2601\.00001\)", heading)
    assert linked
    assert read(linked[1]) == shown(title)
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]|~$]", linked[1])
    assert "<" not in linked[1]
    assert [line for line in outside.split("\n") if re.match(r"#{1,6} ", line)][-1].startswith("### 2. [After]")


@given(titles)
def test_no_data_opens_a_block_or_a_tag_anywhere_on_the_page(text: str) -> None:
    page = _CODE.sub("", markdown(a_digest(a_hostile_item(text)), EN))
    tags = set(re.findall(r"<(/?[a-z!][^>]*)>", page))
    assert {tag for tag in tags if not tag.startswith(("https://", "http://", "a id="))} <= {
        *("details", "/details", "summary", "/summary", "/a", "br")
    }
    assert "```" not in page
