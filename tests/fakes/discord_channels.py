"""The guilds, channels and people of the fake Discord: what is there, where the bot may write, and how Discord tells of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.fakes.discord_errors import Refusal, malformed
from tests.fakes.discord_places import (
    BOT_ID,
    DIRECT,
    EMBED,
    FORUM,
    MAKE_THREADS,
    NEWS,
    OWNER_ID,
    REQUIRE_TAG,
    SEND,
    SEND_IN_THREADS,
    VIEW,
    Channel,
    Guild,
    User,
)


@dataclass(slots=True)
class Channels:
    """Every id of digits is a text channel of guild 1, until a verb says otherwise. What befalls one is kept by its id."""

    guilds: dict[str, Guild] = field(default_factory=lambda: {"1": Guild(id="1", name="Lab")})
    users: dict[str, User] = field(default_factory=dict)
    places: dict[str, Channel] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    removed_guilds: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    silenced: set[str] = field(default_factory=set)
    direct_closed: set[str] = field(default_factory=set)
    strangers: set[str] = field(default_factory=set)
    no_threads: set[str] = field(default_factory=set)  # no right to make threads there
    no_words_in_threads: set[str] = field(default_factory=set)  # no right to write in the threads of these channels
    no_embeds: set[str] = field(default_factory=set)
    full: set[str] = field(default_factory=set)  # most threads are active

    def __post_init__(self) -> None:
        self.users[BOT_ID] = User(id=BOT_ID, name="paperboy", is_bot=True)
        self.users[OWNER_ID] = User(id=OWNER_ID, name="owner")

    def at(self, channel: str) -> Channel:
        """The channel, which comes to be where nobody declared it."""
        if channel not in self.places:
            self.places[channel] = Channel(id=channel, name=f"papers-{channel}")
        return self.places[channel]

    def guild_of(self, channel: str) -> str:
        """The guild's id; nothing for a direct chat."""
        place = self.at(channel)
        return self.at(place.parent).guild if place.is_thread and place.parent in self.places else place.guild

    def check(self, channel: str, *, is_message: bool, has_embeds: bool = False) -> None:
        """Raise what is answered to who may not write there. A message takes a thread out of the archive, typing does not."""
        self.require_seen(channel)
        place = self.at(channel)
        if channel in self.direct_closed:
            raise Refusal(403, 50007, "Cannot send messages to this user")
        if channel in self.strangers:
            raise Refusal(403, 50278, "Cannot send messages to this user due to having no mutual guilds")
        if place.kind == FORUM and is_message:
            raise Refusal(400, 50008, "Cannot send messages in a non-text channel")
        if channel in self.silenced or (place.is_thread and place.parent in self.no_words_in_threads):
            raise Refusal(403, 50013, "Missing Permissions")
        if has_embeds and {channel, place.parent} & self.no_embeds:
            raise Refusal(403, 50013, "Missing Permissions")
        if place.locked:
            raise Refusal(403, 160005, "This thread is locked")
        if place.archived and not is_message:
            raise Refusal(400, 50083, "This thread is archived")

    def require_seen(self, channel: str) -> None:
        """Raise what is answered of a channel that is not there for the bot; a thread goes the way of its parent."""
        if not channel.isdecimal():
            raise malformed("channel_id", "NUMBER_TYPE_COERCE", f'Value "{channel}" is not snowflake.')
        place = self.at(channel)
        if {channel, place.parent} & self.deleted:
            raise Refusal(404, 10003, "Unknown Channel")
        if self.guild_of(channel) in self.removed_guilds:
            raise Refusal(404, 10004, "Unknown Guild")
        if {channel, place.parent} & self.hidden:
            raise Refusal(403, 50001, "Missing Access")

    def require_guild(self, guild: str) -> Guild:
        """Raise what is answered of a guild in which the bot is not."""
        if guild not in self.guilds or guild in self.removed_guilds:
            raise Refusal(404, 10004, "Unknown Guild")
        return self.guilds[guild]

    def check_new_thread(self, parent: Channel) -> None:
        """Raise what is answered to who may not make one there: in a forum that is to write, elsewhere a right of its own."""
        taken = self.silenced if parent.kind == FORUM else self.no_threads
        if parent.id in taken:
            raise Refusal(403, 50013, "Missing Permissions")

    def require_room(self, parent: Channel) -> None:
        """Raise where no more threads may be active."""
        if parent.id in self.full:
            raise Refusal(400, 160006, "Maximum number of active threads reached")

    def active_threads(self, guild: str) -> list[Channel]:
        """The threads and posts that are not archived, as far as the bot sees them; the youngest first."""
        found = [each for each in self.places.values() if each.is_thread and not each.archived]
        seen = (each for each in found if not {each.id, each.parent} & (self.deleted | self.hidden))
        return sorted((each for each in seen if self.guild_of(each.id) == guild), key=lambda each: int(each.id), reverse=True)

    # How Discord tells of them

    def described(self, channel: str) -> dict[str, Any]:
        place = self.at(channel)
        said: dict[str, Any] = {"id": channel, "type": place.kind, "flags": 0, "last_message_id": None}
        if place.kind == DIRECT:
            return said | {"recipients": [self.users[place.recipient].described()]}
        said |= {"guild_id": self.guild_of(channel), "name": place.name, "nsfw": False, "rate_limit_per_user": 0}
        if place.is_thread:
            return said | self._of_thread(place)
        said |= {"position": 0, "permission_overwrites": self._overwrites(channel), "parent_id": None, "topic": None}
        if place.kind == FORUM:
            tags = [each.described() for each in place.tags]
            more = {"default_reaction_emoji": None, "default_sort_order": None, "default_forum_layout": 0}
            said |= {"available_tags": tags, "flags": REQUIRE_TAG if place.requires_tag else 0, **more}
        return said | ({"default_auto_archive_duration": 4320} if place.kind in (FORUM, NEWS) else {})

    def _taken(self, channel: str) -> int:
        rights = ((self.silenced, SEND), (self.hidden, VIEW), (self.no_threads, MAKE_THREADS), (self.no_embeds, EMBED))
        return sum(right for kept, right in (*rights, (self.no_words_in_threads, SEND_IN_THREADS)) if channel in kept)

    def _overwrites(self, channel: str) -> list[dict[str, Any]]:
        taken = self._taken(channel)
        return [{"id": BOT_ID, "type": 1, "allow": "0", "deny": str(taken)}] if taken else []

    def _of_thread(self, place: Channel) -> dict[str, Any]:
        began = moment(int(place.id))
        data: dict[str, Any] = {"archived": place.archived, "locked": place.locked, "auto_archive_duration": place.archive_after}
        data |= {"archive_timestamp": place.archived_at, "create_timestamp": began}
        said: dict[str, Any] = {"parent_id": place.parent or "1", "owner_id": place.owner_id or BOT_ID, "thread_metadata": data}
        said |= {"message_count": 0, "member_count": 1, "total_message_sent": 0, "applied_tags": list(place.applied)}
        joined = {"id": place.id, "user_id": BOT_ID, "join_timestamp": began, "flags": 0}
        return said | ({"member": joined} if place.owner_id in ("", BOT_ID) else {})

    def described_guild(self, guild: str) -> dict[str, Any]:
        """All of it, as GUILD_CREATE does: with its channels, its active threads, its roles and the bot's membership."""
        here = self.guilds[guild]
        said: dict[str, Any] = {"id": guild, "name": here.name, "owner_id": here.owner, "preferred_locale": here.locale}
        kinds = (each for each in self.places.values() if each.kind != DIRECT and not each.is_thread)
        channels = [self.described(each.id) for each in kinds if each.guild == guild and each.id not in self.deleted]
        said |= {"channels": channels, "threads": [self.described(each.id) for each in self.active_threads(guild)]}
        said |= {"roles": [role.described() for role in here.roles.values()]}
        said |= {"members": [self.described_member(guild, BOT_ID)], "member_count": len(here.members)}
        empty = ("emojis", "stickers", "features", "voice_states", "presences", "stage_instances", "guild_scheduled_events")
        said |= {name: [] for name in (*empty, "soundboard_sounds")}
        said |= {"unavailable": False, "large": False, "joined_at": JOINED, "icon": None, "splash": None, "banner": None}
        said |= {"discovery_splash": None, "description": None, "vanity_url_code": None, "afk_channel_id": None}
        said |= dict.fromkeys(("afk_timeout", "verification_level", "default_message_notifications", "mfa_level"), 0)
        said |= dict.fromkeys(("explicit_content_filter", "premium_tier", "nsfw_level", "system_channel_flags"), 0)
        return said | {"system_channel_id": here.system_channel or None, "premium_progress_bar_enabled": False}

    def described_member(self, guild: str, user: str) -> dict[str, Any]:
        roles = self.guilds[guild].members.get(user, [])
        said = {"user": self.users[user].described(), "nick": None, "roles": list(roles), "joined_at": JOINED, "flags": 0}
        return said | {"deaf": False, "mute": False, "pending": False, "avatar": None, "premium_since": None}


JOINED = "2026-01-01T00:00:00.000000+00:00"
EPOCH_MS = 1_420_070_400_000


def moment(snowflake: int) -> str:
    """When it came to be, as Discord writes it."""
    return datetime.fromtimestamp(((snowflake >> 22) + EPOCH_MS) / 1000, UTC).isoformat()
