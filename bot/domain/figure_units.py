"""What stands behind a number, in English, Chinese and Vietnamese: scales (k, million, 万, triệu), units (%, points, x, ms)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of one dimension: `factor` of its base unit. Figures of different dimensions are never equal."""

    dimension: str
    factor: float = 1.0


NO_UNIT = Unit("")
PERCENT = Unit("%")
FOLD = Unit("x")
COUNT = Unit("count")
"""A whole number before a plural noun: "12 datasets" is not 12 %, while a number in a table may be."""

SCALES: Mapping[str, float] = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "mn": 1e6,
    "bn": 1e9,
    "k": 1e3,
    "K": 1e3,
    "M": 1e6,
    "B": 1e9,
    "T": 1e12,
    "十": 1e1,
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "萬": 1e4,
    "十万": 1e5,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "億": 1e8,
    "十亿": 1e9,
    "百亿": 1e10,
    "千亿": 1e11,
    "万亿": 1e12,
    "兆": 1e12,
    "trăm": 1e2,
    "nghìn": 1e3,
    "ngàn": 1e3,
    "triệu": 1e6,
    "tỷ": 1e9,
    "tỉ": 1e9,
    "nghìn tỷ": 1e12,
    "nghìn tỉ": 1e12,
    "ngàn tỷ": 1e12,
}
LETTER_SCALES = frozenset("kKMBT")

_DIMENSIONS: Mapping[str, Mapping[float, str]] = {
    "%": {1.0: "\\%|%|percent|per cent|pct|phần trăm"},
    "pt": {
        1.0: "percentage points|percentage point|percent points|% points|%-points|pp|p.p.|points|point|pts|pt|个百分点|百分点"
        "|điểm phần trăm|điểm %|điểm",
        0.01: "basis points|bps|个基点|基点",
    },
    "x": {1.0: "-fold|fold|times|倍|lần|×|x|X|\\times"},
    "s": {
        1e-9: "ns|nanoseconds|纳秒",
        1e-6: "µs|μs|us|microseconds|微秒",
        1e-3: "ms|msec|milliseconds|millisecond|毫秒|mili giây|mili-giây|miligiây",
        1.0: "s|sec|secs|seconds|second|秒|giây",
        60.0: "min|mins|minutes|minute|分钟|phút",
        3600.0: "h|hr|hrs|hours|hour|小时|个小时|giờ",
        86400.0: "days|day|天|ngày",
        604800.0: "weeks|week|周|个星期|tuần",
    },
    "year": {1.0: "years|year|yrs|年|năm", 1 / 12: "months|month|个月|tháng", 10.0: "decades|decade"},
    "byte": {1.0: "bytes|byte|字节", 1e3: "KB|kB|KiB", 1e6: "MB|MiB", 1e9: "GB|GiB|G", 1e12: "TB|TiB", 1e15: "PB|PiB"},
    "bit": {1.0: "bits|bit|比特|位"},
    "Hz": {1.0: "Hz|赫兹", 1e3: "kHz", 1e6: "MHz", 1e9: "GHz", 1e12: "THz"},
    "W": {1e-6: "µW|μW", 1e-3: "mW", 1.0: "W|watts|瓦", 1e3: "kW", 1e6: "MW", 1e9: "GW"},
    "J": {1e-12: "pJ", 1e-9: "nJ", 1e-6: "µJ|μJ", 1e-3: "mJ", 1.0: "J|joules|焦耳", 1e3: "kJ", 1e6: "MJ"},
    "V": {1e-3: "mV", 1.0: "V|volts|伏", 1e3: "kV"},
    "m": {
        1e-9: "nm|纳米",
        1e-6: "µm|μm|微米",
        1e-3: "mm|millimeters|毫米",
        1e-2: "cm|centimeters|厘米",
        1.0: "m|meters|metres|meter|metre|米|mét",
        1e3: "km|kilometers|kilometres|公里|千米",
    },
    "g": {1e-3: "mg|毫克", 1.0: "g|grams|克", 1e3: "kg|kilograms|公斤|千克"},
    "°": {1.0: "°|degrees|degree|度|độ", 1.0001: "°C|℃"},
    "dB": {1.0: "dB|dBm|分贝"},
    "FLOP": {1.0: "FLOPs|FLOPS", 1e9: "GFLOPs|GFLOPS", 1e12: "TFLOPs|TFLOPS|TOPS", 1e15: "PFLOPs|PFLOPS"},
    "fps": {1.0: "FPS|fps|帧每秒"},
    "$": {1.0: "USD|dollars|美元|美金|đô la|đô"},
    "€": {1.0: "EUR|euros|欧元|euro"},
    "¥": {1.0: "RMB|CNY|人民币|元"},
}
PREFIXES: Mapping[str, Unit] = {"$": Unit("$"), "€": Unit("€"), "¥": Unit("¥")}


def _units() -> dict[str, Unit]:
    return {
        name: Unit(dimension, factor)
        for dimension, by_factor in _DIMENSIONS.items()
        for factor, names in by_factor.items()
        for name in names.split("|")
    }


UNITS: Mapping[str, Unit] = _units()
_BY_FOLDED: Mapping[str, Unit] = {name.casefold(): unit for name, unit in UNITS.items() if len(name) > 3}


def unit_named(name: str) -> Unit:
    """The unit that is written so; longer names in any case."""
    return UNITS.get(name) or _BY_FOLDED.get(name.casefold(), NO_UNIT)


def _alternatives(names: Mapping[str, object]) -> str:
    """Longest first; a name of letters ends where its word ends, and of Latin words any case is read beyond three letters."""
    ordered = sorted(names, key=len, reverse=True)
    return "|".join(_pattern(name) for name in ordered)


def _pattern(name: str) -> str:
    escaped = re.escape(name)
    if name in ("x", "X", "×", "\\times"):  # not the sign of a product: 224x224
        return rf"{escaped}(?![A-Za-z0-9])(?!\$?\s?\d)"
    if name[-1].isascii() and name[-1].isalpha():
        escaped += r"(?![A-Za-z0-9\u00c0-\u024f\u1e00-\u1eff])"
    elif name[-1].isalpha() and ord(name[-1]) < 0x2E80:
        escaped += r"(?!\w)"
    return f"(?i:{escaped})" if len(name) > 3 else escaped


SCALE_PATTERN = _alternatives(SCALES)
UNIT_PATTERN = _alternatives(UNITS)


def are_comparable(one: Unit, other: Unit) -> bool:
    """Whether figures with these units may be equal: where one has none, say, in a table, they may."""
    pair = {one.dimension, other.dimension}
    if len(pair) == 1 or pair == {"%", "pt"}:
        return True
    if "count" in pair:
        return not pair & {"%", "pt", "s", "byte", "Hz", "$", "€", "¥", "dB"}
    return "" in pair
