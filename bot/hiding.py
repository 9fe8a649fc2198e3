"""Settings as they may be seen: what is secret in them, and the rest without it."""

import re
from urllib.parse import unquote

from bot.config import SECRETS, Settings


def public_view(settings: Settings) -> dict[str, str]:
    """Each setting by name as this process uses it, with passwords and tokens blanked; fit for a screen or a log."""
    shown = {name: str(getattr(settings, name)) for name in Settings.model_fields if name not in SECRETS}
    shown |= {name: "***" if getattr(settings, name).get_secret_value() else "" for name in SECRETS - {"database_url"}}
    shown["database_url"] = blank_password(settings.database_url.get_secret_value())
    return {name.upper(): shown[name] for name in Settings.model_fields}


def blank_password(url: str) -> str:
    """A database address without its password, wherever it stands in it."""
    for password in _passwords(url):
        url = url.replace(password, "***")
    return url


def secrets(settings: Settings) -> tuple[str, ...]:
    """Every text that must never be shown, longest first; for the log's redaction."""
    url = settings.database_url.get_secret_value()
    tokens = (getattr(settings, name).get_secret_value() for name in SECRETS - {"database_url"})
    return tuple(sorted({*_passwords(url), *filter(None, tokens)}, key=len, reverse=True))


def _passwords(url: str) -> frozenset[str]:
    """The password of an address as it is written and as it is meant (`%40` is `@`): a driver may quote either."""
    found = re.findall(r"://[^:@/]*:(.*)@", url) + re.findall(r"(?i)[?&]password=([^&]*)", url)
    return frozenset(filter(None, (form for text in found for form in (text, unquote(text)))))
