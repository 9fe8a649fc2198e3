"""What the buttons below a digest open, from the real store."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.digests import Counts, DigestPlan, Slot, SlotKind
from bot.domain.intake import Page
from bot.domain.subscriptions import Address, Subscription
from bot.ports import Part
from bot.services.opening import Opening, PartOf, RestPage
from bot.storage import digests, outbox, papers, subscriptions
from bot.storage.store import Store
from tests.builders import a_paper, a_pick, a_seen, arxiv_key

NOW = datetime(2026, 1, 6, 15, 0, tzinfo=UTC)
HERE = Address(platform="telegram", chat="1")
THERE = Address(platform="telegram", chat="2")
LISTED, LEFT_OUT = 5, 23


def arxiv_id(number: int) -> str:
    return f"2601.{number:05}"


PARTS = (Part(number=1, payload="{}", items=(1, 2, 3)), Part(number=2, payload="{}", items=(4, 5)))


async def a_stored_digest(store: Store, address: Address, *, left_out: int = LEFT_OUT, parts: tuple[Part, ...] = PARTS) -> int:
    """Papers 1 to 5 in two parts, and behind them those that were left out."""
    made = [a_paper(arxiv_id=arxiv_id(n)) for n in range(1, LISTED + left_out + 1)]
    picks = tuple(a_pick(a_seen(paper)) for paper in made)
    plan = DigestPlan(
        picks=picks[:LISTED],
        counts=Counts(found=len(made), matched=len(made), listed=LISTED),
        rest=picks[LISTED:],
    )
    async with store.write() as tx:
        await papers.record_page(tx, Page(source="arxiv", papers=tuple(made)), NOW)
        reader = await subscriptions.save(tx, Subscription(address=address, next_due_at=NOW))
        assert reader.id is not None
        slot = Slot(on=date(2026, 1, 6), kind=SlotKind.DAILY)
        digest = await digests.record_plan(tx, reader.id, slot, plan, due=None, now=NOW, deadline_at=NOW + timedelta(hours=12))
        assert digest is not None
        assert await outbox.queue(tx, digest, parts, now=NOW)
    return digest


@pytest.fixture
async def digest(store: Store) -> int:
    return await a_stored_digest(store, HERE)


@pytest.fixture
def opening(store: Store) -> Opening:
    return Opening(store=store)


@pytest.mark.parametrize("number", [1, LISTED, LISTED + 1, LISTED + LEFT_OUT])
async def test_each_number_opens_its_paper_listed_or_left_out(opening: Opening, digest: int, number: int) -> None:
    found = await opening.paper(HERE, digest, number)
    assert found is not None
    assert found.seen.paper.key == arxiv_key(arxiv_id(number))


@pytest.mark.parametrize("number", [0, -1, LISTED + LEFT_OUT + 1, 2**63 - 1, -(2**63)])
async def test_a_number_without_a_paper_opens_nothing(opening: Opening, digest: int, number: int) -> None:
    assert await opening.paper(HERE, digest, number) is None
    assert await opening.around(HERE, digest, number) is None


async def test_another_reader_opens_nothing_of_it(store: Store, opening: Opening, digest: int) -> None:
    theirs = await a_stored_digest(store, THERE)
    assert await opening.paper(HERE, theirs, 1) is None
    assert await opening.around(HERE, theirs, 1) is None
    assert await opening.rest(HERE, theirs, 1) is None
    assert await opening.paper(THERE, theirs, 1) is not None


async def test_the_way_back_leads_to_the_part_or_page_that_lists_the_paper(opening: Opening, digest: int) -> None:
    first, last = (
        PartOf(digest=digest, numbers=(1, 2, 3), left_out=None),
        PartOf(digest=digest, numbers=(4, 5), left_out=LEFT_OUT),
    )
    assert [await opening.around(HERE, digest, n) for n in range(1, LISTED + 1)] == [first] * 3 + [last] * 2
    for number in range(LISTED + 1, LISTED + LEFT_OUT + 1):
        page = await opening.around(HERE, digest, number)
        assert isinstance(page, RestPage)
        assert number in page.numbers
        assert page == await opening.rest(HERE, digest, page.page)


async def test_more_stands_below_the_last_part_even_where_no_paper_begins_in_it(store: Store, opening: Opening) -> None:
    digest = await a_stored_digest(store, HERE, parts=(*PARTS, Part(number=3, payload="{}")))
    part = PartOf(digest=digest, numbers=(4, 5), left_out=None)
    assert await opening.around(HERE, digest, 5) == part


async def test_what_was_left_out_comes_in_pages_each_paper_once(opening: Opening, digest: int) -> None:
    pages = [await opening.rest(HERE, digest, page) for page in (1, 2, 3)]
    assert [page.pages for page in pages if page] == [3, 3, 3]
    listed = [(number, seen.paper.key.value) for page in pages if page for number, seen in page.papers]
    assert listed == [(n, arxiv_id(n)) for n in range(LISTED + 1, LISTED + LEFT_OUT + 1)]


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-5, 1), (4, 3), (2**63 - 1, 3)])
async def test_a_page_that_is_not_there_is_the_nearest(opening: Opening, digest: int, asked: int, given: int) -> None:
    page = await opening.rest(HERE, digest, asked)
    assert page is not None
    assert page.page == given


async def test_a_digest_that_left_nothing_out_has_an_empty_page(store: Store, opening: Opening) -> None:
    digest = await a_stored_digest(store, THERE, left_out=0)
    page = await opening.rest(THERE, digest, 1)
    assert page is not None
    assert (page.papers, page.pages) == ((), 1)
