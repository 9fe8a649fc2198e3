"""Today's batch from the feeds: group by group, and each answer held against the calendar and the batch before."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date

from bot.domain.intake import Why
from bot.domain.papers import Paper
from bot.errors import BrokenPage, Retry, Stop
from bot.sources.arxiv_access import ArxivAccess
from bot.sources.arxiv_feed import Feed, parse_feed, refused_topics
from bot.sources.arxiv_groups import FULL, are_quiet, groups, halves
from bot.sources.arxiv_listing import Listed, Outcome, belongs, joined, notice

Topics = tuple[str, ...]
LastBatch = Callable[[str, date], Awaitable[frozenset[str]]]
"""The arXiv ids (without version) of the newest stored batch of a topic before a date; asked outside any transaction."""
ByPages = Callable[[str, date], Awaitable[Outcome]]


class DailyFeeds:
    """Reads the feed of today for any number of categories; what a feed cannot hold comes from the catch-up pages."""

    def __init__(self, access: ArxivAccess, by_pages: ByPages, last_batch: LastBatch | None) -> None:
        self._access, self._by_pages, self._last_batch = access, by_pages, last_batch

    async def day(self, day: date, topics: Topics, explained: Why | None) -> Outcome:
        """What was announced on `day`, which is today in US Eastern. `explained`: why the calendar expects nothing.

        One broken group is a notice and the others go on; if every group is broken, or the host is not answering, the
        outcome carries the error.
        """
        outcomes: list[Outcome] = []
        broken: BrokenPage | None = None
        for group in groups(topics):
            try:
                outcomes.append(await self._group(day, group, explained))
            except BrokenPage as error:
                broken = error
                outcomes.append(Outcome(notices=(notice(Why.BROKEN, day, subject=", ".join(group), detail=error.reason),)))
            except (Retry, Stop) as error:
                return joined((*outcomes, Outcome(error=error)))
        whole = joined(outcomes)
        is_lost = broken and not whole.listed and not whole.finished
        return Outcome(error=broken) if is_lost else whole

    async def _group(self, day: date, group: Topics, explained: Why | None) -> Outcome:
        body = await self._access.feed(group)
        if body.status != 200:
            return await self._without_refused(day, group, explained, body.content)
        feed = await asyncio.to_thread(parse_feed, body.content)
        if feed.batch_on > day:  # midnight passed in the meantime
            return joined([await self._by_pages(topic, day) for topic in group])
        if feed.size >= FULL:
            return await self._split(day, group, explained)
        last = {topic: await self._last_batch(topic, day) for topic in group} if self._last_batch else {}
        return judged(feed, group, day, explained, last)

    async def _split(self, day: date, group: Topics, explained: Why | None) -> Outcome:
        """A full feed may have lost its new papers: ask for half as much; one category alone comes from its pages."""
        if len(group) == 1:
            return await self._by_pages(group[0], day)
        return joined([await self._group(day, half, explained) for half in halves(group)])

    async def _without_refused(self, day: date, group: Topics, explained: Why | None, content: bytes) -> Outcome:
        """A 400 spoils the whole group: name the bad category, and ask again for the others."""
        bad, reason = refused_topics(content, group)
        if not bad:
            return await self._split(day, group, explained)
        refused = Outcome(
            refused=frozenset(bad), notices=tuple(notice(Why.BAD_TOPIC, subject=topic, detail=reason) for topic in bad)
        )
        rest = tuple(topic for topic in group if topic not in bad)
        return joined((refused, await self._group(day, rest, explained))) if rest else refused


def judged(feed: Feed, topics: Topics, day: date, explained: Why | None, last: Mapping[str, frozenset[str]]) -> Outcome:
    """Which topics of a whole feed are good, and of each other one why not: late, empty, or the batch before once more.

    An empty feed finishes nothing: the listing page of the next day will say whether that was honest.
    """
    subject = ", ".join(topics)
    if feed.batch_on < day:
        why = explained or Why.NOT_OUT_YET
        return Outcome(notices=(notice(why, day, subject=subject, detail=f"the feed is that of {feed.batch_on}"),))
    if not feed.listed:
        why = explained or (Why.NOTHING_LISTED if are_quiet(topics) else Why.NOT_OUT_YET)
        return Outcome(notices=(notice(why, day, subject=subject, detail="the feed is empty"),))
    verdicts = {topic: _verdict(feed.listed, topic, last.get(topic, frozenset())) for topic in topics}
    stale = tuple(topic for topic, why in verdicts.items() if why is Why.STALE)
    notices = [notice(why, day, subject=topic) for topic, why in verdicts.items() if why]
    notices += [notice(Why.BAD_ENTRY, day, subject=title, detail="no id") for title in feed.unusable]
    if feed.was_repaired:
        notices.append(notice(Why.BAD_ENTRY, day, subject=subject, detail="characters that XML forbids were removed"))
    return Outcome(
        listed=tuple(listed for listed in feed.listed if not _is_only_stale(listed.paper, topics, stale)),
        finished=frozenset(topic for topic, why in verdicts.items() if why in (None, Why.NOTHING_LISTED)),
        notices=tuple(notices),
    )


def _verdict(listed: tuple[Listed, ...], topic: str, last: frozenset[str]) -> Why | None:
    mine = [one for one in listed if belongs(one.paper.categories, topic)]
    if not mine:
        return Why.NOTHING_LISTED if are_quiet((topic,)) else Why.NOT_OUT_YET
    first_time = [one for one in mine if not (one.announce_type and one.announce_type.is_replacement)]
    is_repeated = first_time and all(one.paper.key.value in last for one in first_time)
    return Why.STALE if is_repeated else None


def _is_only_stale(paper: Paper, topics: Topics, stale: Topics) -> bool:
    of = [topic for topic in topics if belongs(paper.categories, topic)]
    return bool(of) and all(topic in stale for topic in of)
