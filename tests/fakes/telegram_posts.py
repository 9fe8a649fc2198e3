"""The messages of the fake Telegram as people see them now, with what they were before."""

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram_html import Entity

Keyboard = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that stands in a chat. `size` in bytes may be told greater than what is kept."""

    file_id: str
    name: str
    content: bytes = field(repr=False)
    size: int

    def described(self) -> dict[str, Any]:
        kind = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        told = {"file_id": self.file_id, "file_unique_id": f"u{self.file_id}", "file_size": self.size}
        return {"file_name": self.name, "mime_type": kind, **told}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a message was until it was edited."""

    text: str
    entities: tuple[Entity, ...]
    html: str
    keyboard: Keyboard | None


@dataclass(slots=True, kw_only=True, eq=False)
class Posted:
    """A message that people see, as it is now. `html` is what was sent, `text` what is shown of it.

    `text` of a document is its caption. `edits` are the versions before, oldest first. `keyboard` is the inline one below the
    message, `markup` a reply keyboard, its removal, or a forced reply. `changed` rises with whatever happens anywhere.
    """

    message_id: int
    chat: str
    thread: str
    text: str
    entities: tuple[Entity, ...] = ()
    html: str = ""
    keyboard: Keyboard | None = None
    at: float = 0.0
    date: int = 0
    sender: dict[str, Any] | None = None
    sender_chat: dict[str, Any] | None = None
    is_bots: bool = False
    is_heard: bool = True  # of people's: whether the bot is told of it
    is_silent: bool = False
    is_deleted: bool = False
    has_preview: bool = True
    reply_to: "Posted | None" = None
    document: Document | None = None
    markup: dict[str, Any] | None = None
    service: dict[str, Any] = field(default_factory=dict)
    edits: list[Version] = field(default_factory=list)
    changed: int = 0
    root: int = 0  # of a reply in no topic: the message that began it

    @property
    def rows(self) -> list[list[str]]:
        """The labels below it, row by row."""
        return [[button["text"] for button in row] for row in (self.keyboard or {}).get("inline_keyboard", ())]

    @property
    def labels(self) -> list[str]:
        return [label for row in self.rows for label in row]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Words and addresses of its links, in order."""
        raw = self.text.encode("utf-16-le")
        linked = (each for each in self.entities if each.kind == "text_link")
        return [(raw[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le"), each.url) for each in linked]

    def button(self, label: str) -> dict[str, Any]:
        """The button with this label, or the only one that has it in its label. Raises LookupError."""
        buttons = [button for row in (self.keyboard or {}).get("inline_keyboard", ()) for button in row]
        found = [button for button in buttons if button["text"] == label]
        found = found or [button for button in buttons if label in button["text"]]
        if self.is_deleted or len(found) != 1:
            raise LookupError(f"{len(found)} buttons {label!r} below {self}")
        said: dict[str, Any] = found[0]
        return said

    def becomes(self, *, text: str, entities: tuple[Entity, ...], html: str, keyboard: Keyboard | None) -> None:
        """Edit it."""
        self.edits.append(Version(text=self.text, entities=self.entities, html=self.html, keyboard=self.keyboard))
        self.text, self.entities, self.html, self.keyboard = text, entities, html, keyboard

    def __str__(self) -> str:
        where = f"{self.chat}/{self.thread}" if self.thread else self.chat
        state = " (deleted)" if self.is_deleted else f" (edited {len(self.edits)} times)" if self.edits else ""
        held = f" [{self.document.name}]" if self.document else ""
        return f"#{self.message_id} in {where}{state}:{held} {self.text!r} {self.rows or ''}".rstrip()


def entity(each: Entity) -> dict[str, Any]:
    """A MessageEntity as the platform tells it."""
    return {"type": each.kind, "offset": each.offset, "length": each.length} | ({"url": each.url} if each.url else {})


def described(posted: Posted, chat_of: Callable[[str], dict[str, Any]], *, has_reply: bool = True) -> dict[str, Any]:
    """A Message as the platform tells it; what it replies to is told one level deep."""
    said: dict[str, Any] = {"message_id": posted.message_id, "date": posted.date, "chat": chat_of(posted.chat)}
    if posted.sender:
        said["from"] = posted.sender
    if posted.sender_chat:
        said["sender_chat"] = posted.sender_chat
    if posted.thread:
        said |= {"message_thread_id": int(posted.thread), "is_topic_message": True}
    elif posted.root:
        said["message_thread_id"] = posted.root
    text, entities = ("caption", "caption_entities") if posted.document else ("text", "entities")
    if posted.text:
        said[text] = posted.text
    if posted.entities:
        said[entities] = [entity(each) for each in posted.entities]
    if posted.document:
        said["document"] = posted.document.described()
    if posted.keyboard:
        said["reply_markup"] = posted.keyboard
    if posted.edits:
        said["edit_date"] = posted.date
    if has_reply and posted.reply_to:
        said["reply_to_message"] = described(posted.reply_to, chat_of, has_reply=False)
    return said | posted.service
