"""Chats of a running bot that have subscriptions already, and what the database holds of them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from shutil import copy

from bot.domain.subscriptions import Address
from bot.words import words
from tests.fakes.telegram_places import Chat
from tests.lives import subscribe
from tests.process.telegram_talk import AFTERNOON, Conversation, a_conversation, publish_papers

SAID = words("en")
ADMINS_ONLY, EXPIRED = SAID("admins_only"), SAID("press.expired")
_COLUMNS = (
    "local_time, zone, weekdays, is_paused, paused_until, style, language, max_papers, form, wants_empty_note, is_muted, "
    "members_may_ask, next_due_at, sources, categories, keywords, excluded, excluded_anywhere, authors, threshold, min_votes, "
    "wants_replacements"
)
_FROM = "FROM addresses a JOIN subscriptions s ON s.address_id = a.id JOIN interests i ON i.subscription_id = s.id"
PAPERS = ("Agents that plan", "Agents that remember", "Birds that sing")


@asynccontextmanager
async def a_town(folder: Path, empty_database: Path, **settings: str) -> AsyncIterator[Conversation]:
    """The bot as a process, with three papers of today; it has not begun."""
    copy(empty_database, folder / "paperboy.db")
    async with a_conversation(folder, at=AFTERNOON, **settings) as talk:
        publish_papers(talk.world, *PAPERS)
        yield talk


async def settle(talk: Conversation, *chats: str, at: str = "23:00") -> None:
    """Each chat (`chat/topic` for a topic) wants agents every day at `at` (UTC), from today on."""
    addresses = (Address(platform="telegram", chat=chat, thread=thread) for chat, _, thread in map(_parted, chats))
    await subscribe(talk.world, *addresses, at=at, subscribed_at=AFTERNOON - timedelta(hours=1))


def _parted(place: str) -> tuple[str, str, str]:
    return place.partition("/")


def settings(talk: Conversation, chat: str, thread: str = "") -> dict[str, object]:
    """All that is kept of a subscription; nothing if there is none."""
    found = talk.rows(f"SELECT {_COLUMNS} {_FROM} WHERE a.chat = ? AND a.thread = ?", chat, thread)
    return dict(zip(_COLUMNS.split(", "), found[0], strict=True)) if found else {}


def suspended(talk: Conversation, chat: str, thread: str = "") -> object:
    """Why nothing is sent there, None if something is."""
    found = talk.rows("SELECT suspended_because FROM addresses WHERE chat = ? AND thread = ?", chat, thread)
    return found[0][0] if found else None


def number(talk: Conversation, chat: str, thread: str = "") -> int:
    """By which buttons know a chat."""
    return int(talk.lives.number("SELECT id FROM addresses WHERE chat = ? AND thread = ?", chat, thread))


def titles(chat: Chat, thread: str | None = None) -> list[str]:
    """Of the papers that were shown there."""
    shown: Sequence[str] = [each.text for each in chat.shown if thread in (None, each.thread)]
    return [title for text in shown for title in PAPERS if title in text]
