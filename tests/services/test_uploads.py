"""BibTeX that people send: what is understood of it, who may use it, and what hostile files come to."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.flaws import Flaw, UnfitFile
from bot.domain.people import Person
from bot.domain.subscriptions import Address, Interest
from bot.errors import BadInput
from bot.services.subscribing import MAX_TERMS, NotSubscribed, Subscribing
from bot.services.uploads import MAX_BYTES, UploadGone, Uploads, file_at
from bot.sources.bibtex_library import MAX_ENTRIES, library
from bot.storage.store import Store

HERE = Address(platform="console", chat="1")
ADA, BO = Person(platform="telegram", id="7"), Person(platform="telegram", id="8")
NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)
PATIENCE_S = 20.0
STALL_S = 0.5

REFS = """
% a comment
@string{jair = "Journal of AI Research"}
@article{one, title={Graph Neural Networks for {ATLAS}}, author={Doe, Jane and Smith, John}, journal=jair}
@inproceedings{two, title={Fast Graph Neural Networks}, author={Jane Doe}, keywords={scheduling; trees}}
@misc{three, title={G{\\"o}del Scheduling}, author={M{\\"u}ller, Zo{\\'e}}}
@article{four, title={Cut off
"""


@pytest.fixture
def subscribing(store: Store) -> Subscribing:
    return Subscribing(store=store, now=lambda: NOON)


@pytest.fixture
def uploads(store: Store, subscribing: Subscribing) -> Uploads:
    return a_desk(store, subscribing)


def a_desk(store: Store, subscribing: Subscribing) -> Uploads:
    return Uploads(store=store, subscribing=subscribing, library=library, now=lambda: NOON)


async def test_a_library_is_told_with_its_people_its_words_and_what_is_broken(uploads: Uploads) -> None:
    found = await uploads.received(ADA, "C:\\Papers\\refs.bib", REFS.encode())
    assert (found.name, found.entries) == ("refs.bib", 4)
    assert found.authors == (("Jane Doe", 2), ("John Smith", 1), ("Zoé Müller", 1))
    assert found.words == (("graph neural networks", 2), ("scheduling", 2))
    assert [notice.line for notice in found.failed] == [7]


async def test_buttons_work_after_a_restart_and_for_whoever_sent_the_file(
    store: Store, subscribing: Subscribing, uploads: Uploads
) -> None:
    found = await uploads.received(ADA, "refs.bib", REFS.encode())
    later = await a_desk(store, subscribing).upload(found.id, ADA)
    assert (later.authors, later.words, later.entries) == (found.authors, found.words, found.entries)
    for person, number in ((BO, found.id), (ADA, found.id + 1), (ADA, 2**62)):
        with pytest.raises(UploadGone):
            await uploads.upload(number, person)


async def test_an_interest_is_taken_over_once_however_often_it_is_pressed(subscribing: Subscribing, uploads: Uploads) -> None:
    await subscribing.subscribe(HERE, Interest(keywords=("agents",)))
    found = await uploads.received(ADA, "refs.bib", REFS.encode())
    first = await uploads.adopt_authors(found.id, ADA, HERE, 0)
    again = await uploads.adopt_authors(found.id, ADA, HERE, 0)
    assert (first.added, again.added) == (("Jane Doe",), ())
    everything = await uploads.adopt_words(found.id, ADA, HERE)
    assert everything.added == ("graph neural networks", "scheduling")
    interest = (await subscribing.require(HERE)).interest
    assert interest == Interest(keywords=("agents", *everything.added), authors=("Jane Doe",))


async def test_what_was_typed_in_another_case_is_there_already(subscribing: Subscribing, uploads: Uploads) -> None:
    await subscribing.subscribe(HERE, Interest(authors=("JANE DOE",)))
    found = await uploads.received(ADA, "refs.bib", REFS.encode())
    assert (await uploads.adopt_authors(found.id, ADA, HERE, 0)).added == ()
    assert (await subscribing.require(HERE)).interest.authors == ("JANE DOE",)


async def test_a_file_begins_no_subscription_and_breaks_no_limit(subscribing: Subscribing, uploads: Uploads) -> None:
    found = await uploads.received(ADA, "refs.bib", REFS.encode())
    with pytest.raises(NotSubscribed):
        await uploads.adopt_authors(found.id, ADA, HERE)
    assert await subscribing.current(HERE) is None
    full = Interest(keywords=tuple(f"word{number}" for number in range(MAX_TERMS)))
    await subscribing.subscribe(HERE, full)
    with pytest.raises(BadInput, match=f"at most {MAX_TERMS}"):
        await uploads.adopt_words(found.id, ADA, HERE)
    assert (await subscribing.require(HERE)).interest == full


async def test_a_place_that_was_never_suggested_is_gone(subscribing: Subscribing, uploads: Uploads) -> None:
    await subscribing.subscribe(HERE, Interest())
    found = await uploads.received(ADA, "refs.bib", REFS.encode())
    for place in (-1, 3, 2**40):
        with pytest.raises(UploadGone):
            await uploads.adopt_authors(found.id, ADA, HERE, place)


ENTRY = "@misc{{k{n},title={{Paper {n}}},author={{A B}}}}\n"


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b"", Flaw.NEITHER),
        (b"title,author\nA,b@example.org\n" * 100, Flaw.NEITHER),
        (b"%PDF-1.7\n\0\xff@misc{a}", Flaw.NEITHER),
        (bytes(range(256)) * 2_000, Flaw.NEITHER),
        (b'{"paperboy": 1}', Flaw.NEITHER),
        (b"@misc{a, title={x}}" + b" " * 5_000_000, Flaw.TOO_LARGE),
        (b"@comment{only this}", Flaw.NO_ENTRIES),
        (b"@a{" + b"," * (MAX_BYTES - 10), Flaw.NO_ENTRIES),
        ("".join(ENTRY.format(n=n) for n in range(MAX_ENTRIES + 1)).encode(), Flaw.TOO_MANY_ENTRIES),
        (b"@a{b,c=1}\n" * (MAX_BYTES // 10), Flaw.TOO_MANY_ENTRIES),
        (b"@a{b,t={" + b"@" * 900_000 + b"}}", Flaw.TOO_MANY_ENTRIES),
    ],
)
async def test_what_cannot_be_used_is_said_and_not_kept(uploads: Uploads, content: bytes, flaw: Flaw) -> None:
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(UnfitFile) as caught:
            await uploads.received(ADA, "x.bib", content)
    assert caught.value.flaw is flaw
    with pytest.raises(UploadGone):
        await uploads.upload(1, ADA)


_BOMB = '@string{a0="xxxxxxxxxx"}\n' + "".join(f"@string{{a{n + 1}=a{n} # a{n} # a{n}}}\n" for n in range(60))


@pytest.mark.parametrize(
    ("content", "entries"),
    [
        (_BOMB + "@misc{k, title=a60}\n", 1),
        ("@misc{a, title={One}}\n" * 500, 500),
        ("@misc{a, title={x" + "{" * 400_000, 1),
        ("@misc{a, title={NUL\0inside}, author={A B}}", 1),
        ("@misc{a, title={" + "\\" * 900_000 + "}}", 1),
        ("@misc{a, title={x y}, author={" + "A B and " * 100_000 + "C D}}", 1),
        ("@misc{a, crossref={b}, title={x}}\n@misc{b, crossref={a}, title={y}}\n", 2),
    ],
)
async def test_hostile_entries_are_taken_as_far_as_they_go(uploads: Uploads, content: str, entries: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        found = await uploads.received(ADA, "x.bib", content.encode())
        assert found.entries == entries
        assert (await uploads.upload(found.id, ADA)).authors == found.authors


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
async def test_letters_survive_the_encodings_that_programs_write(uploads: Uploads, encoding: str) -> None:
    content = "@misc{a, title={Über Bäume}, author={Zoé Müller}}".encode(encoding)
    found = await uploads.received(ADA, "refs.bib", content)
    assert found.authors == (("Zoé Müller", 1),)


async def test_while_a_large_file_is_read_others_are_served(uploads: Uploads) -> None:
    content = "".join(ENTRY.format(n=n) for n in range(MAX_ENTRIES)).encode()
    reading = asyncio.create_task(uploads.received(ADA, "refs.bib", content))
    loop, longest = asyncio.get_running_loop(), 0.0
    while not reading.done():
        before = loop.time()
        await asyncio.sleep(0)
        longest = max(longest, loop.time() - before)
    assert (await reading).entries == MAX_ENTRIES
    assert longest < STALL_S


async def test_a_file_of_this_machine_is_read_and_one_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text("@misc{a}", encoding="utf-8")
    assert await file_at(str(tmp_path / "refs.bib")) == ("refs.bib", b"@misc{a}")
    for path in (str(tmp_path / "none.bib"), str(tmp_path), "~nobody-here/x", "/dev/zero"):
        with pytest.raises(UnfitFile) as caught:
            await file_at(path)
        assert str(tmp_path) not in str(caught.value)
    with pytest.raises(UnfitFile):
        await file_at("a\0b")
