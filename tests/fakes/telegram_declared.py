"""How people and chats are declared on the fake Telegram; what is not declared is as it was always: open to whoever writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from tests.fakes.telegram_faults import Faulty
from tests.fakes.telegram_people import Person
from tests.fakes.telegram_places import Channel, Chat, Group
from tests.fakes.telegram_rooms import RIGHTS, Member, Room


@dataclass(slots=True, kw_only=True)
class Peopled(Faulty):
    """The platform with people in it."""

    def person(
        self,
        number: int,
        *,
        language: str | None = "en",
        name: str = "",
        username: str = "",
        has_started: bool = False,
    ) -> Person:
        """Somebody; the bot may write to them only after they wrote, unless they have `started` long ago."""
        user: dict[str, Any] = {"id": number, "is_bot": False, "first_name": name or f"Reader {number}"}
        user |= {"username": username} if username else {}
        user |= {"language_code": language} if language else {}
        room = Room(id=str(number), kind="private", user=user, has_started=has_started)
        self.chats.rooms[room.id] = room
        return Person(self, user, Chat(self, room))

    def group(
        self,
        chat: str,
        *,
        title: str = "A group",
        owner: Person | None = None,
        admins: Iterable[Person] = (),
        members: Iterable[Person] = (),
        bot: Literal["member", "administrator"] | None = "member",
        is_forum: bool = False,
        hides_members: bool = False,
    ) -> Group:
        """A supergroup if its id begins with -100, else a group, with the bot in it unless `bot` is None."""
        kind: Literal["supergroup", "group"] = "supergroup" if str(chat).startswith("-100") else "group"
        room = Room(id=str(chat), kind=kind, title=title, is_forum=is_forum, hides_members=hides_members)
        if is_forum:
            self._last_ids[room.id] = 1  # the first message of a forum is General's, and no topic has its number
        self._settle(room, owner, admins, members, bot)
        return Group(self, room)

    def channel(
        self,
        chat: str,
        *,
        title: str = "A channel",
        username: str = "",
        owner: Person | None = None,
        admins: Iterable[Person] = (),
        members: Iterable[Person] = (),
        has_bot: bool = True,
    ) -> Channel:
        """A channel, with the bot as its administrator or without it."""
        room = Room(id=str(chat), kind="channel", title=title, username=username)
        self._settle(room, owner, admins, members, "administrator" if has_bot else None)
        return Channel(self, room)

    def _settle(
        self,
        room: Room,
        owner: Person | None,
        admins: Iterable[Person],
        members: Iterable[Person],
        bot: Literal["member", "administrator"] | None,
    ) -> None:
        room.members |= {each.id: Member(user=each.plain) for each in members}
        room.members |= {each.id: Member(user=each.plain, status="administrator", rights=RIGHTS) for each in admins}
        if owner:
            room.members[owner.id] = Member(user=owner.plain, status="creator")
        if bot:
            user = {name: self.bot[name] for name in ("id", "is_bot", "first_name", "username")}
            room.members[self.bot["id"]] = Member(user=user, status=bot, rights=RIGHTS if bot == "administrator" else frozenset())
        self.chats.rooms[room.id] = room

    async def repeats_last_update(self) -> dict[str, Any]:
        """The last update comes once more, under the same number, as after a lost answer."""
        return await self.updates.repeat()
