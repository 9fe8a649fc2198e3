"""The settings menu: a press shows a screen, sets a value, or asks for a text. Every action says the state that it leads to.

So a second tap on the same button changes nothing, however late it comes.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import wraps

from bot.domain.actions import Action
from bot.errors import Show
from bot.services.subscribing import NotSubscribed
from handlers.commands.menus import menu_of, opened
from handlers.commands.start import first
from handlers.presses.setting_texts import TEXTS
from handlers.presses.setting_values import VALUES
from handlers.talk import Answer, Expired, Talk, target
from handlers.texts.menu_screens import screen
from handlers.texts.menus import closed, gone, question
from handlers.texts.problems import sentence

Run = Callable[[Talk, Action], Awaitable[Answer]]


def _standing(run: Run) -> Run:
    """Where the subscription is gone, the menu says so, and how to begin."""

    @wraps(run)
    async def checked(talk: Talk, action: Action) -> Answer:
        try:
            return await run(talk, action)
        except NotSubscribed:
            left = gone(talk.words, await target(talk), talk.words("screen.gone"))
            return Answer(message=left, is_in_place=True)

    return checked


async def open_(talk: Talk, _: Action) -> Answer:
    """The main screen as a message of its own; without a subscription the way to one."""
    known = await talk.services.subscribing.current(talk.address)
    return Answer(message=await opened(talk, known) if known else await first(talk))


@_standing
async def show(talk: Talk, action: Action) -> Answer:
    """A screen, in place."""
    return Answer(message=screen(await menu_of(talk), action.arg(0)), is_in_place=True)


@_standing
async def set_(talk: Talk, action: Action) -> Answer:
    """Set a value and show its screen again, as it is now."""
    field = VALUES.get(action.arg(0))
    if field is None or not action.arg(1):
        raise Expired("button of a setting")
    changed, shows = await field(talk, action.arg(1))
    talk = _spoken(talk, changed.language)
    return Answer(message=screen(await menu_of(talk, changed), shows), is_in_place=True)


@_standing
async def ask(talk: Talk, action: Action) -> Answer:
    """Ask for a text."""
    if action.arg(0) not in TEXTS:
        raise Expired("button of a question")
    return Answer(message=question(await menu_of(talk), action.arg(0)), is_in_place=True)


@_standing
async def cancel(talk: Talk, action: Action) -> Answer:
    """No text after all: the screen again."""
    return Answer(message=screen(await menu_of(talk), action.arg(0)), is_in_place=True)


async def typed(talk: Talk, action: Action, text: str) -> Answer:
    """Set what was typed and show its screen; what means nothing is asked for again, with the reason."""
    field = TEXTS.get(action.arg(0))
    if field is None:
        raise Expired("answer to a question")
    menu = await menu_of(talk)
    try:
        changed = await field(talk, text.strip(), menu.known)
    except NotSubscribed:
        raise
    except Show as error:
        return Answer(message=question(menu, action.arg(0), sentence(error, talk.words)))
    talk = _spoken(talk, changed.language)
    return Answer(message=screen(await menu_of(talk, changed), action.arg(0)))


async def unsubscribe(talk: Talk, _: Action) -> Answer:
    """Forget the subscription, in one tap; what is left is the way to begin anew."""
    number = await target(talk)
    was_there = await talk.services.subscribing.unsubscribe(talk.address)
    if number and was_there:  # its number went with it
        number = await target(talk)
    left = gone(talk.words, number, talk.words("unsubscribed" if was_there else "unsubscribed.none"))
    return Answer(message=left, is_in_place=True)


@_standing
async def close(talk: Talk, _: Action) -> Answer:
    """The settings stay to be read, and the buttons go."""
    return Answer(message=closed(await menu_of(talk)), is_in_place=True)


def _spoken(talk: Talk, language: str) -> Talk:
    """The menu goes on in the language that was just chosen, unless it is the language of another place."""
    return replace(talk, words=talk.words_in(language)) if talk.address == talk.here else talk
