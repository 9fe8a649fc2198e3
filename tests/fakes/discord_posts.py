"""Messages of the fake Discord: what people see of one, as it is now, and how Discord tells of it."""

from dataclasses import asdict, dataclass, field
from typing import Any

from tests.fakes.discord_channels import moment
from tests.fakes.discord_components import buttons
from tests.fakes.discord_places import BOT_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An attachment."""

    id: str
    name: str
    content: bytes = field(repr=False)
    kind: str = "application/octet-stream"


@dataclass(slots=True, kw_only=True, eq=False)
class Accepted:
    """A message that people see, as it is now; one that was deleted stays, and is seen no more.

    `parent` is the text channel or forum where `channel` is a thread. `thread` was made from this message. `seen_by` is the
    only person who sees it, where it answers an interaction in private; `interaction` is what it answers.
    """

    id: str
    channel: str
    content: str
    nonce: str
    flags: int
    allowed_mentions: dict[str, Any] | None
    at: float
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    author: str = BOT_ID
    guild: str = ""
    parent: str = ""
    thread: str = ""
    is_post: bool = False
    edited_at: str | None = None
    edits: int = 0
    is_deleted: bool = False
    seen_by: str = ""
    reference: dict[str, Any] | None = None
    interaction: dict[str, Any] | None = None

    @property
    def is_seen(self) -> bool:
        return not self.is_deleted

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """All its buttons, in order."""
        return buttons(self.components)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message as a test looks at it: `channel` is the text channel, forum or direct chat, `thread` "" outside of threads.

    Of embeds with one and the same URL people see the first alone.
    """

    id: str
    channel: str
    thread: str
    parent: str
    content: str
    embeds: tuple[dict[str, Any], ...]
    buttons: tuple[dict[str, Any], ...]


def shown(accepted: Accepted) -> Shown:
    """What a person sees of it."""
    seen: dict[str, dict[str, Any]] = {}
    for place, embed in enumerate(accepted.embeds):
        seen.setdefault(embed.get("url") or str(place), embed)
    return Shown(
        id=accepted.id,
        channel=accepted.parent or accepted.channel,
        thread=accepted.channel if accepted.parent else "",
        parent=accepted.parent,
        content=accepted.content,
        embeds=tuple(seen.values()),
        buttons=tuple(accepted.buttons),
    )


def as_json(accepted: Accepted) -> dict[str, Any]:
    """For who looks on from another process."""
    return asdict(accepted)


def described(accepted: Accepted, author: dict[str, Any]) -> dict[str, Any]:
    """As Discord tells it."""
    said: dict[str, Any] = {"id": accepted.id, "channel_id": accepted.channel, "content": accepted.content, "author": author}
    said |= {"nonce": accepted.nonce, "embeds": accepted.embeds, "components": accepted.components}
    said |= {"attachments": accepted.attachments, "mentions": [], "mention_roles": [], "tts": False, "pinned": False}
    said |= {"timestamp": moment(int(accepted.id)), "edited_timestamp": accepted.edited_at, "mention_everyone": False}
    said |= {"type": 0, "flags": accepted.flags | ((1 << 5) if accepted.thread else 0)}
    if accepted.interaction:
        said |= {"interaction_metadata": accepted.interaction, "application_id": BOT_ID, "webhook_id": BOT_ID}
    return said | ({"message_reference": accepted.reference} if accepted.reference else {})
