"""Names of those who hold leases, and what is left by a `paperboy run` that died.

Only one such process may live on a database, so that a new one knows that the leases of the one before are worth nothing.
Other commands work beside it: their leases end by themselves.
"""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import gates, summaries

RUN = "run"  # the owner of what `paperboy run` holds
_MARK = f"{RUN}:"


def holder(owner: str) -> str:
    """A name used once; of `owner` RUN it is known again."""
    return f"{owner}:{uuid4().hex}"


async def free(tx: AsyncConnection, now: datetime) -> int:
    """End the leases of a dead `paperboy run`: turns of hosts, and claims of summaries (which count as a failed try)."""
    slots = update(gates).where(gates.c.holder.startswith(_MARK, autoescape=True))
    freed = (await tx.execute(slots.values(holder=None, lease_until=None))).rowcount
    claims = update(summaries).where(summaries.c.holder.startswith(_MARK, autoescape=True), summaries.c.lease_until > now)
    return freed + (await tx.execute(claims.values(lease_until=now))).rowcount
