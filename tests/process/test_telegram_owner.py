"""The running bot of an owner who lets in only some: whom it answers, what the owner is told, and what its log holds."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.openai import FakeOpenAI
from tests.fakes.telegram_people import Person
from tests.fakes.telegram_places import Group
from tests.process.telegram_chats import PAPERS, SAID, a_town, settings, settle
from tests.process.telegram_talk import Conversation

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

OWNER, FRIEND = 700_100_001, 700_100_002
HOME, KEY = "-1007001000001", "sk-test-0123456789"
NAME, WORD = "Xanthippe Quuxley", "zyzzyva"
ids = count(700_200_001)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    chosen = {"ADMIN_IDS": str(OWNER), "ALLOWED_CHATS": f"{HOME},{FRIEND}", "LOG_LEVEL": "debug"}
    async with a_town(tmp_path_factory.mktemp("owner"), empty_database, **chosen) as found, FakeOpenAI(key=KEY) as model:
        found.world.model = model
        found.lives.rate = 60
        await found.lives.begin()
        yield found
        assert await found.lives.stop() == 0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def owner(talk: Conversation) -> Person:
    found = talk.telegram.person(OWNER, name=NAME)
    await found.says("/about")
    await found.sees("research papers")
    return found


def somebody(talk: Conversation) -> Person:
    return talk.telegram.person(next(ids), name=NAME)


def a_group(talk: Conversation, *people: Person, chat: str = "", **options: object) -> Group:
    return talk.telegram.group(chat or f"-1007{next(ids)}", title=NAME, admins=people, **options)  # type: ignore[arg-type]


async def test_a_stranger_can_always_see_and_delete_what_is_kept_of_them(talk: Conversation) -> None:
    stranger = somebody(talk)
    for typed, wanted in (("/privacy", "privacy.head"), ("/deletemydata", "delete.nothing")):
        await stranger.says(typed)
        assert SAID(wanted) in (await stranger.sees("")).text


async def test_a_stranger_is_told_what_the_owner_needs_and_nothing_else(talk: Conversation) -> None:
    stranger = somebody(talk)
    for typed in ("/start", f"/subscribe cs.CL {WORD}", "/start settings-1"):
        await stranger.says(typed)
        assert (await stranger.sees("")).text == SAID("private_bot", chat=str(stranger.id))
    shown = stranger.shown[-1]
    await stranger.says(f"what is {WORD}?")
    await stranger.says("2606.02001")
    await stranger.sends_file("settings.json", b"{}")
    await stranger.forges(shown, "1ol:cat_cs-CL")
    await stranger.says("/about")
    await stranger.sees(SAID("private_bot", chat=str(stranger.id)))
    assert len(stranger.shown) == 4
    assert settings(talk, str(stranger.id)) == {}


async def test_a_strangers_group_is_told_only_if_somebody_turns_to_the_bot(talk: Conversation, owner: Person) -> None:
    stranger = somebody(talk)
    group = a_group(talk, stranger, bot=None)
    await group.adds_bot(stranger, is_admin=True)
    for typed in ("2606.02001", "/ban", "/subscribe@other_bot cs.CL"):
        await stranger.says(typed, chat=group)
    await stranger.says("/subscribe cs.CL agents", chat=group)
    refused = await stranger.sees("", chat=group)
    assert (refused.text, len(group.shown)) == (SAID("private_bot", chat=group.id), 1)
    assert settings(talk, group.id) == {}
    await group.adds(owner)
    await owner.says("/about", chat=group)
    await owner.sees("research papers", chat=group)


async def test_those_who_were_let_in_are_answered(talk: Conversation) -> None:
    friend, stranger = talk.telegram.person(FRIEND, name=NAME), somebody(talk)
    await friend.says("/about")
    await friend.sees("research papers")
    home, elsewhere = a_group(talk, stranger, chat=HOME), a_group(talk, stranger, friend)
    await stranger.says("/about", chat=home)
    await stranger.sees("research papers", chat=home)
    await friend.says("/about", chat=elsewhere)
    await friend.sees("research papers", chat=elsewhere)


@pytest.mark.parametrize("command", ["/status", "/usage"])
async def test_the_whole_bot_is_shown_to_its_owner_alone(talk: Conversation, owner: Person, command: str) -> None:
    whole = SAID("status.whole") if command == "/status" else "for everybody"
    friend = talk.telegram.person(FRIEND, name=NAME)
    home = a_group(talk, owner, chat=HOME)
    await owner.says(command)
    assert whole in (await owner.sees("")).text
    await owner.says(command, chat=home)
    assert whole not in (await owner.sees("", chat=home)).text
    await friend.says(command)
    assert whole not in (await friend.sees("")).text


async def test_the_owner_hears_of_markup_that_was_refused(talk: Conversation, owner: Person) -> None:
    friend = talk.telegram.person(FRIEND, name=NAME)
    await friend.says("/about")
    await friend.sees("research papers")
    talk.telegram.refuses_markup(chat=str(FRIEND))
    await settle(talk, str(FRIEND), at=f"{talk.lives.now + timedelta(minutes=2):%H:%M}")
    await friend.sees(PAPERS[0])
    alert = await owner.sees("refused the markup")
    assert str(FRIEND) not in alert.text


async def at(talk: Conversation, hours: float) -> None:
    """The bot is stopped, and begins again so many hours later."""
    assert await talk.lives.stop() == 0
    talk.lives.jump(talk.lives.now + timedelta(hours=hours))
    await talk.lives.begin()


def told(owner: Person, what: str) -> int:
    return sum(what in shown.text for shown in owner.shown)


async def test_the_owner_hears_of_a_source_that_fails_once_an_hour_and_once_when_it_is_back(
    talk: Conversation, owner: Person
) -> None:
    talk.world.arxiv.refuses(403)
    await at(talk, 24)
    await owner.says(f"/subscribe cs.CL {WORD}")
    await owner.sees("You get:")
    failing = "arXiv has failed since"
    await at(talk, 5)
    await owner.says("/about")
    await owner.sees("research papers")
    assert told(owner, failing) == 0, "it has not failed for long"
    await at(talk, 1.2)
    await owner.sees(failing)
    await at(talk, 0.5)
    await owner.says("/about")
    await owner.sees("research papers")
    assert told(owner, failing) == 1
    await at(talk, 0.7)
    await talk.telegram.until(lambda: told(owner, failing) == 2, "the second")
    talk.world.arxiv.recovers()
    await at(talk, 7)  # whoever was refused asks again after six hours
    await owner.says("/digest")
    await talk.telegram.until(lambda: told(owner, "arXiv answers again") == 1, "the end of it", 20)
    await owner.says("/about")
    await owner.sees("research papers")
    assert told(owner, "arXiv answers again") == 1


async def test_the_log_holds_no_secret_no_name_no_words_and_no_address(talk: Conversation, owner: Person) -> None:
    await owner.says(f"/{WORD} {WORD}")
    await owner.sees(WORD)
    await owner.says(f"/search {WORD}")
    await owner.sees("")
    await owner.sends_file(f"{WORD}.bib", f"@article{{{WORD}, title={{{WORD}}}}}".encode())
    await owner.sees("")
    await talk.telegram.all_read()
    log = talk.log()
    people = [str(OWNER), str(FRIEND), HOME, "7002000"]
    secrets = [KEY, talk.telegram.token, talk.telegram.token.partition(":")[2], NAME, *NAME.split(), WORD, *people]
    assert [each for each in secrets if each.casefold() in log.casefold()] == []
    assert "running" in log
