"""Buttons as Telegram takes them: eight a row, and only such as it would not refuse the whole message for. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.channels.telegram_text import clean, has_visible, is_link
from bot.domain.actions import MOST_BYTES
from bot.domain.messages import Button

MOST_BUTTONS, MOST_A_ROW = 100, 8
CHOSEN = "✓ "

Rows = tuple[tuple[Button, ...], ...]
Keyboard = list[list[dict[str, str]]]


def taken(button: Button | None) -> Button | None:
    """The button with a label that can be sent; None if Telegram would refuse it, and what is above it with it."""
    if button is None:
        return None
    label = clean(button.label)
    is_good = is_link(button.url) if button.url else 1 <= len(button.action.encode("utf-8", "replace")) <= MOST_BYTES
    return replace(button, label=label) if is_good and has_visible(label) else None


def taken_rows(rows: Sequence[Sequence[Button]]) -> Rows:
    """Rows of at most eight of the buttons that can be sent."""
    return tuple(_short(tuple(good for button in row if (good := taken(button))) for row in rows))


def keyboard(rows: Sequence[Sequence[Button]]) -> Keyboard:
    """As the Bot API writes it: of buttons that can be sent, the first hundred."""
    left = MOST_BUTTONS
    made: Keyboard = []
    for row in taken_rows(rows):
        if left > 0:
            made.append([_written(button) for button in row[:left]])
            left -= len(row)
    return made


def _short(rows: Iterator[tuple[Button, ...]]) -> Iterator[tuple[Button, ...]]:
    for row in rows:
        yield from (row[at : at + MOST_A_ROW] for at in range(0, len(row), MOST_A_ROW))


def _written(button: Button) -> dict[str, str]:
    label = CHOSEN + button.label if button.is_on else button.label
    return {"text": label} | ({"url": button.url} if button.url else {"callback_data": button.action})
