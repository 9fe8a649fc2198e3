"""People of the fake Telegram, with a verb for whatever they do to a bot; each verb makes the Update that the platform makes.

    reader = fake.person(1001, language="de")            # has_started=True lets the bot write before they did
    group = fake.group("-1001", title="Lab", admins=[boss], members=[reader], is_forum=True)   # the bot is in unless bot=None
    channel = fake.channel("-1002", admins=[reader])     # the bot is its administrator unless has_bot=False
    topic = await group.opens_topic("Papers")            # a thread id; "" is General

    said = await reader.says("/start", chat=group, thread=topic, reply_to=message, is_anonymous=False, is_html=False)
    answer = await reader.sees("Welcome", chat=group)    # text or predicate; new or edited since this reader's last act
    tap = await reader.taps(answer, "Settings")          # the label, or what only one label contains; as the keyboard is now
    toast = await tap.answer()                           # Toast(text, is_alert, url); tap.expires() makes it too old
    await reader.forges(answer, "dv:1:2")                # data that no button has
    await reader.sends_file("list.bib", b"...", caption="/import", chat=..., size=21_000_000)
    await reader.edits(said, "/start again"); reader.opens(answer, "Page") -> the address of a url button
    await reader.blocks(); await reader.unblocks(); await reader.joins(group); await reader.leaves(group)
    await reader.shares_chat(channel, request_id=1)      # by a button of the reply keyboard that they have
    reader.menu(chat) -> commands that the app offers there; reader.keyboard -> the reply keyboard that they have

    await group.adds_bot(reader); removes_bot, promotes_bot, demotes_bot, takes_rights, gives_rights, adds, removes, promotes,
    demotes (person), upgrades_to("-1005"), opens_topic, closes_topic, reopens_topic, deletes_topic
    await channel.posts("text"), edits, adds_bot, removes_bot, takes_rights(by, *names), gives_rights(by, *names)

    await fake.shown(chat, 3) -> the bot's messages there; chat.shown without waiting; chat.sees(wanted, since=message.changed)
    await fake.repeats_last_update(); await fake.all_read(); fake.oddities; fake.requests; fake.polls; fake.updates.sent

A message is a Posted (telegram_posts.py): text, entities, links, rows and labels of its buttons, edits, document, is_silent,
has_preview, is_deleted, thread, reply_to; `is_heard` of people's tells whether privacy mode lets the bot hear it.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Literal

from tests.fakes.telegram_ground import PATIENCE_S, Ground, Query, Toast, Wanted
from tests.fakes.telegram_html import Parsed
from tests.fakes.telegram_places import Channel, Chat, Group
from tests.fakes.telegram_posts import Posted
from tests.fakes.telegram_rooms import ANONYMOUS, RIGHTS, Member
from tests.fakes.telegram_sending import MOST_CAPTION, add_document
from tests.fakes.telegram_speech import typed


class Tap:
    """A press on a button, and what comes of it."""

    def __init__(self, query: Query) -> None:
        self._query = query

    @property
    def id(self) -> str:
        return self._query.id

    @property
    def is_answered(self) -> bool:
        return self._query.answered.done()

    async def answer(self, within_s: float = PATIENCE_S) -> Toast:
        """What is shown for it, once the bot has answered."""
        try:
            async with asyncio.timeout(within_s):
                return await asyncio.shield(self._query.answered)
        except TimeoutError:
            raise AssertionError(f"the tap was not answered within {within_s:g} s") from None

    def expires(self) -> None:
        """It is too old to be answered."""
        self._query.is_expired = True


class Person:
    """Somebody with an account."""

    def __init__(self, fake: Ground, user: dict[str, Any], private: Chat) -> None:
        self._fake, self.user, self.private = fake, user, private
        self._acted = 0

    @property
    def id(self) -> int:
        return int(self.user["id"])

    @property
    def plain(self) -> dict[str, Any]:
        """The account as others' messages tell it: without the language."""
        return {name: value for name, value in self.user.items() if name != "language_code"}

    async def says(
        self,
        text: str,
        *,
        chat: Chat | None = None,
        thread: str = "",
        reply_to: Posted | None = None,
        is_html: bool = False,
        is_anonymous: bool = False,
    ) -> Posted:
        """Write, in private unless a chat is named; anonymous administrators write in the group's name."""
        where = self._enters(chat, thread)
        sender_chat = self._mask(where) if is_anonymous else None
        self._acts()
        said, sender = typed(text, is_html=is_html), ANONYMOUS if is_anonymous else self.user
        return await where.post(sender, said, thread=thread, reply_to=reply_to, sender_chat=sender_chat)

    async def sends_file(
        self,
        name: str,
        content: bytes,
        caption: str = "",
        *,
        chat: Chat | None = None,
        thread: str = "",
        reply_to: Posted | None = None,
        size: int | None = None,
    ) -> Posted:
        """Send a document; `size` may be told greater than it is."""
        where = self._enters(chat, thread)
        document = add_document(self._fake, name, content, size)
        self._acts()
        said = typed(caption, most=MOST_CAPTION) if caption else Parsed(text="")
        return await where.post(self.user, said, thread=thread, reply_to=reply_to, document=document)

    async def edits(self, posted: Posted, text: str) -> Posted:
        """Change an own message."""
        said = typed(text)
        posted.becomes(text=said.text, entities=said.entities, html="", keyboard=None)
        self._acts()
        self._fake.touch(posted)
        await Chat(self._fake, self._fake.chats.rooms[posted.chat]).announce(posted, "edited_message")
        return posted

    async def taps(self, posted: Posted, label: str, *, is_old: bool = False) -> Tap:
        """Press a button as it is now; with `is_old` the platform does not tell any more what the message was.

        Raises LookupError if there is no such button, or it leads elsewhere.
        """
        button = posted.button(label)
        if "callback_data" not in button:
            raise LookupError(f"{label!r} is not told to the bot: {button}")
        return await self.forges(posted, button["callback_data"], is_old=is_old)

    async def forges(self, posted: Posted, data: str, *, is_old: bool = False) -> Tap:
        """Send data as an own app could, whatever the buttons are."""
        room = self._fake.chats.rooms[posted.chat]
        self._enters(Chat(self._fake, room), "")
        self._acts()
        query = self._fake.new_query()
        message = {"chat": room.described(), "message_id": posted.message_id, "date": 0} if is_old else self._fake.told(posted)
        told = {"id": query.id, "from": self.user, "message": message, "chat_instance": f"77{room.id.lstrip('-')}", "data": data}
        await self._fake.updates.add("callback_query", told, queue=f"taps of {self.id}")
        return Tap(query)

    def opens(self, posted: Posted, label: str) -> str:
        """The address behind a button."""
        return str(posted.button(label)["url"])

    async def sees(
        self,
        wanted: Wanted = "",
        *,
        chat: Chat | None = None,
        thread: str | None = None,
        since: int | None = None,
        within_s: float = PATIENCE_S,
    ) -> Posted:
        """Wait for the bot's first message, new or edited since this person's last act, that is as wanted."""
        where = chat or self.private
        after = self._acted if since is None else since
        return await self._fake.sees(where.id, wanted, thread=thread, since=after, within_s=within_s)

    @property
    def shown(self) -> list[Posted]:
        """What the bot has in private now, oldest first."""
        return self.private.shown

    async def blocks(self) -> None:
        """The bot may not write any more."""
        self._fake.chats.blocked.add(self.private.id)
        await self._changes("member", "kicked")

    async def unblocks(self) -> None:
        self._fake.chats.blocked.discard(self.private.id)
        await self._changes("kicked", "member")

    async def _changes(self, old: Literal["member", "kicked"], new: Literal["member", "kicked"]) -> None:
        """In private the platform tells of the bot's place as of a member's."""
        bot = {name: self._fake.bot[name] for name in ("id", "is_bot", "first_name", "username")}
        self._acts()
        what = {
            "chat": self.private.room.described(),
            "from": self.user,
            "date": int(self._fake.now()),
            "old_chat_member": Member(user=bot, status=old).described("private"),
            "new_chat_member": Member(user=bot, status=new).described("private"),
        }
        await self._fake.updates.add("my_chat_member", what, queue=self.private.id)

    async def joins(self, group: Group) -> None:
        await group.adds(self)

    async def leaves(self, group: Group) -> None:
        await group.removes(self)

    # What their app offers

    @property
    def keyboard(self) -> dict[str, Any] | None:
        """The reply keyboard that stands in private; None if there is none, or it was taken away."""
        last = next((each.markup for each in reversed(self._fake.messages) if each.chat == self.private.id and each.markup), None)
        return last if last and "keyboard" in last else None

    async def shares_chat(self, place: Group | Channel, request_id: int) -> Posted:
        """Choose a chat by a button of the reply keyboard.

        Raises LookupError if there is no such button, ValueError if the app would not offer the chat.
        """
        rows = (self.keyboard or {}).get("keyboard", ())
        buttons = [button for row in rows for button in row if isinstance(button, dict)]
        requests = [button["request_chat"] for button in buttons if "request_chat" in button]
        request = next((each for each in requests if each["request_id"] == request_id), None)
        if request is None:
            raise LookupError(f"no button asks for a chat with {request_id}: {requests}")
        member, wanted = place.room.member(self.user), request.get("user_administrator_rights") or {}
        lacks = [right for right, is_wanted in wanted.items() if is_wanted and right in RIGHTS and not member.may(right)]
        if request["chat_is_channel"] != (place.room.kind == "channel") or lacks:
            raise ValueError(f"{place.id} may not be chosen: it is a {place.room.kind}, and {self.id} lacks {lacks}")
        rights = {right for right, is_wanted in (request.get("bot_administrator_rights") or {}).items() if is_wanted}
        own = place.room.member(self._fake.bot)
        if (rights and not all(map(own.may, rights))) or (request.get("bot_is_member") and not own.is_in):
            bot = {name: self._fake.bot[name] for name in ("id", "is_bot", "first_name", "username")}
            await place.changes(Member(user=bot, status="administrator", rights=frozenset(rights)), self.user)
        shared: dict[str, Any] = {"request_id": request_id, "chat_id": int(place.id)}
        shared |= {"title": place.room.title} if request.get("request_title") else {}
        self._acts()
        return await self.private.post(self.user, Parsed(text=""), service={"chat_shared": shared})

    def menu(self, chat: Chat | None = None) -> Sequence[str]:
        """The commands that the app offers there, most special scope first, in this person's language or in none."""
        where = chat or self.private
        is_private = where.room.kind == "private"
        scopes = [f"chat:{where.id}", "all_private_chats" if is_private else "all_group_chats", "default"]
        if not is_private:
            is_admin = where.room.member(self.user).is_admin
            scopes[1:1] = ["all_chat_administrators"] if is_admin else []
            scopes[:0] = [f"chat_member:{where.id}:{self.id}", *([f"chat_administrators:{where.id}"] if is_admin else [])]
        for scope in scopes:
            for language in (self.user.get("language_code", ""), ""):
                if (scope, language) in self._fake.commands:
                    return [each["command"] for each in self._fake.commands[scope, language]]
        return []

    def _acts(self) -> None:
        self._acted = self._fake.changed

    def _enters(self, chat: Chat | None, thread: str) -> Chat:
        """Raises ValueError where they cannot write."""
        where = chat or self.private
        room = where.room
        if room.kind == "private":
            if room.id != str(self.id) or room.id in self._fake.chats.blocked:
                raise ValueError(f"{self.id} cannot write to the bot in {room.id}")
            room.has_started = True
            return where
        member = room.member(self.user)
        is_closed = thread in self._fake.chats.closed_topics[room.id] and not member.is_admin
        if not member.is_in or is_closed or (thread and thread not in room.topics):
            raise ValueError(f"{self.id} cannot write in {room.id}/{thread}: {member.status}, closed: {is_closed}")
        return where

    def _mask(self, where: Chat) -> dict[str, Any]:
        if not where.room.member(self.user).is_admin:
            raise ValueError(f"{self.id} is no administrator of {where.id}")
        return where.room.described()
