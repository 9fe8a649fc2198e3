"""The transaction guard: no await on the network while a transaction of the store is open.

Imports nothing of ours, so that the store, the HTTP client and every adapter can share it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class OpenTransaction:
    """One open transaction of the store; `is_open` turns false when it ends, also in tasks that copied the context."""

    __slots__ = ("is_open",)

    def __init__(self) -> None:
        self.is_open = True


class TransactionOpen(RuntimeError):
    """Something was about to wait for the network inside a transaction: a bug of ours, never to be caught."""


_current: ContextVar[OpenTransaction | None] = ContextVar("paperboy_transaction", default=None)


@contextmanager
def transaction() -> Iterator[None]:
    """Mark the enclosed code as running inside a transaction; the store alone enters this."""
    mark = OpenTransaction()
    token = _current.set(mark)
    try:
        yield
    finally:
        mark.is_open = False
        _current.reset(token)


def require_no_transaction(doing: str) -> None:
    """Raise TransactionOpen if a transaction is open here; adapters call it before they touch their library."""
    mark = _current.get()
    if mark is not None and mark.is_open:
        raise TransactionOpen(f"{doing} inside an open transaction: close it first (read, close, work, write)")
