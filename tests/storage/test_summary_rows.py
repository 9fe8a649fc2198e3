from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from bot.domain.budget import Usage
from bot.domain.findings import CheckedQuotation, Evidence, Figure, FigureState, Quotation
from bot.domain.papers import PaperKey, PaperRef, Scheme, TextOrigin
from bot.domain.styles import FieldKind
from bot.domain.summaries import Lack, Summary, SummaryField
from bot.storage.summary_rows import summary_of, summary_values
from bot.storage.types import Json, clean
from tests.builders import a_summary


def summaries(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Summary]:
    refs = st.builds(
        PaperRef, key=st.builds(PaperKey, scheme=st.sampled_from(Scheme), value=texts), version=st.none() | st.integers(1)
    )
    figures = st.builds(Figure, written=texts, state=st.sampled_from(FigureState))
    quotations = st.builds(CheckedQuotation, quotation=st.builds(Quotation, text=texts, section=texts), is_found=st.booleans())
    evidence = st.builds(Evidence, figures=st.lists(figures).map(tuple), quotations=st.lists(quotations).map(tuple))
    fields = st.builds(
        SummaryField, name=texts, heading=texts, points=st.lists(texts).map(tuple), form=st.sampled_from(FieldKind)
    )
    counts = st.integers(0)
    usages = st.builds(Usage, tokens_in=counts, tokens_out=counts, calls=counts, is_estimate=st.booleans())
    return st.builds(
        Summary,
        ref=refs,
        style=texts,
        language=texts,
        model=st.none() | texts,
        origin=st.sampled_from(TextOrigin),
        tldr=texts,
        fields=st.lists(fields, max_size=4).map(tuple),
        tags=st.lists(texts, max_size=4).map(tuple),
        share=st.floats(0, 1, exclude_min=True),
        lack=st.none() | st.sampled_from(Lack),
        evidence=st.none() | evidence,
        usage=st.none() | usages,
    )


def through_a_column(summary: Summary) -> Summary:
    column, dialect = Json(), sqlite.dialect()
    return summary_of(column.process_result_value(column.process_bind_param(summary_values(summary), dialect), dialect))


@given(summaries(st.text(st.characters(codec="utf-8", exclude_characters="\0"))))
def test_any_summary_comes_back_as_it_was(summary: Summary) -> None:
    assert through_a_column(summary) == summary


@given(summaries(st.text(st.characters())))
def test_what_no_database_holds_comes_back_cleaned_and_stays_so(summary: Summary) -> None:
    kept = through_a_column(summary)
    assert kept.tldr == clean(summary.tldr)
    assert through_a_column(kept) == kept


def test_what_an_older_release_did_not_write_has_its_default() -> None:
    summary = a_summary(model="example-model")
    values = summary_values(summary)
    for name in ("tags", "share", "lack", "evidence", "usage"):
        del values[name]
    values["fields"] = [field[:3] for field in values["fields"]]
    assert summary_of(values) == summary
    assert summary.fields[0].form is FieldKind.POINTS
