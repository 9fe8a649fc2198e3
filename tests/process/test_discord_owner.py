"""The running Discord bot of an owner who lets in only some: whom it answers, what the owner is told, what its log holds."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from shutil import copy

import pytest
import pytest_asyncio

from bot.words import words as words_in
from tests.fakes.discord_people import Person, words
from tests.fakes.openai import FakeOpenAI
from tests.process.discord_scenes import up
from tests.process.discord_talk import Conversation, a_conversation
from tests.process.telegram_talk import publish_papers

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

EN = words_in("en", "discord")
KEY, NAME, WORD = "sk-test-0123456789", "Xanthippe Quuxley", "zyzzyva"
OWNER, HOME, ELSEWHERE = "7001000017", "8001000018", "8001000019"
PAPERS = tuple(f"Agents that plan {number}" for number in range(3))
ASKS, CHAT_ASKS = 3, 5
ids = count(7002000001)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    folder = tmp_path_factory.mktemp("owner")
    copy(empty_database, folder / "paperboy.db")
    quotas = {"ASKS_PER_PERSON": str(ASKS), "ASKS_PER_CHAT": str(CHAT_ASKS)}
    private = {"ADMIN_IDS": f"discord:{OWNER}", "ALLOWED_GUILDS": HOME, "LOG_LEVEL": "debug"}
    async with FakeOpenAI(key=KEY) as model, a_conversation(folder) as found:
        found.world.extra |= quotas | private
        publish_papers(found.world, *PAPERS)
        for guild in (HOME, ELSEWHERE):
            found.discord.guild(guild, NAME)
        found.world.model = model
        found.lives.rate = 60.0  # a tick each second
        await up(found)
        yield found


@pytest.fixture
def owner(talk: Conversation) -> Person:
    return talk.discord.person(OWNER, name=NAME, guild="")


def somebody(talk: Conversation, guild: str, *, manages_guild: bool = False) -> Person:
    return talk.discord.person(next(ids), name=NAME, guild=guild, manages_guild=manages_guild)


def place(talk: Conversation, guild: str) -> str:
    number = str(next(ids))
    talk.discord.text_channel(number, guild=guild, name=NAME)
    return number


async def said(person: Person, command: str, where: str = "", **options: object) -> str:
    """The answer to a command."""
    return plain(words(await (await person.runs(command, where, **options)).answer(within_s=20)))  # type: ignore[arg-type]


def plain(text: str) -> str:
    return text.replace("\\", "").replace("*", "")


async def test_a_strangers_server_is_told_what_the_owner_needs_and_nothing_else(talk: Conversation) -> None:
    stranger = somebody(talk, ELSEWHERE, manages_guild=True)
    where = place(talk, ELSEWHERE)
    refused = EN("discord.private_bot", guild=ELSEWHERE)
    assert await said(stranger, "papers subscribe", where, categories="cs.CL") == refused
    assert await said(stranger, "search", where, query=WORD) == refused
    use = await stranger.runs("search", where, query=WORD, share=True)
    told = await use.answer()
    assert plain(words(told)) == refused
    for forged in ("1st", "1ob", "1ol:cat_cs-CL", "1dx:1.1"):
        await (await stranger.forges(told, forged)).acknowledged()
        assert plain(words(await stranger.sees("private bot", where))) == refused
    assert await said(stranger, "papers import", where, file=("settings.json", b'{"paperboy": 1}')) == refused
    assert talk.rows("SELECT 1 FROM subscriptions s JOIN addresses a ON a.id = s.address_id WHERE a.chat = ?", where) == []


async def test_a_stranger_can_always_see_and_delete_what_is_kept_of_them(talk: Conversation) -> None:
    stranger = somebody(talk, "")
    assert EN("privacy.head") in await said(stranger, "privacy")
    assert EN("delete.nothing") in await said(stranger, "deletemydata")


async def test_a_stranger_in_private_is_told_so(talk: Conversation) -> None:
    for guild in ("", ELSEWHERE):
        stranger = somebody(talk, guild)
        assert await said(stranger, "papers about") == EN("discord.private_alone")
        assert await said(stranger, "papers subscribe", categories="cs.CL") == EN("discord.private_alone")
        assert talk.subscription(f"@{stranger.id}") is None


async def test_members_of_the_server_are_answered_there_and_in_private(talk: Conversation) -> None:
    member, where = somebody(talk, HOME), place(talk, HOME)
    assert "research papers" in await said(member, "help", where) or "/summary" in await said(member, "help", where)
    assert "papers" in await said(member, "papers about")
    assert "You get" in await said(member, "papers subscribe", categories="cs.CL", keywords="agents")
    asked = [each for each in talk.discord.requests if each.kind == "member" and member.id in each.params.values()]
    assert len(asked) == 1, "Discord is asked once for a while"


async def test_what_is_completed_for_strangers_is_no_secret(talk: Conversation) -> None:
    stranger = somebody(talk, ELSEWHERE, manages_guild=True)
    assert await stranger.completes("papers subscribe", place(talk, ELSEWHERE), categories="cs.C")


async def test_the_owner_is_answered_everywhere(talk: Conversation, owner: Person) -> None:
    owner.joins(ELSEWHERE)
    assert "/summary" in await said(owner, "help", place(talk, ELSEWHERE))
    assert "/summary" in await said(owner, "help")


@pytest.mark.parametrize("command", ["papers status", "papers usage"])
async def test_the_whole_bot_is_shown_to_its_owner_alone(talk: Conversation, owner: Person, command: str) -> None:
    whole = EN("status.whole") if command == "papers status" else "for everybody"
    owner.joins(HOME, manages_guild=True)
    where, boss = place(talk, HOME), somebody(talk, HOME, manages_guild=True)
    assert whole in await said(owner, command)
    use = await owner.runs(command, where)
    assert whole in plain(words(await use.answer()))
    assert use.is_ephemeral
    assert whole not in await said(boss, command, where)
    assert whole not in await said(boss, command)


async def test_one_person_may_ask_so_often_a_day(talk: Conversation) -> None:
    member, where = somebody(talk, HOME), place(talk, HOME)
    spent = EN("problem.allowance_person", n=ASKS)
    for _ in range(ASKS):
        assert await said(member, "search", where, query=WORD) != spent
    assert await said(member, "search", where, query=WORD) == spent
    assert await said(member, "search", query=WORD) == spent, "wherever they ask"
    other = somebody(talk, HOME)
    assert await said(other, "search", where, query=WORD) != spent


async def test_all_of_one_channel_may_ask_so_often_a_day(talk: Conversation) -> None:
    where, spent = place(talk, HOME), EN("problem.allowance_chat", n=CHAT_ASKS)
    members = [somebody(talk, HOME) for _ in range(CHAT_ASKS + 1)]
    heard = [await said(member, "search", where, query=WORD) for member in members]
    assert [each == spent for each in heard] == [False] * CHAT_ASKS + [True]
    assert await said(members[-1], "search", query=WORD) != spent, "in private it is another chat"


async def test_members_may_be_kept_from_asking(talk: Conversation) -> None:
    boss, member, where = somebody(talk, HOME, manages_guild=True), somebody(talk, HOME), place(talk, HOME)
    await said(boss, "papers subscribe", where, categories="cs.CL")
    view = await (await boss.runs("papers settings", where)).answer()
    await (await boss.taps(view, "Members may ask: on")).answer()
    for command, options in (("search", {"query": WORD}), ("summary", {"paper": "2606.02001"})):
        assert await said(member, command, where, **options) == EN("members_may_not")
    assert await said(boss, "search", where, query=WORD) != EN("members_may_not")
    assert await said(member, "help", where) != EN("members_may_not")


async def test_the_owner_hears_in_private_of_a_model_that_writes_nothing_and_once_when_it_does_again(
    talk: Conversation, owner: Person
) -> None:
    talk.world.asked_model.quota_is_gone()
    for number in range(1, 4):
        await said(somebody(talk, HOME), "summary", paper=f"2606.02{number:03}")
    alert = await owner.sees("The model has written nothing since", within_s=30)
    assert KEY not in words(alert)
    assert sum("written nothing" in words(each) for each in owner.seen()) == 1
    told = [each for each in talk.discord.messages if "written nothing" in words(each)]
    assert {each.channel for each in told} == {owner.direct}


async def test_the_log_holds_no_secret_no_name_no_words_and_no_address(talk: Conversation, owner: Person) -> None:
    await said(owner, "ask", paper=WORD, question=f"what is {WORD}?")
    await said(owner, "papers import", file=(f"{WORD}.bib", f"@article{{{WORD}, title={{{WORD}}}}}".encode()))
    mine = await (await owner.runs("help")).answer()
    await (await owner.forges(mine, WORD)).acknowledged()
    await (await owner.forges(mine, f"1sv:n.{WORD}")).acknowledged()
    await said(owner, "papers subscribe", categories="cs.CL", keywords=WORD)
    log = talk.log()
    people = [OWNER, "70020000", *(each.id for each in talk.discord.channels.guilds.values()), owner.direct]
    tokens = [talk.discord.token, *talk.discord.token.split("."), *(use.token for use in talk.discord.uses.values())]
    secrets = [KEY, *tokens, NAME, *NAME.split(), WORD, *people]
    assert [each for each in secrets if len(each) > 4 and each.casefold() in log.casefold()] == []
    assert "running" in log
    assert "handler failed" not in log
