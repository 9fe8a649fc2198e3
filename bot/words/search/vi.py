"""Vietnamese: searches in the store."""

SENTENCES: dict[str, str] = {}
