"""Time zones that people choose with one tap: cities by region, and those near a language first."""

from collections.abc import Mapping

REGIONS: Mapping[str, tuple[str, ...]] = {
    "europe": (
        "Europe/London",
        "Europe/Lisbon",
        "Europe/Madrid",
        "Europe/Paris",
        "Europe/Berlin",
        "Europe/Rome",
        "Europe/Warsaw",
        "Europe/Athens",
        "Europe/Helsinki",
        "Europe/Kyiv",
        "Europe/Istanbul",
        "Europe/Moscow",
    ),
    "america": (
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
        "America/Toronto",
        "America/Vancouver",
        "America/Mexico_City",
        "America/Bogota",
        "America/Lima",
        "America/Santiago",
        "America/Sao_Paulo",
        "America/Argentina/Buenos_Aires",
    ),
    "asia": (
        "Asia/Shanghai",
        "Asia/Hong_Kong",
        "Asia/Taipei",
        "Asia/Tokyo",
        "Asia/Seoul",
        "Asia/Singapore",
        "Asia/Ho_Chi_Minh",
        "Asia/Bangkok",
        "Asia/Jakarta",
        "Asia/Kolkata",
        "Asia/Dubai",
        "Asia/Tehran",
    ),
    "other": (
        "UTC",
        "Asia/Jerusalem",
        "Africa/Cairo",
        "Africa/Lagos",
        "Africa/Nairobi",
        "Africa/Johannesburg",
        "Australia/Perth",
        "Australia/Sydney",
        "Pacific/Auckland",
        "Pacific/Honolulu",
    ),
}
"""Each region has its name in words, `region.NAME`."""

_FIRST = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Europe/Istanbul",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Asia/Singapore",
    "Asia/Ho_Chi_Minh",
    "Australia/Sydney",
)
_NEAR: Mapping[str, tuple[str, ...]] = {
    "ar": ("Africa/Cairo", "Asia/Dubai"),
    "de": ("Europe/Berlin",),
    "es": ("Europe/Madrid", "America/Mexico_City"),
    "fr": ("Europe/Paris",),
    "hi": ("Asia/Kolkata",),
    "id": ("Asia/Jakarta",),
    "it": ("Europe/Rome",),
    "ja": ("Asia/Tokyo",),
    "ko": ("Asia/Seoul",),
    "pl": ("Europe/Warsaw",),
    "pt": ("America/Sao_Paulo", "Europe/Lisbon"),
    "ru": ("Europe/Moscow",),
    "tr": ("Europe/Istanbul",),
    "uk": ("Europe/Kyiv",),
    "vi": ("Asia/Ho_Chi_Minh",),
    "zh": ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore"),
    "zh-Hant": ("Asia/Taipei", "Asia/Hong_Kong"),
}


def near(language: str) -> tuple[str, ...]:
    """Twelve zones, those first in which most speakers of this language live."""
    first = _NEAR.get(language) or _NEAR.get(language.partition("-")[0], ())
    return tuple(dict.fromkeys((*first, *_FIRST)))[: len(_FIRST)]


def home(language: str) -> str:
    """The zone of most speakers of this language; UTC for one that is spoken everywhere."""
    return (_NEAR.get(language) or _NEAR.get(language.partition("-")[0]) or ("UTC",))[0]


def region_of(zone: str) -> str:
    """The region that offers this zone; "" for a zone that none offers."""
    return next((region for region, zones in REGIONS.items() if zone in zones), "")


def city(zone: str) -> str:
    """How people call a zone."""
    return zone.rpartition("/")[2].replace("_", " ")
