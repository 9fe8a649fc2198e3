"""English: what people bring and take away."""

SENTENCES: dict[str, str] = {}
