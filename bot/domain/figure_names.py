"""Names with digits (GPT-4o, CIFAR-100) looked up in a text: however spaced, and never as a part of a longer one."""

import re

from bot.domain.figure_claims import behind_first

_ENDING = r"(?:'?s)?(?![a-z0-9]|\.\d)"
"""A plural may follow, a letter or a version may not: GPT-4 is not in GPT-4o, nor Llama 3 in Llama 3.1."""
_TAIL = re.compile(
    r"-(?:aided|assisted|aware|backed|based|class|driven|enabled|equipped|generated|guided|judged|level|like|only|powered|scale|scored"
    r"|sized|specific|style|trained|tuned|written)$"
)
_PARTS_APART = 60
"""Characters between the parts of a name whose parts are names: C1 to C5."""
_LIST = r"(?:\d[\w.]{0,9}[\s{}()$]{0,3}(?:(?:[/,;&、和与或及]|(?:and|or|to|vs\.?|và)\b|[-–](?=\d))\s?){1,2}[-$]?){0,8}"
_KINDS = "models|datasets|data sets|benchmarks|variants|versions|backbones|architectures|sizes|families"
_UNCOUNTED = rf"(?!\s(?!{_KINDS})[a-z-]{{3,}}s\b)"
MIN_VERSION, MAX_VERSION = 1.0, 20.0
"""What stands for a version behind a proper noun; more is a measurement."""


def has_name(folded: str, name: str) -> bool:
    """Whether a name with digits stands in a text of small letters; CIFAR-100 does in "cifar-10/100"."""
    name = _TAIL.sub("", name.lower())
    runs = _runs(name)
    if not runs or runs[0] not in folded:  # much faster than the patterns
        return False
    if re.search(behind_first(_spelled(runs), "[a-z0-9]") + _ENDING, folded):
        return True
    if parts := parts_of(name):
        spelled = rf"{_ENDING}[^\n]{{0,{_PARTS_APART}}}?(?<![a-z0-9])".join(_spelled(_runs(part)) for part in parts)
        return re.search(behind_first(spelled, "[a-z0-9]") + _ENDING, folded) is not None
    return _is_in_list(folded, *stem_of(name))


def is_version(text: str, word: str) -> bool:
    """Whether the numbers behind a word are a part of its name: a proper noun in `text`, with small numbers behind it only.

    "Llama 3" is then looked up as a name, as the 3 is in "Llama 3.1" by rounding and in any text by chance. Not so for a word
    in capitals, which may be a measure (FID 3).
    """
    if word.isupper() or word not in text or re.search(behind_first(word.lower(), "[A-Za-z0-9]") + "(?![A-Za-z])", text):
        return False
    behind = re.findall(
        behind_first(re.escape(word), "[A-Za-z0-9]") + r"[- ]?(\d{1,4}(?:\.\d{1,3})?)(?![\dA-Za-z]|[.,]\d|\s?%)", text
    )
    return bool(behind) and all(MIN_VERSION <= float(number) < MAX_VERSION for number in behind)


def parts_of(name: str) -> tuple[str, ...]:
    """The names of which a name with hyphens is made (C1-C5), () where a part is none by itself (GPT-4)."""
    parts = tuple(re.split("[-_]", name))
    are_names = all(re.search("[A-Za-z]", part) and re.search(r"\d", part) for part in parts)
    return parts if len(parts) > 1 and are_names else ()


def stem_of(name: str) -> tuple[str, str]:
    """The word and the last number of a name: CIFAR and 100, GPT and 4o; ("", "") where it has no word before a number."""
    found = re.fullmatch(r"(.*[a-z])[-_. ]?(\d[\d.]*[a-z]?)s?", name, re.IGNORECASE)
    return (found[1], found[2]) if found else ("", "")


def _is_in_list(folded: str, word: str, number: str) -> bool:
    if len(word) < 2 or word not in folded:
        return False
    start = behind_first(_spelled(_runs(word)), "[a-z0-9]") + r"[-\s({$\\]{0,3}"
    number = re.escape(number) + _ENDING
    return re.search(rf"{start}(?:(?:\d[\w.]{{0,9}}/-?){{1,8}}{number}|{_LIST}{number}{_UNCOUNTED})", folded) is not None


def _runs(name: str) -> list[str]:
    runs = re.findall(r"[a-z]+|\d+(?:\.\d+)*", name)
    return runs[:-1] if len(runs) > 2 and runs[-1] == "s" and runs[-2][0].isdigit() else runs


def _spelled(runs: list[str]) -> str:
    return r"[-_. \u2010-\u2013]{0,2}".join(map(re.escape, runs))
