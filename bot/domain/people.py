"""Somebody, and what they said of papers."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from bot.domain.papers import SeenPaper


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Person:
    """Somebody on a platform: `id` is the platform's own, as text; "" is nobody in particular (a channel's own post)."""

    platform: str
    id: str


class Vote(IntEnum):
    """What somebody thinks of a paper."""

    DOWN = -1
    NONE = 0
    UP = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one person said of one paper; `saved_at` None: not saved."""

    vote: Vote = Vote.NONE
    saved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A paper with the mark of whoever asks."""

    seen: SeenPaper
    mark: Mark
