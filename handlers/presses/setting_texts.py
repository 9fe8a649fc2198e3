"""What is typed where the settings menu asked for it: field and text -> one change. It is understood as the command would."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.domain.subscriptions import Subscription
from bot.words.languages import language_code
from handlers import parsing, parsing_numbers
from handlers.talk import Talk

Take = Callable[[Talk, str, Subscription], Awaitable[Subscription]]


async def _categories(talk: Talk, text: str, _known: Subscription) -> Subscription:
    named = parsing.categories(text)
    return await talk.services.subscribing.set_interest(
        talk.address, lambda known: replace(known, categories=known.categories | named)
    )


async def _words(talk: Talk, text: str, _known: Subscription) -> Subscription:
    return await talk.services.subscribing.set_interest(talk.address, parsing.change_of_words(text))


async def _authors(talk: Talk, text: str, _known: Subscription) -> Subscription:
    return await talk.services.subscribing.set_interest(talk.address, parsing.change_of_authors(text))


async def _limit(talk: Talk, text: str, _known: Subscription) -> Subscription:
    return await talk.services.subscribing.set_limit(talk.address, parsing_numbers.limit(text))


async def _threshold(talk: Talk, text: str, _known: Subscription) -> Subscription:
    wanted = parsing_numbers.threshold(text)
    return await talk.services.subscribing.set_interest(talk.address, lambda known: replace(known, threshold=wanted))


async def _votes(talk: Talk, text: str, _known: Subscription) -> Subscription:
    wanted = parsing_numbers.votes(text)
    return await talk.services.subscribing.set_interest(talk.address, lambda known: replace(known, min_votes=wanted))


async def _schedule(talk: Talk, text: str, known: Subscription) -> Subscription:
    wanted = parsing.schedule(text, known.schedule)
    return await talk.services.subscribing.set_schedule(talk.address, lambda _: wanted)


async def _zone(talk: Talk, text: str, _known: Subscription) -> Subscription:
    zone = parsing.zone(text)
    return await talk.services.subscribing.set_schedule(talk.address, lambda known: replace(known, zone=zone))


async def _pause(talk: Talk, text: str, _known: Subscription) -> Subscription:
    return await talk.services.subscribing.pause(talk.address, parsing.day(text))


async def _language(talk: Talk, text: str, _known: Subscription) -> Subscription:
    code = await asyncio.to_thread(language_code, text)  # the first unusual name loads several hundred small files
    return await talk.services.subscribing.set_form(talk.address, language=code)


TEXTS: Mapping[str, Take] = {
    "c": _categories,
    "w": _words,
    "a": _authors,
    "n": _limit,
    "h": _threshold,
    "v": _votes,
    "t": _schedule,
    "z": _zone,
    "p": _pause,
    "i": _language,
}
"""By the name that stands in buttons, which is also that of the screen that shows it; each has its `question.NAME`."""
