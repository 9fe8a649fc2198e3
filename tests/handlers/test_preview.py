"""/digest preview: each paper that would not come is named with its reason, or counted under it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digests import Counts, DigestPlan, Refusal
from bot.domain.messages import Bullets
from bot.domain.papers import SeenPaper
from bot.services.digesting import Preview
from bot.words import words
from handlers.texts.papers import NEAREST_FIRST, preview
from tests.builders import a_paper

SAID = words("en")


def a_preview(refused: dict[Refusal, int]) -> Preview:
    reasons = [why for why, count in refused.items() for _ in range(count)]
    seen = tuple(SeenPaper(paper=a_paper(arxiv_id=f"2606.{n:05}", title=f"Paper {n}.")) for n in range(len(reasons)))
    why = {one.paper.key: reason for one, reason in zip(seen, reasons, strict=True)}
    counts = Counts(found=len(seen), matched=0, listed=0)
    return Preview(plan=DigestPlan(picks=(), refused=why, counts=counts), papers=seen, notices=())


def test_every_reason_has_its_place() -> None:
    assert set(NEAREST_FIRST) == set(Refusal)


@given(st.dictionaries(st.sampled_from(Refusal), st.integers(1, 60), min_size=1))
def test_each_paper_is_named_or_counted_under_its_reason(refused: dict[Refusal, int]) -> None:
    last = preview(a_preview(refused), SAID).blocks[-1]
    assert isinstance(last, Bullets)
    lines = ["".join(span.text for span in item) for item in last.items]
    for why, count in refused.items():
        sentence = SAID(f"refused.{why}")
        named = sum(line.endswith(f": {sentence}") for line in lines)
        more = re.search(rf"{sentence} \((\d+)\)", lines[-1])
        assert named >= 1
        assert named + (int(more[1]) if more else 0) == count
