"""When the line to a model is left alone, and when not."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.summaries import Lack
from bot.errors import (
    ModelDeclined,
    ModelRefused,
    ModelThrottled,
    ModelUnreachable,
    PaperboyError,
    QuotaSpent,
    SummaryFailed,
)
from bot.services.line import FAILURES_UNTIL_PAUSE, REFUSED_FOR_S, Line


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 6, 2, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def goes_on(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def line(clock: Clock) -> Line:
    return Line(concurrency=2, now=clock)


@pytest.mark.parametrize(
    ("error", "lack", "after_s"),
    [
        (QuotaSpent("m", "gone", after_s=3600), Lack.QUOTA, 3600),
        (ModelRefused("m", "401"), Lack.MISCONFIGURED, REFUSED_FOR_S),
    ],
)
def test_what_a_minute_does_not_mend_closes_at_once(
    line: Line, clock: Clock, error: PaperboyError, lack: Lack, after_s: float
) -> None:
    line.failed(error)
    clock.goes_on(after_s - 1)
    assert line.closed() is lack
    assert line.until == clock.at + timedelta(seconds=1)
    clock.goes_on(1)
    assert line.closed() is None
    assert line.until is None


@pytest.mark.parametrize("error", [ModelUnreachable("m", "no answer", after_s=300), ModelThrottled("m", "429", after_s=60)])
def test_silence_closes_after_several_in_a_row(line: Line, error: PaperboyError) -> None:
    for _ in range(2):
        for _ in range(FAILURES_UNTIL_PAUSE - 1):
            line.failed(error)
        assert line.closed() is None
        line.answered()
    for _ in range(FAILURES_UNTIL_PAUSE):
        line.failed(error)
    assert line.closed() is not None


@pytest.mark.parametrize("error", [SummaryFailed("no JSON"), ModelDeclined("filtered")])
def test_one_paper_that_fails_closes_nothing(line: Line, error: PaperboyError) -> None:
    for _ in range(10):
        line.failed(error)
    assert line.closed() is None
