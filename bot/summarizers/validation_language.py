"""Whether a text is written in the language that was asked for, as far as its letters and commonest words tell. No model."""

import re
import unicodedata
from functools import lru_cache

from bot.words.languages import script_of

LEAST_UNITS = 20
"""Words (of Chinese and the like: characters) below which nothing is judged: they may all be names."""
LEAST_WORDS = 60
OWN_SCRIPT = 0.3
"""Of 70 reports in Chinese, full of English terms, each has at least 82 % Chinese characters (against Latin words)."""
LATIN_SCRIPT = 0.5
VIETNAMESE = 0.12
"""Words with a letter that only Vietnamese has: at least 37 % in 15 Vietnamese digests, none in 6,146 English abstracts."""
NO_ENGLISH, ENGLISH = 0.01, 0.04
"""The share of the commonest English words: at least 2.6 % in 6,146 abstracts of 60 words and more, 4.2 % in 999 of 1,000;
at most 0.4 % in the Vietnamese digests, English terms and titles included."""

_WORD = re.compile(r"[^\W\d_]+")
_SPACELESS = frozenset({"CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "BOPOMOFO"})
_VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_ENGLISH = frozenset("the of and with that this which from".split())  # noqa: SIM905 - a list of words reads better so
# ISO 15924 to the word with which Unicode begins the names of its letters.
_NAMES = {
    "Latn": ("LATIN",),
    "Hans": ("CJK",),
    "Hant": ("CJK",),
    "Hani": ("CJK",),
    "Jpan": ("CJK", "HIRAGANA", "KATAKANA"),
    "Kore": ("HANGUL", "CJK"),
    "Cyrl": ("CYRILLIC",),
    "Arab": ("ARABIC",),
    "Aran": ("ARABIC",),
    "Grek": ("GREEK",),
    "Hebr": ("HEBREW",),
    "Deva": ("DEVANAGARI",),
    "Beng": ("BENGALI",),
    "Taml": ("TAMIL",),
    "Telu": ("TELUGU",),
    "Gujr": ("GUJARATI",),
    "Guru": ("GURMUKHI",),
    "Knda": ("KANNADA",),
    "Mlym": ("MALAYALAM",),
    "Sinh": ("SINHALA",),
    "Thai": ("THAI",),
    "Laoo": ("LAO",),
    "Khmr": ("KHMER",),
    "Mymr": ("MYANMAR",),
    "Geor": ("GEORGIAN",),
    "Armn": ("ARMENIAN",),
    "Ethi": ("ETHIOPIC",),
}
# Written in more than one script, so any of them will do.
_EITHER = frozenset({"sr", "az", "uz", "kk", "bs", "mn", "pa", "tg", "tk", "ku"})


def is_in(text: str, language: str) -> bool:
    """Whether `text` may be in this language; False only where its letters or words are clearly those of another."""
    text = unicodedata.normalize("NFC", text)
    found = scripts(text)
    total = sum(found.values())
    base = language.split("-")[0]
    wanted = _NAMES.get(script_of(language))
    if total < LEAST_UNITS or wanted is None or base in _EITHER:
        return True
    share = sum(found.get(name, 0) for name in wanted) / total
    if share < (LATIN_SCRIPT if wanted == ("LATIN",) else OWN_SCRIPT):
        return False
    if base == "ja":
        return found.get("HIRAGANA", 0) + found.get("KATAKANA", 0) > 0
    return wanted != ("LATIN",) or _is_in_latin(text, base)


def scripts(text: str) -> dict[str, int]:
    """How much of a text is in each script, by Unicode's names: words, and characters where words have no spaces between."""
    found: dict[str, int] = {}
    for word in _WORD.findall(text):
        name = script_name(word[0])
        last = script_name(word[-1])
        is_one_word = name == last and name not in _SPACELESS
        for each in (name,) if is_one_word else map(script_name, word):
            found[each] = found.get(each, 0) + 1
    return found


@lru_cache(maxsize=8192)
def script_name(char: str) -> str:
    """The first word of a letter's name in Unicode: LATIN, CJK, HIRAGANA."""
    return unicodedata.name(char, "UNKNOWN").split(" ")[0]


def length(text: str) -> int:
    """How many words a text has; two characters of Chinese and the like count as one, an average word of theirs."""
    found = scripts(text)
    spaceless = sum(found.get(name, 0) for name in _SPACELESS)
    return sum(found.values()) - spaceless + spaceless // 2


def has_vietnamese(text: str) -> bool:
    """Whether a letter stands in it that only Vietnamese has."""
    return bool(_VIETNAMESE.search(unicodedata.normalize("NFC", text)))


def _is_in_latin(text: str, base: str) -> bool:
    words = [word for word in _WORD.findall(text) if script_name(word[0]) == "LATIN"]
    vietnamese = sum(bool(_VIETNAMESE.search(word)) for word in words) / len(words)
    if base == "vi" or vietnamese >= VIETNAMESE:
        return base == "vi" and vietnamese >= VIETNAMESE
    english = sum(word.lower() in _ENGLISH for word in words) / len(words)
    if len(words) < LEAST_WORDS:
        return True
    return english >= NO_ENGLISH if base == "en" else english < ENGLISH
