"""What is said about what is kept of people: what, why, for how long, who sees it, and how it is deleted."""

from collections.abc import Iterator

from bot.domain.messages import Bullets, Heading, Message, paragraph, text
from bot.domain.visible import shown
from bot.domain.words import Words
from bot.services.forgetting import Held, HeldOfChat, HeldOfPerson, Terms


def privacy(terms: Terms, words: Words) -> Message:
    """The whole of it, in plain words."""
    model = words("privacy.model", model=shown(terms.model)) if terms.model else words("privacy.no_model")
    kept = (
        words("privacy.settings"),
        words("privacy.digests", shown=terms.shown, sent=terms.sent),
        words("privacy.marks"),
        words("privacy.calls", n=terms.calls),
        words("privacy.asked", asked=terms.asked, uploads=terms.uploads),
        words("privacy.not_kept"),
    )
    seen = (words("privacy.operator"), model, words("privacy.sources"), words("privacy.platform"))
    yours = (words("privacy.export"), words("privacy.delete"), words("privacy.backups"))
    return Message(
        blocks=(
            Heading(spans=text(words("privacy.head"))),
            _list(kept),
            Heading(spans=text(words("privacy.who"))),
            _list(seen),
            Heading(spans=text(words("privacy.yours"))),
            _list(yours),
        )
    )


def would_delete(held: Held, words: Words) -> Message:
    """Exactly what there is to delete, and what to write to have it deleted."""
    if held.is_nothing:
        return _nothing(held, words)
    own = () if held.person else (paragraph(words("delete.private")),)
    return Message(
        blocks=(
            paragraph(words("delete.would")),
            _list(tuple(_lines(held, words))),
            *own,
            paragraph(words("delete.remembered")),
            paragraph(words("delete.confirm" if held.person else "delete.confirm_chat")),
        )
    )


def deleted(held: Held, words: Words) -> Message:
    """What was deleted."""
    if held.is_nothing:
        return _nothing(held, words)
    lines = _list(tuple(_lines(held, words)))
    return Message(blocks=(paragraph(words("delete.done")), lines, paragraph(words("delete.remembered"))))


def _nothing(held: Held, words: Words) -> Message:
    return Message(blocks=(paragraph(words("delete.nothing" if held.person else "delete.nothing_here")),))


def _lines(held: Held, words: Words) -> Iterator[str]:
    if held.person:
        yield from _of_person(held.person, words)
    yield from _of_chat(held.chat, words)


def _of_person(held: HeldOfPerson, words: Words) -> Iterator[str]:
    if held.marks.saved:
        yield words("delete.saved", n=held.marks.saved)
    if held.marks.up + held.marks.down:
        yield words("delete.votes", n=held.marks.up + held.marks.down)
    if held.uploads:
        yield words("delete.uploads", n=held.uploads)


def _of_chat(held: HeldOfChat, words: Words) -> Iterator[str]:
    if held.subscriptions:
        yield words("delete.subscriptions", n=held.subscriptions)
    if held.digests:
        yield words("delete.digests", n=held.digests)
    if held.calls:
        yield words("delete.calls", n=held.calls)


def _list(lines: tuple[str, ...]) -> Bullets:
    return Bullets(items=tuple(text(line) for line in lines))
