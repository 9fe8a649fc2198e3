"""BibTeX entries of papers, made by us from what we know of them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import count

from bot.domain.latex import to_unicode
from bot.domain.latex_dollars import formulas
from bot.domain.links import public_links
from bot.domain.papers import Paper, Scheme

_BARE = re.compile(r"(\\.)|([%&#])|(_)|(\$)", re.DOTALL)
_ESCAPED_BRACE = re.compile(r"\\[{}]")
_BLOCK = re.compile(r"\\*@(?=\w*\s*[({])")  # what some readers hold to be the start of the next entry
_AND = re.compile(r"\band\b", re.IGNORECASE)
_SMALL_WORDS = frozenset(
    {"a", "an", "the", "on", "of", "in", "for", "to", "and", "with", "towards", "toward", "from", "is", "are"}
)


def bibliography(papers: Iterable[Paper]) -> str:
    """All of them as one file, in their order; of two with one key the second gets a number: `hidary2026notebook2`."""
    taken: set[str] = set()
    entries = []
    for paper in papers:
        key = next(key for key in _keys(paper) if key not in taken)
        taken.add(key)
        entries.append(bibtex_entry(paper, key))
    return "\n".join(entries)


def _keys(paper: Paper) -> Iterator[str]:
    key = cite_key(paper)
    yield key
    yield from (f"{key}{number}" for number in count(2))


def bibtex_entry(paper: Paper, key: str = "") -> str:
    """An entry that BibTeX and biber read: @article if a journal is known, else @misc; ends with a newline.

    TeX in titles and names stays TeX; bare `% & # _` and dollars of money are escaped. Unknown fields are left out. Without
    a `key` it gets that of `cite_key`.
    """
    kind = "article" if paper.journal_ref else "misc"
    fields = {name: value for name, value in _fields(paper).items() if value}
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@{kind}{{{key or cite_key(paper)},\n{lines}}}\n"


def cite_key(paper: Paper) -> str:
    """Surname, year and first telling word of the title in plain ASCII letters and digits: `hidary2026notebook`."""
    surname = _plain(to_unicode(paper.authors[0].name).split()[-1:]) if paper.authors else ""
    year = str(paper.published_at.year) if paper.published_at else ""
    words = (_plain([word]) for word in re.split(r"[\s\-:–—/]+", to_unicode(paper.title).lower()))
    word = next((word for word in words if word and word not in _SMALL_WORDS), "")
    return f"{surname or 'anonymous'}{year}{word}" if word or surname else _plain([paper.key.value]) or "paper"


def _plain(words: list[str]) -> str:
    decomposed = unicodedata.normalize("NFKD", "".join(words).lower())
    return re.sub(r"[^a-z0-9]", "", decomposed)


def _fields(paper: Paper) -> dict[str, str]:
    is_arxiv = paper.key.scheme is Scheme.ARXIV
    doi = paper.doi or (paper.key.value if paper.key.scheme is Scheme.DOI else "")
    pages = {str(link.kind): link.url for link in public_links(paper.key)}
    pages |= {str(link.kind): link.url for link in paper.links}
    url = pages.get("abs") or pages.get("page") or pages.get("doi") or ""
    return {
        "title": _value(paper.title),
        "author": " and ".join(_name(author.name) for author in paper.authors),
        "year": str(paper.published_at.year) if paper.published_at else "",
        "journal": _value(paper.journal_ref or ""),
        "eprint": paper.key.value if is_arxiv else "",
        "archivePrefix": "arXiv" if is_arxiv else "",
        "primaryClass": _bare(paper.categories[0]) if is_arxiv and paper.categories else "",
        "doi": _bare(doi),
        "url": _bare(url),
    }


def _bare(name: str) -> str:
    """A name or an address without what would end the value that holds it."""
    return _BLOCK.sub("%40", re.sub(r"[{}\\\s]", "", name))


def _name(name: str) -> str:
    """One author; a collaboration with an "and" in its name stays one."""
    value = _value(name)
    return f"{{{value}}}" if _AND.search(value) else value


def _value(text: str) -> str:
    text = " ".join(text.split())
    if not _is_balanced(text):
        text = to_unicode(text)
    if not _is_balanced(text):
        text = text.translate({ord("{"): "(", ord("}"): ")"})
    return _BLOCK.sub("{@}", _escaped(text).rstrip("\\"))


def _is_balanced(text: str) -> bool:
    """As BibTeX counts, every brace, and as other readers do, those that are not escaped."""
    return _closes(text) and _closes(_ESCAPED_BRACE.sub("", text))


def _closes(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def _escaped(text: str) -> str:
    dollars = formulas(text)
    inside: set[int] = set()
    toggles = sorted(at for at, what in dollars.items() if what == "toggle")
    for start, end in zip(toggles[::2], toggles[1::2], strict=False):
        inside.update(range(start, end))

    def replaced(found: re.Match[str]) -> str:
        if found[1] or (found[3] and found.start() in inside) or (found[4] and found.start() in dollars):
            return found[0]
        return f"\\{found[0]}"

    return _BARE.sub(replaced, text)
