"""How well wrong figures are told from true ones: `python -m tests.bench_evidence` prints the tables of docs/evidence.md.

Values are picked out of real texts by the narrow patterns below, not by the reader under test, written in other forms (true) or
changed (planted), and looked up in the text they came from. A plant is counted apart as chance where the naive check here,
which knows nothing of the code under test either, sees that value in the text or can work it out.
"""

import gzip
import html
import json
import lzma
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice, pairwise

from bot.domain.evidence import ReadText, checked, read_text
from bot.domain.findings import FigureState
from bot.domain.papers import FullText, PaperKey, PaperRef, Scheme, Section, TextOrigin
from tests.world import ROOT

SHARED = ROOT.parent / "shared" / "data"
ABSTRACTS = 12_000
SEED = 20260602

ENGLISH, CHINESE, VIETNAMESE = "It comes to {}.", "结果为{}。", "Kết quả đạt {}."
_SENTENCE = re.compile(r"(?<=[a-z)%\d][.!?])\s+(?=[A-Z])")
_BEFORE = r"(?<![\w.,$\\/^{}_:+'-])"
_PATTERNS: dict[str, re.Pattern[str]] = {
    "percent": re.compile(rf"{_BEFORE}(\d{{1,3}}(?:\.\d{{1,2}})?)\\?%(?![\w-])"),
    "fold": re.compile(rf"{_BEFORE}(\d{{1,3}}(?:\.\d)?)(?:x|×)(?![\w-])"),
    "time": re.compile(rf"{_BEFORE}(\d{{1,3}}(?:\.\d{{1,2}})?) (ms|seconds|minutes|hours)(?![\w-])"),
    "scale": re.compile(rf"{_BEFORE}(\d{{1,3}}(?:\.\d)?)(?: (million|billion)|([KMB]))(?![\w-])"),
    "grouped": re.compile(rf"{_BEFORE}([1-9]\d{{0,2}}(?:,\d{{3}}){{1,2}})(?![\d.,%]|[.,]\d|\w)"),
    "decimal": re.compile(
        rf"{_BEFORE}(\d{{1,2}}\.\d{{1,4}})(?![\w.,%$\\/^-]|\s?[%x×±]|\s?\\|\s?\+/-"
        r"| (?:[mck]?m|s|GB|dB|Hz|second|minute|hour|[mbMB]illion|trillion|point|percent|pp))"
    ),
    "negative": re.compile(r"(?<=[\s(])-(\d{1,2}\.\d{1,3})(?![\w.,%\\/^-])"),
    "integer": re.compile(rf"{_BEFORE}([1-9]\d{{1,3}})(?= [a-z]{{4,}})"),
}
_REFERENCE = re.compile(
    r"(?i:section|sec\.|figure|fig\.|table|appendix|theorem|lemma|equation|eq\.|definition|proposition|version)s? \(?$"
)
_ZEROS = {"million": 6, "billion": 9, "K": 3, "M": 6, "B": 9, "": 0}
_CHINESE_TIME = {"ms": "毫秒", "seconds": "秒", "minutes": "分钟", "hours": "小时"}
_VIETNAMESE_TIME = {"ms": "ms", "seconds": "giây", "minutes": "phút", "hours": "giờ"}
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_WIDE = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
_DOWNWARD = re.compile(
    r"negativ|minus|decreas|reduc|drop|low|less|few|declin|fall|fell|loss|lose|losing|lost|wors|degrad|cut|shr|sav|down|below|short|behind"
    r"|deficit|under|penalt|regress|drain",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A value in a sentence of a text: digits as printed, what kind it is, its unit word."""

    kind: str
    sentence: str
    start: int
    end: int
    digits: str
    word: str = ""

    @property
    def value(self) -> Decimal:
        return Decimal(self.digits.replace(",", ""))

    @property
    def full(self) -> Decimal:
        """With its scale."""
        return self.value.scaleb(_ZEROS.get(self.word, 0))

    def written(self, digits: str) -> str:
        """Other digits in the same form."""
        return self.sentence[self.start : self.end].replace(self.digits, digits)

    def instead(self, written: str) -> str:
        """The sentence with something else in its place."""
        return self.sentence[: self.start] + written + self.sentence[self.end :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One claim made of a known value; `written` is the figure that must be flagged, where one is planted."""

    kind: str
    claim: str
    written: str = ""
    value: Decimal = Decimal(0)
    is_about: bool = False


@dataclass(slots=True)
class Count:
    """Of true claims: all and flagged. Of planted ones: all, flagged, and those left by chance."""

    total: int = 0
    flagged: int = 0
    chance: int = 0
    flagged_chance: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Confusion:
    """The two halves of the table, by form and by kind of plant."""

    true: dict[str, Count] = field(default_factory=dict)
    planted: dict[str, Count] = field(default_factory=dict)
    texts: int = 0

    @property
    def found_share(self) -> float:
        """Of the planted figures that are in the text by no chance, the share that was flagged."""
        return _share(self.planted.values())

    @property
    def false_share(self) -> float:
        """Of the true figures, the share that was flagged."""
        return _share(self.true.values())


def _share(counts: Iterable[Count]) -> float:
    counts = tuple(counts)
    return sum(count.flagged for count in counts) / max(1, sum(count.total for count in counts))


def as_read(text: str, *extra: str) -> ReadText:
    ref = PaperRef(key=PaperKey(scheme=Scheme.ARXIV, value="2601.00001"))
    return read_text(FullText(ref=ref, sections=(Section(heading="", text=text),), origin=TextOrigin.HTML), *extra)


# Texts.


def abstracts(limit: int) -> Iterator[str]:
    """Titles and abstracts of the corpus, evenly spread over its months."""
    with lzma.open(SHARED / "corpora/arxiv_cs_2026-02_to_2026-07.jsonl.xz", "rt", encoding="utf-8") as lines:
        step = max(1, 30_777 // limit)
        for line in islice(lines, 0, limit * step, step):
            paper = json.loads(line)
            yield f"{paper['title']}. {paper['summary']}"


def full_texts() -> Iterator[str]:
    """Recorded pages without their tags."""
    for path in sorted((SHARED / "fulltext2/html/arxiv_wire").glob("*.html.gz"))[:12]:
        yield _stripped(gzip.decompress(path.read_bytes()).decode("utf-8", "replace"))
    yield _stripped(
        gzip.decompress((SHARED / "fulltext/arxiv_html_2501.11120v1.html.gz").read_bytes()).decode("utf-8", "replace")
    )


def _stripped(page: str) -> str:
    page = page.split("ltx_bibliography")[0]
    page = re.sub(r"(?s)<(script|style|svg|button|nav)\b.*?</\1>", " ", page)
    page = re.sub(r"(?s)<math\b[^>]*?\balttext=\"([^\"]*)\".*?</math>", r" \1 ", page)
    page = re.sub(r"(?i)</(?:p|div|tr|h\d|section|li)>", "\n", page)
    page = re.sub(r"(?i)</t[dh]>", " | ", page)
    return re.sub(r"[ \t]+", " ", html.unescape(re.sub(r"<[^>]+>", "", page)))


def made_texts() -> Iterator[str]:
    """Texts of our own, where the recorded ones are absent: every kind of value, none of them twice."""
    draw = random.Random(SEED)
    for number in range(300):
        first, second = draw.randrange(150, 480), draw.randrange(510, 980)
        yield (
            f"Agents, part {number + 1000}. We train on {draw.randrange(11, 99)},{draw.randrange(100, 999)} papers for "
            f"{draw.randrange(11, 89)} hours. A model of {draw.randrange(2, 9)}.{draw.randrange(1, 9)} billion parameters gets "
            f"{second / 10}% of all answers. The rank correlation is -0.{draw.randrange(101, 999)} here. We rewrite plans in "
            f"{draw.randrange(101, 999)} ms each. It is {draw.randrange(11, 29)}.{draw.randrange(1, 9)}x faster than search. "
            f"An agreement of 0.{first} is seen among {draw.randrange(31, 79)} readers. "
            f"We start from Agent-{draw.randrange(2, 9)}{draw.choice('ov')} "
            f"and Plan-{draw.randrange(2, 9)}.{draw.randrange(1, 9)}. "
        )


def known_values(text: str) -> Iterator[Known]:
    """The values of a text that the patterns see, none within another."""
    for sentence in _SENTENCE.split(" ".join(text.split())):
        if "|" in sentence or len(sentence) > 500:  # rows of a table run together
            continue
        taken: list[tuple[int, int]] = []
        for kind, pattern in _PATTERNS.items():
            for match in pattern.finditer(sentence):
                if _REFERENCE.search(sentence[: match.start()]):
                    continue
                if all(match.end() <= start or match.start() >= end for start, end in taken):
                    taken.append(match.span())
                    word = next((group for group in match.groups()[1:] if group), "")
                    yield Known(kind=kind, sentence=sentence, start=match.start(), end=match.end(), digits=match[1], word=word)


_DIGIT_NAME = re.compile(r"(?<![\w.,$\\/^{}_:+'-])[A-Z][A-Za-z]+-\d{1,3}(?:\.\d)?[a-z]?(?![\w.$\\/^{}_+]|-\d)")


def known_names(text: str) -> tuple[str, ...]:
    """Names that end in a number, each once."""
    return tuple(dict.fromkeys(_DIGIT_NAME.findall(text)))


# True claims: the same value in other forms.


def _rounded(value: Decimal) -> str:
    """One digit fewer."""
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    return str(value.quantize(Decimal(1).scaleb(1 - places), rounding=ROUND_HALF_UP)) if places else str(value)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _comma(digits: str) -> str:
    return digits.replace(",", "_").replace(".", ",").replace("_", ".")


def _scientific(value: Decimal) -> str:
    mantissa, exponent = f"{value.normalize():e}".lower().split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}"


def _percent_forms(known: Known) -> Iterator[tuple[str, str, str]]:
    digits, value = known.digits, known.value
    yield "percent, full width", CHINESE, f"{digits}%".translate(_WIDE)
    yield "percent, decimal comma", VIETNAMESE, f"{_comma(digits)} %"
    yield "percent, in words", VIETNAMESE, f"{_comma(digits)} phần trăm"
    yield "percent as points", ENGLISH, f"{digits} percentage points"
    yield "percent as points", CHINESE, f"{digits} 个百分点"
    yield "percent, rounded", ENGLISH, f"{_rounded(value)}%"
    yield "percent, trailing zero", ENGLISH, f"{value:.2f}%" if "." in digits else f"{digits}.0%"
    if value < 100:
        yield "percent as share", ENGLISH, f"{value / 100}"
        yield "percent as share", VIETNAMESE, _comma(f"{value / 100}")


def _fold_forms(known: Known) -> Iterator[tuple[str, str, str]]:
    digits = known.digits
    for carrier, written in (
        (ENGLISH, "{}×"),
        (ENGLISH, "{}-fold"),
        (ENGLISH, "{} times"),
        (CHINESE, "{}倍"),
        (CHINESE, "{} 倍"),
    ):
        yield "x-fold", carrier, written.format(digits)
    yield "x-fold", VIETNAMESE, f"gấp {_comma(digits)} lần"


def _time_forms(known: Known) -> Iterator[tuple[str, str, str]]:
    digits, word = known.digits, known.word
    yield "unit in Chinese", CHINESE, f"{digits} {_CHINESE_TIME[word]}"
    yield "unit in Vietnamese", VIETNAMESE, f"{_comma(digits)} {_VIETNAMESE_TIME[word]}"
    if word == "ms":
        yield "unit converted", ENGLISH, f"{_plain(known.value / 1000)} s"
    if word == "hours":
        yield "unit converted", ENGLISH, f"{_plain(known.value * 60)} minutes"


def _scale_forms(known: Known) -> Iterator[tuple[str, str, str]]:
    full = known.full
    if full >= 10**8:
        yield "scale as 亿", CHINESE, f"{_plain(full / 10**8)} 亿"
        yield "scale as tỷ", VIETNAMESE, f"{_comma(_plain(full / 10**9))} tỷ"
        yield "scale as letter", ENGLISH, f"{_plain(full / 10**9)}B"
    if full >= 10**6:
        yield "scale as word", ENGLISH, f"{_plain(full / 10**6)} million"
        yield "scale as triệu", VIETNAMESE, f"{_comma(_plain(full / 10**6))} triệu"
    if full >= 10**4:
        yield "scale as 万", CHINESE, f"{_plain(full / 10**4)}万"
    yield "scale written out", ENGLISH, f"{int(full):,}"


def _grouped_forms(known: Known) -> Iterator[tuple[str, str, str]]:
    value = int(known.value)
    yield "thousands, none", CHINESE, str(value)
    yield "thousands, point", VIETNAMESE, f"{value:,}".replace(",", ".")
    yield "thousands, space", ENGLISH, f"{value:,}".replace(",", "\u202f")
    yield "thousands, plain space", ENGLISH, f"{value:,}".replace(",", " ")
    yield "thousands, apostrophe", ENGLISH, f"{value:,}".replace(",", "'")
    yield "thousands as 万", CHINESE, f"{_plain(Decimal(value) / 10_000)} 万"
    if value >= 10_000:
        yield "thousands as 万, rounded", CHINESE, f"约 {Decimal(value / 10_000):.1f} 万"
        yield "thousands as k, rounded", ENGLISH, f"{round(value / 1000)}k"
        yield "thousands as nghìn, rounded", VIETNAMESE, f"khoảng {round(value / 1000)} nghìn"


def _decimal_forms(known: Known) -> Iterator[tuple[str, str, str]]:
    digits, value = known.digits, known.value
    yield "decimal comma", VIETNAMESE, _comma(digits)
    yield "decimal, rounded", CHINESE, _rounded(value)
    if 0 < value < 1:
        yield "share as percent", ENGLISH, f"{_plain(value * 100)}%"
        yield "share as percent", CHINESE, f"{_plain(value * 100)}％"
        yield "scientific", ENGLISH, _scientific(value)


def _negative_forms(known: Known) -> Iterator[tuple[str, str, str]]:
    for sign in "-−–":
        yield "minus sign", ENGLISH, f"{sign}{known.digits}"
        yield "minus sign", VIETNAMESE, f"{sign}{_comma(known.digits)}"


def _integer_forms(known: Known) -> Iterator[tuple[str, str, str]]:
    yield "integer", CHINESE, f"{known.digits} 个"
    yield "integer", VIETNAMESE, known.digits


FORMS: dict[str, Callable[[Known], Iterator[tuple[str, str, str]]]] = {
    "percent": _percent_forms,
    "fold": _fold_forms,
    "time": _time_forms,
    "scale": _scale_forms,
    "grouped": _grouped_forms,
    "decimal": _decimal_forms,
    "negative": _negative_forms,
    "integer": _integer_forms,
}


# Where a figure stands in a point of a summary, and what is glued to it there.
PLACES: dict[str, tuple[str, ...]] = {
    "place: first in its line": ("{} on the whole test set", "{}的整体结果", "Setup.\n{} trên toàn bộ tập"),
    "place: in a bullet": ("- {} on all sets", "* {}", "• {}, on all sets", "1. {} on all sets", "-  **{}** on all"),
    "place: in brackets": ("The best result ({}) is ours", "最好的结果（{}）。", "The best ({})", "The best (of all, {}) wins"),
    "place: at the end": (
        "It comes to {}.",
        "It comes to {}",
        "结果为{}。",
        "Is it {}?",
        "It is {}...",
        'It says "{}."',
        "It comes to: {}.",
    ),
    "place: behind ≈ or ~": ("It comes to ≈{}", "It is ~{} here", "约{}", "≈ {} on all sets"),
}


def placed(known: Known, digits: str) -> Iterator[tuple[str, str, str]]:
    """Every kind of place, in turn one of its claims, with the figure in it: kind, claim, figure as written."""
    written = known.written(digits)
    is_negative = known.kind == "negative"
    figure = "-" + written.lstrip("-") if is_negative else written
    for kind, claims in PLACES.items():
        claim = claims[known.start % len(claims)]
        yield ("negative, " + kind if is_negative else kind), claim.format(figure), figure


def true_names(name: str) -> Iterator[Case]:
    for claim in (
        name,
        f"We use {name}.",
        f"使用{name}模型",
        f"{name}-based agents",
        f"({name})",
        name.replace("-", " ") + " wins",
    ):
        yield Case(kind="name with digits", claim=claim)


def true_cases(known: Known) -> Iterator[Case]:
    for kind, claim, _ in placed(known, known.digits):
        yield Case(kind=kind, claim=claim)
    for form, carrier, written in FORMS[known.kind](known):
        yield Case(kind=form, claim=carrier.format(written))


# Planted claims: a value that the text does not hold.


def _other_digits(digits: str, draw: random.Random) -> str:
    """One digit changed; the first never becomes 0, nor the last where it would be a rounding."""
    places = [at for at, char in enumerate(digits) if char.isdigit()]
    at = draw.choice(places)
    new = draw.choice([char for char in "123456789" if char != digits[at]])
    return digits[:at] + new + digits[at + 1 :]


def planted_cases(known: Known, draw: random.Random) -> Iterator[Case]:
    changed = _other_digits(known.digits, draw)
    value = Decimal(changed.replace(",", ""))
    for name, carrier in (("in its own sentence", ""), ("in Chinese", CHINESE), ("in Vietnamese", VIETNAMESE)):
        written = known.written(_comma(changed) if carrier == VIETNAMESE else changed)
        written = "-" + written if known.kind == "negative" and not written.startswith("-") else written
        claim = carrier.format(written) if carrier else known.instead(written)
        full = value * 10 ** _ZEROS.get(known.word, 0)
        yield Case(kind=f"digit, {name}", claim=claim, written=written, value=full)
    full = value * 10 ** _ZEROS.get(known.word, 0)
    for kind, claim, written in placed(known, changed):
        yield Case(kind=kind, claim=claim, written=written, value=full, is_about="≈" in kind)
    yield from _scale_plants(known, draw)
    yield from _unit_plants(known)
    yield from _sign_plants(known)


def _scale_plants(known: Known, draw: random.Random) -> Iterator[Case]:
    if known.kind == "scale":
        other = {"million": "billion", "billion": "million", "K": "M", "M": "B", "B": "M"}[known.word]
        written = known.sentence[known.start : known.end].replace(known.word, other)
        yield Case(
            kind="scale, another word", claim=known.instead(written), written=written, value=known.value * 10 ** _ZEROS[other]
        )
        large = known.full * 10
        written = f"{_plain(large / 10**4)} 万"
        yield Case(kind="scale, 万 and 亿", claim=CHINESE.format(written), written=written, value=large)
    elif known.kind != "integer":
        power = draw.choice((-1, 1))
        digits = f"{int(known.value * 10):,}" if known.kind == "grouped" else _plain(known.value.scaleb(power))
        written = known.written(digits)
        yield Case(kind="scale, ten times", claim=known.instead(written), written=written, value=Decimal(digits.replace(",", "")))


def _unit_plants(known: Known) -> Iterator[Case]:
    others = {"percent": ("ms", "x", "GB"), "fold": ("%", "ms"), "time": ("%", "GB")}.get(known.kind, ())
    other_time = {"ms": "hours", "seconds": "ms", "minutes": "ms", "hours": "seconds"}.get(known.word)
    for unit in (*others, *((other_time,) if other_time else ())):
        written = f"{known.digits}{unit}" if unit in ("x", "%") else f"{known.digits} {unit}"
        yield Case(kind="unit", claim=known.instead(written), written=written, value=known.value)


def _sign_plants(known: Known) -> Iterator[Case]:
    is_name = re.search(r"[A-Z][A-Za-z]+ $", known.sentence[: known.start])  # "Llama 3.2" with a dash is a name still
    if is_name or _DOWNWARD.search(known.sentence):
        return
    if known.kind == "negative":
        yield Case(kind="sign, left out", claim=f"The value is {known.digits}.", written=known.digits, value=known.value)
    elif known.kind in ("percent", "decimal"):
        written = "-" + known.sentence[known.start : known.end]
        yield Case(kind="sign, added", claim=known.instead(written), written=written, value=-known.value)


def planted_names(name: str, draw: random.Random) -> Iterator[Case]:
    """One digit changed, one added, and the name cut short: GPT-4 for GPT-4o, Llama-3 for Llama-3.1."""
    stem, _, number = name.rpartition("-")
    for kind, other in (
        ("name, digit changed", f"{stem}-{_other_digits(number, draw)}"),
        ("name, digit added", f"{stem}-{number}{draw.randrange(1, 10)}"),
        ("name, cut short", re.sub(r"(?:\.\d|[a-z]|(?<=\d)\d)$", "", name)),
    ):
        if other != name:
            for claim in (f"We use {other}.", f"使用{other}模型", f"{other}-based agents win"):
                yield Case(kind=kind, claim=claim, written=other)


def is_named(text: str, name: str) -> bool:
    """Whether letters and number of a name stand together in the text, or in a list: CIFAR-10/100 has CIFAR-100."""
    stem, _, number = name.lower().rpartition("-")
    behind = rf"(?<![a-z0-9]){re.escape(stem)}[^a-z0-9]{{0,3}}(?:\d[^\n]{{0,40}}?)?(?<![\d.]){re.escape(number)}(?![a-z0-9]|\.\d)"
    return re.search(behind, text.lower()) is not None


# The naive check for chance.

_NAIVE = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_NAIVE_SCALES = (("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12), ("k", 3), ("m", 6), ("b", 9), ("t", 12))


def naive_values(text: str) -> tuple[tuple[int, float], ...]:
    """Every run of digits as the values it may stand for: place and value."""
    found: list[tuple[int, float]] = []
    for match in _NAIVE.finditer(text):
        value = float(match[0].replace(",", ""))
        found.append((match.start(), value))
        after = text[match.end() : match.end() + 10].lower().lstrip(" $}-")
        found += [(match.start(), value * 10**zeros) for word, zeros in _NAIVE_SCALES if after.startswith(word)]
    return tuple(found)


def is_by_chance(case: Case, known: Known, values: tuple[tuple[int, float], ...], own: int) -> bool:
    """Whether the planted value stands in the text, as a share or rounded, or is made of two numbers that stand together.

    A changed unit or sign is chance where the text holds the number more than once.
    """
    value = abs(float(case.value))
    if case.kind == "unit" or case.kind.startswith("sign"):
        exponent = case.value.as_tuple().exponent  # as exact as it is written, as the code does
        room = 10.0 ** (exponent if isinstance(exponent, int) else 0) / 2
        return own > 1 or any(_makes(value, room, one, other) for one, other in _beside(case, known, values))
    exponent = case.value.as_tuple().exponent
    step = 10.0 ** (exponent if isinstance(exponent, int) else 0)
    while _ZEROS.get(known.word) and value and value % (step * 10) == 0:
        step *= 10
    room = max(step / 2 * (1 + 1e-9), 0.05 * value if case.is_about else 0)
    wanted = [(value, room), (value / 100, room / 100), (value * 100, room * 100)]
    if any(abs(held - want) <= near for _, held in values for want, near in wanted):
        return True
    return any(_makes(value, room, one, other) for one, other in _beside(case, known, values))


def _beside(case: Case, known: Known, values: tuple[tuple[int, float], ...]) -> Iterator[tuple[float, float]]:
    yield from ((one, other) for (at, one), (place, other) in pairwise(values) if place - at < 90)
    if case.claim.startswith(known.sentence[:20]):
        own = [value for _, value in naive_values(known.sentence)]
        yield from ((one, other) for at, one in enumerate(own) for other in own[at + 1 :])


def _makes(value: float, room: float, one: float, other: float) -> bool:
    low, high = sorted((one, other))
    made = [high - low, high + low, (high - low) * 100]
    if low:
        made += [high / low, 100 * low / high, 100 * (high - low) / low, 100 * (high - low) / high]
    return any(abs(each - value) <= room for each in made)


# Counting.


def confusion(texts: Iterable[str], *, most_per_text: int = 6) -> Confusion:
    """Check true and planted claims of every text against it; the same texts give the same table."""
    table, draw = Confusion(), random.Random(SEED)
    for text in texts:
        known = list(known_values(text))
        if not known and not known_names(text):
            continue
        table.texts += 1
        _count(table, text, draw.sample(known, min(most_per_text, len(known))), draw)
        _count_names(table, text, known_names(text)[:most_per_text], draw)
    return table


def _count(table: Confusion, text: str, known: list[Known], draw: random.Random) -> None:
    source, values = as_read(text), naive_values(text)
    for sentence in dict.fromkeys(each.sentence for each in known):
        count = table.true.setdefault("the text's own sentence", Count())
        figures = checked([sentence], (), source).figures
        missing = [figure.written for figure in figures if figure.state is FigureState.MISSING]
        count.total += len(figures)
        count.flagged += len(missing)
        count.examples += [f"{each} | {sentence}" for each in missing]
    for each in known:
        for case in true_cases(each):
            count = table.true.setdefault(case.kind, Count())
            missing = list(checked([case.claim], (), source).missing)
            count.total += 1
            count.flagged += bool(missing)
            count.examples += [f"{case.claim} | {each.sentence}" for _ in missing[:1]]
        own = len({at for at, value in values if value in (float(each.value), float(each.full))})
        for case in planted_cases(each, draw):
            _count_planted(table.planted.setdefault(case.kind, Count()), case, source, is_by_chance(case, each, values, own))


def _count_names(table: Confusion, text: str, names: tuple[str, ...], draw: random.Random) -> None:
    source = as_read(text)
    for name in names:
        for case in true_names(name):
            count = table.true.setdefault(case.kind, Count())
            missing = checked([case.claim], (), source).missing
            count.total += 1
            count.flagged += bool(missing)
            count.examples += [f"{case.claim} | {name}"] if missing else []
        for case in planted_names(name, draw):
            _count_planted(table.planted.setdefault(case.kind, Count()), case, source, is_named(text, case.written))


def _count_planted(count: Count, case: Case, source: ReadText, is_chance: bool) -> None:
    missing = checked([case.claim], (), source).missing
    is_found = any(_is_figure_of(written, case.written) for written in missing)
    if is_chance:
        count.chance += 1
        count.flagged_chance += is_found
        return
    count.total += 1
    count.flagged += is_found
    if not is_found:
        count.examples.append(f"{case.written} | {case.claim}")


def _is_figure_of(flagged: str, planted: str) -> bool:
    def bare(text: str) -> str:
        return "".join(text.split()).strip("$\\%")

    return bare(flagged) in bare(planted) or bare(planted) in bare(flagged)


def chinese_summaries() -> tuple[Counter[str], list[str]]:
    """The recorded summaries held against their abstracts: figures by state, and the missing ones with what is around them."""
    states: Counter[str] = Counter()
    missing: list[str] = []
    with gzip.open(SHARED / "corpora/llm_summaries_zh_2026-06-30.jsonl.gz", "rt", encoding="utf-8") as lines:
        for paper in map(json.loads, lines):
            claims = [text for text in paper["AI"].values() if isinstance(text, str)]
            source = as_read(paper["summary"], paper["title"], paper["comment"] or "")
            for figure in checked(claims, (), source).figures:
                states[figure.state] += 1
                if figure.state is FigureState.MISSING:
                    missing.append(f"{paper['id']}: {figure.written}")
    return states, missing


def table_text(table: Confusion) -> str:
    """The table in Markdown."""
    lines = ["| true figure, written as | checked | flagged | share |", "|---|---:|---:|---:|"]
    lines += [
        f"| {name} | {c.total:,} | {c.flagged:,} | {c.flagged / max(1, c.total):.2%} |" for name, c in sorted(table.true.items())
    ]
    lines += [
        "",
        "| planted figure | checked | flagged | share | by chance in the text | flagged of these |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {name} | {c.total:,} | {c.flagged:,} | {c.flagged / max(1, c.total):.2%} | {c.chance:,} | {c.flagged_chance:,} |"
        for name, c in sorted(table.planted.items())
    ]
    return "\n".join(lines)


def report() -> Iterator[str]:
    """The tables, paragraph by paragraph."""
    runs: list[tuple[str, Iterable[str], int]] = [("texts of our own", made_texts(), 6)]
    if SHARED.is_dir():
        runs = [("abstracts", abstracts(ABSTRACTS), 6), ("full texts", full_texts(), 40)]
    for name, texts, most in runs:
        table = confusion(texts, most_per_text=most)
        found, false = table.found_share, table.false_share
        yield f"{table.texts:,} {name}: {found:.2%} of planted figures found, {false:.2%} of true ones flagged"
        yield table_text(table)
        if "--examples" in sys.argv:
            counts = (*table.true.items(), *table.planted.items())
            yield "\n".join(f"  {kind}: {example}" for kind, count in counts for example in count.examples[:8])
    if SHARED.is_dir():
        states, missing = chinese_summaries()
        counted = ", ".join(f"{count:,} {state}" for state, count in sorted(states.items()))
        yield f"recorded Chinese summaries against their abstracts: {counted}"
        yield "\n".join(missing)


if __name__ == "__main__":
    for paragraph in report():
        sys.stdout.write(f"{paragraph}\n\n")
        sys.stdout.flush()
