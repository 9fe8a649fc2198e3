"""What became of digests, in words: each fate of a part, as its reader is told it and as its operator reads it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deliveries import OPEN, SHOWN, Cause, PartState
from bot.domain.digests import Skipped, Slot, SlotKind
from bot.domain.messages import Bullets, Message
from bot.domain.subscriptions import Address
from bot.services.ledger import Asked, Entry, History, Made, Page
from bot.words import languages, words
from handlers.texts import deliveries as texts
from handlers.texts import ledger
from tests.domain.test_layout import text_of

EN = words("en")
ON = date(2026, 6, 2)
NINE = datetime(2026, 6, 2, 7, 0, tzinfo=UTC)  # in Berlin
AT = datetime(2026, 6, 2, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 6, 2, 8, 15, tzinfo=UTC)
TELEGRAM = Address(platform="telegram", chat="-1001234567890", thread="7")
NEEDS_CAUSE = (PartState.UNKNOWN, PartState.SUSPENDED, PartState.EXPIRED, PartState.DEAD)


def a_part(
    state: PartState = PartState.SENT,
    cause: Cause | None = None,
    *,
    number: int = 1,
    total: int = 1,
    not_before: datetime | None = None,
    ended_at: datetime | None = None,
    detail: str = "",
) -> Entry:
    """A part as the store gives it: one that is final has ended."""
    if state not in OPEN and ended_at is None:
        ended_at = NINE
    return Entry(
        id=number,
        digest_id=1,
        slot=Slot(on=ON, kind=SlotKind.DAILY),
        address=TELEGRAM,
        number=number,
        total=total,
        state=state,
        cause=cause or (Cause.BLOCKED if state in NEEDS_CAUSE else None),
        detail=detail,
        is_plain=False,
        attempts=1,
        queued_at=NINE,
        deadline_at=NINE + timedelta(hours=12),
        not_before=not_before,
        ended_at=ended_at,
        platform_id="",
        suspended_because=None,
    )


def a_digest(
    *parts: Entry,
    listed: int = 3,
    kind: SlotKind = SlotKind.DAILY,
    makes_up_for: tuple[date, date] | None = None,
    queued_at: datetime | None = NINE,
    delivered_at: datetime | None = None,
    skipped: Skipped | None = None,
) -> Made:
    return Made(
        slot=Slot(on=ON, kind=kind),
        listed=listed,
        created_at=NINE,
        makes_up_for=makes_up_for,
        queued_at=queued_at,
        delivered_at=delivered_at,
        skipped=skipped,
        parts=parts,
    )


def told(*made: Made, language: str = "en") -> str:
    """The lines of /history in Berlin at 10:00."""
    message: Message = texts.history(History(made=made, zone="Europe/Berlin", at=AT), words(language))
    bullets = next((block for block in message.blocks if isinstance(block, Bullets)), None)
    return "\n".join(span.text for item in bullets.items for span in item) if bullets else text_of(message)


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (a_digest(a_part()), "2026-06-02, daily, 3 papers: sent at 09:00"),
        (a_digest(a_part(), listed=1), "2026-06-02, daily, 1 paper: sent at 09:00"),
        (a_digest(a_part(), kind=SlotKind.NOW), "2026-06-02, asked for, 3 papers: sent at 09:00"),
        (
            a_digest(a_part(), kind=SlotKind.CATCHUP, makes_up_for=(date(2026, 5, 30), ON)),
            "2026-06-02, catch-up for 2026-05-30 to 2026-06-02, 3 papers: sent at 09:00",
        ),
        (a_digest(delivered_at=NINE), "2026-06-02, daily, 3 papers: sent at 09:00"),
        (a_digest(queued_at=None), "2026-06-02, daily, 3 papers: it is being made"),
        (a_digest(), "2026-06-02, daily, 3 papers: not sent"),
        (a_digest(a_part(ended_at=NINE + timedelta(days=1))), "2026-06-02, daily, 3 papers: sent at 2026-06-03 09:00"),
        (
            a_digest(listed=0, skipped=Skipped.EMPTY),
            "2026-06-02, daily, 0 papers: not sent: nothing new, and you asked for silence",
        ),
        (
            a_digest(skipped=Skipped.FAILED),
            "2026-06-02, daily, 3 papers: not sent: it could not be made in time; its papers come with the next digest",
        ),
        (
            a_digest(a_part(PartState.EXPIRED, Cause.UNREACHABLE)),
            "2026-06-02, daily, 3 papers: expired at 09:00 because Telegram could not be reached; "
            "its papers come with the next digest",
        ),
        (
            a_digest(a_part(PartState.UNKNOWN, Cause.NO_ANSWER)),
            "2026-06-02, daily, 3 papers: sent at 09:00, but no answer came: it may have been shown",
        ),
        (
            a_digest(a_part(PartState.SUSPENDED, Cause.TOPIC_CLOSED)),
            "2026-06-02, daily, 3 papers: held back until 21:00 at the latest because the topic is closed",
        ),
        (
            a_digest(
                a_part(total=3),
                a_part(PartState.RETRY, Cause.THROTTLED, number=2, total=3, not_before=LATER),
                a_part(PartState.DUE, number=3, total=3),
            ),
            "2026-06-02, daily, 3 papers: part 1 of 3 sent at 09:00; "
            "part 2 of 3 waiting until 10:15 because Telegram asked us to wait; part 3 of 3 waiting in line",
        ),
        (
            a_digest(
                *(a_part(number=n, total=4, ended_at=NINE + timedelta(minutes=n)) for n in (1, 2, 3)),
                a_part(PartState.DUE, number=4, total=4),
            ),
            "2026-06-02, daily, 3 papers: parts 1 to 3 of 4 sent at 09:03; part 4 of 4 waiting in line",
        ),
        (
            a_digest(a_part(PartState.RETRY, Cause.UNREACHABLE, not_before=NINE)),
            "2026-06-02, daily, 3 papers: waiting in line",
        ),
    ],
)
def test_each_fate_has_its_words(made: Made, line: str) -> None:
    assert told(made) == line


def test_a_digest_that_was_asked_for_and_not_shown_says_that_it_comes_back() -> None:
    assert "comes with the next /digest" in told(a_digest(kind=SlotKind.NOW, queued_at=None))


def test_nothing_yet_is_said() -> None:
    assert told() == "No digest was made for you yet."


PARTS = st.builds(
    a_part,
    st.sampled_from(PartState),
    st.sampled_from(Cause),
    not_before=st.none() | st.sampled_from((NINE, LATER)),
)


@given(parts=st.lists(PARTS, max_size=9), language=st.sampled_from(languages()))
def test_no_part_is_passed_over_and_freed_papers_are_said_to_come_back(parts: list[Entry], language: str) -> None:
    numbered = tuple(replace(part, number=n, total=len(parts)) for n, part in enumerate(parts, 1))
    line = told(a_digest(*numbered), language=language)
    assert (words(language)("history.freed") in line) == any(part.state in ("expired", "dead") for part in parts)
    fates = line.split(words(language)("history.separator"))
    if len(fates) > 1 and len(parts) > 1 and all(part.state in SHOWN | OPEN for part in parts):
        assert str(len(parts)) in fates[-1]
    assert "None" not in line


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("state", [state for state in PartState if state is not PartState.SENT])
def test_an_operator_reads_every_cause_with_the_words_of_the_platform(state: PartState, cause: Cause, language: str) -> None:
    said = words(language)
    row = ledger.ledger_row(a_part(state, cause, detail="Bad Request:\nsomething\x1b[31m"), said)
    assert len(row) == len(ledger.ledger_head(said))
    assert said(f"cause.{cause}", platform="Telegram") in row[-1]
    assert "Bad Request: something[31m" in row[-1]
    assert row[2:4] == ("-1001234567890", "7")


def test_what_was_sent_needs_no_reason_although_it_was_tried_twice() -> None:
    assert ledger.ledger_row(a_part(PartState.SENT, Cause.THROTTLED), EN)[-1] == ""


def test_the_ledger_says_when_it_is_empty_and_when_only_nothing_fits() -> None:
    nothing = Page(entries=(), has_more=False, totals=dict.fromkeys(PartState, 0), closed=())
    other = replace(nothing, totals={PartState.SENT: 2, PartState.DEAD: 0})
    assert ledger.ledger_remarks(nothing, Asked(), EN) == ("The ledger is empty: nothing was queued for delivery yet.",)
    assert ledger.ledger_remarks(other, Asked(chat="1"), EN) == (
        "Nothing in the ledger fits that.",
        "In the whole ledger: 2 sent.",
    )
    since = ledger.ledger_remarks(other, Asked(since=NINE), EN)
    assert since[-1] == "In the whole ledger since 2026-06-02 07:00:00 UTC: 2 sent."
