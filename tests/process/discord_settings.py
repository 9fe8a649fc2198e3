"""The view of the settings on Discord as people use it, and what each way through it leaves in the database."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.fakes.discord_looking import components
from tests.fakes.discord_people import Person, Use
from tests.fakes.discord_posts import Accepted
from tests.process.discord_talk import Conversation

SELECT = 3


async def uses(person: Person, message: Accepted, *labels: str) -> Use:
    """Press the button that begins so, or choose in the list that has an option like that; of a list of many, turn all over."""
    for select in (each for each in components(message) if each["type"] == SELECT):
        options = {each["label"]: each["value"] for each in select["options"]}
        wanted = [value for label in labels for text, value in options.items() if _is_meant(text, label)]
        if wanted and len(wanted) == len(labels):
            return await person.chooses(message, select["custom_id"], *_chosen(select, wanted))
    (label,) = labels
    buttons = [each for each in components(message) if each["type"] != SELECT and _is_meant(each["label"], label)]
    (button,) = [each for each in buttons if each["label"] == label] or buttons
    return await person.taps(message, button["custom_id"])


def _is_meant(text: str, label: str) -> bool:
    plain = text.removeprefix("✓ ")
    return plain == label or plain.startswith((f"{label} ", f"{label}:"))


def _chosen(select: dict[str, Any], wanted: Sequence[str]) -> list[str]:
    if select["max_values"] == 1:
        return list(wanted)
    were_on = [each["value"] for each in select["options"] if each.get("default")]
    return [value for value in were_on if value not in wanted] + [value for value in wanted if value not in were_on]


async def changes(person: Person, message: Accepted, *labels: str) -> Accepted:
    """The same message, when it has changed."""
    return await became(person, await uses(person, message, *labels), message)


async def became(person: Person, use: Use, message: Accepted) -> Accepted:
    """The same message, when what was used has changed it."""
    assert await use.answer() is message, "a view changes in place"
    return await person.sees(lambda each: each is message, message.channel)


async def opened(person: Person, where: str = "", *path: str) -> Accepted:
    """The screen behind these labels, from /papers settings on."""
    message = await (await person.runs("papers settings", where)).answer()
    for label in path:
        await changes(person, message, label)
    return message


async def a_place(talk: Conversation, boss: Person, keywords: str = "agents") -> str:
    """A channel with a subscription."""
    where = talk.place()
    await (await boss.runs("papers subscribe", where, categories="cs.CL", keywords=keywords)).answer()
    return where


def kept(talk: Conversation, chat: str, *names: str) -> dict[str, object]:
    """These columns of a subscription, lists as lists."""
    row = talk.subscription(chat)
    assert row is not None
    return {name: plain(row[name]) for name in names}


def plain(value: object) -> object:
    """A column that holds a list, as one."""
    return json.loads(value) if isinstance(value, str) and value.startswith("[") else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A path of labels, what is chosen there at once, what is seen then and what the row holds."""

    path: tuple[str, ...]
    row: dict[str, object]
    picks: tuple[str, ...] = ()
    seen: str = ""
    on_servers_only: bool = False


WAYS = {
    "categories": Way(
        path=("Topics", "Computer science"), picks=("cs.AI", "cs.CL", "cs.LG"), row={"categories": ["cs.AI", "cs.LG"]}
    ),
    "whole_group": Way(
        path=("Topics", "Economics", "All of Economics"), row={"categories": ["cs.CL", "econ.EM", "econ.GN", "econ.TH"]}
    ),
    "every_category": Way(path=("Topics", "Every category"), row={"categories": []}, seen="Papers of every category."),
    "word_taken_away": Way(path=("Words", "✕ agents"), row={"keywords": []}, seen="No words"),
    "sources_changed": Way(path=("Sources", "Hugging Face", "arXiv"), row={"sources": ["huggingface"]}),
    "limit": Way(path=("At most", "30"), row={"max_papers": 30}, seen="at most 30 papers"),
    "threshold": Way(path=("Score from", "4"), row={"threshold": 4.0}, seen="at least 4"),
    "votes": Way(path=("Votes from", "50"), row={"min_votes": 50}, seen="at least 50 votes"),
    "replacements": Way(path=("New versions: off",), row={"wants_replacements": 1}, seen="new versions too"),
    "style": Way(path=("Style", "brief"), row={"style": "brief"}, seen="Yours is brief"),
    "layout": Way(path=("Layout", "titles"), row={"form": "titles"}, seen="titles only"),
    "language": Way(path=("Language", "中文"), row={"language": "zh"}, seen="语言"),
    "time": Way(path=("Time", "07:00"), row={"local_time": "07:00:00.000000"}, seen="07\\:00 (UTC)"),
    "zone": Way(path=("Zone", "Europe", "Berlin"), row={"zone": "Europe/Berlin"}, seen="Europe/Berlin"),
    "days": Way(path=("Days",), picks=("Sat", "Sun"), row={"weekdays": 0b11111}),
    "work_days": Way(path=("Days", "Monday to Friday"), row={"weekdays": 0b11111}),
    "pause": Way(path=("Pause", "Until I resume"), row={"is_paused": 1, "paused_until": None}, seen="paused"),
    "pause_with_an_end": Way(path=("Pause", "Until Tuesday, 16 June"), row={"is_paused": 1, "paused_until": "2026-06-16"}),
    "resume": Way(path=("Pause", "Until I resume", "‹ Back", "Resume"), row={"is_paused": 0}, seen="The next digest comes"),
    "sound": Way(path=("Sound: on",), row={"is_muted": 1}, seen="without a sound"),
    "empty_days": Way(path=("Empty days: on",), row={"wants_empty_note": 0}, seen="is silent"),
    "members": Way(path=("Members may ask: on",), row={"members_may_ask": 0}, seen="may manage this", on_servers_only=True),
    "thread": Way(path=("Papers in a thread: on",), row={"has_thread": 0}, seen="without a thread", on_servers_only=True),
}
"""Of one value each, from a subscription for cs.CL and agents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A path that ends with a form; a text that means nothing there with its reason, and one that does."""

    path: tuple[str, ...]
    wrong: str
    reason: str
    right: str
    row: dict[str, object]


TYPED = {
    "categories": Typed(
        path=("Topics", "Other …"), wrong="cs.ZZ", reason="cs.ZZ", right="cs.CV", row={"categories": ["cs.CL", "cs.CV"]}
    ),
    "words": Typed(
        path=("Words", "Add words …"),
        wrong='"open',
        reason="quotation mark",
        right='"world model", -survey',
        row={"keywords": ["agents", "world model"], "excluded": ["survey"]},
    ),
    "authors": Typed(
        path=("Authors", "Add authors …"), wrong="7", reason="First Last", right="Cy Sample", row={"authors": ["Cy Sample"]}
    ),
    "limit": Typed(path=("At most", "Other …"), wrong="0", reason="1 to", right="7", row={"max_papers": 7}),
    "threshold": Typed(path=("Score from", "Other …"), wrong="eleven", reason="10", right="3,5", row={"threshold": 3.5}),
    "votes": Typed(path=("Votes from", "Other …"), wrong="-2", reason="", right="12", row={"min_votes": 12}),
    "time": Typed(
        path=("Time", "Other …"),
        wrong="whenever you like",
        reason="is no time zone that I know",
        right="weekdays 08:30 Berlin",
        row={"local_time": "08:30:00.000000", "zone": "Europe/Berlin", "weekdays": 0b11111},
    ),
    "zone": Typed(path=("Zone", "Other …"), wrong="Atlantis", reason="Atlantis", right="tokyo", row={"zone": "Asia/Tokyo"}),
    "pause": Typed(
        path=("Pause", "Other …"),
        wrong="yesterday",
        reason="",
        right="2026-08-31",
        row={"is_paused": 1, "paused_until": "2026-08-31"},
    ),
    "language": Typed(path=("Language", "Other …"), wrong="xx-klingon", reason="", right="Deutsch", row={"language": "de"}),
}
"""Of each question of the settings."""
