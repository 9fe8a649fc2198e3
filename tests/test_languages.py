"""A language is known by its codes and names; whatever else is typed is refused in a sentence."""

import importlib
import sys

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.words import languages, words
from bot.words.languages import language_code, language_name, script_of

KNOWN = sorted(set(Locale("en").languages) - {"mul", "und", "zxx"})


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *(
            ("fr", "fr"),
            ("FR", "fr"),
            (" French ", "fr"),
            ("français", "fr"),
            ("francais", "fr"),
            ("法语", "fr"),
            ("tiếng Pháp", "fr"),
            ("tieng dan mach", "da"),
        ),
        *(
            ("zh", "zh"),
            ("zh-CN", "zh"),
            ("zh_Hans_CN", "zh"),
            ("zh-TW", "zh-Hant"),
            ("zh-HK", "zh-Hant"),
            ("繁體中文", "zh-Hant"),
        ),
        *(
            ("繁體中文", "zh-Hant"),
            ("中文", "zh"),
            ("简体中文", "zh"),
            ("Chinese", "zh"),
            ("chi", "zh"),
            ("Traditional Chinese", "zh-Hant"),
        ),
        *(("vi", "vi"), ("vi-VN", "vi"), ("Tiếng Việt", "vi"), ("tieng viet", "vi"), ("Vietnamese", "vi"), ("越南语", "vi")),
        *(("pt-BR", "pt-BR"), ("pt_br", "pt-BR"), ("Brazilian Portuguese", "pt-BR"), ("português (Brasil)", "pt-BR")),
        *(("en-US", "en-US"), ("English", "en"), ("de-DE", "de"), ("Deutsch", "de"), ("日本語", "ja"), ("Русский", "ru")),
        *(("العربية", "ar"), ("हिन्दी", "hi"), ("ไทย", "th"), ("한국어", "ko"), ("iw", "he")),
    ],
)
def test_a_language_is_known_by_code_and_by_name(typed: str, code: str) -> None:
    assert language_code(typed) == code


@pytest.mark.parametrize(
    "typed", ["", " ", "xx", "und", "mul", "en-", "-", "Frnech", "en fr", "../en", "e" * 10_000, "\x1b[31m", "\ud800"]
)
def test_what_is_no_language_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(BadInput, match="say a code") as refused:
        language_code(typed)
    assert len(str(refused.value)) < 400
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("code", "name", "script"),
    [
        ("en", "English", "Latn"),
        ("zh", "Simplified Chinese", "Hans"),
        ("zh-Hant", "Traditional Chinese", "Hant"),
        ("vi", "Vietnamese", "Latn"),
        ("pt-BR", "Brazilian Portuguese", "Latn"),
        ("ru", "Russian", "Cyrl"),
        ("ja", "Japanese", "Jpan"),
        ("ko", "Korean", "Kore"),
        ("ar", "Arabic", "Arab"),
    ],
)
def test_a_language_has_an_english_name_and_a_script(code: str, name: str, script: str) -> None:
    assert (language_name(code), script_of(code)) == (name, script)


def test_every_language_of_cldr_has_one_code_that_names_it() -> None:
    codes = {language_code(key) for key in KNOWN}
    assert len(codes) > 600
    for code in codes:
        assert language_code(code) == code
        assert language_name(code)
        assert len(script_of(code)) == 4


@given(st.text(max_size=80))
def test_any_text_is_a_language_or_bad_input(typed: str) -> None:
    try:
        code = language_code(typed)
    except BadInput:
        return
    assert language_code(code) == code


def test_a_catalogue_speaks_its_own_language() -> None:
    assert languages()[0] == "en"
    for code in languages():
        assert language_code(code) == code
        assert words(code).language == code


@pytest.mark.parametrize(("asked", "spoken"), [("fr", "en"), ("ja", "en"), ("en-GB", "en"), ("zh-Hant", "zh"), ("zh-TW", "zh")])
def test_a_language_without_a_catalogue_has_the_sentences_of_the_nearest(asked: str, spoken: str) -> None:
    assert words(asked).sentences == words(spoken).sentences
    assert words(asked).language == language_code(asked)


def test_the_list_of_catalogues_stays_a_function_beside_the_module_of_its_name() -> None:
    importlib.import_module("bot.words.languages")
    assert vars(sys.modules["bot.words"])["languages"] is languages
    assert "languages" not in languages()
