"""The numbers of a subscription as people type them. Every refusal is a BadInput that says from where to where."""

from handlers import parsing


def limit(typed: str) -> int:
    """At most so many papers in a digest."""
    return int(parsing.number(typed, what="the limit", key="input.limit", least=1, most=100))


def threshold(typed: str) -> float:
    """The least score of a paper."""
    return parsing.number(typed, what="the threshold", key="input.threshold", least=0, most=10)


def votes(typed: str) -> int:
    """The least number of votes, where they are counted."""
    return int(parsing.number(typed, what="the number of votes", key="input.votes", least=0, most=100_000))
