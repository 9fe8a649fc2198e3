"""Settings: every variable with its unit, default and rule. Made once, by `load`, from an environment and a `.env` file.

A new setting is a field here; tests fail until .env.example and docs/settings.md say the same of it.
"""

import ipaddress
import math
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import __version__, variables
from bot.errors import BadSettings

MAX_INTERVAL_S = 3600.0
# What arXiv asks of clients: one request per 3 s (info.arxiv.org/help/api/tou.html), and of the site's pages the
# crawl delay of arxiv.org/robots.txt.
ARXIV_INTERVAL_S = 3.0
ARXIV_PAGE_INTERVAL_S = 15.0


def _base_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a bad port or a broken IPv6 address
        is_good = False
    if not is_good or parts.query or parts.fragment or not re.fullmatch(r"[!-~]+", text):
        raise ValueError("must be an address that starts with http:// or https://, with nothing after its path")
    return text.rstrip("/")


def _database_url(text: str) -> SecretStr:
    is_file = text.startswith("sqlite:///") and text.removeprefix("sqlite:///") not in {"", ":memory:"}
    if not is_file and not re.match(r"postgresql://.*[^/]", text):
        raise ValueError("must be sqlite:/// and the path of a file, or postgresql://user:password@host/name")
    return SecretStr(text)


def _seconds(text: str) -> float:
    seconds = _number(text)
    if not 0 <= seconds <= MAX_INTERVAL_S:
        raise ValueError(f"must be a number of seconds from 0 to {MAX_INTERVAL_S:.0f}")
    return seconds


def _rate(text: str) -> float:
    rate = _number(text)
    if not 0 < rate <= 1_000_000:
        raise ValueError("must be a number above 0, such as 60 for a minute in each second")
    return rate


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _email(text: str) -> str:
    if not re.fullmatch(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+", text) or text.endswith("."):
        raise ValueError("must be an e-mail address at which arXiv can reach you, such as you@example.org")
    return text


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("must be a date and time with its offset from UTC, such as 2026-06-02T15:00:00Z")


def _one_of(*choices: str) -> Callable[[str], str]:
    def choose(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text.lower()

    return choose


BaseUrl = Annotated[str, BeforeValidator(_base_url)]
Seconds = Annotated[float, BeforeValidator(_seconds)]
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["console", "json"]


class Settings(BaseSettings):
    """What this process was told; a description is the sentence that .env.example and docs/settings.md repeat."""

    # Error texts of pydantic would print the value, of a secret too; ours never do.
    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_ignore_empty=True, hide_input_in_errors=True, validate_default=False
    )

    database_url: Annotated[SecretStr, BeforeValidator(_database_url)] = Field(
        SecretStr("sqlite:///data/paperboy.db"),
        description="Where everything is kept: sqlite:/// and the path of a file, or postgresql://user:password@host/name.",
    )
    arxiv_url: BaseUrl = Field("https://arxiv.org", description="The arXiv site, for its catch-up and paper pages.")
    arxiv_api_url: BaseUrl = Field(
        "https://export.arxiv.org/api/query", description="The arXiv API, for papers by id, by query and by date."
    )
    arxiv_feed_url: BaseUrl = Field("https://rss.arxiv.org", description="The arXiv feeds, for each day's announcements.")
    huggingface_url: BaseUrl = Field("https://huggingface.co", description="Hugging Face, for its daily papers and their votes.")
    arxiv_interval_s: Seconds = Field(
        ARXIV_INTERVAL_S,
        description="Seconds between two requests to the arXiv API or feeds; arXiv asks for 3 or more.",
    )
    arxiv_page_interval_s: Seconds = Field(
        ARXIV_PAGE_INTERVAL_S,
        description="Seconds between two requests for pages of the arXiv site; its crawl delay is 15.",
    )
    contact_email: Annotated[str, BeforeValidator(_email)] = Field(
        "", description="Your e-mail address, sent with each request so that a source can reach you before it blocks you."
    )
    log_level: Annotated[LogLevel, BeforeValidator(_one_of("debug", "info", "warning", "error"))] = Field(
        "info", description="The least level that is logged: debug, info, warning or error."
    )
    log_format: Annotated[LogFormat, BeforeValidator(_one_of("console", "json"))] = Field(
        "console", description="How log lines look: console for people, json for machines."
    )
    clock_start: Annotated[datetime | None, BeforeValidator(_instant)] = Field(
        None, description="For tests and demos: the instant at which the process believes to have started."
    )
    clock_rate: Annotated[float, BeforeValidator(_rate)] = Field(
        1.0, description="For tests and demos: how many seconds pass for the process in each real one."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` hands in: the environment is a parameter, never read behind its back."""
        return (init_settings,)


SECRETS = frozenset({"database_url"})
SOURCE_URLS = ("arxiv_url", "arxiv_api_url", "arxiv_feed_url", "huggingface_url")


def load(environ: Mapping[str, str], env_file: Path, *, is_demo: bool = False) -> Settings:
    """The settings in `environ`, else in `env_file` (which may be absent), else the defaults; an empty value is no value.

    Each secret may come as NAME_FILE, the path of a file that holds it. `is_demo` is the sample day, which no source
    of the network takes part in. Raises BadSettings with a sentence for each thing that is wrong.
    """
    values, problems = variables.read(environ, env_file, names=frozenset(Settings.model_fields), secrets=SECRETS)
    settings, complaints = _validate(values)
    problems += tuple(f"{field.upper()} {complaint}." for field, complaint in complaints.items())
    problems += tuple(
        sentence for fields, sentence in _broken_rules(settings, is_demo=is_demo) if complaints.keys().isdisjoint(fields)
    )
    if problems:
        raise BadSettings(problems)
    return settings


def _validate(values: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    """Settings from the values that are good, and what is wrong with each of the others."""
    try:
        return Settings.model_validate(dict(values)), {}
    except ValidationError as error:
        complaints = {str(each["loc"][0]): str(each.get("ctx", {}).get("error", each["msg"])) for each in error.errors()}
    good = {name: value for name, value in values.items() if name not in complaints}
    return Settings.model_validate(good), complaints


def _broken_rules(settings: Settings, *, is_demo: bool) -> list[tuple[frozenset[str], str]]:
    """The rules between settings that do not hold: the fields each is about, and the sentence."""
    broken = []
    arxiv_urls = SOURCE_URLS[:3]
    if not _are_loopback(settings, arxiv_urls):
        for name, least in (("arxiv_interval_s", ARXIV_INTERVAL_S), ("arxiv_page_interval_s", ARXIV_PAGE_INTERVAL_S)):
            if getattr(settings, name) < least:
                sentence = f"{name.upper()} must be {least:.0f} or more, because arXiv asks for it: raise it or leave it out."
                broken.append((frozenset({name, *arxiv_urls}), sentence))
    if not is_demo and not _are_loopback(settings, SOURCE_URLS):
        for name, is_set in (("clock_start", settings.clock_start is not None), ("clock_rate", settings.clock_rate != 1)):
            if is_set:
                sentence = f"{name.upper()} is for tests only, where all base URLs are loopback addresses: leave it out."
                broken.append((frozenset({name, *SOURCE_URLS}), sentence))
    return broken


def _are_loopback(settings: Settings, fields: tuple[str, ...]) -> bool:
    return all(is_loopback(getattr(settings, field)) for field in fields)


def is_loopback(url: str) -> bool:
    """Whether this address can only be this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def user_agent(settings: Settings) -> str:
    """What every request says of us: arXiv refuses clients that say nothing (406, seen in 2026)."""
    contact = f"; mailto:{settings.contact_email}" if settings.contact_email else ""
    return f"Paperboy/{__version__} (self-hosted digest of research papers{contact})"


def public_view(settings: Settings) -> dict[str, str]:
    """Each setting by name as this process uses it, with passwords and tokens blanked; fit for a screen or a log."""
    shown = {name: str(getattr(settings, name)) for name in Settings.model_fields if name not in SECRETS}
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


def make_now(
    settings: Settings,
    *,
    wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    monotonic: Callable[[], float] = time.monotonic,
) -> Callable[[], datetime]:
    """The clock of this process: the wall's, or one that runs from CLOCK_START (else from now) at CLOCK_RATE."""
    if settings.clock_start is None and settings.clock_rate == 1:
        return wall
    start, began = settings.clock_start or wall(), monotonic()
    return lambda: start + timedelta(seconds=(monotonic() - began) * settings.clock_rate)
