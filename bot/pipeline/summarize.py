"""Steps 3 and 4: each chosen paper is read and summarized. A paper whose text or summary fails goes out with its abstract."""

from collections.abc import Sequence

from bot.domain.digests import DigestItem, Pick
from bot.domain.papers import FullText, Paper, PaperRef, Section, TextOrigin
from bot.domain.progress import Report, Stage
from bot.domain.summaries import Summary
from bot.errors import Retry, Skip
from bot.ports import FullTextReader, Summarizer


async def summarize(
    picks: Sequence[Pick],
    *,
    reader: FullTextReader,
    summarizer: Summarizer,
    style: str,
    language: str,
    first: int | None,
    report: Report,
) -> tuple[DigestItem, ...]:
    """The items of a digest in the order of `picks`; only the `first` ones get a summary (None: all of them)."""
    wanted = len(picks) if first is None else min(first, len(picks))
    items = []
    for index, pick in enumerate(picks):
        summary = None
        if index < wanted:
            summary = await summarize_paper(pick.seen.paper, reader=reader, summarizer=summarizer, style=style, language=language)
            report(Stage.SUMMARIZE, pick.seen.paper.title, index + 1, wanted)
        items.append(DigestItem(pick=pick, summary=summary))
    return tuple(items)


async def summarize_paper(
    paper: Paper, *, reader: FullTextReader, summarizer: Summarizer, style: str, language: str
) -> Summary | None:
    """One paper's summary, None if there is none to be had now: the caller shows the abstract and says so."""
    try:
        text = await reader.read(paper)
    except (Skip, Retry):
        text = abstract_of(paper)
    try:
        return await summarizer.summarize(paper, text, style, language)
    except (Skip, Retry):
        return None


def abstract_of(paper: Paper) -> FullText:
    """The text that is always there."""
    return FullText(
        ref=PaperRef(key=paper.key, version=paper.version),
        sections=(Section(heading="Abstract", text=paper.abstract),),
        origin=TextOrigin.ABSTRACT,
    )
