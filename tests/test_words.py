"""Every sentence exists in every language, fits the values that are put into it, and is said somewhere."""

import ast
import re
import string
from datetime import date
from functools import partial
from pathlib import Path

import pytest

import bot
from bot.domain import category_groups, presets, zones
from bot.domain.deliveries import Cause, PartState
from bot.domain.digests import Emptiness, ReasonKind, Refusal, Skipped, SlotKind
from bot.domain.flaws import Flaw
from bot.domain.intake import Why
from bot.domain.links import PublicKind
from bot.domain.papers import AnnounceType, LinkKind, TextOrigin
from bot.domain.people import Vote
from bot.domain.progress import Stage
from bot.domain.subscriptions import Form
from bot.domain.summaries import Lack
from bot.domain.troubles import TroubleKind
from bot.domain.words import FORMS, Words
from bot.errors import BadInput
from bot.words import languages, words
from bot.words.formats import plural
from bot.words.spelling import GROUP, PATHS
from handlers.discord.table import SLASHES
from handlers.presses import setting_texts

ROOT = Path(bot.__file__).parent.parent
ENGLISH = words("en").sentences

FAMILIES = {
    "why": tuple(Why),
    "empty": tuple(Emptiness),
    "reason": tuple(ReasonKind),
    "announced": tuple(AnnounceType),
    "origin": tuple(TextOrigin),
    "link": (*PublicKind, *LinkKind),
    "refused": tuple(Refusal),
    "stage": tuple(Stage),
    "field": ("points",),
    "lack": tuple(Lack),
    "abstract_only": (Lack.BUDGET, Lack.READER_BUDGET, Lack.TOO_LATE),
    "usage": ("summary", "answer", "made", "open", "failed"),
    "counted": ("written", "abstract", "extracted", "extracted_for", "none", "missing"),
    "source": ("arxiv", "huggingface", "sample"),
    "input": ("language",),
    "state": tuple(PartState),
    "became": tuple(PartState),
    "cause": tuple(Cause),
    "skipped": tuple(Skipped),
    "slot": tuple(SlotKind),
    "form": tuple(Form),
    "flaw": tuple(Flaw),
    "layout": tuple(Form),
    "group": category_groups.ORDER,
    "region": tuple(zones.REGIONS),
    "preset": tuple(presets.PRESETS),
    "question": tuple(setting_texts.TEXTS),
    "button": ("replacements", "sound", "empty_days", "members", "thread"),
    "list": ("settings", "topics", "taken_away"),
    "papers.voted": tuple(vote.name.casefold() for vote in Vote),
    "slash": ("line",),
    "slash.name": (GROUP, *PATHS),
    "slash.about": (GROUP,),
    "option.name": tuple(dict.fromkeys(option.name for slash in SLASHES for option in slash.options)),
    "option.about": tuple(dict.fromkeys(option.about or option.name for slash in SLASHES for option in slash.options)),
    "choice": (
        "all",
        "daily",
        "weekdays",
        "weekends",
        *(each for slash in SLASHES for option in slash.options for each in option.choices),
    ),
    "platform": ("telegram", "discord", "console"),
    "trouble": tuple(why for why in Why if why.is_failure),
    "alert": tuple(TroubleKind),
    "over": (TroubleKind.SOURCE, TroubleKind.MODEL, TroubleKind.MONEY, TroubleKind.PLATFORM),
    "ledger": (
        "queued",
        "platform",
        "chat",
        "topic",
        "digest",
        "part",
        "state",
        "when",
        "tries",
        "why",
        "closed_since",
        "next_look",
    ),
}
"""The keys that are put together from a family and a member of an enumeration, or of the list that stands for it."""

BUILT = ("help.", "menu.", "slash.about.", "styles.", "languages.")
"""Families whose members are names of commands and of what can be chosen."""


def placeholders(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def without_form(key: str) -> str:
    """`paper.votes` for `paper.votes.one`; a member of a family may have the name of a form."""
    sentence, _, form = key.rpartition(".")
    return sentence if form in FORMS and sentence in ENGLISH else key


@pytest.mark.parametrize(("family", "member"), [(family, member) for family, members in FAMILIES.items() for member in members])
def test_every_member_of_every_enumeration_has_its_sentence(family: str, member: str) -> None:
    assert ENGLISH[f"{family}.{member}"]


@pytest.mark.parametrize("language", languages())
def test_every_language_says_everything_with_the_same_values(language: str) -> None:
    said = words(language).sentences
    needed = {key for key in ENGLISH if key == without_form(key)}
    assert needed == {key for key in said if key == without_form(key)}
    assert all(placeholders(said[key]) == placeholders(ENGLISH[key]) for key in needed)
    assert all(placeholders(said[key]) <= placeholders(ENGLISH[without_form(key)]) for key in said)


@pytest.mark.parametrize("language", languages())
def test_a_language_has_no_form_that_its_grammar_never_asks_for(language: str) -> None:
    """Whole numbers alone are counted: a form that is never chosen is a sentence that nobody reads."""
    spoken = words(language)
    used = {spoken.plural(n) for n in range(2_000)}
    assert {key for key in spoken.sentences if key != without_form(key) and key.rpartition(".")[2] not in used} == set()


def _texts(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_sentence_is_said_somewhere() -> None:
    code = [path for folder in ("bot", "handlers") for path in (ROOT / folder).rglob("*.py") if "words" not in path.parts]
    pages = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.j2"))
    said = set().union(*map(_texts, code), re.findall(r"""words\(["']([\w.]+)["']""", pages))
    said |= {f"{family}.{member}" for family, members in FAMILIES.items() for member in members}
    unsaid = {without_form(key) for key in ENGLISH} - said
    assert {key for key in unsaid if not key.startswith(BUILT)} == set()


AT_THE_COMMAND_LINE = ("parsing_deliveries.py", "parsing_links.py")
"""What these refuse is read by an operator, or by nobody: a link that means nothing is left alone."""


def test_every_refusal_that_people_in_a_chat_can_cause_is_a_sentence_of_the_catalogues() -> None:
    folders = ("handlers", "bot/services", "bot/domain", "bot/words")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if path.name not in AT_THE_COMMAND_LINE]
    calls = [(path, node) for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    refusals = [(path, node) for path, node in calls if isinstance(node, ast.Call) and ast.unparse(node.func) == "BadInput"]
    keys = {f"{path.name}:{node.lineno}": node.args[1] if len(node.args) > 1 else None for path, node in refusals}
    assert len(keys) > 20
    assert [place for place, key in keys.items() if key is None] == []
    assert [key.value for key in keys.values() if isinstance(key, ast.Constant) and key.value not in ENGLISH] == []


def test_a_value_with_braces_is_data() -> None:
    assert words("en")("digest.title", date="{n} {0.__class__}") == "Papers of {n} {0.__class__}"


@pytest.mark.parametrize(("n", "said"), [(0, "0 votes"), (1, "1 vote"), (2, "2 votes")])
def test_one_is_said_in_the_singular(n: int, said: str) -> None:
    assert words("en")("paper.votes", n=n) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "1,100 of 12,345 papers matched, from cs.CL"),
        ("zh", "12,345 篇论文中有 1,100 篇匹配，来自 cs.CL"),
        ("vi", "1.100 trong 12.345 bài báo phù hợp, từ cs.CL"),
        ("fr", "1,100 of 12,345 papers matched, from cs.CL"),
    ],
)
def test_large_numbers_are_written_as_the_language_does(language: str, said: str) -> None:
    assert words(language)("digest.head", matched=1_100, n=12_345, places="cs.CL") == said


def test_a_number_that_is_to_be_typed_or_found_stays_as_it_is() -> None:
    assert words("en")("input.votes", least="0", most="100000").endswith("from 0 to 100000.")
    assert words("en")("why.line", line="12345") == "line 12345"


def test_a_language_with_more_forms_says_each_where_its_grammar_wants_it() -> None:
    """Polish, which has no catalogue here: 1 głos, 2 głosy, 5 głosów."""
    said = {"votes": "{n} głosu", "votes.one": "1 głos", "votes.few": "{n} głosy", "votes.many": "{n} głosów", "alone": "{n}"}
    polish = Words("pl", "pl", said, partial(plural, language="pl"))
    counted = [polish("votes", n=n) for n in (1, 2, 5, 22, 1.5)]
    assert counted == ["1 głos", "2 głosy", "5 głosów", "22 głosy", "1.5 głosu"]
    assert polish("alone", n=1) == "1"


@pytest.mark.parametrize(("language", "said"), [("en", "1 vote"), ("zh", "1 票"), ("vi", "1 phiếu")])
def test_a_language_without_a_singular_says_one_like_any_number(language: str, said: str) -> None:
    spoken = words(language)
    assert spoken("paper.votes", n=1) == said
    assert (spoken.plural(1) == "one") == (language == "en")


def test_a_language_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(BadInput, match="en"):
        words("xx")


@pytest.mark.parametrize("why", Why)
def test_each_reason_is_a_whole_sentence_with_source_and_its_date_or_subject(why: Why) -> None:
    sentence = words("en")(f"why.{why}", source="arXiv", date=date(2026, 1, 10), subject="cs.XX", extra=" (HTTP 503)")
    assert sentence.startswith("arXiv")
    assert sentence.endswith(" (HTTP 503).")
    assert "2026-01-10" in sentence or "cs.XX" in sentence
