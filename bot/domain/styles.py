"""What a style of summaries is: its sections, in their order, with their names in every language that a style's file has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FieldKind(StrEnum):
    """What a field of a style holds."""

    TEXT = "text"  # one paragraph
    POINTS = "points"  # a list, `most` at most
    NUMBERED = "numbered"  # a list whose order counts
    PARTS = "parts"  # one text for each named part, in their order

    @property
    def is_list(self) -> bool:
        """Whether it holds as many texts as there are to say."""
        return self in (FieldKind.POINTS, FieldKind.NUMBERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something that a reader sees under a name: `names` by language code, English always among them."""

    name: str
    names: Mapping[str, str]

    def heading(self, language: str) -> str:
        """Its name in `language`, in English where the file has none."""
        return self.names.get(language, self.names["en"])


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleField(Named):
    """One section. `about` tells the model what belongs into it; a list has from `least` to `most` points.

    What `is_own` is the model's own thought, which the paper does not hold and is not held against it.
    """

    kind: FieldKind
    about: str
    least: int = 1
    most: int = 1
    parts: tuple[Named, ...] = ()
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A form of summaries: every summary of it has these fields in this order, whatever the paper.

    `about` tells readers in English what they get, `abouts` in every language that the style's file has.
    """

    name: str
    about: str
    audience: str
    max_words: int
    fields: tuple[StyleField, ...]
    instructions: str
    abouts: Mapping[str, str] = field(default_factory=dict)

    def about_in(self, language: str) -> str:
        """What readers of this language are told about the style, in English where the file has nothing else."""
        return self.abouts.get(language, self.about)
