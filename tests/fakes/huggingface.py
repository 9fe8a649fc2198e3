"""Hugging Face's daily papers on loopback: `python -m tests.fakes.huggingface --port 0 [--shared DIR]` prints its URL.

Speaks as the recorded answers do (lists of 2024-05 to 2026-08): paging by `limit` and `p`, an object with `error` and a 404
for what it does not know.
"""

import argparse
import asyncio
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from tests.fakes.server import served

Json = Any  # whatever json.loads gives: the fake serves broken shapes on purpose

NOT_FOUND = {"error": "Sorry, we can't find the page you are looking for."}
DEFAULT_LIMIT, MAX_LIMIT = 50, 100


def an_item(
    arxiv_id: str,
    *,
    votes: int | None = 7,
    title: str | None = "A Notebook for\n  Forgetful Assistants",
    summary: str | None = "Long conversations make assistants forget.\nWe propose a notebook.",
    authors: tuple[str, ...] = ("Ada Example", "Bo Sample"),
    hidden: tuple[str, ...] = (),
    published_at: str | None = "2026-01-05T09:30:00.000Z",
    repo: str | None = None,
    project: str | None = None,
    keywords: tuple[str, ...] | None = None,
    organization: str | None = None,
) -> dict[str, Json]:
    """An item of a list, as the service makes it: what is None is not there."""
    people = [{"_id": f"a{n}", "name": name, "hidden": name in hidden} for n, name in enumerate((*authors, *hidden))]
    told = {
        "id": arxiv_id,
        "authors": people,
        "publishedAt": published_at,
        "title": title,
        "summary": summary,
        "upvotes": votes,
        "githubRepo": repo,
        "projectPage": project,
        "ai_keywords": list(keywords) if keywords is not None else None,
        "ai_summary": "A machine's summary, never to be shown as the paper's.",
        "discussionId": "d1",
    }
    item: dict[str, Json] = {"paper": {name: value for name, value in told.items() if value is not None}}
    item |= {"publishedAt": "2026-01-06T03:50:58.348Z", "title": title, "summary": summary, "numComments": 2}
    if organization:
        item["organization"] = {"_id": "o1", "name": organization.replace(" ", "-"), "fullname": organization}
    return {name: value for name, value in item.items() if value is not None}


def _id(item: Json) -> str | None:
    paper = item.get("paper") if isinstance(item, dict) else None
    return paper.get("id") if isinstance(paper, dict) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An answer in place of the right one, `times` times (None: for ever); `day` None means any request."""

    status: int
    body: bytes
    content_type: str
    headers: Mapping[str, str]
    day: date | None
    left: list[int | None] = field(default_factory=lambda: [None])

    def strikes(self, day: str) -> bool:
        if (self.day is not None and self.day.isoformat() != day) or self.left[0] == 0:
            return False
        self.left[0] = None if self.left[0] is None else self.left[0] - 1
        return True


class FakeHuggingFace:
    """Start it with `async with`; `url` is its base URL, `requests` what it was asked, in order."""

    def __init__(self, *, port: int = 0) -> None:
        self._port = port
        self._days: dict[str, list[Json]] = {}
        self._faults: list[Fault] = []
        self._repeating: set[str] = set()
        self._most_a_page = MAX_LIMIT
        self._runner: web.AppRunner | None = None
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.url = ""

    def lists(self, arxiv_id: str, *, on: date, votes: int | None = 7, **fields: Json) -> None:
        """Put a paper at the end of a day's list; listed again it only gets new votes."""
        day = self._days.setdefault(on.isoformat(), [])
        new = an_item(arxiv_id, votes=votes, **fields)
        for index, item in enumerate(day):
            if _id(item) == arxiv_id:
                day[index] = new
                return
        day.append(new)

    def lists_raw(self, item: Json, *, on: date) -> None:
        """Put anything at all into a day's list."""
        self._days.setdefault(on.isoformat(), []).append(item)

    def replays(self, folder: Path) -> int:
        """Serve the recorded answers of a folder (YYYY-MM-DD.json.gz); how many there are."""
        files = sorted(folder.glob("????-??-??.json.gz"))
        for file in files:
            self._days[file.name[:10]] = json.loads(gzip.decompress(file.read_bytes()))
        return len(files)

    def answers(
        self,
        body: bytes | Json,
        *,
        on: date | None = None,
        status: int = 200,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
        times: int | None = None,
    ) -> None:
        """Answer so in place of the right thing."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        fault = Fault(status=status, body=content, content_type=content_type, headers=headers or {}, day=on, left=[times])
        self._faults.append(fault)

    def throttles(self, *, retry_after_s: int, times: int | None = None) -> None:
        self.answers(b"", status=429, headers={"Retry-After": str(retry_after_s)}, times=times)

    def is_down_for(self, times: int) -> None:
        self.answers(b"", status=502, times=times)

    def sends_html(self, *, on: date | None = None) -> None:
        self.answers(b"<!doctype html><title>Hugging Face</title>", on=on, content_type="text/html")

    def cuts_its_answer(self, *, on: date) -> None:
        self.answers(json.dumps(self._days[on.isoformat()]).encode()[:-20], on=on)

    def repeats_its_pages(self, *, on: date) -> None:
        """Every page of that day is the first one."""
        self._repeating.add(on.isoformat())

    def gives_at_most(self, items: int) -> None:
        """Pages are shorter than what was asked for, whatever was asked for."""
        self._most_a_page = items

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/api/daily_papers", self._daily)
        app.router.add_get("/api/papers/{id:.+}", self._one)
        self._runner, self.url = await served(app, self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _daily(self, request: web.Request) -> web.Response:
        day = request.query.get("date", "")
        if fault := self._noted(request, day):
            return fault
        limit = min(int(request.query.get("limit", DEFAULT_LIMIT)), MAX_LIMIT, self._most_a_page)
        page = 0 if day in self._repeating else int(request.query.get("p", "0"))
        return web.json_response(self._days.get(day, [])[page * limit : (page + 1) * limit])

    async def _one(self, request: web.Request) -> web.Response:
        if fault := self._noted(request, ""):
            return fault
        wanted = request.match_info["id"]
        for item in (item for day in self._days.values() for item in day):
            if _id(item) == wanted:
                return web.json_response(item["paper"])
        return web.json_response(NOT_FOUND, status=404)

    def _noted(self, request: web.Request, day: str) -> web.Response | None:
        self.requests.append((request.path, dict(request.query)))
        for fault in self._faults:
            if fault.strikes(day):
                headers = {"Content-Type": fault.content_type, **fault.headers}
                return web.Response(status=fault.status, body=fault.body, headers=headers)
        return None


async def _serve(port: int, shared: Path | None) -> None:
    async with FakeHuggingFace(port=port) as fake:
        if shared is not None:
            fake.replays(shared / "data" / "hf_daily_papers" / "raw")
        print(fake.url, flush=True)  # noqa: T201  # whoever started the process reads it
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="Hugging Face's daily papers on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--shared", type=Path, help="a folder with data/hf_daily_papers/raw to replay")
    arguments = parser.parse_args()
    try:
        asyncio.run(_serve(arguments.port, arguments.shared))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
