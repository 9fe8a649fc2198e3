"""Scores -> DigestPlan: who passes, in which order, how many; and why each of the others is not there.

    merge by key -> refuse -> order -> limit

The plan depends on what is given, never on the order in which it is given.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce

from bot.domain.digests import Counts, DigestPlan, Pick, Refusal, Score
from bot.domain.identity import merge
from bot.domain.matching import Wish, barred, wish
from bot.domain.papers import Paper, PaperKey, SeenPaper, Sighting
from bot.domain.subscriptions import Interest

FALLBACK = 3  # papers shown by their rank in votes when none reaches the reader's minimum


class Order(StrEnum):
    """How the picks follow each other; ties go by score, then the newest announcement, then the id."""

    BY_SCORE = "by_score"
    BY_VOTES = "by_votes"
    AS_LISTED = "as_listed"  # as in the reader's own file


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A paper with its score and what speaks against it, if anything."""

    pick: Pick
    refusal: Refusal | None


def plan(
    papers: Sequence[SeenPaper],
    scores: Sequence[Score],
    interest: Interest,
    limit: int | None = None,
    shown: Collection[PaperKey] = frozenset(),
    order: Order = Order.BY_SCORE,
) -> DigestPlan:
    """Choose from `papers` (each with the score at its place) at most `limit`, none of `shown`.

    `counts.matched` are those that meet the wish, shown before or beyond the limit included. Papers under `min_votes` are
    taken, and named in `below_votes`, when no paper that meets the wish reaches it.
    """
    wanted = wish(interest)
    judged = [_judge(seen, score, wanted, interest) for seen, score in _merged(papers, scores)]
    by_rank = _fallback(judged, interest, shown)
    refused: dict[PaperKey, Refusal] = {}
    passed: list[Pick] = []
    for one in judged:
        key = one.pick.seen.paper.key
        if one.refusal is not None and key not in by_rank:
            refused[key] = one.refusal
        else:
            passed.append(one.pick)
    fresh = sorted((pick for pick in passed if pick.seen.paper.key not in shown), key=lambda pick: _place(pick, order))
    picks = fresh if limit is None else fresh[: max(limit, 0)]
    refused |= {pick.seen.paper.key: Refusal.SHOWN_BEFORE for pick in passed if pick.seen.paper.key in shown}
    refused |= {pick.seen.paper.key: Refusal.OVER_LIMIT for pick in fresh[len(picks) :]}
    return DigestPlan(
        picks=tuple(picks),
        counts=Counts(found=len(judged), matched=len(passed), listed=len(picks)),
        refused=dict(sorted(refused.items())),
        below_votes=frozenset(by_rank).intersection(pick.seen.paper.key for pick in picks),
        rest=tuple(fresh[len(picks) :]),
    )


def refusal(seen: SeenPaper, interest: Interest, score: Score) -> Refusal | None:
    """Why this paper does not meet the wish, the gravest reason first; None if it does. Other papers play no part."""
    return _refusal(seen, score, wish(interest), interest)


def merged(papers: Sequence[SeenPaper]) -> SeenPaper:
    """Several finds of one paper as one: its newest version, with what only the others know, and every sighting as read last."""
    latest: dict[tuple[str, date | None], Sighting] = {}
    for sighting in sorted((s for seen in papers for s in seen.sightings), key=_age):
        latest[sighting.source, sighting.batch_on] = sighting
    paper = reduce(merge, sorted((seen.paper for seen in papers), key=_fullness))
    return SeenPaper(paper=paper, sightings=tuple(sorted(latest.values(), key=_age)))


def is_replacement(seen: SeenPaper) -> bool:
    """Whether all we know of it are announcements of a newer version; a listing of any other kind makes it new."""
    return bool(seen.sightings) and all(s.announce_type is not None and s.announce_type.is_replacement for s in seen.sightings)


def _judge(seen: SeenPaper, score: Score, wanted: Wish, interest: Interest) -> _Judged:
    return _Judged(pick=Pick(seen=seen, score=score), refusal=_refusal(seen, score, wanted, interest))


def _refusal(seen: SeenPaper, score: Score, wanted: Wish, interest: Interest) -> Refusal | None:
    if (reason := barred(seen.paper, wanted)) is not None:
        return reason
    if score.value <= 0:
        return Refusal.NO_MATCH
    if score.value < interest.threshold:
        return Refusal.BELOW_THRESHOLD
    if is_replacement(seen) and not interest.wants_replacements:
        return Refusal.REPLACEMENT
    return Refusal.FEW_VOTES if seen.votes is not None and seen.votes < interest.min_votes else None


def _fallback(judged: Sequence[_Judged], interest: Interest, shown: Collection[PaperKey]) -> Mapping[PaperKey, Pick]:
    """The best by votes among those that lack nothing but votes, if nobody has enough."""
    if any(one.refusal is None and one.pick.seen.votes is not None for one in judged):
        return {}
    few = [one.pick for one in judged if one.refusal is Refusal.FEW_VOTES and one.pick.seen.paper.key not in shown]
    best = sorted(few, key=lambda pick: _place(pick, Order.BY_VOTES))[:FALLBACK]
    return {pick.seen.paper.key: pick for pick in best}


def _merged(papers: Sequence[SeenPaper], scores: Sequence[Score]) -> list[tuple[SeenPaper, Score]]:
    finds: defaultdict[PaperKey, list[tuple[SeenPaper, Score]]] = defaultdict(list)
    for seen, score in zip(papers, scores, strict=True):
        finds[seen.paper.key].append((seen, score))
    return [
        found[0] if len(found) == 1 else (merged([seen for seen, _ in found]), max((score for _, score in found), key=_weight))
        for found in finds.values()
    ]


def _weight(score: Score) -> tuple[float, str]:
    return score.value, repr(score.reasons)


def _fullness(paper: Paper) -> tuple[int, bool, int, int, str]:
    return paper.version or 0, bool(paper.abstract), len(paper.categories), len(paper.links), repr(paper)


def _age(sighting: Sighting) -> tuple[float, str, date, str]:
    return sighting.seen_at.timestamp(), sighting.source, sighting.batch_on or date.min, repr(sighting)


def _place(pick: Pick, order: Order) -> tuple[tuple[str | float, ...], float, int, PaperKey]:
    seen = pick.seen
    first: tuple[str | float, ...] = ()
    if order is Order.BY_VOTES:
        first = (-(seen.votes if seen.votes is not None else -1),)
    elif order is Order.AS_LISTED:
        first = _listed_at(seen)
    return first, -pick.score.value, -_day(seen).toordinal(), seen.paper.key


def _listed_at(seen: SeenPaper) -> tuple[float, str, float]:
    """Entries of files first, file by file, each in its order; then what lists have a position for; then the rest."""
    places = [(0.0 if s.cite_key else 1.0, s.source, float(s.position)) for s in seen.sightings if s.position is not None]
    return min(places, default=(2.0, "", 0.0))


def _day(seen: SeenPaper) -> date:
    return seen.announced_on or (seen.paper.published_at.date() if seen.paper.published_at else date.min)
