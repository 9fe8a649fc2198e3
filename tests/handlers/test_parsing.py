"""What people type: nothing of it is lost, and no place becomes a weekday."""

import pytest

from bot.domain.subscriptions import Interest, Schedule
from bot.errors import BadInput
from handlers import parsing


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("08:00 New York", "America/New_York"), ("Monaco 08:00", "Europe/Monaco"), ("Ho Chi Minh", "Asia/Ho_Chi_Minh")],
)
def test_a_city_is_a_zone_whatever_it_begins_with_and_however_many_words_it_has(typed: str, zone: str) -> None:
    known = Schedule()
    changed = parsing.schedule(typed, known)
    assert (changed.zone, changed.weekdays) == (zone, known.weekdays)


@pytest.mark.parametrize(
    ("typed", "days"),
    [("mon", {0}), ("Mon-Fri", {0, 1, 2, 3, 4}), ("thursday sat", {3, 5}), ("fri-mon", {4, 5, 6, 0}), ("tues thur", {1, 3})],
)
def test_days_are_named_in_full_or_short(typed: str, days: set[int]) -> None:
    assert parsing.schedule(typed, Schedule()).weekdays == days


def test_every_word_of_keywords_is_kept_or_refused() -> None:
    changed = parsing.change_of_words("sample, agents, -survey")(Interest())
    assert (changed.keywords, changed.excluded) == (("sample", "agents"), ("survey",))


@pytest.mark.parametrize(("typed", "command"), [("cs.LG, agents", "/categories"), ("@Ada Example", "/authors")])
def test_what_is_no_keyword_is_sent_where_it_belongs(typed: str, command: str) -> None:
    with pytest.raises(BadInput, match=command):
        parsing.change_of_words(typed)
