"""Money: sums without loss, and a fixed order of decay."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.budget import MILLION, Budget, Depth, Prices, Usage, day_of, estimated, usage_of
from bot.errors import ModelUnreachable

AMOUNT = st.integers(0, 10**12)
LIMIT = st.none() | AMOUNT


@given(tokens_in=AMOUNT, tokens_out=AMOUNT, price_in=st.integers(0, 10**9), price_out=st.integers(0, 10**9))
def test_a_price_is_exact_and_never_rounded_down(tokens_in: int, tokens_out: int, price_in: int, price_out: int) -> None:
    cost = Prices(tokens_in=price_in, tokens_out=price_out).of(Usage(tokens_in=tokens_in, tokens_out=tokens_out))
    exact = tokens_in * price_in + tokens_out * price_out
    assert 0 <= cost * MILLION - exact < MILLION


def test_a_known_price() -> None:
    assert Prices(tokens_in=150_000, tokens_out=600_000).of(Usage(tokens_in=10_000, tokens_out=500)) == 1_800


@given(total=LIMIT, reader=LIMIT, spent=AMOUNT, by_reader=AMOUNT, full=AMOUNT, abstract=AMOUNT)
def test_depth_is_the_most_that_both_limits_allow(
    total: int | None, reader: int | None, spent: int, by_reader: int, full: int, abstract: int
) -> None:
    depth = Budget(total=total, reader=reader).depth(full_text=full, abstract=abstract, spent=spent, spent_by_reader=by_reader)
    left = min(10**13 if total is None else total - spent, 10**13 if reader is None else reader - by_reader)
    assert depth is (Depth.FULL_TEXT if full <= left else Depth.ABSTRACT if abstract <= left else Depth.EXTRACTED)


def test_no_limit_allows_everything() -> None:
    assert Budget().depth(full_text=10**15, abstract=1, spent=10**15, spent_by_reader=10**15) is Depth.FULL_TEXT


def test_usage_adds_up_and_remembers_an_estimate() -> None:
    both = Usage(tokens_in=1, tokens_out=2) + Usage(tokens_in=10, tokens_out=20, calls=2, is_estimate=True)
    assert both == Usage(tokens_in=11, tokens_out=22, calls=3, is_estimate=True)


def test_estimate_says_that_it_is_one() -> None:
    assert estimated(4_000, 100) == Usage(tokens_in=1_000, tokens_out=100, is_estimate=True)


def test_what_an_error_spent_is_read_from_it() -> None:
    assert usage_of(ModelUnreachable("m", "cut", tokens=(7, 8, 2))) == Usage(tokens_in=7, tokens_out=8, calls=2)
    assert usage_of(ValueError()) == Usage(tokens_in=0, tokens_out=0, calls=0)


def test_the_day_of_money_is_that_of_utc() -> None:
    late = datetime(2026, 6, 3, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert day_of(late) == datetime(2026, 6, 2, tzinfo=UTC)
