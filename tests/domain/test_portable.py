"""Settings as a file: the same when they come back, and nothing but settings taken from what a stranger wrote."""

import json
import re
from dataclasses import replace
from datetime import date, time
from typing import Any
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.categories import ALIASES, NAMES, UNDIVIDED
from bot.domain.flaws import Flaw, UnfitFile
from bot.domain.portable import MAX_BYTES, decoded, encoded
from bot.domain.portable_values import Rules
from bot.domain.sniffing import Kind, file_name, kind_of
from bot.domain.subscriptions import Address, Form, Interest, Schedule, Subscription
from bot.domain.terms import phrase
from bot.errors import BadInput
from bot.words.languages import language_code

RULES = Rules(
    sources=("arxiv", "huggingface"), styles=("card", "brief"), language_code=language_code, max_terms=200, max_limit=100
)
HERE = Address(platform="telegram", chat="-1001234567890", thread="77")
FRESH = Subscription(address=Address(platform="discord", chat="5"))


def can_match(text: str) -> bool:
    try:
        phrase(text)
    except BadInput:
        return False
    return True


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40).map(
    lambda text: " ".join(text.split())
)
WORDS = st.lists(TEXTS.filter(can_match), max_size=5).map(tuple)
AUTHORS = st.lists(TEXTS.filter(lambda text: any(map(str.isalpha, text))), max_size=5).map(tuple)
SUBSCRIPTIONS = st.builds(
    Subscription,
    address=st.just(HERE),
    id=st.just(41),
    interest=st.builds(
        Interest,
        sources=st.frozensets(st.sampled_from(RULES.sources), min_size=1),
        categories=st.frozensets(st.sampled_from((*NAMES, *UNDIVIDED)), max_size=4),
        keywords=WORDS,
        excluded=WORDS,
        excluded_anywhere=WORDS,
        authors=AUTHORS,
        threshold=st.floats(0, 10),
        min_votes=st.integers(0, 100_000),
        wants_replacements=st.booleans(),
    ),
    schedule=st.builds(
        Schedule,
        at=st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None)),
        zone=st.sampled_from(sorted(available_timezones())),
        weekdays=st.frozensets(st.integers(0, 6)),
        is_paused=st.booleans(),
        paused_until=st.none() | st.dates(),
    ),
    style=st.sampled_from(RULES.styles),
    language=st.sampled_from(["en", "zh", "vi", "fr", "pt-BR", "zh-Hant", "de"]),
    limit=st.integers(1, 40),
    form=st.sampled_from(Form),
    wants_empty_note=st.booleans(),
    is_muted=st.booleans(),
    members_may_ask=st.booleans(),
    has_thread=st.booleans(),
)


def carried(content: bytes) -> Subscription:
    return decoded("settings.json", content, RULES).onto(FRESH)


@given(SUBSCRIPTIONS)
@settings(max_examples=150, deadline=None)
def test_settings_come_back_as_they_left_and_leave_alike_again(known: Subscription) -> None:
    there = carried(encoded(known))
    assert replace(there, address=HERE, id=41) == known
    assert encoded(there) == encoded(known)
    assert kind_of(encoded(known)) is Kind.SETTINGS


@given(SUBSCRIPTIONS)
@settings(max_examples=30, deadline=None)
def test_no_id_of_a_platform_leaves(known: Subscription) -> None:
    told = encoded(replace(known, interest=Interest(), schedule=Schedule())).decode()
    assert not any(secret in told for secret in ("telegram", "1001234567890", '"77"', "41"))


def test_the_largest_settings_fit_into_a_file_that_is_taken() -> None:
    words = tuple(f"{'体' * 190}{number}" for number in range(200))
    interest = Interest(keywords=words, excluded=words, excluded_anywhere=words, authors=words)
    whole = encoded(replace(FRESH, interest=interest))
    assert len(whole) <= MAX_BYTES
    assert carried(whole).interest == interest


def test_people_can_read_it_one_setting_a_line() -> None:
    lines = encoded(FRESH).decode().splitlines()
    assert '    "weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],' in lines
    assert '    "at": "09:00",' in lines


def test_what_a_file_does_not_name_stays_as_it_is() -> None:
    known = replace(FRESH, interest=Interest(keywords=("agents",), threshold=3.0), schedule=Schedule(zone="Asia/Tokyo"))
    content = b'{"paperboy": 1, "interest": {"keywords": ["memory"]}, "schedule": {"at": "07:30"}}'
    changed = decoded("s", content, RULES).onto(known)
    assert changed.interest == Interest(keywords=("memory",), threshold=3.0)
    assert changed.schedule == Schedule(at=time(7, 30), zone="Asia/Tokyo")


def test_a_category_may_have_any_of_its_names() -> None:
    content = b'{"paperboy": 1, "interest": {"categories": ["CS.cl", "math.MP", "econ"]}}'
    assert carried(content).interest.categories == {"cs.CL", ALIASES["math.MP"], "econ.EM", "econ.GN", "econ.TH"}


def wrong(section: str, key: str, value: object) -> bytes:
    return json.dumps({"paperboy": 1, section: {key: value}}).encode()


DEEP = b'{"paperboy": 1, "interest": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
MANY = ["agents"] * 201


@pytest.mark.parametrize(
    ("content", "flaw", "place"),
    [
        (b"", Flaw.NO_JSON, ""),
        (b"{", Flaw.NO_JSON, ""),
        (b'{"paperboy": 1, "interest": {"threshold": NaN}}', Flaw.NO_JSON, ""),
        (b'{"paperboy": 1, "interest": {"threshold": -Infinity}}', Flaw.NO_JSON, ""),
        (b'{"paperboy": 1, "x": ' + b"9" * 5_000 + b"}", Flaw.NO_JSON, ""),
        (b'{"paperboy": 1, "interest": {"keywords": ["\xff\xfe"]}}', Flaw.NO_JSON, ""),
        (DEEP, Flaw.TOO_DEEP, ""),
        (b"[1, 2]", Flaw.NO_SETTINGS, ""),
        (b'"paperboy"', Flaw.NO_SETTINGS, ""),
        (b'{"interest": {}}', Flaw.NO_SETTINGS, ""),
        (b'{"paperboy": 2}', Flaw.NEWER, ""),
        (b'{"paperboy": 0}', Flaw.NO_VERSION, ""),
        (b'{"paperboy": true}', Flaw.NO_VERSION, ""),
        (b'{"paperboy": "1"}', Flaw.NO_VERSION, ""),
        (b'{"paperboy": 1, "paperboy": 1}', Flaw.TWICE, "paperboy"),
        (b'{"paperboy": 1, "form": {"limit": 1, "limit": 2}}', Flaw.TWICE, "limit"),
        (b'{"paperboy": 1, "address": {}}', Flaw.UNKNOWN, "address"),
        (b'{"paperboy": 1, "interest": []}', Flaw.NO_SECTION, "interest"),
        (wrong("interest", "id", 1), Flaw.UNKNOWN, "interest.id"),
        (wrong("interest", "keywords", "agents"), Flaw.NO_LIST, "interest.keywords"),
        (wrong("interest", "keywords", [1]), Flaw.NO_LIST, "interest.keywords"),
        (wrong("interest", "keywords", MANY), Flaw.NO_LIST, "interest.keywords"),
        (wrong("interest", "keywords", ["..."]), Flaw.NO_WORD, "interest.keywords"),
        (wrong("interest", "excluded", ["a" * 201]), Flaw.NO_WORD, "interest.excluded"),
        (wrong("interest", "keywords", ["a\0b"]), Flaw.NO_WORD, "interest.keywords"),
        (wrong("interest", "authors", ["x\ud800"]), Flaw.NO_WORD, "interest.authors"),
        (wrong("interest", "authors", ["42"]), Flaw.NO_WORD, "interest.authors"),
        (wrong("interest", "sources", []), Flaw.NO_CHOICE, "interest.sources"),
        (wrong("interest", "sources", ["bibtex:/etc/passwd"]), Flaw.NO_CHOICE, "interest.sources"),
        (wrong("interest", "categories", ["cs.ZZ"]), Flaw.NO_CATEGORY, "cs.ZZ"),
        (wrong("interest", "threshold", 10.1), Flaw.NO_NUMBER, "interest.threshold"),
        (wrong("interest", "threshold", True), Flaw.NO_NUMBER, "interest.threshold"),
        (b'{"paperboy": 1, "interest": {"threshold": 1e999}}', Flaw.NO_NUMBER, "interest.threshold"),
        (wrong("interest", "min_votes", 1.5), Flaw.NO_NUMBER, "interest.min_votes"),
        (wrong("interest", "min_votes", -1), Flaw.NO_NUMBER, "interest.min_votes"),
        (wrong("interest", "replacements", 1), Flaw.NO_SWITCH, "interest.replacements"),
        (wrong("schedule", "at", "9:00"), Flaw.NO_TIME, "schedule.at"),
        (wrong("schedule", "at", "24:00"), Flaw.NO_TIME, "schedule.at"),
        (wrong("schedule", "at", "09:00Z"), Flaw.NO_TIME, "schedule.at"),
        (wrong("schedule", "zone", "../../etc/passwd"), Flaw.NO_ZONE, "schedule.zone"),
        (wrong("schedule", "zone", "Europe"), Flaw.NO_ZONE, "schedule.zone"),
        (wrong("schedule", "weekdays", ["monday"]), Flaw.NO_CHOICE, "schedule.weekdays"),
        (wrong("schedule", "paused_until", "2026-02-30"), Flaw.NO_DATE, "schedule.paused_until"),
        (wrong("schedule", "paused_until", 20260230), Flaw.NO_DATE, "schedule.paused_until"),
        (wrong("form", "limit", 0), Flaw.NO_NUMBER, "form.limit"),
        (wrong("form", "limit", 101), Flaw.NO_NUMBER, "form.limit"),
        (wrong("form", "style", "epic"), Flaw.NO_CHOICE, "form.style"),
        (wrong("form", "style", ["card"]), Flaw.NO_CHOICE, "form.style"),
        (wrong("form", "layout", "CARDS"), Flaw.NO_CHOICE, "form.layout"),
        (wrong("form", "language", "Klingonese"), Flaw.NO_LANGUAGE, "form.language"),
        (wrong("form", "language", None), Flaw.NO_LANGUAGE, "form.language"),
        (b" " * MAX_BYTES + b"{}", Flaw.TOO_LARGE, ""),
    ],
)
def test_each_flaw_is_named_with_its_place(content: bytes, flaw: Flaw, place: str) -> None:
    with pytest.raises(UnfitFile) as caught:
        decoded("settings.json", content, RULES)
    assert (caught.value.flaw, caught.value.place) == (flaw, place)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
KNOWN = sorted(set(re.findall(r'"([a-z_]+)":', encoded(FRESH).decode())))
SHAPED = st.fixed_dictionaries(
    {"paperboy": st.just(1)},
    optional={name: st.dictionaries(st.sampled_from(KNOWN), JSON, max_size=3) for name in ("interest", "schedule", "form")},
)


@given(st.binary(max_size=300) | (JSON | SHAPED).map(lambda value: json.dumps(value).encode()))
@settings(max_examples=300, deadline=None)
def test_whatever_is_brought_is_taken_whole_or_refused_with_a_flaw(content: bytes) -> None:
    try:
        changed = carried(content)
    except UnfitFile:
        return
    assert carried(encoded(changed)) == changed


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"paperboy": 1}', Kind.SETTINGS),
        (b'\xef\xbb\xbf \n{"paperboy": 1}', Kind.SETTINGS),
        ('{"paperboy": 1}'.encode("utf-16"), Kind.SETTINGS),
        (b'{"paperboy": 1, "interest": {"keywords": ["@misc{x"]}}', Kind.SETTINGS),
        (b"{ broken", Kind.SETTINGS),
        (b"@article{a, title={b}}", Kind.BIBTEX),
        (b"% made by hand\n\n@ARTICLE (a, title={b})", Kind.BIBTEX),
        ("@misc{é}".encode("utf-16"), Kind.BIBTEX),
        (b"{stray}\n@misc{a, title={b}}", Kind.BIBTEX),
        (b"@misc{a, title={b\0c}}".rjust(3_000), Kind.BIBTEX),
        (b"", Kind.NEITHER),
        (b"title,author\nA,b@example.org", Kind.NEITHER),
        (b"[1, 2]", Kind.NEITHER),
        (b"%PDF-1.7\0@misc{a}", Kind.NEITHER),
        (b"PK\x03\x04\0\0@a{", Kind.NEITHER),
    ],
)
def test_a_file_is_what_is_in_it(content: bytes, kind: Kind) -> None:
    assert kind_of(content) is kind


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("refs.bib", "refs.bib"),
        ("/a/folder/refs.bib", "refs.bib"),
        ("C:\\Papers\\refs.bib", "refs.bib"),
        ("a\x1b[31m\u202eb.bib", "a[31mb.bib"),
        ("", "file"),
        ("folder/", "file"),
        ("x" * 200, "x" * 80),
    ],
)
def test_of_a_name_there_stays_what_can_be_shown(told: str, name: str) -> None:
    assert file_name(told) == name


def test_a_date_without_an_end_stays_one() -> None:
    known: Any = replace(FRESH, schedule=Schedule(is_paused=True, paused_until=date(9999, 12, 31)))
    assert carried(encoded(known)).schedule == known.schedule
