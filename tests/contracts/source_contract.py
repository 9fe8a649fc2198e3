"""What every paper source owes the pipeline, whatever is behind it. `test_sources.py` holds those that have joined."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

import pytest

from bot.domain.identity import arxiv_id, parse_ref
from bot.domain.intake import Page, Wanted
from bot.domain.papers import PaperKey, PaperRef, Scheme
from bot.errors import ClientRefused, Retry, SourceChanged
from bot.guard import TransactionOpen, transaction
from bot.ports import PaperSource

MOST_A_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A source that works, and `wanted`, for which it has at least two papers.

    `asked_at` gives the instants (seconds of its gate's clock) of the requests so far, which must be `interval_s` apart.
    `breaks` makes all answers meaningless from now on. A source that asks nobody has neither.
    """

    source: PaperSource
    wanted: Wanted
    breaks: Callable[[], None] | None = None
    asked_at: Callable[[], list[float]] | None = None
    interval_s: float = 0.0


Opens = Callable[[], AbstractAsyncContextManager[Subject]]


async def pages_of(subject: Subject) -> list[Page]:
    return [page async for page in subject.source.fetch(subject.wanted)]


class SourceContract:
    """Subclass it with a `subject` fixture."""

    async def test_everything_carries_the_name_of_its_source(self, subject: Subject) -> None:
        name = subject.source.name
        for page in await pages_of(subject):
            assert {page.source, *(sighting.source for sighting in page.sightings)} == {name}
            assert {notice.source for notice in page.notices} <= {name}
            assert {mark.source for mark in page.finished} <= {name}

    async def test_every_sighting_comes_with_its_paper_in_pages_of_bounded_size(self, subject: Subject) -> None:
        pages = await pages_of(subject)
        assert len({sighting.key for page in pages for sighting in page.sightings}) >= 2
        for page in pages:
            assert len(page.papers) <= MOST_A_PAGE
            assert {sighting.key for sighting in page.sightings} <= {paper.key for paper in page.papers}

    async def test_one_paper_is_listed_once_a_batch(self, subject: Subject) -> None:
        seen = [(one.key, one.batch_on, one.cite_key) for page in await pages_of(subject) for one in page.sightings]
        assert len(seen) == len(set(seen))

    async def test_every_instant_has_a_zone(self, subject: Subject) -> None:
        for page in await pages_of(subject):
            assert all(sighting.seen_at.tzinfo for sighting in page.sightings)
            instants = [at for paper in page.papers for at in (paper.published_at, paper.updated_at) if at]
            assert all(at.tzinfo for at in instants)

    async def test_keys_are_canonical(self, subject: Subject) -> None:
        keys = [paper.key for page in await pages_of(subject) for paper in page.papers]
        for key in keys:
            if key.scheme is Scheme.ARXIV:
                assert parse_ref(arxiv_id(PaperRef(key=key))).key == key

    async def test_it_is_safe_to_repeat(self, subject: Subject) -> None:
        first, second = await pages_of(subject), await pages_of(subject)
        assert [_timeless(page) for page in first] == [_timeless(page) for page in second]

    async def test_a_batch_is_finished_only_after_its_last_sighting(self, subject: Subject) -> None:
        finished: set[object] = set()
        for page in await pages_of(subject):
            assert finished.isdisjoint(sighting.batch_on for sighting in page.sightings)
            finished |= {mark.batch_on for mark in page.finished}

    async def test_an_unknown_paper_is_missing(self, subject: Subject) -> None:
        unknown = PaperRef(key=PaperKey(scheme=Scheme.ARXIV, value="2512.99999"))
        elsewhere = PaperRef(key=PaperKey(scheme=Scheme.DOI, value="10.1000/nowhere"))
        assert await subject.source.find([unknown, elsewhere]) == ()
        assert await subject.source.find() == ()


class NetworkContract:
    """What those owe besides that ask somebody."""

    async def test_a_broken_answer_raises_what_the_port_allows_or_is_told_as_a_failure(self, subject: Subject) -> None:
        assert subject.breaks is not None
        subject.breaks()
        try:
            pages = await pages_of(subject)
        except (Retry, SourceChanged, ClientRefused):
            return
        assert any(notice.why.is_failure for page in pages for notice in page.notices)

    async def test_it_asks_nobody_inside_a_transaction(self, subject: Subject) -> None:
        with transaction(), pytest.raises(TransactionOpen):
            await pages_of(subject)


class PaceContract:
    """What those owe besides that keep a pace."""

    async def test_requests_keep_their_pace(self, subject: Subject) -> None:
        assert subject.asked_at is not None
        await pages_of(subject)
        at = subject.asked_at()
        assert len(at) >= 2
        assert min(later - earlier for earlier, later in pairwise(at)) >= subject.interval_s


def _timeless(page: Page) -> Page:
    """A page without the instants at which it was read."""
    return replace(page, sightings=tuple(replace(one, seen_at=datetime.min) for one in page.sightings))  # noqa: DTZ901
