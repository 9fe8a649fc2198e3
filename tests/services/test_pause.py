"""When a model is left alone, and when not."""

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
from bot.services.pause import FAILURES_UNTIL_PAUSE, REFUSED_FOR_S, Pause

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "lack", "after_s"),
    [
        (QuotaSpent("m", "gone", after_s=3600), Lack.QUOTA, 3600),
        (ModelRefused("m", "401"), Lack.MISCONFIGURED, REFUSED_FOR_S),
    ],
)
def test_what_a_minute_does_not_mend_pauses_at_once(error: PaperboyError, lack: Lack, after_s: float) -> None:
    pause = Pause()
    assert pause.note(error, NOW)
    assert pause.standing(NOW + timedelta(seconds=after_s - 1)) is lack
    assert pause.standing(NOW + timedelta(seconds=after_s)) is None


@pytest.mark.parametrize("error", [ModelUnreachable("m", "no answer", after_s=300), ModelThrottled("m", "429", after_s=60)])
def test_silence_pauses_after_several_in_a_row(error: PaperboyError) -> None:
    pause = Pause()
    for _ in range(FAILURES_UNTIL_PAUSE - 1):
        assert not pause.note(error, NOW)
    assert pause.standing(NOW) is None
    pause.worked()
    for _ in range(FAILURES_UNTIL_PAUSE - 1):
        assert not pause.note(error, NOW)
    assert pause.note(error, NOW)
    assert pause.standing(NOW) is not None


@pytest.mark.parametrize("error", [SummaryFailed("no JSON"), ModelDeclined("filtered")])
def test_one_paper_that_fails_pauses_nothing(error: PaperboyError) -> None:
    pause = Pause()
    assert not any(pause.note(error, NOW) for _ in range(10))
    assert pause.standing(NOW) is None


def test_a_pause_is_news_once() -> None:
    pause = Pause()
    assert pause.note(QuotaSpent("m", "gone"), NOW)
    assert not pause.note(QuotaSpent("m", "gone"), NOW)
