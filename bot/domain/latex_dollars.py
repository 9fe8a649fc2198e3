"""Which dollars of a text enclose a formula, and which are money."""

import re

_SHORT = 8
_LONGEST_FORMULA = 2000
_AMOUNT = re.compile(r"[\d.,]++[^\\^_={}<>]*")
_BETWEEN_AMOUNTS = re.compile(r"\s(?:and|or|to|per|in|for|of|with|vs|from|by|is|at|a|the)\b", re.IGNORECASE)
_PROSE = re.compile(r"(?<![\\\w{])[A-Za-z]{3,}[\s,.;:]+[A-Za-z]{3,}")
_DOLLARS = re.compile(r"\\.|(\$\$?)", re.DOTALL)
_COMMAND = re.compile(r"\\[a-zA-Z]|\\[^\sa-zA-Z]")


def has_tex(text: str) -> bool:
    """Whether a formula between dollars or a backslash command is left in `text`."""
    return bool(_COMMAND.search(text) or formulas(text))


def formulas(text: str) -> dict[int, str]:
    """What each "$" that belongs to a formula does: by its place, `toggle`, or `skip` for the second one of "$$"."""
    dollars = [(found.start(1), len(found[1])) for found in _DOLLARS.finditer(text) if found[1]]
    found_so_far: dict[int, str] = {}
    at = 0
    while at + 1 < len(dollars):
        (start, width), (end, end_width) = dollars[at], dollars[at + 1]
        at += 1
        if width > end_width or not _is_formula(text[start + width : end], text[end + width : end + width + 1]):
            continue
        for place in (start, end):
            found_so_far |= {place: "toggle"} if width == 1 else {place: "toggle", place + 1: "skip"}
        if width < end_width:  # "$a$$b$": one ends and the next begins
            dollars[at] = (end + 1, 1)
        else:
            at += 1
    return found_so_far


def _is_formula(inner: str, following: str) -> bool:
    """Whether what stands between two dollars is a formula and not the text between two prices ("$5 and $10")."""
    if not inner.strip() or len(inner) > _LONGEST_FORMULA:
        return False
    if inner[0].isdigit() or inner[0] == ".":
        is_cut_off = following.isdigit() or inner[-1].isspace() or _BETWEEN_AMOUNTS.search(inner)
        return not (is_cut_off and _AMOUNT.fullmatch(inner)) and not _PROSE.search(inner)
    ends_in_text = inner[-1].isspace() and not inner[0].isspace()
    begins_in_text = inner[0].isspace() and following.isalnum()
    is_loose = ends_in_text or begins_in_text or (inner[0] in "/),;" and len(inner) > _SHORT)
    return not (is_loose and (_PROSE.search(inner) or "\\" not in inner))
