"""Fates of deliveries on Telegram, seen by people, by the ledger and in the log; telegram_story.py says what happens."""

import asyncio
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.process.telegram_story import (
    BLOCKED,
    CHANNEL,
    CLOSED,
    CLOSED_TOPIC,
    DEACTIVATED,
    DELETED_TOPIC,
    DOUBLE,
    FINE,
    FIRST,
    FLOODED,
    GARBAGE,
    GROUP,
    KICKED,
    LOST,
    MARKUP,
    MOVED,
    MOVING,
    ODD,
    OPEN_TOPIC,
    OPENED,
    PAPERS,
    PATIENT,
    PLACES,
    SECOND,
    SHAKY,
    STUBBORN,
    THIRD,
    TWICE,
    TWIN,
    UNKNOWN,
    told,
)  # fmt: skip
from tests.process.watching import Story

pytestmark = pytest.mark.timeout(300)  # the story of all chats is played before the first test


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Story:
    folder = tmp_path_factory.mktemp("telegram")
    shutil.copy(empty_database, folder / "paperboy.db")
    return asyncio.run(told(folder))


def papers(story: Story, stage: str, *places: str) -> list[str]:
    """The titles that people saw there, in order."""
    found = (each for place in places for each in story.shown[stage].get(place, []))
    return [title for each in found for title in re.findall(r"Agents of \d+ June, part \d+", each.text)]


def lates(story: Story, stage: str, place: str) -> int:
    return sum(each.text.count("an earlier digest could not be delivered") for each in story.shown[stage].get(place, []))


def everything(on: str, count: int) -> list[str]:
    return sorted(f"Agents of {date.fromisoformat(on):%d %B}, part {number}" for number in range(1, count + 1))


FATES = {
    **dict.fromkeys((*FINE, OPEN_TOPIC), (["sent"] * 3, None)),
    **dict.fromkeys((BLOCKED, STUBBORN), (["suspended"] * 3, "blocked")),
    DEACTIVATED: (["suspended"] * 3, "deactivated"),
    UNKNOWN: (["suspended"] * 3, "chat_gone"),
    KICKED: (["suspended"] * 3, "kicked"),
    CHANNEL: (["suspended"] * 3, "no_permission"),
    CLOSED_TOPIC: (["suspended"] * 3, "topic_closed"),
    DELETED_TOPIC: (["suspended"] * 3, "topic_gone"),
    MARKUP: (["sent"] * 3, None),
    TWICE: (["dead", "sent", "sent"], "markup_refused"),
    SHAKY: (["sent"] * 3, None),
    LOST: (["unknown", "sent", "sent"], "no_answer"),
    GARBAGE: (["unknown", "sent", "sent"], "no_answer"),
    ODD: (["retry", "due", "due"], "refused"),
    PATIENT: (["retry", "due", "due"], "throttled"),
    FLOODED: (["retry", "due", "due"], "throttled"),
}
REASONS = {
    BLOCKED: "the bot was blocked in that chat (Forbidden: bot was blocked by the user)",
    DEACTIVATED: "that account on Telegram is closed",
    UNKNOWN: "Telegram does not know that chat, or not yet",
    KICKED: "the bot was removed from that chat",
    CHANNEL: "the bot may not write there",
    CLOSED_TOPIC: "the topic is closed",
    DELETED_TOPIC: "the topic does not exist any more",
    TWICE: "Telegram refused the markup, which is a fault of Paperboy",
    LOST: "no answer came: it may have been shown",
    ODD: "Telegram refused it for a reason that is not known to us (Forbidden: the stars are not right)",
    PATIENT: "Telegram asked us to wait (Too Many Requests: retry after 10000)",
}


@pytest.mark.parametrize("place", FATES)
def test_each_chat_of_one_broadcast_has_its_own_fate(story: Story, place: str) -> None:
    seen, (states, cause) = story.seen["broadcast"], FATES[place]
    assert seen.states(place) == states
    first = seen.of(place)[0]
    assert first["cause"] == cause
    assert len(papers(story, "broadcast", place)) == len(set(papers(story, "broadcast", place))), "nothing twice"
    if states == ["sent"] * 3:
        assert sorted(papers(story, "broadcast", place)) == everything(FIRST, PAPERS)


@pytest.mark.parametrize("place", REASONS)
def test_the_ledger_says_why_in_words(story: Story, place: str) -> None:
    row = f"telegram {place.replace('/', ' ')} {FIRST} daily 1/3"
    assert any(row in line and REASONS[place] in line for line in story.seen["broadcast"].table.splitlines())


def test_all_parts_are_counted(story: Story) -> None:
    for seen in story.seen.values():
        assert sum(seen.totals.values()) == sum(map(len, seen.parts.values()))
    assert set(story.seen["caught up"].totals) >= {"sent", "unknown", "expired", "dead"}
    assert {state for state, count in story.seen["caught up"].totals.items() if count} == {"sent", "unknown", "expired", "dead"}


@pytest.mark.parametrize("place", CLOSED)
def test_a_closed_destination_is_looked_at_after_one_hour_and_after_two_more(story: Story, place: str) -> None:
    first, second = (story.seen[stage].closed[place] for stage in ("broadcast", "in vain"))
    assert first["next_look_at"][:13] == f"{FIRST}T10"
    assert (second["looks_in_vain"], second["next_look_at"][:13]) == (1, f"{FIRST}T12")
    assert second["since"] == first["since"]
    assert not story.shown["in vain"].get(place)


@pytest.mark.parametrize("place", OPENED)
def test_what_was_held_back_comes_once_when_the_destination_is_open_again(story: Story, place: str) -> None:
    seen = story.seen["opened"]
    assert place not in seen.closed
    assert seen.states(place) == ["sent"] * 3
    assert sorted(papers(story, "opened", place)) == everything(FIRST, PAPERS)
    assert papers(story, "next day", place) == papers(story, "next day", FINE[0])


def test_a_chat_that_stays_closed_keeps_its_settings_and_is_looked_at_less_and_less(story: Story) -> None:
    assert story.subscriptions == len(PLACES) - 1, "two chats became one, and nobody else is forgotten"
    looks = [story.seen[stage].closed[STUBBORN]["next_look_at"] for stage in ("broadcast", "in vain", "opened", "next day")]
    assert [look_at[:13] for look_at in looks] == [f"{FIRST}T10", f"{FIRST}T12", f"{FIRST}T16", f"{SECOND}T17"]


def test_what_was_due_while_a_chat_was_closed_is_one_catch_up_with_what_expired(story: Story) -> None:
    assert story.seen["next day"].states(STUBBORN) == ["expired"] * 3
    assert story.seen["next day"].causes(STUBBORN) == {"blocked"}
    assert story.seen["caught up"].kinds(STUBBORN) == [(FIRST, "daily"), (THIRD, "catchup")]
    shown = story.shown["caught up"][STUBBORN]
    assert f"{SECOND} to {THIRD}" in shown[0].text
    assert sorted(papers(story, "caught up", STUBBORN)) == sorted(
        everything(FIRST, PAPERS) + everything(SECOND, 3) + everything(THIRD, 3)
    )
    assert lates(story, "caught up", STUBBORN) == PAPERS


def test_a_reader_reads_the_same_in_their_history(story: Story) -> None:
    assert f"catch-up for {SECOND} to {THIRD}" in story.history
    expired = next(line for line in story.history.splitlines() if FIRST in line and "daily" in line)
    assert "because the bot was blocked in that chat; its papers come with the next digest" in expired


def test_a_chat_that_asked_us_to_wait_waits_through_restarts_and_slows_nobody(story: Story) -> None:
    waits = {story.seen[stage].of(PATIENT)[0]["next_at"] for stage in ("broadcast", "in vain")}
    assert len(waits) == 1
    assert not papers(story, "in vain", PATIENT)
    assert story.seen["opened"].states(PATIENT) == ["sent"] * 3
    assert [part["attempts"] for part in story.seen["opened"].of(PATIENT)] == [2, 1, 1]
    assert all(part["attempts"] == 1 for chat in FINE for part in story.seen["broadcast"].of(chat))


def test_a_wait_longer_than_the_deadline_expires_and_its_papers_come_late_in_the_next_digest(story: Story) -> None:
    seen = story.seen["next day"]
    assert seen.states(FLOODED, FIRST) == ["expired"] * 3
    assert seen.causes(FLOODED) == {"throttled"}
    assert lates(story, "next day", FLOODED) == PAPERS - 3, "its limit, with three new ones"
    shown = papers(story, "next day", FLOODED) + papers(story, "caught up", FLOODED)
    assert sorted(shown) == sorted(everything(FIRST, PAPERS) + everything(SECOND, 3) + everything(THIRD, 3))


def test_refused_markup_is_sent_once_more_as_plain_text_and_told_to_the_operator(story: Story) -> None:
    plain, *rest = story.shown["broadcast"][MARKUP]
    assert not plain.entities
    assert "<b>" not in plain.html
    assert all(each.entities for each in rest)
    assert [part["is_plain"] for part in story.seen["broadcast"].of(MARKUP)] == [True, *(False for _ in rest)]
    assert "without markup, which was refused" in story.seen["broadcast"].table
    assert story.log.count("markup refused") == 3  # once there, and twice where plain text was refused too


def test_the_papers_of_a_dead_part_come_late_with_the_next_digest(story: Story) -> None:
    missing = set(everything(FIRST, PAPERS)) - set(papers(story, "broadcast", TWICE))
    assert missing
    assert set(papers(story, "next day", TWICE)) == missing | set(everything(SECOND, 3))
    assert lates(story, "next day", TWICE) == len(missing)


@pytest.mark.parametrize("place", [LOST, GARBAGE])
def test_a_lost_answer_is_not_sent_again_and_later_parts_go_on(story: Story, place: str) -> None:
    assert [part["attempts"] for part in story.seen["caught up"].of(place, FIRST)] == [1, 1, 1]
    assert sorted(papers(story, "broadcast", place)) == everything(FIRST, PAPERS)
    assert lates(story, "next day", place) == 0


def test_an_error_that_nobody_knows_is_tried_again_and_closes_nothing(story: Story) -> None:
    assert ODD not in story.seen["broadcast"].closed
    assert story.seen["in vain"].states(ODD) == ["sent"] * 3


def test_a_group_that_became_a_supergroup_misses_nothing_and_gets_nothing_twice(story: Story) -> None:
    assert MOVING not in story.seen["broadcast"].parts
    assert story.seen["broadcast"].states(MOVED) == ["sent"] * 3
    assert sorted(papers(story, "broadcast", MOVING, MOVED)) == everything(FIRST, PAPERS)
    assert papers(story, "broadcast", MOVED), "the rest went to the new id"
    assert sorted(papers(story, "next day", MOVED)) == everything(SECOND, 3)


def test_two_chats_that_turn_out_to_be_one_get_what_waited_and_one_digest_from_then_on(story: Story) -> None:
    assert DOUBLE not in story.seen["broadcast"].parts
    assert story.seen["broadcast"].states(TWIN) == ["sent"] * 6
    assert sorted(papers(story, "broadcast", DOUBLE, TWIN)) == sorted(2 * everything(FIRST, PAPERS))
    assert story.seen["next day"].states(TWIN, SECOND) == ["sent"]
    assert sorted(papers(story, "next day", TWIN)) == everything(SECOND, 3)


def test_a_group_hears_once_of_each_topic_that_takes_nothing(story: Story) -> None:
    told_ = [each.text for stage in story.shown for each in story.shown[stage].get(GROUP, [])]
    assert sorted(re.findall(r"The topic (\d) takes no messages", " ".join(told_))) == ["7", "8"]
    assert len(told_) == 2
