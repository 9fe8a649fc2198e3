"""Whose settings a button is about: the last argument of its action, the number of an address; none: of the place it is in."""

from collections.abc import Awaitable, Callable

from bot.domain.actions import Action
from handlers.talk import Expired, Talk


def target_at(place: int) -> Callable[[Talk, Action], Awaitable[Talk]]:
    """The conversation about the address whose number is the argument at `place`. Rights are checked behind it.

    Raises Expired for a number that stands for nothing (any more), or for an address of another platform, of which this
    one knows no admins.
    """

    async def about(talk: Talk, action: Action) -> Talk:
        if not action.arg(place):
            return talk
        number = action.number(place)
        address = await talk.services.subscribing.address(number) if number is not None else None
        if address is None or address.platform != talk.here.platform:
            raise Expired(f"button about address {number}")
        return talk.of(address)

    return about
