"""The channels of the fake Discord: where the bot may write, what a message must be, and in which words it is refused."""

import json
from dataclasses import dataclass, field
from typing import Any

CONTENT_CHARS, NONCE_CHARS = 2000, 25
FLAGS = 1 << 2 | 1 << 12 | 1 << 15  # SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS, IS_COMPONENTS_V2: all that a sender may set
TYPES_MENTIONED = {"roles", "users", "everyone"}


class Refusal(Exception):
    """An answer that is an error: its status, Discord's own code, and more of the body where there is more."""

    def __init__(self, status: int, code: int, message: str, **more: object) -> None:
        super().__init__(message)
        self.status, self.body = status, {"message": message, "code": code, **more}


def malformed(field_name: str, code: str, message: str) -> Refusal:
    """Discord's words for a field that it does not take."""
    errors = {field_name: {"_errors": [{"code": code, "message": message}]}}
    return Refusal(400, 50035, "Invalid Form Body", errors=errors)


@dataclass(slots=True)
class Channels:
    """Every id of digits is a channel of the guild that `guilds` names, else of guild 1, until a verb says otherwise."""

    guilds: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    removed_guilds: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    silenced: set[str] = field(default_factory=set)
    direct_closed: set[str] = field(default_factory=set)
    strangers: set[str] = field(default_factory=set)
    threads: set[str] = field(default_factory=set)
    archived: set[str] = field(default_factory=set)
    locked: set[str] = field(default_factory=set)

    def check(self, channel: str, *, is_message: bool) -> None:
        """Raise what is answered to who may not write there. A message takes a thread out of the archive, typing does not."""
        self.require_seen(channel)
        if channel in self.direct_closed:
            raise Refusal(403, 50007, "Cannot send messages to this user")
        if channel in self.strangers:
            raise Refusal(403, 50278, "Cannot send messages to this user due to having no mutual guilds")
        if channel in self.silenced:
            raise Refusal(403, 50013, "Missing Permissions")
        if channel in self.locked:
            raise Refusal(403, 160005, "This thread is locked")
        if channel in self.archived and not is_message:
            raise Refusal(400, 50083, "This thread is archived")

    def require_seen(self, channel: str) -> None:
        """Raise what is answered of a channel that is not there for the bot."""
        if not channel.isdecimal():
            raise malformed("channel_id", "NUMBER_TYPE_COERCE", f'Value "{channel}" is not snowflake.')
        if channel in self.deleted:
            raise Refusal(404, 10003, "Unknown Channel")
        if self.guilds.get(channel, "1") in self.removed_guilds:
            raise Refusal(404, 10004, "Unknown Guild")
        if channel in self.hidden:
            raise Refusal(403, 50001, "Missing Access")

    def described(self, channel: str) -> dict[str, Any]:
        said = {"id": channel, "guild_id": self.guilds.get(channel, "1"), "name": f"papers-{channel}", "flags": 0}
        if channel in self.threads:
            closed = {"archived": channel in self.archived, "locked": channel in self.locked}
            return said | {"type": 11, "parent_id": "1", "thread_metadata": closed}
        return said | {"type": 0, "position": 0, "permission_overwrites": []}


def parsed(content_type: str, body: bytes) -> dict[str, Any]:
    """The JSON of a request; Discord takes nothing else from a bot that sends no files."""
    if content_type != "application/json":
        raise Refusal(400, 50035, "Invalid Form Body", errors={"_errors": [{"code": "CONTENT_TYPE_INVALID", "message": "No."}]})
    try:
        found = json.loads(body)
    except ValueError:
        raise Refusal(400, 50109, "The request body contains invalid JSON.") from None
    if not isinstance(found, dict):
        raise malformed("_", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
    return found


def check_message(body: dict[str, Any]) -> str:
    """The content as it will be shown. Characters are code points (discord/discord-api-docs#1315)."""
    content, nonce = body.get("content", ""), body.get("nonce", "")
    if not isinstance(content, str):
        raise malformed("content", "STRING_TYPE_CONVERT", "Could not interpret value as string.")
    if len(content) > CONTENT_CHARS:
        raise malformed("content", "BASE_TYPE_MAX_LENGTH", f"Must be {CONTENT_CHARS} or fewer in length.")
    if not content.strip():
        raise Refusal(400, 50006, "Cannot send an empty message")
    if isinstance(nonce, bool) or not isinstance(nonce, str | int):
        raise malformed("nonce", "NONCE_TYPE_INVALID", "Could not interpret value as a nonce.")
    if len(str(nonce)) > NONCE_CHARS:
        raise malformed("nonce", "BASE_TYPE_MAX_LENGTH", f"Must be {NONCE_CHARS} or fewer in length.")
    flags = body.get("flags", 0)
    if not isinstance(flags, int) or flags & ~FLAGS:
        raise malformed("flags", "BASE_TYPE_CHOICES", "Value must be one of the flags that may be set.")
    mentioned = body.get("allowed_mentions", {}).get("parse", [])
    if not set(mentioned) <= TYPES_MENTIONED:
        raise malformed("allowed_mentions", "BASE_TYPE_CHOICES", "Value must be one of ('roles', 'users', 'everyone').")
    return content.strip()
