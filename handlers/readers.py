"""Messages that many read: what one of them presses changes no more of it than its own buttons do, and is no post for all.

What comes back from a button may be forged, by anybody who sees the message.
"""

from dataclasses import replace

from bot.domain.actions import Action, unpacked
from bot.domain.messages import Buttons
from handlers.commands import Who
from handlers.presses import PRESSES
from handlers.talk import Answer, Place, Talk

ALONE = (Place.PRIVATE, Place.TERMINAL)


def is_for_one(talk: Talk, action: Action | None) -> bool:
    """Whether the answer to a press goes to whoever pressed alone: in a channel anybody who reads it can press."""
    is_more = action is not None and action.name in PRESSES and PRESSES[action.name].is_for_one
    return talk.place is Place.CHANNEL and bool(talk.person.id) and is_more


def allowed(below: tuple[Action, ...], talk: Talk, action: Action | None, found: Answer) -> Answer:
    """The answer, or that the button is none of its message's, where it would change what others read.

    `below` is what the buttons of the message say, as the platform keeps it.
    """
    if talk.place in ALONE or action is None or action.name not in PRESSES or PRESSES[action.name].who is Who.ADMINS:
        return found
    is_change = found.is_in_place or found.rows is not None
    if is_change and not _fits(action, below, is_whole=found.is_in_place):
        return Answer(toast=talk.words("press.expired"))
    return _without_buttons(found) if is_for_one(talk, action) and action.name.startswith("d") else found


def _fits(action: Action, buttons: tuple[Action, ...], *, is_whole: bool) -> bool:
    """A text is changed by its own buttons alone; buttons by those of the same digest: two people may press at once."""
    if is_whole:
        return action in buttons
    return any(each.name[0] == action.name[0] and each.arg(0) == action.arg(0) for each in buttons)


def _without_buttons(found: Answer) -> Answer:
    """Those of a digest work in the chat that it is for."""
    if found.message is None:
        return found
    return replace(found, message=replace(found.message, blocks=tuple(b for b in found.message.blocks if not _of_digest(b))))


def _of_digest(block: object) -> bool:
    if not isinstance(block, Buttons):
        return False
    actions = (unpacked(button.action) for row in block.rows for button in row)
    return any(each is not None and each.name.startswith("d") for each in actions)
