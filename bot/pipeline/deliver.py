"""Step 6: the parts of one message, one after the other."""

from bot.domain.messages import Message
from bot.domain.subscriptions import Address
from bot.ports import Channel


async def deliver(message: Message, *, channel: Channel, address: Address) -> tuple[str, ...]:
    """Send every part in order and return the platform's ids; the first failure ends it and rises."""
    parts = channel.render(message)
    return tuple([(await channel.send(address, part, key=str(part.number))).platform_id for part in parts])
