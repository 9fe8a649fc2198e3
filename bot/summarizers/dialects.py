"""How one endpoint must be asked: the parameters of a dialect, and what a refusal teaches about it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from bot.domain.dialects import AnswerForm, Dialect, TokenLimit
from bot.summarizers.refusals import Refusal

TEMPERATURE = 0.2
"""Low, because a summary is to repeat what the paper says; not 0, at which small models get stuck in loops."""
NEXT_FORM: Mapping[AnswerForm, AnswerForm] = {AnswerForm.SCHEMA: AnswerForm.JSON, AnswerForm.JSON: AnswerForm.TEXT}
NEXT_LIMIT: Mapping[TokenLimit, TokenLimit] = {
    TokenLimit.MAX_COMPLETION_TOKENS: TokenLimit.MAX_TOKENS,
    TokenLimit.MAX_TOKENS: TokenLimit.NONE,
}
_ABOUT_FORM = re.compile(r"response_?format|json_?(schema|object|mode)|structured output|grammar|\bschema\b|\bstrict\b")
_MOST = re.compile(r"(?:at most|less than or equal to|<=|maximum (?:value|of)|no more than|up to|range|,)\D{0,20}(\d{2,7})")


class DialectMemory(Protocol):
    """What is known of one endpoint and model, beyond the life of a process."""

    async def recall(self) -> Dialect | None:
        """What was remembered last, None if nothing was."""
        ...

    async def remember(self, dialect: Dialect) -> None:
        """Keep it; safe to repeat."""
        ...


def parameters(dialect: Dialect, schema: Mapping[str, object], schema_name: str, max_tokens: int) -> dict[str, object]:
    """What goes with the messages; the messages themselves must say that JSON is wanted."""
    asked: dict[str, object] = {}
    if dialect.form is AnswerForm.SCHEMA:
        wanted = {"name": schema_name, "schema": dict(schema), "strict": True}
        asked["response_format"] = {"type": "json_schema", "json_schema": wanted}
    if dialect.form is AnswerForm.JSON:
        asked["response_format"] = {"type": "json_object"}
    if dialect.limit is not TokenLimit.NONE:
        asked[dialect.limit.value] = max_tokens
    if dialect.takes_temperature:
        asked["temperature"] = TEMPERATURE
    return asked


def learnt(refused: Refusal, dialect: Dialect) -> Dialect | None:
    """The next way to ask after this refusal of `dialect`; None if it teaches nothing. Only a 400 or 422 does."""
    if not refused.is_about_request:
        return None
    named = refused.param.lower().partition(".")[0]
    for words in (named, refused.about):
        if dialect.limit is not TokenLimit.NONE and dialect.limit.value in words:
            return replace(dialect, limit=NEXT_LIMIT[dialect.limit])
        if dialect.takes_temperature and "temperature" in words:
            return replace(dialect, takes_temperature=False)
        if dialect.form in NEXT_FORM and _ABOUT_FORM.search(words):
            return plainer(dialect)
    return None


def plainer(dialect: Dialect) -> Dialect:
    """The same with the next plainer form of answers, if there is one."""
    return replace(dialect, form=NEXT_FORM.get(dialect.form, dialect.form))


def allowed_tokens(refused: Refusal, dialect: Dialect, max_tokens: int) -> int | None:
    """How long an answer may be, where the endpoint takes the parameter but not its value."""
    is_about_limit = bool(dialect.limit) and dialect.limit.value in f"{refused.param} {refused.said}".lower()
    told = _MOST.search(refused.said.lower()) if is_about_limit and refused.is_about_request else None
    return int(told[1]) if told and 16 <= int(told[1]) < max_tokens else None


def narrower(refused: Refusal, estimate: int) -> tuple[int, int]:
    """The endpoint's context in tokens, and what of our own count of tokens to ask it for next, after a text was too long.

    We count characters, the endpoint counts tokens, so its limit is scaled by how it counted this request.
    """
    told = refused.limit_tokens
    if told is None:
        guess = max(estimate * 2 // 3, 1)
        return guess, guess
    counted = max(refused.asked_tokens or 0, told + 1)
    return told, max(min(told, told * estimate // counted, estimate * 9 // 10), 1)
