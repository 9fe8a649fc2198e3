"""Papers that a message names, for a command that is typed as the reply to it."""

from collections.abc import Iterable

from bot.domain.identity import parse_ref
from bot.errors import BadPaperId

TAKES_A_PAPER = ("summary", "ask", "save")  # commands that begin with one


def paper_in(texts: Iterable[str]) -> str:
    """The first paper that a message names, in its text or behind its links; "" if there is none."""
    for text in texts:
        try:
            return str(parse_ref(text).key.value)
        except BadPaperId:
            continue
    return ""


def with_paper(typed_after: str, replied: Iterable[str]) -> str:
    """What was typed, with the paper that the replied-to message holds before it, if none was typed."""
    if paper_in((typed_after,)):
        return typed_after
    return f"{found} {typed_after}".strip() if (found := paper_in(replied)) else typed_after
