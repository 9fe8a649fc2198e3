"""The buttons of /status."""

from bot.domain.actions import Action
from handlers.talk import Answer, Talk


async def again(talk: Talk, action: Action) -> Answer:
    """sa:PART: send once more what may not have arrived here. A part of another place, or a forged one, stays as it is."""
    part_id = action.number(0)
    is_sent = part_id is not None and await talk.services.standing.send_again(talk.address, part_id)
    return Answer(toast=talk.words("status.sent_again" if is_sent else "status.not_again"))
