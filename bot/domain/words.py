"""The type of a catalogue of sentences; `bot/words/` fills one for each language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

FORMS = ("zero", "one", "two", "few", "many")
"""What a sentence may have besides its own: each language uses the ones that its grammar knows, most none or `one`."""


def one_or_other(n: float) -> str:
    """The form that goes with `n` in English."""
    return "one" if n == 1 else "other"


@dataclass(frozen=True, slots=True)
class Words:
    """Every sentence a person reads, in one language. Values put into a sentence are data and are never formatted again.

    `language` was asked for, and summaries are written in it; the sentences are in that of the `catalogue`. `plural` says
    which form of a sentence goes with a number, `number` how a whole number from a thousand on is written: give as text what
    counts nothing, or what somebody is to type.
    """

    language: str
    catalogue: str
    sentences: Mapping[str, str]
    plural: Callable[[float], str] = one_or_other
    number: Callable[[int], str] = str

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence under `key` with `values` filled in; with n the sentence of its form (`key.one`), where there is one.

        Raises KeyError for a sentence that does not exist: a bug, which a test finds.
        """
        n = values.get("n")
        if isinstance(n, int | float) and any(f"{key}.{form}" in self.sentences for form in FORMS):
            form = f"{key}.{self.plural(n)}"
            key = form if form in self.sentences else key
        return self.sentences[key].format_map({name: self._written(value) for name, value in values.items()})

    def _written(self, value: object) -> object:
        return self.number(value) if type(value) is int and abs(value) >= 1_000 else value
