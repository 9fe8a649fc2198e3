"""Files that people sent: each belongs to whoever sent it, and is forgotten soon."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.people import Person
from bot.storage.statements import insert
from bot.storage.tables import uploads
from bot.storage.types import clean, whole

MOST_KEPT = 20  # for each person; the oldest go


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file as it is kept: its name and its text."""

    name: str
    body: str


async def keep(tx: AsyncConnection, person: Person, name: str, body: str, now: datetime) -> int:
    """Keep a file of this person's; returns the number that names it. What no database takes is replaced."""
    values = {"platform": person.platform, "person": person.id, "name": name, "body": clean(body), "sent_at": now}
    kept = int((await tx.execute(insert(tx, uploads).values(**values).returning(uploads.c.id))).scalar_one())
    newest = select(uploads.c.id).where(_of(person)).order_by(uploads.c.id.desc()).limit(MOST_KEPT)
    await tx.execute(delete(uploads).where(_of(person), uploads.c.id.not_in(newest)))
    return kept


async def get(tx: AsyncConnection, upload_id: int, person: Person) -> Kept | None:
    """The file of this number if this person sent it; None for one that is forgotten, and for another's."""
    if whole(upload_id) is None:
        return None
    query = select(uploads.c.name, uploads.c.body).where(uploads.c.id == upload_id, _of(person))
    row = (await tx.execute(query)).one_or_none()
    return Kept(name=row.name, body=row.body) if row else None


async def count(tx: AsyncConnection, person: Person) -> int:
    """How many files of this person's are kept."""
    return int((await tx.execute(select(func.count()).select_from(uploads).where(_of(person)))).scalar_one())


async def forget(tx: AsyncConnection, person: Person) -> None:
    """All files of this person's."""
    await tx.execute(delete(uploads).where(_of(person)))


async def prune(tx: AsyncConnection, before: datetime) -> int:
    """Forget what was sent before that; returns how many files."""
    return (await tx.execute(delete(uploads).where(uploads.c.sent_at < before))).rowcount


def _of(person: Person) -> ColumnElement[bool]:
    return (uploads.c.platform == person.platform) & (uploads.c.person == person.id)
