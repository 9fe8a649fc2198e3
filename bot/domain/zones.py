"""Time zones that people choose with one tap: cities by region, and those near a language first."""

import unicodedata
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


_OTHER_CITIES: Mapping[str, str] = {
    "Asia/Shanghai": "Beijing, Guangzhou, Shenzhen, Hangzhou, Nanjing, Wuhan, Chengdu, Tianjin, Xi'an, Suzhou, Hefei, "
    "北京, 上海, 广州, 深圳, 杭州, 南京, 武汉, 成都, 天津, 西安, 苏州, 合肥, 重庆, 中国",
    "Asia/Hong_Kong": "香港",
    "Asia/Taipei": "台北, 臺北, Hsinchu",
    "Asia/Singapore": "新加坡",
    "Asia/Tokyo": "Kyoto, Osaka, Nagoya, 東京, 东京, 京都",
    "Asia/Seoul": "Daejeon, Busan, 서울",
    "Asia/Ho_Chi_Minh": "Hanoi, Hà Nội, Saigon, Sài Gòn, Hồ Chí Minh, Da Nang, Đà Nẵng, Huế, Cần Thơ, Hải Phòng, Việt Nam",
    "Asia/Kolkata": "Mumbai, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Hyderabad, Pune, Kanpur",
    "Asia/Dubai": "Abu Dhabi",
    "Asia/Riyadh": "Thuwal, Jeddah",
    "Asia/Jerusalem": "Haifa, Rehovot",
    "Europe/Berlin": "Munich, München, Hamburg, Frankfurt, Cologne, Köln, Stuttgart, Leipzig, Dresden, Heidelberg, Karlsruhe, "
    "Aachen, Bonn, Tübingen, Saarbrücken, Darmstadt",
    "Europe/Zurich": "Zürich, Geneva, Genève, Lausanne, Basel, Bern",
    "Europe/London": "Oxford, Edinburgh, Manchester, Bristol",
    "Europe/Paris": "Lyon, Grenoble, Toulouse, Marseille, Nice, Strasbourg",
    "Europe/Rome": "Milan, Milano, Turin, Torino, Bologna, Pisa, Trieste, Roma",
    "Europe/Madrid": "Barcelona, Valencia",
    "Europe/Amsterdam": "Rotterdam, Delft, Eindhoven, Utrecht, Leiden, Groningen",
    "Europe/Brussels": "Leuven, Ghent",
    "Europe/Stockholm": "Gothenburg, Uppsala, Lund",
    "Europe/Copenhagen": "Aarhus",
    "Europe/Warsaw": "Krakow, Wroclaw",
    "Europe/Lisbon": "Porto",
    "Europe/Moscow": "Saint Petersburg, Москва",
    "America/New_York": "Boston, Washington, Philadelphia, Pittsburgh, Princeton, Ithaca, Atlanta, Baltimore, Miami",
    "America/Chicago": "Austin, Dallas, Houston, Minneapolis, Madison",
    "America/Los_Angeles": "San Francisco, Seattle, San Diego, Palo Alto, Stanford, Berkeley, Mountain View",
    "America/Toronto": "Montreal, Montréal, Ottawa, Waterloo",
    "America/Sao_Paulo": "Rio de Janeiro, Campinas",
    "Australia/Sydney": "Canberra",
}


def spelled(name: str) -> str:
    """A place as it is looked up: however it is written, with or without accents, blanks or capitals."""
    letters = (
        char for char in unicodedata.normalize("NFKD", name.casefold().replace("đ", "d")) if not unicodedata.combining(char)
    )
    return "".join(letters).strip().replace(" ", "_")


def other_places() -> tuple[tuple[str, str], ...]:
    """Cities where many work whose papers these are, and that no zone is named after, each with its zone."""
    return tuple((name, zone) for zone, names in _OTHER_CITIES.items() for name in names.split(", "))


def other_cities() -> dict[str, str]:
    """The zones of these cities by their spelling."""
    return {spelled(name): zone for name, zone in other_places()}


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
