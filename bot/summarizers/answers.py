"""What a model said, down to the JSON object that it was asked for. Pure; whatever the text, linear time and no crash.

text -> without thinking -> complete objects -> the one with the wanted keys -> its strings made clean
Only faults with one reading are repaired: fences, talk around the object, trailing commas, a backslash that JSON does not know.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

MAX_DEPTH = 64
"""Deeper than any answer that is asked for; above it nothing is parsed, so recursion has a bound."""
MAX_READINGS = 4
"""How many times its own length of a text is read at most, when objects begin that never end."""
MAX_OBJECTS = 200

Answer = dict[str, object]

_OPENING = re.compile(r"\s*<(think|thinking|thought|reasoning|reflection)>", re.IGNORECASE)
_CLOSING = re.compile(
    r"</(?:think|thinking|thought|reasoning|reflection)>|<\|channel\|>\s*final[^<]{0,40}<\|message\|>", re.IGNORECASE
)
_CHANNEL = re.compile(r"\s*(?:<\|start\|>[^<]{0,40})?<\|channel\|>\s*(?:analysis|commentary)", re.IGNORECASE)
_BEGINNING = re.compile(r'\{(?=\s*["}])')
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]"]', re.DOTALL)
_FAULT = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")|,(?=\s*[}\]])', re.DOTALL)
_ESCAPE = re.compile(r'\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt]|(.))', re.DOTALL)
# Tab, line feed and carriage return stay; lone halves of surrogate pairs cannot be stored (SQLite) or sent.
_HARMFUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_CUT = "the JSON is cut off"


class NoJson(ValueError):
    """No JSON object as wanted in a text. `is_cut`: one begins and does not end."""

    def __init__(self, reason: str, *, is_cut: bool = False) -> None:
        self.reason, self.is_cut = reason, is_cut
        super().__init__(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """Where an object stands; `end` None: it does not end."""

    start: int
    end: int | None


def read_answer(text: str, keys: Collection[str] = ()) -> Answer:
    """The first complete object with the most of `keys`, or the longest if none has any; strings without control characters.

    After an object that does not end, only one with half of `keys` counts: the others are its parts. Raises NoJson.
    """
    wanted = frozenset(keys)
    is_cut, best = False, (-1, -1, Answer())
    for part in _without_thinking(text.replace("\ufeff", "")):
        for span in _spans(part):
            is_cut = is_cut or span.end is None
            found = _parsed(part[span.start : span.end], wanted) if span.end else None
            hits = len(wanted.intersection(found)) if found else 0
            is_part = is_cut and 2 * hits < max(len(wanted), 1)
            if found and not is_part:
                best = max(best, (hits, 0 if hits else len(str(found)), found), key=lambda each: each[:2])
        if best[0] > 0:
            break
    if best[2]:
        return best[2]
    raise NoJson(_CUT if is_cut else _reason(text), is_cut=is_cut)


def is_thinking_only(text: str) -> bool:
    """Whether a text begins to think and never comes to an answer."""
    return bool((_OPENING.match(text) or _CHANNEL.match(text)) and not _CLOSING.search(text))


def clean(value: object) -> object:
    """A JSON value without what no text of ours may hold; a backspace or form feed began a TeX command."""
    if isinstance(value, str):
        return _HARMFUL.sub("", value.replace("\b", "\\b").replace("\f", "\\f"))
    if isinstance(value, dict):
        return {str(clean(key)): clean(each) for key, each in value.items()}
    return [clean(each) for each in value] if isinstance(value, list) else value


def _reason(text: str) -> str:
    if not text.strip():
        return "it is empty"
    return "it is thinking without an answer" if is_thinking_only(text) else "it holds no JSON object"


def _without_thinking(text: str) -> Iterator[str]:
    """What may be the answer, best guess first; an object may speak of <think> tags, so one that begins a text is taken whole."""
    if is_thinking_only(text):
        return
    *_, last = [match.end() for match in _CLOSING.finditer(text)] or [0]
    if last and not text.lstrip("` \r\n\tjson").startswith("{"):
        yield text[last:]
    yield text


def _spans(text: str) -> Iterator[_Span]:
    """Objects that stand in no other; one that does not end, or lies too deep, is given as such."""
    at, left = 0, MAX_READINGS * len(text)
    for _ in range(MAX_OBJECTS):
        begun = _BEGINNING.search(text, at)
        if left <= 0 or not begun:
            return
        start = begun.start()
        end, read_to = _end_of(text, start)
        yield _Span(start=start, end=end)
        left -= read_to - start
        is_deep = end is None and read_to < len(text)
        at = read_to if end or is_deep else start + 1


def _end_of(text: str, start: int) -> tuple[int | None, int]:
    """Where the object that begins here ends (None: nowhere, or too deep), and how far that was read."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        mark = token[0]
        if mark == '"':  # a string without an end
            break
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(mark, 0)
        if depth == 0:
            return token.end(), token.end()
        if depth > MAX_DEPTH:
            return None, token.end()
    return None, len(text)


def _parsed(text: str, wanted: frozenset[str]) -> Answer | None:
    try:
        value = _loaded(text)
    except (ValueError, RecursionError):
        try:
            value = _loaded(_FAULT.sub(_repaired, text))
        except (ValueError, RecursionError):
            return None
    return _unwrapped(value, wanted) if isinstance(value, dict) else None


def _loaded(text: str) -> object:
    return clean(json.loads(text, strict=False, parse_constant=lambda _: None))


def _unwrapped(value: Answer, wanted: frozenset[str]) -> Answer:
    """Some models put the whole answer under one more key."""
    inner = next(iter(value.values())) if len(value) == 1 else None
    if isinstance(inner, dict) and not wanted.intersection(value) and wanted.intersection(inner):
        return inner
    return value


def _repaired(match: re.Match[str]) -> str:
    """A trailing comma goes; in a string a backslash that begins no escape of JSON is one of TeX."""
    text = match[1]
    return _ESCAPE.sub(lambda found: f"\\\\{found[1]}" if found[1] else found[0], text) if text else ""
