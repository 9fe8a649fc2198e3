"""An Answer as people see it on a platform: sent, or put in the place of the message whose button was pressed.

Whoever waits is not told of every hiccup: what surely did not arrive is sent again for a moment, what may have arrived is not.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.actions import Action, unpacked
from bot.domain.deliveries import Cause, Outcome, OutcomeKind
from bot.domain.messages import Buttons, Message, paragraph
from bot.domain.subscriptions import Address
from bot.ports import Part
from handlers.desk import Desk
from handlers.presses import PRESSES
from handlers.talk import Answer, Place, Talk, said

TRIES = 3
MOST_QUESTIONS = 10_000  # that are remembered; a reply to a forgotten one still answers it
LONGEST_WAIT_S = 60.0  # a chat that the platform silences for longer gets no answer: who waits has gone by then


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where an answer goes: `reply_to` is the message it answers, `own` one of ours that becomes its first part."""

    address: Address
    reply_to: str = ""
    own: str = ""


async def show(desk: Desk, talk: Talk, found: Answer, spot: Spot) -> bool:
    """Show all of an answer to a command; whether all of it arrived. What it waits for is called then."""
    is_shown = True
    if found.message is not None:
        told = await tell(desk, _heard(desk, talk, found.message, spot), spot)
        is_shown = told.kind is OutcomeKind.SENT
        if told.kind is OutcomeKind.SUSPEND and told.cause and talk.person.id:
            await _tell_alone(desk, talk, told.cause, spot)
    for file in found.files:
        sent = await _surely(desk, spot.address, _uploading(desk, file.name, file.content, file.caption))
        is_shown = is_shown and sent.kind is OutcomeKind.SENT
    if is_shown and found.once_shown is not None:
        await found.once_shown()
    return is_shown


async def conclude(desk: Desk, talk: Talk, found: Answer, spot: Spot) -> bool:
    """Show an answer in the place of our word that it is being made; that word goes where the answer comes by itself."""
    if found.message is None and spot.own:
        await desk.speaker.delete(spot.address, spot.own)
    return await show(desk, talk, found, spot)


async def tell(desk: Desk, message: Message, spot: Spot) -> Outcome:
    """Send a message, its first part in the place of our own one if there is one; what became of the last that was sent."""
    parts = desk.speaker.render(message)
    own, reply_to, last = spot.own, spot.reply_to, Outcome(kind=OutcomeKind.REFUSED)
    for part in parts:
        found = await _surely(desk, spot.address, _editing(desk, own, part)) if own else None
        if found is None or found.kind in (OutcomeKind.REFUSED, OutcomeKind.PLAIN):  # it is gone, or was none of ours
            found = await _surely(desk, spot.address, _saying(desk, part, reply_to))
        own = reply_to = ""
        if found.kind is not OutcomeKind.SENT:
            return found
        last = found
    _remember(desk, spot.address, message)
    return last


def late(found: Answer) -> Answer:
    """An answer to a press whose button does not wait any more: a few words that nobody would see there become a message."""
    return said(found.toast) if found.toast and found.message is None and found.rows is None else found


async def press_shown(desk: Desk, talk: Talk, found: Answer, spot: Spot) -> bool:
    """Show the answer to a press on our message `spot.own`."""
    if found.rows is not None:
        rows = found.rows
        turned = await _surely(desk, spot.address, lambda at: desk.speaker.turn(at, spot.own, rows))
        return turned.kind is OutcomeKind.SENT
    return await show(desk, talk, found, spot if found.is_in_place else replace(spot, own="", reply_to=spot.own))


def _heard(desk: Desk, talk: Talk, message: Message, spot: Spot) -> Message:
    """A question to a group says how to answer it: with its privacy mode on, the platform tells the bot of replies alone."""
    if (
        not desk.hears_texts
        or talk.place is not Place.GROUP
        or spot.address != talk.here
        or question(actions_of(message)) is None
    ):
        return message
    how = paragraph(talk.words("asked.reply"))
    place = next((place for place, block in enumerate(message.blocks) if isinstance(block, Buttons)), len(message.blocks))
    return replace(message, blocks=(*message.blocks[:place], how, *message.blocks[place:]))


def actions_of(message: Message) -> Iterator[str]:
    """What the buttons of a message say, in order."""
    return (button.action for block in message.blocks if isinstance(block, Buttons) for row in block.rows for button in row)


def _remember(desk: Desk, address: Address, message: Message) -> None:
    """The text that follows a question answers it, in a private chat also where it is no reply; what else is said ends that."""
    asked = question(actions_of(message)) if desk.hears_texts else None
    desk.questions.pop(address.chat, None)
    if asked is not None:
        desk.questions[address.chat] = asked
        if len(desk.questions) > MOST_QUESTIONS:
            del desk.questions[next(iter(desk.questions))]


def question(actions: Iterable[str]) -> Action | None:
    """The action among those below a message that takes a text, if it is a question."""
    found = (action for data in actions if (action := unpacked(data)) is not None)
    return next((each for each in found if each.name in PRESSES and PRESSES[each.name].typed is not None), None)


def _saying(desk: Desk, part: Part, reply_to: str) -> Callable[[Address], Awaitable[Outcome]]:
    return lambda at: desk.speaker.say(at, part, reply_to=reply_to)


def _editing(desk: Desk, own: str, part: Part) -> Callable[[Address], Awaitable[Outcome]]:
    return lambda at: desk.speaker.edit(at, own, part)


def _uploading(desk: Desk, name: str, content: bytes, caption: str) -> Callable[[Address], Awaitable[Outcome]]:
    return lambda at: desk.speaker.upload(at, name, content, caption)


async def _surely(desk: Desk, address: Address, act: Callable[[Address], Awaitable[Outcome]]) -> Outcome:
    """Try until it arrived, may have arrived, or is of no use; what the platform says of the chat reaches the ledger."""
    for attempt in range(1, TRIES + 1):
        found = await act(address)
        if found.kind is OutcomeKind.MOVED:
            await desk.destinations.moved(address.platform, address.chat, found.moved_to)
            address = replace(address, chat=found.moved_to)
        elif found.kind is OutcomeKind.WAIT and found.after_s <= LONGEST_WAIT_S:
            await desk.sleep(found.after_s)
        elif found.kind is OutcomeKind.AGAIN:
            await desk.sleep(float(attempt))
        else:
            break
    if found.kind is OutcomeKind.SUSPEND and found.cause is not None:
        await desk.destinations.closed(address, found.cause)
    return found


async def _tell_alone(desk: Desk, talk: Talk, cause: Cause, spot: Spot) -> None:
    """Where the bot may not write, whoever asked hears in private what is missing, if they ever wrote to it there."""
    address = desk.speaker.private(talk.person.id)
    if address.chat == spot.address.chat:
        return
    clause = talk.words(f"cause.{cause}", platform=talk.words(f"platform.{talk.here.platform}"))
    alone = Message(blocks=(paragraph(talk.words("cannot_write", cause=clause)),))
    parts: Sequence[Part] = desk.speaker.render(alone)
    for part in parts:
        await desk.speaker.say(address, part)
