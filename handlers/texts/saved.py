"""What is said about saved papers: a page of the list, and one paper more or less on it."""

from bot.domain.actions import packed
from bot.domain.keyboards import BEFORE, BEHIND, DOWN, UP, in_rows, key_button
from bot.domain.messages import Bullets, Button, Buttons, Heading, Message, Paragraph, Span, paragraph, text
from bot.domain.papers import SeenPaper
from bot.domain.people import Marked, Vote
from bot.domain.visible import linked_title
from bot.domain.words import Words
from bot.services.marking import PAGE, SavedPage

_SIGNS = {Vote.UP: f" {UP}", Vote.DOWN: f" {DOWN}", Vote.NONE: ""}


def saved(found: SavedPage, words: Words) -> Message:
    """A page of the list: each paper with its vote and the day (UTC) on which it was saved, and buttons that open them."""
    voted = words("saved.voted", up=found.up, down=found.down) if found.up or found.down else ""
    if not found.papers:
        return Message(blocks=(paragraph(words("saved.none")), *((paragraph(voted),) if voted else ())))
    first = (found.page - 1) * PAGE + 1
    return Message(
        blocks=(
            Heading(spans=text(words("saved.head"))),
            paragraph(f"{words('saved.count', n=found.total)} {voted}".rstrip()),
            Bullets(items=tuple(_line(each, words) for each in found.papers), is_numbered=True, first_number=first),
            *_buttons(found, first),
        )
    )


def _line(each: Marked, words: Words) -> tuple[Span, ...]:
    on = words("saved.on", date=each.mark.saved_at.date().isoformat()) if each.mark.saved_at else ""
    return linked_title(each.seen.paper), Span(f"{_SIGNS[each.mark.vote]} {on}".rstrip())


def _buttons(found: SavedPage, first: int) -> tuple[Buttons, ...]:
    opening = [key_button(str(number), each.seen.paper.key) for number, each in enumerate(found.papers, first)]
    rows = in_rows([button for button in opening if button])
    if found.pages > 1:
        rows = (*rows, _pager(found.page, found.pages))
    return (Buttons(rows=rows),) if rows else ()


def _pager(page: int, pages: int) -> tuple[Button, ...]:
    before = (Button(label=BEFORE, action=packed("sl", page - 1)),) if page > 1 else ()
    behind = (Button(label=BEHIND, action=packed("sl", page + 1)),) if page < pages else ()
    return (*before, Button(label=f"{page}/{pages}", action=packed("sl", page)), *behind)


def kept(each: Marked, words: Words) -> Message:
    """It is on the list."""
    return Message(blocks=(_about(each.seen, words("saved.kept")), paragraph(words("saved.kept_hint"))))


def dropped(seen: SeenPaper, words: Words, *, was_saved: bool) -> Message:
    """It is not on the list, or never was."""
    return Message(blocks=(_about(seen, words("saved.dropped" if was_saved else "saved.not_there")),))


def _about(seen: SeenPaper, said: str) -> Paragraph:
    return Paragraph(spans=(Span(f"{said} "), linked_title(seen.paper)))


def only_in_private(home: str, start: str, said: str, words: Words) -> Message:
    """What is one person's own is not shown to a group; `home` is the bot's address, "" if it has none."""
    link = (Span(" "), Span(words("private.link"), url=f"{home}?start={start}")) if home else ()
    return Message(blocks=(Paragraph(spans=(Span(said), *link)),))
