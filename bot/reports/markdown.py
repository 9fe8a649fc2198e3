"""A digest as one Markdown page, as GitHub reads it: every heading of a summary stands at one depth, whatever its style."""

import re
from collections.abc import Iterator
from itertools import count

from bot.domain.digests import Digest
from bot.domain.styles import FieldKind
from bot.domain.words import Words
from bot.reports.view import PageView, PaperView, SectionView, page

_ANYWHERE = re.compile(r"[\\`*_\[\]|~$]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_AT_START = re.compile(r"^([-+=#:])|^(\d{1,9})([.)])(?=\s|$)")
_URL = re.compile(r"https?://[^\s<>\"'`\\{}|^]+[\w/#=-]")
_TARGET = {"(": "%28", ")": "%29", "|": "%7C", "\\": "%5C"}


def markdown(digest: Digest, words: Words) -> str:
    """The whole page; ends with a newline."""
    return markdown_page(page(digest, words), words)


def markdown_page(view: PageView, words: Words) -> str:
    parts = (*_head(view, words), *_index(view, words), *_papers(view, words), *_remarks(view, words))
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Data as Markdown that shows exactly this text, at the start of a line as inside one, in a table and in a link."""
    text = _ANYWHERE.sub(r"\\\g<0>", text).translate(_ENTITIES)
    return _AT_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)


def _prose(text: str) -> str:
    """Longer data, in which addresses become links that end before the full stop."""
    parts: list[str] = []
    end = 0
    for found in _URL.finditer(text):
        parts += (escaped(text[end : found.start()]), f"<{found[0]}>")
        end = found.end()
    return "".join((*parts, escaped(text[end:])))


def _link(text: str, url: str | None) -> str:
    """`text` is Markdown already."""
    return f"[{text}]({''.join(_TARGET.get(char, char) for char in url)})" if url else text


def _head(view: PageView, words: Words) -> Iterator[str]:
    yield f"# {escaped(view.title)}"
    if view.line:
        yield escaped(view.line)
    if view.catchup:
        yield f"*{escaped(view.catchup)}*"
    yield "\n".join(f"- **{escaped(label)}**: {escaped(value)}" for label, value in view.facts)
    if view.is_empty:
        yield f"## {escaped(words('digest.empty'))}"
        yield "\n".join(f"- {escaped(line)}" for line in (*view.empty, *view.notices))


def _index(view: PageView, words: Words) -> Iterator[str]:
    if view.papers and not view.is_single:
        yield f"## {escaped(words('digest.index'))}"
        yield "\n".join(_index_line(paper, words) for paper in view.papers)


def _index_line(paper: PaperView, words: Words) -> str:
    links = [_link(escaped(words("link.paper")), paper.url)] if paper.url else []
    links += [_link(escaped(words("link.code")), url) for url in paper.code[:1]]
    links.append(_link(escaped(words("link.notes")), f"#{paper.anchor}"))
    return f"- [{paper.month}] **{escaped(paper.title)}** " + " ".join(f"[{link}]" for link in links)


def _papers(view: PageView, words: Words) -> Iterator[str]:
    if view.papers and not view.is_single:
        yield f"## {escaped(words('digest.papers'))}"
    for paper in view.papers:
        yield from _paper(paper, words)
    if view.more:
        yield f"*{escaped(view.more)}*"


def _paper(paper: PaperView, words: Words) -> Iterator[str]:
    yield f'<a id="{paper.anchor}"></a>'
    yield f"### {paper.number}. {_link(escaped(paper.title), paper.url)}"
    if paper.badge:
        yield f"*{escaped(paper.badge)}*"
    for warning in paper.warnings:
        yield f"**{escaped(warning)}**"
    rows = [f"- {_label('paper.authors', words)}: {escaped(paper.authors)}"]
    rows += [f"- **{escaped(label)}**: {_prose(value)}" for label, value in paper.facts]
    rows += [f"- {_label('paper.why', words)}: {escaped(paper.why)}"] if paper.why else []
    yield "\n".join(rows)
    yield from _summary(paper, words)
    if paper.abstract:
        yield _folded(words("paper.abstract"), _prose(paper.abstract))
    yield _table(paper, words)
    yield f'<a id="{paper.anchor}-bibtex"></a>'
    yield _folded(words("link.bibtex"), fenced(paper.bibtex))


def _label(key: str, words: Words) -> str:
    return f"**{escaped(words(key))}**"


def _summary(paper: PaperView, words: Words) -> Iterator[str]:
    if paper.caution:
        yield f"**{escaped(paper.caution)}**"
    if paper.tldr:
        yield f"{_label('paper.tldr', words)}: {_prose(paper.tldr)}"
    for section in paper.sections:
        yield f"#### {escaped(section.heading)}"
        yield _points(section)
    if paper.quotes:
        yield f"#### {escaped(words('evidence.quotes'))}"
        yield "\n".join(f"- {escaped(quote)}" for quote in paper.quotes)
    yield from (f"*{escaped(line)}*" for line in (*paper.checks, paper.mark))


def _points(section: SectionView) -> str:
    if section.form is FieldKind.TEXT:
        return "\n\n".join(_prose(text) for _, text in section.points)
    signs = (f"{number}." if section.form is FieldKind.NUMBERED else "-" for number in count(1))
    # The colon after a name is ours and begins no line, so it is not escaped.
    named = (f"**{escaped(name)}**{text[:1]}{_prose(text[1:])}" if name else _prose(text) for name, text in section.points)
    return "\n".join(f"{sign} {text}" for sign, text in zip(signs, named, strict=False))


def _folded(label: str, inner: str) -> str:
    return f"<details>\n<summary>{label.translate(_ENTITIES)}</summary>\n\n{inner}\n\n</details>"


def fenced(text: str) -> str:
    """Code as it is, in a fence longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}bibtex\n{text.rstrip()}\n{fence}"


def _table(paper: PaperView, words: Words) -> str:
    rows = [(row.label, "<br>".join(_link(escaped(url), url) for url in row.urls)) for row in paper.links]
    rows.append((words("link.bibtex"), _link(escaped(words("link.bibtex_below")), f"#{paper.anchor}-bibtex")))
    lines = [f"| {escaped(label)} | {cell or escaped(words('link.none'))} |" for label, cell in rows]
    head = f"| {escaped(words('paper.place'))} | {escaped(words('paper.address'))} |"
    return "\n".join((head, "| :--- | :--- |", *lines))


def _remarks(view: PageView, words: Words) -> Iterator[str]:
    if view.papers and view.notices:
        yield f"## {escaped(words('digest.notices'))}"
        yield "\n".join(f"- {escaped(line)}" for line in view.notices)
    yield f"---\n\n*{escaped(words('digest.made_by'))}*"
