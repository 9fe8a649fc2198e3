"""Numbers in words: English, Chinese, Vietnamese. Values only; what may count as a figure is decided by the reader.

Small ones ("two", "三", "ba") are read too, as the paper may write in words what its summary writes in digits.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_EN_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_VI_ONES = "một hai ba bốn năm sáu bảy tám chín"
_VI_LAST = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5, "bẩy": 7}

_ONES: Mapping[str, int] = {word: number for number, word in enumerate(_EN_ONES.split(), 1)}
_TENS: Mapping[str, int] = {word: 10 * number for number, word in enumerate(_EN_TENS.split(), 2)}
_VI: Mapping[str, int] = {word: number for number, word in enumerate(_VI_ONES.split(), 1)}
_FOLDS: Mapping[str, int] = {
    "twice": 2,
    "thrice": 3,
    "double": 2,
    "doubles": 2,
    "doubled": 2,
    "doubling": 2,
    "triple": 3,
    "triples": 3,
    "tripled": 3,
    "tripling": 3,
    "quadruple": 4,
    "quadrupled": 4,
    "twofold": 2,
    "threefold": 3,
    "fourfold": 4,
    "fivefold": 5,
    "tenfold": 10,
}
_PARTS: Mapping[str, float] = {
    "half": 1 / 2,
    "halves": 1 / 2,
    "halved": 1 / 2,
    "halving": 1 / 2,
    "third": 1 / 3,
    "quarter": 1 / 4,
    "fifth": 1 / 5,
    "tenth": 1 / 10,
}
_CHINESE_DIGITS: Mapping[str, int] = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE_SCALES: Mapping[str, int] = {"十": 10, "百": 100, "千": 1000}
_ZH = "零〇一二两三四五六七八九十百千万亿"

_SMALL = "|".join(list(_ONES)[:9])
_ENGLISH_FOLDS = sorted((fold for fold in _FOLDS if fold.isascii()), key=len, reverse=True)
_CHINESE_FOLDS = ("翻了一番", "翻倍", "一倍")
_ENGLISH = re.compile(  # no look-behind at its start: the engine skips to letters that can begin a word (3 times as fast)
    r"(?:(?P<some>one|two|three|four|a)[ -])?(?P<piece>half|halves|halved|halving|third|quarter|fifth|tenth)s?(?![\w-])"
    rf"|(?P<fold>{'|'.join(_ENGLISH_FOLDS)})(?![\w-])"
    rf"|(?P<tens>{'|'.join(_TENS)})(?:[ -](?P<unit>{_SMALL}))?(?![A-Za-z])"
    rf"|(?P<ones>{'|'.join(reversed(list(_ONES)))})(?![A-Za-z])"
)
_CHINESE = re.compile(
    rf"(?P<fold>{'|'.join(_CHINESE_FOLDS)})|(?P<part>[{_ZH}]+分之[{_ZH}\d.]+)|(?P<half>一半)|(?P<number>[{_ZH}]+)"
)
_VIETNAMESE = re.compile(
    rf"(?<!\w)(?:(?P<half>một nửa)|(?P<fold>gấp đôi)|(?P<tens>{'|'.join(_VI)}) mươi(?: (?P<last>{'|'.join([*_VI, *_VI_LAST])}))?"
    rf"|mười (?P<teen>{'|'.join([*_VI, *_VI_LAST])})|(?P<ten>mười)|(?P<ones>{'|'.join(_VI)}))(?!\w)",
    re.IGNORECASE,
)
_IS_VIETNAMESE = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_PIECE, _LONGEST = 10_000, 100
LATIN = "\u2e80"  # letters up to here make words with spaces between them
_EMPTY_CHINESE = frozenset("零〇千万亿百") | {"千万", "万一", "百万", "万亿", "百千", "一一"}


class Word(NamedTuple):
    """A number in words. `is_exact`: a fraction, which has no last digit; `kind`: "", "x" or "%"."""

    start: int
    end: int
    value: float
    kind: str = ""
    is_exact: bool = False


def number_words(text: str) -> Iterator[Word]:
    """Every number that is written in words: the English ones in order, then the Chinese, then the Vietnamese."""
    lower = text.lower()
    if len(lower) != len(text):  # a letter whose small form is two: places would shift
        lower = text
    for match in _matches(_ENGLISH, lower):
        before = lower[match.start() - 1 : match.start()]
        if not (before.isalnum() or before in ("-", "_")) or before > LATIN:
            word = _english(match)
            if word is not None:
                yield word
    if text.isascii():
        return
    for match in _matches(_CHINESE, text):
        word = _chinese(match)
        if word is not None:
            yield word
    if _IS_VIETNAMESE.search(text):
        yield from map(_vietnamese, _matches(_VIETNAMESE, lower))


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Piece by piece: to search a whole paper that has none takes 20 ms in one call, during which no other thread runs."""
    start, length = 0, len(text)
    while start < length:
        end = start + _PIECE
        for match in pattern.finditer(text, start, min(end + _LONGEST, length)):
            if match.start() >= end:
                break
            yield match
            start = match.end()
        start = max(start, end)


def _english(match: re.Match[str]) -> Word | None:
    start, end = match.span()
    if piece := match["piece"]:
        some = match["some"]
        if not some and not piece.startswith("hal"):
            return None  # "the third", a quarter of a year
        return Word(start, end, _ONES.get(some or "a", 1) * _PARTS[piece], is_exact=True)
    if match["fold"]:
        return Word(start, end, _FOLDS[match["fold"]], "x")
    return Word(start, end, _ONES.get(match["ones"] or match["unit"], 0) + _TENS.get(match["tens"], 0))


def _chinese(match: re.Match[str]) -> Word | None:
    start, end = match.span()
    if match["fold"]:
        return Word(start, end, 2, "x")
    if match["half"]:
        return Word(start, end, 0.5, is_exact=True)
    if match["part"]:
        return _chinese_part(start, end, match[0])
    number = None if match[0] in _EMPTY_CHINESE else chinese(match[0])
    return None if number is None else Word(start, end, number)


def _chinese_part(start: int, end: int, written: str) -> Word | None:
    below, _, above = written.partition("分之")
    top = float(above) if re.fullmatch(r"\d+(?:\.\d+)?", above) else chinese(above)
    if below == "百":
        return None if top is None else Word(start, end, top, "%")
    bottom = chinese(below)
    return None if top is None or not bottom else Word(start, end, top / bottom, is_exact=True)


def _vietnamese(match: re.Match[str]) -> Word:
    start, end = match.span()
    values = {**_VI, **_VI_LAST}
    if match["half"]:
        return Word(start, end, 0.5, is_exact=True)
    if match["fold"]:
        return Word(start, end, 2, "x")
    if match["tens"]:
        return Word(start, end, 10 * _VI[match["tens"]] + (values[match["last"]] if match["last"] else 0))
    if match["teen"]:
        return Word(start, end, 10 + values[match["teen"]])
    return Word(start, end, 10 if match["ten"] else _VI[match["ones"]])


def chinese(written: str) -> int | None:
    """The value of Chinese numerals such as 三百零五 or 一亿两千万; None where they make no number."""
    total = section = digit = 0
    is_any = False
    for char in written:
        if char in _CHINESE_DIGITS:
            if digit:
                return None  # 三五: three or five
            digit, is_any = _CHINESE_DIGITS[char], True
        elif char in _CHINESE_SCALES:
            section += (digit or (1 if char == "十" else 0)) * _CHINESE_SCALES[char]
            is_any, digit = is_any or char == "十", 0
        elif char in "万亿":
            total = total + (section + digit) * 10_000 if char == "万" else (total + section + digit) * 100_000_000
            section = digit = 0
        else:
            return None
    return total + section + digit if is_any else None
