"""Digests that come by themselves: what people find in Telegram in the morning, and what those find whom nobody could reach."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.telegram_people import Person
from tests.process.telegram_digests import TITLES, Reading
from tests.process.telegram_talk import Conversation, a_conversation, publish_papers

pytestmark = pytest.mark.asyncio(loop_scope="module")

WEDNESDAY = date(2026, 6, 3)
NINE = datetime(2026, 6, 3, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """People who subscribed on Tuesday, and what each was sent on Wednesday."""

    talk: Conversation
    loud: Reading
    muted: Reading
    gone: Person  # who could not be reached
    paused: Person
    left: Person


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def morning(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Morning]:
    folder = tmp_path_factory.mktemp("telegram")
    shutil.copy(empty_database, folder / "paperboy.db")
    async with a_conversation(folder) as talk:
        await talk.lives.begin()
        people = await asyncio.gather(*(wants(talk, said) for said in ("", "/mute", "", "/pause", "/unsubscribe")))
        loud, muted, gone, paused, left = people
        assert await talk.lives.stop() == 0
        publish_papers(talk.world, *TITLES, on=WEDNESDAY)
        talk.telegram.blocks(str(gone.id))
        before = {person.id: len(person.shown) for person in people}
        talk.lives.jump(NINE)
        await talk.lives.begin()
        await talk.telegram.until(lambda: all(is_served(each, before[each.id]) for each in (loud, muted)), "digests", 20)
        sent = [Reading(person=each, parts=each.shown[before[each.id] :]) for each in (loud, muted)]
        yield Morning(talk=talk, loud=sent[0], muted=sent[1], gone=gone, paused=paused, left=left)


async def wants(talk: Conversation, said: str) -> Person:
    """A newcomer who subscribes and says one thing more."""
    person = await talk.reader("cs.CL agents")
    if said:
        await person.says(said)
        await person.sees()
    return person


def is_served(person: Person, before: int) -> bool:
    return any("Settings" in each.labels for each in person.shown[before:])


async def test_a_digest_comes_at_its_hour_with_all_its_parts_in_order(morning: Morning) -> None:
    first, second = morning.loud.parts
    assert first.text.startswith("Papers of 2026-06-03\n\n15 of 17 papers matched, from cs.CL")
    assert first.message_id < second.message_id
    assert [*first.labels, *second.labels] == [*map(str, range(1, 11)), "5 more", "Settings"]
    assert not first.has_preview
    assert not second.has_preview


async def test_its_buttons_open_in_each_part(morning: Morning) -> None:
    _, second = morning.loud.parts
    text, rows = second.text, second.rows
    assert (await morning.loud.turns("10", second)).text == "10. Agents that plan 10"
    assert second.labels[0] == "Summary of 10"
    await morning.loud.turns("Back", second)
    assert (second.text, second.rows) == (text, rows)


async def test_muted_digests_come_without_a_sound(morning: Morning) -> None:
    assert [part.is_silent for part in morning.muted.parts] == [True, True]
    assert not any(part.is_silent for part in morning.loud.parts)
    assert [part.text for part in morning.muted.parts] == [part.text for part in morning.loud.parts]


async def test_who_paused_or_left_gets_nothing(morning: Morning) -> None:
    for person in (morning.paused, morning.left):
        assert "Papers of" not in "".join(each.text for each in person.shown)


async def test_what_is_shown_then_does_not_come_with_the_next_digest(morning: Morning) -> None:
    person = morning.muted.person
    await person.says("/digest")
    again = await person.sees(lambda each: "Settings" in each.labels or "shown before" in each.text)
    assert "Agents that plan 1\n" not in again.text


async def test_a_digest_that_could_not_be_shown_comes_when_its_reader_is_back(morning: Morning) -> None:
    person, telegram = morning.gone, morning.talk.telegram
    said = len(person.shown)
    assert "Papers of" not in "".join(each.text for each in person.shown)
    query = "SELECT DISTINCT p.state FROM parts p JOIN addresses a ON a.id = p.address_id WHERE a.chat = ?"
    assert morning.talk.rows(query, str(person.id)) == [("suspended",)]
    await person.unblocks()
    await telegram.until(lambda: is_served(person, said), "the digest of before", 20)
    assert [part.text for part in person.shown[said:]] == [part.text for part in morning.loud.parts]
