"""What the fake Discord is made of: guilds, their roles and members, channels of all kinds, people; each as Discord tells it."""

from dataclasses import dataclass, field
from typing import Any

TEXT, DIRECT, NEWS, NEWS_THREAD, THREAD, FORUM = 0, 1, 5, 10, 11, 15
REQUIRE_TAG = 1 << 4
ALL_RIGHTS = (1 << 53) - 1
VIEW, SEND, EMBED, HISTORY, MANAGE_GUILD = 1 << 10, 1 << 11, 1 << 14, 1 << 16, 1 << 5
MAKE_THREADS, SEND_IN_THREADS, USE_COMMANDS = 1 << 35, 1 << 38, 1 << 31
EVERYONE = VIEW | SEND | EMBED | HISTORY | MAKE_THREADS | SEND_IN_THREADS | USE_COMMANDS
BOT_ID = "108"
BOT = {"id": BOT_ID, "username": "paperboy", "discriminator": "0", "global_name": None, "avatar": None, "bot": True, "flags": 0}
OWNER_ID = "7"


@dataclass(slots=True, kw_only=True)
class User:
    """A person or a bot; `locale` is what their client speaks."""

    id: str
    name: str
    locale: str = "en-US"
    is_bot: bool = False

    def described(self) -> dict[str, Any]:
        said = {"id": self.id, "username": self.name, "discriminator": "0", "global_name": self.name, "avatar": None}
        return dict(BOT) if self.id == BOT_ID else said | {"bot": self.is_bot, "public_flags": 0}


@dataclass(slots=True, kw_only=True)
class Role:
    """`permissions` are Discord's bits."""

    id: str
    name: str
    permissions: int

    def described(self) -> dict[str, Any]:
        said = {"id": self.id, "name": self.name, "permissions": str(self.permissions), "color": 0, "position": 0, "flags": 0}
        colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        return said | {"colors": colors, "hoist": False, "managed": False, "mentionable": False}


@dataclass(slots=True, kw_only=True)
class Guild:
    """A server; `members` are people by id, with the ids of their roles. Everybody has the role with the guild's own id.

    `system_channel` is where newcomers are greeted, "" for none.
    """

    id: str
    name: str
    owner: str = OWNER_ID
    locale: str = "en-US"
    system_channel: str = ""
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.roles.setdefault(self.id, Role(id=self.id, name="@everyone", permissions=EVERYONE))
        self.members.setdefault(BOT_ID, [])

    def permissions(self, user: str) -> int:
        """Discord's bits of what they may do on the whole server; the owner may do all."""
        if user == self.owner:
            return ALL_RIGHTS
        may = self.roles[self.id].permissions
        for role in self.members.get(user, ()):
            may |= self.roles[role].permissions
        return may


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """What a post of a forum can be marked with."""

    id: str
    name: str

    def described(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "moderated": False, "emoji_id": None, "emoji_name": None}


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel, a thread or a direct chat; only threads have a parent, an owner, an archive and a lock; only forums tags.

    `applied` are the tags of a post, `archive_after` the minutes of silence after which a thread is archived.
    """

    id: str
    name: str
    guild: str = "1"
    kind: int = TEXT
    parent: str = ""
    owner_id: str = ""
    recipient: str = ""
    tags: tuple[Tag, ...] = ()
    requires_tag: bool = False
    applied: tuple[str, ...] = ()
    archived: bool = False
    locked: bool = False
    archive_after: int = 4320
    archived_at: str = "2026-01-01T00:00:00.000000+00:00"
    hides_for: int = 0  # of a forum: so often its new posts are not in the list of active threads yet
    hidden_for: int = 0  # of a post: so often more

    @property
    def is_thread(self) -> bool:
        return self.kind in (NEWS_THREAD, THREAD)
