"""The shape of answers, for endpoints that hold a model to a JSON schema, and in words for those that do not.

Strict mode everywhere: every key required, none besides, no keyword but type, properties, items and description.
"""

from collections.abc import Iterator, Mapping

from bot.domain.styles import FieldKind, Style, StyleField
from bot.words.languages import script_of

Schema = Mapping[str, object]

MAX_TAGS = 8
MAX_QUOTES = 6
MAX_HEADING_CHARS = 60


def _text(about: str) -> dict[str, object]:
    return {"type": "string", "description": about}


def _list(items: Schema, about: str) -> dict[str, object]:
    return {"type": "array", "items": items, "description": about}


def _object(properties: Mapping[str, object], about: str = "") -> dict[str, object]:
    said = {"description": about} if about else {}
    return {"type": "object", **said, "properties": dict(properties), "required": list(properties), "additionalProperties": False}


_TITLE = "The title of the paper, copied as it is given, not translated."
_QUOTE = _object(
    {
        "text": _text("Words copied from the text as they stand there, 5 to 40 of them, without a change."),
        "section": _text("The heading of the section in which they stand, copied."),
    }
)
_QUOTES = _list(_QUOTE, f"The passages that the main claims rest on, {MAX_QUOTES} at most, in the language of the text.")

ANSWER_SCHEMA: Schema = _object(
    {
        "title": _text(_TITLE),
        "is_in_text": {"type": "boolean", "description": "Whether the text holds the answer to the question."},
        "answer": _text("The answer, or one sentence that says that the text does not hold it."),
        "quotes": _list(_QUOTE, f"The passages that the answer rests on, {MAX_QUOTES} at most; none if it is not in the text."),
    }
)


def style_schema(style: Style, language: str) -> Schema:
    """What an answer in this style holds: the paper's title, a TL;DR, one key for each field, tags, quotations.

    In a language for which the style's file has no headings, `headings` asks for them.
    """
    fields = {field.name: _field(field) for field in style.fields}
    asked = {"headings": _headings(style)} if heading_language(style, language) is None else {}
    return _object(
        {
            "title": _text(_TITLE),
            "tldr": _text("The whole paper in one sentence of 40 words at most: what was done and what came of it."),
            **fields,
            "tags": _list(
                {"type": "string"}, f"3 to {MAX_TAGS} tags of one to three words: field, task, method. In English, no # sign."
            ),
            "quotes": _QUOTES,
            **asked,
        }
    )


def heading_language(style: Style, language: str) -> str | None:
    """The language whose headings are shown: this one, or the one it is a regional form of; None if the file has neither."""
    there = set.intersection(*(set(each.names) for field in style.fields for each in (field, *field.parts)))
    if language in there:
        return language
    base = language.split("-")[0]
    return base if base in there and script_of(base) == script_of(language) else None


def heading_keys(style: Style) -> Mapping[str, str]:
    """The English heading of every field and part by its key in `headings`: the field's name, or `field_part`."""
    keys: dict[str, str] = {}
    for field in style.fields:
        keys[field.name] = field.names["en"]
        keys |= {f"{field.name}_{part.name}": part.names["en"] for part in field.parts}
    return keys


def in_words(schema: Schema) -> str:
    """The same for a model that is not held to it: one line for each key."""
    return "\n".join(_lines(schema, ""))


def _field(field: StyleField) -> dict[str, object]:
    if field.kind is FieldKind.TEXT:
        return _text(field.about)
    if field.kind.is_list:
        order = " In their order, without numbers." if field.kind is FieldKind.NUMBERED else ""
        return _list({"type": "string"}, f"{field.about} {_many(field)}, one to three sentences each.{order}")
    parts = {part.name: _text(f"{field.names['en']}: {part.names['en'].lower()}.") for part in field.parts}
    return _object(parts, field.about)


def _many(field: StyleField) -> str:
    if field.least == field.most:
        return f"Exactly {field.most}"
    return f"At least {field.least}, {field.most} at most" if field.least > 1 else f"{field.most} at most"


def _headings(style: Style) -> dict[str, object]:
    about = f"The headings, translated; one line of {MAX_HEADING_CHARS} characters at most each."
    return _object({key: _text(heading) for key, heading in heading_keys(style).items()}, about)


def _lines(schema: Schema, indent: str) -> Iterator[str]:
    properties = schema["properties"]
    for key, value in properties.items() if isinstance(properties, dict) else ():
        items = value.get("items", {})
        of = f" of {_kind(items)}s" if items else ""
        yield f'{indent}"{key}" ({_kind(value)}{of}): {value.get("description", "")}'.rstrip(": ")
        for inner in (value, items):
            if "properties" in inner:
                yield from _lines(inner, f"{indent}  ")


def _kind(schema: Schema) -> str:
    return str(schema["type"])
