"""The tokens of a text with TeX, and a cursor over them."""

import re

from bot.domain.latex_dollars import formulas

_TOKEN = re.compile(
    r"(?P<link>https?://[^\s{}\\$<>]{1,300})|\\(?P<word>operatorname\*|[a-zA-Z]{1,60})|\\(?P<symbol>[^a-zA-Z])|(?P<space>\s+)"
    r"|(?P<open>\{)|(?P<close>\})|(?P<script>[\^_])|(?P<tie>~)|(?P<dashes>-{2,})|(?P<quotes>``|''|')|(?P<dollar>\$)"
    r"|(?P<text>[^\\${}^_~\-'`\s]{1,64}|.)",
    re.DOTALL,
)
_LONGEST_RAW = 200


class Tokens:
    """A cursor over the tokens of one text: the kind and text of the next one, empty at the end."""

    __slots__ = ("_at", "_kinds", "_texts")

    def __init__(self, text: str) -> None:
        dollars = formulas(text)
        self._kinds: list[str] = []
        self._texts: list[str] = []
        for found in _TOKEN.finditer(text):
            kind = found.lastgroup or "text"
            self._kinds.append(dollars.get(found.start(), "text") if kind == "dollar" else kind)
            self._texts.append(found[kind])
        self._at = 0

    @property
    def kind(self) -> str:
        return self._kinds[self._at] if self._at < len(self._kinds) else ""

    @property
    def text(self) -> str:
        return self._texts[self._at] if self._at < len(self._texts) else ""

    @property
    def place(self) -> int:
        """How many tokens have been taken."""
        return self._at

    def kind_after_next(self) -> str:
        return self._kinds[self._at + 1] if self._at + 1 < len(self._kinds) else ""

    def text_after_next(self) -> str:
        return self._texts[self._at + 1] if self._at + 1 < len(self._texts) else ""

    def taken_since(self, place: int) -> tuple[str, ...]:
        """The kinds of the tokens taken since `place`."""
        return tuple(self._kinds[place : self._at])

    def take(self) -> tuple[str, str]:
        """The next token, which is then behind us."""
        kind, text = self.kind, self.text
        self._at += 1
        return kind, text

    def take_characters(self, count: int) -> str:
        """The first characters of the next token; what remains of it is the next one."""
        taken, rest = self.text[:count], self.text[count:]
        if rest:
            self._texts[self._at] = rest
        else:
            self._at += 1
        return taken

    def skip_space(self) -> None:
        if self.kind == "space":
            self._at += 1

    def raw_group(self) -> str:
        """The group that opens here as it was typed; nothing is read if it does not end soon."""
        parts: list[str] = []
        depth = 0
        for at in range(self._at, min(self._at + _LONGEST_RAW, len(self._kinds))):
            kind, text = self._kinds[at], self._texts[at]
            depth += (kind == "open") - (kind == "close")
            if depth == 0:
                self._at = at + 1
                return "".join(parts[1:])
            parts.append(f"\\{text}" if kind in {"word", "symbol"} else text)
        return ""
