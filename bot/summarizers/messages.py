"""One message to a model, whatever package carries it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`role` is "system", "user" or "assistant"."""

    role: str
    text: str
