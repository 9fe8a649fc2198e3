"""What people type to search, and a text's words as the index holds them: both folded alike, so that they meet.

    "Pre-Training of LLMs"        ->  pre training of llms pretraining
    multi-agent -survey @LeCun cs.CL "world model" plan  ->  Query

Words are letters and digits alone, so nothing that is typed can be an operator of a database. Endings are the databases' own
matter: they stem.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.actions import Action, packed
from bot.domain.categories import canonical, expand
from bot.domain.identity import find_refs
from bot.domain.papers import PaperKey
from bot.domain.terms import LOOSE, SHORTEST_PREFIX, UNSPACED, plain
from bot.domain.visible import shown
from bot.errors import BadInput

MAX_TYPED_CHARS = 300
MAX_FOLDED_CHARS = 20_000  # of one text; PostgreSQL indexes none above 1 MB, and the longest abstract of arXiv has 1,920
SOURCES = frozenset({"arxiv", "huggingface"})  # the sample day's name is a word that papers use

_LETTER = rf"[^\W_{UNSPACED}]"
_TIE = "[-‐‑'’ʼ]"
_WORD = re.compile(rf"{_LETTER}{{1,64}}|[{UNSPACED}]")  # PostgreSQL refuses words above 2,046 bytes: a longer one is several
_COMPOUND = re.compile(rf"{_LETTER}+(?:{_TIE}{_LETTER}+)+")
# Of what is typed without quotes, what belongs together: multi-agent, 3.5, q_learning, a run of characters without spaces.
_TOGETHER = re.compile(rf"{_LETTER}+(?:[-‐‑'’ʼ._]{_LETTER}+)*|[{UNSPACED}]+")
_POSSESSIVE = re.compile(r"['’ʼ]s\b")
_QUOTES = '"“”„«»「」'
_PART = re.compile(rf"([-–—−]*)(@?)(?:[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]?|([^\s{_QUOTES}]+))")
_PAGE = re.compile(r"(.*\S)\s+page\s+([1-9][0-9]{0,3})", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Folded words that stand side by side; one that `is_compound` may be written in one word too.

    Of one that `is_prefix` the last word may be the beginning of a longer one.
    """

    words: tuple[str, ...]
    is_compound: bool = False
    is_prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What somebody looks for: all `terms`, none `excluded`, by all `authors`, in any of `categories`, from any of `sources`.

    Each of `authors` is the words of a name in any order. `key` is the paper that was named, where nothing else was typed.
    `typed` is as people see it.
    """

    typed: str
    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    authors: tuple[tuple[str, ...], ...] = ()
    categories: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    key: PaperKey | None = None


def folded(text: str) -> str:
    """The words of `text` (Unicode, no TeX) between spaces, and after them each compound in one word.

    Case, accents and possessives are gone. Characters of scripts without spaces are a word each.
    """
    bare = _bare(text[:MAX_FOLDED_CHARS])
    return " ".join((*_WORD.findall(bare), *("".join(_WORD.findall(each)) for each in _COMPOUND.findall(bare))))


def query(typed: str) -> Query:
    """What `typed` asks for; raises BadInput where nothing in it can be looked for, and above 300 characters."""
    if len(typed) > MAX_TYPED_CHARS:
        message = f"a search is at most {MAX_TYPED_CHARS} characters long; this one has {len(typed)}"
        raise BadInput(message, "input.long_search", most=MAX_TYPED_CHARS, length=len(typed))
    seen = shown(typed)
    found = _read(seen, _named(typed))
    if not (found.terms or found.excluded or found.authors or found.categories or found.sources or found.key):
        raise BadInput("write words to look for, as in: /search diffusion models", "input.search")
    return found


def paged(typed: str) -> tuple[str, int]:
    """A search and which of its pages (from 1): `words page 2`."""
    found = _PAGE.fullmatch(typed.strip())
    return (found[1], int(found[2])) if found else (typed.strip(), 1)


def _bare(text: str) -> str:
    return _POSSESSIVE.sub("", plain(plain(text).casefold()))  # Ð becomes ð, and only then d


def _named(typed: str) -> PaperKey | None:
    """The paper whose id, DOI or link is all that was typed."""
    words = [word for word in typed.split() if word.casefold().strip(":") not in ("arxiv", "doi")]
    refs = find_refs(typed) if len(words) == 1 else ()
    return refs[0].key if refs else None


def _read(seen: str, key: PaperKey | None) -> Query:
    terms: list[Term] = []
    excluded: list[Term] = []
    authors: list[tuple[str, ...]] = []
    categories: set[str] = set()
    sources: set[str] = set()
    for found in _PART.finditer(seen):
        sign, at, quoted, bare = found.groups()
        name = (bare or "").strip(",;()").casefold()
        meant = (_phrase(quoted),) if quoted is not None else tuple(_terms(bare))
        if sign:
            excluded += (term for term in meant if term.words)
        elif at:
            authors.append(tuple(word for term in meant for word in term.words))
        elif canonical(name):
            categories |= expand(name)
        elif name in SOURCES:
            sources.add(name)
        else:
            is_last = found.end() == len(seen) and quoted is None
            terms += _with_prefix(meant) if is_last else meant
    return Query(
        typed=seen,
        terms=_telling(terms),
        excluded=tuple(dict.fromkeys(excluded)),
        authors=tuple(dict.fromkeys(name for name in authors if name)),
        categories=frozenset(categories),
        sources=frozenset(sources),
        key=key,
    )


def _phrase(quoted: str) -> Term:
    return Term(words=tuple(_WORD.findall(_bare(quoted))))


def _terms(typed: str) -> Iterator[Term]:
    for together in _TOGETHER.findall(_bare(typed)):
        yield Term(words=tuple(_WORD.findall(together)), is_compound=_COMPOUND.fullmatch(together) is not None)


def _with_prefix(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """The same, where of the last one its last word may be unfinished: from three letters on, as fewer would find too much."""
    if not terms or len(terms[-1].words[-1]) < SHORTEST_PREFIX or not terms[-1].words[-1].isalpha():
        return terms
    last = terms[-1]
    return (*terms[:-1], Term(words=last.words, is_compound=last.is_compound, is_prefix=True))


def _telling(terms: list[Term]) -> tuple[Term, ...]:
    """Each once, without empty ones, and without "the" and "of" where there is anything else."""
    whole = tuple(dict.fromkeys(term for term in terms if term.words))
    telling = tuple(term for term in whole if len(term.words) > 1 or term.words[0] not in LOOSE)
    return telling or whole


def page_action(typed: str, page: int) -> str:
    """What is behind the button that leads to a page of a search; "" for a search that is too long to stand there."""
    text = base64.urlsafe_b64encode(typed.encode(errors="replace")).decode().rstrip("=")
    try:
        return packed("sr", page, text)
    except ValueError:
        return ""


def page_of(action: Action) -> tuple[str, int]:
    """The search behind such a button and its page (from 1); "" where it is none."""
    text = action.arg(1)
    try:
        typed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        return "", 1
    return typed, max(1, action.number(0) or 1)
