"""The PDF reader against arXiv on loopback, and its child against files and programs that mean it harm."""

import asyncio
import contextlib
import os
import sys
import textwrap
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.papers import PaperKey, Scheme, TextOrigin
from bot.errors import BrokenPage, SourceThrottled, SourceUnreachable, TextUnavailable
from bot.http import LocalGate, PoliteClient
from bot.readers.pdf import PROGRAM, PdfReader
from tests.builders import a_paper
from tests.fakes.arxiv import FakeArxiv
from tests.pdfs import TWO_COLUMNS, Text, a_bomb, a_paper_pdf, a_pdf, pdf_of, prose

PAPER = a_paper(arxiv_id="2601.00001", version=2)
PARTS = [("Abstract", prose(80)), ("1 Introduction", prose(300, start=1)), ("2 Method", prose(300, start=2))]


@pytest.fixture
async def client() -> AsyncIterator[PoliteClient]:
    made = PoliteClient(user_agent="paperboy-tests (https://example.org; a@example.org)", timeout_s=5.0)
    yield made
    await made.close()


@pytest.fixture
async def arxiv() -> AsyncIterator[FakeArxiv]:
    async with FakeArxiv() as fake:
        yield fake


def a_reader(client: PoliteClient, site: str = "http://127.0.0.1:9", *, timeout_s: float = 20.0, program: str = "") -> PdfReader:
    """`program` is Python text that is run instead of the child."""
    command = (sys.executable, "-S", "-c", textwrap.dedent(program)) if program else PROGRAM
    return PdfReader(client, LocalGate("arxiv"), site, 0.0, timeout_s=timeout_s, program=command)


async def reason(reader: PdfReader, content: bytes) -> str:
    """Why there is no text; whatever it was, no child is left, dead or alive."""
    with pytest.raises(TextUnavailable) as caught:
        await reader.parse(content, "2601.00001v2")
    assert children() == []
    return str(caught.value)


def children() -> list[int]:
    """Processes that this one began and has not reaped."""
    mine = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = status.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it ended while we looked
            continue
        if int(after_name[1]) == os.getpid():
            mine.append(int(status.parent.name))
    return mine


async def test_a_paper_is_read_in_sections_from_the_pdf_of_its_version(client: PoliteClient, arxiv: FakeArxiv) -> None:
    arxiv.says(a_paper_pdf(PARTS), on="/pdf", content_type="application/pdf")
    text = await a_reader(client, arxiv.url).read(PAPER)
    assert arxiv.paths("/pdf") == ["/pdf/2601.00001v2"]
    assert text.origin is TextOrigin.PDF
    assert (text.ref.key, text.ref.version) == (PAPER.key, 2)
    assert [section.heading for section in text.sections] == [heading for heading, _ in PARTS]
    assert " ".join(section.text for section in text.sections).split() == " ".join(body for _, body in PARTS).split()


@pytest.mark.parametrize(
    ("body", "content_type", "status", "said"),
    [
        (b"<!DOCTYPE html><html><body>PDF unavailable</body></html>", "text/html", 200, "answered no PDF but text/html"),
        (b"<html></html>", "text/html", 404, "HTTP 404"),
        (b"%PDF-1.5\nthis is not really one", "application/pdf", 200, "is broken"),
    ],
)
async def test_what_is_no_pdf_has_no_text(
    client: PoliteClient, arxiv: FakeArxiv, body: bytes, content_type: str, status: int, said: str
) -> None:
    arxiv.says(body, on="/pdf", content_type=content_type, status=status)
    with pytest.raises(TextUnavailable, match=said):
        await a_reader(client, arxiv.url).read(PAPER)


@pytest.mark.parametrize(
    "paper",
    [a_paper(is_withdrawn=True), a_paper(key=PaperKey(scheme=Scheme.DOI, value="10.1000/1"))],
    ids=["withdrawn", "not on arXiv"],
)
async def test_papers_that_have_no_pdf_are_not_asked_for(client: PoliteClient, arxiv: FakeArxiv, paper: object) -> None:
    with pytest.raises(TextUnavailable):
        await a_reader(client, arxiv.url).read(paper)  # type: ignore[arg-type]
    assert arxiv.asked == []


async def test_a_site_that_fails_is_not_a_paper_without_text(client: PoliteClient, arxiv: FakeArxiv) -> None:
    arxiv.is_empty_200(on="/pdf", times=1)
    arxiv.cuts_connection(on="/pdf", times=1)
    arxiv.is_throttled("7", on="/pdf", times=1)
    reader = a_reader(client, arxiv.url)
    with pytest.raises(BrokenPage):
        await reader.read(PAPER)
    with pytest.raises(SourceUnreachable):
        await reader.read(PAPER)
    with pytest.raises(SourceThrottled) as told:
        await reader.read(PAPER)
    assert told.value.after_s == 7


async def test_a_pdf_of_too_many_bytes_is_not_read_to_its_end(client: PoliteClient, arxiv: FakeArxiv) -> None:
    arxiv.says(b"%PDF-1.5\n" + bytes(300_000), on="/pdf", content_type="application/pdf")
    reader = PdfReader(client, LocalGate("arxiv"), arxiv.url, 0.0, max_bytes=100_000)
    with pytest.raises(BrokenPage, match="more than 100000 bytes"):
        await reader.read(PAPER)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no PDF"),
        (b"<html><body>%PDF</body></html>", "is no PDF"),
        (a_paper_pdf(PARTS)[:700], "is broken"),
        (a_pdf([Text(text=prose(200))], password="sesame"), "needs a password"),
        (a_pdf([], []), "holds 0 words"),
        (a_pdf([Text(text="Scanned by a library.")]), "holds 4 words"),
        (pdf_of([b"q " * 3_000_000]), "broke its reader"),
        (a_bomb(1_000), "broke its reader|needs more memory"),
    ],
    ids=["empty", "HTML", "cut", "encrypted", "blank pages", "scan", "nested", "bomb"],
)
async def test_a_file_that_cannot_be_read_says_why(client: PoliteClient, content: bytes, said: str) -> None:
    assert [word for word in said.split("|") if word in await reason(a_reader(client), content)]


async def test_a_book_is_cut_and_says_so(client: PoliteClient) -> None:
    pages = [[Text(text=f"{prose(9, start=n)} {n}", y=700 - 20 * row) for row in range(3)] for n in range(5_000)]
    sections = await a_reader(client).parse(a_pdf(*pages), "2601.00001")
    assert sections[-1].text == "[The PDF goes on: its last 4800 of 5000 pages were not read.]"
    assert " 199 " in sections[0].text
    assert " 200 " not in sections[0].text


LIMITED = "from bot.readers.pdf_child import limit\nlimit(memory_mb=128, cpu_s={cpu_s})\n"


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import time; time.sleep(60)", "took more than 1 s"),
        ("import sys\nwhile True: sys.stdout.write('x' * 1_000_000)", "answered with more than"),
        ("import os; os.kill(os.getpid(), 9)", "signal 9"),
        ("raise SystemExit(3)", "status 3"),
        ("print('no JSON')", "no answer that can be understood"),
        ("print('[1, 2]')", "no answer that can be understood"),
        ("""print('{"sections": [["only a heading"]]}')""", "no answer that can be understood"),
        ("""print('{"sections": "text"}')""", "no answer that can be understood"),
        (LIMITED.format(cpu_s=5) + "bytearray(10**9)", "status 1"),
        (LIMITED.format(cpu_s=1) + "while True: pass", "signal"),
        (LIMITED.format(cpu_s=5) + "import tempfile\ntempfile.TemporaryFile(buffering=0).write(b'x')", "status 1"),
    ],
    ids=["hangs", "floods", "dies", "fails", "text", "list", "pair", "string", "memory", "processor", "writes a file"],
)
async def test_a_child_that_goes_wrong_costs_its_paper_the_text(client: PoliteClient, program: str, said: str) -> None:
    reader = a_reader(client, timeout_s=1.0 if "sleep" in program else 20.0, program=program)
    assert said in await reason(reader, b"%PDF-1.5 " + bytes(2_000_000))


async def test_a_child_that_answers_before_it_has_read_everything_is_heard(client: PoliteClient) -> None:
    program = """print('{"sections": [["1 Introduction", "text"]]}')"""
    (section,) = await a_reader(client, program=program).parse(bytes(20_000_000), "2601.00001")
    assert (section.heading, section.text) == ("1 Introduction", "text")


async def test_a_child_knows_nothing_of_our_environment(
    client: PoliteClient, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    program = """
        import json, os, sys
        sys.stderr.write("noise")
        print(json.dumps({"unavailable": " ".join(sorted(os.environ)) + " in " + os.getcwd()}))
    """
    said = await reason(a_reader(client, program=program), b"")
    assert set(said.partition("the PDF ")[2].removesuffix(" in /").split()) <= {"PYTHONPATH", "PYTHONUTF8", "LC_CTYPE"}
    assert capfd.readouterr() == ("", "")


async def test_who_stops_waiting_stops_the_child(client: PoliteClient, tmp_path: Path) -> None:
    began = tmp_path / "began"
    program = f"import os, time\nopen({str(began)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"
    reading = asyncio.create_task(a_reader(client, program=program).parse(b"%PDF-1.5", "2601.00001"))
    while not (began.exists() and began.read_text("utf-8")):  # noqa: ASYNC110 - the child has no other way to tell
        await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert children() == []


async def test_no_more_than_two_children_run_at_once(client: PoliteClient, tmp_path: Path) -> None:
    program = f"""
        import os, time
        mine = {str(tmp_path)!r} + "/" + str(os.getpid())
        open(mine, "w").close()
        time.sleep(0.3)
        count = len(os.listdir({str(tmp_path)!r}))
        os.unlink(mine)
        print('{{"sections": [["", "' + str(count) + '"]]}}')
    """
    reader = a_reader(client, program=program)
    read = await asyncio.gather(*(reader.parse(b"", str(n)) for n in range(5)))
    assert max(int(section.text) for (section,) in read) == 2


async def test_the_loop_is_free_while_a_long_paper_is_read(client: PoliteClient) -> None:
    parts = [(f"{n} Section of it", prose(2_000, start=n)) for n in range(1, 16)]
    content = a_paper_pdf(parts, columns=TWO_COLUMNS)
    began_s = time.thread_time()
    sections = await a_reader(client).parse(content, "2601.00001")
    assert time.thread_time() - began_s < 0.05
    assert len(sections) == 15


@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.7\n"]), st.integers(0, 6_000), st.integers(0, 255))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_bytes_are_text_or_unavailable(client: PoliteClient, noise: bytes, head: bytes, place: int, byte: int) -> None:
    paper = bytearray(a_paper_pdf(PARTS))
    paper[place % len(paper)] = byte
    for content in (head + noise, bytes(paper), bytes(paper[:place]) + noise + bytes(paper[place:])):
        with contextlib.suppress(TextUnavailable):
            assert await a_reader(client).parse(content, "2601.00001")
    assert children() == []
