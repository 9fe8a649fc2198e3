"""A text cut to what a model can read: whole sections and sentences, the telling ones first. Pure."""

from dataclasses import dataclass

from bot.domain.papers import FullText


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What is left of a text, its sections in their own order; `share` of its characters, above 0 and at most 1."""

    text: FullText
    share: float
