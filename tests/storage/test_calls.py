import asyncio
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bot.domain.budget import Budget, Usage
from bot.domain.papers import PaperRef
from bot.domain.summaries import Lack
from bot.storage import calls
from bot.storage.calls import LARGEST_COST, LARGEST_COUNT, Call, CallTotals, Outcome
from bot.storage.store import Store
from bot.storage.tables import calls as table
from tests.builders import arxiv_key
from tests.storage.rows import stored

NOW = datetime(2026, 6, 2, 15, 0, tzinfo=UTC)
TODAY = datetime(2026, 6, 2, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)
A_CALL = Call(
    purpose="summary",
    ref=PaperRef(key=arxiv_key(), version=1),
    style="card",
    language="en",
    model="example-model",
    reader="telegram:123",
)
ESTIMATE = Usage(tokens_in=1_000, tokens_out=500, is_estimate=True)
USED = Usage(tokens_in=900, tokens_out=70, calls=2)


async def test_an_open_call_counts_with_its_estimate_and_a_settled_one_with_what_it_used(store: Store) -> None:
    async with store.write() as tx:
        assert await calls.spent(tx, TODAY) == 0
        number = await calls.reserve(tx, A_CALL, NOW, ESTIMATE, 100)
        assert await calls.spent(tx, TODAY) == 100
        await calls.settle(tx, number, USED, 40, "made")
        assert await calls.spent(tx, TODAY) == 40
    (row,) = await stored(store, table)
    assert {name: row[name] for name in ("tokens_in", "tokens_out", "calls", "is_estimate", "outcome")} == {
        "tokens_in": 900,
        "tokens_out": 70,
        "calls": 2,
        "is_estimate": False,
        "outcome": "made",
    }


async def test_a_call_is_settled_once(store: Store) -> None:
    async with store.write() as tx:
        number = await calls.reserve(tx, A_CALL, NOW, ESTIMATE, 100)
        other = await calls.reserve(tx, A_CALL, NOW, ESTIMATE, 100)
        await calls.settle(tx, number, USED, 40, Lack.BAD_ANSWER)
        await calls.settle(tx, number, USED, 70, "made")
        assert other != number
        assert await calls.spent(tx, TODAY) == 140
    assert sorted(row["outcome"] for row in await stored(store, table)) == ["bad_answer", "open"]


async def test_a_day_begins_with_its_first_instant(store: Store) -> None:
    async with store.write() as tx:
        await calls.reserve(tx, A_CALL, TODAY - A_SECOND, ESTIMATE, 1)
        await calls.reserve(tx, A_CALL, TODAY, ESTIMATE, 10)
        assert await calls.spent(tx, TODAY) == 10
        assert await calls.spent_by(tx, "telegram:123", TODAY) == 10
        assert sum(each.cost for each in await calls.totals(tx, TODAY - A_SECOND, TODAY)) == 1


async def test_each_reader_pays_for_their_own(store: Store) -> None:
    async with store.write() as tx:
        for reader, cost in (("telegram:123", 1), ("telegram:123", 10), ("discord:123", 100), (None, 1_000)):
            await calls.reserve(tx, replace(A_CALL, reader=reader), NOW, ESTIMATE, cost)
        assert await calls.spent_by(tx, "telegram:123", TODAY) == 11
        assert await calls.spent_by(tx, "telegram:12", TODAY) == 0
        assert await calls.spent(tx, TODAY) == 1_111


async def test_a_forgotten_reader_leaves_the_sums_and_no_name(store: Store) -> None:
    async with store.write() as tx:
        await calls.reserve(tx, A_CALL, NOW, ESTIMATE, 1)
        await calls.reserve(tx, replace(A_CALL, reader="telegram:1234"), NOW, ESTIMATE, 10)
        await calls.forget_reader(tx, "telegram:123")
        assert await calls.spent(tx, TODAY) == 11
        assert await calls.spent_by(tx, "telegram:123", TODAY) == 0
    assert {row["reader"] for row in await stored(store, table)} == {None, "telegram:1234"}


async def test_old_calls_are_pruned(store: Store) -> None:
    async with store.write() as tx:
        for days in (0, 400, 401):
            await calls.reserve(tx, A_CALL, NOW - timedelta(days=days), ESTIMATE, 1)
        assert await calls.prune(tx, NOW - timedelta(days=400)) == 1
        assert await calls.spent(tx, NOW - timedelta(days=500)) == 2


async def test_no_number_of_an_endpoint_is_too_large_or_too_small(store: Store) -> None:
    absurd = Usage(tokens_in=10**30, tokens_out=-5, calls=1)
    async with store.write() as tx:
        for _ in range(3):
            number = await calls.reserve(tx, A_CALL, NOW, absurd, -7)
            await calls.settle(tx, number, absurd, 10**40, "made")
        assert await calls.spent(tx, TODAY) == 3 * LARGEST_COST
        (total,) = await calls.totals(tx, TODAY)
    assert total.usage == Usage(tokens_in=3 * LARGEST_COUNT, tokens_out=0, calls=3)


async def test_calls_that_check_and_reserve_at_once_never_spend_more_than_there_is(store: Store) -> None:
    budget = Budget(total=1_000)

    async def ask() -> bool:
        async with store.write() as tx:
            if not budget.allows(300, spent=await calls.spent(tx, TODAY), spent_by_reader=0):
                return False
            await asyncio.sleep(0)
            await calls.reserve(tx, A_CALL, NOW, ESTIMATE, 300)
            return True

    assert sum(await asyncio.gather(*(ask() for _ in range(8)))) == 3


@pytest.mark.parametrize("wrong", [{"outcome": "perhaps"}, {"purpose": "leisure"}, {"cost": -1}, {"version": -1}])
async def test_the_table_refuses_what_means_nothing(store: Store, wrong: dict[str, object]) -> None:
    row = {"at": NOW, "purpose": "answer", "paper_key": "arxiv:2601.00001", "version": 0, "style": "", "language": "en"}
    row |= {"model": "m", "tokens_in": 0, "tokens_out": 0, "calls": 1, "is_estimate": False, "cost": 0, "outcome": "open"}
    with pytest.raises(IntegrityError):
        async with store.write() as tx:
            await tx.execute(insert(table).values({**row, **wrong}))


usages = st.builds(
    Usage,
    tokens_in=st.integers(0, 10**6),
    tokens_out=st.integers(0, 10**6),
    calls=st.integers(0, 3),
    is_estimate=st.booleans(),
)
made_calls = st.lists(
    st.tuples(
        st.builds(
            Call,
            purpose=st.sampled_from(("summary", "answer")),
            ref=st.just(A_CALL.ref),
            language=st.just("en"),
            model=st.sampled_from(("one", "two")),
        ),
        usages,
        st.integers(0, 10**10),
        st.none() | st.just("made") | st.sampled_from(Lack),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made_calls)
def test_totals_are_the_sums_of_what_was_recorded(
    sqlite_template: Path, recorded: list[tuple[Call, Usage, int, Outcome | None]]
) -> None:
    async def totals() -> tuple[CallTotals, ...]:
        with TemporaryDirectory() as folder:
            copy(sqlite_template, f"{folder}/paperboy.db")
            store = await Store.open(f"sqlite:///{folder}/paperboy.db")
            async with store.write() as tx:
                for call, usage, cost, outcome in recorded:
                    number = await calls.reserve(tx, call, NOW, usage, cost)
                    if outcome is not None:
                        await calls.settle(tx, number, usage, cost, outcome)
                found = await calls.totals(tx, TODAY)
            await store.close()
            return found

    wanted: dict[tuple[str, str, str], list[tuple[Usage, int]]] = defaultdict(list)
    for call, usage, cost, outcome in recorded:
        wanted[call.model, call.purpose, outcome or "open"].append((usage, cost))
    assert asyncio.run(totals()) == tuple(
        CallTotals(
            model=model,
            purpose=purpose,
            outcome=outcome,
            count=len(of_kind),
            usage=sum((usage for usage, _ in of_kind[1:]), of_kind[0][0]),
            cost=sum(cost for _, cost in of_kind),
        )
        for (model, purpose, outcome), of_kind in sorted(wanted.items())
    )
