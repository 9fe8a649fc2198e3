"""English: what the owner of the bot is told."""

SENTENCES: dict[str, str] = {}
