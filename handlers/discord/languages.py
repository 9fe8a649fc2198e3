"""Languages that are offered by name while somebody types; any other one may be named all the same."""

from collections.abc import Mapping

LANGUAGES: Mapping[str, tuple[str, str]] = {
    "en": ("English", "English"),
    "zh": ("简体中文", "Chinese, simplified"),
    "vi": ("Tiếng Việt", "Vietnamese"),
    "zh-Hant": ("繁體中文", "Chinese, traditional"),
    "fr": ("Français", "French"),
    "de": ("Deutsch", "German"),
    "es": ("Español", "Spanish"),
    "pt-BR": ("Português do Brasil", "Portuguese, Brazilian"),
    "it": ("Italiano", "Italian"),
    "ja": ("日本語", "Japanese"),
    "ko": ("한국어", "Korean"),
    "ru": ("Русский", "Russian"),
    "uk": ("Українська", "Ukrainian"),
    "pl": ("Polski", "Polish"),
    "cs": ("Čeština", "Czech"),
    "nl": ("Nederlands", "Dutch"),
    "sv": ("Svenska", "Swedish"),
    "tr": ("Türkçe", "Turkish"),
    "ar": ("العربية", "Arabic"),
    "fa": ("فارسی", "Persian"),
    "he": ("עברית", "Hebrew"),
    "hi": ("हिन्दी", "Hindi"),
    "id": ("Bahasa Indonesia", "Indonesian"),
    "th": ("ไทย", "Thai"),
    "el": ("Ελληνικά", "Greek"),
}
"""By code: what a language calls itself, and its English name."""
