"""Updates that the library can read: one that it cannot would hold up all behind it for ever, as a batch is read whole or not."""

import json
from typing import Any

from telegram import Update

from bot.channels.telegram_outcomes import MALFORMED
from bot.channels.telegram_wire import Wire


class ReadableWire(Wire):
    """The wire of getUpdates: what is no update that we could act on comes with its number alone."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401
        """As the wire's."""
        status, payload = await super().do_request(*args, **kwargs)
        told = json.loads(payload)
        if not isinstance(told.get("result"), list) or all(map(is_readable, told["result"])):
            return status, payload
        numbers = ({"update_id": each["update_id"]} for each in told["result"] if isinstance(each, dict) and "update_id" in each)
        kept = {each["update_id"]: each for each in told["result"] if is_readable(each)}
        told["result"] = [kept.get(each["update_id"], each) for each in numbers]
        return status, json.dumps(told).encode()


def is_readable(told: object) -> bool:
    """Whether the library makes an update of it."""
    try:
        return isinstance(told, dict) and Update.de_json(dict(told), None) is not None
    except MALFORMED:
        return False
