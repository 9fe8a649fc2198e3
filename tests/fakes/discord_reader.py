"""Discord's Markdown as its clients read it: what a person sees of a message, and what is more than text in it.

Rules are tried in the order of the clients. Where clients differ, the one that finds markup more easily is taken.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """Text that is seen, with all that holds of it (`bold`, `quote`, `mention` ...), and where it leads."""

    text: str
    kinds: frozenset[str] = frozenset()
    url: str = ""


Kinds = frozenset[str]
Made = Callable[[re.Match[str], Kinds, bool], Iterator[Run]]


def read(content: str) -> tuple[Run, ...]:
    """The runs of a message."""
    return tuple(_read(content, frozenset(), is_at_start=True))


def seen(content: str) -> str:
    """All that is seen, but for addresses that stand for themselves."""
    return "".join(run.text for run in read(content) if "address" not in run.kinds)


def _read(source: str, kinds: Kinds, *, is_at_start: bool) -> Iterator[Run]:
    at, text = 0, ""
    while at < len(source):
        rules = (*_AT_START, *_ANYWHERE) if is_at_start else _ANYWHERE
        matches = ((rule.match(source, at), made) for rule, made in rules)
        match, made = next(((match, made) for match, made in matches if match), (None, None))
        if match and made:
            if text:
                yield Run(text, kinds)
            text = ""
            yield from made(match, kinds, is_at_start)
            at = match.end()
            is_at_start = match[0].endswith("\n")
        else:
            text += source[at]
            is_at_start = source[at] == "\n" or (is_at_start and source[at] == " ")
            at += 1
    if text:
        yield Run(text, kinds)


def _around(kind: str) -> Made:
    def made(match: re.Match[str], kinds: Kinds, is_at_start: bool) -> Iterator[Run]:
        inner = next(group for group in match.groups() if group is not None)
        yield from _read(inner, kinds | {kind}, is_at_start=is_at_start)

    return made


def _as(kind: str, group: int = 0) -> Made:
    def made(match: re.Match[str], kinds: Kinds, _: bool) -> Iterator[Run]:
        yield Run(match[group], kinds | ({kind} if kind else set()))

    return made


def _sign(kind: str) -> Made:
    """A sign at the start of a line that is not seen; nothing but its kind is left."""

    def made(_: re.Match[str], kinds: Kinds, __: bool) -> Iterator[Run]:
        yield Run("", kinds | {kind})

    return made


def _quote(match: re.Match[str], kinds: Kinds, _: bool) -> Iterator[Run]:
    inner = re.sub(r"^ *> ?", "", match[0], flags=re.MULTILINE)
    yield from _read(inner, kinds | {"quote"}, is_at_start=True)


def _address(match: re.Match[str], kinds: Kinds, _: bool) -> Iterator[Run]:
    yield Run(match[1], kinds | {"address"}, match[1])


def _link(match: re.Match[str], kinds: Kinds, is_at_start: bool) -> Iterator[Run]:
    if "://" in match[1].replace("\\", ""):
        yield Run(match[0], kinds | {"broken link"})
        return
    for run in _read(match[1], kinds | {"link"}, is_at_start=is_at_start):
        yield Run(run.text, run.kinds, match[2])


_AT_START: tuple[tuple[re.Pattern[str], Made], ...] = (
    (re.compile(r" *>>> +[\s\S]*"), _as("long quote")),
    (re.compile(r" *> [^\n]*(?:\n *> [^\n]*)*\n?"), _quote),
    (re.compile(r" *#{1,3} +(?=\S)"), _sign("heading")),
    (re.compile(r" *-# +(?=\S)"), _sign("subtext")),
    (re.compile(r" *[-*+] +(?=\S)"), _sign("bullet")),
    (re.compile(r" *\d+[.)] +(?=\S)"), _sign("numbered")),
)
_ANYWHERE: tuple[tuple[re.Pattern[str], Made], ...] = (
    (re.compile(r"\\([^0-9A-Za-z\s])"), _as("", 1)),
    (re.compile(r"```[\s\S]+?```"), _as("code block")),
    (re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)"), _as("code", 2)),
    (re.compile(r"<(https?://[^\s>]+)>", re.IGNORECASE), _address),
    (re.compile(r"(?:https?|steam|discord)://[^\s<]+[^<.,:;\"'\]\s]", re.IGNORECASE), _as("unfolding")),
    (re.compile(r"discord(?:app)?\.(?:gg|com/invite)/[\w-]+", re.IGNORECASE), _as("invitation")),
    (re.compile(r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))+)\]\(<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?\)"), _link),
    (re.compile(r"<@[!&]?\d+>|@everyone|@here|<#\d+>|<id:\w+>"), _as("mention")),
    (re.compile(r"<a?:\w+:\d+>|:[^\s:]+?:"), _as("emoji")),
    (re.compile(r"<t:-?\d+(?::[tTdDfFR])?>|</[^>]+:\d+>"), _as("widget")),
    (re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"), _around("bold")),
    (re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)"), _around("underlined")),
    (
        re.compile(
            r"_((?:__|\\[\s\S]|[^\\_])+?)_(?![0-9A-Za-z_])"
            r"|\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"
        ),
        _around("italic"),
    ),
    (re.compile(r"~~([\s\S]+?)~~(?!_)"), _around("struck")),
    (re.compile(r"\|\|([\s\S]+?)\|\|"), _around("spoiler")),
)
