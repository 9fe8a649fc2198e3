"""The running bot in groups: who may do what there, and what a group does not see."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.actions import base36
from handlers.commands import COMMANDS, Who
from handlers.presses import PRESSES
from tests.fakes.telegram_ground import Toast
from tests.fakes.telegram_people import Person
from tests.fakes.telegram_places import Group
from tests.fakes.telegram_posts import Posted
from tests.process.telegram_chats import ADMINS_ONLY, EXPIRED, PAPERS, SAID, a_town, number, settings, settle
from tests.process.telegram_talk import Conversation
from tests.process.watching import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

SETTING = {
    "subscribe": "cs.LG",
    "unsubscribe": "",
    "keywords": "birds",
    "categories": "cs.LG",
    "authors": "Fei-Fei Li",
    "sources": "huggingface",
    "limit": "3",
    "threshold": "2",
    "votes": "5",
    "replacements": "on",
    "digest": "",
    "settings": "",
    "style": "brief",
    "layout": "titles",
    "language": "vi",
    "members": "off",
    "time": "07:15",
    "timezone": "Asia/Tokyo",
    "pause": "",
    "resume": "",
    "mute": "",
    "emptydays": "off",
    "export": "",
}
CHANGES_NOTHING = {"digest", "settings", "resume", "export"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    folder = tmp_path_factory.mktemp("groups")
    async with a_town(folder, empty_database, ASKS_PER_PERSON="2", ASKS_PER_CHAT="3", LOG_LEVEL="debug") as found:
        await found.lives.begin()
        yield found


ids = count(-1_001_000, -1)


def a_group(talk: Conversation, *, supergroup: bool = True, **options: object) -> tuple[Group, Person, Person]:
    """A group of its own for each test, which has a pace and an allowance of its own: with its admin and its member."""
    admin, member = talk.newcomer(), talk.newcomer()
    chat = str(next(ids)).replace("-100", "-100" if supergroup else "-2", 1)
    return talk.telegram.group(chat, admins=[admin], members=[member], **options), admin, member  # type: ignore[arg-type]


async def a_subscribed_group(talk: Conversation) -> tuple[Group, Person, Person]:
    group, admin, member = a_group(talk)
    await settle(talk, group.id)
    return group, admin, member


async def asked(person: Person, group: Group, text: str, *, is_anonymous: bool = False) -> Posted:
    """The answer to somebody, which hangs on what they wrote."""
    said = await person.says(text, chat=group, is_anonymous=is_anonymous)
    return await person.sees(lambda shown: shown.reply_to is said, chat=group, within_s=30)


async def pressed(person: Person, posted: Posted, data: str) -> Toast:
    return await (await person.forges(posted, data)).answer()


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def demoted(talk: Conversation) -> tuple[Group, Person, Posted]:
    """Somebody who was an admin when they asked, and is none since then; the last test sees what they may by then."""
    group, _, member = await a_subscribed_group(talk)
    await group.promotes(member)
    menu = await asked(member, group, "/settings")
    assert SAID("settings.head") in menu.text
    await group.demotes(member)
    return group, member, menu


async def test_whoever_was_demoted_before_asking_is_no_admin(talk: Conversation) -> None:
    group, _, member = await a_subscribed_group(talk)
    await group.promotes(member)
    await group.demotes(member)
    before = settings(talk, group.id)
    assert (await asked(member, group, "/limit 3")).text == ADMINS_ONLY
    assert settings(talk, group.id) == before


@pytest.mark.parametrize("supergroup", [True, False], ids=["supergroup", "group"])
async def test_added_to_a_group_it_says_one_short_thing_with_a_button_for_admins(talk: Conversation, supergroup: bool) -> None:
    group, admin, member = a_group(talk, supergroup=supergroup, bot=None)
    await group.adds_bot(admin)
    said = await group.sees(SAID("start.joined"))
    assert said.labels == [SAID("button.settings")]
    assert len(said.text) < 100
    assert (await (await member.taps(said, "Settings")).answer()).text == ADMINS_ONLY
    await (await admin.taps(said, "Settings")).answer()
    await admin.sees("What do you read?", chat=group)
    assert len(group.shown) == 2, "one when it came, one for the admin's press"


async def test_every_command_for_admins_is_tried() -> None:
    assert set(SETTING) == {name for name, command in COMMANDS.items() if command.who is Who.ADMINS}


async def test_what_changes_settings_is_refused_to_members(talk: Conversation) -> None:
    async def tries(name: str) -> None:
        group, _, member = await a_subscribed_group(talk)
        before = settings(talk, group.id)
        answer = await asked(member, group, f"/{name} {SETTING[name]}")
        assert (name, answer.text) == (name, ADMINS_ONLY)
        assert (name, settings(talk, group.id)) == (name, before)
        assert len(group.shown) == 1

    await asyncio.gather(*map(tries, SETTING))


@pytest.mark.parametrize("is_anonymous", [False, True], ids=["in_their_name", "anonymous"])
async def test_what_changes_settings_is_done_for_admins(talk: Conversation, is_anonymous: bool) -> None:
    async def tries(name: str) -> None:
        group, admin, _ = await a_subscribed_group(talk)
        before = settings(talk, group.id)
        said = await admin.says(f"/{name} {SETTING[name]}", chat=group, is_anonymous=is_anonymous)
        if name == "digest":
            await admin.sees(PAPERS[0], chat=group, within_s=30)
            return
        answer = await admin.sees(lambda shown: shown.reply_to is said or bool(shown.document), chat=group, within_s=30)
        assert answer.text != ADMINS_ONLY, name
        assert (settings(talk, group.id) == before) == (name in CHANGES_NOTHING), name

    await asyncio.gather(*map(tries, SETTING))


async def test_a_menu_of_an_admin_is_no_menu_of_members(talk: Conversation) -> None:
    group, admin, member = await a_subscribed_group(talk)
    menu = await asked(admin, group, "/settings")
    before, labels = settings(talk, group.id), menu.labels
    for label in labels:
        assert (await (await member.taps(menu, label)).answer()).text == ADMINS_ONLY
    assert (settings(talk, group.id), menu.labels, menu.edits, len(group.shown)) == (before, labels, [], 1)
    await (await admin.taps(menu, "Sound")).answer()
    await admin.sees(lambda shown: "Sound: off" in shown.labels, chat=group)
    assert settings(talk, group.id)["is_muted"] == 1


async def test_forged_presses_of_members_change_nothing(talk: Conversation) -> None:
    group, admin, member = await a_subscribed_group(talk)
    other, *_ = await a_subscribed_group(talk)
    menu = await asked(admin, group, "/settings")
    before = settings(talk, group.id), settings(talk, other.id)
    target = base36(number(talk, other.id))
    forged = ["1sv:q.1", "1sv:b.0", f"1sv:q.1.{target}", "1su", f"1su:{target}", "1sk:w", "1ot:nlp.0900.Europe/Berlin", "1od"]
    forged += ["1ol:cat_cs-LG", "1sx", "1sa:1", "1ui:1.1", "1ua:1"]
    assert {data[1:3] for data in forged} < set(PRESSES)
    for data in forged:
        assert (data, (await pressed(member, menu, data)).text) == (data, ADMINS_ONLY)
    for data in ("", "sv:q.1", "2sv:q.1", "1zz", "1sv:q.1.zzzzzz", "1sv:q.1.-1", "1dv:1.1.1", "x" * 64, "1sv:q.1\u0660"):
        assert (await pressed(member, menu, data)).text == EXPIRED, data
    assert (settings(talk, group.id), settings(talk, other.id)) == before
    assert [shown.text for shown in group.shown] == [menu.text]
    assert (await pressed(admin, menu, f"1sv:q.1.{target}")).text == ADMINS_ONLY, "an admin here is none there"


async def test_the_answer_of_a_member_to_a_question_for_admins_is_refused(talk: Conversation) -> None:
    group, admin, member = await a_subscribed_group(talk)
    menu = await asked(admin, group, "/settings")
    await (await admin.taps(menu, "Words")).answer()
    await admin.sees("Papers with one of these words", chat=group)
    await (await admin.taps(menu, "Add words")).answer()
    question = await admin.sees("Which words?", chat=group)
    assert SAID("asked.reply") in question.text, "nothing else is heard where privacy mode is on"
    before = settings(talk, group.id)
    said = await member.says("birds", chat=group, reply_to=question)
    refusal = await member.sees(lambda shown: shown.reply_to is said, chat=group)
    assert (refusal.text, settings(talk, group.id)) == (ADMINS_ONLY, before)
    await admin.says("birds", chat=group, reply_to=question)
    await until(talk.lives, lambda: settings(talk, group.id) != before)


async def test_members_may_ask_unless_an_admin_says_otherwise(talk: Conversation) -> None:
    group, admin, member = await a_subscribed_group(talk)
    assert SAID("members_may_not") not in (await asked(member, group, "/search agents")).text
    await asked(admin, group, "/members off")
    for typed in ("/search agents", "/summary 2606.02001", "/ask 2606.02001 why?"):
        said = await member.says(typed, chat=group)
        refused = await member.sees(lambda shown, said=said: shown.reply_to is said, chat=group)  # type: ignore[misc]
        assert refused.text == SAID("members_may_not"), typed
    assert SAID("members_may_not") not in (await asked(admin, group, "/search agents")).text


async def test_each_person_and_each_chat_has_its_allowance_of_a_day(talk: Conversation) -> None:
    group, admin, member = await a_subscribed_group(talk)
    third = talk.newcomer()
    await group.adds(third)
    for _ in range(2):
        assert "have asked" not in (await asked(member, group, "/search agents")).text
    assert (await asked(member, group, "/search agents")).text == SAID("problem.allowance_person", n=2)
    assert (await asked(member, group, "/summary 2606.02001")).text == SAID("problem.allowance_person", n=2)
    assert "asked" not in (await asked(admin, group, "/search agents")).text
    assert (await asked(third, group, "/search agents")).text == SAID("problem.allowance_chat", n=3)
    await third.says("/search agents")
    assert "asked" not in (await third.sees("")).text, "alone they may still"


async def test_a_summary_answers_the_one_who_asked(talk: Conversation) -> None:
    group, _, member = await a_subscribed_group(talk)
    assert PAPERS[1] in (await asked(member, group, "/summary 2606.02002")).text


async def test_what_is_meant_for_another_bot_is_not_answered(talk: Conversation) -> None:
    group, admin, _ = a_group(talk, bot="administrator")
    for typed in ("/limit@other_bot 3", "/ban somebody", "/setings", "a talk about 2606.02001"):
        await admin.says(typed, chat=group)
    own = await asked(admin, group, "/about@P_Bot")
    assert group.shown == [own]
    assert "Did you mean /settings?" in (await asked(admin, group, "/setings@p_bot")).text


async def test_what_is_kept_for_a_group_is_deleted_by_its_admins(talk: Conversation) -> None:
    group, admin, member = await a_subscribed_group(talk)
    assert SAID("delete.private") in (await asked(member, group, "/deletemydata yes")).text
    assert settings(talk, group.id)
    would = await asked(admin, group, "/deletemydata")
    assert SAID("delete.would") in would.text
    assert settings(talk, group.id)
    assert SAID("delete.done") in (await asked(admin, group, "/deletemydata yes")).text
    assert settings(talk, group.id) == {}


async def test_a_group_sees_nothing_of_what_somebody_saved(talk: Conversation) -> None:
    group, _, member = await a_subscribed_group(talk)
    await member.says("/save 2606.02003")
    await member.sees(PAPERS[2])
    answer = await asked(member, group, "/saved")
    assert PAPERS[2] not in answer.text
    assert SAID("saved.private") in answer.text
    assert [link for _, link in answer.links] == ["https://t.me/p_bot?start=saved"]
    assert (await asked(member, group, "/channel")).text == SAID("channel.private_only")


async def test_a_reply_in_general_is_answered_in_general(talk: Conversation) -> None:
    group, admin, member = a_group(talk, is_forum=True)
    first = await member.says("what is this?", chat=group)
    said = await admin.says("/subscribe cs.CL agents", chat=group, reply_to=first)
    assert (said.thread, said.root) == ("", first.message_id)
    answer = await admin.sees("papers about agents", chat=group, thread="")
    assert answer.reply_to is said
    assert settings(talk, group.id)
    assert talk.rows("SELECT thread FROM addresses WHERE chat = ?", group.id) == [("",)]


async def test_somebody_who_was_an_admin_until_just_now_is_none_after_twenty_seconds(
    talk: Conversation, demoted: tuple[Group, Person, Posted]
) -> None:
    group, member, menu = demoted
    before = settings(talk, group.id)
    for _ in range(100):
        if (await pressed(member, menu, "1sv:zz.1")).text == ADMINS_ONLY:  # a press that sets nothing
            break
        await asyncio.sleep(0.25)
    assert (await asked(member, group, "/limit 3")).text == ADMINS_ONLY
    assert settings(talk, group.id) == before
