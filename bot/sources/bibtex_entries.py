"""BibTeX text -> entries, in the order of the file. Pure and slow (0.2 ms an entry): call it in a thread.

text -> chunks, each from one `@type{` at the start of a line to the next -> bibtexparser, chunk by chunk, so that damage in one
never reaches another -> what it drops is rescued -> macros, `#` joins, crossref.
"""

import logging
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from bibtexparser import model
from bibtexparser.entrypoint import parse_string

from bot.sources.bibtex_values import Macros, RawEntry, Value, has_lost_fields, read_value, rescue

MAX_ENTRIES = 50_000
MAX_AT_SIGNS = 4 * MAX_ENTRIES  # the library takes each one inside an entry for the start of another

# Possessive: what is white space alone would else be divided among three repetitions, which takes hours for 10 KB.
_CHUNK_START = re.compile(r"^[ \t]*+@[ \t]*+[^\s{}(),=\"@]*+[ \t]*+\n?[ \t]*+[{(]", re.MULTILINE)
_COMMENT_LINE = re.compile(r"\n[ \t]*%[^\n]*")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NOT_ENTRIES = frozenset({"comment", "preamble", "string"})
_NAME_FIELDS = frozenset({"author", "editor"})
_NEVER_INHERITED = frozenset(
    {"title", "shorttitle", "crossref", "xdata", "doi", "url", "eprint", "eprinttype", "eprintclass", "archiveprefix",
     "primaryclass", "arxivid", "abstract", "note", "howpublished", "volume", "pages"}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BibEntry:
    """One entry: `kind` and field names in lower case, values with joins and macros resolved, TeX as it stands.

    `line` counts from 1; `problems` says in a few words what was wrong with it.
    """

    line: int
    kind: str
    key: str
    fields: Mapping[str, str]
    problems: tuple[str, ...] = ()

    def get(self, name: str) -> str:
        return self.fields.get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Text from `line` on that is not listed, and why."""

    line: int
    subject: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bibliography:
    entries: tuple[BibEntry, ...]
    skipped: tuple[Skipped, ...] = ()


class TooManyEntries(ValueError):
    """More entries than any real file holds: reading them all would take minutes."""


@dataclass(slots=True)
class _Found:
    """What one pass over the file collects."""

    macros: Macros = field(default_factory=Macros)
    entries: list[BibEntry] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def skip(self, line: int, subject: str, reason: str) -> None:
        self.skipped.append(Skipped(line=line, subject=subject, reason=reason))


def read_entries(text: str) -> Bibliography:
    """All entries of a file, whatever stands between them. Raises TooManyEntries above MAX_ENTRIES, and nothing else."""
    # The library logs each damaged block with its text; ours are reported with their lines.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    starts = [match.start() for match in _CHUNK_START.finditer(text)]
    if len(starts) > MAX_ENTRIES or text.count("@") > MAX_AT_SIGNS:
        raise TooManyEntries(f"more than {MAX_ENTRIES} entries")
    found = _Found()
    line, counted_to = 1, 0
    for start, end in pairwise([*starts, len(text)]):
        line, counted_to = line + text.count("\n", counted_to, start), start
        _read_chunk(text[start:end], line, found)
    entries = _with_repeated_keys_named(_with_inherited_fields(found.entries))
    return Bibliography(entries=tuple(entries), skipped=tuple(found.skipped))


def _read_chunk(chunk: str, line: int, found: _Found) -> None:
    newlines = [match.start() for match in re.finditer("\n", chunk)]
    for offset, region, block in _regions(chunk.lstrip(" \t")):
        at = line + bisect_right(newlines, offset)
        if isinstance(block, model.String):
            found.macros.define(block.key, read_value(block.value))
        elif not isinstance(block, model.ExplicitComment | model.Preamble):
            _read_region(region, block, at, found)


def _regions(chunk: str) -> Iterator[tuple[int, str, model.Block | None]]:
    """Each block of the library with where it begins and all the text up to the next one; None where it saw none."""
    blocks = [b for b in parse_string(chunk, parse_stack=[]).blocks if not isinstance(b, model.ImplicitComment)]
    offsets: list[int] = []
    cursor = 0
    for block in blocks:
        raw = block.raw or ""
        offsets.append(max(chunk.find(raw, cursor), cursor))
        cursor = offsets[-1] + (len(raw) if isinstance(block, model.Entry) else 1)
    if not blocks:
        yield 0, chunk, None
    for index, block in enumerate(blocks):
        end = offsets[index + 1] if index + 1 < len(blocks) else len(chunk)
        yield offsets[index], chunk[offsets[index] : end], block


def _read_region(region: str, block: model.Block | None, line: int, found: _Found) -> None:
    whole = _whole(block, region)
    raw = whole or rescue(region)
    if raw.kind in _NOT_ENTRIES:
        if raw.kind == "string":
            found.skip(line, raw.key, "a macro that cannot be read")
        return
    fields, repeated = _first_of_each(raw, found.macros)
    if not fields:
        found.skip(line, raw.key, "an entry without fields")
        return
    problems = [] if whole else [_damage(block)]
    problems += [f"field {name} is repeated" for name in repeated]
    found.entries.append(BibEntry(line=line, kind=raw.kind, key=clean(raw.key), fields=fields, problems=tuple(problems)))


def _whole(block: model.Block | None, region: str) -> RawEntry | None:
    """The entry as the library reads it, unless a part of it was lost or swallowed."""
    entry = block.ignore_error_block if isinstance(block, model.ParsingFailedBlock) else block
    if not isinstance(entry, model.Entry) or has_lost_fields(region[len(entry.raw or "") :]):
        return None
    fields = tuple((str(f.key).lower(), read_value(f.value), len(f.value)) for f in entry.fields)
    if not all(_is_whole(name, value, length) for name, value, length in fields):
        return None
    return RawEntry(kind=entry.entry_type.lower(), key=entry.key, fields=tuple((name, value) for name, value, _ in fields))


def _is_whole(name: str, value: Value, length: int) -> bool:
    return value.is_whole and value.end >= length and re.search(r"[\s{}\"]", name) is None


def _damage(block: model.Block | None) -> str:
    """What the library says is wrong, in one line."""
    reason = getattr(getattr(block, "error", None), "abort_reason", "") or "a brace, quote or comma is missing, or one too many"
    return clean(reason)[:120]


def _first_of_each(raw: RawEntry, macros: Macros) -> tuple[dict[str, str], list[str]]:
    """The first value that is not empty of each field (as BibTeX takes the first), and the names that stand there twice."""
    fields: dict[str, str] = {}
    for name, value in raw.fields:
        text = clean(macros.resolve(value))
        # Outer braces of a name protect it: {Simon and Schuster} is one author.
        text = text if name in _NAME_FIELDS else unbraced(text)
        if text and name not in fields:
            fields[name] = text
    counts = Counter(name for name, _ in raw.fields)
    return fields, [name for name, count in counts.items() if count > 1]


def clean(value: str) -> str:
    """One line: no TeX comment lines, control characters or lone surrogates, white space collapsed."""
    return " ".join(_UNPRINTABLE.sub("", _COMMENT_LINE.sub(" ", value)).split())


def unbraced(text: str) -> str:
    """Without the braces that enclose all of it."""
    while text.startswith("{") and text.endswith("}") and _encloses_all(text):
        text = text[1:-1].strip()
    return text


def _encloses_all(text: str) -> bool:
    depth = 0
    for mark in re.finditer(r"\\.|[{}]", text):
        depth += {"{": 1, "}": -1}.get(mark.group(), 0)
        if depth == 0:
            return mark.end() == len(text)
    return False


def _with_inherited_fields(entries: list[BibEntry]) -> Iterator[BibEntry]:
    """Fill in from the entry that `crossref` (or `xdata`) names, one step up, never what identifies the other one."""
    by_key: dict[str, BibEntry] = {}
    for entry in entries:
        by_key.setdefault(entry.key.lower(), entry)
    for entry in entries:
        wanted = entry.get("crossref") or entry.get("xdata")
        parent = by_key.get(wanted.lower()) if wanted else None
        if wanted and parent is None:
            yield replace(entry, problems=(*entry.problems, f"crossref {wanted[:60]} is not in this file"))
        elif parent is None or parent is entry:
            yield entry
        else:
            yield replace(entry, fields=_inherited(parent) | dict(entry.fields))


def _inherited(parent: BibEntry) -> dict[str, str]:
    fields = {name: value for name, value in parent.fields.items() if name not in _NEVER_INHERITED}
    return {"booktitle": parent.get("title"), **fields} if parent.get("title") else fields


def _with_repeated_keys_named(entries: Iterator[BibEntry]) -> Iterator[BibEntry]:
    first_lines: dict[str, int] = {}
    for entry in entries:
        first = first_lines.setdefault(entry.key, entry.line)
        repeated = first != entry.line and entry.key
        yield replace(entry, problems=(*entry.problems, f"the key stands on line {first} too")) if repeated else entry
