"""One file of a style, read and checked: every mistake is told in a sentence that says where it is."""

import re
import tomllib
from collections.abc import Mapping

from bot.domain.styles import FieldKind, Named, Style, StyleField
from bot.errors import BadFile

_SHAPE = re.compile(r"\s*^\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*\n(.*)\Z", re.DOTALL | re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_STYLE_KEYS = ("name", "about", "audience", "max_words", "fields")
_FIELD_KEYS = ("name", "kind", "about", "least", "most", "heading", "parts", "is_own")
_PART_KEYS = ("name", "heading")
_OURS = frozenset({"title", "tldr", "tags", "quotes", "headings"})
"""Keys of an answer that every style has, so no field may have them."""
_WORDS = range(30, 3001)
_MOST = range(1, 21)
_HEADING_CHARS = 60


def style_of(name: str, text: str) -> Style:
    """Read the style that stands in `name`.md. Raises BadFile with the first thing that is wrong."""
    try:
        return _style(name, text.replace("\r\n", "\n"))
    except _Wrong as wrong:
        raise BadFile(f"{name}.md", str(wrong)) from wrong


class _Wrong(Exception):
    """What is wrong, in words that end a sentence which begins with the file's name."""


def _style(name: str, text: str) -> Style:
    parts = _SHAPE.match(text)
    if parts is None:
        raise _Wrong("front matter has to stand between two lines of +++")
    values = _front_matter(parts[1])
    _require_keys(values, _STYLE_KEYS, "the front matter")
    if values["name"] != name or not _NAME.fullmatch(name):
        raise _Wrong(f"calls itself {values['name']!r}; the name has to be that of the file, in a-z, 0-9 and _")
    instructions = parts[2].strip()
    if not instructions:
        raise _Wrong("has no instructions below its front matter")
    abouts = _by_language(values, "about", "the style")
    return Style(
        name=name,
        about=abouts["en"],
        abouts=abouts,
        audience=_line(values, "audience", "the style"),
        max_words=_number(values, "max_words", _WORDS, "the style"),
        fields=_fields(values["fields"]),
        instructions=instructions,
    )


def _front_matter(text: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _Wrong(f"front matter is not TOML: {error}") from error


def _fields(values: object) -> tuple[StyleField, ...]:
    fields = tuple(_field(value) for value in _tables(values, "fields", "the style"))
    _require_names_once(fields, "the fields")
    return fields


def _field(values: Mapping[str, object]) -> StyleField:
    name = _named(values, "a field")
    place = f"the field {name}"
    if name in _OURS:
        raise _Wrong(f"{place} has a name that every answer uses; say another")
    kind = _kind(values, place)
    _require_keys(values, _FIELD_KEYS, place, optional=("least", "most", "parts", "is_own"))
    if (kind is FieldKind.PARTS) != ("parts" in values):
        raise _Wrong(f"{place} has to have parts if its kind is parts, and only then")
    if kind.is_list != ("most" in values):
        raise _Wrong(f"{place} has to say the most points if its kind is points or numbered, and only then")
    most = _number(values, "most", _MOST, place) if kind.is_list else 1
    return StyleField(
        name=name,
        names=_by_language(values, "heading", place),
        kind=kind,
        about=_line(values, "about", place),
        least=_number(values, "least", range(1, most + 1), place) if "least" in values else 1,
        most=most,
        parts=_parts(values, place) if "parts" in values else (),
        is_own=_flag(values, "is_own", place),
    )


def _kind(values: Mapping[str, object], place: str) -> FieldKind:
    kind = values.get("kind")
    if kind not in tuple(FieldKind):
        raise _Wrong(f"{place} is of the kind {kind!r}; the kinds are {', '.join(FieldKind)}")
    return FieldKind(str(kind))


def _parts(values: Mapping[str, object], place: str) -> tuple[Named, ...]:
    parts = tuple(_part(value, place) for value in _tables(values["parts"], "parts", place))
    _require_names_once(parts, f"the parts of {place}")
    return parts


def _part(values: Mapping[str, object], place: str) -> Named:
    name = _named(values, f"a part of {place}")
    here = f"the part {name} of {place}"
    _require_keys(values, _PART_KEYS, here)
    return Named(name=name, names=_by_language(values, "heading", here))


def _named(values: Mapping[str, object], place: str) -> str:
    name = values.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _Wrong(f"{place} needs a name in a-z, 0-9 and _, not {name!r}")
    return name


def _by_language(values: Mapping[str, object], key: str, place: str) -> Mapping[str, str]:
    """A sentence or heading by language; English is what all others fall back to."""
    table = values.get(key)
    if not isinstance(table, dict) or "en" not in table:
        raise _Wrong(f"{place} needs its {key} in English at least ({key} = {{ en = ... }})")
    for language, said in table.items():
        if not _LANGUAGE.fullmatch(language):
            raise _Wrong(f"{place} has a {key} for {language!r}, which is no code of a language")
        if not isinstance(said, str) or not said.strip() or "\n" in said:
            raise _Wrong(f"{place} has an empty {key} for {language}, or one of more than a line")
        if key == "heading" and len(said) > _HEADING_CHARS:
            raise _Wrong(f"{place} has a heading of more than {_HEADING_CHARS} characters for {language}")
    return {language: said.strip() for language, said in table.items()}


def _line(values: Mapping[str, object], key: str, place: str) -> str:
    value = values.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(f"{place} has to say its {key} in words")
    return " ".join(value.split())


def _number(values: Mapping[str, object], key: str, allowed: range, place: str) -> int:
    value = values.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
        raise _Wrong(f"{place} needs {key} as a number from {allowed.start} to {allowed.stop - 1}")
    return value


def _flag(values: Mapping[str, object], key: str, place: str) -> bool:
    value = values.get(key, False)
    if not isinstance(value, bool):
        raise _Wrong(f"{place} needs {key} as true or false")
    return value


def _tables(values: object, key: str, place: str) -> tuple[Mapping[str, object], ...]:
    if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
        raise _Wrong(f"{place} needs {key} as a list of tables")
    return tuple(values)


def _require_keys(values: Mapping[str, object], keys: tuple[str, ...], place: str, *, optional: tuple[str, ...] = ()) -> None:
    unknown = [key for key in values if key not in keys]
    missing = [key for key in keys if key not in values and key not in optional]
    if unknown or missing:
        said = (["does not know " + ", ".join(unknown)] if unknown else []) + (["lacks " + ", ".join(missing)] if missing else [])
        raise _Wrong(f"{place} {' and '.join(said)}; it may hold {', '.join(keys)}")


def _require_names_once(named: tuple[Named, ...], place: str) -> None:
    names = [each.name for each in named]
    headings = [each.names["en"].casefold() for each in named]
    if len(set(names)) < len(names) or len(set(headings)) < len(headings):
        raise _Wrong(f"two of {place} have one name or one English heading")
