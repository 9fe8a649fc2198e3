"""What was chosen on Discord comes to the same as if it had been typed, and nothing of it is taken for something else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.categories import ARCHIVES, NAMES
from bot.domain.identity import parse_ref
from bot.domain.queries import paged
from bot.domain.subscriptions import Interest, Schedule
from bot.errors import BadInput, PaperboyError, Show
from bot.services.asking import split
from handlers import parsing, parsing_numbers
from handlers.commands.subscriptions import wish_and_hour
from handlers.discord.commands import Called, found
from handlers.discord.labels import category_label
from handlers.discord.options import Kind, Value
from handlers.discord.table import BY_PATH, SLASHES

SUBSCRIBE = ("papers", "subscribe")
LETTERS = "abcdefgäéжあ汉9"
word = st.text(alphabet=LETTERS, min_size=3, max_size=8).filter(lambda text: any(char.isalpha() for char in text))
phrase = st.lists(word, min_size=1, max_size=3).map(" ".join)
name = st.lists(st.text(alphabet="ABCdefg-'", min_size=2, max_size=8).map(lambda text: f"A{text}"), min_size=1, max_size=3).map(
    " ".join
)
zone = st.sampled_from(sorted(each for each in available_timezones() if not each.startswith(("Etc/", "posix/", "right/"))))
days = st.sets(st.integers(0, 6), min_size=1)


def called(path: tuple[str, ...], **options: Value) -> Called:
    """As Discord sends it."""
    slash = BY_PATH[path]
    values = [{"name": key, "type": _kind(path, key), "value": value} for key, value in options.items()]
    data: dict[str, Any] = {"type": 1, "name": slash.name, "options": values}
    if len(path) > 1:
        data = {"type": 1, "name": path[0], "options": [data]}
    told = found(data)
    assert told is not None
    return told


def _kind(path: tuple[str, ...], name: str) -> int:
    option = BY_PATH[path].option(name)
    return int(option.kind if option else Kind.STRING)


def typed(path: tuple[str, ...], **options: Value) -> str:
    """Of a command that is one step: what is typed behind it."""
    told = called(path, **options)
    assert told.refused is None
    ((command, text),) = told.steps
    assert command == BY_PATH[path].command
    return text


def wished(**options: Value) -> Interest:
    return parsing.interest(wish_and_hour(typed(SUBSCRIBE, **options))[0], ("arxiv", "huggingface"))


@given(
    keywords=st.lists(phrase, min_size=1, max_size=4, unique=True),
    excluded=st.lists(phrase, max_size=3, unique=True),
    authors=st.lists(name, max_size=3, unique=True),
    categories=st.sets(st.sampled_from(sorted(NAMES)), max_size=4),
    source=st.sampled_from(["", "arxiv", "huggingface", "both"]),
)
def test_a_wish_is_understood_as_it_was_chosen(
    keywords: list[str], excluded: list[str], authors: list[str], categories: set[str], source: str
) -> None:
    options = {
        "keywords": ", ".join((*keywords, *(f"-{each}" for each in excluded))) + ",",
        **({"authors": ", ".join(authors)} if authors else {}),
        **({"categories": " ".join(sorted(categories))} if categories else {}),
        **({"sources": source} if source else {}),
    }
    understood = wished(**options)
    assert understood.keywords == tuple(keywords)
    assert understood.excluded == tuple(excluded)
    assert understood.authors == tuple(authors)
    assert understood.categories == parsing.categories(" ".join(categories))
    named = {"": set(), "both": {"arxiv", "huggingface"}}.get(source, {source})
    assert understood.sources - named <= ({"arxiv"} if categories else set())
    assert understood.sources >= named


@pytest.mark.parametrize(
    ("typed_in", "keywords"),
    [
        ('"world model" agents', ("world model", "agents")),
        ("arxiv bias", ("arxiv", "bias")),
        ("arxiv bias,", ("arxiv bias",)),
        ("huggingface", ("huggingface",)),
        ("attention; at scale, agents", ("attention;at scale", "agents")),
        ('"world model", "agents"', ("world model", "agents")),
        ("Kepler's law", ("Kepler's", "law")),
    ],
)
def test_keywords_are_read_as_everywhere_and_a_source_among_them_is_a_word(typed_in: str, keywords: tuple[str, ...]) -> None:
    understood = wished(keywords=typed_in)
    assert understood.keywords == keywords
    assert understood.sources == frozenset()


@given(archive=st.sampled_from(sorted(ARCHIVES)))
def test_an_archive_stands_for_all_its_classes(archive: str) -> None:
    assert wished(categories=archive).categories == ARCHIVES[archive]
    assert parsing.categories(typed(("papers", "categories"), categories=archive)) == ARCHIVES[archive]


@given(codes=st.lists(st.sampled_from(sorted(NAMES)), min_size=1, max_size=3, unique=True))
def test_a_label_that_comes_back_as_text_is_what_it_was_the_label_of(codes: list[str]) -> None:
    labels = ", ".join(category_label(code, NAMES[code]) for code in codes)
    assert parsing.categories(typed(("papers", "categories"), categories=labels)) == parsing.categories(" ".join(codes))


def test_whoever_chooses_nothing_is_led_through_it_and_not_given_every_paper() -> None:
    assert called(SUBSCRIBE).steps == (("settings", ""),)
    assert called(SUBSCRIBE, channel="7").steps == (("settings", ""),)


def test_all_is_every_category() -> None:
    assert typed(("papers", "categories"), categories="All") == "all"
    assert wished(categories="all", keywords="agents").categories == frozenset()


@given(at=st.times(), zone=zone, days=days, knows=st.booleans())
def test_days_hour_and_zone_are_understood_with_a_wish_and_alone(at: time, zone: str, days: set[int], knows: bool) -> None:
    known = Schedule(at=time(7, 7), zone="Asia/Tokyo", weekdays=frozenset({3}))
    options = {"time": f"{at:%H:%M}", "timezone": zone, "days": " ".join(parsing.DAYS[each][:3] for each in days)}
    wanted = replace(known, at=time(at.hour, at.minute), zone=parsing.zone(zone), weekdays=frozenset(days))
    assert parsing.schedule(typed(("papers", "time"), **options), known) == wanted
    wish = {"keywords": "agents"} if knows else {}
    text, when = wish_and_hour(typed(SUBSCRIBE, **wish, **options))
    assert parsing.schedule(when, known) == wanted
    assert parsing.interest(text).keywords == (("agents",) if knows else ())


@pytest.mark.parametrize("place", ["Munich", "Munich - 14:05 (Europe/Berlin)", "europe/berlin", " Berlin "])
def test_a_zone_is_a_city_a_name_or_a_label(place: str) -> None:
    assert typed(("papers", "timezone"), timezone=place) == "Europe/Berlin"


@given(added=st.lists(phrase, max_size=3), removed=st.lists(phrase, max_size=3), clears=st.booleans())
def test_words_are_cleared_removed_and_added_in_this_order(added: list[str], removed: list[str], clears: bool) -> None:
    options: dict[str, Value] = {"clear": True} if clears else {}
    options |= {key: ",".join(words) + "," for key, words in (("add", added), ("remove", removed)) if words}
    interest = Interest(keywords=(*removed, "kept"), excluded=("gone",))
    told = called(("papers", "keywords"), **options)
    if not options:
        assert told.steps == (("keywords", ""),)
        return
    for command, text in told.steps:
        assert command == "keywords"
        interest = parsing.change_of_words(text)(interest)
    left = {"kept"} - {each.casefold() for each in removed} if not clears else set()
    assert set(interest.keywords) == left | set(added)
    assert interest.excluded == (() if clears else ("gone",))


@given(added=st.lists(name, min_size=1, max_size=3, unique_by=str.casefold), clears=st.booleans())
def test_authors_are_followed_by_their_names(added: list[str], clears: bool) -> None:
    told = called(("papers", "authors"), add=", ".join(added), remove="Ada Gone", clear=clears)
    interest = Interest(authors=("Ada Gone", "Ada Kept"))
    for _, text in told.steps:
        interest = parsing.change_of_authors(text)(interest)
    assert interest.authors == (*(() if clears else ("Ada Kept",)), *added)


@given(limit=st.integers(1, 100), votes=st.integers(0, 100_000), score=st.floats(0, 10))
def test_numbers_within_their_limits_are_understood(limit: int, votes: int, score: float) -> None:
    assert parsing_numbers.limit(typed(("papers", "limit"), papers=limit)) == limit
    assert parsing_numbers.votes(typed(("papers", "votes"), votes=votes)) == votes
    assert parsing_numbers.threshold(typed(("papers", "threshold"), score=score)) == score


@pytest.mark.parametrize(("is_on", "said"), [(True, "on"), (False, "off")])
def test_a_switch_is_on_or_off(is_on: bool, said: str) -> None:
    assert typed(("papers", "mute"), on=is_on) == said
    assert typed(("papers", "replacements"), on=is_on) == said
    assert typed(("papers", "mute")) == ""


@pytest.mark.parametrize(
    ("options", "steps"),
    [
        ({}, (("style", ""),)),
        ({"style": "report"}, (("style", "report"),)),
        ({"layout": "thread"}, (("layout", "thread"),)),
        ({"style": "report", "layout": "titles"}, (("layout", "titles"), ("style", "report"))),
    ],
)
def test_style_and_layout_are_two_commands(options: Mapping[str, Value], steps: tuple[tuple[str, str], ...]) -> None:
    assert called(("papers", "style"), **options).steps == steps


@given(question=phrase)
def test_a_paper_goes_before_what_is_asked_of_it(question: str) -> None:
    assert split(typed(("ask",), paper="2601.03417", question=question)) == ("2601.03417", question)
    link = "https://arxiv.org/abs/2601.03417v2"
    text = typed(("summary",), paper=link, style="report", share=True)
    assert parsing.paper_and_style(text, ("card", "report")) == (link, "report")
    assert parse_ref(link).key.value == "2601.03417"


def test_what_else_there_is_to_type() -> None:
    assert paged(typed(("search",), query='diffusion "world model"', page=3)) == ('diffusion "world model"', 3)
    assert typed(("search",), query="agents") == "agents"
    assert typed(("save",), paper="2601.03417") == "2601.03417"
    assert typed(("save",), paper="2601.03417", remove=True) == "remove 2601.03417"
    assert typed(("saved",), page=2) == "2"
    assert typed(("deletemydata",), confirm="yes") == "yes"
    assert typed(("papers", "pause"), until="2026-08-31") == "2026-08-31"
    assert typed(("papers", "preview")) == "preview"
    assert typed(("papers", "language"), language="French") == "French"


@pytest.mark.parametrize(
    ("path", "options", "key"),
    [
        (SUBSCRIBE, {"keywords": 'a "phrase'}, "input.quotation"),
        (SUBSCRIBE, {"authors": "@, 7"}, "input.author"),
        (SUBSCRIBE, {"time": "late"}, "input.hour"),
        (SUBSCRIBE, {"timezone": "Atlantis"}, "input.zone"),
        (SUBSCRIBE, {"days": "Berlin"}, "input.days"),
        (SUBSCRIBE, {"days": "09:00"}, "input.days"),
        (("papers", "keywords"), {"clear": True, "add": "cs.CL, agents"}, "input.is_category"),
        (("papers", "keywords"), {"add": "@Ada Example,"}, "input.is_author"),
    ],
)
def test_what_means_nothing_is_refused_before_anything_is_changed(
    path: tuple[str, ...], options: Mapping[str, Value], key: str
) -> None:
    told = called(path, **options)
    assert told.steps == ()
    assert isinstance(told.refused, BadInput)
    assert told.refused.key == key


def test_a_category_that_does_not_exist_is_no_keyword() -> None:
    told = called(SUBSCRIBE, categories="robotics")
    assert isinstance(told.refused, Show)
    assert "robotics" in str(told.refused)


@given(data=st.data())
def test_no_text_breaks_any_command(data: st.DataObject) -> None:
    slash = data.draw(st.sampled_from([each for each in SLASHES if each.options]))
    texts = [option for option in slash.options if option.kind is Kind.STRING]
    options = {option.name: data.draw(st.text(max_size=30)) for option in texts}
    told = called(slash.path, **options)
    assert told.steps or isinstance(told.refused, PaperboyError)
