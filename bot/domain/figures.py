"""Numbers as people write them: text -> every number with its value, the worth of its last digit, and its unit.

Reads English, Chinese and Vietnamese at once. What a figure may be equal to is `figure_index`; which numbers of a summary
are figures at all is `figure_claims`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from bot.domain.figure_units import (
    COUNT,
    FOLD,
    LETTER_SCALES,
    NO_UNIT,
    PERCENT,
    PREFIXES,
    SCALE_PATTERN,
    SCALES,
    UNIT_PATTERN,
    Unit,
    unit_named,
)
from bot.domain.number_words import Word, number_words

MAX_DIGITS = 30
"""A longer run of digits is a key or a hash, never a figure."""
MAX_POWER, MAX_BASE = 200, 100
"""Of 10^-4 and 2^32: beyond these the exponent is passed over, as the value would not fit a float."""

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
# One character for one, so that places stay what they are.
_PLAIN = (
    str.maketrans("０１２３４５６７８９％．，－＋／～：（）’＄￥", "0123456789%.,-+/~:()'$¥")
    | dict.fromkeys(map(ord, "\u00a0\u2009\u202f\u2007\u200a\u3000\t"), " ")
    | dict.fromkeys(map(ord, "\u2212\ufe63\u2010\u2011"), "-")
)
_CORE = re.compile(r"\d+(?:[.,'](?=\d)\d+)*|(?<![\w.])\.\d+")
_EXPONENT = (
    r"(?:[eE](?P<e>[-–+]?\d{1,3})(?![\w.])"
    r"|\s?(?:[×xX*·⋅]|\\times|\\cdot)\s?10(?:\s?\^\s?\{?\s?(?P<power>[-–+]?\d{1,3})\}?|(?P<super>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})|(?P<flat>[-–]\d{1,2})(?!\d))"
    r"|\s?\^\s?\{?\s?(?P<own>[-–+]?\d{1,3})\}?|(?P<owner>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))?"
)
_AFTER = re.compile(rf"{_EXPONENT}(?:\$?[ -]?(?P<scale>{SCALE_PATTERN}))?(?:(?P<gap>\$?[ -]?(?:个)?)(?P<unit>{UNIT_PATTERN}))?")
_MAYBE_AFTER = re.compile(r"[^\s,;:)\]}|]| [^\d\s(|&=<>+]")
_NOUN = re.compile(r" [a-z]{2,}(?:-[a-z]+)*(?: [a-z]{3,})?s\b(?<!\bis)(?<!\bas)(?<!\bwas)(?<!\bhas)(?<!\bvs)(?<!\bof \w{9})")
_RANGE = re.compile(r"\s?(?:[-–—~至到]|to|đến)\s?\$?")
_FRACTION = re.compile(r"(?<![\d/.,])([1-9]\d{0,3})/([1-9]\d{0,3})(?![\d/]|[.,]\d)")
_GROUPED = re.compile(r"\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of a text, which stands at [start, end) with its sign, scale and unit.

    `value` has the scale in it and the unit not: "1.5 million ms" is 1,500,000 with a unit of 1/1000 s. `step` is what one in
    the last written digit is worth, 0 for a fraction, which has none. `other` is what a point or a comma may mean as well
    ("1.234"), with its step. `is_word` where it is written in words.
    """

    start: int
    end: int
    value: float
    step: float
    unit: Unit = NO_UNIT
    scale: float = 1.0
    sign: str = ""
    other: tuple[float, float] | None = None
    is_word: bool = False
    is_grouped: bool = False  # "1 234" and "3/4" may as well be two numbers: their parts are read too

    @property
    def readings(self) -> tuple[tuple[float, float], ...]:
        """What it may mean: (value, step) of each."""
        return ((self.value, self.step),) if self.other is None else ((self.value, self.step), self.other)


def plain(text: str) -> str:
    """`text` with one width of digits, one kind of space and of minus; each character stays at its place."""
    return text.translate(_PLAIN)


def numbers(text: str, *, is_comma_decimal: bool = False) -> Iterator[Number]:
    """Every number in `text`, those in digits first, then those in words. Never raises; takes linear time.

    `is_comma_decimal`: 1.234 may be one thousand and 1,234 a little more than one; 10,7 is read as 10.7 anyway.
    """
    text, read_until = plain(text), 0
    for match in _CORE.finditer(text):
        if match.start() >= read_until:  # else an exponent of the number before
            for number in _in_digits(text, match.start(), match.end(), is_comma_decimal=is_comma_decimal):
                yield number
                if not number.is_grouped:
                    read_until = number.end
    for word in number_words(text):
        if not text.startswith("进制", word.end):  # 十六进制: hexadecimal
            yield _in_words(text, word)


def ranged(text: str, read: Sequence[Number]) -> Iterator[Number]:
    """The same numbers in their order; the first of a range (3-5 %, from 3 to 5 million) may have the second's unit and scale."""
    for number, following in zip_longest(read, read[1:]):
        if following is None or number.unit.dimension or not _RANGE.fullmatch(text, number.end, following.start):
            yield number
            continue
        unit = following.unit if following.unit != COUNT else number.unit
        by = following.scale if number.scale == 1.0 else 1.0
        other = (number.value, number.step) if by != 1.0 else number.other
        yield replace(number, unit=unit, value=number.value * by, step=number.step * by, other=other)


def _in_digits(text: str, start: int, end: int, *, is_comma_decimal: bool) -> Iterator[Number]:
    core = text[start:end]
    if len(core) > MAX_DIGITS:
        return
    readings = _readings(core, is_comma_decimal=is_comma_decimal)
    if not readings:  # a list, a version, a date
        at = start
        for part in re.split(r"[.,']", core):
            if part:
                yield _completed(text, at, at + len(part), ((float(part), 1.0),))
            at += len(part) + 1
        return
    yield _completed(text, start, end, readings)
    if text.startswith("/", end) and (fraction := _FRACTION.match(text, start)):
        value = int(fraction[1]) / int(fraction[2])
        yield Number(start=start, end=fraction.end(), value=value, step=0.0, is_grouped=True)
    grouped = _GROUPED.match(text, start) if end - start <= 3 and text[end : end + 1] == " " else None
    if grouped and grouped[1] == " " and not text[grouped.end() : grouped.end() + 1].isdigit():
        whole = _completed(text, start, grouped.end(), ((float(grouped[0].replace(" ", "")), 1.0),))
        yield replace(whole, is_grouped=True)


def _readings(core: str, *, is_comma_decimal: bool) -> tuple[tuple[float, float], ...]:
    """The values that the digits, points and commas may mean, the likelier first; () where they are several numbers."""
    if core.isdigit():
        return ((float(core), 1.0),)
    marks = [char for char in core if not char.isdigit()]
    last = marks[-1]
    whole, _, decimals = core.rpartition(last)
    is_grouped = bool(_GROUPED.fullmatch(core)) and not core.startswith("0")
    grouped = (float(re.sub(r"\D", "", core)), 1.0)
    if len(marks) == 1 and last != "'":
        pointed = (float(f"{whole or '0'}.{decimals}"), 10.0 ** -len(decimals))
        if not is_grouped:
            return (pointed,)
        if (
            is_comma_decimal
        ):  # 15.000 is no 15 with three zeros behind it: who writes so exactly has it from the text, letter by letter
            return (grouped,) if decimals.endswith("0") else (grouped, pointed)
        return (pointed,) if last == "." else (grouped,)
    if is_grouped:
        return (grouped,)
    if marks.count(last) == 1 and last != "'" and _GROUPED.fullmatch(whole):
        return ((float(f"{re.sub(r'[^0-9]', '', whole)}.{decimals}"), 10.0 ** -len(decimals)),)
    return ()


def _completed(text: str, start: int, end: int, readings: tuple[tuple[float, float], ...]) -> Number:
    """The number at [start, end) with what stands before and behind it."""
    scale, unit, stop = 1.0, NO_UNIT, end
    if _MAYBE_AFTER.match(text, end):
        after = _AFTER.match(text, end)
        if after is not None and after.end() > end:
            readings = tuple(_raised(after, value, step) for value, step in readings)
            scale = _scale(after)
            unit, stop = _unit(text, after, readings[0][0])
        if stop == end and _NOUN.match(text, end) and readings[0][1] == 1.0:
            unit = COUNT
    first, sign = _sign(text, start)
    if first and text[first - 1] in PREFIXES and unit.dimension in ("", "count") and _is_money(text, first, stop):
        unit, first = PREFIXES[text[first - 1]], first - 1
    scaled = [(value * scale, step * scale) for value, step in readings]
    return Number(
        start=first,
        end=stop,
        value=scaled[0][0],
        step=scaled[0][1],
        unit=unit,
        scale=scale,
        sign=sign,
        other=scaled[1] if len(scaled) > 1 else None,
    )


def _is_money(text: str, start: int, end: int) -> bool:
    """A dollar may open a formula: it is money where no other dollar closes it soon."""
    return text[start - 1] != "$" or text[start - 2 : start - 1] == "\\" or "$" not in text[end : end + 40]


def _raised(after: re.Match[str], value: float, step: float) -> tuple[float, float]:
    ten = after["e"] or after["power"] or after["super"] or after["flat"]
    own = after["own"] or after["owner"]
    power = int((ten or own or "0").translate(_SUPERSCRIPTS).replace("–", "-"))
    if ten and abs(power) <= MAX_POWER:
        return value * 10.0**power, step * 10.0**power
    if own and 0 < value <= MAX_BASE and abs(power) <= MAX_POWER / 3:
        raised = value**power
        return raised, raised if value == 10 else min(1.0, raised)
    return value, step


def _scale(after: re.Match[str]) -> float:
    name = after["scale"]
    if not name:
        return 1.0
    if name in LETTER_SCALES and after["gap"] == "" and after["unit"] in ("x", "X", "×"):
        return 1.0
    return SCALES.get(name) or SCALES[name.casefold()]


def _unit(text: str, after: re.Match[str], value: float) -> tuple[Unit, int]:
    """The unit and where the number ends. A year is no span of years, and an x between letters no fold."""
    name = after["unit"]
    end_without = after.end() if name is None else after.start("gap")
    if name is None:
        return NO_UNIT, end_without
    unit = unit_named(name)
    if unit.dimension == "year" and 1500 <= value <= 2100:
        return NO_UNIT, end_without
    return unit, after.end()


def _sign(text: str, start: int) -> tuple[int, str]:
    """Where the number begins with its sign, and the sign: a dash after a letter or a digit is none."""
    if not start or text[start - 1] not in "-–+":
        return start, ""
    before = text[start - 2] if start > 1 else " "
    if (before.isalnum() and ord(before) < 0x2E80) or before in "%)]}-–":
        return start, ""
    return start - 1, "+" if text[start - 1] == "+" else "-"


def _in_words(text: str, word: Word) -> Number:
    if word.kind or word.is_exact:
        unit = {"x": FOLD, "%": PERCENT}.get(word.kind, NO_UNIT)
        step = 0.0 if word.is_exact else 1.0
        return Number(start=word.start, end=word.end, value=word.value, step=step, unit=unit, is_word=True)
    number = _completed(text, word.start, word.end, ((float(word.value), 1.0),))
    unit = number.unit if number.unit.dimension else COUNT
    return replace(number, start=word.start, sign="", unit=unit, is_word=True)
