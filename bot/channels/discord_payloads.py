"""A part as the outbox keeps it, and the bodies that Discord gets for it: as it is, in plain text, without embeds. Pure."""

import json
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.discord_embeds import Embed, as_texts, plain_embed
from bot.channels.discord_parts import thread_name
from bot.channels.discord_text import bare, plain
from bot.ports import Part

SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS = 1 << 2, 1 << 12

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """One message. `name` is that of the thread or post it belongs to, "" for none; `is_apart`: a thread is wanted."""

    content: str
    embeds: tuple[Embed, ...] = ()
    components: tuple[Body, ...] = ()
    is_silent: bool = False
    name: str = ""
    is_apart: bool = False

    @property
    def post_name(self) -> str:
        """What a post of it is called: as its thread would be, else by its first line."""
        title = self.embeds[0].get("title", "") if self.embeds else ""
        first = (self.content or title).strip().partition("\n")[0]
        return self.name or thread_name(bare(first))

    def plain(self) -> "Payload":
        """The same words in one message, without markup and buttons: whatever was refused is not in it."""
        embeds = tuple(map(plain_embed, self.embeds))
        return replace(self, content=plain(self.content), embeds=embeds, components=())

    def bodies(self, *, has_embeds: bool = True) -> tuple[Body, ...]:
        """What Discord gets: one message; without embeds as many as their words take, the buttons below the last."""
        contents = [self.content] if self.content or not self.embeds else []
        if has_embeds or not self.embeds:
            return (self._body(self.content, embeds=self.embeds, components=self.components),)
        contents += [text for embed in self.embeds for text in as_texts(embed)]
        last = len(contents) - 1
        return tuple(self._body(each, components=self.components * (place == last)) for place, each in enumerate(contents))

    def _body(self, content: str, *, embeds: tuple[Embed, ...] = (), components: tuple[Body, ...] = ()) -> Body:
        # Its own embeds would be hidden as well.
        flags = (0 if embeds else SUPPRESS_EMBEDS) | (SUPPRESS_NOTIFICATIONS if self.is_silent else 0)
        said: Body = {"content": content, "embeds": list(embeds), "components": list(components), "flags": flags}
        return said | {"allowed_mentions": {"parse": []}}


def payload_of(part: Part) -> Payload:
    """What `discord_parts` made, also that of an earlier release."""
    said = json.loads(part.payload)
    thread = said.get("thread") or {}
    return Payload(
        content=str(said.get("content", "")),
        embeds=tuple(said.get("embeds", ())),
        components=tuple(said.get("components", ())),
        is_silent=bool(said.get("silent", False)),
        name=str(thread.get("name", "")),
        is_apart=bool(thread.get("is_apart", False)),
    )


def is_same(body: Body, message: Body) -> bool:
    """Whether a message of ours is what this body would show: its words, and the buttons that name the digest."""
    return _signature(body) == _signature(message)


def _signature(said: Body) -> tuple[object, ...]:
    shown = [(_squeezed(each.get("title")), _squeezed(each.get("description"))) for each in said.get("embeds") or ()]
    rows = said.get("components") or ()
    actions = [(each.get("custom_id"), each.get("url")) for row in rows for each in row.get("components", ())]
    return _squeezed(said.get("content")), shown, actions


def _squeezed(text: object) -> str:
    return "".join(str(text or "").split())
