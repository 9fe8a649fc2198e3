"""The number reader: whatever form a number is written in, it reads back as its value."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import days
from bot.domain.figure_claims import claimed
from bot.domain.figures import Number, numbers, plain
from bot.domain.number_words import chinese

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
WIDE = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")
INTEGERS = st.integers(min_value=0, max_value=10**12)
DECIMALS = st.decimals(min_value=0, max_value=10_000, places=2, allow_nan=False, allow_infinity=False)
HARD = st.text(alphabet="0123456789.,'-−–%xX×eE^{}$\\ /()一二十百千万亿kKMB tonewhalfmười", max_size=60) | st.text(max_size=40)


def only(text: str, *, is_comma_decimal: bool = False) -> Number:
    found = list(numbers(text, is_comma_decimal=is_comma_decimal))
    assert len(found) == 1, found
    return found[0]


@given(INTEGERS)
def test_an_integer_reads_back_however_its_thousands_are_parted(value: int) -> None:
    for mark in (",", "'", "’", ""):
        assert only(f"{value:,}".replace(",", mark)).value == value
    for space in (" ", "\u00a0", "\u202f"):
        assert value in {number.value for number in numbers(f"{value:,}".replace(",", space))}
    readings = {v for v, _ in only(f"{value:,}".replace(",", "."), is_comma_decimal=True).readings}
    assert value in readings


@given(DECIMALS)
def test_a_decimal_reads_back_with_point_comma_and_wide_digits(value: Decimal) -> None:
    for written in (f"{value:.2f}", f"{value:,.2f}", f"{value:.2f}".translate(WIDE), f"{value:.2f}".replace(".", ",")):
        number = only(written)
        assert number.value == pytest.approx(float(value))
        assert number.step == pytest.approx(0.01)


@given(st.integers(1, 99), st.integers(-40, 40))
def test_scientific_notation_reads_back(mantissa: int, power: int) -> None:
    raised = str(power).translate(SUPERSCRIPTS)
    forms = ("{m}e{p}", "{m}E{p}", "{m}×10^{p}", "{m} × 10^{{{p}}}", "{m}\\times 10^{{{p}}}", "{m}·10{s}", "{m}×10{s}")
    for form in forms:
        assert only(form.format(m=mantissa, p=power, s=raised)).value == pytest.approx(mantissa * 10.0**power)
    if power:
        assert only(f"10{raised}").value == pytest.approx(10.0**power)


SCALED = (
    ("k", 10**3),
    ("K", 10**3),
    ("M", 10**6),
    ("B", 10**9),
    ("T", 10**12),
    (" thousand", 10**3),
    (" million", 10**6),
    (" Billion", 10**9),
    ("万", 10**4),
    (" 百万", 10**6),
    ("亿", 10**8),
    (" 万亿", 10**12),
    (" nghìn", 10**3),
    (" triệu", 10**6),
    (" tỷ", 10**9),
    (" tỉ", 10**9),
)


@given(st.decimals(min_value=1, max_value=999, places=1), st.sampled_from(SCALED))
def test_a_scale_multiplies(value: Decimal, scale: tuple[str, int]) -> None:
    word, factor = scale
    number = only(f"{value}{word}")
    assert number.value == pytest.approx(float(value) * factor)
    assert number.step == pytest.approx(factor / 10)


UNITS = (
    ("%", "%", 1),
    (" %", "%", 1),
    ("\\%", "%", 1),
    (" percent", "%", 1),
    (" phần trăm", "%", 1),
    ("个百分点", "pt", 1),
    (" 个百分点", "pt", 1),
    (" percentage points", "pt", 1),
    (" điểm phần trăm", "pt", 1),
    ("x", "x", 1),
    ("×", "x", 1),
    (" times", "x", 1),
    ("-fold", "x", 1),
    ("倍", "x", 1),
    (" lần", "x", 1),
    ("ms", "s", 0.001),
    (" 毫秒", "s", 0.001),
    (" seconds", "s", 1),
    (" giây", "s", 1),
    (" 小时", "s", 3600),
    (" GB", "byte", 1e9),
)


@given(st.decimals(min_value=1, max_value=999, places=1), st.sampled_from(UNITS))
def test_a_unit_is_known_in_three_languages(value: Decimal, unit: tuple[str, str, float]) -> None:
    word, dimension, factor = unit
    number = only(f"{value}{word}")
    assert number.value == pytest.approx(float(value))
    assert number.unit.dimension == dimension
    assert number.unit.factor == pytest.approx(factor)


def in_chinese(value: int) -> str:
    """1 to 9,999 in numerals."""
    digits, out, is_gap = "零一二三四五六七八九", "", False
    for power, scale in ((3, "千"), (2, "百"), (1, "十"), (0, "")):
        digit = value // 10**power % 10
        if digit:
            out += ("零" if is_gap and out else "") + digits[digit] + scale
        is_gap = not digit
    return out


@given(st.integers(1, 9_999), st.integers(1, 9_999))
def test_chinese_numerals_read_back(value: int, large: int) -> None:
    assert chinese(in_chinese(value)) == value
    assert chinese(f"{in_chinese(large)}万{'零' if value < 1000 else ''}{in_chinese(value)}") == large * 10_000 + value
    assert chinese(f"{in_chinese(large)}亿") == large * 10**8


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("twelve", 12),
        ("Twenty-five", 25),
        ("seventy billion", 70e9),
        ("half", 0.5),
        ("three quarters", 0.75),
        ("one-fifth", 0.2),
        ("3/4", 0.75),
        ("twice", 2),
        ("threefold", 3),
        ("三分之一", 1 / 3),
        ("百分之三十", 30),
        ("一亿两千万", 120_000_000),
        ("三百零五", 305),
        ("một nửa", 0.5),
        ("gấp đôi", 2),
        ("đến mười hai", 12),
        ("đến hai mươi lăm", 25),
        ("2^32", 2**32),
        ("$2.6 million", 2_600_000),
    ],
)
def test_words_fractions_and_powers(text: str, value: float) -> None:
    assert any(number.value == pytest.approx(value) for number in numbers(text))


@given(st.integers(9_970, 10_010), st.sampled_from((("twenty-five", 25), ("三百零五", 305), ("hai mươi lăm", 25))))
def test_a_number_in_words_reads_back_wherever_it_stands_in_a_long_text(before: int, word: tuple[str, int]) -> None:
    written, value = word
    text = "It is so. " + "x" * (before - 10) + f" ở {written} " + "x" * 10_000
    assert [number.value for number in numbers(text)] == [value]


@pytest.mark.parametrize(
    ("text", "sign"), [("-3.2", "-"), ("(−3.2", "-"), ("是–3.2", "-"), ("+3.2", "+"), ("a-3.2", ""), ("2-3.2", "")]
)
def test_a_dash_is_a_sign_only_where_nothing_stands_before_it(text: str, sign: str) -> None:
    assert [number.sign for number in numbers(text)][-1] == sign


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-06-02", (2026, 6, 2)),
        ("2026年6月2日", (2026, 6, 2)),
        ("June 2, 2026", (2026, 6, 2)),
        ("2 June 2026", (2026, 6, 2)),
        ("June 2026", (2026, 6, 0)),
        ("ngày 2 tháng 6 năm 2026", (2026, 6, 2)),
        ("tháng 6/2026", (2026, 6, 0)),
    ],
)
def test_a_date_is_the_same_in_three_languages(text: str, date: tuple[int, int, int]) -> None:
    assert [day for _, _, day in days(text)] == [date]


@given(HARD)
def test_reading_never_raises_and_stays_within_the_text(text: str) -> None:
    for number in numbers(text):
        assert 0 <= number.start < number.end <= len(text)
        assert number.value >= 0
        assert number.step >= 0
    claimed([text])
    list(days(text))


@given(HARD)
def test_making_plain_keeps_places_and_values(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert plain(plain(text)) == plain(text)
    assert list(numbers(plain(text))) == list(numbers(text))


PIECES = ("1", "1,", "1.", "a1", "1 000 ", "- ", "10^", "one ", "一", "1e", "(1) ", "x1×", "2026-", "$1", "1/", "half", "𝟙,a")


@pytest.mark.parametrize("piece", PIECES)
def test_no_piece_repeated_makes_reading_slow(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    began = time.process_time()
    for _ in numbers(text):
        pass
    list(days(text))
    claimed([text[:10_000]])
    assert time.process_time() - began < 2  # 0.9 at most, on a busy machine; one that goes back and forth takes minutes
