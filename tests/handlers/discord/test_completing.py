"""What is offered while somebody types: at once, within Discord's limits, and only what is understood when it is sent."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.categories import NAMES
from bot.domain.subscriptions import EVERY_DAY, WORK_DAYS, Schedule
from bot.summarizers.styles import styles
from bot.words import languages, words
from bot.words.languages import language_code
from handlers import parsing
from handlers.discord.commands import Called, found
from handlers.discord.completing import Choice, complete
from handlers.discord.languages import LANGUAGES
from handlers.discord.table import SLASHES
from handlers.discord.typed import categories as chosen_categories

NOW = datetime(2026, 1, 8, 13, 5, tzinfo=UTC)
COMPLETED = [(slash, option) for slash in SLASHES for option in slash.options if option.completes]
STYLES = styles()


def typing(path: str, option: str, text: str) -> Called:
    """As Discord tells it while somebody types: the option has the focus, and others may be there already."""
    *group, name = path.split()
    leaf = {"type": 1, "name": name, "options": [{"name": option, "type": 3, "value": text, "focused": True}]}
    told = found({"type": 1, "name": group[0], "options": [leaf]} if group else leaf)
    assert told is not None
    assert told.focused == option
    assert told.steps == ()
    return told


def offered(path: str, option: str, text: str, language: str = "en") -> tuple[Choice, ...]:
    return complete(typing(path, option, text), language, NOW, STYLES)


def values(path: str, option: str, text: str) -> list[str]:
    return [choice.value for choice in offered(path, option, text)]


@example(text="cs.CL, " * 14 + "cs.", number=0, language="en")
@settings(max_examples=300, deadline=None)  # how long it takes is not asked here
@given(text=st.text(max_size=120), number=st.integers(0, len(COMPLETED) - 1), language=st.sampled_from(languages()))
def test_any_text_at_all_is_offered_at_most_25_choices_that_discord_takes(text: str, number: int, language: str) -> None:
    slash, option = COMPLETED[number]
    choices = offered(" ".join(slash.path), option.name, text, language)
    assert len(choices) <= 25
    assert all(1 <= len(choice.name) <= 100 and 1 <= len(choice.value) <= 100 for choice in choices)
    assert len({choice.name for choice in choices}) == len(choices)


def test_a_category_is_found_by_its_code_or_by_a_word_of_its_name() -> None:
    assert offered("papers subscribe", "categories", "cs.cl")[0] == Choice(name="cs.CL - Computation and Language", value="cs.CL")
    assert values("papers subscribe", "categories", "robot") == ["cs.RO"]
    assert values("papers subscribe", "categories", "learning") == ["cs.LG", "stat.ML"]
    assert values("papers subscribe", "categories", "math")[:2] == ["math", "math-ph"]


def test_the_last_category_is_completed_and_those_before_it_are_kept_and_not_offered_again() -> None:
    (first, *_) = offered("papers subscribe", "categories", "cs.CL, cs.L")
    assert first == Choice(name="cs.CL, cs.LG - Machine Learning", value="cs.CL, cs.LG")
    assert "cs.CL cs.CL" not in values("papers subscribe", "categories", "cs.CL cs.")


@given(codes=st.lists(st.sampled_from(sorted(NAMES)), min_size=1, max_size=12, unique=True))
def test_whoever_goes_on_typing_behind_a_choice_keeps_all_that_was_chosen(codes: list[str]) -> None:
    """The client shows the name of a choice, and sends it along when more is typed behind it."""
    text = ""
    for code in codes:
        choices = offered("papers categories", "categories", text + code)
        found_ = [choice for choice in choices if choice.value.endswith(code)]
        if not found_:  # it does not fit into 100 characters any more
            assert len(text + code) > 100
            return
        ((_, sent),) = chosen_categories({"categories": found_[0].name})
        assert parsing.categories(sent) == parsing.categories(" ".join(codes[: codes.index(code) + 1]))
        text = f"{found_[0].name}, "


def test_every_category_is_offered_where_they_are_chosen_anew_alone() -> None:
    assert "all" in values("papers categories", "categories", "")
    assert "all" not in values("papers subscribe", "categories", "")
    assert values("papers categories", "categories", "cs.CL, al")[:1] != ["cs.CL, all"]


@pytest.mark.parametrize(
    ("text", "place", "zone"),
    [
        ("berl", "Berlin", "Europe/Berlin"),
        ("münch", "München", "Europe/Berlin"),
        ("asia/to", "Tokyo", "Asia/Tokyo"),
        ("new yo", "New York", "America/New_York"),
        ("saig", "Saigon", "Asia/Saigon"),
        ("北京", "北京", "Asia/Shanghai"),
    ],
)
def test_a_zone_is_found_by_a_city_and_says_what_its_clock_shows(text: str, place: str, zone: str) -> None:
    (first, *_) = offered("papers timezone", "timezone", text)
    assert first == Choice(name=f"{place} - {NOW.astimezone(ZoneInfo(zone)):%H:%M} ({zone})", value=zone)


@given(text=st.text(alphabet="abcdeéoz/ ", max_size=4))
def test_every_zone_that_is_offered_is_understood_by_its_value_and_by_its_name(text: str) -> None:
    for choice in offered("papers time", "timezone", text):
        assert parsing.zone(choice.value)
        place = typing("papers timezone", "timezone", choice.name).slash.steps({"timezone": choice.name})
        assert place == (("timezone", parsing.zone(choice.value)),)


def test_before_anything_is_typed_the_zones_of_a_language_come_first() -> None:
    assert offered("papers timezone", "timezone", "", "vi")[0].value == "Asia/Ho_Chi_Minh"


@pytest.mark.parametrize("language", languages())
def test_styles_say_what_they_are_in_the_language_of_the_person(language: str) -> None:
    choices = offered("summary", "style", "", language)
    assert [choice.value for choice in choices] == [style.name for style in STYLES]
    assert choices[0].name[:99] == f"{STYLES[0].name} - {STYLES[0].about_in(language)}"[:99]


def test_languages_and_days_that_are_offered_are_understood() -> None:
    assert [language_code(code) for code in LANGUAGES] == list(LANGUAGES)
    for choice in offered("papers language", "language", ""):
        step = ("language", choice.value)
        assert typing("papers language", "language", "").slash.steps({"language": choice.name}) == (step,)
    assert values("papers language", "language", "germ") == ["de"]
    assert values("papers time", "days", "") == ["daily", "weekdays", "weekends"]
    understood = [parsing.schedule(value, Schedule()).weekdays for value in values("papers time", "days", "")]
    assert understood == [EVERY_DAY, WORK_DAYS, EVERY_DAY - WORK_DAYS]


def test_a_pause_is_offered_up_to_days_to_come() -> None:
    days = [parsing.day(value) for value in values("papers pause", "until", "")]
    assert days == sorted(days)
    assert days[0] > NOW.date()
    assert values("papers pause", "until", "2026-02") == [day.isoformat() for day in days if (day.year, day.month) == (2026, 2)]


def test_nothing_is_offered_for_what_is_not_completed() -> None:
    assert offered("ask", "question", "which") == ()
    assert words("en")("choice.all")
