"""A digest as a file, in six formats. Each is imported when it is asked for: jinja2 alone takes 62 ms."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.digests import Counts, Criteria, Digest, DigestItem, Pick, Score
from bot.domain.papers import SeenPaper
from bot.domain.summaries import Lack, Summary
from bot.domain.words import Words
from bot.errors import BadInput

PAGE_WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What only some formats heed: the page a feed belongs to, a terminal's width in columns and whether it has colours.

    `is_single` means one paper that somebody asked for, without a wish and a choice to explain.
    """

    link: str = ""
    width: int = PAGE_WIDTH
    is_coloured: bool = False
    is_single: bool = False


Render = Callable[[Digest, Words, Look], str]


def _terminal(digest: Digest, words: Words, look: Look) -> str:
    from bot.reports.terminal import terminal_page
    from bot.reports.view import page

    return terminal_page(page(digest, words, is_single=look.is_single), words, look.width, is_coloured=look.is_coloured)


def _markdown(digest: Digest, words: Words, look: Look) -> str:
    from bot.reports.markdown import markdown_page
    from bot.reports.view import page

    return markdown_page(page(digest, words, is_single=look.is_single), words)


def _html(digest: Digest, words: Words, look: Look) -> str:
    from bot.reports.html import html_page
    from bot.reports.view import page

    return html_page(page(digest, words, is_single=look.is_single), words)


def _rss(digest: Digest, words: Words, look: Look) -> str:
    from bot.reports.feed import rss

    return rss(digest, words, look.link, is_single=look.is_single)


def _atom(digest: Digest, words: Words, look: Look) -> str:
    from bot.reports.feed import atom

    return atom(digest, words, look.link, is_single=look.is_single)


def _json(digest: Digest, _words: Words, _look: Look) -> str:
    from bot.reports.json import json

    return json(digest)


FORMATS: Mapping[str, Render] = {
    "terminal": _terminal,
    "markdown": _markdown,
    "html": _html,
    "rss": _rss,
    "atom": _atom,
    "json": _json,
}


def report(digest: Digest, form: str, words: Words, *, link: str = "", is_terminal: bool = False) -> str:
    """The digest in one of FORMATS; on a real terminal as wide as that is, and in colour unless NO_COLOR is set.

    Raises BadInput for a format that does not exist.
    """
    return _render(digest, form, words, _look(link, is_terminal=is_terminal))


def paper_report(
    seen: SeenPaper,
    summary: Summary | None,
    form: str,
    words: Words,
    *,
    made_at: datetime,
    lack: Lack | None = None,
    is_terminal: bool = False,
) -> str:
    """One paper that somebody asked for, with its summary, in one of FORMATS; as JSON a digest of one paper.

    `lack` says why a model's summary is missing for now.
    """
    digest = Digest(
        on=made_at.date(),
        made_at=made_at,
        criteria=Criteria(sources=tuple(dict.fromkeys(sighting.source for sighting in seen.sightings))),
        items=(DigestItem(pick=Pick(seen=seen, score=Score(value=0.0)), summary=summary, lack=lack),),
        counts=Counts(found=1, matched=1, listed=1),
        model=summary.model if summary else None,
        language=words.language,
        style=summary.style if summary else "card",
    )
    look = _look("", is_terminal=is_terminal)
    return _render(digest, form, words, Look(width=look.width, is_coloured=look.is_coloured, is_single=True))


def _render(digest: Digest, form: str, words: Words, look: Look) -> str:
    if form not in FORMATS:
        message = f"there is no format {form!r}; there are: {', '.join(FORMATS)}"
        raise BadInput(message)
    return FORMATS[form](digest, words, look)


def _look(link: str, *, is_terminal: bool) -> Look:
    if not is_terminal:
        return Look(link=link)
    width = shutil.get_terminal_size((PAGE_WIDTH, 24)).columns
    return Look(link=link, width=min(width, PAGE_WIDTH), is_coloured=not os.environ.get("NO_COLOR"))
