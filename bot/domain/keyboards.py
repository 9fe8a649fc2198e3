"""Buttons in rows: which stand below a digest and below one of its papers, and what a tap turns them into. Pure."""

from collections.abc import Sequence

from bot.domain.messages import Button

MOST_A_ROW = 8

Row = tuple[Button, ...]
Rows = tuple[Row, ...]


def in_rows(buttons: Sequence[Button], width: int = MOST_A_ROW) -> Rows:
    """As few rows of at most `width` as can be, as even as can be, the longer ones first."""
    if not buttons:
        return ()
    count = -(-len(buttons) // width)
    least, longer = divmod(len(buttons), count)
    ends = [place * least + min(place, longer) for place in range(count + 1)]
    return tuple(tuple(buttons[start:end]) for start, end in zip(ends[:-1], ends[1:], strict=True))
