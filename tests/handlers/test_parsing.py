"""What people type: nothing of it is lost, and no place becomes a weekday."""

from zoneinfo import available_timezones

import pytest

from bot.domain.subscriptions import WORK_DAYS, Interest, Schedule
from bot.domain.zones import other_cities, spelled
from bot.errors import BadInput
from handlers import parsing


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("08:00 New York", "America/New_York"),
        ("Monaco 08:00", "Europe/Monaco"),
        ("Ho Chi Minh", "Asia/Ho_Chi_Minh"),
        ("weekdays 08:30 San Francisco", "America/Los_Angeles"),
        ("Beijing", "Asia/Shanghai"),
        ("07:30 北京", "Asia/Shanghai"),
        ("Hà Nội 07:00", "Asia/Ho_Chi_Minh"),
        ("munich", "Europe/Berlin"),
        ("São Paulo", "America/Sao_Paulo"),
    ],
)
def test_a_city_is_a_zone_whatever_it_begins_with_and_however_many_words_it_has(typed: str, zone: str) -> None:
    known = Schedule()
    changed = parsing.schedule(typed, known)
    assert changed.zone == zone
    assert changed.weekdays == (WORK_DAYS if "weekdays" in typed else known.weekdays)


def test_cities_that_share_a_clock_with_another_are_zones_too() -> None:
    assert set(other_cities().values()) <= available_timezones()
    assert all(name == spelled(name) for name in other_cities())


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
