"""arXiv on loopback: feeds, catch-up pages, API and full texts in one server, with verbs for what it publishes and how it fails.

As a process of its own: `python -m tests.fakes.arxiv --port 0 [--shared DIR]` prints its URL and serves until it is ended.
"""

import argparse
import asyncio
import re
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from aiohttp import web

from bot.domain.categories import ARCHIVES, canonical
from bot.domain.papers import AnnounceType, Paper
from bot.sources.arxiv_access import ArxivUrls
from tests.fakes import arxiv_pages as pages
from tests.fakes.arxiv_pages import Announced
from tests.fakes.arxiv_query import parsed
from tests.fakes.arxiv_shared import corpus, shared_day
from tests.fakes.arxiv_texts import Texts
from tests.fakes.server import served

ALWAYS = 1_000_000
Answer = Callable[[web.Request, web.Response], Awaitable[web.StreamResponse]]
_ID = re.compile(r"(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(?P<version>\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it arrived; `together` counts those in hand at that moment, itself included."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    at_s: float
    together: int


@dataclass(slots=True, kw_only=True)
class Fault:
    on: str
    times: int
    answer: Answer


@dataclass(slots=True)
class FakeArxiv:
    """Start it with `async with`. Faults hold for paths that begin with `on`, `times` times."""

    asked: list[Asked] = field(default_factory=list)
    per_page: int = pages.CUT_AT
    url: str = ""
    _batches: dict[date, list[Announced]] = field(default_factory=dict)
    _papers: dict[str, dict[int, Paper]] = field(default_factory=dict)
    _texts: Texts = field(default_factory=Texts)
    _shown: date | None = None
    _faults: list[Fault] = field(default_factory=list)
    _in_hand: int = 0
    _runner: web.AppRunner | None = None
    _is_over: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> "FakeArxiv":
        await self.serve()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_over.set()
        if self._runner:
            await self._runner.cleanup()

    async def serve(self, port: int = 0) -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner, self.url = await served(app, port)

    @property
    def urls(self) -> ArxivUrls:
        return ArxivUrls(site=self.url, api=f"{self.url}/api/query", feeds=self.url)

    def paths(self, start: str = "/") -> list[str]:
        return [asked.path for asked in self.asked if asked.path.startswith(start)]

    # What it publishes

    def publishes(self, *papers: Paper, batch_on: date, announce_type: AnnounceType = AnnounceType.NEW) -> None:
        """Announce in a batch; the API knows these papers too. The feed shows the newest batch."""
        self._batches.setdefault(batch_on, []).extend(Announced(paper=one, announce_type=announce_type) for one in papers)
        self.knows(*papers)

    def has_nothing_new(self, on: date) -> None:
        self._batches.setdefault(on, [])

    def knows(self, *papers: Paper) -> None:
        """The API knows these papers, in these versions."""
        for paper in papers:
            self._papers.setdefault(paper.key.value, {})[paper.version or 1] = paper

    def forgets(self, *arxiv_ids: str) -> None:
        """The API's index lags: it does not know these papers."""
        for arxiv_id in arxiv_ids:
            self._papers.pop(arxiv_id, None)

    def shows_feed_of(self, day: date) -> None:
        """The feed of `day`, whatever has been published since."""
        self._shown = day

    def is_stale(self, of: date, under: date) -> None:
        """The items of the batch `of` stand under the date `under`."""
        self._batches[under] = list(self._batches[of])

    def load_shared_day(self, path: Path, batch_on: date) -> int:
        """Announce the items of a rendered feed byte for byte; returns how many."""
        announced = shared_day(path)
        self._batches.setdefault(batch_on, []).extend(announced)
        for one in announced:
            self._papers.setdefault(one.paper.key.value, {}).setdefault(one.paper.version or 1, one.paper)
        return len(announced)

    def load_corpus(self, path: Path) -> int:
        """Let the API know every paper of a corpus file (lines of JSON, xz); returns how many."""
        found = corpus(path)
        for paper in found:
            self._papers.setdefault(paper.key.value, {})[1] = paper
        return len(found)

    def has_html(self, arxiv_id: str, body: bytes | str, version: int | None = None) -> None:
        """The paper has HTML: of this version, or of every one."""
        self._texts.keep("html", arxiv_id, body.encode() if isinstance(body, str) else body, version)

    def has_pdf(self, arxiv_id: str, body: bytes, version: int | None = None) -> None:
        """The paper has a PDF: of this version, or of every one."""
        self._texts.keep("pdf", arxiv_id, body, version)

    def load_texts(self, data: Path) -> int:
        """Serve the recorded pages and PDFs of a data directory under their ids; returns how many."""
        return self._texts.load_recorded(data)

    # How it fails

    def is_throttled(self, retry_after: str | None = None, *, status: int = 429, on: str = "/", times: int = ALWAYS) -> None:
        headers = {"Retry-After": retry_after} if retry_after is not None else {}
        self._says(web.Response, on, times, status=status, headers=headers, text="slow down")

    def says_rate_exceeded(self, *, on: str = "/", times: int = ALWAYS) -> None:
        self._says(web.Response, on, times, text="Rate exceeded.")

    def refuses(self, status: int = 403, *, on: str = "/", times: int = ALWAYS) -> None:
        self._says(web.Response, on, times, status=status, text="no")

    def answers_html(self, *, on: str = "/", times: int = ALWAYS) -> None:
        page = "<!DOCTYPE html><html><body><h1>Sorry</h1></body></html>"
        self._says(web.Response, on, times, text=page, content_type="text/html")

    def is_empty_200(self, *, on: str = "/", times: int = ALWAYS) -> None:
        self._says(web.Response, on, times, body=b"", content_type="application/rss+xml")

    def says(
        self, body: bytes, *, on: str, content_type: str = "application/xml", status: int = 200, times: int = ALWAYS
    ) -> None:
        """Answer with these very bytes."""
        self._says(web.Response, on, times, body=body, content_type=content_type, status=status)

    def cuts_body(self, *, on: str = "/", times: int = ALWAYS) -> None:
        """Half a document, whole as far as HTTP can tell."""

        async def half(_: web.Request, whole: web.Response) -> web.Response:
            body = bytes(whole.body) if isinstance(whole.body, bytes | bytearray) else b""
            return web.Response(body=body[: len(body) // 2], content_type=whole.content_type)

        self._faults.append(Fault(on=on, times=times, answer=half))

    def cuts_connection(self, *, on: str = "/", times: int = ALWAYS) -> None:
        async def cut(request: web.Request, whole: web.Response) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Length": "100000", "Content-Type": whole.content_type})
            await response.prepare(request)
            await response.write(b"<?xml version='1.0'?><rss>")
            if request.transport:
                request.transport.close()
            return response

        self._faults.append(Fault(on=on, times=times, answer=cut))

    def hangs(self, *, on: str = "/", times: int = ALWAYS) -> None:
        async def wait(_: web.Request, whole: web.Response) -> web.Response:
            await self._is_over.wait()
            return whole

        self._faults.append(Fault(on=on, times=times, answer=wait))

    def takes_s(self, seconds: float, *, on: str = "/", times: int = ALWAYS) -> None:
        """A good answer, so much later."""

        async def late(_: web.Request, whole: web.Response) -> web.Response:
            await asyncio.sleep(seconds)
            return whole

        self._faults.append(Fault(on=on, times=times, answer=late))

    def edits(self, edit: Callable[[str], str], *, on: str = "/", times: int = ALWAYS) -> None:
        """Change a good answer's text on its way."""

        async def edited(_: web.Request, whole: web.Response) -> web.Response:
            return web.Response(text=edit(whole.text or ""), content_type=whole.content_type, status=whole.status)

        self._faults.append(Fault(on=on, times=times, answer=edited))

    def lies_about_total(self, total: int, *, on: str = "/api", times: int = ALWAYS) -> None:
        self.edits(lambda text: re.sub(r"(totalResults>)\d+|(Total of )\d+", rf"\g<1>\g<2>{total}", text), on=on, times=times)

    def repeats_pages(self, *, on: str = "/api", times: int = ALWAYS) -> None:
        """Every page is the first one."""

        async def first(request: web.Request, _: web.Response) -> web.Response:
            again = dict(request.query) | ({"start": "0"} if "start" in request.query else {"page": "1"})
            return self._route(request.path, again)

        self._faults.append(Fault(on=on, times=times, answer=first))

    def redirects(self, to: str, *, on: str, times: int = ALWAYS) -> None:
        self._says(web.Response, on, times, status=301, headers={"Location": to})

    def recovers(self) -> None:
        self._faults.clear()

    def _says(self, kind: Callable[..., web.Response], on: str, times: int, **how: object) -> None:
        async def said(_: web.Request, __: web.Response) -> web.Response:
            return kind(**how)

        self._faults.append(Fault(on=on, times=times, answer=said))

    # How it answers

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self._in_hand += 1
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(
            path=request.path, query=dict(request.query), headers=headers, at_s=time.monotonic(), together=self._in_hand
        )
        self.asked.append(asked)
        try:
            whole = self._route(request.path, dict(request.query))
            for fault in self._faults:
                if fault.times > 0 and request.path.startswith(fault.on):
                    fault.times -= 1
                    return await fault.answer(request, whole)
            return whole
        finally:
            self._in_hand -= 1

    def _route(self, path: str, query: dict[str, str]) -> web.Response:
        if path.startswith("/rss/"):
            return self._feed(path.removeprefix("/rss/"))
        if path.startswith("/catchup/"):
            return self._catchup(*path.removeprefix("/catchup/").split("/", 1), number=int(query.get("page", "1")))
        if path == "/api/query":
            return self._api(query)
        return self._texts.answer(path) or web.Response(status=404, text="no such page")

    def _feed(self, names: str) -> web.Response:
        day = self._shown or max(self._batches, default=date(2026, 1, 5))
        asked = re.split(r"[+ ]", names)
        for name in asked:
            if not _classes(name):
                archive, _, subject = name.partition(".")
                reason = f"Bad subject class '{subject}'. Valid subject classes for the archive '{archive}' are: x."
                text = pages.rss_error(names, reason, day)
                return web.Response(text=text, status=400, content_type="application/rss+xml")
        announced = _for(asked, self._batches.get(day, []))
        return web.Response(text=pages.rss(names, day, announced), content_type="application/rss+xml")

    def _catchup(self, name: str, day: str = "", *, number: int) -> web.Response:
        if not _classes(name):
            return web.Response(status=400, text="Invalid subject.")
        on = date.fromisoformat(day)
        announced = _for([name], self._batches.get(on, []))
        return web.Response(text=pages.catchup(name, on, announced, number, self.per_page), content_type="text/html")

    def _api(self, query: dict[str, str]) -> web.Response:
        start, most = int(query.get("start", "0")), int(query.get("max_results", "10"))
        ids = [one for one in query.get("id_list", "").split(",") if one]
        for one in ids:
            if not _ID.fullmatch(one):
                return _atom(pages.atom_error(f"incorrect id format for {one}"), status=400)
        try:
            found = self._by_ids(ids) if ids else self._by_query(query.get("search_query", ""))
        except ValueError:
            return _atom(pages.atom_error("malformed query"), status=400)
        return _atom(pages.atom(found[start : start + most], total=len(found), start=start))

    def _by_ids(self, ids: Iterable[str]) -> list[Paper]:
        found: list[Paper] = []
        for one in ids:
            match = _ID.fullmatch(one)
            versions = self._papers.get(match["id"], {}) if match else {}
            version = int(match["version"]) if match and match["version"] else max(versions, default=0)
            found += [versions[version]] if version in versions else []
        return found

    def _by_query(self, query: str) -> list[Paper]:
        test = parsed(query)
        latest = [versions[max(versions)] for versions in self._papers.values()]
        newest_first = sorted(latest, key=lambda one: one.published_at or datetime(1, 1, 1, tzinfo=UTC), reverse=True)
        return [paper for paper in newest_first if test(paper)]


def _atom(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, content_type="application/atom+xml", status=status)


def _classes(name: str) -> frozenset[str]:
    known = canonical(name)
    return ARCHIVES.get(name.lower(), frozenset()) | (frozenset({known}) if known else frozenset())


def _for(names: Iterable[str], announced: Iterable[Announced]) -> list[Announced]:
    """As arXiv labels: new only where the primary category is among those asked, else cross."""
    wanted = frozenset().union(*map(_classes, names))
    return [_labelled(one, wanted) for one in announced if wanted.intersection(one.paper.categories)]


def _labelled(one: Announced, wanted: frozenset[str]) -> Announced:
    crossed = {AnnounceType.NEW: AnnounceType.CROSS, AnnounceType.REPLACE: AnnounceType.REPLACE_CROSS}
    if one.paper.categories[0] in wanted or one.announce_type not in crossed:
        return one
    kind = crossed[one.announce_type]
    return replace(one, announce_type=kind, item=one.item and one.item.replace(f"ype>{one.announce_type}<", f"ype>{kind}<"))


async def _main() -> None:
    parser = argparse.ArgumentParser(description="arXiv on loopback")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--shared", type=Path, help="replay the recorded day and full texts of this data directory")
    options = parser.parse_args()
    fake = FakeArxiv()
    if options.shared:
        day = options.shared / "arxiv_rss/rendered_by_arxiv_feed_service/day_rss_cs.xml.gz"
        fake.load_shared_day(day, date(2026, 6, 2))
        fake.load_corpus(options.shared / "corpora/arxiv_cs_2026-02_to_2026-07.jsonl.xz")
        fake.load_texts(options.shared)
    await fake.serve(options.port)
    sys.stdout.write(f"{fake.url}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
