"""TeX in titles and abstracts -> Unicode that reads well as plain text.

    text -> which dollars enclose a formula -> tokens -> one pass with a bounded depth -> text

Nothing is dropped but markup: a formula without a Unicode form is spelled out without dollars and backslashes, an unknown
macro keeps its name. What is no TeX stays: money, a bare % or &, snake_case, links.
"""

import re
import unicodedata

from bot.domain.latex_dollars import has_tex as has_tex
from bot.domain.latex_tables import (
    ACCENTS,
    DOUBLE_STRUCK,
    DOUBLE_STRUCK_NAMES,
    DROPPED,
    LETTERS,
    NOTES,
    SPACES,
    STYLING_ARGUMENT,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYMBOLS,
)
from bot.domain.latex_tokens import Tokens

_HINT = re.compile(r"[\\${}^_~]|--|``")
_DEEPEST = 30
_SIMPLE = re.compile(r"[\w.√∞°′]*|\([^()]*\)")
_ROOT = re.compile(r"\[([^\[\]{}\\$]{1,10})\]")
_PLAIN_WORDS = re.compile(r"[A-Za-z][\w .+-]*")


def to_unicode(text: str) -> str:
    r"""`text` with its TeX turned into Unicode; the text itself where it holds none. Never raises; takes linear time.

    Kept in words: unknown macros by name, citations as [key], a link of \href behind its text. Dropped as markup: names
    of fonts, sizes, colours and environments.
    """
    if not _HINT.search(text):
        return text
    return _Reader(Tokens(text)).sequence()


class _Reader:
    """One pass over the tokens of one text. Deeper than `_DEEPEST`, braces are skipped and commands go by their names."""

    __slots__ = ("_depth", "_is_math", "_is_quoted", "_tokens")

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._depth = 0
        self._is_math = self._is_quoted = False

    def sequence(self) -> str:
        """Everything up to the brace that closes the group we are in, or to the end."""
        out: list[str] = []
        while self._tokens.kind:
            kind, text = self._tokens.take()
            if kind == "close":
                if self._depth:
                    break
                out.append(text)
            elif kind == "toggle" or (kind == "symbol" and text in "()[]"):
                self._toggle(out, is_opening=not self._is_math if kind == "toggle" else text in "([")
            elif kind != "skip":
                out.append(self._piece(kind, text, _last(out)))
        return "".join(out)

    def _toggle(self, out: list[str], *, is_opening: bool) -> None:
        self._is_math = is_opening
        if is_opening:
            self._tokens.skip_space()
        elif out:
            out[-1] = out[-1].rstrip() if out[-1].strip() or len(out) > 1 else out[-1]

    def _piece(self, kind: str, text: str, before: str) -> str:
        match kind:
            case "word":
                return self._command(text, before)
            case "symbol":
                return self._accented(text) if text in ACCENTS else SPACES.get(text, "‖" if text == "|" else text)
            case "open":
                return self._braces()
            case "script" if self._is_math or self._tokens.kind == "open":
                return self._script(text, self._argument())
            case "tie":
                return self._tie(before)
            case "dashes":
                return self._dashes(text, before)
            case "quotes":
                return self._quotes(text)
            case _:
                return text

    def _command(self, name: str, before: str) -> str:
        if self._depth >= _DEEPEST:
            return name
        if name in LETTERS:
            self._tokens.skip_space()
            return LETTERS[name]
        if name in SYMBOLS:
            if self._tokens.kind == "open" and self._tokens.kind_after_next() == "close":
                self._tokens.raw_group()
            elif not before.isspace():
                self._tokens.skip_space()
            return SYMBOLS[name]
        if name in DROPPED:
            return self._dropped(name, before)
        if name in ACCENTS:
            return self._accented(name)
        if name in SPACES:
            return SPACES[name]
        if name in DOUBLE_STRUCK_NAMES:
            return "".join(DOUBLE_STRUCK.get(letter, letter) for letter in self._argument())
        return self._structure(name, before)

    def _structure(self, name: str, before: str) -> str:
        """Commands that arrange their arguments."""
        match name:
            case "frac" | "tfrac" | "dfrac" | "cfrac" | "nicefrac" | "sfrac":
                return self._fraction(before)
            case "sqrt":
                return self._root()
            case "binom" | "tbinom" | "dbinom":
                return f"binom({self._argument()}, {self._argument()})"
            case "pmod" | "bmod":
                return f"(mod {self._argument()})" if name == "pmod" else "mod"
            case "textsuperscript" | "textsubscript":
                return self._script("^" if name == "textsuperscript" else "_", self._argument())
            case "overset" | "stackrel" | "underset":
                above, base = self._argument(), self._argument()
                return base + self._script("_" if name == "underset" else "^", above)
            case "not":
                return unicodedata.normalize("NFC", self._argument() + "\u0338")
            case "href":
                return self._link()
            case "enquote":
                return f"“{self._argument()}”"
            case "footnote" | "thanks":
                return ("" if before.isspace() else " ") + f"({self._argument()})"
            case "unicode" | "char":
                return self._character(name)
        if name in NOTES:
            return f"[{self._argument()}]" if self._tokens.kind == "open" else ""
        if name in STYLING_ARGUMENT:
            return self._styling(before)
        return self._unknown(name, before)

    def _dropped(self, name: str, before: str) -> str:
        if self._tokens.kind == "open":
            return self._argument()
        if name in {"left", "right", "big", "bigl", "bigr", "Big", "Bigl", "Bigr"} and self._tokens.text.startswith("."):
            self._tokens.take_characters(1)
        elif not before.isalnum():
            self._tokens.skip_space()
        return ""

    def _styling(self, before: str) -> str:
        if self._tokens.kind == "open":
            self._tokens.raw_group()
        return " " if before.isalnum() and self._tokens.text[:1].isalnum() else ""

    def _unknown(self, name: str, before: str) -> str:
        r"""The macro's name, apart from the words around it; a function such as \log is just that."""
        gap = " " if self._is_math and (before.isalnum() or before in ")]}") and before else ""
        if self._tokens.kind == "open":
            argument = self._argument()
            return gap + name + (f" {argument}" if argument else "")
        is_glued = self._is_math and (self._tokens.kind == "word" or self._tokens.text[:1].isalnum())
        return gap + name + (" " if is_glued else "")

    def _accented(self, name: str) -> str:
        """One letter with its accent; several letters under a hat are spelled hat(xy); no letter gives the sign itself."""
        kind = self._tokens.kind
        is_letter = kind in {"open", "word"} or (kind == "text" and self._tokens.text[:1].isalpha())
        if name.isalpha() and kind == "space" and self._tokens.kind_after_next() == "text":
            is_letter = self._tokens.text_after_next()[:1].isalpha()
        if not is_letter or self._depth >= _DEEPEST:
            return name + (" " if self._is_math and name.isalpha() and self._tokens.text[:1].isalnum() else "")
        base = self._argument()
        if not base[:1].isalnum():
            return base or ("" if name.isalpha() else name)
        if base[0] in "ıȷ" and name not in {"c", "k", "d", "b"}:
            base = {"ı": "i", "ȷ": "j"}[base[0]] + base[1:]
        if name == "overline" or (name == "bar" and len(base) > 1):
            return unicodedata.normalize("NFC", "".join(c + "\u0305" if c.isalnum() else c for c in base))
        if not name.isalpha() or len(name) == 1 or len(base) == 1:
            return unicodedata.normalize("NFC", base[0] + ACCENTS[name]) + base[1:]
        return f"{name.removeprefix('wide')}({base})"

    def _fraction(self, before: str) -> str:
        above, below = self._argument(), self._argument()
        if not (above and below):
            return above or below or "frac"
        whole = "/".join(part if _SIMPLE.fullmatch(part) else f"({part})" for part in (above, below))
        following = self._tokens.text
        is_factor = SYMBOLS.get(following, "").isalpha() if self._tokens.kind == "word" else following[:1].isalnum()
        if self._is_math and is_factor:
            whole = f"({whole})"
        return (" " if before.isalnum() and whole[0] != "(" else "") + whole

    def _root(self) -> str:
        degree = ""
        if found := _ROOT.match(self._tokens.text):
            degree = _mapped(found[1], SUPERSCRIPTS) or f"{found[1]} "
            self._tokens.take_characters(found.end())
        inner = self._argument()
        return degree + "√" + (inner if _SIMPLE.fullmatch(inner) else f"({inner})")

    def _link(self) -> str:
        url = re.sub(r"\\([_#%&~$])", r"\1", "".join(self._tokens.raw_group().split()))
        shown = self._argument() if self._tokens.kind == "open" else ""
        return shown if shown == url or not url else f"{shown} ({url})" if shown else url

    def _character(self, name: str) -> str:
        raw = self._tokens.raw_group() if self._tokens.kind == "open" else ""
        if found := re.fullmatch(r"x([0-9a-fA-F]{1,5})|([0-9]{1,6})", raw):
            code = int(found[1], 16) if found[1] else int(found[2])
            if chr(min(code, 0x10FFFF)).isprintable():
                return chr(min(code, 0x10FFFF))
        return name + raw

    def _script(self, sign: str, inner: str) -> str:
        """Raised or lowered signs where Unicode has them all; words of more than three letters read better as _(train)."""
        if not inner.strip():
            return "" if self._is_math else sign
        is_word = sum(map(str.isalpha, inner)) > 3
        if not is_word and (mapped := _mapped(inner, SUPERSCRIPTS if sign == "^" else SUBSCRIPTS)):
            return mapped
        return f"{sign}{inner}" if len(inner) == 1 else f"{sign}({inner})"

    def _tie(self, before: str) -> str:
        """A space that does not break; but about (~16 mm), a range (1~2%) and a home page (/~name) stay as they are."""
        after, kind = self._tokens.text[:1], self._tokens.kind
        if self._is_math:
            return " "
        is_range = before.isdigit() and after.isdigit()
        joins = (before.isalnum() or before in ".,;:)]}'”’") and before and kind not in {"space", ""} and not is_range
        return " " if joins and after != "/" else "~"

    def _dashes(self, text: str, before: str) -> str:
        is_option = len(text) == 2 and not before.isalnum() and self._tokens.text[:1].isalpha() and before in " \n\t`(["
        return text if is_option else {2: "–", 3: "—"}.get(len(text), text)

    def _quotes(self, text: str) -> str:
        if self._is_math and text != "``":
            return "′" * len(text)
        if text == "``":
            self._is_quoted = True
            return "“"
        if text == "''" and self._is_quoted:
            self._is_quoted = False
            return "”"
        return text

    def _braces(self) -> str:
        """A group: its braces go with its TeX or around a plain word, and stay in something like a set {a, b}."""
        first = self._tokens.place
        if self._depth >= _DEEPEST:
            return ""
        inner = self._group()
        *kinds, last = self._tokens.taken_since(first) or ("",)
        is_tex = self._is_math or any(kind not in {"text", "space"} for kind in kinds)
        if is_tex or _PLAIN_WORDS.fullmatch(inner):
            return inner
        return f"{{{inner}}}" if last == "close" else f"{{{inner}"

    def _group(self) -> str:
        self._depth += 1
        inner = self.sequence()
        self._depth -= 1
        return inner

    def _argument(self) -> str:
        """What a command applies to: a group, a command or one character."""
        self._tokens.skip_space()
        kind, text = self._tokens.kind, self._tokens.text
        if kind in {"", "close", "toggle", "skip"} or text == "$" or self._depth >= _DEEPEST:
            return ""
        if kind in {"text", "link"}:
            return self._tokens.take_characters(1)
        self._tokens.take()
        self._depth += 1
        try:
            return self.sequence() if kind == "open" else self._piece(kind, text, "")
        finally:
            self._depth -= 1


def _last(out: list[str]) -> str:
    """The character written last; nothing at the start of a group."""
    return next((piece[-1] for piece in reversed(out[-3:]) if piece), "")


def _mapped(text: str, table: dict[str, str]) -> str:
    """`text` in raised or lowered signs, nothing if Unicode lacks one."""
    return "".join(table[c] for c in text) if all(c in table for c in text) else ""
