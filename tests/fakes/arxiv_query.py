"""The query language of arXiv's API, as far as we speak it: fields, phrases, ranges, AND, OR, parentheses."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from bot.domain.papers import Paper

Test = Callable[[Paper], bool]
_TOKEN = re.compile(r'\(|\)|AND\b|OR\b|(\w+):("[^"]*"|\[[^\]]*\]|[^\s()]+)')


def parsed(query: str) -> Test:
    """The test that a paper must pass. Raises ValueError for what we do not speak."""
    tokens = list(_TOKEN.finditer(query))
    if re.sub(r"\s+", "", query) != "".join(re.sub(r"\s+", "", token[0]) for token in tokens):
        raise ValueError(query)
    stream = iter([*tokens, None])
    test, rest = _either(next(stream), stream)
    if rest is not None:
        raise ValueError(query)
    return test


def _either(token: re.Match[str] | None, stream: "Iterator[re.Match[str] | None]") -> tuple[Test, re.Match[str] | None]:
    test, token = _both(token, stream)
    while token is not None and token[0] == "OR":
        other, token = _both(next(stream), stream)
        test = _or(test, other)
    return test, token


def _both(token: re.Match[str] | None, stream: "Iterator[re.Match[str] | None]") -> tuple[Test, re.Match[str] | None]:
    test, token = _one(token, stream)
    while token is not None and token[0] == "AND":
        other, token = _one(next(stream), stream)
        test = _and(test, other)
    return test, token


def _one(token: re.Match[str] | None, stream: "Iterator[re.Match[str] | None]") -> tuple[Test, re.Match[str] | None]:
    if token is None:
        raise ValueError("a term is missing")
    if token[0] == "(":
        test, closing = _either(next(stream), stream)
        if closing is None or closing[0] != ")":
            raise ValueError("a parenthesis is missing")
        return test, next(stream)
    return _term(token[1], token[2].strip('"')), next(stream)


def _or(one: Test, other: Test) -> Test:
    return lambda paper: one(paper) or other(paper)


def _and(one: Test, other: Test) -> Test:
    return lambda paper: one(paper) and other(paper)


def _term(field: str, value: str) -> Test:
    if field == "cat":
        prefix = value.removesuffix("*")
        return lambda paper: any(name.startswith(prefix) if value.endswith("*") else name == value for name in paper.categories)
    if field == "submittedDate":
        first, last = (_instant(end) for end in value.strip("[]").split(" TO "))
        return lambda paper: paper.published_at is not None and first <= paper.published_at <= last
    texts: dict[str, Callable[[Paper], str]] = {
        "ti": lambda paper: paper.title,
        "abs": lambda paper: paper.abstract,
        "au": lambda paper: " ".join(author.name for author in paper.authors),
    }
    read, wanted = texts[field], f" {_words(value)} "
    return lambda paper: wanted in f" {_words(read(paper))} "


def _words(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.casefold()))


def _instant(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%Y%m%d%H%M").replace(tzinfo=UTC)
