"""The settings on Discord in the hands of people who may not change them, and presses that nobody was offered."""

from pathlib import Path

import pytest

from bot.domain.actions import packed
from bot.words import words as words_in
from tests.fakes.discord_people import Person, words
from tests.process.discord_scenes import a_play
from tests.process.discord_settings import a_place, opened, uses
from tests.process.discord_talk import Conversation
from tests.process.telegram_talk import publish_papers

pytestmark = pytest.mark.timeout(200)  # all scenes are played before the first test

SAID = words_in("en", "discord")
NOT_YOURS, EXPIRED = SAID("admins_only"), SAID("press.expired")


def papers(talk: Conversation) -> None:
    publish_papers(talk.world, "Agents that plan", "Birds that sing")


PLAY = a_play(first=papers)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> dict[str, BaseException | None]:
    return PLAY.played(tmp_path_factory.mktemp("rights"), empty_database)


async def number(talk: Conversation, chat: str) -> int:
    """By which buttons know a place."""
    return talk.lives.number("SELECT id FROM addresses WHERE chat = ? AND thread = ''", chat)


async def whispered(person: Person, where: str, custom_id: str, **how: object) -> str:
    """What a forged press says, which they alone see; it hangs on an answer that they can see."""
    mine = await (await person.runs("help", where)).answer()
    use = await person.forges(mine, custom_id, **how)  # type: ignore[arg-type]
    await use.acknowledged()
    told = await person.sees(lambda each: each is not mine or each.edits > 0, where)
    assert told.seen_by in (person.id, "") if not where else told.seen_by == person.id
    return words(told)


@PLAY.scene
async def members_without_the_right_change_nothing(talk: Conversation) -> None:
    boss, member = talk.boss(), talk.member()
    where = await a_place(talk, boss)
    before = talk.subscription(where)
    refused = await (await member.runs("papers settings", where, forced=True)).answer()
    assert words(refused) == NOT_YOURS
    for forged in (packed("sv", "n", "50"), packed("su"), packed("sk", "n"), packed("se", "m"), packed("st"), packed("sx")):
        assert await whispered(member, where, forged) == NOT_YOURS, forged
    chosen = packed("sv", "y", "brief")
    assert await whispered(member, where, packed("ch", 0), kind=3, values=(chosen,)) == NOT_YOURS
    assert talk.subscription(where) == before


@PLAY.scene
async def who_manages_another_server_changes_nothing_here(talk: Conversation) -> None:
    boss, foreigner = talk.boss(), talk.discord.person("6001", guild="2", manages_guild=True)
    where, theirs = await a_place(talk, boss), talk.place(guild="2")
    here, before = await number(talk, where), talk.subscription(where)
    for place in (theirs, ""):
        for forged in (packed("sv", "n", "50", here), packed("se", "m", here), packed("su", here), packed("sk", "n", here)):
            assert await whispered(foreigner, place, forged) == NOT_YOURS, forged
    assert talk.subscription(where) == before


@PLAY.scene
async def whoever_managed_the_server_once_changes_nothing_with_an_old_view(talk: Conversation) -> None:
    boss = talk.boss()
    where = await a_place(talk, boss)
    message = await opened(boss, where, "At most")
    boss.joins("1")  # without the right, from now on
    before = talk.subscription(where)
    await (await uses(boss, message, "50")).acknowledged()
    await boss.sees(NOT_YOURS, where)
    assert talk.subscription(where) == before


@PLAY.scene
async def nobody_changes_the_settings_of_somebody_else_in_private(talk: Conversation) -> None:
    boss, other = talk.boss(), talk.boss()
    await (await boss.runs("papers subscribe", categories="cs.CL")).answer()
    theirs, before = await number(talk, f"@{boss.id}"), talk.subscription(f"@{boss.id}")
    where = talk.place()
    for place in ("", where):
        assert await whispered(other, place, packed("sv", "n", "50", theirs)) == NOT_YOURS
    assert talk.subscription(f"@{boss.id}") == before


@PLAY.scene
async def what_no_version_has_below_it_says_where_to_begin(talk: Conversation) -> None:
    boss = talk.boss()
    where = await a_place(talk, boss)
    before = talk.subscription(where)
    ids = (
        "0se:m",
        "2se:m",
        "persistent_view:settings",
        "1zz:1",
        "1sv",
        "1sv:zz.1",
        "1sv:y.nosuch",
        "1sv:n.50.zzzzzz",
        "1sk:q",
        "1sv:d.+9",
        "1sv:w.k",
        "1sv:c.",
        "1ch:0",
        "1wr",
        "1wr:sq",
        "1wr:zz.n",
        "\u202e",
    )
    for forged in ids:
        mine = await (await boss.runs("help", where)).answer()
        use = await boss.forges(mine, forged)
        await use.acknowledged()
    values = ((), ("1zz:1",), ("1sv:n.50.zzzz", "1sv:n.1"), ("",))
    for chosen in values:
        mine = await (await boss.runs("help", where)).answer()
        assert await (await boss.forges(mine, "1ch:0", kind=3, values=chosen)).acknowledged()
    await boss.sees(EXPIRED, where)
    after = talk.subscription(where)
    assert after is not None
    assert before is not None
    assert {**after, "max_papers": 10} == {**before, "max_papers": 10}
    assert "handler failed" not in talk.log()


@pytest.mark.parametrize("scene", PLAY.names)
def test_rights(played: dict[str, BaseException | None], scene: str) -> None:
    if (error := played[scene]) is not None:
        raise error
