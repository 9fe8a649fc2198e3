"""Every command in a private chat with the running bot: what it answers, and what follows from it."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from handlers.commands import COMMANDS
from handlers.telegram.desk import EXTRA
from tests.fakes.telegram_people import Person
from tests.fakes.telegram_posts import Posted
from tests.process.telegram_scenes import Scene, a_play
from tests.process.telegram_settings import BIRDS, PLAN, REMEMBER, ROLL, SETTINGS, Setting, papers
from tests.process.telegram_talk import Conversation

pytestmark = pytest.mark.timeout(200)  # all scenes are played before the first test

PLAY = a_play(first=papers, has_model=True)


async def answer(person: Person, typed: str, wanted: str | Callable[[Posted], bool]) -> Posted:
    """What the bot says to it."""
    await person.says(typed)
    return await person.sees(wanted)


async def digest(person: Person) -> str:
    """The whole of what /digest sends."""
    known = len(person.shown)
    await answer(person, "/digest", "matched")
    return "\n".join(each.text for each in person.shown[known:])


async def set_to(setting: Setting, talk: Conversation) -> None:
    person = await talk.reader(setting.wish)
    if setting.before:
        await answer(person, setting.before, "")
    await answer(person, setting.typed, setting.answer)
    row = talk.subscription(person)
    assert row is not None
    assert {name: plain(row[name]) for name in setting.row} == setting.row
    if setting.has:
        shown = await digest(person)
        assert [each for each in setting.has if each not in shown] == []
        assert [each for each in setting.lacks if each in shown] == []


def plain(value: object) -> object:
    """A column that holds a list, as one."""
    return json.loads(value) if isinstance(value, str) and value.startswith("[") else value


async def start(talk: Conversation) -> None:
    """The rest of it is in test_telegram_first_contact.py."""
    await answer(talk.newcomer(), "/start", "What do you read?")


async def subscribe(talk: Conversation) -> None:
    person = talk.newcomer()
    said = await answer(person, '/subscribe cs.CL "agents that plan" -survey @"Cy Sample"', "You get:")
    assert "papers about agents that plan, or papers by Cy Sample, in cs.CL" in said.text
    assert "2 of " in said.text
    assert "The next digest comes on Wednesday, 3 June, 09:00 (UTC)." in said.text
    assert "About 2 papers a day, going by the last batch." in said.text
    await answer(person, "/subscribe birds", "papers about agents that plan, birds, or papers by Cy Sample, in cs.CL")
    shown = await digest(person)
    assert [title in shown for title in (PLAN, ROLL, BIRDS, REMEMBER)] == [True, True, True, False]


async def unsubscribe(talk: Conversation) -> None:
    person = await talk.reader()
    await answer(person, "/unsubscribe", "Your subscription is forgotten. Nothing will be sent.")
    assert talk.subscription(person) is None
    await answer(person, "/unsubscribe", "There was no subscription to forget.")
    await answer(person, "/digest", "You have no subscription yet.")


async def digest_now(talk: Conversation) -> None:
    person = await talk.reader()
    preview = await answer(person, "/digest preview", "A digest now would list 2 of ")
    assert BIRDS in preview.text[preview.text.index("Would not come") :]
    assert talk.digests(person) == 0
    first, second = await digest(person), await digest(person)
    assert (PLAN in first, REMEMBER in first, PLAN in second) == (True, True, False), "what it showed does not come again"
    voted = await digest(await talk.reader("cs.CL huggingface agents"))
    assert "papers matched, from cs.CL and Hugging Face" in voted
    assert "30 votes" in voted
    assert "title: agents 4.0" in voted, "why it is here"


async def summary(talk: Conversation) -> None:
    person = talk.newcomer()
    said = await answer(person, "/summary https://arxiv.org/abs/2606.02001v1", PLAN)
    assert "We propose a notebook" in said.text
    again = await answer(person, "/summary 2606.02001 report", PLAN)
    assert again.text != said.text, "in the style that was named"
    link = await person.says("look: https://arxiv.org/abs/2606.02003")
    await person.sees(BIRDS)
    await person.says("/summary", reply_to=link)
    await person.sees(BIRDS)


async def ask(talk: Conversation) -> None:
    said = await answer(
        talk.newcomer(),
        "/ask 2606.02001 does the notebook raise recall on three benchmarks?",
        "Question: does the notebook raise recall on three benchmarks?",
    )
    assert said.text.startswith(PLAN)
    assert "“On three benchmarks the notebook raises recall by 12.5 points at no extra cost.”" in said.text
    assert "Answered by paper-model from the abstract." in said.text


async def search(talk: Conversation) -> None:
    person = await talk.reader()
    said = await answer(person, "/search agents -plan cs.CL", "in the store hold")
    assert (REMEMBER in said.text, PLAN in said.text) == (True, False)
    await answer(person, "/search unheard", "Nothing in the store holds: unheard")


async def settings(talk: Conversation) -> None:
    said = await answer(await talk.reader(), "/settings", "Your subscription")
    assert {"Topics (1)", "Words (1)", "Close"} <= set(said.labels)


async def save(talk: Conversation) -> None:
    person = talk.newcomer()
    await answer(person, "/save 2606.02001", PLAN)
    await answer(person, "/saved", lambda each: PLAN in each.text and "1 paper." in each.text)
    await answer(person, "/save remove 2606.02001", "Not on your list any more")
    await answer(person, "/saved", "You have saved nothing yet.")


async def saved(talk: Conversation) -> None:
    person, other = talk.newcomer(), talk.newcomer()
    for number in (1, 2):
        await answer(person, f"/save 2606.0200{number}", "/saved shows your list.")
    said = await answer(person, "/saved", "Your saved papers")
    assert said.text.index(REMEMBER) < said.text.index(PLAN), "newest first"
    await answer(other, "/saved", "You have saved nothing yet.")


async def export(talk: Conversation) -> None:
    person = await talk.reader()
    await answer(person, "/save 2606.02001", PLAN)
    await person.says("/export")
    found = [each.document for each in await talk.telegram.shown(person.private, 4)][2:]
    settings_, bibliography = (each.content.decode() for each in found if each is not None)
    assert json.loads(settings_)["interest"]["keywords"] == ["agents"]
    assert PLAN in bibliography


async def import_(talk: Conversation) -> None:
    giver, taker = await talk.reader("cs.CL birds"), talk.newcomer()
    await giver.says("/export")
    file = next(each.document for each in await talk.telegram.shown(giver.private, 2) if each.document)
    await answer(taker, "/import", "Send me a file with /import as its caption")
    await taker.sends_file(file.name, file.content, "/import")
    await taker.sees("The settings of paperboy-settings.json are in place.")
    assert talk.subscription(taker) == talk.subscription(giver)
    assert BIRDS in await digest(taker)


async def history(talk: Conversation) -> None:
    person = await talk.reader()
    await answer(person, "/history", "No digest was made for you yet.")
    await digest(person)
    for _ in range(50):  # what is seen there already may be on its way here for a moment
        said = await answer(person, "/history", "2026-06-02, asked for, 2 papers: ")
        if "on the way" not in said.text:
            break
    assert "2 papers: sent at 15:0" in said.text


async def usage(talk: Conversation) -> None:
    said = await answer(talk.newcomer(), "/usage", "Today, for you: 0.00, no limit is set")
    assert "Today (UTC), for everybody" not in said.text, "the whole bot is its owner's"


async def status(talk: Conversation) -> None:
    person = talk.newcomer()
    await answer(person, "/status", "There is no subscription here.")
    await answer(person, "/subscribe cs.CL agents", "You get:")
    said = await answer(person, "/status", "The next digest comes on Wednesday, 3 June, 09:00 (UTC).")
    assert "arXiv answered" in said.text
    assert "Outbox" not in said.text, "the whole bot is its owner's"


async def privacy(talk: Conversation) -> None:
    said = await answer(talk.newcomer(), "/privacy", "What is kept about you, and why")
    assert "/deletemydata" in said.text


async def delete_my_data(talk: Conversation) -> None:
    person = await talk.reader()
    await answer(person, "/save 2606.02001", PLAN)
    would = await answer(person, "/deletemydata", "This would be deleted for good:")
    assert "1 saved paper" in would.text
    assert talk.subscription(person) is not None
    await answer(person, "/deletemydata yes", "This is deleted:")
    assert talk.subscription(person) is None
    for table, column in (("marks", "person"), ("addresses", "chat")):
        assert talk.rows(f"SELECT count(*) FROM {table} WHERE {column} = ?", str(person.id)) == [(0,)]  # noqa: S608


async def help_(talk: Conversation) -> None:
    said = await answer(talk.newcomer(), "/help", "What I understand")
    assert [name for name in (*COMMANDS, *EXTRA) if f"/{name}" not in said.text] == ["members"], "which is for groups"


async def about(talk: Conversation) -> None:
    await answer(talk.newcomer(), "/about", "brings the day's research papers")


async def screens(talk: Conversation) -> None:
    """A command without a value shows its own screen of the menu."""
    reader = await talk.reader()
    for typed, button in (("/time", "09:00"), ("/limit", "20"), ("/language", "Tiếng Việt"), ("/sources", "Hugging Face")):
        shown = await answer(reader, typed, with_button(button))
        assert "‹ Back" in shown.labels


def with_button(label: str) -> Callable[[Posted], bool]:
    """Whether a message has such a button."""
    return lambda posted: any(label in each for each in posted.labels)


async def channel(talk: Conversation) -> None:
    person = talk.newcomer()
    journal = talk.telegram.channel("-1009001", admins=[person])
    await answer(person, "/channel", "Which channel or group is to get a digest?")
    await person.shares_chat(journal, 1)
    await person.sees("What do you read?")
    assert person.keyboard is None, "it went with the choice"


CASES: dict[str, Scene] = {
    **{name: partial(set_to, setting) for name, setting in SETTINGS.items()},
    **{each.__name__.strip("_"): each for each in (start, subscribe, unsubscribe, summary, ask, search, settings, save, saved)},
    **{each.__name__.strip("_"): each for each in (export, import_, history, usage, status, privacy, help_, about, channel)},
    "digest": digest_now,
    "deletemydata": delete_my_data,
}
PLAY.scenes.update(CASES | {"screens": screens})


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> dict[str, BaseException | None]:
    return PLAY.played(tmp_path_factory.mktemp("commands"), empty_database)


def test_each_command_has_a_case() -> None:
    assert set(CASES) == {*COMMANDS, *EXTRA}


@pytest.mark.parametrize("name", PLAY.scenes)
def test_a_command_does_what_it_says(played: dict[str, BaseException | None], name: str) -> None:
    if (error := played[name]) is not None:
        raise error
