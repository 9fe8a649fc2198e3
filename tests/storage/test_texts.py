import json
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bot.domain.papers import FullText, PaperRef, Section, TextOrigin
from bot.errors import TextUnavailable
from bot.storage import texts
from bot.storage.store import Store
from bot.storage.tables import texts as table
from bot.storage.texts import MAX_BYTES, PackedText, pack, unpack
from bot.storage.types import clean
from tests.builders import arxiv_key
from tests.storage.rows import stored

NOW = datetime(2026, 6, 2, 15, 0, tzinfo=UTC)
REF = PaperRef(key=arxiv_key(), version=2)
LATEST = PaperRef(key=arxiv_key())
LINE = "Notebooks help assistants that forget. "

anything = st.text(st.characters())  # with NUL and lone surrogates
storable = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


def a_long_text(ref: PaperRef = REF, words: str = LINE * 100, origin: TextOrigin = TextOrigin.HTML) -> FullText:
    return FullText(ref=ref, sections=(Section(heading="1 Introduction", text=words),), origin=origin)


def cleaned(parts: tuple[Section, ...]) -> tuple[Section, ...]:
    return tuple(Section(heading=clean(part.heading), text=clean(part.text)) for part in parts)


def sections(texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Section, ...]]:
    return st.lists(st.builds(Section, heading=texts, text=texts)).map(tuple)


@given(sections(storable), st.sampled_from(TextOrigin))
def test_a_text_comes_back_as_it_was(parts: tuple[Section, ...], origin: TextOrigin) -> None:
    text = FullText(ref=REF, sections=parts, origin=origin)
    packed = pack(text)
    assert unpack(packed) == text
    assert packed.chars == sum(len(part.heading) + len(part.text) for part in parts)


@given(sections(anything))
def test_what_no_database_holds_comes_back_cleaned(parts: tuple[Section, ...]) -> None:
    assert unpack(pack(FullText(ref=REF, sections=parts, origin=TextOrigin.PDF))).sections == cleaned(parts)


some_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.binary() | st.binary().map(zlib.compress) | some_json.map(json.dumps).map(str.encode).map(zlib.compress))
def test_whatever_stands_in_the_table_is_a_text_or_none(body: bytes) -> None:
    try:
        text = unpack(PackedText(ref=REF, origin=TextOrigin.HTML, chars=1, body=body))
    except TextUnavailable:
        return
    assert unpack(pack(text)) == FullText(ref=REF, sections=cleaned(text.sections), origin=TextOrigin.HTML)


@pytest.mark.parametrize(
    "plain",
    [
        b'[["","' + b" " * (MAX_BYTES + 1) + b'"]]',  # 20 kB packed
        b"[" * 100_000,
        b'[["1 Introduction"]]',
        b'[["1 Introduction",7]]',
        b"7",
        b"",
    ],
    ids=["a bomb", "too deep", "half a section", "no text", "a number", "nothing"],
)
def test_a_damaged_text_is_told_and_not_shown(plain: bytes) -> None:
    with pytest.raises(TextUnavailable, match=r"the stored text of arxiv:2601\.00001v2 is damaged"):
        unpack(PackedText(ref=REF, origin=TextOrigin.HTML, chars=1, body=zlib.compress(plain)))


def test_a_text_that_is_cut_off_is_told() -> None:
    packed = pack(a_long_text())
    assert packed.body is not None
    with pytest.raises(TextUnavailable, match="damaged"):
        unpack(PackedText(ref=REF, origin=packed.origin, chars=packed.chars, body=packed.body[:-2]))


def test_a_text_that_could_not_be_unpacked_is_not_packed() -> None:
    with pytest.raises(TextUnavailable, match="larger than"):
        pack(a_long_text(words="x" * MAX_BYTES))


async def test_a_stored_text_is_small_and_comes_back(store: Store) -> None:
    async with store.write() as tx:
        await texts.save(tx, pack(a_long_text()), NOW)
    async with store.read() as tx:
        packed = await texts.load(tx, REF, NOW + timedelta(days=400))
    assert packed is not None
    assert packed.body is not None
    assert len(packed.body) < packed.chars / 10
    assert unpack(packed) == a_long_text()


async def test_the_text_of_another_version_is_not_given(store: Store) -> None:
    async with store.write() as tx:
        await texts.save(tx, pack(a_long_text()), NOW)
        assert await texts.load(tx, LATEST, NOW) is None
        assert await texts.load(tx, PaperRef(key=arxiv_key(), version=1), NOW) is None
        assert await texts.load(tx, PaperRef(key=arxiv_key("2601.00002"), version=2), NOW) is None


async def test_the_last_reading_is_kept(store: Store) -> None:
    async with store.write() as tx:
        for origin in (TextOrigin.HTML, TextOrigin.PDF):
            await texts.save(tx, pack(a_long_text(origin=origin)), NOW)
        packed = await texts.load(tx, REF, NOW)
        assert packed is not None
        assert packed.origin is TextOrigin.PDF
    assert len(await stored(store, table)) == 1


async def test_a_text_of_an_unnamed_version_holds_as_long_as_was_said(store: Store) -> None:
    until = NOW + timedelta(days=1)
    async with store.write() as tx:
        await texts.save(tx, pack(a_long_text(LATEST)), NOW, valid_until=until)
        assert await texts.load(tx, LATEST, until - timedelta(seconds=1)) is not None
        assert await texts.load(tx, LATEST, until) is None


async def test_that_nothing_can_be_read_is_known_for_a_while_and_until_something_can(store: Store) -> None:
    until = NOW + timedelta(days=1)
    async with store.write() as tx:
        await texts.remember_none(tx, REF, NOW, until)
        packed = await texts.load(tx, REF, NOW)
        assert packed is not None
        assert unpack(packed) == FullText(ref=REF, sections=(), origin=TextOrigin.ABSTRACT)
        assert await texts.load(tx, REF, until) is None
        await texts.save(tx, pack(a_long_text()), until)
        packed = await texts.load(tx, REF, until + timedelta(days=90))
        assert packed is not None
        assert unpack(packed) == a_long_text()


async def test_old_texts_are_pruned(store: Store) -> None:
    async with store.write() as tx:
        for version, days in ((1, 31), (2, 30), (3, 1)):
            await texts.save(tx, pack(a_long_text(PaperRef(key=arxiv_key(), version=version))), NOW - timedelta(days=days))
        await texts.remember_none(tx, LATEST, NOW - timedelta(days=31), NOW)
        assert await texts.prune(tx, NOW - timedelta(days=30)) == 2
        assert await texts.prune(tx, NOW - timedelta(days=30)) == 0
    assert sorted(row["version"] for row in await stored(store, table)) == [2, 3]


async def test_a_row_without_a_text_says_until_when(store: Store) -> None:
    row = {"paper_key": "arxiv:2601.00001", "version": 1, "chars": 0, "read_at": NOW, "body": None}
    for wrong in ({"origin": "html", "valid_until": NOW}, {"origin": "abstract", "valid_until": None}):
        with pytest.raises(IntegrityError):
            async with store.write() as tx:
                await tx.execute(insert(table).values(**row, **wrong))
