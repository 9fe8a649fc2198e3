"""What a reader must have been sent, kept beside the bot: its slots (`almanac.Reader`), and each paper's way to the reader.

Reads the database as it stands on the disk; asks no code of the bot but the words in which a catch-up is told.
"""

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.words import words
from tests.domain.almanac import Reader
from tests.services.outside import LISTS, NUMBER, Post

Row = sqlite3.Row
DAY = timedelta(days=1)
MOST_FOR_CATCHUP, MOST = 3, 100
NEVER = "none"  # behind every date, as text
ENGLISH = words("en")


@dataclass(slots=True, kw_only=True)
class Follower:
    """One subscription. `standing`: papers in a digest, with their version; `freed`: of one that was not shown, owed again."""

    id: int
    word: str
    topics: frozenset[str]
    wants_replacements: bool
    reader: Reader
    limits: set[int]
    standing: dict[str, int] = field(default_factory=dict)
    freed: set[str] = field(default_factory=set)
    left_over: set[str] = field(default_factory=set)
    last_at: datetime | None = None
    first_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Ledger:
    """All readers, and how far the database was read."""

    file: Path
    followers: dict[int, Follower] = field(default_factory=dict)
    last_digest: int = 0
    are_freed: set[int] = field(default_factory=set)
    _open: sqlite3.Connection | None = None

    def rows(self, query: str, *values: object) -> list[Row]:
        if self._open is None:
            self._open = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, isolation_level=None)
            self._open.row_factory = sqlite3.Row
        return self._open.execute(query, values).fetchall()

    def close(self) -> None:
        if self._open is not None:
            self._open.close()

    def read(self) -> None:
        """Take in what was committed since the last time: digests as they were planned, and papers that came free."""
        for row in self.rows("SELECT * FROM digests WHERE id > ? ORDER BY id", self.last_digest):
            self.last_digest = row["id"]
            self._digest(self.followers[row["subscription_id"]], row)
        for row in self.rows("SELECT id, subscription_id, paper_key, version FROM items WHERE is_freed"):
            if row["id"] not in self.are_freed:
                self.are_freed.add(row["id"])
                self._free(self.followers[row["subscription_id"]], row)

    def _digest(self, follower: Follower, row: Row) -> None:
        reader, at = follower.reader, instant(row["created_at"])
        reader.wait_until(at)
        made = len(reader.made)
        reader.tick()
        assert len(reader.made) == made + 1, "a digest for no slot"
        due = reader.made[-1][1]
        is_catchup = row["slot_kind"] == "catchup"
        assert (row["slot_on"], row["slot_kind"]) == (due.slot.on.isoformat(), due.slot.kind)
        assert row["covers_from"] == (due.covers_from.isoformat() if is_catchup else None)
        awaited = self.awaited(follower, at)
        listed = self.rows("SELECT * FROM items WHERE digest_id = ? ORDER BY position", row["id"])
        sizes = {max(limit, min(limit * min(due.slots, MOST_FOR_CATCHUP), MOST)) for limit in follower.limits}
        keys = [item["paper_key"] for item in listed]
        assert set(keys) <= awaited.keys(), f"not new to {follower.word}: {set(keys) - awaited.keys()}"
        assert len(keys) in {min(size, len(awaited)) for size in sizes}, f"{keys} of {awaited}, limits {sizes}"
        for item in listed:
            key = item["paper_key"]
            assert bool(item["is_late"]) == (key in follower.freed), f"late: {item['is_late']}"
            assert item["shown_as"] == (item["version"] if key in follower.standing else 0)
            follower.standing[key] = item["version"]
        follower.left_over |= awaited.keys() - follower.freed - set(keys)
        follower.freed -= set(keys)
        follower.last_at = at
        follower.first_at = follower.first_at or at

    def awaited(self, follower: Follower, at: datetime) -> dict[str, int]:
        """What is new to this reader at `at`, with its version: since the last digest; for a first one on the newest lists."""
        query = (
            "SELECT s.paper_key, s.announce_type, s.version, s.batch_on, s.first_seen_at, p.title FROM sightings s"
            " JOIN papers p ON p.key = s.paper_key WHERE s.first_seen_at <= ? AND (s.first_seen_at >= ? OR s.batch_on >= ?)"
        )
        is_first = follower.last_at is None
        since = stored(follower.last_at) if follower.last_at is not None else NEVER
        batch = (at.astimezone(UTC).date() - DAY).isoformat() if is_first else NEVER
        found = dict.fromkeys(follower.freed, 0)
        for row in self.rows(query, stored(at), since, batch):
            key, is_replacement = row["paper_key"], row["announce_type"] == "replace"
            if topic(row) not in follower.topics:
                continue
            if key in follower.standing:
                is_new = is_replacement and follower.wants_replacements and row["version"] > follower.standing[key]
            else:
                is_new = not is_replacement or follower.wants_replacements
            if is_new:
                found[key] = max(row["version"], found.get(key, 0))
        return found

    def _free(self, follower: Follower, row: Row) -> None:
        """Owed again, unless a version that stands in another digest is as new."""
        key = row["paper_key"]
        earlier = self.rows(
            "SELECT max(version) AS version FROM items WHERE subscription_id = ? AND paper_key = ? AND NOT is_freed",
            follower.id,
            key,
        )[0]["version"]
        follower.standing.pop(key, None)
        if earlier is not None:
            follower.standing[key] = earlier
        if earlier is None or earlier < row["version"]:
            follower.freed.add(key)

    def is_suspended(self, follower: Follower) -> bool:
        query = "SELECT a.suspended_because FROM addresses a JOIN subscriptions s ON s.address_id = a.id WHERE s.id = ?"
        return self.rows(query, follower.id)[0][0] is not None

    def chat(self, follower: Follower) -> str:
        query = "SELECT a.chat FROM addresses a JOIN subscriptions s ON s.address_id = a.id WHERE s.id = ?"
        return str(self.rows(query, follower.id)[0][0])

    def due_at(self, follower: Follower) -> datetime | None:
        found = self.rows("SELECT next_due_at FROM subscriptions WHERE id = ?", follower.id)[0][0]
        return None if found is None else instant(found)

    def nobody_has_two(self) -> None:
        """At most one digest for a date, daily or as a catch-up."""
        last: dict[int, str] = {}
        for row in self.rows("SELECT subscription_id, slot_on, covers_from FROM digests ORDER BY subscription_id, id"):
            assert last.get(row["subscription_id"], "") < (row["covers_from"] or row["slot_on"]), "two digests for one date"
            last[row["subscription_id"]] = row["slot_on"]

    def all_ended(self, post: Post, chats: dict[int, frozenset[str]], served: set[tuple[str, int]]) -> None:
        """Nothing is under way any more, and everything was shown as often as it should."""
        assert self.rows("SELECT id FROM digests WHERE queued_at IS NULL") == []
        states = Counter(row[0] for row in self.rows("SELECT state FROM parts"))
        assert states.keys() <= {"sent", "unknown", "expired", "dead"}, states
        kept = {
            (key.removeprefix("arxiv:"), version)
            for key, version in self.rows("SELECT paper_key, version FROM sightings WHERE source = ?", LISTS)
        }
        assert served <= kept
        for follower in self.followers.values():
            assert not follower.reader.owed
            assert not follower.freed, "not shown, and not in a later digest"
            self._each_once(follower, post.seen_by(chats[follower.id]))
        self.words_are_true()

    def _each_once(self, follower: Follower, seen: Counter[int]) -> None:
        query = (
            "SELECT p.key, p.title, min(s.first_seen_at) AS at FROM papers p JOIN sightings s ON s.paper_key = p.key"
            " WHERE s.announce_type = 'new' OR ? GROUP BY p.key"
        )
        all_since = [
            row
            for row in self.rows(query, follower.wants_replacements)
            if follower.first_at and instant(row["at"]) >= follower.first_at
        ]
        came = {row["key"] for row in all_since if topic(row) in follower.topics}
        lost = came - follower.standing.keys() - follower.left_over
        assert not lost, f"{lost} never came to {follower.word}"
        query = (
            "SELECT i.paper_key, count(*) AS n, sum(p.state = 'unknown') AS unsure FROM items i"
            " JOIN parts p ON p.digest_id = i.digest_id AND p.number = i.part"
            " WHERE i.subscription_id = ? AND NOT i.is_freed GROUP BY i.paper_key"
        )
        listed = {row["paper_key"]: (row["n"], row["unsure"]) for row in self.rows(query, follower.id)}
        assert listed.keys() == follower.standing.keys()
        assert {int(key[-5:]) for key in listed} >= seen.keys(), "shown, and in no digest"
        for key, (times, unsure) in listed.items():
            assert times - unsure <= seen[int(key[-5:])] <= times, f"{key}: shown {seen[int(key[-5:])]} times"

    def words_are_true(self) -> None:
        """A catch-up names its span, nothing else names one; what is late says so, and is what the ledger says was listed."""
        for row in self.rows("SELECT * FROM digests"):
            payloads = self.rows("SELECT payload FROM parts WHERE digest_id = ? ORDER BY number", row["id"])
            text = "\n".join(json.loads(payload[0])["text"] for payload in payloads)
            if not payloads:
                assert row["skipped"], "no parts"
                continue
            assert (told(row) in text) if row["covers_from"] else ("Catch-up" not in text)
            items = self.rows("SELECT paper_key, is_late FROM items WHERE digest_id = ? ORDER BY position", row["id"])
            assert text.count(ENGLISH("paper.late")) == sum(item["is_late"] for item in items)
            assert [int(number) for number in NUMBER.findall(text)] == [int(item["paper_key"][-5:]) for item in items]


def topic(row: Row) -> str:
    return str(row["title"]).split()[0].lower()


def told(row: Row) -> str:
    first, last = row["covers_from"], row["slot_on"]
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    if days == 1:
        return ENGLISH("digest.catchup_of_one", first=first)
    return ENGLISH("digest.catchup", first=first, last=last, n=days)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def stored(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
