"""Texts of papers as they were read, compressed, one for each version. For summaries only: no other module hands them out.

FullText -> pack (a thread) -> save ... load -> unpack (a thread) -> FullText
"""

import json
import zlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.papers import FullText, PaperRef, Section, TextOrigin
from bot.errors import TextUnavailable
from bot.storage import paper_rows as rows
from bot.storage.statements import insert
from bot.storage.tables_model import texts
from bot.storage.types import clean, whole

LEVEL = 6
MAX_BYTES = 20_000_000  # what the largest page may have (PoliteClient's cap); a few kB of zlib can grow to more than memory holds


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedText:
    """A text as it is stored. `body` None: this paper has neither HTML nor PDF that can be read."""

    ref: PaperRef
    origin: TextOrigin
    chars: int
    body: bytes | None


def pack(text: FullText) -> PackedText:
    """Compress a text: some 4 ms of CPU for 150,000 characters (measured in 2026), so call it in a thread.

    What no database holds (NUL, lone surrogates) becomes U+FFFD. Raises TextUnavailable above 20 MB.
    """
    sections = [(clean(section.heading), clean(section.text)) for section in text.sections]
    plain = json.dumps(sections, ensure_ascii=False, separators=(",", ":")).encode()
    if len(plain) > MAX_BYTES:
        raise TextUnavailable(f"the text of {text.ref} is larger than {MAX_BYTES} bytes")
    chars = sum(len(heading) + len(body) for heading, body in sections)
    return PackedText(ref=text.ref, origin=text.origin, chars=chars, body=zlib.compress(plain, LEVEL))


def unpack(packed: PackedText) -> FullText:
    """The text again, without sections where there is none; some 1 ms of CPU for 150,000 characters, so call it in a thread.

    Raises TextUnavailable if what is stored is damaged, or unpacks to more than 20 MB: then read the paper anew.
    """
    if packed.body is None:
        return FullText(ref=packed.ref, sections=(), origin=packed.origin)
    try:
        sections = tuple(_section(*pair) for pair in json.loads(_inflated(packed.body)))
    except (zlib.error, ValueError, TypeError, RecursionError) as error:
        raise TextUnavailable(f"the stored text of {packed.ref} is damaged") from error
    return FullText(ref=packed.ref, sections=sections, origin=packed.origin)


async def save(tx: AsyncConnection, packed: PackedText, now: datetime, valid_until: datetime | None = None) -> None:
    """Store a text in the place of the one that was there; give `valid_until` where the version is not known."""
    values = {
        "origin": packed.origin,
        "chars": packed.chars,
        "read_at": now,
        "valid_until": valid_until,
        "body": packed.body,
    }
    statement = insert(tx, texts).values(paper_key=rows.key_text(packed.ref.key), version=_version(packed.ref), **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=[texts.c.paper_key, texts.c.version], set_=values))


async def remember_none(tx: AsyncConnection, ref: PaperRef, now: datetime, valid_until: datetime) -> None:
    """Note that there is nothing to read until `valid_until` (exclusive); arXiv's HTML may come days after the paper."""
    await save(tx, PackedText(ref=ref, origin=TextOrigin.ABSTRACT, chars=0, body=None), now, valid_until)


async def load(tx: AsyncConnection, ref: PaperRef, now: datetime) -> PackedText | None:
    """What is stored of exactly this version (None: of the unnamed one), None if nothing is, or if it no longer holds."""
    holds = or_(texts.c.valid_until.is_(None), texts.c.valid_until > now)
    row = (await tx.execute(select(texts.c.origin, texts.c.chars, texts.c.body).where(_is(ref), holds))).first()
    return row and PackedText(ref=ref, origin=TextOrigin(row.origin), chars=row.chars, body=row.body)


async def prune(tx: AsyncConnection, before: datetime) -> int:
    """Forget what was read before that; returns how many. A text is read again when somebody needs it."""
    return (await tx.execute(delete(texts).where(texts.c.read_at < before))).rowcount


def _is(ref: PaperRef) -> ColumnElement[bool]:
    return (texts.c.paper_key == rows.key_text(ref.key)) & (texts.c.version == _version(ref))


def _version(ref: PaperRef) -> int:
    return whole(ref.version, 1) or 0


def _section(heading: object, text: object) -> Section:
    if not (isinstance(heading, str) and isinstance(text, str)):
        raise TypeError("a section is two texts")
    return Section(heading=heading, text=text)


def _inflated(body: bytes) -> bytes:
    inflating = zlib.decompressobj()
    plain = inflating.decompress(body, MAX_BYTES)
    if not inflating.eof:
        raise ValueError("cut off, or larger than anything we pack")
    return plain
