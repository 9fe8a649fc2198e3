"""What one model endpoint understands of the API that they all claim to speak: found out once, then remembered."""

from dataclasses import dataclass
from enum import StrEnum


class AnswerForm(StrEnum):
    """How an answer's shape is asked for, best first."""

    SCHEMA = "schema"  # response_format json_schema
    JSON = "json"  # response_format json_object
    TEXT = "text"  # nothing but words: JSON somewhere in a text


class TokenLimit(StrEnum):
    """What the parameter for the longest answer is called."""

    MAX_COMPLETION_TOKENS = "max_completion_tokens"
    MAX_TOKENS = "max_tokens"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """`context_tokens` None: the endpoint never said that a text was too long."""

    form: AnswerForm = AnswerForm.SCHEMA
    limit: TokenLimit = TokenLimit.MAX_COMPLETION_TOKENS
    takes_temperature: bool = True
    context_tokens: int | None = None
