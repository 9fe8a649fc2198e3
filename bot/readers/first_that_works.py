"""Several readers as one: the best origin that has the text. A decorator of the port, knowing none of them."""

from collections.abc import Sequence

from bot.domain.papers import FullText, Paper
from bot.errors import BrokenPage, Skip, TextUnavailable
from bot.ports import FullTextReader


class FirstThatWorks:
    """Asks `readers` in their order, one after the other."""

    def __init__(self, readers: Sequence[FullTextReader]) -> None:
        self._readers = tuple(readers)

    async def read(self, paper: Paper) -> FullText:
        """The first text that can be had. A page that is broken or missing sends us on to the next reader.

        Raises TextUnavailable with the reason of each, if none has it. Every other Retry rises at once: the next reader asks
        the same host, and an abstract read today would stand for the full text that can be had tomorrow.
        """
        reasons: list[str] = []
        for reader in self._readers:
            try:
                return await reader.read(paper)
            except (Skip, BrokenPage) as error:
                reasons.append(str(error))
        raise TextUnavailable("; ".join(reasons) or f"{paper.key} has no reader")
