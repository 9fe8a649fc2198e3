"""Chinese (simplified): the settings menu and the first contact."""

SENTENCES: dict[str, str] = {}
