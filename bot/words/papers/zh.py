"""Chinese (simplified): the buttons below a digest and its papers."""

SENTENCES: dict[str, str] = {}
