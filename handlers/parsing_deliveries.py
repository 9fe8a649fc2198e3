"""What an operator types about deliveries: addresses, chats, states, times. A refusal is a BadInput that says what is meant."""

import re
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.deliveries import PartState
from bot.domain.subscriptions import Address
from bot.errors import BadInput

PLATFORMS = ("telegram", "discord")
_CHATS = {
    "telegram": re.compile(r"-?[1-9][0-9]{0,18}|@[A-Za-z][A-Za-z0-9_]{2,31}"),
    "discord": re.compile(r"@?[1-9][0-9]{0,19}"),
}
_THREAD = re.compile(r"[1-9][0-9]{0,19}")
_HOW = {
    "telegram": "write telegram:-1001234567890 or telegram:@channel, and /7 behind it for topic 7",
    "discord": "write discord:1234567890 with the number of the channel, and /1234567891 behind it for a thread, or "
    "discord:@1234567892 for somebody alone",
}
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def address(typed: str) -> Address:
    """`telegram:-100123/7`, `telegram:@channel`, `discord:1234/5678`, `discord:@1234` as an address; names in small letters."""
    name, colon, rest = typed.strip().partition(":")
    platform = name.casefold()
    if platform not in PLATFORMS or not colon:
        raise BadInput(f"{typed.strip()[:60]!r} is no address: {_HOW['telegram']}; or {_HOW['discord']}")
    chat, slash, thread = rest.partition("/")
    if not _CHATS[platform].fullmatch(chat) or (slash and not _THREAD.fullmatch(thread)):
        raise BadInput(f"{typed.strip()[:60]!r} is no address: {_HOW[platform]}")
    return Address(platform=platform, chat=chat.lower(), thread=thread)


def chat(typed: str) -> tuple[str | None, str]:
    """`telegram:-1001234567890`, or `-1001234567890` on any platform: the platform, or None, and the chat."""
    name, colon, rest = typed.strip().partition(":")
    platform, wanted = (name.casefold(), rest) if colon else (None, name)
    if platform not in (None, "console", *PLATFORMS) or not wanted or wanted != wanted.strip():
        raise BadInput(f"{typed.strip()[:60]!r} is no chat: write telegram:-1001234567890, or its number alone")
    if "/" in wanted:
        raise BadInput(f"{typed.strip()[:60]!r} names a topic: write the chat alone, the ledger shows all its topics")
    return platform, wanted.lower() if wanted.startswith("@") else wanted


def state(typed: str) -> PartState:
    """The state of a part by its name."""
    try:
        return PartState(typed.strip().casefold())
    except ValueError:
        raise BadInput(f"{typed.strip()[:40]!r} is no state: write one of {', '.join(PartState)}") from None


def since(typed: str, now: datetime) -> datetime:
    """`2d` (also m, h, w) before `now`, a day (UTC), or an instant with its offset from UTC."""
    wanted = typed.strip()
    if span := re.fullmatch(r"([0-9]{1,4})([mhdw])", wanted.casefold()):
        return now - timedelta(**{_UNITS[span[2]]: int(span[1])})
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", wanted):
            return datetime.combine(date.fromisoformat(wanted), time(), tzinfo=UTC)
        at = datetime.fromisoformat(wanted)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput(f"{wanted[:40]!r} is no time: write 2d, 6h, 2026-06-01 or 2026-06-01T08:00Z") from None
    raise BadInput(f"{wanted[:40]!r} has no offset from UTC: write {wanted[:40]}Z, or +02:00 behind it")
