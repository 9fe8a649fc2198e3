"""The forms of a digest in chat: what each shows of a paper, and what it costs of a message."""

import json

import pytest

from bot.channels.telegram_markup import rendered
from bot.domain.digest_layout import digest_message
from bot.domain.digests import Counts, DigestItem, Reason, ReasonKind
from bot.domain.messages import Button, Buttons, Item, Message, Quote
from bot.domain.papers import PaperKey, Scheme, TextOrigin
from bot.domain.styles import FieldKind
from bot.domain.subscriptions import Form
from bot.domain.summaries import Lack, Summary, SummaryField
from bot.words import words
from tests.builders import a_digest, a_paper, a_pick, a_seen, a_sighting, a_summary
from tests.domain.test_layout import links_of, spans_of
from tests.fakes.telegram_html import understood, units

EN = words("en")
VOTED = a_pick(
    a_seen(
        a_paper(authors=tuple(f"Author {n}" for n in range(9)), code=("https://github.com/example/notebook",)),
        a_sighting(source="huggingface", votes=156),
    ),
    Reason(kind=ReasonKind.TITLE, matched="notebook", points=4.0),
)
WRITTEN = a_summary(
    model="m-1",
    origin=TextOrigin.PDF,
    tldr="Notes help.",
    fields=(
        SummaryField(name="problem", heading="Problem", points=("They forget.",), form=FieldKind.TEXT),
        SummaryField(name="results", heading="Results", points=("12.5 points", "no cost"), form=FieldKind.POINTS),
        SummaryField(name="steps", heading="Steps", points=("write", "read"), form=FieldKind.NUMBERED),
    ),
    tags=("memory", "notes"),
)


def item_of(message: Message) -> Item:
    (item,) = (block for block in message.blocks if isinstance(block, Item))
    return item


def lines_of(form: Form, item: DigestItem, *, number: int | None = 7) -> list[str]:
    blocks = item_of(digest_message(a_digest(item), EN, form=form, number=number)).blocks
    return ["".join(span.text for span in spans_of(block)) for block in blocks]


def long_summary(letters: int) -> Summary:
    points = tuple(f"Result {n} is {'long ' * 20}" for n in range(letters // 120))
    return a_summary(model="m-1", fields=(SummaryField(name="r", heading="Results", points=points, form=FieldKind.POINTS),))


def test_where_every_paper_was_asked_for_nothing_is_scored_but_what_tells_papers_apart() -> None:
    asked, coded = Reason(kind=ReasonKind.LISTED, matched="", points=1.0), Reason(kind=ReasonKind.CODE, matched="", points=0.3)
    alike, apart = (DigestItem(pick=a_pick(a_seen(), *reasons)) for reasons in ((asked,), (asked, coded)))
    assert lines_of(Form.COMPACT, alike)[2] == "here as every paper was asked for"
    assert lines_of(Form.COMPACT, apart)[2] == "score 1.3: every paper was asked for 1.0; code 0.3"


def test_a_card_is_title_authors_why_and_tldr_above_one_folded_quote() -> None:
    lines = lines_of(Form.CARDS, DigestItem(pick=VOTED, summary=WRITTEN))
    assert lines == [
        "1. A Notebook for Forgetful Assistants",
        "Author 0, Author 1, Author 2 and 6 more · 2026-01-06 · cs.CL, cs.AI · new · 156 votes",
        "score 4.0: title: notebook 4.0",
        "TL;DR: Notes help.",
        "Problem: They forget.\nResults\n• 12.5 points\n• no cost\nSteps\n1. write\n2. read\nTags: memory, notes\n"
        "Written by m-1 from the full text (PDF).",
        "Code",
    ]
    quotes = [
        block
        for block in item_of(digest_message(a_digest(DigestItem(pick=VOTED, summary=WRITTEN)), EN, number=7)).blocks
        if isinstance(block, Quote)
    ]
    assert [(quote.is_folded, len(quote.spans)) for quote in quotes] == [(True, 1)]


def test_compact_is_title_authors_why_and_one_sentence() -> None:
    lines = lines_of(Form.COMPACT, DigestItem(pick=VOTED, summary=WRITTEN))
    assert lines[0] == "1. A Notebook for Forgetful Assistants"
    assert lines[2:] == ["score 4.0: title: notebook 4.0", "Notes help."]


@pytest.mark.parametrize("form", [Form.COMPACT, Form.TITLES])
def test_a_short_form_has_no_quote_and_no_link_but_the_title(form: Form) -> None:
    message = digest_message(a_digest(DigestItem(pick=VOTED, summary=WRITTEN)), EN, form=form, number=7)
    assert not any(isinstance(block, Quote) for block in item_of(message).blocks)
    assert list(links_of(message)) == ["A Notebook for Forgetful Assistants"]


def test_titles_are_one_line_each_with_score_and_votes() -> None:
    assert lines_of(Form.TITLES, DigestItem(pick=VOTED, summary=WRITTEN)) == [
        "1. A Notebook for Forgetful Assistants · score 4.0 · 156 votes"
    ]


def test_compact_without_a_summary_begins_the_abstract_and_says_why() -> None:
    paper = a_paper(abstract="It works. " * 200)
    lines = lines_of(Form.COMPACT, DigestItem(pick=a_pick(a_seen(paper)), lack=Lack.QUOTA))
    assert lines[-2].startswith("Abstract: It works.")
    assert lines[-2].endswith("…")
    assert len(lines[-2]) < 330
    assert "the account at the model's provider is used up" in lines[-1]
    assert lines_of(Form.COMPACT, DigestItem(pick=a_pick(a_seen(a_paper(abstract="")))))[-1] == "There is no abstract."


def test_with_buttons_a_card_names_the_code_and_no_other_page() -> None:
    with_buttons = digest_message(a_digest(DigestItem(pick=VOTED, summary=WRITTEN)), EN, number=7)
    without = digest_message(a_digest(DigestItem(pick=VOTED, summary=WRITTEN)), EN)
    assert list(links_of(with_buttons)) == ["A Notebook for Forgetful Assistants", "Code"]
    assert {"PDF", "HTML", "arXiv abstract"} <= set(links_of(without))


def test_a_long_summary_is_cut_between_lines_and_says_where_the_rest_is() -> None:
    quote = lines_of(Form.CARDS, DigestItem(pick=VOTED, summary=long_summary(6_000)))[4].split("\n")
    assert quote[-2] == "The whole summary: /summary 2601.00001"
    assert quote[-1] == "Written by m-1 from the abstract."
    assert all(line.endswith("long ") or line.rstrip().endswith("long") for line in quote[1:-2])
    assert 1_000 < sum(map(len, quote)) < 2_000


def test_of_a_paper_in_a_file_the_rest_cannot_be_asked_for() -> None:
    paper = a_paper(key=PaperKey(scheme=Scheme.FILE, value="refs.bib:key"))
    said = "\n".join(lines_of(Form.CARDS, DigestItem(pick=a_pick(a_seen(paper)), summary=long_summary(6_000))))
    assert "\n…\n" in said
    assert "/summary" not in said


def test_every_paper_has_its_button_and_the_last_row_is_more_and_settings() -> None:
    digest = a_digest(a_paper(), a_paper(arxiv_id="2601.00002"), counts=Counts(found=9, matched=5, listed=2))
    message = digest_message(digest, EN, number=7)
    opened = [block.button for block in message.blocks if isinstance(block, Item)]
    assert opened == [Button(label="1", action="1dp:7.1"), Button(label="2", action="1dp:7.2")]
    tail = Buttons(rows=((Button(label="3 more", action="1dm:7.1"), Button(label="Settings", action="1st")),))
    assert message.blocks[-1] == tail


@pytest.mark.parametrize("form", Form)
def test_without_a_number_there_are_no_buttons(form: Form) -> None:
    message = digest_message(a_digest(a_paper(), counts=Counts(found=9, matched=5, listed=1)), EN, form=form)
    assert not any(isinstance(block, Buttons) for block in message.blocks)
    assert item_of(message).button is None


def test_nothing_left_out_is_no_button_for_more() -> None:
    last = digest_message(a_digest(), EN, number=7).blocks[-1]
    assert isinstance(last, Buttons)
    assert [button.label for row in last.rows for button in row] == ["Settings"]


def test_what_is_late_says_so_in_each_form() -> None:
    late = DigestItem(pick=type(VOTED)(seen=VOTED.seen, score=VOTED.score, is_late=True))
    for form in Form:
        assert "late: an earlier digest could not be delivered" in "\n".join(lines_of(form, late))


@pytest.mark.parametrize(("form", "most"), [(Form.CARDS, 5), (Form.COMPACT, 3), (Form.TITLES, 1)])
def test_ten_papers_are_few_messages(form: Form, most: int) -> None:
    made = [DigestItem(pick=a_pick(a_seen(a_paper(arxiv_id=f"2601.{n:05}"))), summary=long_summary(1_200)) for n in range(1, 11)]
    parts = rendered(digest_message(a_digest(*made), EN, form=form, number=7))
    assert len(parts) <= most
    assert [n for part in parts for n in part.items] == list(range(1, 11))
    parsed = [understood(json.loads(part.payload)["html"], "HTML") for part in parts]
    assert all(units(each.text) <= 4096 and len(each.entities) <= 100 for each in parsed)
