"""Files, and chats of the fake Telegram that come, go and change, seen through the real library."""

import pytest
from telegram import (
    Bot,
    ChatAdministratorRights,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestChat,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.fakes.telegram import FakeTelegram

GROUP, CHANNEL = "-1001", "-1002"
MENU = InlineKeyboardMarkup(
    [[InlineKeyboardButton("More", callback_data="more:1")], [InlineKeyboardButton("Page", url="https://example.org/")]]
)


async def heard(bot: Bot, offset: int | None = None) -> list[Update]:
    return list(await bot.get_updates(offset=offset))


async def last(bot: Bot) -> Message:
    message = (await heard(bot, -1))[0].effective_message
    assert message
    return message


# Files


async def test_files_go_both_ways(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001)
    await reader.sends_file("list.bib", b"@article{a}", caption="/import")
    message = await last(bot)
    assert message.document
    assert (message.document.file_name, message.caption, message.caption_entities[0].type) == (
        "list.bib",
        "/import",
        "bot_command",
    )
    file = await message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"@article{a}"
    await bot.send_document(1001, b"x" * 9, caption="<b>Papers</b>", parse_mode="HTML", filename="papers.bib", reply_markup=MENU)
    (shown,) = reader.shown
    assert shown.document
    assert (shown.document.name, shown.document.content, shown.text, shown.labels) == (
        *("papers.bib", b"x" * 9, "Papers"),
        ["More", "Page"],
    )
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(1001, b"x", caption="x" * 1025)
    await reader.sends_file("big.pdf", b"%PDF", size=20_000_001)
    document = (await last(bot)).document
    assert document
    with pytest.raises(BadRequest, match="File is too big"):
        await document.get_file()


# Chats that come, go and change


async def test_blocking_is_told_and_unblocking_too(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001)
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(1001, "x")
    await reader.says("/start")
    await reader.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(1001, "x")
    await reader.unblocks()
    changes = [update.my_chat_member for update in await heard(bot) if update.my_chat_member]
    assert [(each.old_chat_member.status, each.new_chat_member.status) for each in changes] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]
    await bot.send_message(1001, "x")


async def test_a_bot_comes_into_a_group_and_is_thrown_out(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001)
    group = fake.group(GROUP, members=[reader], bot=None)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(GROUP, "x")
    await group.adds_bot(reader)
    change, message = await heard(bot)
    assert change.my_chat_member
    assert message.message
    assert (change.my_chat_member.new_chat_member.status, message.message.new_chat_members[0].id) == ("member", bot.id)
    await group.takes_rights()
    with pytest.raises(BadRequest, match="Not enough rights to send text messages"):
        await bot.send_message(GROUP, "x")
    await group.removes_bot(reader)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(GROUP, "x")


async def test_a_group_becomes_a_supergroup(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001)
    group = fake.group("-42", members=[reader])
    await group.upgrades_to("-10042")
    old, new = [update.message for update in await heard(bot)]
    assert old
    assert new
    assert (old.chat.id, old.migrate_to_chat_id) == (-42, -10042)
    assert (new.chat.id, new.chat.type, new.migrate_from_chat_id) == (-10042, "supergroup", -42)
    with pytest.raises(ChatMigrated) as raised:
        await bot.send_message("-42", "x")
    assert raised.value.new_chat_id == -10042
    await bot.send_message(-10042, "x")
    assert (await reader.says("/list", chat=group)).chat == "-10042"


async def test_who_is_an_admin_is_told_as_the_platform_does(fake: FakeTelegram, bot: Bot) -> None:
    owner, boss, reader, stranger = (fake.person(number) for number in (1, 2, 3, 4))
    group = fake.group(GROUP, owner=owner, admins=[boss], members=[reader])
    found = [(await bot.get_chat_member(GROUP, person.id)).status for person in (owner, boss, reader, stranger)]
    assert found == ["creator", "administrator", "member", "left"]
    assert {each.user.id for each in await bot.get_chat_administrators(GROUP)} == {1, 2}
    await group.demotes(boss)
    assert (await bot.get_chat_member(GROUP, 2)).status == "member"
    group.room.hides_members = True
    with pytest.raises(BadRequest, match=r"(?i)chat_admin_required"):
        await bot.get_chat_member(GROUP, 3)
    with pytest.raises(BadRequest, match="no administrators in the private chat"):
        await bot.get_chat_administrators(1)
    assert (await bot.get_chat(GROUP)).title == "A group"


async def test_changes_of_members_are_told_if_asked_for(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001)
    group = fake.group(GROUP, bot="administrator")
    await reader.joins(group)
    assert [update.chat_member for update in await heard(bot, -9)] == [None]
    await bot.get_updates(allowed_updates=["chat_member"])
    await reader.leaves(group)
    (update,) = await heard(bot, -1)
    assert update.chat_member
    assert (update.message, update.chat_member.new_chat_member.status) == (None, "left")


async def test_a_channel_is_shared_posted_in_and_taken_away(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001, has_started=True)
    channel = fake.channel(CHANNEL, title="News", admins=[reader], has_bot=False)
    with pytest.raises(LookupError):
        await reader.shares_chat(channel, 1)
    names = dict.fromkeys(ChatAdministratorRights.no_rights().to_dict(), False)
    rights = ChatAdministratorRights.de_json({**names, "can_post_messages": True}, None)
    request = KeyboardButtonRequestChat(
        1, chat_is_channel=True, user_administrator_rights=rights, bot_administrator_rights=rights, request_title=True
    )
    await bot.send_message(1001, "Which?", reply_markup=ReplyKeyboardMarkup([[KeyboardButton("Choose", request_chat=request)]]))
    await reader.shares_chat(channel, 1)
    change, shared = await heard(bot)
    assert change.my_chat_member
    assert shared.message
    assert shared.message.chat_shared
    assert (shared.message.chat_shared.chat_id, shared.message.chat_shared.title) == (int(CHANNEL), "News")
    await bot.send_message(1001, "Thanks", reply_markup=ReplyKeyboardRemove())
    assert reader.keyboard is None
    told = await bot.send_message(CHANNEL, "Digest", disable_notification=True)
    assert (told.from_user, told.sender_chat.id if told.sender_chat else 0, channel.shown[0].is_silent) == (
        None,
        int(CHANNEL),
        True,
    )
    await channel.posts("/list")
    update = (await heard(bot, -1))[0]
    assert update.channel_post
    assert (update.message, update.channel_post.text, update.channel_post.from_user) == (None, "/list", None)
    await channel.takes_rights()
    with pytest.raises(BadRequest, match="Need administrator rights in the channel chat"):
        await bot.send_message(CHANNEL, "x")
    await channel.gives_rights(reader)
    await bot.send_message(CHANNEL, "x")
