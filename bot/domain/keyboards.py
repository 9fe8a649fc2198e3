"""Buttons in rows: which stand below a digest and below one of its papers, and what a tap turns them into. Pure.

Each says what it leads to, never "the other way round": a second tap on a button that did not change yet does no harm.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from bot.domain.actions import packed
from bot.domain.links import PublicKind, public_links
from bot.domain.messages import Button
from bot.domain.papers import Paper, PaperKey, Scheme
from bot.domain.people import Mark, Vote
from bot.domain.visible import is_web, paper_url
from bot.domain.words import Words

MOST_A_ROW = 8
UP, DOWN, BEFORE, BEHIND, CHOSEN = "👍", "👎", "‹", "›", " ✓"
CARD = "c"  # the last argument of a button below a card
_LONGEST_URL = 512  # of a button, on the platform that takes the least

Row = tuple[Button, ...]
Rows = tuple[Row, ...]


def in_rows(buttons: Sequence[Button], width: int = MOST_A_ROW) -> Rows:
    """As few rows of at most `width` as can be, as even as can be, the longer ones first."""
    if not buttons:
        return ()
    count = -(-len(buttons) // width)
    least, longer = divmod(len(buttons), count)
    ends = [place * least + min(place, longer) for place in range(count + 1)]
    return tuple(tuple(buttons[start:end]) for start, end in pairwise(ends))


def number_button(digest: int, number: int) -> Button:
    """Opens a paper of a digest: `number` counts from 1, and goes on behind the listed ones with what was left out."""
    return Button(label=str(number), action=packed("dp", digest, number))


def tail_row(digest: int, left_out: int, words: Words) -> Row:
    """Below the last part of a digest: the papers that were left out, if there are any, and the settings."""
    more = Button(label=words("papers.more", n=left_out), action=packed("dm", digest, 1))
    settings = Button(label=words("papers.settings"), action=packed("st"))
    return (more, settings) if left_out else (settings,)


def part_rows(digest: int, numbers: Sequence[int], words: Words, *, left_out: int | None) -> Rows:
    """Below the part that holds these papers; `left_out` is None where it is not the last one."""
    rows = in_rows([number_button(digest, number) for number in numbers])
    return rows if left_out is None else (*rows, tail_row(digest, left_out, words))


def page_rows(digest: int, numbers: Sequence[int], *, page: int, pages: int) -> Rows:
    """Below a page of what was left out: its papers, and the pages beside it, which come in its place."""
    rows = in_rows([number_button(digest, number) for number in numbers])
    return (*rows, _pager(digest, page, pages)) if pages > 1 else rows


def _pager(digest: int, page: int, pages: int) -> Row:
    def leads(label: str, to: int) -> Button:
        return Button(label=label, action=packed("dm", digest, to, 1))

    before = (leads(BEFORE, page - 1),) if page > 1 else ()
    behind = (leads(BEHIND, page + 1),) if page < pages else ()
    return (*before, leads(f"{page}/{pages}", page), *behind)


def paper_rows(digest: int, number: int, paper: Paper, mark: Mark, words: Words) -> Rows:
    """What can be done with one paper of a digest; `mark` is what whoever looks at it said of it."""
    reading = (
        Button(label=words("papers.summary_of", n=number), action=packed("dx", digest, number)),
        Button(label=words("paper.abstract"), action=packed("da", digest, number)),
        *_pages(paper, words),
    )
    marking = _digest_marking(digest, number, mark, words)
    return reading, (*marking, Button(label=words("papers.back"), action=packed("db", digest, number)))


def card_row(digest: int, number: int, paper: Paper, mark: Mark, words: Words) -> Row:
    """Below the card of a paper of a digest, at most five; where many see it, `mark` is nobody's.

    Each tap leads to the same row: a card was not opened from anywhere, so there is no way back.
    """
    reading = Button(label=words("papers.summary"), action=packed("dx", digest, number))
    return (reading, *_digest_marking(digest, number, mark, words, CARD), *_pages(paper, words))


def key_rows(paper: Paper, mark: Mark, words: Words) -> Rows:
    """What can be done with one paper by itself; of one that is not on arXiv only where it can be read."""
    names = _id_args(paper.key)
    marking = (
        _marking(
            mark,
            words,
            vote=lambda vote: packed("kv", vote, *names),
            save=lambda is_saved: packed("ks", int(is_saved), *names),
        )
        if names
        else ()
    )
    row = (*_pages(paper, words), *marking)
    return (row,) if row else ()


def key_button(label: str, key: PaperKey) -> Button | None:
    """Has a paper by itself summarized; None for one that is not on arXiv, whose name does not go behind a button."""
    names = _id_args(key)
    return Button(label=label, action=packed("kx", *names)) if names else None


def _id_args(key: PaperKey) -> tuple[str, ...]:
    """An arXiv id as arguments of an action, which full stops part."""
    return tuple(key.value.split(".")) if key.scheme is Scheme.ARXIV else ()


def _digest_marking(digest: int, number: int, mark: Mark, words: Words, *where: str) -> Row:
    return _marking(
        mark,
        words,
        vote=lambda vote: packed("dv", digest, number, vote, *where),
        save=lambda is_saved: packed("ds", digest, number, int(is_saved), *where),
    )


def _marking(mark: Mark, words: Words, *, vote: Callable[[Vote], str], save: Callable[[bool], str]) -> Row:
    is_saved = mark.saved_at is not None

    def voting(sign: str, wanted: Vote) -> Button:
        is_chosen = mark.vote is wanted
        return Button(label=sign + CHOSEN * is_chosen, action=vote(Vote.NONE if is_chosen else wanted))

    saving = Button(label=words("papers.save") + CHOSEN * is_saved, action=save(not is_saved))
    return voting(UP, Vote.UP), voting(DOWN, Vote.DOWN), saving


def _pages(paper: Paper, words: Words) -> Row:
    """Where it can be read: its PDF, or else its own page. A button that leads nowhere would cost the whole message."""
    public = {link.kind: link.url for link in public_links(paper.key, paper.version)}
    if PublicKind.PDF in public:
        label, url = words("link.pdf"), public[PublicKind.PDF]
    else:
        label, url = words("link.doi" if PublicKind.DOI in public else "link.page"), paper_url(paper) or ""
    return (Button(label=label, url=url),) if is_web(url) and len(url) <= _LONGEST_URL else ()
