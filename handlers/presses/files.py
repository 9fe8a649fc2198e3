"""The buttons below a .bib file: read its papers, and take over its authors and words."""

from collections.abc import Awaitable, Callable

from bot.domain.actions import Action
from bot.domain.subscriptions import Form
from bot.services.uploads import Adopted, UploadGone
from handlers.talk import Answer, Expired, Talk
from handlers.texts import files

Run = Callable[[Talk, Action], Awaitable[Answer]]


def _for_its_sender(press: Run) -> Run:
    """Whoever did not send the file, or sent it long ago, is told so quietly: in a group everybody sees the buttons."""

    async def run(talk: Talk, action: Action) -> Answer:
        try:
            return await press(talk, action)
        except UploadGone:
            return Answer(toast=talk.words("upload.gone"))

    return run


@_for_its_sender
async def read(talk: Talk, action: Action) -> Answer:
    """The next papers of a file that this person sent, summarized."""
    known = await talk.services.subscribing.current(talk.address)
    part = await talk.services.reading_lists.part(
        _number(action, 0),
        talk.person,
        talk.address,
        first=_number(action, 1),
        style=known.style if known else "card",
        language=known.language if known else talk.words.language,
        report=talk.report,
    )
    return Answer(message=files.reading_list(part, talk.words, known.form if known else Form.CARDS))


@_for_its_sender
async def add(talk: Talk, action: Action) -> Answer:
    """One author or phrase more to look for."""
    return Answer(toast=files.adopted(await _adopted(talk, action, _number(action, 2)), talk.words))


@_for_its_sender
async def add_all(talk: Talk, action: Action) -> Answer:
    """All authors, or all words."""
    return Answer(toast=files.adopted(await _adopted(talk, action, None), talk.words))


async def _adopted(talk: Talk, action: Action, place: int | None) -> Adopted:
    adopt = {files.AUTHORS: talk.services.uploads.adopt_authors, files.WORDS: talk.services.uploads.adopt_words}
    if action.arg(1) not in adopt:
        raise Expired
    return await adopt[action.arg(1)](_number(action, 0), talk.person, talk.address, place)


def _number(action: Action, place: int) -> int:
    """A number that must be there: what comes back may be forged."""
    found = action.number(place)
    if found is None:
        raise Expired
    return found
