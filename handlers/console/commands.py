"""Every command of the chat, each five moves: parse, call one service, get a Message from texts, return it.

`COMMANDS` is the one place where a command gets its name; its line of /help is `help.NAME` in words.
"""

import asyncio
from dataclasses import replace

from bot.domain.layout import digest_message
from bot.domain.messages import Bullets, Heading, Message, text
from bot.errors import BadInput
from bot.words import words
from bot.words.languages import language_code, language_name
from handlers import parsing
from handlers.console.chat import Chat, Command
from handlers.texts import deliveries, papers, spending, subscriptions
from handlers.texts.subscriptions import said


async def subscribe(chat: Chat, typed: str) -> Message:
    """Start a subscription or add to it, and say what the newest batch would have held."""
    subscription = await chat.services.subscribing.subscribe(chat.address, parsing.interest(typed, chat.sources))
    found = await chat.services.digesting.preview(subscription, report=chat.report)
    batch = (found.plan.counts.matched, len(found.papers))
    return subscriptions.subscribed(subscription, chat.words, batch, found.notices, shows_now=not chat.is_elsewhere)


async def unsubscribe(chat: Chat, _typed: str) -> Message:
    """Forget the subscription, in one tap."""
    was_there = await chat.services.subscribing.unsubscribe(chat.address)
    return said(chat.words("unsubscribed" if was_there else "unsubscribed.none"))


async def keywords(chat: Chat, typed: str) -> Message:
    """Add, remove or clear words."""
    change = parsing.change_of_words(typed)
    return await _changed(chat, lambda known: change(known)) if typed else await settings(chat, "")


async def categories(chat: Chat, typed: str) -> Message:
    """Choose categories anew."""
    if not typed:
        return await settings(chat, "")
    chosen = frozenset[str]() if typed.casefold() == "all" else parsing.categories(typed)
    return await _changed(chat, lambda known: replace(known, categories=chosen))


async def authors(chat: Chat, typed: str) -> Message:
    """Follow authors, or stop."""
    change = parsing.change_of_authors(typed)
    return await _changed(chat, change) if typed else await settings(chat, "")


async def sources(chat: Chat, typed: str) -> Message:
    """Choose where papers come from."""
    chosen = parsing.sources(typed, chat.sources)
    return await _changed(chat, lambda known: replace(known, sources=chosen))


async def limit(chat: Chat, typed: str) -> Message:
    """At most so many papers."""
    wanted = int(parsing.number(typed, what="the limit", least=1, most=100))
    return subscriptions.subscribed(await chat.services.subscribing.set_limit(chat.address, wanted), chat.words)


async def threshold(chat: Chat, typed: str) -> Message:
    """Only papers with at least this score."""
    wanted = parsing.number(typed, what="the threshold", least=0, most=10)
    return await _changed(chat, lambda known: replace(known, threshold=wanted))


async def votes(chat: Chat, typed: str) -> Message:
    """Only papers with so many votes."""
    wanted = int(parsing.number(typed, what="the number of votes", least=0, most=100_000))
    return await _changed(chat, lambda known: replace(known, min_votes=wanted))


async def replacements(chat: Chat, typed: str) -> Message:
    """List new versions of old papers, or not."""
    wanted = parsing.switch(typed)
    return await _changed(chat, lambda known: replace(known, wants_replacements=wanted))


async def digest(chat: Chat, typed: str) -> Message:
    """What is new, now; `preview` explains and changes nothing."""
    subscription = await chat.services.subscribing.require(chat.address)
    if typed.casefold() not in ("", "preview"):
        raise BadInput("write /digest, or /digest preview")
    if typed or chat.is_elsewhere:
        preview = papers.preview(await chat.services.digesting.preview(subscription, report=chat.report), chat.words)
        return deliveries.only_a_preview(preview, chat.address, chat.words) if chat.is_elsewhere else preview
    asked = await chat.services.digesting.now(subscription, report=chat.report)
    chat.once_shown.append(lambda: chat.services.digesting.shown(asked))
    return digest_message(asked.digest, chat.words)


async def summary(chat: Chat, typed: str) -> Message:
    """Any paper, by id or link, in one's own style or the one that is named after it."""
    known = await chat.services.subscribing.current(chat.address)
    named, style = parsing.paper_and_style(typed, _style_names(chat))
    found = await chat.services.summarizing.summary(
        named,
        style=style or (known.style if known else "card"),
        language=known.language if known else chat.words.language,
        address=chat.address,
        report=chat.report,
    )
    return papers.summary(found, chat.words)


async def ask(chat: Chat, typed: str) -> Message:
    """A question about one paper, answered from its text."""
    known = await chat.services.subscribing.current(chat.address)
    language = known.language if known else chat.words.language
    found = await chat.services.asking.ask(typed, address=chat.address, language=language, report=chat.report)
    return papers.answer(found, chat.words)


async def usage(chat: Chat, _typed: str) -> Message:
    """What the model was asked, what it cost, what is left today."""
    return spending.spending(await chat.services.spending.spent(chat.address), chat.words)


async def settings(chat: Chat, _typed: str) -> Message:
    """What was asked for, and when the next digest comes."""
    return subscriptions.settings(await chat.services.subscribing.require(chat.address), chat.words)


async def style(chat: Chat, typed: str) -> Message:
    """The form of summaries; without a name it lists them."""
    known, names, wanted = await chat.services.subscribing.require(chat.address), _style_names(chat), typed.casefold()
    if not wanted:
        return subscriptions.styles(chat.services.styles, known.style, chat.words)
    if wanted not in names:
        return said(chat.words("styles.unknown", name=wanted[:40], names=", ".join(names)))
    return subscriptions.settings(await chat.services.subscribing.set_form(chat.address, style=wanted), chat.words)


async def language(chat: Chat, typed: str) -> Message:
    """The language; without a name it lists those that all words are in. Any other is for summaries."""
    if not typed:
        known = await chat.services.subscribing.require(chat.address)
        return subscriptions.languages(chat.services.languages, known.language, chat.words)
    code = await asyncio.to_thread(language_code, typed)  # the first unusual name loads several hundred small files
    changed = await chat.services.subscribing.set_form(chat.address, language=code)
    return subscriptions.in_language(changed, language_name(code), words(code))


def _style_names(chat: Chat) -> tuple[str, ...]:
    return tuple(each.name for each in chat.services.styles)


async def time(chat: Chat, typed: str) -> Message:
    """When the digest comes."""
    if not typed:
        return await settings(chat, "")
    known = await chat.services.subscribing.require(chat.address)
    wanted = parsing.schedule(typed, known.schedule)
    return subscriptions.subscribed(await chat.services.subscribing.set_schedule(chat.address, lambda _: wanted), chat.words)


async def timezone(chat: Chat, typed: str) -> Message:
    """Where the reader is."""
    if not typed:
        return await settings(chat, "")
    zone = parsing.zone(typed)
    change = chat.services.subscribing.set_schedule(chat.address, lambda known: replace(known, zone=zone))
    return subscriptions.subscribed(await change, chat.words)


async def pause(chat: Chat, typed: str) -> Message:
    """Send nothing, keep everything."""
    until = parsing.day(typed.removeprefix("until").strip()) if typed else None
    return subscriptions.subscribed(await chat.services.subscribing.pause(chat.address, until), chat.words)


async def resume(chat: Chat, _typed: str) -> Message:
    """Send again."""
    return subscriptions.subscribed(await chat.services.subscribing.resume(chat.address), chat.words)


async def mute(chat: Chat, typed: str) -> Message:
    """Whether a day without papers is worth a line."""
    is_silent = parsing.switch(typed)
    return subscriptions.settings(await chat.services.subscribing.set_form(chat.address, note=not is_silent), chat.words)


async def history(chat: Chat, _typed: str) -> Message:
    """The last digests, and what became of each."""
    return deliveries.history(await chat.services.ledger.history(chat.address), chat.words)


async def about(chat: Chat, _typed: str) -> Message:
    """What this is."""
    return said(chat.words("about.text", version=chat.version))


async def help_(chat: Chat, _typed: str) -> Message:
    """Every command with how to type it."""
    lines = tuple(text(chat.words(f"help.{name}")) for name in (*COMMANDS, "quit"))
    return Message(blocks=(Heading(spans=text(chat.words("help.head"))), Bullets(items=lines)))


async def start(chat: Chat, _typed: str) -> Message:
    """How to begin."""
    known = await chat.services.subscribing.current(chat.address)
    return said(chat.words("chat.welcome_back" if known else "chat.welcome", version=chat.version))


async def _changed(chat: Chat, change: parsing.InterestChange) -> Message:
    return subscriptions.subscribed(await chat.services.subscribing.set_interest(chat.address, change), chat.words)


COMMANDS: dict[str, Command] = {
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
    "keywords": keywords,
    "categories": categories,
    "authors": authors,
    "sources": sources,
    "limit": limit,
    "threshold": threshold,
    "votes": votes,
    "replacements": replacements,
    "digest": digest,
    "summary": summary,
    "ask": ask,
    "settings": settings,
    "style": style,
    "language": language,
    "time": time,
    "timezone": timezone,
    "pause": pause,
    "resume": resume,
    "mute": mute,
    "history": history,
    "usage": usage,
    "about": about,
    "start": start,
    "help": help_,
}
