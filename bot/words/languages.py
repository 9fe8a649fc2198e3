"""Languages by code and by name, from CLDR (through babel, loaded when somebody speaks what we have no words for)."""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from bot.errors import BadInput

_NO_LANGUAGES = frozenset({"mis", "mul", "root", "und", "zxx"})
_LONGEST = 60
_OUR_LANGUAGES = ("en", "zh", "vi")  # in which people may name any language


def language_code(text: str) -> str:
    """The code of the language that `text` names: a code (fr, pt-BR, zh_CN) or a name (French, français, 法语).

    A region or script stays only where CLDR names it as a language of its own (pt-BR, zh-Hant), so that nothing is written
    twice for one reader's language: vi-VN is vi, zh-CN is zh, zh-TW is zh-Hant. Raises BadInput for anything else.
    """
    wanted = text.strip()[:_LONGEST]
    name = _folded(wanted)
    code = _by_code(wanted) or (name and (_by_name().get(name) or _by_own_name().get(name)))
    if not code:
        message = f"there is no language {wanted!r}; say a code (fr, pt-BR) or a name (French, français)"
        raise BadInput(message, "input.language", typed=wanted)
    return code


def code_named(text: str) -> str | None:
    """As `language_code`, for codes alone and at once: no names are loaded. None for what is no code."""
    return _by_code(text.strip()[:_LONGEST])


def language_name(code: str) -> str:
    """The English name: "French", "Brazilian Portuguese", for zh "Simplified Chinese". Raises as `language_code` does."""
    known = language_code(code)
    return _english_names()["zh_Hans" if known == "zh" else known.replace("-", "_")]


def script_of(code: str) -> str:
    """The script (ISO 15924) that the language of this code is written in: Latn, Hans, Cyrl, Jpan."""
    known = language_code(code).replace("-", "_")
    parts = known.split("_")
    named = next((part for part in parts[1:] if len(part) == len("Latn")), "")
    return named or _likely(known).split("_")[1]


def _by_code(text: str) -> str | None:
    """The code in its usual spelling, without what goes without saying; None if it names no language."""
    parts = text.replace("-", "_").split("_")
    language = _alias(parts[0].lower())
    if not all(part.isascii() and part.isalnum() for part in parts) or language not in _english_names():
        return None
    if language in _NO_LANGUAGES:
        return None
    full = "_".join([language, *(part.title() if len(part) == len("Hans") else part.upper() for part in parts[1:])])
    return _shortest(full).replace("_", "-")


def _shortest(full: str) -> str:
    language = full.split("_")[0]
    if full in _english_names() and full not in ("zh_Hans",):
        return full
    script = _likely(full).split("_")[1]
    with_script = f"{language}_{script}"
    is_usual = script == _likely(language).split("_")[1]
    return language if is_usual or with_script not in _english_names() else with_script


def _likely(code: str) -> str:
    """Language, script and region as CLDR expects them of a code that leaves some out; Latin script where it expects nothing."""
    from babel.core import get_global

    known: dict[str, str] = dict(get_global("likely_subtags"))
    parts = code.split("_")
    for shorter in (code, f"{parts[0]}_{parts[-1]}", parts[0]):
        if shorter in known:
            expected = known[shorter].split("_")
            scripts = [part for part in parts[1:] if len(part) == len("Latn")]
            return "_".join([parts[0], *(scripts or expected[1:2]), expected[-1]])
    return f"{parts[0]}_Latn_ZZ"


def _alias(language: str) -> str:
    from babel.core import get_global

    return str(get_global("language_aliases").get(language, language)).split("_")[0]


def _english_names() -> Mapping[str, str]:
    return _names_in("en")


@cache
def _names_in(language: str) -> dict[str, str]:
    """What languages are called in this one, by code as CLDR writes it."""
    from babel import Locale

    return {str(key): str(name) for key, name in Locale(language).languages.items()}


@cache
def _by_name() -> dict[str, str]:
    """Codes by the names that our languages have for them."""
    return {
        _folded(name): code
        for ours in reversed(_OUR_LANGUAGES)
        for key, name in _names_in(ours).items()
        if (code := _by_code(key))
    }


@cache
def _by_own_name() -> dict[str, str]:
    """Codes by what their speakers call them."""
    return {_folded(name): code for code, name in _own_names() if name}


def _own_names() -> Iterator[tuple[str, str]]:
    from babel import Locale
    from babel.localedata import exists, load

    for key in filter(exists, _english_names()):
        code = _by_code(key)
        if code and "_" in key:
            locale = Locale.parse(key)
            yield code, locale.get_display_name() or ""
            yield code, str(locale.languages.get(key, ""))
        elif code:
            names = load(key, merge_inherited=False).get("languages", {})
            yield code, str(names.get(key, ""))


def _folded(name: str) -> str:
    """Without case, accents and white space, as names are typed; vowel signs (Thai, Hindi) count as accents."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("đ", "d"))
    return "".join(char for char in letters if char.isalnum())
