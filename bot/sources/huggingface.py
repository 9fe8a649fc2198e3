"""Hugging Face's daily papers: the list of each day with its votes. Its AI summary is not taken.

Every field of its JSON is optional, and a missing one means unknown, not 0 (docs: huggingface.co/docs/hub/api).
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.domain.identity import arxiv_id, parse_ref
from bot.domain.intake import Notice, Page, Wanted, Watermark, Why
from bot.domain.links import code_links
from bot.domain.papers import Author, Link, Paper, PaperRef, Scheme, Sighting
from bot.errors import BadEntry, BadPaperId, BrokenPage
from bot.http import Body, PoliteClient

TOPIC = "daily"
DEFAULT_LIMIT = 50
"""What the service lists unless it is asked for more: a list of that length or longer may have been cut."""
MAX_PAGES = 20
MAX_VOTES = 10**9
MAX_TAGS, MAX_TAG_CHARS = 30, 80
BROKEN_DAYS_IN_A_ROW = 3

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One item of a list: the paper, and what only Hugging Face knows of it. `votes` None means unknown."""

    paper: Paper
    votes: int | None = None
    tags: tuple[str, ...] = ()
    organization: str | None = None


class HuggingFace:
    """The daily lists, one request after the other. `now` reads the clock (aware UTC); lists are dated in UTC.

    Votes grow for days: ask again with an earlier `since` to read them anew.
    """

    name = "huggingface"

    def __init__(
        self, client: PoliteClient, base_url: str, now: Callable[[], datetime], limit: int = 100, max_bytes: int = 20_000_000
    ) -> None:
        self._client, self._base_url, self._now = client, base_url.rstrip("/"), now
        self._limit, self._max_bytes = limit, max_bytes

    async def fetch(self, wanted: Wanted) -> AsyncIterator[Page]:
        """See PaperSource.fetch. A page is one answer.

        A list that is not over (today's) gets no watermark, nor does any list after a broken one.
        Raises BrokenPage if three days in a row, or all days asked for, are broken.
        """
        broken: list[Notice] = []
        in_a_row = 0
        for day in _days(wanted.since, wanted.until):
            try:
                async for page in self._day(day, may_finish=not broken):
                    yield page
                in_a_row = 0
            except BrokenPage as error:
                broken.append(Notice(source=self.name, why=Why.BROKEN, subject=str(day), detail=error.reason, on=day))
                in_a_row += 1
                if in_a_row == BROKEN_DAYS_IN_A_ROW or (day == wanted.until and in_a_row == len(_days(wanted.since, day))):
                    raise
        if broken:
            yield Page(source=self.name, notices=tuple(broken))

    async def find(self, refs: Sequence[PaperRef] = (), *, title: str = "") -> tuple[Paper, ...]:
        """The papers that Hugging Face knows of these refs; it has no search by title. Raises as `fetch` does."""
        found: list[Paper] = []
        for ref in refs:
            if ref.key.scheme is Scheme.ARXIV:
                found += await self._paper(PaperRef(key=ref.key))
        return tuple(found)

    async def _paper(self, ref: PaperRef) -> tuple[Paper, ...]:
        body = await self._get(f"/api/papers/{arxiv_id(ref)}", {})
        if body.status != 200:
            return ()
        try:
            return (read_item(await asyncio.to_thread(read_json, body.content, self.name), self.name).paper,)
        except BadEntry as error:
            raise BrokenPage(self.name, error.reason) from error

    async def _day(self, day: date, *, may_finish: bool) -> AsyncIterator[Page]:
        now = self._now()
        if day > now.date():
            yield self._nothing(day, Why.NOT_OUT_YET)
            return
        finished = (Watermark(source=self.name, topic=TOPIC, batch_on=day),) if may_finish and day < now.date() else ()
        seen: set[str] = set()
        for number in range(MAX_PAGES):
            items = await self._list(day, number)
            page, ids = _page(items, day, now, seen)
            seen |= ids
            is_last = len(items) < DEFAULT_LIMIT or not ids or number == MAX_PAGES - 1
            if not items and number == 0:
                yield self._nothing(day, _why_empty(day, now.date()), finished)
            elif page.sightings or page.notices or is_last:
                yield Page(
                    source=self.name,
                    papers=page.papers,
                    sightings=page.sightings,
                    notices=page.notices,
                    finished=finished if is_last else (),
                )
            if is_last:
                return

    async def _list(self, day: date, number: int) -> list[object]:
        params = {"date": day.isoformat(), "limit": str(self._limit), "p": str(number)}
        body = await self._get("/api/daily_papers", params)
        answer = await asyncio.to_thread(read_json, body.content, self.name)
        if body.status != 200 or not isinstance(answer, list):
            raise BrokenPage(self.name, f"HTTP {body.status} with {_error_text(answer)} where a list is expected")
        return answer

    async def _get(self, path: str, params: dict[str, str]) -> Body:
        return await self._client.get(self._base_url + path, source=self.name, params=params, max_bytes=self._max_bytes)

    def _nothing(self, day: date, why: Why, finished: tuple[Watermark, ...] = ()) -> Page:
        notice = Notice(source=self.name, why=why, subject=str(day), on=day)
        return Page(source=self.name, notices=(notice,), finished=finished)


def _days(since: date, until: date) -> list[date]:
    return [since + timedelta(days=n) for n in range((until - since).days + 1)]


def _why_empty(day: date, today: date) -> Why:
    """Lists come out Monday to Friday (all of 558 lists measured, 2024-05 to 2026-08) and fill in the course of their day."""
    if day.weekday() >= 5:
        return Why.WEEKEND
    return Why.NOT_OUT_YET if day >= today else Why.NOTHING_LISTED


def _error_text(answer: object) -> str:
    told = answer.get("error") if isinstance(answer, dict) else None
    return repr(_line(told))[:100] if isinstance(told, str) else type(answer).__name__


def read_json(content: bytes, source: str) -> object:
    """The JSON in `content`; raises BrokenPage for anything else (HTML, cut short, nested without end)."""
    try:
        parsed: object = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BrokenPage(source, f"not JSON: it begins {content[:40]!r}") from error
    return parsed


def _page(items: Sequence[object], day: date, now: datetime, seen: set[str]) -> tuple[Page, frozenset[str]]:
    """The papers of one answer that are not `seen` yet in this list, and their ids; a bad item is a notice."""
    papers: list[Paper] = []
    sightings: list[Sighting] = []
    notices: list[Notice] = []
    ids: dict[str, None] = {}
    for item in items:
        try:
            listed = read_item(item, HuggingFace.name)
        except BadEntry as error:
            notices.append(Notice(source=HuggingFace.name, why=Why.BAD_ENTRY, subject=error.entry, detail=error.reason, on=day))
            continue
        key = listed.paper.key
        if key.value in seen or key.value in ids:
            continue
        papers.append(listed.paper)
        sightings.append(
            Sighting(
                key=key,
                version=None,
                source=HuggingFace.name,
                seen_at=now,
                batch_on=day,
                votes=listed.votes,
                position=len(seen) + len(ids),
                tags=listed.tags,
                organization=listed.organization,
            )
        )
        ids[key.value] = None
    page = Page(source=HuggingFace.name, papers=tuple(papers), sightings=tuple(sightings), notices=tuple(notices))
    return page, frozenset(ids)


def read_item(item: object, source: str) -> Listed:
    """One item of a list, or the answer for one paper. Raises BadEntry if it names no paper of arXiv."""
    outer = item if isinstance(item, dict) else {}
    inner = outer.get("paper", outer)
    inner = inner if isinstance(inner, dict) else {}
    told = inner.get("id")
    try:
        key = parse_ref(told if isinstance(told, str) else "").key
    except BadPaperId as error:
        raise BadEntry(source, _line(inner.get("title"))[:60] or "item", f"no arXiv id: {str(told)[:40]!r}") from error
    if key.scheme is not Scheme.ARXIV:
        raise BadEntry(source, str(key)[:60], "not an arXiv id")
    summary = _line(inner.get("summary")) or _line(outer.get("summary"))
    paper = Paper(
        key=key,
        version=None,
        title=_line(inner.get("title")) or _line(outer.get("title")),
        abstract=summary,
        authors=tuple(_authors(inner.get("authors"))),
        published_at=_instant(inner.get("publishedAt")),
        links=_links(inner, summary),
    )
    return Listed(
        paper=paper,
        votes=_votes(inner.get("upvotes")),
        tags=_tags(inner.get("ai_keywords")),
        organization=_organization(outer.get("organization")) or _organization(inner.get("organization")) or None,
    )


def _line(value: object) -> str:
    """Text on one line, without lone surrogates and control characters (no database takes them); "" for what is no text."""
    return " ".join(_UNPRINTABLE.sub("", value).split()) if isinstance(value, str) else ""


def _authors(value: object) -> Iterator[Author]:
    for author in value if isinstance(value, list) else ():
        if isinstance(author, dict) and author.get("hidden") is not True and (name := _line(author.get("name"))):
            yield Author(name=name)


def _instant(value: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        return instant.astimezone(UTC) if instant and instant.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _links(paper: dict[str, object], summary: str) -> tuple[Link, ...]:
    return code_links(_line(paper.get("githubRepo")), _line(paper.get("projectPage")), summary)


def _votes(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_VOTES else None


def _tags(value: object) -> tuple[str, ...]:
    tags = (_line(tag)[:MAX_TAG_CHARS] for tag in (value if isinstance(value, list) else ()))
    return tuple(dict.fromkeys(tag for tag in tags if tag))[:MAX_TAGS]


def _organization(value: object) -> str | None:
    """The name that people read ("Shanghai Jiao Tong University"), else the account's ("SJTU")."""
    return (_line(value.get("fullname")) or _line(value.get("name"))) if isinstance(value, dict) else None
