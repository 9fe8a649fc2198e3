"""Names of papers: arXiv ids and DOIs in every shape in which people and files give them, and one paper out of two records."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.categories import CLOSED
from bot.domain.links import united
from bot.domain.papers import Author, Paper, PaperKey, PaperRef, Scheme
from bot.errors import BadPaperId

_OLD_ARCHIVES = (
    *("astro-ph", "cond-mat", "cs", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math", "math-ph"),
    *("nlin", "nucl-ex", "nucl-th", "physics", "q-bio", "quant-ph"),
    *CLOSED,
)
_LONGEST_FIRST = "|".join(sorted(map(re.escape, _OLD_ARCHIVES), key=len, reverse=True))

# Every repetition is bounded or consumes what it reads, so that a search takes linear time on any text.
_START = r"(?:(?<![a-z0-9])|(?<=%2f)|(?<=%3a))"
_VERSION = r"(?:v(?P<{0}>[1-9][0-9]{{0,2}}))?"
_END = r"(?![a-z0-9]|\.[0-9]|-[0-9]{1,4}(?![0-9.]))"
_DOI = rf"{_START}(?<!\.)10\.[0-9]{{4,9}}(?:/|%2f)(?P<suffix>[^\s\"<>{{}}|\\^`?#]+)"
_MODERN = (
    rf"(?:{_START}(?<!\.)|(?<=arxiv\.)|(?<=arxiv))(?P<yymm>[0-9]{{4}})\.(?P<number>[0-9]{{4,5}})" + _VERSION.format("v") + _END
)
_OLD = (
    rf"{_START}(?<![.-])(?P<archive>{_LONGEST_FIRST})(?:\.[a-z][a-z-]{{1,8}})?(?:/|%2f)(?P<old>[0-9]{{7}})"
    + _VERSION.format("oldv")
    + _END
)
_ID = re.compile(f"{_DOI}|{_MODERN}|{_OLD}", re.IGNORECASE | re.ASCII)

# What makes a number of an id's shape a price or a phone number.
_NUMBER_BEFORE = re.compile(r"[$€£¥₹]\s?$|\+[0-9]{1,3}[ -]?$")
_NUMBER_AFTER = re.compile(r"\s?(?:[%€£¥₹]|USD\b|EUR\b|GBP\b|dollars\b|euros?\b)", re.IGNORECASE)
_CONTEXT = 8


def parse_ref(text: str) -> PaperRef:
    """The first paper that `text` names: an id, a link, a DOI, or a sentence that holds one.

    Raises BadPaperId if it names none.
    """
    for ref in _refs(text):
        return ref
    raise BadPaperId(text.strip())


def find_refs(text: str) -> tuple[PaperRef, ...]:
    """Every paper that `text` names, each once, in order; the same paper in two versions counts twice."""
    return tuple(dict.fromkeys(_refs(text)))


def arxiv_id(ref: PaperRef) -> str:
    """The id as arXiv writes it, with its version if the ref has one: "2501.12345v2". Raises BadPaperId for other schemes."""
    if ref.key.scheme is not Scheme.ARXIV:
        raise BadPaperId(str(ref))
    return ref.key.value + (f"v{ref.version}" if ref.version else "")


def old_archive(key: PaperKey) -> str | None:
    """The archive in an id from before 2007-04 ("hep-th" of hep-th/9901001), None for any other key."""
    archive, slash, _ = key.value.partition("/")
    return archive if slash and key.scheme is Scheme.ARXIV else None


def _refs(text: str) -> Iterator[PaperRef]:
    for found in _ID.finditer(text):
        if found["suffix"]:
            ref = _of_doi(found)
        elif found["archive"]:
            ref = _of_old(found)
        else:
            ref = None if _is_number(text, found) else _of_modern(found)
        if ref:
            yield ref


def _is_number(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - _CONTEXT) : found.start()]
    after = text[found.end() : found.end() + _CONTEXT]
    return bool(_NUMBER_BEFORE.search(before) or _NUMBER_AFTER.match(after))


def _of_doi(found: re.Match[str]) -> PaperRef | None:
    suffix = _trimmed(found["suffix"].lower())
    doi = found[0].lower().replace("%2f", "/", 1).partition("/")[0] + "/" + suffix
    if doi.startswith("10.48550/arxiv."):
        inner = _ID.match(suffix.removeprefix("arxiv.").replace("%2f", "/"))
        return (_of_old(inner) if inner["archive"] else _of_modern(inner)) if inner and not inner["suffix"] else None
    return PaperRef(key=PaperKey(scheme=Scheme.DOI, value=doi)) if suffix else None


def _trimmed(suffix: str) -> str:
    """Without the punctuation of the sentence around it; a bracket stays if it was opened inside (10.1016/s0370(98)12-4)."""
    end = len(suffix)
    depth = {")": suffix.count("(") - suffix.count(")"), "]": suffix.count("[") - suffix.count("]")}
    while end:
        last = suffix[end - 1]
        if depth.get(last, 0) < 0:
            depth[last] += 1
        elif last not in ".,;:'*_!/([":
            break
        end -= 1
    return suffix[:end].removesuffix(".pdf")


def _of_modern(found: re.Match[str]) -> PaperRef | None:
    """Four digits from 0704 to 1412, five from 1501 (https://info.arxiv.org/help/arxiv_identifier.html)."""
    yymm, number = found["yymm"] or "", found["number"] or ""
    digits = 4 if yymm < "1501" else 5
    if not ("0704" <= yymm < "91" and _is_month(yymm[2:]) and len(number) == digits and int(number)):
        return None
    return _arxiv(f"{yymm}.{number}", found["v"])


def _of_old(found: re.Match[str]) -> PaperRef | None:
    """From 9107 to 0703; the subject class is not part of the key."""
    digits = found["old"]
    is_in_time = digits[:4] >= "9107" or digits[:4] <= "0703"
    if not (is_in_time and _is_month(digits[2:4]) and int(digits[4:])):
        return None
    return _arxiv(f"{found['archive'].lower()}/{digits}", found["oldv"])


def _is_month(digits: str) -> bool:
    return "01" <= digits <= "12"


def _arxiv(value: str, version: str | None) -> PaperRef:
    return PaperRef(key=PaperKey(scheme=Scheme.ARXIV, value=value), version=int(version) if version else None)


def merge(old: Paper, new: Paper) -> Paper:
    """What two records say of one paper: the newest version wins, and nothing known is lost to something unknown.

    The key of `old` is kept. A record without a version counts as older than any; of two of the same version `new` wins,
    but for its authors if `old` lists more of them (Hugging Face hides some). The order does not matter if versions differ.
    """
    if (old.version or 0) > (new.version or 0):
        winner, loser = old, new
    else:
        winner, loser = new, old
    is_same_version = old.version == new.version
    return replace(
        winner,
        key=old.key,
        title=winner.title or loser.title,
        abstract=winner.abstract or loser.abstract,
        authors=_merged_authors(winner.authors, loser.authors, may_be_cut=is_same_version),
        categories=winner.categories or loser.categories,
        published_at=_earliest(winner.published_at, loser.published_at),
        updated_at=winner.updated_at or loser.updated_at,
        links=united(winner.links, loser.links),
        comment=winner.comment or loser.comment,
        journal_ref=winner.journal_ref or loser.journal_ref,
        doi=winner.doi or loser.doi,
        is_withdrawn=winner.is_withdrawn or (is_same_version and loser.is_withdrawn),
    )


def _merged_authors(winner: tuple[Author, ...], loser: tuple[Author, ...], *, may_be_cut: bool) -> tuple[Author, ...]:
    is_cut = may_be_cut and len(loser) > len(winner)
    chosen, other = (loser, winner) if is_cut or not winner else (winner, loser)
    known = {author.name.casefold(): author.affiliation for author in other if author.affiliation}
    return tuple(
        author if author.affiliation else replace(author, affiliation=known.get(author.name.casefold())) for author in chosen
    )


def _earliest(one: datetime | None, two: datetime | None) -> datetime | None:
    return min((at for at in (one, two) if at), default=None)
