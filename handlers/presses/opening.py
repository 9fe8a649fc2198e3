"""The buttons below a digest and below a paper: open it, read it, say what one thinks of it, and back.

A vote or a saved paper is of whoever presses. Where several people see the same buttons, these show nobody's marks.
"""

from bot.domain.actions import Action
from bot.domain.identity import parse_ref
from bot.domain.papers import PaperKey, SeenPaper
from bot.domain.people import Mark, Vote
from bot.errors import BadPaperId
from bot.services.opening import Opened
from handlers.commands.papers import is_shared, mark_of
from handlers.talk import Answer, Talk
from handlers.texts import opening as texts


async def paper(talk: Talk, action: Action) -> Answer:
    """A number: the buttons become those of its paper."""
    found = await _opened(talk, action)
    if found is None:
        return _expired(talk)
    return Answer(rows=texts.actions(found, await mark_of(talk, found.seen.paper.key), talk.words), toast=texts.opened(found))


async def back(talk: Talk, action: Action) -> Answer:
    """The buttons become again what they were."""
    digest, number = action.number(0), action.number(1)
    if digest is None or number is None:
        return _expired(talk)
    found = await talk.services.opening.around(talk.here, digest, number)
    return Answer(rows=texts.below(found, talk.words)) if found else _expired(talk)


async def vote(talk: Talk, action: Action) -> Answer:
    """👍, 👎, or neither any more."""
    found, wanted = await _opened(talk, action), _vote(action.number(2))
    if found is None or wanted is None or not talk.person.id:
        return _expired(talk)
    mark = await talk.services.marking.vote(talk.person, found.seen.paper.key, wanted)
    rows = None if is_shared(talk) else texts.actions(found, mark, talk.words)
    return Answer(rows=rows, toast=texts.voted(wanted, talk.words))


async def save(talk: Talk, action: Action) -> Answer:
    """Save it, or not any more."""
    found, wanted = await _opened(talk, action), _choice(action.number(2))
    if found is None or wanted is None or not talk.person.id:
        return _expired(talk)
    mark = await talk.services.marking.save(talk.person, found.seen.paper.key, wanted)
    rows = None if is_shared(talk) else texts.actions(found, mark, talk.words)
    return Answer(rows=rows, toast=texts.saved(is_saved=wanted, words=talk.words))


async def summary(talk: Talk, action: Action) -> Answer:
    """The whole summary, as a message of its own."""
    found = await _opened(talk, action)
    return await _summary(talk, found.seen) if found else _expired(talk)


async def abstract(talk: Talk, action: Action) -> Answer:
    """The abstract, as a message of its own."""
    found = await _opened(talk, action)
    return Answer(message=texts.abstract(found.seen, talk.words)) if found else _expired(talk)


async def more(talk: Talk, action: Action) -> Answer:
    """What the digest left out: a message of its own, in whose place its other pages come."""
    digest, page = action.number(0), action.number(1)
    if digest is None or page is None:
        return _expired(talk)
    found = await talk.services.opening.rest(talk.here, digest, page)
    if found is None:
        return _expired(talk)
    if not found.papers:
        return Answer(toast=talk.words("papers.nothing_left_out"))
    return Answer(message=texts.left_out(found, talk.words), is_in_place=action.number(2) == 1)


async def key_summary(talk: Talk, action: Action) -> Answer:
    """The whole summary of a paper by its id."""
    key = _key(action.args)
    if key is None:
        return _expired(talk)
    return await _summary(talk, await talk.services.summarizing.paper(parse_ref(key.value)))


async def key_vote(talk: Talk, action: Action) -> Answer:
    """👍, 👎, or neither any more, of a paper by its id."""
    key, wanted = _key(action.args[1:]), _vote(action.number(0))
    if key is None or wanted is None or not talk.person.id:
        return _expired(talk)
    mark = await talk.services.marking.vote(talk.person, key, wanted)
    return await _marked(talk, key, mark, texts.voted(wanted, talk.words))


async def key_save(talk: Talk, action: Action) -> Answer:
    """Save a paper by its id, or not any more."""
    key, wanted = _key(action.args[1:]), _choice(action.number(0))
    if key is None or wanted is None or not talk.person.id:
        return _expired(talk)
    mark = await talk.services.marking.save(talk.person, key, wanted)
    return await _marked(talk, key, mark, texts.saved(is_saved=wanted, words=talk.words))


async def _opened(talk: Talk, action: Action) -> Opened | None:
    digest, number = action.number(0), action.number(1)
    if digest is None or number is None:
        return None
    return await talk.services.opening.paper(talk.here, digest, number)


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


async def _marked(talk: Talk, key: PaperKey, mark: Mark, toast: str) -> Answer:
    if is_shared(talk):
        return Answer(toast=toast)
    seen = await talk.services.opening.known(key)
    return Answer(rows=texts.actions_alone(seen.paper, mark, talk.words) if seen else None, toast=toast)


def _key(args: tuple[str, ...]) -> PaperKey | None:
    """An arXiv id, whose full stop parts arguments."""
    try:
        return parse_ref(".".join(args)).key
    except BadPaperId:
        return None


def _vote(number: int | None) -> Vote | None:
    return Vote(number) if number in tuple(Vote) else None


def _choice(number: int | None) -> bool | None:
    return bool(number) if number in (0, 1) else None


def _expired(talk: Talk) -> Answer:
    return Answer(toast=talk.words("press.expired"))
