"""The chats of the fake Telegram: who may write where, and in which words it is refused."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram_rooms import Kind, Member, Room


class Refusal(Exception):
    """An answer that is not `ok`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    @property
    def body(self) -> dict[str, Any]:
        said: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return said | ({"parameters": self.parameters} if self.parameters else {})


def flood(retry_after: int | None) -> Refusal:
    """Too many requests; None leaves out for how long."""
    if retry_after is None:
        return Refusal(429, "Too Many Requests")
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


@dataclass(slots=True)
class Chats:
    """Every id is a known chat of its sign's kind, until a verb says otherwise."""

    blocked: set[str] = field(default_factory=set)
    kicked: set[str] = field(default_factory=set)
    deactivated: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    silenced: set[str] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    closed_topics: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    deleted_topics: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    lost_topics: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    typing_tells_of_topics: bool = True
    rooms: dict[str, Room] = field(default_factory=dict)
    bot: dict[str, Any] = field(default_factory=dict)

    def kind(self, chat: str) -> Kind:
        if chat in self.rooms:
            return self.rooms[chat].kind
        if not chat.startswith(("-", "@")):
            return "private"
        if chat in self.channels or chat.startswith("@"):
            return "channel"
        return "supergroup" if chat.startswith("-100") else "group"

    def described(self, chat: str) -> dict[str, Any]:
        if chat in self.rooms:
            return self.rooms[chat].described()
        kind = self.kind(chat)
        name = {"first_name": "A reader"} if kind == "private" else {"title": "A chat"}
        return {"id": int(chat) if chat.lstrip("-").isdecimal() else -1001, "type": kind, **name}

    def check(self, chat: str, thread: str, *, is_typing: bool = False) -> None:
        """Raise what the platform answers to whoever may not write there."""
        self.require_known(chat)
        kind = self.kind(chat)
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat in self.deactivated:
            raise Refusal(403, "Forbidden: user is deactivated")
        if chat in self.silenced:
            group, channel = (
                "not enough rights to send text messages to the chat",
                "need administrator rights in the channel chat",
            )
            raise Refusal(400, f"Bad Request: {channel if kind == 'channel' else group}")
        if chat in self.rooms:
            self._check_room(self.rooms[chat])
        if thread and (self.typing_tells_of_topics or not is_typing):
            self._check_topic(chat, thread, is_typing=is_typing)

    def require_known(self, chat: str) -> None:
        """Raise what is answered of chats that the bot is not in."""
        if not chat:
            raise Refusal(400, "Bad Request: chat_id is empty")
        if chat in self.unknown or not (chat.lstrip("-").isdecimal() or chat.startswith("@")):
            raise Refusal(400, "Bad Request: chat not found")
        if chat in self.moved:
            said = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, said, migrate_to_chat_id=int(self.moved[chat]))
        if chat in self.kicked:
            raise Refusal(403, f"Forbidden: bot was kicked from the {self.kind(chat)} chat")
        if chat in self.rooms and self.kind(chat) != "private":
            status = self.rooms[chat].member(self.bot).status
            if status in ("left", "kicked"):
                said = "bot was kicked from" if status == "kicked" else "bot is not a member of"
                raise Refusal(403, f"Forbidden: {said} the {self.kind(chat)} chat")

    def _check_room(self, room: Room) -> None:
        """What only declared chats know: who has never written, and what the bot is in a channel."""
        if room.kind == "private" and not room.has_started:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        if room.kind == "channel" and not room.member(self.bot).may("can_post_messages"):
            raise Refusal(400, "Bad Request: need administrator rights in the channel chat")
        if room.member(self.bot).status == "restricted":
            raise Refusal(400, "Bad Request: not enough rights to send text messages to the chat")

    def _check_topic(self, chat: str, thread: str, *, is_typing: bool) -> None:
        """General is topic 1 for signs of typing alone; messages go there without a thread."""
        room = self.rooms.get(chat)
        if room and room.is_forum and thread == "1" and is_typing:
            return
        if thread in self.deleted_topics[chat] or (room and thread not in room.topics):
            raise Refusal(400, "Bad Request: message thread not found")
        if thread in self.closed_topics[chat] and not (room and room.member(self.bot).may("can_manage_topics")):
            raise Refusal(400, "Bad Request: TOPIC_CLOSED")

    def own(self, chat: str) -> Member:
        """What the bot itself is there; of chats that were not declared, what they were told to be."""
        if chat in self.rooms and self.kind(chat) != "private":
            return self.rooms[chat].member(self.bot)
        may_write = chat not in self.silenced
        if self.kind(chat) == "channel":
            rights = frozenset({"can_post_messages"} if may_write else ())
            return Member(user=self.bot, status="administrator", rights=rights)
        return Member(user=self.bot, status="member" if may_write else "restricted")
