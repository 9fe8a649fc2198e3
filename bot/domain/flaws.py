"""What may be wrong with a file that somebody brought, so that each flaw has its sentence in every language."""

from enum import StrEnum

from bot.errors import BadFile


class Flaw(StrEnum):
    """Each has the sentence `flaw.NAME` in `words`; those about a setting name its place in the file."""

    NO_FILE = "no_file"
    UNREADABLE = "unreadable"
    NOT_HANDED_OUT = "not_handed_out"  # by the platform to which it was sent
    TOO_LARGE = "too_large"
    NEITHER = "neither"  # no settings and no BibTeX
    NO_ENTRIES = "no_entries"
    TOO_MANY_ENTRIES = "too_many_entries"
    NO_JSON = "no_json"
    TOO_DEEP = "too_deep"
    TWICE = "twice"
    NO_SETTINGS = "no_settings"
    NEWER = "newer"
    NO_VERSION = "no_version"
    UNKNOWN = "unknown"
    NO_SECTION = "no_section"
    NO_SWITCH = "no_switch"
    NO_NUMBER = "no_number"
    NO_LIST = "no_list"
    NO_WORD = "no_word"
    NO_TIME = "no_time"
    NO_DATE = "no_date"
    NO_ZONE = "no_zone"
    NO_CHOICE = "no_choice"
    NO_CATEGORY = "no_category"
    NO_LANGUAGE = "no_language"


class UnfitFile(BadFile):
    """A file that cannot be used. `place` is where ("schedule.at"), `names` what may stand there, `least` to `most` how much."""

    def __init__(
        self, name: str, flaw: Flaw, *, place: str = "", names: tuple[str, ...] = (), least: float = 0, most: float = 0
    ) -> None:
        self.flaw, self.place, self.names, self.least, self.most = flaw, place[:80], names, least, most
        super().__init__(name, " ".join((flaw.replace("_", " "), self.place)).strip())
