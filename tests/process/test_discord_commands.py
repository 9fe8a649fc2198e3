"""Every command of Discord's table with the running bot: what it answers, on a server and alone, and what follows from it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from handlers.discord.table import BY_PATH, NAMES
from tests.fakes.discord_looking import labels
from tests.process.discord_scenes import a_play
from tests.process.discord_settings import kept
from tests.process.discord_spots import SAID, a_reader, a_spot, lacking, plain
from tests.process.discord_talk import Conversation
from tests.process.telegram_settings import BIRDS, LONELY, LOVED, OLD, PLAN, REMEMBER, ROLL, SEE, papers

pytestmark = pytest.mark.timeout(200)  # all scenes are played before the first test

PLAY = a_play(first=papers, has_model=True)
NEXT = "The next digest comes on Wednesday, 3 June, 09:00 (UTC)."


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> dict[str, BaseException | None]:
    return PLAY.played(tmp_path_factory.mktemp("commands"), empty_database)


# What changes a subscription: its answer, its row, and the next digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is chosen, what is said to it, how the row is then, and what the next digest has and has not."""

    options: dict[str, Any]
    answer: str
    row: dict[str, object]
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    wish: dict[str, Any] = field(default_factory=dict)
    before: str = ""


SETTINGS = {
    "keywords": Setting(
        options={"add": "birds, -remember", "remove": "nothing"},
        answer="papers about agents, birds, in cs.CL, from arXiv, without remember in the title",
        row={"keywords": ["agents", "birds"], "excluded": ["remember"]},
        has=(PLAN, BIRDS),
        lacks=(REMEMBER,),
    ),
    "categories": Setting(
        options={"categories": "cs.CV - Computer Vision and Pattern Recognition"},  # as it stands there after a choice
        answer="in cs.CV",
        row={"categories": ["cs.CV"]},
        has=(SEE, "Di One, Ed Two, Flo Three and 2 more"),
        lacks=(PLAN,),
    ),
    "authors": Setting(
        options={"add": "Cy Sample"},
        answer="papers about agents, or papers by Cy Sample",
        row={"authors": ["Cy Sample"]},
        has=(PLAN, ROLL),
        lacks=(BIRDS,),
    ),
    "limit": Setting(
        options={"papers": 1},
        answer="at most 1 a digest",
        row={"max_papers": 1},
        has=(PLAN, "and 1 more that matched"),
        lacks=(REMEMBER,),
    ),
    "threshold": Setting(
        options={"score": 9.5},
        answer="score at least 9.5",
        row={"threshold": 9.5},
        has=("None of the ",),
        lacks=(PLAN, REMEMBER),
    ),
    "votes": Setting(
        options={"votes": 5},
        answer="at least 5 votes",
        row={"min_votes": 5},
        has=(LOVED,),
        lacks=(LONELY,),
        wish={"keywords": "agents", "sources": "huggingface"},
    ),
    "replacements": Setting(options={"on": True}, answer="new versions", row={"wants_replacements": 1}, has=(PLAN, OLD)),
    "style": Setting(
        options={"style": "brief", "layout": "cards"}, answer="Style brief", row={"style": "brief"}, has=("Contribution",)
    ),
    "language": Setting(options={"language": "zh"}, answer="你的订阅", row={"language": "zh"}),
    "time": Setting(
        options={"time": "7:15", "days": "weekdays", "timezone": "Berlin"},
        answer="The next digest comes on Wednesday, 3 June, 07:15 (Europe/Berlin).",
        row={"local_time": "07:15:00.000000", "zone": "Europe/Berlin", "weekdays": 0b11111},
    ),
    "timezone": Setting(
        options={"timezone": "Tokyo - 00:00 (Asia/Tokyo)"},
        answer="The next digest comes on Wednesday, 3 June, 09:00 (Asia/Tokyo).",
        row={"zone": "Asia/Tokyo", "local_time": "09:00:00.000000"},
    ),
    "pause": Setting(
        options={"until": "2026-08-31"},
        answer="It is paused until Monday, 31 August 2026.",
        row={"is_paused": 1, "paused_until": "2026-08-31"},
    ),
    "resume": Setting(before="papers pause", options={}, answer=NEXT, row={"is_paused": 0, "paused_until": None}),
    "mute": Setting(options={}, answer="Digests come without a sound", row={"is_muted": 1}),
}


async def sets(name: str, talk: Conversation, is_private: bool) -> None:
    setting = SETTINGS[name]
    spot = await a_reader(talk, is_private=is_private, **setting.wish)
    if setting.before:
        await spot.answer(setting.before)
    assert setting.answer in await spot.asked(f"papers {name}", **setting.options)
    assert kept(talk, spot.chat, *setting.row) == setting.row
    if setting.has:
        shown = await spot.digest()
        assert lacking(shown, setting.has) == []
        assert [each for each in setting.lacks if each in shown] == []


# All others


async def subscribe(talk: Conversation, is_private: bool) -> None:
    spot = a_spot(talk, is_private=is_private)
    options = {"keywords": '"agents that plan", -survey', "authors": "Cy Sample", "time": "08:30", "days": "mon-fri"}
    said = await spot.asked("papers subscribe", categories="cs.CL", timezone="Berlin", **options)
    assert "papers about agents that plan, or papers by Cy Sample, in cs.CL, from arXiv, without survey in the title" in said
    assert "The next digest comes on Wednesday, 3 June, 08:30 (Europe/Berlin)." in said
    assert "/papers digest shows it now." in said
    assert "papers about agents that plan, birds, or" in await spot.asked("papers subscribe", keywords="birds")
    shown = await spot.digest()
    assert [title in shown for title in (PLAN, ROLL, BIRDS, REMEMBER)] == [True, True, True, False]


async def an_hour_alone_is_added(talk: Conversation, is_private: bool) -> None:
    spot = await a_reader(talk, is_private=is_private, keywords="agents", sources="both")
    assert kept(talk, spot.chat, "sources") == {"sources": ["arxiv", "huggingface"]}
    assert "Wednesday, 3 June, 08:30 (UTC)" in await spot.asked("papers subscribe", time="08:30")
    assert kept(talk, spot.chat, "local_time", "keywords") == {"local_time": "08:30:00.000000", "keywords": ["agents"]}


async def unsubscribe(talk: Conversation, is_private: bool) -> None:
    spot = await a_reader(talk, is_private=is_private)
    assert await spot.asked("papers unsubscribe") == "Your subscription is forgotten. Nothing will be sent."
    assert talk.subscription(spot.chat) is None
    assert await spot.asked("papers unsubscribe") == "There was no subscription to forget."
    answer = await spot.answer("papers limit", papers=3)
    assert plain(answer) == "There is no subscription here yet. /papers subscribe sets one up."
    assert labels(answer) == [SAID("button.begin")]


async def settings(talk: Conversation, is_private: bool) -> None:
    answer = await (await a_reader(talk, is_private=is_private)).answer("papers settings")
    assert "Your subscription" in plain(answer)
    assert {"What do you want to change?", "Close"} <= set(labels(answer))


async def preview(talk: Conversation, is_private: bool) -> None:
    spot = await a_reader(talk, is_private=is_private)
    said = await spot.asked("papers preview")
    assert "A digest now would list 2 of " in said
    assert BIRDS in said[said.index("Would not come") :]
    assert talk.digests(spot.chat) == 0


async def digest(talk: Conversation, is_private: bool) -> None:
    spot = await a_reader(talk, is_private=is_private)
    first, second = await spot.digest(), await spot.digest()
    assert (PLAN in first, REMEMBER in first, PLAN in second) == (True, True, False), "what it showed does not come again"


async def history(talk: Conversation, is_private: bool) -> None:
    spot = await a_reader(talk, is_private=is_private)
    assert await spot.asked("papers history") == "No digest was made yet."
    await spot.digest()
    assert "2026-06-02, asked for, 2 papers: sent at 15:0" in await spot.asked("papers history")


async def usage(talk: Conversation, is_private: bool) -> None:
    said = await a_spot(talk, is_private=is_private).asked("papers usage")
    assert "0.00, no limit is set" in said
    assert "for everybody" not in said, "the whole bot is its owner's"


async def status(talk: Conversation, is_private: bool) -> None:
    spot = a_spot(talk, is_private=is_private)
    assert "There is no subscription here. /papers subscribe sets one up." in await spot.asked("papers status")
    await spot.answer("papers subscribe", categories="cs.CL")
    said = await spot.asked("papers status")
    assert lacking(said, (NEXT, "arXiv answered")) == []
    assert "Outbox" not in said, "the whole bot is its owner's"


async def export(talk: Conversation, is_private: bool) -> None:
    spot = await a_reader(talk, is_private=is_private)
    answer = await spot.answer("papers export")
    assert "/papers import takes them back" in plain(answer)
    assert [each["filename"] for each in answer.attachments][:1] == ["paperboy-settings.json"]
    file = talk.discord.files[answer.attachments[0]["id"]]
    assert json.loads(file.content)["interest"]["keywords"] == ["agents"]


async def import_(talk: Conversation, is_private: bool) -> None:
    giver = await a_reader(talk, categories="cs.CL", keywords="birds")
    exported = await giver.answer("papers export")
    content = talk.discord.files[exported.attachments[0]["id"]].content
    taker = a_spot(talk, is_private=is_private)
    said = await taker.asked("papers import", file=("mine.json", content))
    assert "The settings of mine.json are in place." in said
    assert talk.subscription(taker.chat) == talk.subscription(giver.chat)
    said = await taker.asked("papers import", file=("song.mp3", b"ID3"))
    assert "song.mp3" in said
    assert "/papers export" in said


async def about(talk: Conversation, is_private: bool) -> None:
    assert "brings the day's research papers" in await a_spot(talk, is_private=is_private).asked("papers about")


async def summary(talk: Conversation, is_private: bool) -> None:
    spot = a_spot(talk, is_private=is_private)
    first = await spot.asked("summary", paper="https://arxiv.org/abs/2606.02001v1")
    assert lacking(first, (PLAN, "We propose a notebook")) == []
    assert "**Problem**" in first
    assert "**Problem**" not in await spot.asked("summary", paper="2606.02001", style="report"), "in the style that was named"


async def ask(talk: Conversation, is_private: bool) -> None:
    question = "does the notebook raise recall on three benchmarks?"
    said = await a_spot(talk, is_private=is_private).asked("ask", paper="2606.02001", question=question)
    assert PLAN in said.splitlines()[0]
    assert lacking(said, (f"**Question:** {question}", "raises recall by 12.5 points", "Answered by paper-model")) == []


async def search(talk: Conversation, is_private: bool) -> None:
    spot = await a_reader(talk, is_private=is_private)
    said = await spot.asked("search", query="agents -plan cs.CL")
    assert (REMEMBER in said, PLAN in said) == (True, False)
    nothing = await spot.asked("search", query="unheard", page=2)
    assert "Nothing in the store holds: unheard" in nothing
    assert "/summary paper:" in nothing


async def save(talk: Conversation, is_private: bool) -> None:
    spot = a_spot(talk, is_private=is_private)
    assert PLAN in await spot.asked("save", paper="2606.02001")
    assert "1 paper." in await spot.asked("saved")
    assert "Not on your list any more" in await spot.asked("save", paper="2606.02001", remove=True)
    assert "You have saved nothing yet." in await spot.asked("saved")


async def saved(talk: Conversation, is_private: bool) -> None:
    spot, other = a_spot(talk, is_private=is_private), a_spot(talk, is_private=not is_private)
    for number in (1, 2):
        assert "/saved shows your list." in await spot.asked("save", paper=f"2606.0200{number}")
    said = await spot.asked("saved", page=1)
    assert said.index(REMEMBER) < said.index(PLAN), "newest first"
    assert "You have saved nothing yet." in await other.asked("saved")


async def help_(talk: Conversation, is_private: bool) -> None:
    said = await a_spot(talk, is_private=is_private).asked("help")
    assert lacking(said, [f"/{' '.join(path)}: " for path in BY_PATH]) == []


async def privacy(talk: Conversation, is_private: bool) -> None:
    said = await a_spot(talk, is_private=is_private).asked("privacy")
    assert lacking(said, ("What is kept about you, and why", "/deletemydata confirm:yes", "/papers export")) == []
    assert "chat" not in said, "which is no word of Discord's"


async def delete_my_data(talk: Conversation, is_private: bool) -> None:
    spot = await a_reader(talk, is_private=is_private)
    await spot.answer("save", paper="2606.02001")
    would = await spot.asked("deletemydata")
    assert lacking(would, ("This would be deleted for good:", "1 saved paper", "/deletemydata confirm:yes")) == []
    assert "This is deleted:" in await spot.asked("deletemydata", confirm="yes")
    assert talk.rows("SELECT count(*) FROM marks WHERE person = ?", spot.person.id) == [(0,)]
    assert (talk.subscription(spot.chat) is None) == is_private, "that of a channel is no one person's"


Case = Callable[[Conversation, bool], Awaitable[None]]


async def tries(case: Case, is_private: bool, talk: Conversation) -> None:
    await case(talk, is_private)


CASES: dict[str, Case] = {
    **{name: partial(sets, name) for name in SETTINGS},
    **{each.__name__.strip("_"): each for each in (subscribe, unsubscribe, settings, preview, digest, history, usage, status)},
    **{each.__name__.strip("_"): each for each in (export, import_, about, summary, ask, search, save, saved, help_, privacy)},
    "deletemydata": delete_my_data,
}
for _name, _case in (CASES | {"an_hour": an_hour_alone_is_added}).items():
    PLAY.scenes[f"{_name}_on_a_server"] = partial(tries, _case, False)
    PLAY.scenes[f"{_name}_alone"] = partial(tries, _case, True)


def test_each_command_has_a_case() -> None:
    assert set(CASES) == set(NAMES)


@PLAY.ending
async def everything_was_answered_in_time(talk: Conversation) -> None:
    late = {use.name: use.answered_within_s for use in talk.discord.uses.values() if (use.answered_within_s or 9) > 3}
    assert late == {}
    assert "handler failed" not in talk.log()


@pytest.mark.parametrize("name", PLAY.names)
def test_a_command_does_what_it_says(played: dict[str, BaseException | None], name: str) -> None:
    if (error := played[name]) is not None:
        raise error
