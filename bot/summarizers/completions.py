"""What stands in the body of a chat completion, whatever of it an endpoint leaves out or gets wrong. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.budget import CHARS_PER_TOKEN, Usage

MOST_TOKENS = 100_000_000
"""More than any request or answer has: a count above it is none."""
MOST_CHARS_PER_TOKEN = 8
"""Papers have 3 to 5 in every vocabulary; a longer request that counts fewer tokens than this was not read whole."""
LEAST_CHARS = 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """The first choice. `text` None: there is no choice at all; `refusal` is the model's own word that it will not."""

    text: str | None
    refusal: str
    finish: str
    usage: Usage

    @property
    def is_declined(self) -> bool:
        return bool(self.refusal) or "filter" in self.finish or self.finish in {"safety", "recitation", "prohibited_content"}

    @property
    def is_cut(self) -> bool:
        return self.finish in {"length", "max_tokens"}

    def is_of_a_part(self, chars: int) -> bool:
        """Whether the endpoint cut a request of so many characters without a word (Ollama does, at its num_ctx)."""
        counted = 0 if self.usage.is_estimate else self.usage.tokens_in
        return chars >= LEAST_CHARS and 0 < counted * MOST_CHARS_PER_TOKEN < chars


def completion(body: Mapping[str, object], *, chars_in: int) -> Completion:
    """What `body` holds; tokens that it does not tell are estimated by characters."""
    choices = body.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    choice = first if isinstance(first, Mapping) else {}
    message = choice.get("message")
    said = message if isinstance(message, Mapping) else {}
    text = _text(said.get("content"))
    return Completion(
        text=text if choice else None,
        refusal=_text(said.get("refusal")),
        finish=str(choice.get("finish_reason") or "").lower(),
        usage=_usage(body.get("usage"), chars_in=chars_in, chars_out=len(text)),
    )


def _text(content: object) -> str:
    """A text, or the texts of a list of parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, Mapping))
    return content if isinstance(content, str) else ""


def _usage(told: object, *, chars_in: int, chars_out: int) -> Usage:
    """Thinking is part of the completion's tokens, and paid as such."""
    counts = told if isinstance(told, Mapping) else {}
    tokens_in, tokens_out = _count(counts.get("prompt_tokens")), _count(counts.get("completion_tokens"))
    if tokens_in and tokens_out is not None:
        return Usage(tokens_in=tokens_in, tokens_out=tokens_out)
    return Usage(tokens_in=tokens(chars_in), tokens_out=tokens(chars_out), is_estimate=True)


def tokens(chars: int) -> int:
    """About how many tokens so many characters are."""
    return round(chars / CHARS_PER_TOKEN)


def _count(value: object) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_TOKENS
    return value if is_count and isinstance(value, int) else None
