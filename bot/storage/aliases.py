"""One paper under several names: an alias leads to the key under which it is stored, and what stood under it moves there."""

from collections.abc import Collection

from sqlalchemy import and_, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.identity import merge
from bot.domain.papers import PaperKey
from bot.errors import UnknownPaper
from bot.storage import paper_rows as rows
from bot.storage import search_index
from bot.storage.statements import chunks, insert
from bot.storage.tables import aliases, items, papers, sightings, versions


async def add_alias(tx: AsyncConnection, alias: PaperKey, key: PaperKey) -> None:
    """Let `alias` name the stored paper `key` from now on; a paper stored under the alias becomes part of it.

    Safe to repeat. An alias that names another paper already keeps doing so. Raises UnknownPaper if `key` is not stored.
    """
    name, target = rows.key_text(alias), rows.key_text(await resolve(tx, key))
    if (await tx.execute(select(papers.c.key).where(papers.c.key == target))).first() is None:
        raise UnknownPaper(target)
    if name != target:
        await absorb(tx, name, target)
        await name_all(tx, {name: target})


async def resolve(tx: AsyncConnection, key: PaperKey) -> PaperKey:
    """The key under which this paper is, or would be, stored."""
    text = rows.key_text(key)
    return rows.key_of((await resolved(tx, (text,)))[text])


async def resolved(tx: AsyncConnection, keys: Collection[str]) -> dict[str, str]:
    """Of each stored-form key the canonical one, which is itself where there is no alias."""
    found = {key: key for key in keys}
    for chunk in chunks(tuple(found)):
        query = select(aliases.c.alias, aliases.c.paper_key).where(aliases.c.alias.in_(chunk))
        found.update({row.alias: row.paper_key for row in await tx.execute(query)})
    return found


async def name_all(tx: AsyncConnection, named: dict[str, str]) -> None:
    """Store aliases; one that is there already stays as it is."""
    if named:
        statement = insert(tx, aliases).on_conflict_do_nothing(index_elements=[aliases.c.alias])
        await tx.execute(statement, [{"alias": alias, "paper_key": key} for alias, key in named.items()])


async def absorb(tx: AsyncConnection, name: str, target: str) -> None:
    """Make the paper stored as `name`, if there is one, part of `target`: record, sightings, versions, items, aliases."""
    query = select(papers).where(papers.c.key.in_((name, target)))
    records = {row.key: rows.paper_of(row) for row in await tx.execute(query)}
    if name not in records or target not in records:
        return
    whole = merge(records[target], rows.rekeyed(records[name], target))
    await tx.execute(update(papers).where(papers.c.key == target), rows.paper_values(target, whole))
    await search_index.mark(tx, (target,))
    await _move_sightings(tx, name, target)
    await _move_versions(tx, name, target)
    await _move_items(tx, name, target)
    await tx.execute(update(aliases).where(aliases.c.paper_key == name).values(paper_key=target))
    await tx.execute(delete(papers).where(papers.c.key == name))


async def _move_sightings(tx: AsyncConnection, name: str, target: str) -> None:
    """Sightings move; of two of one listing one remains, merged."""
    query = select(sightings).where(sightings.c.paper_key.in_((name, target))).order_by(sightings.c.id)
    mine, theirs = [], {}
    for row in await tx.execute(query):
        values = rows.stored_sighting(row)
        if row.paper_key == name:
            mine.append(values)
        else:
            theirs[row.source, row.batch_on] = values
    for values in mine:
        twin = theirs.get((values["source"], values["batch_on"]))
        if twin is None:
            await tx.execute(update(sightings).where(sightings.c.id == values["id"]).values(paper_key=target))
        else:
            merged = {**rows.merged_sighting(twin, values), "id": twin["id"], "paper_key": target}
            merged["first_seen_at"] = min(twin["first_seen_at"], values["first_seen_at"])
            await tx.execute(delete(sightings).where(sightings.c.id == values["id"]))
            await tx.execute(update(sightings).where(sightings.c.id == twin["id"]), merged)


async def _move_versions(tx: AsyncConnection, name: str, target: str) -> None:
    theirs = versions.alias()
    is_known = exists().where(theirs.c.paper_key == target, theirs.c.version == versions.c.version)
    await tx.execute(update(versions).where(versions.c.paper_key == name, ~is_known).values(paper_key=target))
    await tx.execute(delete(versions).where(versions.c.paper_key == name))


async def _move_items(tx: AsyncConnection, name: str, target: str) -> None:
    """A reader who was shown both is left with one standing item: the other is freed, which changes nothing for them."""
    theirs = items.alias()
    is_shown = exists().where(
        and_(
            theirs.c.paper_key == target,
            theirs.c.subscription_id == items.c.subscription_id,
            theirs.c.shown_as == items.c.shown_as,
            ~theirs.c.is_freed,
        )
    )
    await tx.execute(update(items).where(items.c.paper_key == name, ~items.c.is_freed, is_shown).values(is_freed=True))
    await tx.execute(update(items).where(items.c.paper_key == name).values(paper_key=target))
