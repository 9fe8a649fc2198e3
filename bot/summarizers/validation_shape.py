"""An answer read with tolerance where only one reading makes sense: how keys are written, lists for texts and texts for lists."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model

from bot.domain.styles import FieldKind, Named, Style, StyleField
from bot.words import languages, words

MAX_CHARS = 20_000
MAX_ITEMS = 200
ModelT = TypeVar("ModelT", bound=BaseModel)
_SENTENCE_END = (".", "!", "?", "。", "！", "？", ";", "；", ":", "：")
_LABEL = re.compile(r"\s*(?:[*_`#>•\-]+\s*)*([^:：\n]{1,60}?)(?:[*_`]*)\s*[:：]\s*[*_`]*\s*(.*)", re.DOTALL)


class WrongShape(Exception):
    """An answer without the shape that was asked for; `complaints` name keys, never what stood in them."""

    def __init__(self, complaints: tuple[str, ...]) -> None:
        self.complaints = complaints
        super().__init__("; ".join(complaints))


def text_of(value: object) -> str:
    """A text, a number, or a list of them joined. Raises ValueError for anything else."""
    if isinstance(value, str):
        if len(value) > MAX_CHARS:
            raise ValueError("is far too long")
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list) and len(value) <= MAX_ITEMS and not any(isinstance(each, list | dict) for each in value):
        texts = [text for each in value if (text := text_of(each).strip())]
        return " ".join(text if text.endswith(_SENTENCE_END) or text is texts[-1] else f"{text};" for text in texts)
    raise ValueError("has to be a text")


def points_of(value: object) -> tuple[str, ...]:
    """A list of texts: of a text its lines, of an object its values under their names. Raises ValueError for anything else."""
    if isinstance(value, str | int | float):
        lines = re.split(r"\n+|\s[•▪●]\s", text_of(value))
        return tuple(line for line in lines if any(char.isalnum() for char in line))
    if isinstance(value, dict) and len(value) <= MAX_ITEMS:
        named = ((str(name).strip(), text_of(each)) for name, each in value.items())
        return tuple(text if name.isdecimal() else f"{name}: {text}" for name, text in named)
    if isinstance(value, list) and len(value) <= MAX_ITEMS:
        return tuple(": ".join(map(text_of, each.values())) if isinstance(each, dict) else text_of(each) for each in value)
    raise ValueError("has to be a list of texts")


def tags_of(value: object) -> tuple[str, ...]:
    """A list of tags, however they are told apart; () for what is none."""
    try:
        several = re.split(r"[,;、，；\n]", value) if isinstance(value, str) else value
        return points_of(several)
    except ValueError:
        return ()


def texts_of(value: object) -> dict[str, str]:
    """The texts of an object by name; what is none is left out."""
    values = value if isinstance(value, dict) else {}
    return {str(name): text for name, text in values.items() if isinstance(text, str) and len(text) <= MAX_CHARS}


def quotes_of(value: object) -> tuple[tuple[str, str], ...]:
    """Quotations as (text, section); what is none is left out, because an answer can do without."""
    listed = value if isinstance(value, list) else [value]
    quotes = ({"text": each} if isinstance(each, str) else texts_of(each) for each in listed[:MAX_ITEMS])
    known = ({folded(name): text for name, text in quote.items()} for quote in quotes)
    return tuple((quote.get("text") or quote.get("quote", ""), quote.get("section", "")) for quote in known)


Text = Annotated[str, BeforeValidator(text_of)]
Points = Annotated[tuple[str, ...], BeforeValidator(points_of)]
Tags = Annotated[tuple[str, ...], BeforeValidator(tags_of)]
Texts = Annotated[dict[str, str], BeforeValidator(texts_of)]
Quotes = Annotated[tuple[tuple[str, str], ...], BeforeValidator(quotes_of)]


class Draft(BaseModel):
    """What every summary holds; a style adds its fields, under attributes `field_0` and so on."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    title: Text = ""
    tldr: Text
    tags: Tags = ()
    quotes: Quotes = ()
    headings: Texts = {}


class AnswerDraft(BaseModel):
    """What an answer to a question holds."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    title: Text = ""
    is_in_text: bool
    answer: Text
    quotes: Quotes = ()


def draft(value: Mapping[str, object], style: Style) -> tuple[Draft, tuple[tuple[str, ...], ...]]:
    """The answer and, for each field of the style in order, its texts: one, its points, or one for each part.

    Raises WrongShape with one sentence for each key that is missing or holds something else.
    """
    read = _read(_model(style), _unwrapped(value, _names(style)), _names(style))
    fields = (getattr(read, f"field_{n}") for n in range(len(style.fields)))
    return read, tuple(tuple(each.values()) if isinstance(each, dict) else _several(each) for each in fields)


def answer_draft(value: Mapping[str, object]) -> AnswerDraft:
    """An answer to a question. Raises WrongShape."""
    names = {"title": ("title",), "is_in_text": ("is_in_text", "found"), "answer": ("answer", "text"), "quotes": ("quotes",)}
    return _read(AnswerDraft, value, names)


def folded(name: str) -> str:
    """How keys are compared: letters and digits only, whatever their case and width."""
    return "".join(char for char in unicodedata.normalize("NFKC", name[:100]).casefold() if char.isalnum())


def _several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _read(model: type[ModelT], value: Mapping[str, object], names: Mapping[str, tuple[str, ...]]) -> ModelT:
    try:
        return model.model_validate(_renamed(value, names))
    except ValidationError as error:
        raise WrongShape(tuple(dict.fromkeys(map(_complaint, error.errors(include_input=False, include_url=False))))) from None


def _complaint(error: Mapping[str, Any]) -> str:
    place = " in ".join(f'"{name}"' for name in reversed(error["loc"]))
    said = "is missing" if error["type"] == "missing" else str(error["msg"]).removeprefix("Value error, ")
    return f"{place} {said}"


def _model(style: Style) -> type[Draft]:
    """A model of one style; fields go by number, because a name of theirs could be one of pydantic's."""
    kinds: dict[str, Any] = {f"field_{n}": (_type(field), Field(alias=field.name)) for n, field in enumerate(style.fields)}
    return create_model(f"Draft_{style.name}", __base__=Draft, **kinds)


def _type(field: StyleField) -> Any:  # noqa: ANN401 - pydantic's annotations have no type of their own
    if field.kind is FieldKind.PARTS:
        return Annotated[dict[str, str], BeforeValidator(partial(_parts, field))]
    return Text if field.kind is FieldKind.TEXT else Points


def _parts(field: StyleField, value: object) -> dict[str, str]:
    """The text of each part in their order. Raises ValueError naming those that are missing."""
    known = {part.name: _all_names(part) for part in field.parts}
    given = value if isinstance(value, dict) else _labelled(value)
    found = _renamed(given, known)
    missing = [f'"{name}"' for name in known if name not in found]
    if missing:
        message = f"has to be an object with {', '.join(known)}; it lacks {', '.join(missing)}"
        raise ValueError(message)
    return {name: text_of(found[name]) for name in known}


def _labelled(value: object) -> dict[str, object]:
    """Lines of "Name: text" by name."""
    found = (_LABEL.match(point) for point in points_of(value))
    return {label[1]: label[2] for label in found if label}


def _names(style: Style) -> dict[str, tuple[str, ...]]:
    """Under which names the keys of an answer may stand."""
    ours: dict[str, tuple[str, ...]] = {
        "title": ("title",),
        "tldr": ("tldr", *(words(language)("paper.tldr") for language in languages())),
        "tags": ("tags", *(words(language)("paper.tags") for language in languages())),
        "quotes": ("quotes", "quotations"),
        "headings": ("headings",),
    }
    return ours | {field.name: _all_names(field) for field in style.fields}


def _all_names(named: Named) -> tuple[str, ...]:
    return (named.name, *named.names.values())


def _renamed(value: Mapping[str, object], names: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    """Values under the keys that they mean; a key as it was asked for goes before one that only looks like it."""
    headings = value.get("headings")
    translated = {name: (text,) for name, text in texts_of(headings).items() if name in names}
    by_name = dict(_by_folded(names)) | {key: name for key, name in _by_folded(translated) if key}
    found: dict[str, object] = {}
    for key, each in list(value.items())[:MAX_ITEMS]:
        name = key if key in names else by_name.get(folded(str(key)))
        if name is not None and each is not None and (name not in found or key == name):
            found[name] = each
    return found


def _by_folded(names: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for name, spellings in reversed(list(names.items())):
        for spelling in spellings:
            yield folded(spelling), name


def _unwrapped(value: Mapping[str, object], names: Mapping[str, tuple[str, ...]]) -> Mapping[str, object]:
    """The answer itself, where a model has put it into an object with one key."""
    inner = next(iter(value.values()), None)
    is_wrapped = len(value) == 1 and isinstance(inner, dict) and not _renamed(value, names)
    return inner if is_wrapped and isinstance(inner, dict) else value
