"""Settings: every variable with its unit, default and rule. Made once, by `load`, from an environment and a `.env` file.

A new setting is a field here; tests fail until .env.example and docs/settings.md say the same of it.
"""

import ipaddress
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import __version__, values, variables
from bot.domain.budget import MILLION, Budget, Prices
from bot.domain.people import Person
from bot.errors import BadSettings
from bot.values import BaseUrl, LogFormat, LogLevel, LongWait, ModelName, Money, Patience, Seconds

# What arXiv asks of clients: one request per 3 s (info.arxiv.org/help/api/tou.html), and of the site's pages the
# crawl delay of arxiv.org/robots.txt.
ARXIV_INTERVAL_S = 3.0
ARXIV_PAGE_INTERVAL_S = 15.0
OPENAI_URL = "https://api.openai.com/v1"


class Settings(BaseSettings):
    """What this process was told; a description is the sentence that .env.example and docs/settings.md repeat."""

    # Error texts of pydantic would print the value, of a secret too; ours never do.
    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_ignore_empty=True, hide_input_in_errors=True, validate_default=False
    )

    database_url: Annotated[SecretStr, BeforeValidator(values.database_url)] = Field(
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
    telegram_bot_token: SecretStr = Field(
        SecretStr(""), description="The token of your Telegram bot, from @BotFather; without one Telegram is left out."
    )
    telegram_api_url: BaseUrl = Field("https://api.telegram.org", description="The Bot API, Telegram's or a server of your own.")
    discord_bot_token: SecretStr = Field(
        SecretStr(""), description="The token of your Discord bot, from its developer portal; without one Discord is left out."
    )
    discord_api_url: BaseUrl = Field("https://discord.com/api/v10", description="The Discord API, version 10.")
    telegram_webhook_url: Annotated[str, BeforeValidator(values.webhook_url)] = Field(
        "",
        description="The public https:// address to which Telegram hands what people write; without one the bot asks for it.",
    )
    web_host: Annotated[str, BeforeValidator(values.host)] = Field(
        "127.0.0.1", description="Where the bot's own web server listens, if something needs it; 0.0.0.0 in a container."
    )
    web_port: Annotated[int, BeforeValidator(values.whole(0, 65_535))] = Field(
        8080, description="The port of the bot's own web server, if something needs it."
    )
    admin_ids: Annotated[str, BeforeValidator(values.people)] = Field(
        "",
        description="Who owns this bot and hears of its troubles: Telegram user ids, or discord:ID, separated by commas.",
    )
    allowed_chats: Annotated[str, BeforeValidator(values.chats)] = Field(
        "",
        description="The ids of the Telegram chats and people that the bot answers, separated by commas; without any, all.",
    )
    allowed_guilds: Annotated[str, BeforeValidator(values.guilds)] = Field(
        "",
        description="The ids of the Discord servers that the bot answers, and their members in private; without any, all.",
    )
    asks_per_person: Annotated[int, BeforeValidator(values.whole(0, 100_000))] = Field(
        50, description="How many summaries, answers and searches a person may ask for in a day (UTC); 0 is no limit."
    )
    asks_per_chat: Annotated[int, BeforeValidator(values.whole(0, 100_000))] = Field(
        200, description="How many summaries, answers and searches a chat may ask for in a day (UTC); 0 is no limit."
    )
    delivery_concurrency: Annotated[int, BeforeValidator(values.whole(1, 64))] = Field(
        8, description="How many messages are on their way to one platform at once, never two to one chat."
    )
    delivery_deadline_s: LongWait = Field(
        43_200.0, description="Seconds after which a digest that could not be sent expires; its papers come in the next one."
    )
    source_wait_s: LongWait = Field(
        7_200.0, description="Seconds that a digest that is due waits for a source that does not answer or is not out yet."
    )
    openai_api_key: SecretStr = Field(
        SecretStr(""),
        description="The key for the model that writes summaries; without one, sentences of the abstract are shown.",
    )
    openai_base_url: BaseUrl = Field(
        OPENAI_URL, description="The model API, OpenAI's or any that speaks the same; a local one needs no key."
    )
    openai_model: ModelName = Field("", description="The model that writes, as its provider names it; there is no default.")
    openai_timeout_s: Patience = Field(90.0, description="Seconds that one answer of the model may take.")
    openai_concurrency: Annotated[int, BeforeValidator(values.whole(1, 64))] = Field(
        4, description="How many answers of the model are waited for at once."
    )
    openai_context_tokens: Annotated[int, BeforeValidator(values.whole(2000, 2_000_000))] = Field(
        32_000,
        description="The most tokens of a request and its answer; longer papers are read in part, and the summary says so.",
    )
    openai_price_in: Money = Field(0.0, description="Price of a million tokens that the model reads, in any currency.")
    openai_price_out: Money = Field(0.0, description="Price of a million tokens that the model writes, in the same currency.")
    budget_per_day: Annotated[float | None, BeforeValidator(values.money)] = Field(
        None, description="The most that all calls of a day (UTC) may cost; after it abstracts and extracts are sent."
    )
    budget_per_reader: Annotated[float | None, BeforeValidator(values.money)] = Field(
        None, description="The most that one reader may cost in a day (UTC)."
    )
    digest_wait_s: Seconds = Field(
        900.0, description="Seconds that a digest waits for full texts and summaries; what comes later is kept for the next one."
    )
    texts_kept_days: Annotated[int, BeforeValidator(values.whole(1, 3650))] = Field(
        30, description="Days that the full texts of papers are kept; they are never shown to anybody."
    )
    contact_email: Annotated[str, BeforeValidator(values.email)] = Field(
        "", description="Your e-mail address, sent with each request so that a source can reach you before it blocks you."
    )
    log_level: Annotated[LogLevel, BeforeValidator(values.one_of("debug", "info", "warning", "error"))] = Field(
        "info", description="The least level that is logged: debug, info, warning or error."
    )
    log_format: Annotated[LogFormat, BeforeValidator(values.one_of("console", "json"))] = Field(
        "console", description="How log lines look: console for people, json for machines."
    )
    clock_start: Annotated[datetime | None, BeforeValidator(values.instant)] = Field(
        None, description="For tests and demos: the instant at which the process believes to have started."
    )
    clock_rate: Annotated[float, BeforeValidator(values.rate)] = Field(
        1.0, description="For tests and demos: how many seconds pass for the process in each real one."
    )

    @property
    def has_model(self) -> bool:
        """Whether a model writes: there is a key, or an endpoint of one's own, which may need none."""
        return bool(self.openai_api_key.get_secret_value()) or self.openai_base_url != OPENAI_URL

    @property
    def prices(self) -> Prices:
        """What tokens cost."""
        return Prices(tokens_in=round(self.openai_price_in * MILLION), tokens_out=round(self.openai_price_out * MILLION))

    @property
    def owners(self) -> frozenset[Person]:
        """Who owns this bot."""
        pairs = (each.rpartition(":") for each in self.admin_ids.split(",") if each)
        return frozenset(Person(platform=platform or "telegram", id=number) for platform, _, number in pairs)

    @property
    def chats(self) -> frozenset[str]:
        """The Telegram chats that are answered; none: all."""
        return frozenset(filter(None, self.allowed_chats.split(",")))

    @property
    def guilds(self) -> frozenset[str]:
        """The Discord servers that are answered; none: all."""
        return frozenset(filter(None, self.allowed_guilds.split(",")))

    @property
    def budget(self) -> Budget:
        """What a day may cost."""
        return Budget(total=_millionths(self.budget_per_day), reader=_millionths(self.budget_per_reader))

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


SECRETS = frozenset({"database_url", "openai_api_key", "telegram_bot_token", "discord_bot_token"})
SOURCE_URLS = ("arxiv_url", "arxiv_api_url", "arxiv_feed_url", "huggingface_url")


def _millionths(amount: float | None) -> int | None:
    return None if amount is None else round(amount * MILLION)


def load(environ: Mapping[str, str], env_file: Path, *, is_demo: bool = False) -> Settings:
    """The settings in `environ`, else in `env_file` (which may be absent), else the defaults; an empty value is no value.

    Each secret may come as NAME_FILE, the path of a file that holds it. `is_demo` is the sample day, which no source
    of the network takes part in. Raises BadSettings with a sentence for each thing that is wrong.
    """
    given, problems = variables.read(environ, env_file, names=frozenset(Settings.model_fields), secrets=SECRETS)
    settings, complaints = _validate(given)
    problems += tuple(f"{field.upper()} {complaint}." for field, complaint in complaints.items())
    problems += tuple(
        sentence for fields, sentence in _broken_rules(settings, is_demo=is_demo) if complaints.keys().isdisjoint(fields)
    )
    if problems:
        raise BadSettings(problems)
    return settings


def _validate(given: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    """Settings from the values that are good, and what is wrong with each of the others."""
    try:
        return Settings.model_validate(dict(given)), {}
    except ValidationError as error:
        complaints = {str(each["loc"][0]): str(each.get("ctx", {}).get("error", each["msg"])) for each in error.errors()}
    good = {name: value for name, value in given.items() if name not in complaints}
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
    reached = (*SOURCE_URLS, *_of_keys(settings))
    if not is_demo and not _are_loopback(settings, reached):
        for name, is_set in (("clock_start", settings.clock_start is not None), ("clock_rate", settings.clock_rate != 1)):
            if is_set:
                sentence = f"{name.upper()} is for tests only, where all base URLs are loopback addresses: leave it out."
                broken.append((frozenset({name, *SOURCE_URLS}), sentence))
    return broken + _broken_rules_of_model(settings)


def _broken_rules_of_model(settings: Settings) -> list[tuple[frozenset[str], str]]:
    broken = []
    if settings.has_model and not settings.openai_model:
        sentence = "OPENAI_MODEL must name the model that writes the summaries, as its provider calls it."
        broken.append((frozenset({"openai_model", "openai_api_key", "openai_base_url"}), sentence))
    if settings.openai_model and not settings.has_model:
        sentence = "OPENAI_API_KEY must be set for OPENAI_MODEL to be used, or OPENAI_BASE_URL lead to a model of your own."
        broken.append((frozenset({"openai_model", "openai_api_key", "openai_base_url"}), sentence))
    if settings.prices == Prices():
        for name in ("budget_per_day", "budget_per_reader"):
            if getattr(settings, name) is not None:
                sentence = f"{name.upper()} needs prices: set OPENAI_PRICE_IN and OPENAI_PRICE_OUT, or leave it out."
                broken.append((frozenset({name, "openai_price_in", "openai_price_out"}), sentence))
    return broken


def _of_keys(settings: Settings) -> tuple[str, ...]:
    """The base URLs of the platforms and the model that this process has a token or a key for."""
    asked = {
        "openai_base_url": settings.has_model,
        "telegram_api_url": bool(settings.telegram_bot_token.get_secret_value()),
        "discord_api_url": bool(settings.discord_bot_token.get_secret_value()),
    }
    return tuple(name for name, is_asked in asked.items() if is_asked)


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
