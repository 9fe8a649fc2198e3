"""/subscribe and /unsubscribe."""

from handlers import parsing
from handlers.talk import Answer, Talk, said
from handlers.texts import subscriptions


async def subscribe(talk: Talk, typed: str) -> Answer:
    """Start a subscription or add to it, and say what the newest batch would have held."""
    wish = parsing.interest(typed, talk.sources)
    subscription = await talk.services.subscribing.subscribe(
        talk.address, wish, language=talk.words.language, otherwise=talk.sources[0]
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
    )
    return Answer(message=message)


async def unsubscribe(talk: Talk, _typed: str) -> Answer:
    """Forget the subscription, in one tap."""
    was_there = await talk.services.subscribing.unsubscribe(talk.address)
    return said(talk.words("unsubscribed" if was_there else "unsubscribed.none"))
