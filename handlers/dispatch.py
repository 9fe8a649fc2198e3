"""From what somebody typed or pressed to what they see: the language of the place, whether they may, the one error handler.

name -> who may -> allowance -> the command -> Answer; every expected error becomes a sentence
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from bot.domain.actions import Action
from bot.domain.words import Words
from bot.errors import PaperboyError
from bot.services.subscribing import NotSubscribed
from handlers.commands import COMMANDS, Command, Who
from handlers.parsing_links import LEADS
from handlers.presses import PRESSES
from handlers.talk import Answer, Expired, Place, Talk, said, speaking, target, why_not_ask
from handlers.texts.menus import gone
from handlers.texts.problems import problem, sentence


async def answer(talk: Talk, name: str, typed: str, commands: Mapping[str, Command] = COMMANDS) -> Answer:
    """What /name with `typed` behind it leads to."""
    talk = await speaking(talk)
    if name == "start" and typed.strip() in LEADS and typed.strip() in commands:
        name, typed = typed.strip(), ""  # a link to the bot that is a command
    command = commands.get(name)
    if command is None:
        return unknown(name, commands, talk.words)
    try:
        return await refusal(talk, command.who) or await command.run(talk, typed.strip())
    except PaperboyError as error:
        return await _problem(talk, error)


async def answers(talk: Talk, steps: Sequence[tuple[str, str]]) -> Answer:
    """What several commands lead to, one after the other: the answer of the last one, or of the first that is refused.

    `steps` are their names, which exist, with what is typed behind each.
    """
    talk, found = await speaking(talk), Answer()
    try:
        for name, typed in steps:
            if (refused := await refusal(talk, COMMANDS[name].who)) is not None:
                return refused
            found = await COMMANDS[name].run(talk, typed.strip())
    except PaperboyError as error:
        return await _problem(talk, error)
    return found


async def press(talk: Talk, action: Action | None) -> Answer:
    """What a pressed button leads to. One of an older version, or of nobody's, says where to begin anew."""
    talk = await speaking(talk)
    found = PRESSES.get(action.name) if action else None
    if action is None or found is None:
        return Answer(toast=talk.words("press.expired"))
    try:
        talk = await found.about(talk, action)
        return await refusal(talk, found.who, is_press=True) or await found.run(talk, action)
    except Expired:
        return Answer(toast=talk.words("press.expired"))
    except PaperboyError as error:
        return await _problem(talk, error)


async def typed(talk: Talk, action: Action, text: str) -> Answer:
    """What a text leads to that answers a question of ours; `action` is the one of the question's button that takes it."""
    talk = await speaking(talk)
    found = PRESSES.get(action.name)
    if found is None or found.typed is None:
        return said(talk.words("press.expired"))
    try:
        talk = await found.about(talk, action)
        return await refusal(talk, found.who) or await found.typed(talk, action, text)
    except Expired:
        return said(talk.words("press.expired"))
    except PaperboyError as error:
        return await _problem(talk, error)


async def refusal(talk: Talk, who: Who, *, is_press: bool = False) -> Answer | None:
    """Why this person may not, None if they may. What a question may cost is counted here."""
    if who is Who.EVERYBODY or talk.place is Place.TERMINAL:
        return None
    if who is Who.ADMINS:
        if await talk.is_admin(talk.address):
            return None
        only = talk.words("admins_only")
        return Answer(toast=only) if is_press else said(only)
    reason = await why_not_ask(talk)
    if not reason:
        return None
    return Answer(toast=reason) if is_press else said(reason)


async def _problem(talk: Talk, error: PaperboyError) -> Answer:
    """What cannot be done, in words; where there is no subscription, with the way to one."""
    if isinstance(error, NotSubscribed) and talk.place is not Place.TERMINAL:
        return Answer(message=gone(talk.words, await target(talk), sentence(error, talk.words)))
    return Answer(message=problem(error, talk.words))


def unknown(name: str, commands: Mapping[str, Command], words: Words) -> Answer:
    """A command that does not exist, with the one that was probably meant."""
    near = get_close_matches(name, commands, n=1)
    command = f"/{name[:40]}"
    if near:
        return said(words("chat.unknown", command=command, nearest=f"/{near[0]}"))
    return said(words("chat.unknown_alone", command=command))
