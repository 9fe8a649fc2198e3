"""Lines to paragraphs: joined over columns and pages, with notes and captions after the paragraph that they interrupt. Pure."""

import re

from bot.readers.pdf_characters import LINE_END_HYPHEN
from bot.readers.pdf_lines import Line

# Text set smaller than this share of the body stands beside it: notes, captions, tables.
SMALLER = 0.93
# First lines are set in by a quad or more; what is set in further is centred.
INDENT, CENTRED = 0.6, 5.0
# A last line ends so many sizes before the others.
SHORT = 2.0

_SENTENCE_END = re.compile(r"[.!?:。！？][)\]”’\"']*\d{0,3}$")
_CAPTION = re.compile(r"(?:fig(?:ure|\.)|table|algorithm|listing)\s*[A-Z]?[\dIVX]+(?:\.\d+)?\s*[.:|]", re.IGNORECASE)


class Paragraphs:
    """Takes lines in reading order and gives back paragraphs as they end."""

    def __init__(self, body_size: float) -> None:
        self._body_size = body_size
        self._open: list[Line] = []
        self._asides: list[list[Line]] = []

    def add(self, line: Line, *, is_apart: bool, is_front: bool) -> list[str]:
        """Take a line; the paragraphs that ended before it. Before the text space alone ends one: titles have no full stop."""
        if line.size < SMALLER * self._body_size or _CAPTION.match(line.text):
            self._add_aside(line, is_apart)
            return []
        done: list[str] = []
        if self._open and _begins(self._open, line, is_apart=is_apart, is_front=is_front):
            done = self.close()
        self._open.append(line)
        return done

    def close(self) -> list[str]:
        """Whatever is left, ended."""
        done = [joined(lines) for lines in ([self._open] if self._open else []) + self._asides]
        self._open, self._asides = [], []
        return done

    def _add_aside(self, line: Line, is_apart: bool) -> None:
        starts = not self._asides or is_apart or _CAPTION.match(line.text)
        if starts or _begins(self._asides[-1], line, is_apart=is_apart, is_front=False):
            self._asides.append([line])
        else:
            self._asides[-1].append(line)


def _begins(lines: list[Line], line: Line, *, is_apart: bool, is_front: bool) -> bool:
    """Whether `line` begins a paragraph after `lines`, rather than going on with theirs."""
    last = lines[-1]
    if last.text.endswith((LINE_END_HYPHEN, "-")) or line.text[:1].islower():
        return False
    if is_front and is_apart:
        return True
    if not _SENTENCE_END.search(last.text):
        return False
    is_set_in = INDENT * line.size < line.left - last.left < CENTRED * line.size
    is_short = last.right < max(each.right for each in lines) - SHORT * last.size
    return is_apart or is_set_in or is_short


def joined(lines: list[Line]) -> str:
    """One text, with U+FFFE for the hyphens at the ends of lines."""
    text = ""
    for line in lines:
        if text.endswith("-") and text[-2:-1].isalpha() and line.text[:1].islower():
            text = f"{text[:-1]}{LINE_END_HYPHEN}{line.text}"
        elif text.endswith(LINE_END_HYPHEN) or not text:
            text += line.text
        else:
            text += f" {line.text}"
    return text
