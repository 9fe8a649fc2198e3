"""Chats of the fake Telegram in which people do things: private ones, groups with topics, channels. Every verb is an update."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram_ground import PATIENCE_S, Ground, Wanted
from tests.fakes.telegram_html import Parsed
from tests.fakes.telegram_posts import Document, Posted
from tests.fakes.telegram_rooms import ANONYMOUS, RIGHTS, Member, Room, Status
from tests.fakes.telegram_speech import is_heard, typed

if TYPE_CHECKING:
    from tests.fakes.telegram_people import Person

NOBODY: dict[str, Any] = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


class Chat:
    """One declared chat. `thread` of a topic is its id as text; "" is General, or a chat without topics."""

    def __init__(self, fake: Ground, room: Room) -> None:
        self._fake, self.room = fake, room

    @property
    def id(self) -> str:
        return self.room.id

    @property
    def shown(self) -> list[Posted]:
        """What the bot has here now, oldest first, without what it deleted."""
        return [each for each in self._fake.messages if each.chat == self.id and not each.is_deleted]

    async def sees(
        self, wanted: Wanted = "", *, thread: str | None = None, since: int = 0, within_s: float = PATIENCE_S
    ) -> Posted:
        """Wait for the bot's first message here, new or edited after `since` (`Posted.changed`), that is as wanted."""
        return await self._fake.sees(self.id, wanted, thread=thread, since=since, within_s=within_s)

    async def post(
        self,
        sender: dict[str, Any] | None,
        said: Parsed,
        *,
        thread: str = "",
        reply_to: Posted | None = None,
        document: Document | None = None,
        service: dict[str, Any] | None = None,
        sender_chat: dict[str, Any] | None = None,
    ) -> Posted:
        """Show a message of somebody, and tell the bot of it if the platform would."""
        if reply_to is not None and reply_to.chat == self.id:
            thread = thread or reply_to.thread
        is_threaded = self.room.kind == "supergroup" and reply_to is not None and not thread
        posted = Posted(
            message_id=self._fake.next_id(self.id),
            chat=self.id,
            thread=thread,
            text=said.text,
            entities=said.entities,
            sender=sender,
            sender_chat=sender_chat,
            reply_to=reply_to,
            document=document,
            service=service or {},
            root=(reply_to.root or reply_to.message_id) if is_threaded and reply_to is not None else 0,
        )
        self._fake.keep(posted)
        posted.is_heard = is_heard(posted, self.room, self._fake.bot)
        await self.announce(posted, "channel_post" if self.room.kind == "channel" else "message")
        return posted

    async def announce(self, posted: Posted, kind: str) -> None:
        """Tell the bot of a message as it is now, if it hears it."""
        if posted.is_heard:
            await self._fake.updates.add(kind, self._fake.told(posted), queue=self.id)
        await self._fake.tells()

    async def changes(self, new: Member, by: dict[str, Any]) -> None:
        """Somebody's place here changes; of the bot's it is always told, of others' only if it asked for that."""
        old = self.room.member(new.user)
        self.room.members[new.user["id"]] = new
        what = {
            "chat": self.room.described(),
            "from": by,
            "date": int(self._fake.now()),
            "old_chat_member": old.described(self.room.kind),
            "new_chat_member": new.described(self.room.kind),
        }
        is_own = new.user["id"] == self._fake.bot["id"]
        if is_own or self.room.member(self._fake.bot).is_admin:
            await self._fake.updates.add("my_chat_member" if is_own else "chat_member", what, queue=self.id)

    @property
    def _bot(self) -> dict[str, Any]:
        return {name: self._fake.bot[name] for name in ("id", "is_bot", "first_name", "username")}

    async def _bot_becomes(self, status: Status, by: dict[str, Any], rights: Iterable[str] = ()) -> None:
        await self.changes(Member(user=self._bot, status=status, rights=frozenset(rights)), by)


class Group(Chat):
    """A group or supergroup, by the form of its id."""

    def _by(self, by: "Person | None") -> dict[str, Any]:
        admins = [each.user for each in self.room.admins() if not each.user["is_bot"]]
        return by.user if by else (admins or [NOBODY])[0]

    async def adds_bot(self, by: "Person", *, is_admin: bool = False, rights: Iterable[str] = RIGHTS) -> None:
        """Somebody adds it: its own change, then the message about it."""
        await self._bot_becomes("administrator" if is_admin else "member", by.user, rights if is_admin else ())
        await self.post(by.user, Parsed(text=""), service={"new_chat_members": [self._bot], "new_chat_member": self._bot})

    async def removes_bot(self, by: "Person | None" = None, *, is_banned: bool = True) -> None:
        """It is kicked, or just put out."""
        await self.post(self._by(by), Parsed(text=""), service={"left_chat_member": self._bot})
        await self._bot_becomes("kicked" if is_banned else "left", self._by(by))

    async def promotes_bot(self, by: "Person | None" = None, rights: Iterable[str] = RIGHTS) -> None:
        await self._bot_becomes("administrator", self._by(by), rights)

    async def demotes_bot(self, by: "Person | None" = None) -> None:
        await self._bot_becomes("member", self._by(by))

    async def takes_rights(self, by: "Person | None" = None) -> None:
        """The bot may not write here any more."""
        await self._bot_becomes("restricted", self._by(by))

    async def gives_rights(self, by: "Person | None" = None) -> None:
        await self._bot_becomes("member", self._by(by))

    async def adds(self, person: "Person", by: "Person | None" = None) -> None:
        """Somebody comes in; without `by` on their own."""
        await self.changes(Member(user=person.plain), by.user if by else person.user)
        service = {"new_chat_members": [person.plain], "new_chat_member": person.plain}
        await self.post(by.user if by else person.user, Parsed(text=""), service=service)

    async def removes(self, person: "Person", by: "Person | None" = None) -> None:
        """Somebody leaves, or is removed `by` another."""
        await self.post((by or person).user, Parsed(text=""), service={"left_chat_member": person.plain})
        await self.changes(Member(user=person.plain, status="kicked" if by else "left"), (by or person).user)

    async def promotes(self, person: "Person", by: "Person | None" = None, rights: Iterable[str] = RIGHTS) -> None:
        await self.changes(Member(user=person.plain, status="administrator", rights=frozenset(rights)), self._by(by))

    async def demotes(self, person: "Person", by: "Person | None" = None) -> None:
        await self.changes(Member(user=person.plain), self._by(by))

    async def upgrades_to(self, new_id: str, by: "Person | None" = None) -> Posted:
        """The group becomes a supergroup and this object with it; sends to the old id name the new one."""
        old = self.room
        members = dict(old.members)
        new = Room(id=str(new_id), kind="supergroup", title=old.title, members=members, hides_members=old.hides_members)
        self._fake.chats.rooms[new.id] = new
        await self.post(self._by(by), Parsed(text=""), service={"migrate_to_chat_id": int(new.id)})
        self._fake.chats.moved[old.id] = new.id
        self.room = new
        service = {"migrate_from_chat_id": int(old.id)}
        return await self.post(ANONYMOUS, Parsed(text=""), service=service, sender_chat=new.described())

    # Topics

    async def opens_topic(self, name: str, by: "Person | None" = None) -> str:
        """A new topic; its thread."""
        number = self._fake.next_id(self.id)
        thread = str(number)
        self.room.topics[thread] = name
        service = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        posted = Posted(message_id=number, chat=self.id, thread=thread, text="", sender=self._by(by), service=service)
        self._fake.keep(posted)
        posted.is_heard = is_heard(posted, self.room, self._fake.bot)
        await self.announce(posted, "message")
        return thread

    async def closes_topic(self, thread: str, by: "Person | None" = None) -> None:
        """Only administrators write there from now on."""
        self._fake.chats.closed_topics[self.id].add(self._topic(thread))
        await self.post(self._by(by), Parsed(text=""), thread=thread, service={"forum_topic_closed": {}})

    async def reopens_topic(self, thread: str, by: "Person | None" = None) -> None:
        self._fake.chats.closed_topics[self.id].discard(self._topic(thread))
        await self.post(self._by(by), Parsed(text=""), thread=thread, service={"forum_topic_reopened": {}})

    async def deletes_topic(self, thread: str) -> None:
        """It is gone with all that was in it; nobody is told."""
        del self.room.topics[self._topic(thread)]
        for each in self._fake.posts[self.id].values():
            if each.thread == thread:
                each.is_deleted = True
                self._fake.touch(each)
        await self._fake.tells()

    def _topic(self, thread: str) -> str:
        if thread not in self.room.topics:
            raise LookupError(f"no topic {thread} in {self.id}")
        return thread


class Channel(Chat):
    """A channel; bots are administrators there or not there at all."""

    def _by(self, by: "Person | None") -> dict[str, Any]:
        return by.user if by else next((each.user for each in self.room.admins() if not each.user["is_bot"]), NOBODY)

    async def adds_bot(self, by: "Person", rights: Iterable[str] = RIGHTS) -> None:
        await self._bot_becomes("administrator", by.user, rights)

    async def removes_bot(self, by: "Person | None" = None, *, is_banned: bool = True) -> None:
        await self._bot_becomes("kicked" if is_banned else "left", self._by(by))

    async def takes_rights(self, by: "Person | None" = None, *rights: str) -> None:
        """Without names: the right to post."""
        own = self.room.member(self._fake.bot)
        await self.changes(replace(own, user=self._bot, rights=own.rights - {*(rights or ("can_post_messages",))}), self._by(by))

    async def gives_rights(self, by: "Person | None" = None, *rights: str) -> None:
        own = self.room.member(self._fake.bot)
        await self.changes(replace(own, user=self._bot, rights=own.rights | {*(rights or ("can_post_messages",))}), self._by(by))

    async def posts(self, text: str, *, reply_to: Posted | None = None, is_html: bool = False) -> Posted:
        """Someone of its administrators posts in its name."""
        return await self.post(None, typed(text, is_html=is_html), reply_to=reply_to, sender_chat=self.room.described())

    async def edits(self, posted: Posted, text: str) -> Posted:
        """A post of the channel is changed."""
        said = typed(text)
        posted.becomes(text=said.text, entities=said.entities, html="", keyboard=None)
        self._fake.touch(posted)
        await self.announce(posted, "edited_channel_post")
        return posted
