"""Column types that mean the same on both databases, and the cleaning of text that neither could hold."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

# SQLite refuses lone surrogates (UnicodeEncodeError), PostgreSQL NUL as well; both come in through json.loads.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_SUBSTITUTE = "\ufffd"
_LARGEST = 2**31 - 1  # PostgreSQL's integer


def clean(text: str) -> str:
    """`text` with U+FFFD for each character that a database refuses; a page is never lost for one of them."""
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub(_SUBSTITUTE, text)


def whole(value: int | None, least: int = 0) -> int | None:
    """A number that fits its column, None for one that cannot be true: below `least`, or beyond 31 bits."""
    return value if value is not None and least <= value <= _LARGEST else None


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant. On SQLite ISO text of one width, so that it compares as it sorts; a naive one raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:  # Any: SQLAlchemy's own signature
        """The column's type on this database."""
        return dialect.type_descriptor(String(32) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Towards the database."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"naive datetime {value!r}: instants are stored as aware UTC")
        instant = value.astimezone(UTC)
        return instant.isoformat(timespec="microseconds") if dialect.name == "sqlite" else instant

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401  (what the driver gives)
        """From the database."""
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


class SafeText(TypeDecorator[str]):
    """Text of the outside world: what the database could not hold is replaced on the way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Towards the database."""
        return None if value is None else clean(value)


class Json(TypeDecorator[Any]):  # Any: each column's own shape, which its mapping function knows
    """Lists and objects as JSON text; we never ask the database to look inside, so no dialect's JSON type is needed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401  (any JSON)
        """Towards the database; NUL stands escaped in JSON and would come back, so it is looked for there."""
        if value is None:
            return None
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        if "\\u0000" in text or not text.isascii():
            text = clean(json.dumps(_cleaned(value), ensure_ascii=False, separators=(",", ":")))
        return text

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401  (any JSON)
        """From the database."""
        return None if value is None else json.loads(value)


def _cleaned(value: Any) -> Any:  # noqa: ANN401  (any JSON)
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {clean(str(name)): _cleaned(item) for name, item in value.items()}
    return value
