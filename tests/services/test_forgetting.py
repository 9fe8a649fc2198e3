"""After a deletion nothing of a person is found in any table, and everything of the others is."""

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.budget import NO_USAGE
from bot.domain.deliveries import Cause, Part
from bot.domain.papers import PaperRef
from bot.domain.people import Person, Vote
from bot.domain.subscriptions import Address, Interest
from bot.services.allowance import Allowance, Allowances, AllowanceSpent
from bot.services.forgetting import Forgetting
from bot.services.subscribing import Subscribing
from bot.storage import calls, destinations, marks, outbox
from bot.storage.calls import Call
from bot.storage.store import Store
from bot.storage.tables import uploads
from tests.builders import arxiv_key
from tests.storage.parcels import NOW, a_digest, ids_of, through

MODEL = "a-model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A person and their private chat, whose ids are one on Telegram and two on Discord."""

    person: Person
    home: Address

    @property
    def ids(self) -> set[str]:
        return {self.person.id, self.home.chat}


ADA = Somebody(person=Person(platform="telegram", id="777000111"), home=Address(platform="telegram", chat="777000111"))
DEE = Somebody(person=Person(platform="discord", id="888000111"), home=Address(platform="discord", chat="999000222"))
BO = Somebody(person=Person(platform="telegram", id="7770001112"), home=Address(platform="telegram", chat="7770001112"))
GROUP = Address(platform="telegram", chat="-100777")


@pytest.fixture
def allowance(store: Store) -> Allowance:
    return Allowance(store=store, allowances=Allowances(person=3, chat=0), now=lambda: NOW)


@pytest.fixture
def forgetting(store: Store, allowance: Allowance) -> Forgetting:
    return Forgetting(store=store, allowance=allowance, model=MODEL, now=lambda: NOW)


async def subscribed(store: Store, address: Address) -> int:
    """A subscription with a digest of two parts, of which one was sent and names the chat; the destination is closed now."""
    await Subscribing(store=store, now=lambda: NOW).subscribe(address, Interest(keywords=("agents",)))
    async with store.write() as tx:
        digest = await a_digest(tx, address)
        payload = f'{{"chat_id": "{address.chat}"}}'
        drafts = tuple(Part(number=number, payload=payload, items=(number,)) for number in (1, 2))
        assert await outbox.queue(tx, digest, drafts, now=NOW)
        await calls.reserve(tx, a_call(f"{address.platform}:{address.chat}"), NOW, NO_USAGE, 5)
    first, _ = await ids_of(store, digest)
    await through(store, first)
    async with store.write() as tx:
        await destinations.suspend(tx, address, Cause.BLOCKED, now=NOW)
    return digest


async def a_rich_life(store: Store, allowance: Allowance, who: Somebody) -> None:
    """Two subscriptions, digests, votes, saved papers, files, calls of a model, and questions here and in a group."""
    await subscribed(store, who.home)
    topic = Address(platform=who.home.platform, chat=who.home.chat, thread="5")
    await Subscribing(store=store, now=lambda: NOW).subscribe(topic, Interest())
    async with store.write() as tx:
        await marks.vote(tx, who.person, arxiv_key("2601.00001"), Vote.UP, NOW)
        await marks.save(tx, who.person, arxiv_key("2601.00002"), NOW)
        await calls.reserve(tx, a_call(f"{topic.platform}:{topic.chat}:{topic.thread}"), NOW, NO_USAGE, 7)
        sent = {"name": f"{who.person.id}.bib", "body": f"of {who.person.id}", "sent_at": NOW}
        await tx.execute(uploads.insert().values(platform=who.person.platform, person=who.person.id, **sent))
    for chat in (who.home.chat, GROUP.chat):
        await allowance.take(who.person, Address(platform=who.person.platform, chat=chat))
    await allowance.finish()


def a_call(reader: str) -> Call:
    ref = PaperRef(key=arxiv_key("2601.00001"), version=1)
    return Call(purpose="summary", ref=ref, language="en", model=MODEL, style="card", reader=reader)


def tables_naming(file: Path, *ids: str) -> set[str]:
    """Every table in which one of these ids stands, alone or within a text; whichever tables there are."""
    found = set()
    with sqlite3.connect(file) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608  (names of our own tables)
                texts = [str(value) for value in row]
                if any(_names(text, wanted) for text in texts for wanted in ids):
                    found.add(name)
    connection.close()
    return found


def _names(text: str, wanted: str) -> bool:
    return wanted in text.replace(BO.person.id, "") if wanted != BO.person.id else wanted in text


@pytest.mark.parametrize("who", [ADA, DEE], ids=["telegram", "discord"])
async def test_nothing_of_a_person_is_left_in_any_table(
    store: Store, file: Path, allowance: Allowance, forgetting: Forgetting, who: Somebody
) -> None:
    await a_rich_life(store, allowance, who)
    await a_rich_life(store, allowance, BO)
    everywhere = {"addresses", "allowances", "calls", "marks", "parts", "uploads"}
    assert tables_naming(file, *who.ids) == tables_naming(file, BO.person.id) == everywhere
    await forgetting.forget(who.home, who.person)
    assert tables_naming(file, *who.ids) == set()
    assert tables_naming(file, BO.person.id) == everywhere


async def test_a_subscription_goes_with_all_that_hangs_on_it(
    store: Store, file: Path, allowance: Allowance, forgetting: Forgetting
) -> None:
    await a_rich_life(store, allowance, ADA)
    await forgetting.forget(ADA.home, ADA.person)
    with sqlite3.connect(file) as connection:
        left = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608  (a fixed list)
            for name in ("addresses", "subscriptions", "interests", "digests", "items", "parts", "marks", "uploads")
        }
        (spent,) = connection.execute("SELECT sum(cost) FROM calls").fetchone()
    connection.close()
    assert set(left.values()) == {0}
    assert spent == 12


async def test_what_is_said_to_go_is_what_goes(store: Store, allowance: Allowance, forgetting: Forgetting) -> None:
    await a_rich_life(store, allowance, ADA)
    said = await forgetting.held(ADA.home, ADA.person)
    assert said.person is not None
    assert (said.person.marks.saved, said.person.marks.up, said.person.marks.down, said.person.uploads) == (1, 1, 0, 1)
    assert (said.chat.subscriptions, said.chat.digests, said.chat.calls) == (2, 1, 2)
    assert await forgetting.held(ADA.home, ADA.person) == said
    assert await forgetting.forget(ADA.home, ADA.person) == said
    assert (await forgetting.held(ADA.home, ADA.person)).is_nothing
    assert (await forgetting.forget(ADA.home, ADA.person)).is_nothing


async def test_a_group_loses_its_topics_and_no_person_anything(
    store: Store, file: Path, allowance: Allowance, forgetting: Forgetting
) -> None:
    await a_rich_life(store, allowance, ADA)
    for thread in ("", "5", "6"):
        await subscribed(store, Address(platform=GROUP.platform, chat=GROUP.chat, thread=thread))
    before = tables_naming(file, ADA.person.id)
    gone = await forgetting.forget(Address(platform=GROUP.platform, chat=GROUP.chat, thread="6"))
    assert (gone.person, gone.chat.subscriptions, gone.chat.digests) == (None, 3, 3)
    assert tables_naming(file, GROUP.chat) == set()
    assert tables_naming(file, ADA.person.id) == before


async def test_a_deletion_gives_nobody_more_questions_today(allowance: Allowance, forgetting: Forgetting) -> None:
    for _ in range(3):
        await allowance.take(ADA.person, ADA.home)
        await forgetting.forget(ADA.home, ADA.person)
    with pytest.raises(AllowanceSpent):
        await allowance.take(ADA.person, ADA.home)


async def test_a_deleted_reader_begins_anew(store: Store, allowance: Allowance, forgetting: Forgetting) -> None:
    await a_rich_life(store, allowance, ADA)
    await forgetting.forget(ADA.home, ADA.person)
    made = await Subscribing(store=store, now=lambda: NOW).subscribe(ADA.home, Interest())
    assert (made.interest.keywords, made.created_at) == ((), NOW)
    assert made.next_due_at is not None
    assert made.next_due_at - NOW <= timedelta(days=1)
    assert made.next_due_at.date() > date(2026, 1, 6)


def test_the_terms_name_the_model_and_every_time(forgetting: Forgetting) -> None:
    terms = forgetting.terms
    assert (terms.model, terms.sent, terms.shown, terms.calls, terms.uploads, terms.asked) == (MODEL, 40, 420, 400, 2, 2)
