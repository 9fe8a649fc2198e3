"""Summaries as JSON values and back. Pure; what was stored by an older release is read with the defaults of its fields."""

from typing import Any

from bot.domain.budget import Usage
from bot.domain.findings import CheckedQuotation, Evidence, Figure, FigureState, Quotation
from bot.domain.papers import PaperKey, PaperRef, Scheme, TextOrigin
from bot.domain.styles import FieldKind
from bot.domain.summaries import Lack, Summary, SummaryField

Values = dict[str, Any]  # Any: JSON


def summary_values(summary: Summary) -> Values:
    """Everything of a summary, with the paper it is of."""
    ref, usage = summary.ref, summary.usage
    return {
        "ref": [ref.key.scheme, ref.key.value, ref.version],
        "style": summary.style,
        "language": summary.language,
        "model": summary.model,
        "origin": summary.origin,
        "tldr": summary.tldr,
        "fields": [[field.name, field.heading, list(field.points), field.form] for field in summary.fields],
        "tags": list(summary.tags),
        "share": summary.share,
        "lack": summary.lack,
        "evidence": None if summary.evidence is None else _evidence_values(summary.evidence),
        "usage": None if usage is None else [usage.tokens_in, usage.tokens_out, usage.calls, usage.is_estimate],
    }


def summary_of(values: Values) -> Summary:
    """The summary of stored values."""
    scheme, value, version = values["ref"]
    evidence, usage, lack = values.get("evidence"), values.get("usage"), values.get("lack")
    return Summary(
        ref=PaperRef(key=PaperKey(scheme=Scheme(scheme), value=value), version=version),
        style=values["style"],
        language=values["language"],
        model=values["model"],
        origin=TextOrigin(values["origin"]),
        tldr=values["tldr"],
        fields=tuple(_field(*field) for field in values["fields"]),
        tags=tuple(values.get("tags", ())),
        share=values.get("share", 1.0),
        lack=None if lack is None else Lack(lack),
        evidence=None if evidence is None else _evidence(evidence),
        usage=None if usage is None else _usage(*usage),
    )


def _field(name: str, heading: str, points: list[str], form: str = FieldKind.POINTS) -> SummaryField:
    return SummaryField(name=name, heading=heading, points=tuple(points), form=FieldKind(form))


def _evidence_values(evidence: Evidence) -> Values:
    quoted = [(checked.quotation, checked.is_found) for checked in evidence.quotations]
    return {
        "figures": [[figure.written, figure.state] for figure in evidence.figures],
        "quotations": [[quotation.text, quotation.section, is_found] for quotation, is_found in quoted],
    }


def _evidence(values: Values) -> Evidence:
    return Evidence(
        figures=tuple(Figure(written=written, state=FigureState(state)) for written, state in values["figures"]),
        quotations=tuple(
            CheckedQuotation(quotation=Quotation(text=text, section=section), is_found=is_found)
            for text, section, is_found in values["quotations"]
        ),
    )


def _usage(tokens_in: int, tokens_out: int, calls: int, is_estimate: bool) -> Usage:
    return Usage(tokens_in=tokens_in, tokens_out=tokens_out, calls=calls, is_estimate=is_estimate)
