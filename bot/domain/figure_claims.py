"""Which numbers of a summary are figures: claims that the paper must hold. Numbering, references and small words are none."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.dates import Day, days
from bot.domain.figures import Number, numbers, plain, ranged

SMALL = 10
"""Up to here a number in words is seldom a claim ("two stages", "一种"); a model counts what the paper lists by name."""

# Terms that hold a digit and say nothing that a paper must have said in the same form.
_GENERIC = """
1d 2d 3d 4d f1 l0 l1 l2 l-1 l-2 k1 top-1 top-5 top1 top5 p50 p90 p95 p99 r2 co2 h1 h2 web2 web3
"""
GENERIC = frozenset(_GENERIC.split())

_URL = r"https?://\S+|(?:arXiv|doi):\s?\S+|\b10\.\d{4,9}/\S+"
# Lists have up to 20 items, and an item has words: "12." at the end of a point, "(85)" and "-0.82" are figures.
_ITEM, _WORDS = r"(?:1?\d|20)", r"(?=\s?[*\"“'(\[$`+-]*[^\W_])"
_BULLET = r"(?:-\s+|[*•–—·]\s*)"
_NUMBERING = (
    rf"(?m:^\s*{_BULLET}?{_ITEM}(?:[.):](?!\d){_WORDS}|、(?!\d\d?(?![\d.%])){_WORDS}))"
    rf"|(?:\(\s?|(?<![\w(.,/=-])){_ITEM}\s?\){_WORDS}"
    rf"|(?:(?<=[:：])\s?1|(?<=[；;。])\s?{_ITEM})[.、](?!\d){_WORDS}|[\u2460-\u2473]"
)
_REFERENCE = (
    r"\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]"
    r"|\b(?i:sections?|secs?\.|fig(?:ure)?s?\.?|tables?|tab\.|eqs?\.|equations?|appendix|chapter|algorithm|theorem|lemma|corollary|step|phase"
    r"|stage|hình|bảng|mục|phần|bước|chương|giai đoạn|định lý)[\s-]?\(?\d{1,2}(?:\.\d{1,2})*\)?(?![\d%.,]*[\d%])"
    r"|(?<![代发模方形格正地])[图表节式]\s?\d{1,2}(?![\d.%]|\s?[个种类张篇项名倍次万亿])"
    r"|(?:阶段|步骤|定理|算法|任务)\s?\d(?![\d.%])|第\s?[\d一二三四五六七八九十]+|(?<!\d)\d{1,6}(?:st|nd|rd|th)\b"
)
_FORMULA = r"(?<=[^\W_]|[)}\]|'])(?:[_^]\s?(?:\{[^{}]{0,30}\}|-?\w(?!\w|\.\d)))+"
_FORMULA += r"|(?<=[A-Za-z)])[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+|(?<=[A-Za-z])[₀₁₂₃₄₅₆₇₈₉]+"
_PASSED_OVER = re.compile(f"{_URL}|{_NUMBERING}|{_REFERENCE}")
_IN_FORMULA = re.compile(_FORMULA)
_PREFIXES = "pre|post|sub|mid|non|super|over|under|near|sub-"
_NAME = re.compile(rf"(?<![A-Za-z0-9_\\])(?!(?:{_PREFIXES})-?\d)[A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)*")
_NAME_BEFORE = re.compile(r"(?<![A-Za-z0-9])([A-Z][A-Za-z]+[A-Za-z0-9]*)[ -]$")
_LETTERS_AFTER = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_MACRO = re.compile(r"\\(?!times|cdot|sim|approx)[a-z]")
_DECIMAL_COMMA = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]|(?<![\d.,])\d{1,3},\d{1,2}(?![\d,])|(?<![\d.,])\d,\d{4,}")
_SENTENCE = re.compile(r"[。！？；;\n]|[.!?](?=\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """One figure of a summary: a number, a date or a name with digits in it. `sentence` counts through all claims."""

    written: str
    sentence: int
    text: str
    number: Number | None = None
    day: Day | None = None
    name: str | None = None

    @property
    def start(self) -> int:
        """Where it begins in its claim."""
        return self.number.start if self.number else 0


def claimed(claims: Sequence[str]) -> tuple[Claimed, ...]:
    """Every figure of the claims, in order."""
    is_comma_decimal = any(_DECIMAL_COMMA.search(claim) for claim in claims)
    found: list[Claimed] = []
    for count, claim in enumerate(claims):
        found += _in_claim(claim, count * 1000, is_comma_decimal=is_comma_decimal)
    return tuple(found)


def _in_claim(claim: str, first: int, *, is_comma_decimal: bool) -> list[Claimed]:
    text = plain(claim := claim.replace("{,}", ","))
    rest = _IN_FORMULA.sub(_raised_or_blank, _PASSED_OVER.sub(_blank_but_counts, text))
    ends = [match.end() for match in _SENTENCE.finditer(rest)]
    found: list[tuple[int, Claimed]] = []

    def add(start: int, end: int, **what: Number | Day | str) -> None:
        sentence = first + sum(at <= start for at in ends)
        found.append((start, Claimed(written=claim[start:end].strip(" $"), sentence=sentence, text=text, **what)))  # type: ignore[arg-type]

    def named(within: str, start: int, end: int) -> str:
        if not _is_generic(within[start:end]):
            add(start, end, name=within[start:end])
        return within[:start] + " " * (end - start) + within[end:]

    for start, end, day in days(rest):
        add(start, end, day=day)
        rest = rest[:start] + " " * (end - start) + rest[end:]
    for match in [each for each in _NAME.finditer(rest) if any(char.isdigit() for char in each[0])]:
        rest = named(rest, *match.span())
    read = _disjoint(numbers(rest, is_comma_decimal=is_comma_decimal))
    for number in read:  # 4K, 8bit: digits first
        after = _LETTERS_AFTER.match(rest, number.end)
        if after and rest[number.start].isdigit() and rest[number.end - 1].isdigit():
            rest = named(rest, number.start, after.end())
    for number in ranged(rest, [one for one in read if rest[one.start] != " "]):
        if _is_figure(rest, number):
            add(number.start, number.end, number=number)
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def _is_generic(name: str) -> bool:
    return name.casefold() in GENERIC or re.match(r"[1-4]D(?![0-9])", name) is not None


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _blank_but_counts(match: re.Match[str]) -> str:
    """(2) within a line is numbering where a 1 was: "data sets (12)" and "(n = 85)" say a count."""
    number = re.fullmatch(r"\(?\s?(\d+)\s?\)", match[0])
    if number is None or match.string[: match.start()].rpartition("\n")[2].strip(" *-") == "":
        return _blank(match)
    before = match.string[: match.start()]
    if before.rfind("(") > before.rfind(")"):
        return match[0]
    is_item = number[1] == "1" or re.search(rf"(?<!\d){int(number[1]) - 1}\s?[.)、:]", before)
    return _blank(match) if is_item else match[0]


def _raised_or_blank(match: re.Match[str]) -> str:
    """An exponent of a digit belongs to the number; one of a letter is none of the paper's figures."""
    before = match.string[: match.start()].rstrip(" ")[-1:]
    return match[0] if before.isdigit() else _blank(match)


def _disjoint(read: Iterator[Number]) -> list[Number]:
    """In order; what lies within another is a part of it."""
    kept: list[Number] = []
    for number in sorted(read, key=lambda number: (number.start, -number.end)):
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return kept


def _is_figure(text: str, number: Number) -> bool:
    if not number.is_word:
        return not (number.value < SMALL and number.step == 1 and _is_in_formula(text, number))
    return number.value > SMALL or not number.step or number.scale > 1 or number.unit.dimension in ("%", "pt", "x")


def _is_in_formula(text: str, number: Number) -> bool:
    r"""Between dollars, beside a macro: the 1 and the 4 of $p^m \equiv 1 \pmod 4$ are no figures."""
    before, after = text[max(0, number.start - 60) : number.start], text[number.end : number.end + 60]
    return (
        before.count("$") % 2 == 1
        and "$" in after
        and re.search(r"\\(?!times|%|cdot|sim|approx)[a-z]", before + after) is not None
    )


def literal(written: str) -> re.Pattern[str]:
    """Finds a number written in the very same way, but for spaces."""
    spelled = r"\s?".join(map(re.escape, re.findall(r"\w+|[^\w\s]", written)))
    return re.compile(behind_first(spelled, r"[\w.,+\-–]") + r"(?![\w]|[.,]\d)")


def behind_first(spelled: str, before: str) -> str:
    """The pattern `spelled`, not after `before`: looked for behind the first character, so that the engine jumps to those."""
    first = re.match(r"\\?.", spelled)
    return f"{first[0]}(?<!{before}.){spelled[first.end() :]}" if first else spelled


def name_with(text: str, number: Number) -> str | None:
    """The name that a number ends ("Llama 3.1"), None where no name stands before it."""
    if number.sign or number.unit.dimension not in ("", "count"):  # "Llama 3 models" counts none
        return None
    before = _NAME_BEFORE.search(text[max(0, number.start - 24) : number.start])
    return f"{before[1]} {text[number.start : number.end]}" if before else None
