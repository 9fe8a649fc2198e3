"""What a long job says while it works; who shows it decides how."""

from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """The verbs of the day that somebody may wait for, in their order."""

    FETCH = "fetch"
    MATCH = "match"
    READ = "read"
    SUMMARIZE = "summarize"


# stage, what of it (a source, a paper), how many are done, of how many (None: nobody knows yet)
Report = Callable[[Stage, str, int, int | None], None]


def silent(stage: Stage, subject: str, done: int, total: int | None) -> None:
    """Say nothing: for jobs that nobody watches."""
