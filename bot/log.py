"""Logging as the whole process does it: events with keys through structlog, console or JSON, never with a secret in it.

Libraries log through the same door from WARNING on: below that httpx writes addresses, and some addresses hold tokens.
"""

import json
import logging
import re
import sys
from types import TracebackType
from typing import TextIO
from urllib.parse import quote

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.config import Settings
from bot.hiding import secrets

BLANK = "***"
SILENCED = ("telegram", "discord")
# A shorter text would blank half of every line; its place in an address is blanked all the same.
LEAST_SECRET_CHARS = 4
PASSWORD_IN_ADDRESS = re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]+(?=@)")


def configure(settings: Settings, *, stream: TextIO | None = None) -> None:
    """Send all that is logged from now on to `stream` (standard error); safe to repeat, the last call holds."""
    out = stream or sys.stderr
    before: tuple[Processor, ...] = (
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[ProcessorFormatter.remove_processors_meta, *_rendering(settings, out), Redaction(secrets(settings))],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    # python-telegram-bot logs whole updates where it cannot read one, discord.py stacks and addresses; what there is to know
    # of their failures we tell ourselves.
    for name in SILENCED:
        logging.getLogger(name).handlers = [logging.NullHandler()]
        logging.getLogger(name).propagate = False
    # When logging itself fails it prints the arguments as they are, past the redaction.
    logging.raiseExceptions = False
    level = getattr(logging, settings.log_level.upper())
    logging.getLogger("paperboy").setLevel(level)
    structlog.configure(
        processors=[*before, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_ours,
    )
    sys.excepthook = _crashed


def _ours(*_: object) -> logging.Logger:
    return logging.getLogger("paperboy")


def _rendering(settings: Settings, out: TextIO) -> tuple[Processor, ...]:
    # Plain tracebacks: the pretty ones show local variables, which hold whatever the code held.
    if settings.log_format == "json":
        return structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    formatter = structlog.dev.plain_traceback
    return (structlog.dev.ConsoleRenderer(colors=out.isatty(), exception_formatter=formatter),)


class Redaction:
    """The last processor: blanks every known secret, in each form it may be written in, and passwords in addresses."""

    def __init__(self, hidden: tuple[str, ...]) -> None:
        forms = {form for text in hidden if len(text) >= LEAST_SECRET_CHARS for form in _forms(text)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._secret = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def __call__(self, logger: WrappedLogger, method: str, line: EventDict | str) -> str:
        """The rendered line without its secrets."""
        return PASSWORD_IN_ADDRESS.sub(rf"\1:{BLANK}", self._secret.sub(BLANK, str(line)))


def _forms(text: str) -> tuple[str, ...]:
    """As it is, and as JSON, a Python literal and an address would write it."""
    return text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1], quote(text, safe="")


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    structlog.get_logger().critical("crashed", exc_info=(kind, error, trace))
