"""What the options of Discord's commands are: of which type, within which limits, and under which words they are shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

Value = str | int | float | bool
Options = Mapping[str, Value]
Step = tuple[str, str]
"""A command and what is typed behind it, as people type it where there are no options."""


class Kind(IntEnum):
    """Discord's types of options."""

    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    CHANNEL = 7
    NUMBER = 10
    ATTACHMENT = 11


class Completes(StrEnum):
    """What is offered while somebody types."""

    CATEGORIES = "categories"
    DAYS = "days"
    LANGUAGES = "languages"
    STYLES = "styles"
    UNTIL = "until"
    ZONES = "zones"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option; its words are `option.name.NAME` and `option.about.ABOUT`, those of its choices `choice.VALUE`.

    `most_chars` holds for a text, `least` and `most` for a number.
    """

    name: str
    about: str = ""
    kind: Kind = Kind.STRING
    is_required: bool = False
    most_chars: int = 1_000
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()
    completes: Completes | None = None

    @property
    def about_key(self) -> str:
        """What it is for, in words."""
        return f"option.about.{self.about or self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slash:
    """One command of Discord: where it stands, which of ours it runs, and how its options become what is typed there.

    `steps` never asks anybody, and raises BadInput or BadTopic for what could not be meant; nothing has happened then.
    """

    path: tuple[str, ...]
    command: str
    steps: Callable[[Options], tuple[Step, ...]]
    options: tuple[Option, ...] = ()

    @property
    def name(self) -> str:
        """Its own name, which no other has."""
        return self.path[-1]

    @property
    def takes_file(self) -> bool:
        """Whether a file comes with it, which is read instead of anything typed."""
        return any(option.kind is Kind.ATTACHMENT for option in self.options)

    def option(self, name: str) -> Option | None:
        """The option of this name."""
        return next((each for each in self.options if each.name == name), None)
