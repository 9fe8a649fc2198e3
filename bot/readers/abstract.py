"""The reader of last resort: the abstract, which is always at hand and never asked of anybody."""

from bot.domain.papers import FullText, Paper, PaperRef, Section, TextOrigin
from bot.errors import TextUnavailable


class AbstractReader:
    """Reads what the metadata says of the paper."""

    async def read(self, paper: Paper) -> FullText:
        """The abstract as one section. Raises TextUnavailable where a paper has none, or was withdrawn."""
        if not paper.abstract or paper.is_withdrawn:
            raise TextUnavailable(f"{paper.key} has no abstract to read")
        section = Section(heading="Abstract", text=paper.abstract)
        return FullText(ref=PaperRef(key=paper.key, version=paper.version), sections=(section,), origin=TextOrigin.ABSTRACT)
