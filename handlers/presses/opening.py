"""The buttons below a digest and below a paper: open it, read it, say what one thinks of it, and back.

A vote or a saved paper is of whoever presses. Where several people see the same buttons, these show nobody's marks.
"""

from bot.domain import keyboards
from bot.domain.actions import Action
from bot.domain.identity import parse_ref
from bot.domain.papers import PaperKey, SeenPaper
from bot.domain.people import Mark, Person, Vote
from bot.errors import BadPaperId
from bot.services.opening import Opened
from handlers.commands.papers import is_shared, mark_of
from handlers.talk import Answer, Expired, Talk
from handlers.texts import opening as texts


async def paper(talk: Talk, action: Action) -> Answer:
    """A number: the buttons become those of its paper."""
    found = await _opened(talk, action)
    return Answer(rows=texts.actions(found, await mark_of(talk, found.seen.paper.key), talk.words), toast=texts.opened(found))


async def back(talk: Talk, action: Action) -> Answer:
    """The buttons become again what they were."""
    found = await talk.services.opening.around(talk.here, _number(action, 0), _number(action, 1))
    if found is None:
        raise Expired
    return Answer(rows=texts.below(found, talk.words))


async def vote(talk: Talk, action: Action) -> Answer:
    """👍, 👎, or neither any more."""
    wanted, found = _vote(action, 2), await _opened(talk, action)
    mark = await talk.services.marking.vote(_somebody(talk), found.seen.paper.key, wanted)
    return Answer(rows=_kept(talk, found, mark, action), toast=texts.voted(wanted, talk.words))


async def save(talk: Talk, action: Action) -> Answer:
    """Save it, or not any more."""
    wanted, found = _choice(action, 2), await _opened(talk, action)
    mark = await talk.services.marking.save(_somebody(talk), found.seen.paper.key, wanted)
    return Answer(rows=_kept(talk, found, mark, action), toast=texts.saved(is_saved=wanted, words=talk.words))


async def summary(talk: Talk, action: Action) -> Answer:
    """The whole summary, as a message of its own."""
    return await _summary(talk, (await _opened(talk, action)).seen)


async def abstract(talk: Talk, action: Action) -> Answer:
    """The abstract, as a message of its own."""
    return Answer(message=texts.abstract((await _opened(talk, action)).seen, talk.words))


async def more(talk: Talk, action: Action) -> Answer:
    """What the digest left out: a message of its own, in whose place its other pages come."""
    found = await talk.services.opening.rest(talk.here, _number(action, 0), _number(action, 1))
    if found is None:
        raise Expired
    if not found.papers:
        return Answer(toast=talk.words("papers.nothing_left_out"))
    return Answer(message=texts.left_out(found, talk.words), is_in_place=action.number(2) == 1)


async def key_summary(talk: Talk, action: Action) -> Answer:
    """The whole summary of a paper by its id."""
    return await _summary(talk, await talk.services.summarizing.paper(parse_ref(_key(action.args).value)))


async def key_vote(talk: Talk, action: Action) -> Answer:
    """👍, 👎, or neither any more, of a paper by its id."""
    wanted, key = _vote(action, 0), _key(action.args[1:])
    mark = await talk.services.marking.vote(_somebody(talk), key, wanted)
    return await _marked(talk, key, mark, texts.voted(wanted, talk.words))


async def key_save(talk: Talk, action: Action) -> Answer:
    """Save a paper by its id, or not any more."""
    wanted, key = _choice(action, 0), _key(action.args[1:])
    mark = await talk.services.marking.save(_somebody(talk), key, wanted)
    return await _marked(talk, key, mark, texts.saved(is_saved=wanted, words=talk.words))


async def _opened(talk: Talk, action: Action) -> Opened:
    found = await talk.services.opening.paper(talk.here, _number(action, 0), _number(action, 1))
    if found is None:
        raise Expired
    return found


async def _summary(talk: Talk, seen: SeenPaper) -> Answer:
    known = await talk.services.subscribing.current(talk.here)
    found = await talk.services.summarizing.summary_of(
        seen,
        style=known.style if known else "card",
        language=known.language if known else talk.words.language,
        address=talk.here,
        report=talk.report,
    )
    return Answer(message=texts.summary(found, await mark_of(talk, seen.paper.key), talk.words))


def _kept(talk: Talk, found: Opened, mark: Mark, action: Action) -> keyboards.Rows | None:
    if is_shared(talk):
        return None
    of_card = action.arg(3) == keyboards.CARD
    return texts.actions_of_card(found, mark, talk.words) if of_card else texts.actions(found, mark, talk.words)


async def _marked(talk: Talk, key: PaperKey, mark: Mark, toast: str) -> Answer:
    seen = None if is_shared(talk) else await talk.services.opening.known(key)
    return Answer(rows=texts.actions_alone(seen.paper, mark, talk.words) if seen else None, toast=toast)


def _somebody(talk: Talk) -> Person:
    if not talk.person.id:
        raise Expired
    return talk.person


def _key(args: tuple[str, ...]) -> PaperKey:
    """An arXiv id, whose full stop parts arguments."""
    try:
        return parse_ref(".".join(args)).key
    except BadPaperId:
        raise Expired from None


def _number(action: Action, place: int) -> int:
    number = action.number(place)
    if number is None:
        raise Expired
    return number


def _vote(action: Action, place: int) -> Vote:
    number = _number(action, place)
    if number not in tuple(Vote):
        raise Expired
    return Vote(number)


def _choice(action: Action, place: int) -> bool:
    number = _number(action, place)
    if number not in (0, 1):
        raise Expired
    return bool(number)
