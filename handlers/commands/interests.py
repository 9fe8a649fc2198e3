"""What a subscription asks for: words, categories, authors, sources, and how much of it."""

from dataclasses import replace

from handlers import parsing, parsing_numbers
from handlers.commands.forms import chosen
from handlers.talk import Answer, Talk
from handlers.texts import subscriptions


async def keywords(talk: Talk, typed: str) -> Answer:
    """Add, remove or clear words."""
    return await changed(talk, parsing.change_of_words(typed)) if typed else await chosen(talk, "w")


async def categories(talk: Talk, typed: str) -> Answer:
    """Choose categories anew."""
    if not typed:
        return await chosen(talk, "c")
    wanted = frozenset[str]() if typed.casefold() == "all" else parsing.categories(typed)
    return await changed(talk, lambda known: replace(known, categories=wanted))


async def authors(talk: Talk, typed: str) -> Answer:
    """Follow authors, or stop."""
    return await changed(talk, parsing.change_of_authors(typed)) if typed else await chosen(talk, "a")


async def sources(talk: Talk, typed: str) -> Answer:
    """Choose where papers come from."""
    if not typed:
        return await chosen(talk, "s")
    wanted = parsing.sources(typed, talk.sources)
    return await changed(talk, lambda known: replace(known, sources=wanted))


async def limit(talk: Talk, typed: str) -> Answer:
    """At most so many papers."""
    if not typed:
        return await chosen(talk, "n")
    wanted = parsing_numbers.limit(typed)
    return Answer(message=subscriptions.subscribed(await talk.services.subscribing.set_limit(talk.address, wanted), talk.words))


async def threshold(talk: Talk, typed: str) -> Answer:
    """Only papers with at least this score."""
    if not typed:
        return await chosen(talk, "h")
    wanted = parsing_numbers.threshold(typed)
    return await changed(talk, lambda known: replace(known, threshold=wanted))


async def votes(talk: Talk, typed: str) -> Answer:
    """Only papers with so many votes."""
    if not typed:
        return await chosen(talk, "v")
    wanted = parsing_numbers.votes(typed)
    return await changed(talk, lambda known: replace(known, min_votes=wanted))


async def replacements(talk: Talk, typed: str) -> Answer:
    """List new versions of old papers, or not."""
    if not typed:
        return await chosen(talk, "m")
    wanted = parsing.switch(typed)
    return await changed(talk, lambda known: replace(known, wants_replacements=wanted))


async def changed(talk: Talk, change: parsing.InterestChange) -> Answer:
    """The interest after `change`, and what it asks for now."""
    return Answer(
        message=subscriptions.subscribed(await talk.services.subscribing.set_interest(talk.address, change), talk.words)
    )
