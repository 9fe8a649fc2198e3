"""/subscribe and /unsubscribe."""

from dataclasses import replace

from bot.domain.messages import Buttons
from handlers import parsing
from handlers.talk import Answer, Place, Talk, said, target
from handlers.texts import subscriptions
from handlers.texts.onboarding import settings_button


async def subscribe(talk: Talk, typed: str) -> Answer:
    """Start a subscription or add to it, and say when it comes, how much to expect, and what of it is there already."""
    wish, when = wish_and_hour(typed)
    subscription = await talk.services.subscribing.subscribe(
        talk.address,
        parsing.interest(wish, talk.sources),
        language=talk.words.language,
        otherwise=talk.sources[0],
        when=(lambda known: parsing.schedule(when, known)) if when else None,
    )
    found = await talk.services.digesting.preview(subscription, report=talk.report)
    batch = (found.plan.counts.matched, len(found.papers))
    message = subscriptions.subscribed(
        subscription,
        talk.words,
        batch,
        found.notices,
        shows_now=not talk.is_elsewhere,
        expected=await talk.services.expecting.papers(subscription.interest),
        lacking=await talk.lacking(talk.address),
        asks_zone=True,
    )
    if talk.place is Place.TERMINAL:
        return Answer(message=message)
    button = settings_button(talk.words, await target(talk))
    return Answer(message=replace(message, blocks=(*message.blocks, Buttons(rows=((button,),)))))


def wish_and_hour(typed: str) -> tuple[str, str]:
    """`cs.CL agents; at weekdays 08:00 Berlin`: what is wanted, and when, which may be left out."""
    wish, begins, when = f" {typed}".rpartition("; at ")
    return (wish, when.strip()) if begins else (typed, "")


async def unsubscribe(talk: Talk, _typed: str) -> Answer:
    """Forget the subscription, in one tap."""
    was_there = await talk.services.subscribing.unsubscribe(talk.address)
    return said(talk.words("unsubscribed" if was_there else "unsubscribed.none"))
