"""An answer held against what was asked for: the paper, the style, the language, the length. Nothing in it is trusted.

JSON object -> its shape -> plain texts -> is it this paper, this language, this long, a summary at all? -> Validated
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.findings import Quotation
from bot.domain.foreign_links import hosts_of, without_foreign_links
from bot.domain.papers import Paper
from bot.domain.styles import FieldKind, Named, Style, StyleField
from bot.domain.summaries import SummaryField
from bot.domain.visible import harmless
from bot.summarizers.prompts import RULES
from bot.summarizers.schema import MAX_HEADING_CHARS, MAX_QUOTES, MAX_TAGS, heading_language
from bot.summarizers.validation_language import is_in, length
from bot.summarizers.validation_shape import Draft, WrongShape, answer_draft, draft
from bot.summarizers.validation_text import plain, plain_point
from bot.summarizers.validation_title import is_title_of
from bot.words import words
from bot.words.languages import language_name

MAX_TAG_CHARS = 40
MAX_QUOTE_CHARS = 600
TOO_LONG = 3
"""How many times its allowance of words an answer may have."""
MAX_WORD_CHARS = 20
"""More than any language's average word with its share of markup; what has more characters is not even read."""
MAX_ANSWER_WORDS = 450
_LEAST_ECHO_CHARS = 40  # a shorter sentence of a prompt may be said by chance
_NOTHING = frozenset(
    {"n/a", "na", "none", "null", "nil", "-", "--", "—", "–", "?", "无", "không có", "not available", "not stated"}
)
_WIDE_COLON = frozenset({"zh", "ja"})
_LOOKED_AT = 4
"""So many times what may stay is looked at, in number and length, before it is read closely: TeX and links take their time."""
_MAX_TITLE_CHARS = 1_000


class BadAnswer(Exception):
    """An answer that is no summary of this paper. `complaints` are for the model: they hold no word of paper or answer."""

    def __init__(self, complaints: tuple[str, ...]) -> None:
        self.complaints = complaints
        super().__init__("; ".join(complaints))


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """A summary's texts, fit to be shown; its quotations are still to be looked up."""

    tldr: str
    fields: tuple[SummaryField, ...]
    tags: tuple[str, ...]
    quotations: tuple[Quotation, ...]
    own_fields: frozenset[str] = frozenset()

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of it, in the order of the summary."""
        return (self.tldr, *(point for field in self.fields for point in field.points))

    @property
    def claims(self) -> tuple[str, ...]:
        """The texts that are of the paper: figures in ideas of the model's own are not to be found there."""
        return (self.tldr, *(point for field in self.fields if field.name not in self.own_fields for point in field.points))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer to a question; without quotations where the text does not hold it."""

    is_in_text: bool
    text: str
    quotations: tuple[Quotation, ...]


def validated(value: Mapping[str, object], style: Style, paper: Paper, language: str) -> Validated:
    """The answer as a summary in `style`: its fields in their order under their headings. Raises BadAnswer."""
    try:
        read, texts = draft(value, style)
    except WrongShape as error:
        raise BadAnswer(error.complaints) from None
    max_words = TOO_LONG * style.max_words
    if len(read.tldr) + sum(len(text) for several in texts for text in several) > MAX_WORD_CHARS * max_words:
        raise BadAnswer((_too_long(max_words),))
    hosts = hosts_of(paper)
    summary = Validated(
        tldr=plain(read.tldr, hosts),
        fields=tuple(
            _field(field, found, read, language, heading_language(style, language), hosts)
            for field, found in zip(style.fields, texts, strict=True)
        ),
        tags=_tags(read.tags, hosts),
        quotations=_quotations(read.quotes, hosts),
        own_fields=frozenset(field.name for field in style.fields if field.is_own),
    )
    complaints = tuple(_complaints(summary, read.title, style, paper, language))
    if complaints:
        raise BadAnswer(complaints)
    return summary


def answered(value: Mapping[str, object], paper: Paper, language: str) -> Answered:
    """The answer to a question. Raises BadAnswer."""
    try:
        read = answer_draft(value)
    except WrongShape as error:
        raise BadAnswer(error.complaints) from None
    hosts = hosts_of(paper)
    text = plain(read.answer, hosts)
    complaints = tuple(_common_complaints(text, read.title, paper, language, MAX_ANSWER_WORDS, RULES))
    if not text:
        raise BadAnswer(('"answer" is empty', *complaints))
    if complaints:
        raise BadAnswer(complaints)
    quotations = _quotations(read.quotes, hosts) if read.is_in_text else ()
    return Answered(is_in_text=read.is_in_text, text=text, quotations=quotations)


def _field(
    field: StyleField, found: Sequence[str], read: Draft, language: str, headings: str | None, hosts: frozenset[str]
) -> SummaryField:
    as_shown = plain_point if field.kind.is_list else plain
    texts = [_said(as_shown(text, hosts), language) for text in found]
    if field.kind is FieldKind.PARTS:
        colon = "：" if language.split("-")[0] in _WIDE_COLON else ": "
        names = (_heading(part, f"{field.name}_{part.name}", read, headings) for part in field.parts)
        texts = [f"{name}{colon}{text}" if text else "" for name, text in zip(names, texts, strict=True)]
        points = tuple(texts) if all(texts) else ()
    else:
        points = tuple(text for text in texts if text)[: field.most]
    return SummaryField(name=field.name, heading=_heading(field, field.name, read, headings), points=points, form=field.kind)


def _said(text: str, language: str) -> str:
    """The text, or in the reader's words that there is nothing to say."""
    return words(language)("summary.not_stated") if text.casefold().rstrip(".。") in _NOTHING else text


def _heading(named: Named, key: str, read: Draft, language: str | None) -> str:
    """The style's own heading; where it has none in this language the model's, if it is one."""
    if language is not None:
        return named.heading(language)
    said = plain(read.headings.get(key, "")[: _LOOKED_AT * MAX_HEADING_CHARS]).rstrip(":： ")
    return said if 0 < len(said) <= MAX_HEADING_CHARS and "\n" not in read.headings[key].strip() else named.heading("en")


def _tags(said: Sequence[str], hosts: frozenset[str]) -> tuple[str, ...]:
    short = [tag.strip().lstrip("#＃") for tag in said[: _LOOKED_AT * MAX_TAGS] if len(tag) <= _LOOKED_AT * MAX_TAG_CHARS]
    tags = (plain(tag, hosts).strip(" .,;，。；") for tag in short)
    kept = {tag.casefold(): tag for tag in reversed([tag for tag in tags if 0 < len(tag) <= MAX_TAG_CHARS])}
    return tuple(reversed(kept.values()))[:MAX_TAGS]


def _quotations(said: Sequence[tuple[str, str]], hosts: frozenset[str]) -> tuple[Quotation, ...]:
    """Quotations as they were copied. One with a foreign link is left out: defused, it would not be the text's own words."""
    copied = ((_copied(text), plain(section[:MAX_QUOTE_CHARS])) for text, section in said[: _LOOKED_AT * MAX_QUOTES])
    kept = {
        text: Quotation(text=text, section=section)
        for text, section in copied
        if 0 < len(text) <= MAX_QUOTE_CHARS and without_foreign_links(text, hosts) == text
    }
    return tuple(kept.values())[:MAX_QUOTES]


def _copied(text: str) -> str:
    return " ".join(harmless(text[: 2 * MAX_QUOTE_CHARS]).split()).strip('"“”«»「」 ')


def _complaints(summary: Validated, title: str, style: Style, paper: Paper, language: str) -> Iterator[str]:
    empty = [] if summary.tldr else ["tldr"]
    for name in (*empty, *(field.name for field in summary.fields if not field.points)):
        not_stated = words(language)("summary.not_stated")
        yield f'"{name}" is empty, at least in part; where the text does not say, write "{not_stated}", in the language asked for'
    for field, found in zip(style.fields, summary.fields, strict=True):
        if 0 < len(found.points) < field.least:
            yield f'"{field.name}" has {len(found.points)} points; it has to have {field.least}'
    asked = (*RULES, style.instructions, *(field.about for field in style.fields))
    yield from _common_complaints(" ".join(summary.texts), title, paper, language, TOO_LONG * style.max_words, asked)


def _common_complaints(text: str, title: str, paper: Paper, language: str, max_words: int, asked: Sequence[str]) -> Iterator[str]:
    if not is_title_of(title[:_MAX_TITLE_CHARS], paper.title):
        yield '"title" is not the title of the paper that you were given: write about that paper, and copy its title'
    if not is_in(text, language):
        yield f"it is not written in {language_name(language)} ({language})"
    if length(text) > max_words:
        yield _too_long(max_words)
    if _repeats(text, asked):
        yield "it repeats these instructions instead of following them"


def _too_long(max_words: int) -> str:
    return f"it is far too long: write {max_words // TOO_LONG} words at most"


def _repeats(text: str, asked: Sequence[str]) -> bool:
    """Whether a whole sentence of what was asked came back."""
    said = _folded(text)
    sentences = (_folded(each) for part in asked for each in re.split(r"(?<=[.:])\s", part))
    return any(len(sentence) >= _LEAST_ECHO_CHARS and sentence in said for sentence in sentences)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
