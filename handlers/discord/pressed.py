"""Buttons and lists that people press, and the modals that they fill."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord

from bot.domain.actions import Action, unpacked
from handlers import dispatch
from handlers.discord.bot import Asking
from handlers.discord.in_hand import InHand
from handlers.discord.replies import WRITE, asked_by, modal, spoken
from handlers.presses import PRESSES
from handlers.presses import is_slow as is_slow_press
from handlers.showing import actions_of, conclude, late, press_shown, question
from handlers.talk import Answer, speaking
from handlers.waiting import Waiting

CHOOSE = "ch"  # the custom id of a list, whose values are actions


async def pressed(one: InHand, data: Mapping[str, Any]) -> None:
    """One press: each action that it stands for, and what the last of them leads to."""
    one = replace(one, talk=await speaking(one.talk))
    actions = chosen(data, one.asking.message)
    action = actions[-1] if actions else None
    if action is not None and action.name == WRITE:
        await _asked(one, asked_by(action))
        return
    if action is None or not is_slow_press(action):
        await _at_once(one, actions)
        return
    pressed_on = str(one.asking.message.id if one.asking.message else "")
    with one.desk.once(str(one.asking.user.id), pressed_on, str(action)) as is_first:  # of many in a channel each is answered
        if is_first:
            await _slowly(one, action)
        else:
            await one.voice.finish()


async def _asked(one: InHand, question_of: Action) -> None:
    """The modal of a question once more."""
    found = PRESSES.get(question_of.name)
    if found is None or found.typed is None:
        await _shown(one, Answer(toast=one.talk.words("press.expired")))
    elif not await one.voice.ask(modal(question_of, one.talk.words)):
        await _shown(one, Answer(toast=one.talk.words("discord.press_again")))


async def _at_once(one: InHand, actions: tuple[Action | None, ...]) -> None:
    found, screen = Answer(toast=one.talk.words("press.expired")), None
    for action in actions:
        found = await dispatch.press(one.talk, action)
        screen = found if found.is_in_place else screen
    if screen is not None and not found.is_in_place:  # the last value was refused: the list shows those before it
        await _shown(one, screen)
    asked = question(actions_of(found.message)) if found.message is not None and found.is_in_place else None
    if asked is not None and found.message is not None and await one.voice.ask(modal(asked, one.talk.words, found.message)):
        return
    await _shown(one, found)


async def _slowly(one: InHand, action: Action) -> None:
    """What takes long, with a word in between of what is being done."""
    await (one.voice.acknowledge() if one.own else one.voice.defer())
    async with Waiting(one.voice, one.talk.here, one.talk.words, reply_to="") as waiting:
        found = late(await dispatch.press(replace(one.talk, report=waiting.report), action))
    if waiting.own and not (found.is_in_place and one.own):
        await conclude(one.desk, one.talk, spoken(found, one.talk.words), replace(one.spot, own=waiting.own))
        return
    if waiting.own:
        await one.voice.delete(one.talk.here, waiting.own)
    await _shown(one, found)


async def _shown(one: InHand, found: Answer) -> None:
    """In the place of a message that is the person's own; what many see stays as it is."""
    if not one.own:
        found = replace(spoken(found, one.talk.words), is_in_place=False)
    elif found.rows is None:
        found = spoken(found, one.talk.words)
    elif found.toast and _is_of_few_words(one.asking):
        found = replace(spoken(found, one.talk.words), is_in_place=True)
    await press_shown(one.desk, one.talk, found, one.spot)
    await one.voice.finish()


def _is_of_few_words(asking: Asking) -> bool:
    """Whether what was pressed is a few whispered words above buttons (`spoken`): they go with these. A list stays as it is."""
    said = asking.message.content if asking.message is not None and asking.guild_id is not None else ""
    return bool(said) and "\n" not in said and "](" not in said


async def filled(one: InHand, data: Mapping[str, Any]) -> None:
    """A text that answers a question of ours; what it leads to comes in the place of the question. None is its button."""
    one = replace(one, talk=await speaking(one.talk))
    action = unpacked(str(data.get("custom_id", "")))
    found = Answer(toast=one.talk.words("press.expired"))
    text = typed_in(data)
    if action is not None:
        found = await (dispatch.typed(one.talk, action, text) if text.strip() else dispatch.press(one.talk, action))
    await _shown(one, replace(found, is_in_place=found.message is not None))


def is_slow(data: Mapping[str, Any], message: discord.Message | None) -> bool:
    """Whether what was pressed may take long."""
    return any(map(is_slow_press, chosen(data, message)))


def chosen(data: Mapping[str, Any], message: discord.Message | None) -> tuple[Action | None, ...]:
    """The actions that a press stands for: of a button one; of a list those whose value changed. None: none of ours.

    Each value of a list that takes many says what switching it would do: so what was on and is not any more is meant too.
    """
    custom_id = str(data.get("custom_id", ""))
    if (action := unpacked(custom_id)) is None or action.name != CHOOSE:
        return (action,)
    values = [str(value) for value in data.get("values") or ()]
    options = _options(message, custom_id)
    if options is None or options.max_values <= 1:
        return tuple(map(unpacked, values))
    were_on = [option.value for option in options.options if option.default]
    changed = [value for value in values if value not in were_on] + [value for value in were_on if value not in values]
    return tuple(map(unpacked, changed or values))


def _options(message: discord.Message | None, custom_id: str) -> discord.SelectMenu | None:
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)] if message is not None else []
    menus = (each for row in rows for each in row.children if isinstance(each, discord.SelectMenu))
    return next((each for each in menus if each.custom_id == custom_id), None)


def typed_in(data: Mapping[str, Any]) -> str:
    """What somebody wrote into a modal, however deep its field lies."""
    for component in (*(data.get("components") or ()), data.get("component")):
        if not isinstance(component, Mapping):
            continue
        if isinstance(component.get("value"), str):
            return str(component["value"])
        if found := typed_in(component):
            return found
    return ""
