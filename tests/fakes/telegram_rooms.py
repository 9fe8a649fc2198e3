"""What is known of a chat of the fake Telegram: its kind, topics and members, and who may do what there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
REQUIRED_RIGHTS = (
    *("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members"),
    *("can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories"),
)
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")
RIGHTS = frozenset((*REQUIRED_RIGHTS, *GROUP_RIGHTS, *CHANNEL_RIGHTS))
_SILENT = {"is_member": True, "until_date": 0} | {
    f"can_{what}": False
    for what in (
        *("change_info", "invite_users", "pin_messages", "manage_topics", "send_messages", "send_polls", "edit_tag"),
        *("send_other_messages", "add_web_page_previews", "send_audios", "send_documents", "send_photos"),
        *("send_videos", "send_video_notes", "send_voice_notes", "react_to_messages"),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody in a chat; `rights` count for administrators only."""

    user: dict[str, Any]
    status: Status = "member"
    rights: frozenset[str] = frozenset()
    is_anonymous: bool = False

    @property
    def is_in(self) -> bool:
        return self.status not in ("left", "kicked")

    @property
    def is_admin(self) -> bool:
        return self.status in ("creator", "administrator")

    def may(self, right: str) -> bool:
        """Whether an administrator has this right; the creator has all."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def described(self, kind: Kind) -> dict[str, Any]:
        """A ChatMember as the platform tells it."""
        said: dict[str, Any] = {"user": self.user, "status": self.status}
        match self.status:
            case "creator":
                return said | {"is_anonymous": self.is_anonymous}
            case "administrator":
                names = (*REQUIRED_RIGHTS, *(CHANNEL_RIGHTS if kind == "channel" else GROUP_RIGHTS))
                rights = {name: name in self.rights or name == "can_manage_chat" for name in names}
                return said | {"can_be_edited": False, "is_anonymous": self.is_anonymous} | rights
            case "restricted":
                return said | _SILENT
            case "kicked":
                return said | {"until_date": 0}
        return said


@dataclass(slots=True, kw_only=True)
class Room:
    """One chat that a test has declared. Nobody who is not among `members` is in it."""

    id: str
    kind: Kind
    title: str = ""
    username: str = ""
    is_forum: bool = False
    user: dict[str, Any] | None = None  # of a private chat
    has_started: bool = True  # in private: whether the bot may write at all
    hides_members: bool = False
    topics: dict[str, str] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        """A Chat as the platform tells it."""
        if self.user is not None:
            names = {name: value for name, value in self.user.items() if name in ("first_name", "last_name", "username")}
            return {"id": int(self.id), "type": "private", **names}
        said: dict[str, Any] = {"id": int(self.id), "type": self.kind, "title": self.title}
        return said | ({"username": self.username} if self.username else {}) | ({"is_forum": True} if self.is_forum else {})

    def member(self, user: dict[str, Any]) -> Member:
        """What somebody is here; who never was has left."""
        return self.members.get(user["id"], Member(user=user, status="left"))

    def admins(self) -> Iterable[Member]:
        return (each for each in self.members.values() if each.is_admin)
