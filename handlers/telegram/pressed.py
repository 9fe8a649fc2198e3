"""Buttons that people press."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

from telegram import CallbackQuery, Update

from bot.domain.actions import Action, unpacked
from handlers import dispatch
from handlers.desk import Desk
from handlers.presses import is_slow
from handlers.readers import allowed, is_for_one
from handlers.showing import Spot, conclude, late, press_shown
from handlers.talk import Answer, Talk, speaking
from handlers.telegram.commands import is_answered
from handlers.telegram.desk import Context
from handlers.telegram.readers import below
from handlers.telegram.speakers import talk_of
from handlers.telegram.wire import quietly
from handlers.waiting import Waiting

MOST_TOAST = 200  # characters of the answer to a press, which Telegram allows
TOAST_WITHIN_S = 0.3  # for so long a button may wait for a refusal in a few words


async def pressed(update: Update, context: Context) -> None:
    """One press: answered at once, so that the button stops waiting, then what it leads to."""
    query, talk = update.callback_query, talk_of(update, context.desk)
    if query is None or talk is None or query.message is None:
        return
    if not is_answered(context.desk, talk):
        await quietly(query.answer())
        return
    desk, action = context.desk, unpacked(query.data or "")
    if not query.message.is_accessible:
        action = None  # too old: neither its text nor its topic is known
    talk = await speaking(talk)
    spot = await _spot(query, desk, talk, action)
    if spot is None:
        await quietly(query.answer(talk.words("press.write_first"), show_alert=True))
        return
    if action is None or not is_slow(action):
        found = allowed(below(query.message), talk, action, await dispatch.press(talk, action))
        await _toast(query, found)
        await press_shown(desk, talk, found, spot)
        return
    with desk.once(talk.here.chat, str(query.message.message_id), query.data or "") as is_first:
        if is_first:
            await _slowly(query, desk, talk, action, spot)
        else:
            await quietly(query.answer())


async def _spot(query: CallbackQuery, desk: Desk, talk: Talk, action: Action | None) -> Spot | None:
    """Where the answer goes. What one reader of a channel asks for is told in private; None where the bot may not begin."""
    if query.message is None or not is_for_one(talk, action):
        return Spot(address=talk.here, own=str(query.message.message_id) if query.message else "")
    private = desk.speaker.private(talk.person.id)
    return None if await desk.lacking(private) is not None else Spot(address=private)


async def _slowly(query: CallbackQuery, desk: Desk, talk: Talk, action: Action, spot: Spot) -> None:
    """What takes long, with a word in between of what is being done."""
    async with Waiting(desk.speaker, spot.address, talk.words, reply_to=spot.own) as waiting:
        found = await _answered(query, dispatch.press(replace(talk, report=waiting.report), action))
    if waiting.own and not found.is_in_place:
        await conclude(desk, talk, found, replace(spot, own=waiting.own))
        return
    if waiting.own:
        await desk.speaker.delete(spot.address, waiting.own)
    await press_shown(desk, talk, found, spot)


async def _answered(query: CallbackQuery, work: Awaitable[Answer]) -> Answer:
    """What something slow leads to. A few words that come too late for the button become a message."""
    working = asyncio.ensure_future(work)
    try:
        await asyncio.wait({working}, timeout=TOAST_WITHIN_S)
        if working.done():
            await _toast(query, working.result())
            return working.result()
        await quietly(query.answer())
        found = await working
    finally:
        working.cancel()
    return late(found)


async def _toast(query: CallbackQuery, found: Answer) -> None:
    await quietly(query.answer(found.toast[:MOST_TOAST] or None))
