"""The chats of the fake Telegram: who may write where, and in which words it is refused."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram_html import is_url


class Refusal(Exception):
    """An answer that is not `ok`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    @property
    def body(self) -> dict[str, Any]:
        said: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return said | ({"parameters": self.parameters} if self.parameters else {})


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

    def kind(self, chat: str) -> str:
        if not chat.startswith(("-", "@")):
            return "private"
        if chat in self.channels or chat.startswith("@"):
            return "channel"
        return "supergroup" if chat.startswith("-100") else "group"

    def described(self, chat: str) -> dict[str, Any]:
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
        if thread and (self.typing_tells_of_topics or not is_typing):
            self._check_topic(chat, thread)

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

    def _check_topic(self, chat: str, thread: str) -> None:
        if thread in self.deleted_topics[chat]:
            raise Refusal(400, "Bad Request: message thread not found")
        if thread in self.closed_topics[chat]:
            raise Refusal(400, "Bad Request: TOPIC_CLOSED")

    def member(self, chat: str, bot: dict[str, Any]) -> dict[str, Any]:
        """What getChatMember says of the bot itself."""
        self.require_known(chat)
        may_write = chat not in self.silenced
        if self.kind(chat) == "channel":
            rights = dict.fromkeys(_RIGHTS, False) | {"can_post_messages": may_write, "can_edit_messages": False}
            return {"user": bot, "status": "administrator", **rights}
        return {"user": bot, "status": "member"} if may_write else {"user": bot, "status": "restricted", **_RESTRICTED}


_RIGHTS = (
    *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
    *("can_post_stories", "can_edit_stories", "can_delete_stories"),
)
_RESTRICTED = {"is_member": True, "until_date": 0} | {
    f"can_{what}": False
    for what in (
        *("change_info", "invite_users", "pin_messages", "manage_topics", "send_messages", "send_polls", "edit_tag"),
        *("send_other_messages", "add_web_page_previews", "send_audios", "send_documents", "send_photos"),
        *("send_videos", "send_video_notes", "send_voice_notes", "react_to_messages"),
    )
}


def check_keyboard(text: str) -> dict[str, Any] | None:
    """The inline keyboard of a message, as it is taken. Raises Refusal."""
    if not text:
        return None
    try:
        rows = json.loads(text)["inline_keyboard"]
        buttons = [button for row in rows for button in row]
        labels = [str(button["text"]) for button in buttons]
    except (KeyError, TypeError, ValueError):
        raise Refusal(400, "Bad Request: can't parse reply keyboard markup JSON object") from None
    if any(not label.strip() for label in labels):
        raise Refusal(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(buttons) > 100 or any(len(row) > 8 for row in rows):
        raise Refusal(400, "Bad Request: reply markup is too long")
    for button in buttons:
        _check_button(button)
    return {"inline_keyboard": rows}


def _check_button(button: dict[str, Any]) -> None:
    if "url" in button:
        if not is_url(button["url"]):
            raise Refusal(400, f"Bad Request: inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    elif not 1 <= len(str(button.get("callback_data", "")).encode("utf-8", "replace")) <= 64:
        raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
