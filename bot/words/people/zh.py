"""Chinese (simplified): saved papers, and what is kept of people."""

SENTENCES: dict[str, str] = {}
