"""Buttons as Discord takes them: rows of five, lists of values to choose from, five rows below a message. Pure.

buttons that can be sent -> lines (a row, or a list) -> at most five of them a message -> JSON
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.discord_text import CUT, cut, web_url
from bot.domain.actions import packed
from bot.domain.keyboards import in_rows
from bot.domain.messages import Button, Buttons, Span

MOST_ROWS, MOST_A_ROW, MOST_OPTIONS = 5, 5, 25
MOST_PLACES = MOST_ROWS * MOST_A_ROW  # a button takes one of them, a list the five of its row
FEWEST_LISTED = 4  # values: fewer are buttons
LABEL, OPTION, PLACEHOLDER, LINK, ID = 80, 100, 150, 512, 100
ON = "✓ "
_ROW, _BUTTON, _SELECT = 1, 2, 3
_BLUE, _GREY, _LINK = 1, 2, 5

Component = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: buttons, or with `is_list` the values of a list, several of which may be chosen if it `takes_many`.

    `name` is what is seen of a list in which nothing is chosen.
    """

    buttons: tuple[Button, ...]
    is_list: bool = False
    takes_many: bool = False
    name: str = ""

    @property
    def places(self) -> int:
        """How many of the 25 places below a message it takes."""
        return MOST_A_ROW if self.is_list else len(self.buttons)


def components(rows: Sequence[Sequence[Button]], *, takes_many: bool = False) -> list[Component]:
    """Rows of buttons as Discord writes what is below a message, the first five rows of it."""
    made = below(lines(Buttons(rows=tuple(tuple(row) for row in rows), takes_many=takes_many)))
    return written(made[0]) if made else []


def taken(button: Button) -> Button | None:
    """The button with a label that can be sent; None if Discord would refuse it, or nothing is behind it."""
    if button.url is not None:
        url = web_url(button.url)
        return replace(button, label=_label(button.label), url=url, action="") if url and len(url) <= LINK else None
    is_good = button.action.isprintable() and 1 <= len(button.action.strip()) == len(button.action) <= ID
    return replace(button, label=_label(button.label)) if is_good else None


def untaken(buttons: Buttons) -> tuple[Span, ...]:
    """Links that are too long for a button, as text."""
    links = [Span(each.label, url=each.url) for row in buttons.rows for each in row if each.url and taken(each) is None]
    return tuple(span for place, link in enumerate(links) for span in ((Span(" · "), link) if place else (link,)))


def lines(buttons: Buttons) -> tuple[Line, ...]:
    """The rows of a block; of four values or more a list, of more than 25 several. Ways with a name are a list as well."""
    rows = [[good for each in row if (good := taken(each))] for row in buttons.rows]
    values = tuple({each.action: each for row in rows for each in row if _is_listed(each, buttons)}.values())
    made: list[Line] = []
    if len(values) >= FEWEST_LISTED:
        made += _lists(values, buttons)
        rows = [[each for each in row if not _is_listed(each, buttons)] for row in rows]
    return (*made, *(Line(buttons=short) for row in rows for short in in_rows(row, MOST_A_ROW)))


def _is_listed(button: Button, among: Buttons) -> bool:
    return button.url is None and (button.is_on is not None or bool(among.name))


def places(of: Sequence[Line]) -> int:
    """How many of the 25 places below a message they take."""
    return sum(line.places for line in of)


def below(of: Sequence[Line]) -> list[list[Line]]:
    """The same lines, five a message; those that fit below one in other rows are below one."""
    kept = _once(of)
    if len(kept) > MOST_ROWS:
        buttons = [each for line in kept if not line.is_list for each in line.buttons]
        rows = [buttons[at : at + MOST_A_ROW] for at in range(0, len(buttons), MOST_A_ROW)]
        kept = [line for line in kept if line.is_list] + [Line(buttons=tuple(row)) for row in rows]
    return [kept[at : at + MOST_ROWS] for at in range(0, len(kept), MOST_ROWS)]


def written(of: Sequence[Line]) -> list[Component]:
    """The JSON of at most five lines."""
    return [{"type": _ROW, "components": _components(number, line)} for number, line in enumerate(of)]


def _label(label: str) -> str:
    return cut(label, LABEL) or CUT


def _lists(values: Sequence[Button], of: Buttons) -> Iterator[Line]:
    several = in_rows(values, MOST_OPTIONS)
    for options in several:
        name = f"{options[0].label} {CUT} {options[-1].label}" if len(several) > 1 else of.name or of.hint
        yield Line(buttons=options, is_list=True, takes_many=of.takes_many, name=cut(name, PLACEHOLDER))


def _once(of: Sequence[Line]) -> list[Line]:
    """Each action once: below one message Discord takes no id twice."""
    seen: set[str] = set()
    made = []
    for line in of:
        new = []
        for each in line.buttons:
            if each.url is not None or each.action not in seen:
                new.append(each)
                seen.add(each.action)
        if new:
            made.append(replace(line, buttons=tuple(new)))
    return made


def _components(number: int, line: Line) -> list[Component]:
    if not line.is_list:
        return [_button(each) for each in line.buttons]
    options: list[Component] = [{"label": cut(each.label, OPTION), "value": each.action} for each in line.buttons]
    chosen = [place for place, each in enumerate(line.buttons) if each.is_on]
    for place in chosen if line.takes_many else chosen[:1]:
        options[place]["default"] = True
    most = len(options) if line.takes_many else 1
    said: Component = {"type": _SELECT, "custom_id": packed("ch", number), "options": options}
    said |= {"min_values": 0 if line.takes_many else 1, "max_values": most}
    return [said | ({"placeholder": line.name} if line.name else {})]


def _button(button: Button) -> Component:
    if button.url is not None:
        return {"type": _BUTTON, "style": _LINK, "label": button.label, "url": button.url}
    label = cut(ON + button.label, LABEL) if button.is_on else button.label
    return {"type": _BUTTON, "style": _BLUE if button.is_on else _GREY, "label": label, "custom_id": button.action}
