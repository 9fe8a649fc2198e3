"""The statements of a delivery, built once: to build and name one takes longer than to run it.

Parameters end in an underscore: `now_`, `platform_`, `limit_`, `id_`, `until_` (the lease's end), `attempts_`,
`digest_`, `number_`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, or_, select, tuple_, union_all, update

from bot.domain.deliveries import PartState
from bot.storage.part_rows import WAITING, is_in, is_open
from bot.storage.tables import addresses, parts
from bot.storage.types import Instant


def _may_go() -> tuple[ColumnElement[bool], ...]:
    """But for its own time: nothing of its digest is before it, and its chat takes messages and gets none just now."""
    earlier, home = parts.alias("earlier"), addresses.alias("home")
    other, its_home = parts.alias("other"), addresses.alias("its_home")
    is_behind = exists().where(earlier.c.digest_id == parts.c.digest_id, earlier.c.number < parts.c.number, is_open(earlier))
    on_its_way = is_open(other) & is_in(other, PartState.SENDING) & (other.c.lease_until > _NOW)
    busy = select(its_home.c.platform, its_home.c.chat).join_from(other, its_home).where(on_its_way)
    is_free = tuple_(home.c.platform, home.c.chat).not_in(busy)
    takes = exists().where(home.c.id == parts.c.address_id, home.c.suspended_because.is_(None), is_free)
    return is_open(parts), parts.c.deadline_at > _NOW, ~is_behind, takes


def _first(when: ColumnElement[bool]) -> Select[int]:
    """The first parts whose time came in one way. Their platform is looked up last: SQLite would begin with addresses."""
    found = select(parts.c.id).where(when, *_may_go(), _is_of_platform()).order_by(parts.c.id).limit(bindparam("limit_"))
    return select(found.subquery().c.id)


def _is_of_platform() -> ColumnElement[bool]:
    home = addresses.alias("of_platform")
    return exists().where(home.c.id == parts.c.address_id, home.c.platform == bindparam("platform_"))


def _of_home(column: str, name: str) -> ColumnElement[Any]:
    return select(addresses.c[column]).where(addresses.c.id == parts.c.address_id).scalar_subquery().label(name)


_NOW: BindParameter[datetime] = bindparam("now_", type_=Instant)
# The ways in which a part's time comes. Each is a range of ix_parts_open; the first is in the order of ids there.
_TIMES = (
    and_(is_in(parts, PartState.DUE), parts.c.not_before.is_(None)),
    and_(is_in(parts, *WAITING), parts.c.not_before <= _NOW),
    and_(is_in(parts, PartState.SENDING), parts.c.lease_until <= _NOW),
)

# Somebody waits for it, whichever way its time comes: few, and a walk over ix_parts_answers in the order of ids.
_IS_ANSWER = and_(parts.c.is_answer, or_(*_TIMES))

CLAIMABLE = (
    select(parts.c.id, parts.c.is_answer, addresses.c.platform, addresses.c.chat, addresses.c.thread)
    .join_from(parts, addresses)
    .where(parts.c.id.in_(union_all(*map(_first, (_IS_ANSWER, *_TIMES)))))
    .order_by(parts.c.is_answer.desc(), parts.c.id)
    .limit(bindparam("limit_"))
)
CLAIM = (
    update(parts)
    .where(parts.c.id == bindparam("id_"), or_(*_TIMES), *_may_go())
    .values(
        state=PartState.SENDING,
        lease_until=bindparam("until_", type_=Instant),
        claimed_at=_NOW,
        attempts=parts.c.attempts + 1,
        not_before=None,
    )
    .returning(parts, _of_home("platform", "platform"), _of_home("chat", "chat"), _of_home("thread", "topic"))
)
# What is set is given when it is executed, by the names of the columns.
SETTLE = (
    update(parts)
    .where(parts.c.id == bindparam("id_"), is_in(parts, PartState.SENDING), parts.c.attempts == bindparam("attempts_"))
    .returning(parts.c.digest_id, parts.c.address_id, _of_home("probes", "probes"))
)
# What was sent of a digest before the part `number_`, in order.
BEFORE = (
    select(parts.c.number, parts.c.platform_id, parts.c.thread)
    .where(parts.c.digest_id == bindparam("digest_"), parts.c.number < bindparam("number_"), is_in(parts, PartState.SENT))
    .order_by(parts.c.number)
)
NEXT_AT = select(func.min(parts.c.not_before)).where(
    is_in(parts, *WAITING), parts.c.not_before > _NOW, parts.c.not_before < parts.c.deadline_at, *_may_go(), _is_of_platform()
)
