"""Who is listed, in which order, and why each other paper is not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digests import DigestPlan, Reason, ReasonKind, Refusal, Score
from bot.domain.papers import AnnounceType, PaperKey, SeenPaper
from bot.domain.selection import FALLBACK, Order, is_replacement, merged, plan, refusal
from bot.domain.subscriptions import Interest
from tests.builders import a_paper, a_seen, a_sighting, arxiv_key

NOTHING = Score(value=0.0)
ANY = Interest()


def of(value: float) -> Score:
    return Score(value=value, reasons=(Reason(kind=ReasonKind.LISTED, matched="", points=value),) if value else ())


def numbered(n: int, *, votes: int | None = None, on: date = date(2026, 1, 6), **fields: object) -> SeenPaper:
    arxiv_id = f"2601.{n:05d}"
    paper = a_paper(arxiv_id=arxiv_id, **fields)  # type: ignore[arg-type]  # the test names the fields
    return a_seen(paper, a_sighting(arxiv_id=arxiv_id, votes=votes, batch_on=on))


def ids(made: DigestPlan) -> list[str]:
    return [pick.seen.paper.key.value for pick in made.picks]


def test_the_better_score_comes_first_then_the_newer_then_the_smaller_id() -> None:
    papers = [numbered(3), numbered(1), numbered(2, on=date(2026, 1, 7)), numbered(4)]
    made = plan(papers, [of(2), of(2), of(2), of(5)], ANY)
    assert ids(made) == ["2601.00004", "2601.00002", "2601.00001", "2601.00003"]


def test_a_paper_that_was_announced_nowhere_is_dated_by_its_submission() -> None:
    old = a_seen(a_paper(arxiv_id="2601.00001", published_at=datetime(2026, 1, 1, tzinfo=UTC)), a_sighting(batch_on=None))
    new = a_seen(a_paper(arxiv_id="2601.00002", published_at=datetime(2026, 1, 2, tzinfo=UTC)), a_sighting(batch_on=None))
    unknown = a_seen(a_paper(arxiv_id="2601.00000", published_at=None), a_sighting(batch_on=None))
    assert ids(plan([unknown, old, new], [of(1)] * 3, ANY)) == ["2601.00002", "2601.00001", "2601.00000"]


def test_a_list_of_votes_is_ordered_by_votes_and_papers_without_any_come_last() -> None:
    papers = [numbered(1, votes=None), numbered(2, votes=0), numbered(3, votes=90), numbered(4, votes=0)]
    assert ids(plan(papers, [of(9), of(1), of(1), of(2)], ANY, order=Order.BY_VOTES)) == [
        "2601.00003",
        "2601.00004",
        "2601.00002",
        "2601.00001",
    ]


def test_a_file_keeps_its_order_and_the_rest_follows() -> None:
    def entry(n: int, position: int) -> SeenPaper:
        key = f"2601.{n:05d}"
        in_file = a_sighting(arxiv_id=key, source="bibtex:refs.bib", batch_on=None, position=position, cite_key=f"k{n}")
        return a_seen(a_paper(arxiv_id=key), in_file, a_sighting(arxiv_id=key, source="arxiv", position=0))

    made = plan([numbered(9), entry(1, 2), entry(2, 0), entry(3, 1)], [of(5), of(9), of(1), of(1)], ANY, order=Order.AS_LISTED)
    assert ids(made) == ["2601.00002", "2601.00003", "2601.00001", "2601.00009"]


def test_counts_and_refusals_tell_what_became_of_every_paper() -> None:
    papers = [numbered(n) for n in range(1, 6)]
    shown = frozenset({arxiv_key("2601.00002")})
    made = plan(papers, [of(5), of(4), of(3), of(1), NOTHING], Interest(threshold=2.0), 1, shown)
    assert ids(made) == ["2601.00001"]
    assert (made.counts.found, made.counts.matched, made.counts.listed) == (5, 3, 1)
    assert dict(made.refused) == {
        arxiv_key("2601.00002"): Refusal.SHOWN_BEFORE,
        arxiv_key("2601.00003"): Refusal.OVER_LIMIT,
        arxiv_key("2601.00004"): Refusal.BELOW_THRESHOLD,
        arxiv_key("2601.00005"): Refusal.NO_MATCH,
    }


@pytest.mark.parametrize(("limit", "listed"), [(None, 3), (0, 0), (-1, 0), (2, 2), (99, 3)])
def test_the_limit_cuts_the_list_and_nothing_else(limit: int | None, listed: int) -> None:
    made = plan([numbered(n) for n in (1, 2, 3)], [of(1)] * 3, ANY, limit)
    assert (made.counts.matched, made.counts.listed) == (3, listed)


@pytest.mark.parametrize(
    ("wish", "categories", "value", "why"),
    [
        (Interest(categories=frozenset({"cs.CV"}), excluded=("notebook",)), ("cs.CL",), 0.0, Refusal.CATEGORY),
        (Interest(categories=frozenset({"cs.CV"})), (), 1.0, None),
        (Interest(excluded=("notebooks",)), ("cs.CL",), 9.0, Refusal.EXCLUDED),
        (Interest(excluded=("recall",)), ("cs.CL",), 9.0, None),
        (Interest(excluded_anywhere=("recall",)), ("cs.CL",), 9.0, Refusal.EXCLUDED),
        (Interest(keywords=("absent",)), ("cs.CL",), 0.0, Refusal.NO_MATCH),
        (Interest(threshold=3.1), ("cs.CL",), 3.0, Refusal.BELOW_THRESHOLD),
        (Interest(threshold=3.0), ("cs.CL",), 3.0, None),
    ],
)
def test_the_gravest_reason_is_the_one_that_is_told(
    wish: Interest, categories: tuple[str, ...], value: float, why: Refusal | None
) -> None:
    assert refusal(numbered(1, categories=categories), wish, of(value)) is why


def announced(*types: AnnounceType | None) -> SeenPaper:
    days = (a_sighting(announce_type=kind, batch_on=date(2026, 1, 6) + timedelta(days=n)) for n, kind in enumerate(types))
    return a_seen(a_paper(), *days)


@pytest.mark.parametrize(
    ("types", "replaced"),
    [
        ((AnnounceType.REPLACE,), True),
        ((AnnounceType.REPLACE, AnnounceType.REPLACE_CROSS), True),
        ((AnnounceType.NEW, AnnounceType.REPLACE), False),
        ((AnnounceType.CROSS,), False),
        ((None, AnnounceType.REPLACE), False),
    ],
)
def test_a_replacement_is_listed_only_for_those_who_ask(types: tuple[AnnounceType | None, ...], replaced: bool) -> None:
    seen = announced(*types)
    assert is_replacement(seen) is replaced
    assert refusal(seen, ANY, of(1)) is (Refusal.REPLACEMENT if replaced else None)
    assert refusal(seen, Interest(wants_replacements=True), of(1)) is None


def test_few_votes_refuse_only_papers_that_have_a_count() -> None:
    papers = [numbered(1, votes=50), numbered(2, votes=9), numbered(3, votes=None)]
    made = plan(papers, [of(1)] * 3, Interest(min_votes=10))
    assert sorted(ids(made)) == ["2601.00001", "2601.00003"]
    assert made.refused == {arxiv_key("2601.00002"): Refusal.FEW_VOTES}
    assert not made.below_votes


def test_when_none_has_enough_votes_the_first_by_votes_are_listed_and_marked() -> None:
    papers = [numbered(n, votes=n) for n in range(1, 6)]
    made = plan(papers, [of(1)] * 5, Interest(min_votes=10), order=Order.BY_VOTES)
    assert ids(made) == ["2601.00005", "2601.00004", "2601.00003"]
    assert len(made.below_votes) == FALLBACK
    assert set(made.refused.values()) == {Refusal.FEW_VOTES}
    assert plan(papers, [NOTHING] * 5, Interest(min_votes=10)).picks == ()


def test_a_paper_below_the_minimum_is_marked_only_while_it_is_listed() -> None:
    made = plan([numbered(n, votes=n) for n in (1, 2)], [of(1)] * 2, Interest(min_votes=10), 1, order=Order.BY_VOTES)
    assert made.below_votes == {pick.seen.paper.key for pick in made.picks} == {arxiv_key("2601.00002")}


def test_one_paper_from_three_sources_is_one_item_with_all_its_sightings() -> None:
    v1 = a_paper(version=1, comment="10 pages")
    v2 = a_paper(version=2, title="A Better Notebook")
    arxiv = a_seen(v1, a_sighting(source="arxiv"))
    page = a_seen(v2, a_sighting(source="arxiv"), a_sighting(source="huggingface", votes=12))
    later = a_seen(v1, a_sighting(source="huggingface", votes=30, seen_at=datetime(2026, 1, 8, tzinfo=UTC)))
    made = plan([arxiv, page, later], [of(1), of(3), of(2)], ANY)
    assert made.counts.found == made.counts.listed == 1
    (pick,) = made.picks
    assert pick.seen.paper == replace(v2, comment="10 pages")
    assert [(s.source, s.votes) for s in pick.seen.sightings] == [("arxiv", None), ("huggingface", 30)]
    assert pick.score == of(3)


def test_what_keeps_the_merged_paper_out_counts_although_one_find_matched() -> None:
    bare = a_seen(a_paper(abstract=""))
    full = a_seen(a_paper(abstract="A survey."))
    made = plan([bare, full], [of(4), NOTHING], Interest(excluded_anywhere=("survey",)))
    assert made.refused == {arxiv_key(): Refusal.EXCLUDED}


def test_scores_must_be_as_many_as_papers() -> None:
    with pytest.raises(ValueError, match="zip"):
        plan([numbered(1)], [], ANY)


SEEN = st.builds(
    lambda n, votes, day, kind, version, source, title: a_seen(
        a_paper(arxiv_id=f"2601.{n:05d}", version=version, title=title),
        a_sighting(
            arxiv_id=f"2601.{n:05d}", votes=votes, batch_on=date(2026, 1, day), announce_type=kind, source=source, position=votes
        ),
    ),
    st.integers(1, 8),
    st.none() | st.integers(0, 20),
    st.integers(1, 4),
    st.sampled_from([None, AnnounceType.NEW, AnnounceType.REPLACE]),
    st.integers(1, 3),
    st.sampled_from(["arxiv", "huggingface", "bibtex:a.bib"]),
    st.sampled_from(["A Notebook", "The Notebook"]),
)
SCORED = st.lists(st.tuples(SEEN, st.sampled_from([NOTHING, of(1), of(1.5), of(4)])), max_size=12)
WISHES = st.builds(
    lambda threshold, votes, replaced: Interest(threshold=threshold, min_votes=votes, wants_replacements=replaced),
    st.sampled_from([0.0, 1.2]),
    st.sampled_from([0, 5, 50]),
    st.booleans(),
)


@given(SCORED, WISHES, st.none() | st.integers(0, 5), st.sampled_from(Order), st.randoms(use_true_random=False), st.data())
def test_the_plan_does_not_depend_on_the_order_of_what_is_given(
    scored: list[tuple[SeenPaper, Score]], wish: Interest, limit: int | None, order: Order, random: Random, data: st.DataObject
) -> None:
    keys: list[PaperKey] = [seen.paper.key for seen, _ in scored]
    shown = frozenset(data.draw(st.lists(st.sampled_from(keys), max_size=3)) if keys else ())
    mixed = random.sample(scored, len(scored))
    first, second = (plan([p for p, _ in way], [s for _, s in way], wish, limit, shown, order) for way in (scored, mixed))
    assert first == second
    assert list(first.refused) == list(second.refused)


@given(SCORED, WISHES, st.none() | st.integers(0, 5))
def test_every_paper_is_either_picked_or_refused_and_the_counts_say_so(
    scored: list[tuple[SeenPaper, Score]], wish: Interest, limit: int | None
) -> None:
    made = plan([p for p, _ in scored], [s for _, s in scored], wish, limit)
    picked = {pick.seen.paper.key for pick in made.picks}
    assert picked.isdisjoint(made.refused)
    assert picked | set(made.refused) == {seen.paper.key for seen, _ in scored}
    assert made.counts.found == len(picked) + len(made.refused)
    assert made.counts.matched == made.counts.listed + list(made.refused.values()).count(Refusal.OVER_LIMIT)
    assert made.counts.listed == len(made.picks) <= (made.counts.found if limit is None else limit)


@given(st.lists(SEEN, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_merging_loses_no_list_that_a_paper_stood_in(finds: list[SeenPaper], random: Random) -> None:
    same = [replace(seen, paper=replace(seen.paper, key=arxiv_key())) for seen in finds]
    whole = merged(same)
    assert whole == merged(random.sample(same, len(same)))
    assert {(s.source, s.batch_on) for s in whole.sightings} == {(s.source, s.batch_on) for f in finds for s in f.sightings}
    assert whole.paper.version == max(seen.paper.version or 0 for seen in finds)
