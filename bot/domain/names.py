"""Names of people, compared: "J. Smith", "Smith, John" and "John Smith" may be one; "Jane Smith" and "John Smith" are not."""

import re
from dataclasses import dataclass

from bot.domain.terms import plain

_SMALL_WORDS = "al bin da de del della den der di dos du el la le ten ter van von zu"
_PARTICLES = frozenset(_SMALL_WORDS.split())
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "phd", "md"))
_SPLIT = re.compile(r"[\s.\-‐‑–·]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A folded name: `family` is its last word, `surname` the same with its particles, `letters` all of it, both in one word.

    `given` holds names or initials in order. Particles are known by their small letters ("van der"): "Bin Wang" has none.
    """

    family: str
    surname: str
    given: tuple[str, ...]
    letters: str

    def may_be(self, author: "Name") -> bool:
        """Whether this name, as typed, may mean `author`; a family name alone means everyone who bears it."""
        if self.letters in (author.letters, author.surname):
            return True
        if self.family != author.family or not self.given or not author.given:
            return False
        return all(_same_or_initial(a, b) for a, b in zip(self.given, author.given, strict=False))


def name(text: str) -> Name:
    """The name in `text` (Unicode, no TeX), written either way round ("Smith, John"); case and accents folded."""
    family, comma, given = plain(text).partition(",")
    ordered = f"{given} {family}" if comma and given.strip(" .").casefold() not in _SUFFIXES else family
    words = [word for word in (re.sub(r"\W", "", part) for part in _SPLIT.split(ordered)) if word]
    if len(words) > 1 and words[-1].casefold() in _SUFFIXES:
        words.pop()
    if not words:
        return Name(family="", surname="", given=(), letters="")
    has_capitals = any(word[0].isupper() for word in words)
    given_words = [word for word in words[:-1] if not (has_capitals and word in _PARTICLES)]
    particles = words[:-1][len(words[:-1]) - _particles_before_the_last(words) :] if has_capitals else []
    return Name(
        family=words[-1].casefold(),
        surname="".join([*particles, words[-1]]).casefold(),
        given=tuple(word.casefold() for word in given_words),
        letters="".join(words).casefold(),
    )


def _particles_before_the_last(words: list[str]) -> int:
    count = 0
    for word in reversed(words[:-1]):
        if word not in _PARTICLES:
            break
        count += 1
    return count


def _same_or_initial(a: str, b: str) -> bool:
    return a == b or (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b))
