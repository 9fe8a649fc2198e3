"""How it stands: here for everybody, everywhere for the owner."""

from bot.domain.messages import Message
from handlers.talk import Answer, Talk
from handlers.texts import status
from handlers.texts.status_whole import whole


async def run(talk: Talk, _typed: str) -> Answer:
    """The subscription of this place, its last digest, sources and model; for the owner the whole bot below it."""
    standing, has_buttons = talk.services.standing, talk.address == talk.here
    here = status.here(await standing.here(talk.address), talk.words, has_buttons=has_buttons, is_alone=not talk.sees_all)
    if not talk.sees_all:
        return Answer(message=here)
    return Answer(message=Message(blocks=(*whole(await standing.whole(), talk.words, talk.version), *here.blocks)))
