"""What a digest looks like as a feed: a message with a compact list, and behind it a card for each paper."""

from bot.domain.digest_layout import digest_message
from bot.domain.digests import Digest
from bot.domain.messages import Message, Thread
from bot.domain.subscriptions import Form
from bot.domain.words import Words


def feed_message(digest: Digest, words: Words, *, form: Form, number: int | None, has_thread: bool) -> Message:
    """The head with its list, and the cards in a thread; with `form` TITLES there is the list alone."""
    name = words("digest.title", date=digest.on.isoformat())
    message = digest_message(digest, words, form=form, number=number)
    return Message(blocks=message.blocks, thread=Thread(name=name, is_apart=has_thread))
