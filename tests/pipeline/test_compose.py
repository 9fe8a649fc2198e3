"""What a digest is told of its plan."""

from datetime import UTC, date, datetime

from bot.domain.digests import Counts, Criteria, Digest, DigestItem, DigestPlan, Pick, Score
from bot.domain.papers import SeenPaper
from bot.pipeline.compose import compose
from tests.builders import a_paper

NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)


def composed(plan: DigestPlan) -> Digest:
    return compose(
        on=date(2026, 6, 2),
        made_at=NOON,
        criteria=Criteria(sources=("huggingface",)),
        plan=plan,
        items=[DigestItem(pick=pick) for pick in plan.picks],
        notices=(),
        are_all_sources_down=False,
        model=None,
        language="en",
        style="card",
    )


def test_papers_that_came_by_rank_for_want_of_votes_are_counted() -> None:
    papers = [a_paper(arxiv_id=f"2606.0000{number}") for number in (1, 2)]
    picks = tuple(Pick(seen=SeenPaper(paper=paper, sightings=()), score=Score(value=1.0)) for paper in papers)
    plan = DigestPlan(
        picks=picks, counts=Counts(found=2, matched=2, listed=2), below_votes=frozenset({papers[0].key, papers[1].key})
    )
    assert composed(plan).below_votes == 2
