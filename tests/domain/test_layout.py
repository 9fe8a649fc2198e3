"""What a chat is told: head, papers, reasons, what was missing and why."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digest_layout import digest_message
from bot.domain.digests import Counts, Criteria, DigestItem, Emptiness, Reason, ReasonKind
from bot.domain.intake import Why
from bot.domain.layout import code_urls, notices_lines, paper_message, reasons_line
from bot.domain.messages import Block, Bullets, Buttons, Item, Message, Quote, Span
from bot.domain.papers import AnnounceType, Link, LinkKind, PaperKey, Scheme, TextOrigin
from bot.domain.visible import paper_url, shown
from bot.words import words
from tests.builders import a_digest, a_notice, a_paper, a_pick, a_score, a_seen, a_sighting, a_summary

EN = words("en")
TEX = re.compile(r"\$[^$\s][^$]*\$|\\[a-zA-Z]+\{")


def spans_of(block: Block) -> tuple[Span, ...]:
    match block:
        case Item(blocks=blocks):
            return tuple(span for inner in blocks for span in spans_of(inner))
        case Bullets(items=items):
            return tuple(span for item in items for span in item)
        case Buttons():
            return ()
        case _:
            return block.spans


def text_of(message: Message) -> str:
    return "\n".join("".join(span.text for span in spans_of(block)) for block in message.blocks)


def links_of(message: Message) -> dict[str, str]:
    return {span.text: span.url for block in message.blocks for span in spans_of(block) if span.url}


def test_the_head_says_how_many_of_how_many_from_where() -> None:
    digest = a_digest(
        a_paper(),
        counts=Counts(found=214, matched=8, listed=1),
        criteria=Criteria(sources=("arxiv", "huggingface"), categories=("cs.CL",)),
    )
    said = text_of(digest_message(digest, EN))
    assert "8 of 214 papers matched, from cs.CL and Hugging Face" in said
    assert "and 7 more that matched" in said


def test_a_paper_is_one_block_with_title_reasons_and_links() -> None:
    pick = a_pick(
        a_seen(a_paper(code=("https://github.com/example/notebook",))),
        Reason(kind=ReasonKind.TITLE, matched="notebook", points=4.0),
        Reason(kind=ReasonKind.VOTES, matched="156", points=1.2),
        Reason(kind=ReasonKind.CODE, matched="", points=0.3),
    )
    message = digest_message(a_digest(pick), EN)
    items = [block for block in message.blocks if isinstance(block, Item)]
    assert len(items) == 1
    assert "score 5.5: title: notebook 4.0; 156 votes 1.2; code 0.3" in text_of(message)
    assert links_of(message) == {
        "A Notebook for Forgetful Assistants": "https://arxiv.org/abs/2601.00001",
        "Hugging Face": "https://huggingface.co/papers/2601.00001",
        "arXiv abstract": "https://arxiv.org/abs/2601.00001v1",
        "HTML": "https://arxiv.org/html/2601.00001v1",
        "PDF": "https://arxiv.org/pdf/2601.00001v1",
        "Code": "https://github.com/example/notebook",
    }


@pytest.mark.parametrize("kind", ReasonKind)
def test_each_part_of_a_score_shows_its_points(kind: ReasonKind) -> None:
    assert reasons_line(a_score(Reason(kind=kind, matched="7", points=1.5)), EN).endswith("1.5")


def test_one_vote_is_said_in_the_singular() -> None:
    assert reasons_line(a_score(Reason(kind=ReasonKind.VOTES, matched="1", points=0.1)), EN) == "1 vote 0.1"


def test_an_extracted_summary_says_that_no_model_was_asked() -> None:
    said = text_of(digest_message(a_digest(DigestItem(pick=a_pick(), summary=a_summary())), EN))
    assert "TL;DR: We propose a notebook" in said
    assert "Extracted from the abstract, no model was asked." in said


def test_a_written_summary_says_who_wrote_it_and_from_what() -> None:
    summary = a_summary(model="m-1", origin=TextOrigin.PDF)
    assert "Written by m-1 from the full text (PDF)." in text_of(paper_message(a_seen(), summary, EN))


def test_a_paper_without_a_summary_comes_with_its_abstract_and_a_mark() -> None:
    message = digest_message(a_digest(a_paper(abstract="All of it. Whole.")), EN)
    assert "All of it. Whole." in text_of(message)
    assert "There is no summary; this is the abstract." in text_of(message)


@pytest.mark.parametrize("summary", [None, a_summary(tldr="", fields=())])
def test_a_paper_without_an_abstract_says_so(summary: None) -> None:
    assert "There is no abstract." in text_of(paper_message(a_seen(a_paper(abstract="")), summary, EN))


def test_one_paper_alone_folds_its_whole_abstract() -> None:
    paper = a_paper()
    folded = [block for block in paper_message(a_seen(paper), a_summary(), EN).blocks if isinstance(block, Quote)]
    assert [(quote.spans[0].text, quote.is_folded) for quote in folded] == [(paper.abstract, True)]


def test_many_authors_are_counted_in_a_chat_and_named_in_full_alone() -> None:
    paper = a_paper(authors=tuple(f"Author {n}" for n in range(9)))
    assert "Author 0, Author 1, Author 2 and 6 more" in text_of(digest_message(a_digest(paper), EN))
    assert "Author 8" in text_of(paper_message(a_seen(paper), None, EN))


def test_a_replacement_says_that_it_is_one() -> None:
    seen = a_seen(a_paper(version=3), a_sighting(version=3, announce_type=AnnounceType.REPLACE))
    assert "replacement" in text_of(paper_message(seen, None, EN))


def test_an_empty_day_says_why_for_each_source() -> None:
    digest = a_digest(
        criteria=Criteria(sources=("arxiv", "huggingface")),
        notices=(a_notice(), a_notice(source="huggingface", why=Why.UNREACHABLE, detail="timed out")),
    )
    said = text_of(digest_message(digest, EN))
    assert "arXiv announced nothing for 2026-01-10, because of the weekend." in said
    assert "Hugging Face did not answer, so what it has for 2026-01-10 may be missing here (timed out)." in said


@pytest.mark.parametrize("reason", Emptiness)
def test_an_empty_digest_says_what_selection_did(reason: Emptiness) -> None:
    digest = a_digest(empty_because=(reason,), counts=Counts(found=214, matched=0, listed=0))
    assert words("en")(f"empty.{reason}", n=214, places="cs.CL") in text_of(digest_message(digest, EN))


@pytest.mark.parametrize("reason", Emptiness)
def test_an_empty_digest_counts_once_and_hints_at_other_words_where_words_are_the_reason(reason: Emptiness) -> None:
    digest = a_digest(empty_because=(reason,), counts=Counts(found=214, matched=0, listed=0))
    in_chat = text_of(digest_message(digest, EN, number=7))
    assert "0 of 214" not in in_chat
    assert ("/keywords" in in_chat) == (reason is Emptiness.NOTHING_MATCHED)
    assert "/keywords" not in text_of(digest_message(digest, EN)), "not every terminal takes commands"


def test_the_sources_that_answered_are_the_ones_in_which_nothing_matched() -> None:
    digest = a_digest(
        criteria=Criteria(sources=("arxiv", "huggingface")),
        notices=(a_notice(),),
        empty_because=(Emptiness.NOTHING_MATCHED,),
        counts=Counts(found=30, matched=0, listed=0),
    )
    assert "None of the 30 papers from Hugging Face matched." in text_of(digest_message(digest, EN))


def test_a_batch_that_is_not_out_says_when_it_is_due() -> None:
    lines = notices_lines((a_notice(why=Why.NOT_OUT_YET, on=date(2026, 1, 7)),), EN)
    assert lines == ("arXiv has not published 2026-01-07 yet (due 2026-01-07 05:00 UTC).",)


def test_equal_notices_of_several_categories_are_one_line() -> None:
    lines = notices_lines(tuple(a_notice(subject=category) for category in ("cs.CL", "cs.LG", "cs.AI", "cs.CL")), EN)
    assert lines == ("arXiv cs.CL, cs.LG and cs.AI announced nothing for 2026-01-10, because of the weekend.",)


def test_problems_of_a_file_are_told_one_by_one_with_their_lines() -> None:
    notices = tuple(
        a_notice(source="bibtex:refs.bib", why=Why.BAD_ENTRY, subject=f"key{n}", line=n, on=None) for n in range(1, 12)
    )
    lines = notices_lines(notices, EN)
    assert lines[0] == "refs.bib: key1 cannot be used (line 1)."
    assert len(lines) == 11
    assert notices_lines(notices, EN, at_most=8)[-1] == "and 3 more remarks"


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        (r"Schr\"odinger's  $\mathcal{O}(n^2)$", "Schrödinger's O(n²)"),
        (r"\textbf{Res}haped", "Reshaped"),
        ("<think> tokens", "<think> tokens"),
        ("a\x1b[31mred\x07\x00", "a[31mred"),
        ("one\n\ttwo\u2028three", "one two three"),
        ("\u202eevil\u202c", "evil"),
        ("half \ud800 of it", "half of it"),
        ("👩\u200d🔬 at work", "👩\u200d🔬 at work"),
    ],
)
def test_data_is_shown_without_tex_and_without_what_steers_a_terminal(raw: str, seen: str) -> None:
    assert shown(raw) == seen


@given(st.text(st.characters(), max_size=60))
def test_what_is_shown_can_always_be_written_and_never_steers(text: str) -> None:
    seen = shown(text)
    seen.encode("utf-8")
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", seen)


def test_no_tex_is_left_in_title_tldr_or_reasons() -> None:
    paper = a_paper(title=r"On $\alpha$-\textbf{Stable} Sch\"utze")
    pick = a_pick(a_seen(paper), Reason(kind=ReasonKind.TITLE, matched=r"$\alpha$", points=4.0))
    summary = a_summary(model="m", tldr=r"We get $x^2$ by \emph{care}.")
    assert not TEX.search(text_of(digest_message(a_digest(DigestItem(pick=pick, summary=summary)), EN)))


@pytest.mark.parametrize("tail", [".", ",", ").", "}", "\\", "'"])
def test_no_code_link_ends_in_what_belongs_to_the_sentence(tail: str) -> None:
    paper = a_paper(abstract=f"Code: https://github.com/a/b{tail} More.", code=(f"https://github.com/c/d{tail}",))
    assert set(code_urls(paper)) == {"https://github.com/a/b", "https://github.com/c/d"}


def test_a_paper_without_a_title_goes_by_its_id() -> None:
    assert links_of(paper_message(a_seen(a_paper(title=" \x00")), None, EN))["2601.00001"]


def test_links_that_are_not_of_the_web_are_never_shown() -> None:
    paper = a_paper(code=("javascript:alert(1)", 'https://e.org/"onclick=', "https://e.org/a b", "file:///etc/passwd"))
    assert code_urls(paper) == ()


@pytest.mark.parametrize(
    ("scheme", "value", "url"),
    [
        (Scheme.ARXIV, "hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001"),
        (Scheme.DOI, "10.1/x", "https://doi.org/10.1/x"),
        (Scheme.FILE, "refs.bib:key", None),
    ],
)
def test_a_title_leads_to_the_public_page(scheme: Scheme, value: str, url: str | None) -> None:
    assert paper_url(a_paper(key=PaperKey(scheme=scheme, value=value))) == url


def test_a_paper_of_a_file_leads_to_the_page_that_the_file_names() -> None:
    page = Link(kind=LinkKind.PAGE, url="https://example.org/paper")
    assert paper_url(a_paper(key=PaperKey(scheme=Scheme.FILE, value="k"), links=(page,))) == page.url
