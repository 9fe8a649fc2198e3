"""The sentences of digests and papers, which chats and reports share, and one paper as a Message. A digest is in `digest_layout`.

Whatever comes from outside is shown through `shown()`; the words around it come from a catalogue.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

from bot.domain.announcements import EASTERN
from bot.domain.digests import Digest, Emptiness, Reason, ReasonKind, Score
from bot.domain.intake import Notice, Why
from bot.domain.links import code_links, public_links, united
from bot.domain.messages import Block, Heading, Message, Paragraph, Quote, Span, paragraph
from bot.domain.papers import LinkKind, Paper, SeenPaper
from bot.domain.summaries import Lack, Summary
from bot.domain.summary_layout import has_summary, summary_blocks
from bot.domain.visible import is_web, linked_title, shown
from bot.domain.words import Words

_DOT = " · "


def joined(parts: Sequence[str], words: Words) -> str:
    """Name things in a row as the language does: "a, b and c"."""
    if not parts:
        return ""
    whole = parts[0]
    for part in parts[1:-1]:
        whole = words("list.comma", first=whole, last=part)
    return words("list.and", first=whole, last=parts[-1]) if len(parts) > 1 else whole


def source_name(source: str, words: Words) -> str:
    """How people call a source: a file goes by its own name."""
    key = f"source.{source}"
    return words(key) if key in words.sentences else shown(source.removeprefix("bibtex:"))


def places(digest: Digest, words: Words) -> str:
    """Where the papers come from: arXiv goes by its categories, if any were asked for."""
    names: list[str] = []
    for source in digest.criteria.sources:
        is_by_category = source == "arxiv" and digest.criteria.categories
        names.extend(digest.criteria.categories if is_by_category else (source_name(source, words),))
    return joined(tuple(dict.fromkeys(names)), words)


def head_line(digest: Digest, words: Words) -> str:
    """Say how many matched, of how many, from where: "8 of 214 papers matched, from cs.CL and Hugging Face"."""
    return words("digest.head", matched=digest.counts.matched, n=digest.counts.found, places=places(digest, words))


def catchup_line(digest: Digest, words: Words) -> str:
    """Of a digest that stands for days that had none: which, and why; "" for any other."""
    if digest.makes_up_for is None:
        return ""
    first, last = digest.makes_up_for
    if first == last:  # no plural: in every language it is another sentence
        return words("digest.catchup_of_one", first=first.isoformat())
    return words("digest.catchup", first=first.isoformat(), last=last.isoformat(), n=(last - first).days + 1)


def reasons_line(score: Score, words: Words) -> str:
    """Each part of a score with its points: "title: diffusion 4.0; 156 votes 1.2"."""
    return words("reason.separator").join(_reason(reason, words) for reason in score.reasons)


def _reason(reason: Reason, words: Words) -> str:
    n = int(reason.matched) if reason.kind is ReasonKind.VOTES and reason.matched.isdecimal() else None
    return words(f"reason.{reason.kind}", matched=shown(reason.matched) if n is None else n, points=f"{reason.points:.1f}", n=n)


def notices_lines(notices: Iterable[Notice], words: Words, *, at_most: int | None = None) -> tuple[str, ...]:
    """One sentence for each notice, equal ones about several categories in one; past `at_most`, how many more there are."""
    together: dict[Notice, list[str]] = {}
    for notice in notices:
        is_of_source = notice.why not in _ABOUT_ENTRY
        alike = Notice(source=notice.source, why=notice.why, detail=notice.detail, on=notice.on) if is_of_source else notice
        together.setdefault(alike, []).append(notice.subject)
    lines = tuple(dict.fromkeys(_notice(notice, tuple(subjects), words) for notice, subjects in together.items()))
    if at_most is None or len(lines) <= at_most:
        return lines
    return (*lines[:at_most], words("and_more_notices", n=len(lines) - at_most))


_ABOUT_ENTRY = frozenset({Why.BAD_ENTRY, Why.GUESSED, Why.NOT_ON_ARXIV})


def _notice(notice: Notice, subjects: tuple[str, ...], words: Words) -> str:
    source = source_name(notice.source, words)
    day = notice.on.isoformat() if notice.on else words("day.unknown")
    topics = tuple(dict.fromkeys(shown(subject) for subject in subjects if subject and subject != day))
    subject = joined(topics, words)
    if notice.why in _ABOUT_ENTRY or notice.why is Why.BAD_TOPIC:
        missing = words("why.a_topic" if notice.why is Why.BAD_TOPIC else "why.an_entry")
        subject = subject or missing
    elif subject:
        source = words("source.topic", source=source, topic=subject)
    return words(f"why.{notice.why}", source=source, date=day, subject=subject, extra=_extra(notice, words))


def _extra(notice: Notice, words: Words) -> str:
    due = _due(notice)
    parts = (
        words("why.due", due=due) if due else "",
        words("why.line", line=str(notice.line)) if notice.line is not None else "",
        shown(notice.detail).rstrip(". "),
    )
    told = "; ".join(part for part in parts if part)
    return words("why.extra", extra=told) if told else ""


def _due(notice: Notice) -> str:
    """When a batch of arXiv's that is not out is due: its feed appears at midnight of its date, US Eastern."""
    if notice.why is not Why.NOT_OUT_YET or notice.source != "arxiv" or notice.on is None or notice.detail:
        return ""
    return instant(datetime.combine(notice.on, time(), tzinfo=EASTERN))


def instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def empty_lines(digest: Digest, words: Words) -> tuple[str, ...]:
    """Why there is nothing, for selection as a whole and for each source by itself."""
    said = {notice.source for notice in digest.notices}
    answered = tuple(source for source in digest.criteria.sources if source not in said)
    asked = tuple(source_name(source, words) for source in answered or digest.criteria.sources)
    named = places(digest, words) if not said else joined(asked, words)
    reasons = digest.empty_because or (() if digest.notices else (Emptiness.NOTHING_LISTED,))
    return tuple(words(f"empty.{reason}", n=digest.counts.found, places=named) for reason in reasons)


def code_urls(paper: Paper) -> tuple[str, ...]:
    """Every code link that is known of or named in the paper's texts."""
    known = united(paper.links, code_links(paper.abstract, paper.comment))
    return tuple(url for link in known if link.kind is LinkKind.CODE and is_web(url := link.url.rstrip(".,;:!?)}]>'\"\\")))


def closing_lines(digest: Digest, words: Words) -> tuple[str, ...]:
    """What is said below the last paper: what was listed for want of better, and how many were left out."""
    if not digest.items:
        return ()
    below = (words("below_votes"),) if digest.below_votes else ()
    return (*below, words("and_more", n=digest.left_out)) if digest.left_out else below


def paper_message(seen: SeenPaper, summary: Summary | None, words: Words, *, lack: Lack | None = None) -> Message:
    """One paper in full: who, when, what was made of it and rests on, its abstract folded, where it can be read.

    `lack` says why a model's summary is missing for now.
    """
    blocks: list[Block] = [Heading(spans=(linked_title(seen.paper),)), paragraph(about_line(seen, words, at_most=None))]
    blocks += summary_blocks(summary, seen.paper, words, lack=lack, is_full=True)
    if has_summary(summary) and seen.paper.abstract:
        blocks.append(Quote(spans=(Span(shown(seen.paper.abstract)),), is_folded=True))
    return Message(blocks=(*blocks, links_line(seen.paper, words)))


def about_line(seen: SeenPaper, words: Words, *, at_most: int | None) -> str:
    """Authors, date, categories, type and votes on one line; what is unknown is left out."""
    return _DOT.join(part for part in (author_line(seen.paper, words, at_most), facts_line(seen, words)) if part)


def facts_line(seen: SeenPaper, words: Words) -> str:
    """What `about_line` says behind the authors."""
    paper = seen.paper
    day = seen.announced_on or (paper.published_at.date() if paper.published_at else None)
    votes = words("paper.votes", n=seen.votes) if seen.votes is not None else ""
    withdrawn = words("paper.withdrawn") if paper.is_withdrawn else ""
    parts = (str(day or ""), ", ".join(paper.categories), announce_line(seen, words), votes, withdrawn)
    return _DOT.join(part for part in parts if part)


def author_line(paper: Paper, words: Words, at_most: int | None = None) -> str:
    names = [shown(author.name) for author in paper.authors]
    if at_most is None or len(names) <= at_most + 1:
        return ", ".join(names)
    return ", ".join(names[:at_most]) + " " + words("list.more", n=len(names) - at_most)


def announce_line(seen: SeenPaper, words: Words) -> str:
    """How arXiv announced it, each kind once."""
    kinds = dict.fromkeys(sighting.announce_type for sighting in seen.sightings if sighting.announce_type)
    return ", ".join(words(f"announced.{kind}") for kind in kinds)


def links_line(paper: Paper, words: Words) -> Paragraph:
    """Every public page of the paper, and its code."""
    named = [(words(f"link.{link.kind}"), link.url) for link in public_links(paper.key, paper.version)]
    return _linked((*named, *_named_code(paper, words)))


def code_line(paper: Paper, words: Words, at_most: int) -> Paragraph:
    """The paper's code alone; of nothing, where there is none."""
    return _linked(_named_code(paper, words)[:at_most])


def _named_code(paper: Paper, words: Words) -> tuple[tuple[str, str], ...]:
    return tuple((words("link.code"), url) for url in code_urls(paper))


def _linked(named: Sequence[tuple[str, str]]) -> Paragraph:
    spans = [Span(label, url=url) for label, url in named]
    gaps = [Span(_DOT)] * len(spans)
    return Paragraph(spans=tuple(span for pair in zip(spans, gaps, strict=True) for span in pair)[:-1])


def date_or_unknown(day: date | datetime | None, words: Words) -> str:
    return f"{day:%Y-%m-%d}" if day else words("paper.unknown")
