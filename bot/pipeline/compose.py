"""Step 5: what was chosen, summarized and reported becomes one Digest. Pure: asks nobody, decides only why it is empty."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.digests import Criteria, Digest, DigestItem, DigestPlan, Emptiness, Refusal
from bot.domain.intake import Notice
from bot.domain.papers import SeenPaper


def compose(
    *,
    on: date,
    made_at: datetime,
    criteria: Criteria,
    plan: DigestPlan,
    items: Sequence[DigestItem],
    notices: Sequence[Notice],
    are_all_sources_down: bool,
    is_first: bool = True,
    is_rest: bool = False,
    makes_up_for: tuple[date, date] | None = None,
    model: str | None,
    language: str,
    style: str,
) -> Digest:
    """The digest of `items`; without any, it says why in the order in which a reader would ask.

    `is_first` is false where the reader had digests before, so that finding nothing means that nothing was new.
    `is_rest`: only what earlier digests of the same lists left over was looked at.
    """
    return Digest(
        on=on,
        made_at=made_at,
        criteria=criteria,
        items=tuple(items),
        counts=plan.counts,
        spans=spanned([pick.seen for pick in plan.picks]),
        makes_up_for=makes_up_for,
        notices=tuple(dict.fromkeys(notices)),
        empty_because=() if items else why_empty(plan, are_all_sources_down, is_first=is_first, is_rest=is_rest),
        below_votes=len(plan.below_votes),
        shown_before=sum(why is Refusal.SHOWN_BEFORE for why in plan.refused.values()),
        model=model,
        language=language,
        style=style,
    )


def why_empty(plan: DigestPlan, are_all_sources_down: bool, *, is_first: bool, is_rest: bool) -> tuple[Emptiness, ...]:
    """Why nothing is listed: the sources first, then what the reader has seen, then the wish."""
    if plan.counts.found == 0:
        if are_all_sources_down:
            return (Emptiness.SOURCES_DOWN,)
        return (Emptiness.NOTHING_LISTED,) if is_first else (Emptiness.NOTHING_NEW,)
    if is_rest or Refusal.SHOWN_BEFORE in plan.refused.values():
        return (Emptiness.NOTHING_NEW,)
    return (Emptiness.NOTHING_MATCHED,)


def spanned(papers: Sequence[SeenPaper]) -> tuple[date, date] | None:
    """The first and the last batch that these papers were announced in."""
    days = [seen.announced_on for seen in papers if seen.announced_on is not None]
    return (min(days), max(days)) if days else None
