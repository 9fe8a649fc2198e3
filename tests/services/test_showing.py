"""One paper that breaks the layout or the markup costs nobody the others."""

from bot.channels.console import Console
from bot.domain.messages import Message
from bot.ports import Part
from bot.services.showing import Look, parts_of
from bot.words import words
from tests.builders import a_digest, a_paper


class Brittle(Console):
    """A channel that a certain word breaks."""

    def render(self, message: Message) -> tuple[Part, ...]:
        parts = super().render(message)
        if any("breaks" in part.payload for part in parts):
            raise ValueError("no such markup")
        return parts


async def test_a_paper_that_cannot_be_shown_goes_as_its_title_alone() -> None:
    papers = [a_paper(arxiv_id=f"2601.0000{n}", title=f"Number {n}") for n in (1, 2, 3)]
    papers[1] = a_paper(arxiv_id="2601.00002", title="Number 2", authors=("This name breaks all",))
    digest = a_digest(*papers)
    (part,) = await parts_of(digest, Brittle(print), Look(words=words("en")))
    assert [f"Number {n}" in part.payload for n in (1, 2, 3)] == [True, True, True]
    assert part.items == (1, 2, 3)
    assert part.payload.count("Ada Example") == 2
