"""What a BibTeX entry says of its paper: the id on arXiv in whichever field it hides, else all that can be listed of it. Pure."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

from bot.domain.identity import find_refs
from bot.domain.latex import to_unicode
from bot.domain.links import code_links, united
from bot.domain.papers import Author, Link, LinkKind, Paper, PaperKey, PaperRef, Scheme
from bot.sources.bibtex_entries import BibEntry, unbraced

ARXIV_SINCE = 1991
MAX_AUTHORS = 2_000  # the longest lists of physics collaborations hold more; nobody reads them

_NEVER_ON_ARXIV = frozenset({"proceedings", "mvproceedings", "collection", "mvcollection", "periodical", "patent", "manual"})
_LINKS_TO_ARXIV = re.compile(r"arxiv\.org|arxiv:|huggingface\.co/papers|10\.48550/", re.IGNORECASE)
_FREE_TEXT_FIELDS = ("note", "journal", "journaltitle", "howpublished", "number", "pages", "series", "publisher", "annote")
_BARE_ID = re.compile(r"(arxiv:\s*)?([a-z-]+(\.[a-z-]+)?/)?[\d.]+(v\d+)?", re.IGNORECASE)
_OLD_NUMBER = re.compile(r"\d{7}(v\d+)?")
_ARCHIVE = re.compile(r"[a-z-]+(\.[a-z-]+)?", re.IGNORECASE)
_ESCAPED = re.compile(r"\{?\\([_%&#~$])(?:\{\})?\}?")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DATE = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
_YEAR = re.compile(r"(?<!\d)(1[5-9]|20)\d\d(?!\d)")
_URL = re.compile(r"https?://[^\s{}\"<>\\^`|]{4,1000}", re.IGNORECASE)


def arxiv_ref(entry: BibEntry) -> PaperRef | None:
    """The paper on arXiv that the entry names; the first of eprint, arXiv's own fields, URL, DOI and free text that holds one."""
    for text in _texts_with_ids(entry):
        for ref in find_refs(text):
            if ref.key.scheme is Scheme.ARXIV:
                return ref
    return None


def _texts_with_ids(entry: BibEntry) -> Iterator[str]:
    """Texts in which an id is arXiv's: elsewhere "1501.12345" may be anything."""
    eprint = _plain(entry.get("eprint"))
    archive = (entry.get("archiveprefix") or entry.get("eprinttype")).strip().lower()
    category = entry.get("primaryclass") or entry.get("eprintclass")
    if _OLD_NUMBER.fullmatch(eprint):
        archives = (category, archive)  # 9901001 of hep-th; some exporters put hep-th into archivePrefix
        yield from (f"{name}/{eprint}" for name in archives if _ARCHIVE.fullmatch(name))
    elif archive == "arxiv" or (not archive and _BARE_ID.fullmatch(eprint)) or _LINKS_TO_ARXIV.search(eprint):
        yield eprint
    yield from (_plain(entry.get(name)) for name in ("arxivid", "arxiv"))
    yield from (text for text in (_plain(entry.get("url")), _plain(entry.get("doi"))) if _LINKS_TO_ARXIV.search(text))
    yield from (text for text in (_plain(entry.get(name)) for name in _FREE_TEXT_FIELDS) if "arxiv" in text.lower())
    volume = _plain(entry.get("volume"))
    if volume.lower().startswith("abs/") or "corr" in entry.get("journal").lower().split():
        yield volume


def title_to_search(entry: BibEntry) -> str:
    """The title as arXiv's search takes it; empty for what cannot be there (from before 1991, whole proceedings)."""
    year = _year(entry)
    if entry.kind in _NEVER_ON_ARXIV or (year and int(year) < ARXIV_SINCE):
        return ""
    title = to_unicode(entry.get("title"))
    return title if len(title.split()) > 1 else ""


def own_key(entry: BibEntry) -> PaperKey:
    """The key of a paper that is not on arXiv: its DOI, else one made of cite key and title, the same in each reading."""
    for name in ("doi", "url"):
        for ref in find_refs(_plain(entry.get(name))):
            if ref.key.scheme is Scheme.DOI:
                return ref.key
    content = f"{entry.key}\n{entry.get('title')}".encode("utf-8", "ignore")
    return PaperKey(scheme=Scheme.FILE, value=hashlib.sha256(content).hexdigest()[:20])


def own_paper(entry: BibEntry) -> Paper:
    """All that the file says of a paper; without a title its cite key names it. A year alone is no date: it stays text."""
    key = own_key(entry)
    return Paper(
        key=key,
        version=None,
        title=entry.get("title") or entry.key or "?",
        abstract=entry.get("abstract"),
        authors=authors(entry),
        published_at=_published_at(entry),
        links=_links(entry),
        comment=entry.get("note") or None,
        journal_ref=_journal_ref(entry) or None,
        doi=key.value if key.scheme is Scheme.DOI else None,
    )


def unconfirmed_paper(entry: BibEntry, ref: PaperRef) -> Paper:
    """What the file says of a paper that arXiv could not be asked for; nothing that would outlive arXiv's own answer."""
    return Paper(key=ref.key, version=None, title=entry.get("title"), abstract=entry.get("abstract"), authors=authors(entry))


def authors(entry: BibEntry) -> tuple[Author, ...]:
    """The authors (of a collection its editors), "First von Last", without TeX; `and others` is nobody."""
    told = entry.get("author") or entry.get("editor")
    names = (_name(name) for name in split_multiple_persons_names(told)[:MAX_AUTHORS])
    return tuple(Author(name=name) for name in names if name)


def _name(told: str) -> str:
    name = told.strip(" ,;~")
    if name.lower() == "others":
        return ""
    if unbraced(name) != name:
        return to_unicode(unbraced(name))  # a company or group
    parts = parse_single_name_into_parts(name, strict=False)
    return " ".join(to_unicode(parts.merge_first_name_first).replace("\N{NO-BREAK SPACE}", " ").split())


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text).replace("\\url", "").strip()


def _links(entry: BibEntry) -> tuple[Link, ...]:
    r"""The landing page and the code; only http(s), as `url` or as \url{} in another field."""
    pages = (match.group() for name in ("url", "howpublished") if (match := _URL.search(_plain(entry.get(name)))))
    found = code_links(_plain(entry.get("abstract")), _plain(entry.get("note")), _plain(entry.get("url")))
    code = [link for link in found if link.kind is LinkKind.CODE]
    return united(code, (Link(kind=LinkKind.PAGE, url=page) for page in pages))


def _journal_ref(entry: BibEntry) -> str:
    names = ("journal", "journaltitle", "booktitle", "publisher", "school", "institution")
    where = next((value for name in names if (value := entry.get(name))), "")
    volume, year = entry.get("volume") if where else "", _year(entry)
    return " ".join(part for part in (where, volume, f"({year})" if where and year else year) if part)


def _year(entry: BibEntry) -> str:
    found = _YEAR.search(entry.get("date")) or _YEAR.search(entry.get("year"))
    return found.group() if found else ""


def _published_at(entry: BibEntry) -> datetime | None:
    if dated := _DATE.match(entry.get("date")):
        return _day(dated.group(1), dated.group(2), dated.group(3) or "1")
    month = entry.get("month").lower()
    if month[:3] in _MONTHS:
        month = str(_MONTHS.index(month[:3]) + 1)
    return _day(_year(entry), month, "1") if _year(entry) else None


def _day(year: str, month: str, day: str) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return None
