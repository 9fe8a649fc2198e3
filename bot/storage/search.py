"""Searches in the store: what was asked for as this database's own expression, and the papers that it finds, best first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Text, column, func, literal, literal_column, or_, select, table, text, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.papers import SeenPaper
from bot.domain.queries import Query, Term
from bot.storage import papers as stored
from bot.storage.tables import papers, sightings
from bot.storage.tables_search import INDEX, searchable

MOST = 500  # papers that a search ranks; who wants more must ask for less

_INDEX = table(INDEX, column("rowid"), column("words"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """One page of what was found, best first. With `is_partial` no paper holds all that was asked for, and these hold some.

    `total` is at most 500; `is_more` says that there are more.
    """

    papers: tuple[SeenPaper, ...]
    page: int
    total: int
    is_partial: bool = False
    is_more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How many papers the store holds, and when the first of them came in."""

    papers: int
    since: datetime | None


async def found(tx: AsyncConnection, query: Query, *, page: int, size: int) -> Hits:
    """The page (from 1; beyond the last, the last) of `size` papers each. Equally good ones: the newest first.

    A paper that was named by its id is the only one. Where no paper holds every term, those that hold any of them.
    """
    if query.key is not None:
        named = await stored.by_keys(tx, (query.key,))
        if named:
            return Hits(papers=tuple(named.values()), page=1, total=1)
    keys = await _ranked(tx, query)
    is_partial = not keys and len(query.terms) > 1
    if is_partial:
        keys = await _ranked(tx, query, is_any=True)
    total = min(len(keys), MOST)
    page = max(1, min(page, -(-total // size)))
    listed = keys[(page - 1) * size : min(page * size, total)]
    loaded = await stored.load(tx, listed)
    seen = tuple(loaded[key] for key in listed)
    return Hits(papers=seen, page=page, total=total, is_partial=is_partial and bool(keys), is_more=len(keys) > MOST)


async def held(tx: AsyncConnection) -> Held:
    """What there is to search."""
    count, since = (await tx.execute(select(func.count(), func.min(papers.c.first_seen_at)).select_from(papers))).one()
    return Held(papers=count, since=since)


async def _ranked(tx: AsyncConnection, query: Query, *, is_any: bool = False) -> list[str]:
    """At most one key more than `MOST`, best first."""
    newest = (func.coalesce(papers.c.published_at, papers.c.first_seen_at).desc(), papers.c.key.desc())
    restrictions = _restrictions(query)
    wanted = select(papers.c.key).where(*restrictions).limit(MOST + 1)
    if query.terms or query.excluded or query.authors:
        wanted = wanted.join(searchable, searchable.c.paper_key == papers.c.key)
    excluded = _matching(tx, Query(typed="", terms=query.excluded), is_any=True) if query.excluded else None
    if not (query.terms or query.authors):
        wanted = wanted if excluded is None else wanted.where(searchable.c.id.not_in(_ids(excluded)))
        return list((await tx.execute(wanted.order_by(*newest))).scalars())
    matching = _matching(tx, query, is_any=is_any)
    if excluded is not None:
        matching = matching.where(_INDEX.c.rowid.not_in(_ids(excluded)))
    if not restrictions:  # the best alone are looked up: a common word is in most of the papers
        matching = matching.order_by(text("rank DESC"), _INDEX.c.rowid.desc()).limit(MOST + 1)
    matches = matching.cte("matches")
    wanted = wanted.join(matches, matches.c.id == searchable.c.id).order_by(matches.c.rank.desc(), *newest)
    return list((await tx.execute(wanted)).scalars())


def _ids(matching: Select[int, float]) -> Select[int]:
    return select(matching.subquery().c.id)


def _restrictions(query: Query) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.categories:
        kept = type_coerce(papers.c.categories, Text)
        found.append(or_(*(kept.contains(f'"{name}"', autoescape=True) for name in sorted(query.categories))))
    if query.sources:
        listed = select(sightings.c.paper_key).where(sightings.c.source.in_(query.sources))
        found.append(papers.c.key.in_(listed))
    return found


def _matching(tx: AsyncConnection, query: Query, *, is_any: bool) -> Select[int, float]:
    """Numbers of `searchable` and how well each fits, the more the better: the one place that knows both databases' ways."""
    if tx.dialect.name == "sqlite":
        # bm25 is the smaller the better; its weights are those of title, authors and abstract.
        rank: ColumnElement[float] = literal_column("-bm25(searchable_fts, 10.0, 4.0, 1.0)").label("rank")
        is_match = column(INDEX).op("MATCH")(_fts5(query, is_any=is_any))
        return select(_INDEX.c.rowid.label("id"), rank).where(is_match)
    asked = func.to_tsquery(literal_column("'paperboy'"), literal(_tsquery(query, is_any=is_any)))
    rank = func.ts_rank(_INDEX.c.words, asked).label("rank")
    return select(_INDEX.c.rowid.label("id"), rank).where(_INDEX.c.words.op("@@")(asked))


def _fts5(query: Query, *, is_any: bool) -> str:
    """As a string of FTS5 (https://www.sqlite.org/fts5.html#full_text_query_syntax)."""

    def term(wanted: Term) -> str:
        star = " *" if wanted.is_prefix else ""
        apart = f'"{" ".join(wanted.words)}"{star}'
        return f'({apart} OR "{"".join(wanted.words)}"{star})' if wanted.is_compound else apart

    names = [f'authors : "{word}"' for name in query.authors for word in name]
    terms = (" OR " if is_any else " AND ").join(map(term, query.terms))
    return " AND ".join((*([f"({terms})"] if terms else []), *names))


def _tsquery(query: Query, *, is_any: bool) -> str:
    """As text of a tsquery (https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY)."""

    def term(wanted: Term) -> str:
        star = ":*" if wanted.is_prefix else ""
        apart = " <-> ".join(f"'{word}'" for word in wanted.words) + star
        return f"(({apart}) | '{''.join(wanted.words)}'{star})" if wanted.is_compound else f"({apart})"

    names = [f"'{word}':B" for name in query.authors for word in name]
    terms = (" | " if is_any else " & ").join(map(term, query.terms))
    return " & ".join((*([f"({terms})"] if terms else []), *names))
