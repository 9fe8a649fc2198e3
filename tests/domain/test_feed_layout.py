"""A digest as a feed: a list above, a card for each paper behind it, nothing of either cut or left out."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.actions import unpacked
from bot.domain.card_layout import paper_card
from bot.domain.digests import Counts, Digest, DigestItem, Emptiness, Reason, ReasonKind
from bot.domain.feed_layout import feed_message
from bot.domain.findings import Evidence, Figure, FigureState
from bot.domain.messages import Bullets, Button, Buttons, Card, Heading, Item, Message, Span
from bot.domain.papers import PaperKey, Scheme, SeenPaper, TextOrigin
from bot.domain.styles import FieldKind
from bot.domain.subscriptions import Form
from bot.domain.summaries import Lack, SummaryField
from bot.domain.visible import shown, title_of
from bot.domain.words import Words
from bot.words import languages, words
from tests.builders import a_digest, a_notice, a_paper, a_pick, a_seen, a_sighting, a_summary
from tests.domain.test_layout import links_of, spans_of, text_of

EN = words("en")
CARDED = (Form.CARDS, Form.COMPACT)
CODE = "https://github.com/example/notebook"
NINE = tuple(f"Author {n}" for n in range(9))
VOTED = a_pick(
    a_seen(a_paper(authors=NINE, code=(CODE,)), a_sighting(source="huggingface", votes=156)),
    Reason(kind=ReasonKind.TITLE, matched="notebook", points=4.0),
)
FIGURES = (Figure(written="12.5", state=FigureState.FOUND), Figure(written="7x", state=FigureState.MISSING))
WRITTEN = a_summary(
    model="m-1",
    origin=TextOrigin.PDF,
    tldr="Notes help.",
    fields=(
        SummaryField(name="problem", heading="Problem", points=("They forget.",), form=FieldKind.TEXT),
        SummaryField(name="results", heading="Results", points=("12.5 points", "no cost"), form=FieldKind.POINTS),
        SummaryField(name="steps", heading="Steps", points=("write", "read"), form=FieldKind.NUMBERED),
        SummaryField(name="parts", heading="Parts", points=("Pen: writes", "Eye: reads"), form=FieldKind.PARTS),
    ),
    tags=("memory", "notes"),
    evidence=Evidence(figures=FIGURES),
)
FULL = DigestItem(pick=VOTED, summary=WRITTEN)


def fed(
    *items: DigestItem | SeenPaper, form: Form = Form.CARDS, number: int | None = 7, has_thread: bool = True, said: Words = EN
) -> Message:
    return feed_message(a_digest(*items), said, form=form, number=number, has_thread=has_thread)


def cards_of(message: Message) -> tuple[Card, ...]:
    assert message.thread is not None
    return message.thread.cards


def card_of(item: DigestItem | SeenPaper, form: Form = Form.CARDS, number: int | None = 7) -> Card:
    (card,) = cards_of(fed(item, form=form, number=number))
    return card


def written(spans: tuple[Span, ...]) -> str:
    return "".join(span.text for span in spans)


def lines_of(card: Card) -> list[str]:
    return ["".join(span.text for span in spans_of(block)) for block in card.blocks]


def list_of(message: Message) -> Bullets:
    (listed,) = (block for block in message.blocks if isinstance(block, Bullets) and block.is_numbered)
    return listed


def test_a_card_says_who_why_and_what_and_holds_its_summary_in_fields() -> None:
    card = card_of(FULL)
    assert (card.number, card.title, card.url) == (
        1,
        "1. A Notebook for Forgetful Assistants",
        "https://arxiv.org/abs/2601.00001",
    )
    assert card.byline == "Author 0, Author 1, Author 2 and 6 more"
    assert lines_of(card) == [
        "score 4.0: title: notebook 4.0",
        "2026-01-06 · cs.CL, cs.AI · new · 156 votes",
        "Caution: too few of the figures below are in the text that was read.",
        "TL;DR: Notes help.",
    ]
    assert [(name, written(spans)) for name, spans in card.fields] == [
        ("Problem", "They forget."),
        ("Results", "• 12.5 points\n• no cost"),
        ("Steps", "1. write\n2. read"),
        ("Parts", "Pen: writes\nEye: reads"),
        ("Tags", "memory, notes"),
        ("Held against the text", "Figures: 1 of 2 in the text; not there: 7x"),
        ("Code", "github.com/example/notebook"),
    ]
    assert [span.url for span in card.fields[-1][1]] == [CODE]
    assert [span.text for span in card.fields[3][1] if span.mark == "bold"] == ["Pen", "Eye"]
    assert card.footer == "Written by m-1 from the full text (PDF)."


def test_a_compact_card_is_one_sentence_without_fields() -> None:
    card = card_of(FULL, Form.COMPACT)
    assert lines_of(card)[-1] == "TL;DR: Notes help."
    assert (card.fields, card.footer) == ((), "Written by m-1 from the full text (PDF).")


@pytest.mark.parametrize("form", CARDED)
@pytest.mark.parametrize("lack", [None, *Lack])
def test_without_a_summary_there_is_the_abstract_and_the_reason_and_no_empty_field(form: Form, lack: Lack | None) -> None:
    card = card_of(DigestItem(pick=a_pick(), lack=lack), form)
    assert lines_of(card)[-1].startswith("Abstract: Long conversations make assistants forget")
    assert card.fields == ()
    assert (EN(f"lack.{lack}") if lack else "There is no summary") in card.footer


@pytest.mark.parametrize("summary", [None, a_summary(tldr="", fields=())])
def test_of_a_paper_without_an_abstract_the_card_says_so(summary: None) -> None:
    card = card_of(DigestItem(pick=a_pick(a_seen(a_paper(abstract=""))), summary=summary))
    assert card.footer == "There is no abstract."
    assert not any("Abstract" in line for line in lines_of(card))


def test_the_beginning_of_an_abstract_ends_with_a_sentence() -> None:
    sentence = "It has many words and one end only. "
    begun = lines_of(card_of(a_seen(a_paper(abstract=sentence * 20)), Form.COMPACT))[-1]
    assert begun == f"Abstract: {(sentence * 6).strip()} …"
    endless = "word " * 200
    assert lines_of(card_of(a_seen(a_paper(abstract=endless)), Form.COMPACT))[-1] == f"Abstract: {endless.strip()}"


def test_the_list_has_a_line_for_each_paper_with_score_and_votes_and_begins_none() -> None:
    late = DigestItem(pick=replace(a_pick(a_seen(a_paper(arxiv_id="2601.00002", title="Old"))), is_late=True))
    message = fed(FULL, late)
    assert [written(line) for line in list_of(message).items] == [
        "A Notebook for Forgetful Assistants · score 4.0 · 156 votes",
        "Old · score 4.0 · late: an earlier digest could not be delivered",
    ]
    assert links_of(message)["Old"] == "https://arxiv.org/abs/2601.00002"
    assert not any(isinstance(block, Item) for block in message.blocks)
    assert [card.number for card in cards_of(message)] == [1, 2]
    assert "late: an earlier digest could not be delivered" in lines_of(cards_of(message)[1])


def test_titles_alone_are_the_papers_and_have_no_cards() -> None:
    message = fed(FULL, a_seen(a_paper(arxiv_id="2601.00002")), form=Form.TITLES)
    items = [block for block in message.blocks if isinstance(block, Item)]
    assert [item.number for item in items] == [1, 2]
    assert [item.button for item in items] == [Button(label="1", action="1dp:7.1"), Button(label="2", action="1dp:7.2")]
    assert cards_of(message) == ()


def test_the_row_below_a_card_leads_to_all_that_can_be_done_and_shows_nobodys_mark() -> None:
    (row,) = card_of(FULL).rows
    assert [(button.label, button.action or button.url) for button in row] == [
        ("Summary", "1dx:7.1"),
        ("👍", "1dv:7.1.1.c"),
        ("👎", "1dv:7.1.-1.c"),
        ("Save", "1ds:7.1.1.c"),
        ("PDF", "https://arxiv.org/pdf/2601.00001v1"),
    ]


def test_where_a_paper_can_be_read_nowhere_its_card_leads_nowhere() -> None:
    card = card_of(a_seen(a_paper(key=PaperKey(scheme=Scheme.FILE, value="refs.bib:key"))))
    assert (card.url, [button.label for button in card.rows[0]]) == (None, ["Summary", "👍", "👎", "Save"])


@pytest.mark.parametrize("form", Form)
def test_without_a_number_there_are_no_buttons_but_links(form: Form) -> None:
    message = fed(FULL, form=form, number=None)
    assert not any(isinstance(block, Buttons) for block in message.blocks)
    for card in cards_of(message):
        assert card.rows == ()
        assert {"PDF", "HTML", "Code"} <= {span.text for span in spans_of(card.blocks[-1]) if span.url}


@pytest.mark.parametrize("form", Form)
def test_below_the_list_stands_what_a_digest_says_elsewhere(form: Form) -> None:
    digest = replace(
        a_digest(
            DigestItem(pick=VOTED, lack=Lack.QUOTA),
            counts=Counts(found=214, matched=8, listed=1),
            notices=tuple(a_notice(subject=f"cs.X{n}", detail=str(n)) for n in range(9)),
        ),
        below_votes=1,
        makes_up_for=(date(2026, 1, 5), date(2026, 1, 5)),
    )
    message = feed_message(digest, EN, form=form, number=7, has_thread=True)
    said = text_of(message)
    head, _, below = said.partition("A Notebook for Forgetful Assistants")
    assert head.startswith("Papers of 2026-01-06\n8 of 214 papers matched, from cs.CL\n")
    assert "2026-01-05" in head
    order = (EN("below_votes"), EN("and_more", n=7), EN("lack.quota"), "arXiv cs.X0", "and 1 more remark")
    assert sorted(order, key=below.index) == list(order)
    tail = Buttons(rows=((Button(label="7 more", action="1dm:7.1"), Button(label="Settings", action="1st")),))
    assert message.blocks[-1] == tail


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("reason", Emptiness)
def test_an_empty_day_has_its_reason_and_a_name_and_no_card(form: Form, reason: Emptiness) -> None:
    digest = a_digest(empty_because=(reason,), counts=Counts(found=214, matched=0, listed=0))
    message = feed_message(digest, EN, form=form, number=7, has_thread=True)
    assert EN(f"empty.{reason}", n=214, places="cs.CL") in text_of(message)
    assert ("/keywords" in text_of(message)) == (reason is Emptiness.NOTHING_MATCHED)
    assert message.thread is not None
    assert (message.thread.name, message.thread.cards) == ("No papers · 2026-01-06", ())


@pytest.mark.parametrize("has_thread", [True, False])
def test_whether_papers_come_in_a_thread_is_as_it_was_asked_for(has_thread: bool) -> None:
    thread = fed(FULL, has_thread=has_thread).thread
    assert thread is not None
    assert (thread.name, thread.is_apart) == ("1 paper · 2026-01-06", has_thread)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("count", [0, 1, 2, 100])
def test_a_thread_is_called_after_the_count_and_the_day_in_every_language(language: str, count: int) -> None:
    papers = [a_seen(a_paper(arxiv_id=f"2601.{n:05}", title="x" * 300)) for n in range(1, count + 1)]
    thread = fed(*papers, said=words(language)).thread
    assert thread is not None
    assert "2026-01-06" in thread.name
    assert thread.name.startswith(f"{count} ") == (count > 0)
    assert 1 <= len(thread.name) <= 100


def test_a_card_has_the_source_that_counts_votes_or_else_the_first_that_had_it() -> None:
    early, later = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 6, tzinfo=UTC)
    arxiv, bib = a_sighting(seen_at=early), a_sighting(source="bibtex:refs.bib", seen_at=later)
    voted = a_sighting(source="huggingface", seen_at=later, votes=0)
    assert card_of(a_seen(a_paper(), bib, arxiv)).source == "arxiv"
    assert card_of(a_seen(a_paper(), bib, arxiv, voted)).source == "huggingface"
    assert card_of(SeenPaper(paper=a_paper())).source == ""


def test_a_paper_by_itself_is_a_card_without_a_place() -> None:
    card = paper_card(VOTED.seen, WRITTEN, EN)
    assert (card.title, card.rows) == ("A Notebook for Forgetful Assistants", ())
    assert card.fields == card_of(FULL).fields


MARKUP = [
    "**bold** `code` [a](http://b.c)",
    "@everyone <@1> ||x||",
    "1. one: two",
    "Name: text",
    "a\n\n# b",
    "\u202eevil",
    " ",
    "$x^2$ \\emph{y}",
]
HOSTILE = st.text(max_size=80) | st.sampled_from(MARKUP)
LONG = HOSTILE | st.text(min_size=1, max_size=20).map(lambda said: f"{said} and " * 300 + "end")
SECTIONS = st.builds(
    SummaryField,
    name=st.just("f"),
    heading=HOSTILE,
    points=st.lists(LONG, max_size=4).map(tuple),
    form=st.sampled_from(FieldKind),
)
SUMMARIES = st.builds(
    a_summary,
    model=st.none() | HOSTILE,
    tldr=LONG,
    fields=st.lists(SECTIONS, max_size=4).map(tuple),
    tags=st.lists(HOSTILE, max_size=4).map(tuple),
)
PAPERS = st.builds(
    a_paper,
    title=HOSTILE,
    abstract=HOSTILE,
    authors=st.lists(HOSTILE, max_size=3).map(tuple),
    categories=st.lists(HOSTILE, max_size=3).map(tuple),
)
ITEMS = st.builds(
    DigestItem,
    pick=PAPERS.map(lambda paper: a_pick(a_seen(paper))),
    summary=st.none() | SUMMARIES,
    lack=st.none() | st.sampled_from(Lack),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ITEMS, min_size=1, max_size=3), st.sampled_from(Form), st.sampled_from(languages()).map(words))
def test_whatever_the_texts_each_is_in_the_message_whole(items: list[DigestItem], form: Form, said: Words) -> None:
    digest: Digest = a_digest(*items)
    message = feed_message(digest, said, form=form, number=7, has_thread=True)
    assert isinstance(message.blocks[0], Heading)
    for item in items:
        assert title_of(item.pick.seen.paper) in text_of(message)
    assert len(cards_of(message)) == (0 if form is Form.TITLES else len(items))
    for item, card in zip(items, cards_of(message), strict=False):
        paper, summary, lines = item.pick.seen.paper, item.summary, "\n".join(lines_of(card))
        assert card.title.endswith(title_of(paper))
        assert card.byline == ", ".join(shown(author.name) for author in paper.authors)
        assert all(name in lines for name in paper.categories)
        assert card.footer
        assert all(unpacked(button.action) for row in card.rows for button in row if not button.url)
        assert all(written(spans).strip() for _, spans in card.fields)
        if summary is None or not summary.tldr:
            assert shown(paper.abstract) in lines
            continue
        assert shown(summary.tldr) in lines
        if form is Form.CARDS:
            fields = [(name, written(spans)) for name, spans in card.fields]
            for field in summary.fields:
                values = [value for name, value in fields if name == shown(field.heading)]
                assert all(any(point in value for value in values) for point in map(shown, field.points) if point)
            assert all(shown(tag) in dict(fields)[said("paper.tags")] for tag in summary.tags if shown(tag))
