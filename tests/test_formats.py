"""Dates, times, numbers and ages as people of each language write them."""

import string
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words import languages
from bot.words.formats import age, day, moment, number, plural, span

FRIDAY = date(2026, 6, 5)


@pytest.mark.parametrize(
    ("language", "short", "whole"),
    [
        ("en", "Friday, 5 June", "Friday, 5 June 2026"),
        ("zh", "6月5日星期五", "2026年6月5日星期五"),
        ("vi", "thứ Sáu, 5 tháng 6", "thứ Sáu, 5 tháng 6, 2026"),
        ("xx", "Friday, 5 June", "Friday, 5 June 2026"),
    ],
)
def test_a_day_has_its_year_unless_it_is_this_one(language: str, short: str, whole: str) -> None:
    assert day(FRIDAY, language, today=date(2026, 12, 31)) == short
    assert day(FRIDAY, language, today=date(2025, 12, 31)) == day(FRIDAY, language) == whole


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Saturday, 6 June, 07:30"), ("zh", "6月6日星期六 07:30"), ("vi", "thứ Bảy, 6 tháng 6, 07:30")],
)
def test_a_moment_is_told_in_the_readers_own_zone(language: str, said: str) -> None:
    assert moment(datetime(2026, 6, 5, 22, 30, tzinfo=UTC), "Asia/Tokyo", language) == said


@pytest.mark.parametrize(("zone", "said"), [("Europe/Berlin", "02:30"), ("UTC", "00:30"), ("America/New_York", "20:30")])
def test_a_moment_of_a_clock_change_is_the_one_that_clocks_show(zone: str, said: str) -> None:
    assert moment(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), zone, "en").endswith(said)


@pytest.mark.parametrize(("language", "said"), [("en", "12,345"), ("zh", "12,345"), ("vi", "12.345")])
def test_thousands_stand_apart_as_the_language_writes_them(language: str, said: str) -> None:
    assert number(12345, language) == said


@pytest.mark.parametrize(
    ("passed", "en", "zh", "vi"),
    [
        (timedelta(minutes=12, seconds=20), "12 minutes ago", "12分钟前", "12 phút trước"),
        (timedelta(minutes=1), "1 minute ago", "1分钟前", "1 phút trước"),
        (timedelta(0), "1 second ago", "1秒钟前", "1 giây trước"),
        (timedelta(minutes=-5), "1 second ago", "1秒钟前", "1 giây trước"),
        (timedelta(days=3), "3 days ago", "3天前", "3 ngày trước"),
    ],
)
def test_an_age_is_never_in_the_future(passed: timedelta, en: str, zh: str, vi: str) -> None:
    assert [age(passed, language) for language in ("en", "zh", "vi")] == [en, zh, vi]


@pytest.mark.parametrize(("language", "said"), [("en", "3 hours"), ("zh", "3小时"), ("vi", "3 giờ")])
def test_a_span_is_told_in_its_largest_unit(language: str, said: str) -> None:
    assert span(timedelta(hours=3, minutes=12), language) == said


@given(st.dates(), st.sampled_from(languages()))
def test_every_day_is_one_line_with_its_number(on: date, language: str) -> None:
    said = day(on, language)
    assert str(on.day) in said
    assert str(on.year) in said
    assert not set(said) & {*string.whitespace} - {" "}


@pytest.mark.parametrize(("n", "form"), [(0, "many"), (1, "one"), (2, "few"), (5, "many"), (22, "few"), (25, "many")])
def test_forms_are_those_of_the_languages_grammar(n: int, form: str) -> None:
    assert plural(n, "pl") == form
    assert plural(n, "zh") == "other"
    assert plural(n, "en") == ("one" if n == 1 else "other")
