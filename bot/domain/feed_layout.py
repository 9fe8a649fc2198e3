"""What a digest looks like as a feed: a message with a compact list, and behind it a card for each paper.

Digest -> Message(head, list, what was left out and why; Thread(Card for each paper)). Everything is there whole: what is too
long for a platform is split where it is rendered.
"""

from dataclasses import replace

from bot.domain.card_layout import paper_card
from bot.domain.digest_frame import framed
from bot.domain.digest_layout import paper_item
from bot.domain.digests import Digest, DigestItem
from bot.domain.item_lines import late, short, why
from bot.domain.keyboards import card_row
from bot.domain.layout import links_line
from bot.domain.messages import Block, Bullets, Card, Message, Paragraph, Thread
from bot.domain.people import Mark
from bot.domain.subscriptions import Form
from bot.domain.visible import linked_title
from bot.domain.words import Words


def feed_message(digest: Digest, words: Words, *, form: Form, number: int | None, has_thread: bool) -> Message:
    """The head with its list, and the cards in a thread; with `form` TITLES there is the list alone.

    `number` is that of the stored digest: with it there are buttons. A paper begins where its card is, so the list above the
    cards does not say that papers begin in it. The thread has its name on an empty day too: a forum takes no post without.
    """
    if form is Form.TITLES:
        listed: tuple[Block, ...] = tuple(
            paper_item(place, item, words, form=form, number=number) for place, item in enumerate(digest.items, 1)
        )
        cards: tuple[Card, ...] = ()
    else:
        lines = tuple((linked_title(item.pick.seen.paper), *short(item, words)) for item in digest.items)
        listed = (Bullets(items=lines, is_numbered=True),) if lines else ()
        cards = tuple(_of_item(place, item, words, form, number) for place, item in enumerate(digest.items, 1))
    thread = Thread(name=_name(digest, words), cards=cards, is_apart=has_thread)
    return Message(blocks=framed(digest, listed, words, number=number), thread=thread)


def _name(digest: Digest, words: Words) -> str:
    """Words and numbers of ours alone, at most 100 characters."""
    key = "feed.thread" if digest.items else "feed.no_papers"
    return words(key, n=len(digest.items), date=digest.on.isoformat())


def _of_item(place: int, item: DigestItem, words: Words, form: Form, number: int | None) -> Card:
    """The card of a paper at its place, with why it is there above all else."""
    seen = item.pick.seen
    card = paper_card(seen, item.summary, words, lack=item.lack, form=form)
    links = links_line(seen.paper, words) if number is None else Paragraph(spans=())
    return replace(
        card,
        number=place,
        title=f"{place}. {card.title}",
        blocks=(*why(item, words), *late(item, words), *card.blocks, *((links,) if links.spans else ())),
        rows=() if number is None else (card_row(number, place, seen.paper, Mark(), words),),
    )
