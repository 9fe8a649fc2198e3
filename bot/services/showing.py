"""A digest as the parts of one platform. A paper that cannot be laid out costs nobody the others: it goes as its title alone."""

import asyncio
from dataclasses import dataclass, replace

from bot.domain.digest_layout import digest_message
from bot.domain.digests import Digest, DigestItem
from bot.domain.feed_layout import feed_message
from bot.domain.messages import Message
from bot.domain.subscriptions import Form
from bot.domain.words import Words
from bot.ports import Channel, Part
from bot.services.batches import apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a digest is shown: in which words and form, under which number of the store (for its buttons), with a sound or not.

    `has_thread`: where cards are shown, they come in a thread.
    """

    words: Words
    form: Form = Form.CARDS
    number: int | None = None
    is_silent: bool = False
    has_thread: bool = True


async def parts_of(digest: Digest, channel: Channel, look: Look) -> tuple[Part, ...]:
    """Lay out and render, beside the event loop. Whatever a single paper does, only its own lines suffer."""

    async def rendered(shown: Digest) -> tuple[Part, ...]:
        return await asyncio.to_thread(lambda: channel.render(_message(shown, look, shows_cards=channel.shows_cards)))

    whole = await apart(rendered(digest), "digest cannot be shown as it is", platform=channel.name)
    if whole is not None:
        return whole
    items = [
        item
        if await apart(
            rendered(replace(digest, items=(item,))), "paper cannot be shown", paper=str(item.pick.seen.paper.key.value)
        )
        is not None
        else _bare(item)
        for item in digest.items
    ]
    return await rendered(replace(digest, items=tuple(items)))


def _message(digest: Digest, look: Look, *, shows_cards: bool) -> Message:
    if shows_cards:
        made = feed_message(digest, look.words, form=look.form, number=look.number, has_thread=look.has_thread)
    else:
        made = digest_message(digest, look.words, form=look.form, number=look.number)
    return replace(made, is_silent=look.is_silent)


def _bare(item: DigestItem) -> DigestItem:
    """Its title and its links."""
    paper = replace(item.pick.seen.paper, abstract="", authors=(), comment=None, journal_ref=None)
    seen = replace(item.pick.seen, paper=paper, sightings=())
    return DigestItem(pick=replace(item.pick, seen=seen))
