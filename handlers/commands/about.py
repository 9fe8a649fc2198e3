"""What this is, what happened, what it cost."""

from handlers.talk import Answer, Place, Talk, said
from handlers.texts import deliveries, helping, spending


async def help_(talk: Talk, _typed: str) -> Answer:
    """Every command with how to type it."""
    return Answer(message=helping.everything(talk.commands, talk.words, folds=talk.place is not Place.TERMINAL))


async def about(talk: Talk, _typed: str) -> Answer:
    """What this is."""
    return said(talk.words("about.text", version=talk.version))


async def history(talk: Talk, _typed: str) -> Answer:
    """The last digests, and what became of each."""
    return Answer(message=deliveries.history(await talk.services.ledger.history(talk.address), talk.words))


async def usage(talk: Talk, _typed: str) -> Answer:
    """What this chat cost today and may cost; for the owner what the whole bot did, where nobody else reads it."""
    found = await talk.services.spending.spent(talk.address, is_whole=talk.sees_all)
    return Answer(message=spending.spending(found, talk.words))
