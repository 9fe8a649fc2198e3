"""What is said of a paper that somebody opened below a digest, and of the papers that a digest left out."""

from bot.domain import keyboards
from bot.domain.fitting import cut_at
from bot.domain.keyboards import Rows
from bot.domain.layout import about_line, links_line
from bot.domain.messages import Buttons, Heading, Item, Mark, Message, Paragraph, Span, paragraph
from bot.domain.papers import Paper, SeenPaper
from bot.domain.people import Mark as Said
from bot.domain.people import Vote
from bot.domain.visible import linked_title, shown, title_of
from bot.domain.words import Words
from bot.services.opening import Opened, PartOf, RestPage
from bot.services.summarizing import PaperSummary
from handlers.texts import papers

_TOAST = 150  # letters of a title; a platform shows 200 in all
_TITLE = 200  # of a title in a list, which is to fit into one message


def abstract(seen: SeenPaper, words: Words) -> Message:
    """A paper's abstract, with what it is and where it can be read."""
    text = shown(seen.paper.abstract) or words("paper.no_abstract")
    about = about_line(seen, words, at_most=None)
    title = Heading(spans=(linked_title(seen.paper),))
    return Message(blocks=(title, paragraph(about), paragraph(text), links_line(seen.paper, words)))


def summary(found: PaperSummary, said: Said, words: Words) -> Message:
    """One paper, whole, and what can be done with it."""
    rows = keyboards.key_rows(found.seen.paper, said, words)
    message = papers.summary(found, words)
    return Message(blocks=(*message.blocks, Buttons(rows=rows))) if rows else message


def left_out(found: RestPage, words: Words) -> Message:
    """A page of the titles that a digest did not list."""
    head = Heading(spans=(Span(words("papers.left_out", date=found.on.isoformat()), Mark.BOLD),))
    rows = keyboards.page_rows(found.digest, found.numbers, page=found.page, pages=found.pages)
    return Message(blocks=(head, Item(blocks=tuple(_listed(*each) for each in found.papers)), Buttons(rows=rows)))


def _listed(number: int, seen: SeenPaper) -> Paragraph:
    link = linked_title(seen.paper)
    return Paragraph(spans=(Span(f"{number}. "), Span(_cut(link.text, _TITLE), link.mark, link.url)))


def below(found: PartOf | RestPage, words: Words) -> Rows:
    """The buttons of the message that lists a paper, as they were before one was opened."""
    if isinstance(found, RestPage):
        return keyboards.page_rows(found.digest, found.numbers, page=found.page, pages=found.pages)
    return keyboards.part_rows(found.digest, found.numbers, words, left_out=found.left_out)


def opened(found: Opened) -> str:
    """Which paper the buttons are about now."""
    return f"{found.number}. {_cut(title_of(found.seen.paper), _TOAST)}"


def actions(found: Opened, said: Said, words: Words) -> Rows:
    """What can be done with it."""
    return keyboards.paper_rows(found.digest, found.number, found.seen.paper, said, words)


def actions_of_card(found: Opened, said: Said, words: Words) -> Rows:
    """The same below its card."""
    return (keyboards.card_row(found.digest, found.number, found.seen.paper, said, words),)


def actions_alone(paper: Paper, said: Said, words: Words) -> Rows:
    """What can be done with a paper by itself."""
    return keyboards.key_rows(paper, said, words)


def voted(vote: Vote, words: Words) -> str:
    """What a vote did."""
    return words(f"papers.voted.{vote.name.casefold()}")


def saved(*, is_saved: bool, words: Words) -> str:
    """What saving did."""
    return words("papers.saved" if is_saved else "papers.unsaved")


def _cut(text: str, most: int) -> str:
    end = cut_at(text, most)
    return text if end == len(text) else text[: end or most].rstrip() + " …"
