"""The reader of arXiv's HTML against arXiv on loopback: what it asks, what it refuses and why."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.domain.papers import FullText, Paper, PaperKey, Scheme, TextOrigin
from bot.errors import BrokenPage, PaperboyError, SourceRefused, SourceThrottled, SourceUnreachable, TextUnavailable
from bot.http import LocalGate, PoliteClient
from bot.readers.html import HtmlReader
from tests.builders import a_paper
from tests.fakes.arxiv import FakeArxiv
from tests.readers.latexml_pages import WORDS, a_good_page, a_page, paragraph, section

ERROR = '<span class="ltx_ERROR undefined">\\cmd</span>'
PAPER = a_paper(arxiv_id="2601.00001", version=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A reader and the arXiv that it asks."""

    arxiv: FakeArxiv
    reader: HtmlReader

    async def reads(self, page: bytes, paper: Paper = PAPER) -> FullText:
        self.arxiv.has_html(paper.key.value, page)
        return await self.reader.read(paper)

    async def fails(self, paper: Paper = PAPER) -> str:
        with pytest.raises(TextUnavailable) as caught:
            await self.reader.read(paper)
        return str(caught.value)

    async def refuses(self, page: bytes, paper: Paper = PAPER) -> str:
        self.arxiv.has_html(paper.key.value, page)
        return await self.fails(paper)


@asynccontextmanager
async def a_desk(timeout_s: float = 5.0, interval_s: float = 0.0) -> AsyncIterator[Desk]:
    client = PoliteClient(user_agent="paperboy-tests/1.0 (https://example.org)", timeout_s=timeout_s)
    try:
        async with FakeArxiv() as arxiv:
            yield Desk(arxiv=arxiv, reader=HtmlReader(client, LocalGate("arxiv"), arxiv.url + "/", interval_s))
    finally:
        await client.close()


async def test_a_page_is_read_into_sections_of_that_version() -> None:
    async with a_desk() as desk:
        found = await desk.reads(a_good_page())
        assert [section.heading for section in found.sections] == ["Abstract", "1 Introduction", "2 Method"]
        assert (found.ref.key, found.ref.version, found.origin) == (PAPER.key, 2, TextOrigin.HTML)
        assert desk.arxiv.paths() == ["/html/2601.00001v2"]


async def test_a_paper_of_no_known_version_is_asked_for_without_one() -> None:
    async with a_desk() as desk:
        await desk.reads(a_good_page(), a_paper(arxiv_id="hep-th/9901001", version=None))
        assert desk.arxiv.paths() == ["/html/hep-th/9901001"]


async def test_another_version_is_not_taken_for_this_one() -> None:
    async with a_desk() as desk:
        desk.arxiv.has_html("2601.00001", a_good_page(), version=1)
        assert "has no HTML (HTTP 404)" in await desk.fails()


@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        (a_paper(is_withdrawn=True), "withdrawn"),
        (a_paper(key=PaperKey(scheme=Scheme.FILE, value="entry")), "not on arXiv"),
    ],
)
async def test_arxiv_is_not_asked_for_what_it_cannot_have(paper: Paper, reason: str) -> None:
    async with a_desk() as desk:
        assert reason in await desk.fails(paper)
        assert desk.arxiv.paths() == []


async def test_a_page_that_stops_after_its_abstract_is_refused() -> None:
    async with a_desk() as desk:
        assert "0 words beyond the abstract" in await desk.refuses(a_page(abstract=WORDS * 20))


async def test_a_page_with_nothing_but_a_fatal_error_is_refused() -> None:
    async with a_desk() as desk:
        page = a_page(f'<div class="ltx_para">{ERROR}</div>', title=None, abstract=None)
        assert "0 words beyond the abstract, and errors" in await desk.refuses(page)


async def test_a_page_full_of_failed_macros_is_refused_and_one_with_few_is_not() -> None:
    async with a_desk() as desk:
        few, many = (section("Data", paragraph(WORDS * 70, ERROR * count)) for count in (6, 8))
        assert "did not know 8 macros" in await desk.refuses(a_page(many))
        assert (await desk.reads(a_page(few))).sections


async def test_a_page_full_of_raw_macros_is_refused_and_one_with_few_is_not() -> None:
    async with a_desk() as desk:
        few, many = (section("Data", paragraph(WORDS * 70, r"\cmd " * count)) for count in (15, 18))
        assert "18 raw macros" in await desk.refuses(a_page(many))
        assert (await desk.reads(a_page(few))).sections


async def test_the_page_of_another_file_is_refused() -> None:
    async with a_desk() as desk:
        assert "the title of something else" in await desk.refuses(a_good_page("Reviewing Procedures of Our Institute"))
        assert "the title of something else" in await desk.refuses(a_good_page(f"Supplement to: {PAPER.title}"))


@pytest.mark.parametrize(
    "shown", ["A notebook for $forgetful$ assistants", "A Notebook for Forgetful Assistants: Extended", "忘"]
)
async def test_the_same_title_in_another_spelling_is_the_paper(shown: str) -> None:
    async with a_desk() as desk:
        title = "忘" if shown == "忘" else PAPER.title
        assert (await desk.reads(a_good_page(shown), a_paper(title=title))).sections


async def test_a_page_without_a_title_element_can_be_used() -> None:
    async with a_desk() as desk:
        assert (await desk.reads(a_page(section("Data", paragraph(WORDS * 70)), title=None, abstract=None))).sections


async def test_a_long_page_needs_no_sections_and_a_short_one_does() -> None:
    async with a_desk() as desk:
        assert "words in 0 sections" in await desk.refuses(a_page(paragraph(WORDS * 30)))
        assert (await desk.reads(a_page(paragraph(WORDS * 70)))).sections


async def test_half_a_page_is_refused() -> None:
    async with a_desk() as desk:
        desk.arxiv.has_html(
            PAPER.key.value, a_page(section("Data", paragraph(WORDS * 99)), section("Method", paragraph(WORDS * 99)))
        )
        desk.arxiv.cuts_body(on="/html/", times=1)
        assert "it has no end" in await desk.fails()
        assert (await desk.reader.read(PAPER)).sections


@pytest.mark.parametrize(
    "page", [b"<html><h1>A collection of papers</h1>LIST:arXiv:2401.00907</html>", b"%PDF-1.7\n\0\1", b"\xff" * 99]
)
async def test_what_latexml_did_not_make_is_refused(page: bytes) -> None:
    async with a_desk() as desk:
        assert "not a page that LaTeXML made" in await desk.refuses(page)


async def test_the_no_html_page_is_refused_with_any_status() -> None:
    async with a_desk() as desk:
        desk.arxiv.says(b"<html><main><h1>No HTML for '2601.00001v2'</h1></main></html>", on="/html/", content_type="text/html")
        assert "not a page that LaTeXML made" in await desk.fails()


async def test_failures_of_the_site_are_no_lack_of_a_text() -> None:
    outcomes: dict[str, type[PaperboyError]] = {
        "is_throttled": SourceThrottled,
        "says_rate_exceeded": SourceThrottled,
        "refuses": SourceRefused,
        "cuts_connection": SourceUnreachable,
        "hangs": SourceUnreachable,
        "is_empty_200": BrokenPage,
    }
    for verb, expected in outcomes.items():
        async with a_desk(timeout_s=0.3) as desk:
            desk.arxiv.has_html(PAPER.key.value, a_good_page())
            getattr(desk.arxiv, verb)(on="/html/")
            with pytest.raises(expected):
                await desk.reader.read(PAPER)


async def test_pages_above_the_limit_are_not_read_to_their_end() -> None:
    async with a_desk() as desk:
        desk.arxiv.has_html(PAPER.key.value, b" " * 12_000_001)
        with pytest.raises(BrokenPage, match="12000000 bytes"):
            await desk.reader.read(PAPER)


async def test_requests_keep_the_pace_of_the_gate() -> None:
    async with a_desk(interval_s=0.3) as desk:
        await desk.reads(a_good_page())
        await desk.reader.read(PAPER)
        await desk.reader.read(PAPER)
        _, second, third = desk.arxiv.asked  # the first one is late: it had to connect
        assert third.at_s - second.at_s >= 0.25


async def test_the_loop_is_free_while_a_large_page_is_read() -> None:
    async with a_desk() as desk:
        desk.arxiv.has_html(PAPER.key.value, a_page(section("Data", *(paragraph(WORDS) for _ in range(6_000)))))
        await desk.reads(a_good_page(), a_paper(arxiv_id="2601.00002"))
        reading = asyncio.create_task(desk.reader.read(PAPER))
        longest_s = 0.0
        while not reading.done():
            began = time.monotonic()
            await asyncio.sleep(0)
            longest_s = max(longest_s, time.monotonic() - began)
        assert len((await reading).sections) == 2
        assert longest_s < 0.15  # a thread holds the interpreter for 5 ms at a time; the machine may be busy
