"""What a pressed button means: `1dp:1f.3` is version 1, the action dp, and what it is about.

It must be ASCII and fit into 64 bytes (Telegram's limit; Discord's is 100), so it holds numbers of rows, never texts. What
comes back may be old, forged or replayed: `unpacked` gives None for all that is not ours, and whoever acts checks rights anew.
"""

import re
from dataclasses import dataclass

VERSION = "1"
MOST_BYTES = 64
_PACKED = re.compile(r"1([a-z]{2,4})(?::([A-Za-z0-9_./+-]{1,58}))?")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One press. `args` as they were packed; `number()` reads those that are numbers."""

    name: str
    args: tuple[str, ...] = ()

    def arg(self, place: int) -> str:
        """The argument at `place`, "" if there is none."""
        return self.args[place] if place < len(self.args) else ""

    def number(self, place: int) -> int | None:
        """The number at `place`, None if there is none."""
        return from_base36(self.arg(place))


def packed(name: str, *args: str | int) -> str:
    """The text behind a button; numbers are written to base 36. Raises ValueError for what would not come back."""
    texts = [base36(arg) if isinstance(arg, int) else arg for arg in args]
    data = f"{VERSION}{name}" + (":" + ".".join(texts) if texts else "")
    if len(data.encode()) > MOST_BYTES or unpacked(data) != Action(name=name, args=tuple(texts)):
        message = f"{data!r} does not fit behind a button"
        raise ValueError(message)
    return data


def unpacked(data: str) -> Action | None:
    """What was pressed; None for a button of another version, and for what never was one of ours."""
    found = _PACKED.fullmatch(data)
    if found is None or len(data) > MOST_BYTES:
        return None
    return Action(name=found[1], args=tuple(found[2].split(".")) if found[2] else ())


def base36(number: int) -> str:
    """A number in few letters; with a minus sign below zero."""
    if number < 0:
        return "-" + base36(-number)
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
        if not number:
            return digits


def from_base36(text: str) -> int | None:
    """The number, None for what is none of at most 63 bits."""
    if not re.fullmatch(r"-?[0-9a-z]{1,13}", text):
        return None
    number = int(text, 36)
    return number if abs(number) < 2**63 else None
