"""Files that people sent: whose they are, how many are kept, and for how long."""

from datetime import UTC, datetime, timedelta

from bot.domain.people import Person
from bot.storage import uploads
from bot.storage.store import Store
from bot.storage.uploads import MOST_KEPT, Kept

NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)
ADA, BO = Person(platform="telegram", id="7"), Person(platform="telegram", id="8")
ELSEWHERE = Person(platform="discord", id="7")


async def sent(store: Store, person: Person, name: str = "refs.bib", body: str = "@misc{a}", at: datetime = NOW) -> int:
    async with store.write() as tx:
        return await uploads.keep(tx, person, name, body, at)


async def found(store: Store, upload_id: int, person: Person) -> Kept | None:
    async with store.read() as tx:
        return await uploads.get(tx, upload_id, person)


async def test_a_file_is_for_whoever_sent_it(store: Store) -> None:
    number = await sent(store, ADA)
    assert await found(store, number, ADA) == Kept(name="refs.bib", body="@misc{a}")
    assert await found(store, number, BO) is None
    assert await found(store, number, ELSEWHERE) is None


async def test_numbers_that_never_were_find_nothing(store: Store) -> None:
    for number in (0, -1, 999, 2**31, 2**63 - 1):
        assert await found(store, number, ADA) is None


async def test_the_newest_of_a_person_are_kept(store: Store) -> None:
    of_another = await sent(store, BO)
    numbers = [await sent(store, ADA, body=str(n)) for n in range(MOST_KEPT + 3)]
    assert [await found(store, number, ADA) is not None for number in numbers] == [False] * 3 + [True] * MOST_KEPT
    assert await found(store, of_another, BO) is not None


async def test_what_was_sent_long_ago_is_forgotten_and_its_number_never_names_another(store: Store) -> None:
    old, new = await sent(store, ADA, at=NOW - timedelta(days=3)), await sent(store, ADA)
    async with store.write() as tx:
        assert await uploads.prune(tx, NOW - timedelta(days=2)) == 1
    assert await found(store, old, ADA) is None
    assert await found(store, new, ADA) is not None
    async with store.write() as tx:
        await uploads.prune(tx, NOW + timedelta(days=1))
    assert await sent(store, ADA) > new


async def test_what_no_database_takes_is_replaced_and_the_rest_kept(store: Store) -> None:
    number = await sent(store, ADA, name="a\0.bib", body="x\0y\ud800z é 体 \U0001f600")
    kept = await found(store, number, ADA)
    assert kept == Kept(name="a\ufffd.bib", body="x\ufffdy\ufffdz é 体 \U0001f600")
