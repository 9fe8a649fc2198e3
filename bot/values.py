"""What the text of a setting must look like; every check says what would be right, and never repeats the value."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, SecretStr

MAX_INTERVAL_S = 3600.0
MAX_WAIT_S = 259_200.0


def base_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a bad port or a broken IPv6 address
        is_good = False
    if not is_good or parts.query or parts.fragment or not re.fullmatch(r"[!-~]+", text):
        raise ValueError("must be an address that starts with http:// or https://, with nothing after its path")
    return text.rstrip("/")


def database_url(text: str) -> SecretStr:
    is_file = text.startswith("sqlite:///") and text.removeprefix("sqlite:///") not in {"", ":memory:"}
    if not is_file and not re.match(r"postgresql://.*[^/]", text):
        raise ValueError("must be sqlite:/// and the path of a file, or postgresql://user:password@host/name")
    return SecretStr(text)


def seconds(text: str) -> float:
    seconds = number(text)
    if not 0 <= seconds <= MAX_INTERVAL_S:
        raise ValueError(f"must be a number of seconds from 0 to {MAX_INTERVAL_S:.0f}")
    return seconds


def rate(text: str) -> float:
    rate = number(text)
    if not 0 < rate <= 1_000_000:
        raise ValueError("must be a number above 0, such as 60 for a minute in each second")
    return rate


def number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def email(text: str) -> str:
    if not re.fullmatch(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+", text) or text.endswith("."):
        raise ValueError("must be an e-mail address at which arXiv can reach you, such as you@example.org")
    return text


def instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("must be a date and time with its offset from UTC, such as 2026-06-02T15:00:00Z")


def one_of(*choices: str) -> Callable[[str], str]:
    def choose(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text.lower()

    return choose


def money(text: str) -> float:
    """An amount; raises ValueError."""
    amount = number(text)
    if not 0 <= amount <= 1_000_000:
        raise ValueError("must be an amount of money, such as 0.5")
    return amount


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number between two limits, both included."""

    def check(text: str) -> int:
        if not (text.isdecimal() and text.isascii() and least <= int(text[:12]) <= most):
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return check


def patience(text: str) -> float:
    """How long an answer may take; raises ValueError."""
    seconds = number(text)
    if not 0 < seconds <= MAX_INTERVAL_S:
        raise ValueError(f"must be a number of seconds above 0, at most {MAX_INTERVAL_S:.0f}")
    return seconds


def long_wait(text: str) -> float:
    """How long something may wait that nobody watches; raises ValueError."""
    seconds = number(text)
    if not 0 <= seconds <= MAX_WAIT_S:
        raise ValueError(f"must be a number of seconds from 0 to {MAX_WAIT_S:.0f}, which is three days")
    return seconds


def model_name(text: str) -> str:
    """Whatever a provider calls a model; raises ValueError."""
    if not re.fullmatch(r"[!-~]{1,200}", text):
        raise ValueError("must be the name of a model as its provider writes it, without spaces")
    return text


def webhook_url(text: str) -> str:
    """A public address; Telegram takes https only, and a server of one's own on this machine takes http. Raises ValueError."""
    url = base_url(text)
    host = urlsplit(url).hostname or ""
    if not url.startswith("https://") and host not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError("must be an address that starts with https://, as Telegram asks for it")
    return url


def host(text: str) -> str:
    """A name or address of this machine; raises ValueError."""
    if not re.fullmatch(r"[0-9A-Za-z.:-]{1,253}", text):
        raise ValueError("must be an address of this machine, such as 127.0.0.1 or 0.0.0.0")
    return text


def people(text: str) -> str:
    """Ids of people: of Telegram, or `discord:ID`; raises ValueError."""
    message = "must be ids of people separated by commas, such as 12345678 or discord:123456789012345678"
    return _listed(text, r"(?:(?:telegram|discord):)?\d{1,20}", message)


def chats(text: str) -> str:
    """Ids of Telegram chats; raises ValueError."""
    return _listed(text, r"-?\d{1,20}", "must be ids of chats separated by commas, such as 12345678 or -1001234567890")


def guilds(text: str) -> str:
    """Ids of Discord servers; raises ValueError."""
    return _listed(text, r"\d{1,20}", "must be ids of Discord servers separated by commas, such as 1234567890123456789")


def _listed(text: str, pattern: str, message: str) -> str:
    """What stands between commas, without white space."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(re.fullmatch(pattern, part, re.ASCII) for part in parts):
        raise ValueError(message)
    return ",".join(parts)


BaseUrl = Annotated[str, BeforeValidator(base_url)]
Seconds = Annotated[float, BeforeValidator(seconds)]
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["console", "json"]


Patience = Annotated[float, BeforeValidator(patience)]
LongWait = Annotated[float, BeforeValidator(long_wait)]
Money = Annotated[float, BeforeValidator(money)]
ModelName = Annotated[str, BeforeValidator(model_name)]
