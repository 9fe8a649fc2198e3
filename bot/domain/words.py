"""The type of a catalogue of sentences; `bot/words/` fills one for each language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Every sentence a person reads, in one language. Values put into a sentence are data and are never formatted again.

    `language` was asked for, and summaries are written in it; the sentences are in that of the `catalogue`.
    """

    language: str
    catalogue: str
    sentences: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence under `key` with `values` filled in; with n=1 the sentence `key.one`, where there is one.

        Raises KeyError for a sentence that does not exist: a bug, which a test finds.
        """
        singular = f"{key}.one"
        chosen = singular if values.get("n") == 1 and singular in self.sentences else key
        return self.sentences[chosen].format_map(values)
