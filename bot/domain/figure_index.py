"""The numbers of a text, sorted, so that a figure is looked up among thousands at once. Says what a figure may be equal to.

A figure may be rounded, never more exact than the text; it may change its unit within a dimension (500 ms, 0.5 s), be a share
(0.107, 10.7 %), or stand without a unit (in tables). docs/evidence.md lists the equalities for readers.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from bot.domain.figure_units import NO_UNIT, are_comparable
from bot.domain.figures import Number, numbers, plain, ranged

ALMOST = 1e-9
LOOSE_SHARE = 0.05
"""How far "about 5,000" may be from the number, as a share of it."""

_ABOUT_BEFORE = re.compile(
    r"(?:(?P<over>\b(?:over|more than|above|exceeding|beyond|hơn|trên)|[>≥]|超过|逾|超|高于)"
    r"|(?P<under>\b(?:nearly|almost|under|below|(?:less|fewer) than|gần|dưới)|[<≤]|近|接近|不到|低于)"
    r"|\b(?:about|around|roughly|approximately|approx\.?|some|circa|khoảng|xấp xỉ|chừng)|[~≈∼]|\\(?:approx|sim)|约|大概)[\s$]*$",
    re.IGNORECASE,
)
_ABOUT_AFTER = re.compile(r"\s?(?:(?P<over>余|多|以上|\+(?!\s?/)|or more)|左右|上下|or so)")
_FALLING = re.compile(
    r"(?:\b(?:decreas|reduc|drop|lower|less|fewer|declin|f[ae]ll|loss|los[et]|wors|degrad|minus|negativ|cut|shr[iu]nk|sav|down|below|short"
    r"|deficit|behind|drain|under|penalt|regress)|下降|降低|减少|减|负|低|落后|损失|节省|缩短|跌|少"
    r"|giảm|\bâm\b|thấp|kém|mất|tiết kiệm|\bít\b)",
    re.IGNORECASE,
)
# A letter alone in brackets is more often the name of a panel.
_HEADER = re.compile(r"[(\[]\s?(K|k|M|B|T)\s?[)\]]|\bin (thousand|million|billion)s?\b")
_COUNTED = re.compile(
    r"(?:param\w*|sizes?|tokens?|samples|images|sentences|users|data|macs|flops|count|number)\.?\s?$", re.IGNORECASE
)
_HEADER_SCALES = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_IN_NAME = re.compile(r"(?:(?<!\d)(?<!\d )[xX]|[A-WYZa-wyz_^]|[_^]\{)$")
_NAME_HYPHEN = re.compile(r"[A-Za-z0-9.]*[A-Z][A-Za-z0-9.]*[-–]$")
_NAME_SPACE, _LETTER = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z]+ $"), re.compile("[a-z]")
_SPAN_BEFORE, _SPAN_AFTER = 80, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One meaning of one number of the text; `at` is its place among the numbers."""

    value: float
    step: float
    at: int


class FigureIndex:
    """The numbers of one text. Built once; look-ups take the logarithm of their count."""

    __slots__ = ("_by_dimension", "_by_value", "_scales", "numbers", "text")

    def __init__(self, text: str) -> None:
        self.text = plain(text)
        found = [number for number in numbers(self.text) if not _is_in_name(self.text, number)]
        self.numbers = tuple(ranged(self.text, sorted(found, key=lambda number: number.start)))
        self._by_value = _entries(self.numbers, is_base=False)
        dimensions = {number.unit.dimension for number in self.numbers}
        self._by_dimension = {name: _entries(self.numbers, is_base=True, dimension=name) for name in dimensions}
        self._scales = set(_scales_in_heads(self.text))

    def matches(self, claimed: Number, context: "Context") -> tuple[int, ...]:
        """The places (in `numbers`) of what the figure may have been taken from; () where there is nothing."""
        found = [
            entry.at
            for reading, step in claimed.readings
            for entry in self._candidates(replace(claimed, value=reading, step=step), context)
            if self._has_same_sign(claimed, self.numbers[entry.at], context)
        ]
        return tuple(dict.fromkeys(found))

    def has_parts(self, text: str, claimed: Number) -> bool:
        """Whether 12/15 or 1 234 is two numbers that are neighbours here ("12 of 15")."""
        if not claimed.is_grouped:
            return False
        parts = re.findall(r"\d+", text[claimed.start : claimed.end])
        if len(parts) != 2:
            return False
        first, second = (self.matches(Number(start=0, end=0, value=float(part), step=1.0), Context()) for part in parts)
        return any(at + 1 in second or at - 1 in second for at in first)

    def _candidates(self, claimed: Number, context: "Context") -> Iterator[Entry]:
        room, way = context.tolerance(claimed), context.direction
        value, step, unit = claimed.value, claimed.step, claimed.unit
        for entry in _near(self._by_value, value, step, room, way):
            if are_comparable(unit, self.numbers[entry.at].unit) and unit.dimension != self.numbers[entry.at].unit.dimension:
                yield entry
        base, by = self._by_dimension.get(unit.dimension, ()), unit.factor
        yield from _near(base, value * by, step * by, room * by, way)
        yield from self._shares(claimed, room, way)
        if claimed.scale in self._scales:  # 86.5M where a table's head says (M)
            for entry in _near(self._by_value, value / claimed.scale, step / claimed.scale, room / claimed.scale, way):
                if self.numbers[entry.at].scale == 1.0:
                    yield entry

    def _shares(self, claimed: Number, room: float, way: int) -> Iterator[Entry]:
        """10.7 % for 0.107 and the other way round, 250 % for 2.5x."""
        if claimed.unit.dimension in ("%", "pt"):
            by = claimed.unit.factor / 100
            for entry in _near(self._by_value, claimed.value * by, claimed.step * by, room * by, way):
                number = self.numbers[entry.at]
                is_share = number.unit == NO_UNIT and number.value <= 1 and number.step < 1
                if is_share or (number.unit.dimension == "x" and number.value > 1):
                    yield entry
        elif claimed.unit == NO_UNIT and claimed.value <= 1 and claimed.step < 1:
            for dimension in ("%", "pt"):
                yield from _near(self._by_dimension.get(dimension, ()), claimed.value * 100, claimed.step * 100, room * 100, way)
        elif claimed.unit.dimension == "x" and claimed.value > 1:
            yield from _near(self._by_dimension.get("%", ()), claimed.value * 100, claimed.step * 100, room * 100, way)

    def _has_same_sign(self, claimed: Number, number: Number, context: "Context") -> bool:
        """A sign may be left out beside a word such as "drops", and stand for one: never simply be gone or be added."""
        if (claimed.sign == "-") == (number.sign == "-"):
            return True
        return context.is_falling or bool(_FALLING.search(self._around(number)))

    def _around(self, number: Number) -> str:
        return around(self.text, number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the words beside a figure say: that it is rough, that something falls."""

    is_about: bool = False
    is_falling: bool = False
    direction: int = 0  # 1 for "over", -1 for "nearly": the side on which the text's number is

    def tolerance(self, claimed: Number) -> float:
        """How far the text's number may be from the claimed one."""
        if not claimed.step:
            return claimed.value * (LOOSE_SHARE if self.is_about else ALMOST)
        if not self.is_about:
            return claimed.step / 2
        return max(
            claimed.step * ((1 - 1e-6) if self.direction else 0.5), min(_round_step(claimed) / 2, LOOSE_SHARE * claimed.value)
        )


def context_of(text: str, number: Number) -> Context:
    """The context of a number in its (plain) text."""
    is_about = _ABOUT_BEFORE.search(text[max(0, number.start - 20) : number.start]) or _ABOUT_AFTER.match(text, number.end)
    words = is_about.groupdict() if is_about else {}
    direction = bool(words.get("over")) - bool(words.get("under"))
    return Context(is_about=bool(is_about), is_falling=bool(_FALLING.search(around(text, number))), direction=direction)


def around(text: str, number: Number) -> str:
    """The part of the sentence beside a number."""
    before = text[max(0, number.start - _SPAN_BEFORE) : number.start]
    after = text[number.end : number.end + _SPAN_AFTER]
    return re.split(r"[.;!?。；！？\n](?:\s|$)|[。；！？]", before)[-1] + " " + re.split(r"[.;!?](?:\s|$)|[。；！？\n]", after)[0]


def _round_step(number: Number) -> float:
    """What one in the last digit that is not a zero is worth."""
    step = number.step
    while step < number.value and abs(number.value / (step * 10) - round(number.value / (step * 10))) < ALMOST:
        step *= 10
    return step


def _is_in_name(text: str, number: Number) -> bool:
    """Digits of a name, an index or an exponent: the 100 of H100, the 50 of ResNet-50, the 2 of x^2."""
    before = text[max(0, number.start - 24) : number.start]
    if (
        number.unit.dimension in ("", "count")
        and number.scale == 1.0
        and _LETTER.match(text, number.end)
        and _NAME_SPACE.search(before)
    ):
        return True  # GPT 4o
    if number.is_word or not (_IN_NAME.search(before) or _NAME_HYPHEN.search(before)):
        return False
    return number.scale == 1.0 or not before.endswith(("-", "–"))


def _scales_in_heads(text: str) -> Iterator[float]:
    for match in _HEADER.finditer(text):
        if match[2] or _COUNTED.search(text[max(0, match.start() - 20) : match.start()]):
            yield _HEADER_SCALES[(match[1] or match[2]).casefold()]


def _entries(found: Sequence[Number], *, is_base: bool, dimension: str = "") -> tuple[Entry, ...]:
    entries = [
        Entry(value=value * by, step=step * by, at=at)
        for at, number in enumerate(found)
        if not is_base or number.unit.dimension == dimension
        for by in (number.unit.factor if is_base else 1.0,)
        for value, step in number.readings
    ]
    return tuple(sorted(entries, key=lambda entry: entry.value))


def _near(entries: Sequence[Entry], value: float, step: float, room: float, direction: int = 0) -> Iterator[Entry]:
    """Entries that round to `value`: those as exact as it at least, and those that are it."""
    slack = ALMOST * max(abs(value), 1e-12)
    first = bisect_left(entries, value - room - slack, key=lambda entry: entry.value)
    for entry in takewhile(lambda entry: entry.value <= value + room + slack, islice(entries, first, None)):
        if direction and (value - entry.value) * direction > step / 2 + slack:
            continue
        if entry.step <= step * (1 + ALMOST) or abs(entry.value - value) <= slack:
            yield entry
