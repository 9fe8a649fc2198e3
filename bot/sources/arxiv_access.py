"""Where arXiv is asked, how often, and what a whole answer looks like from outside; nothing here parses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

from bot.http import Body, Gate, PoliteClient

SOURCE = "arxiv"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArxivUrls:
    """Base URLs for asking; links that people see are made from the paper's key."""

    site: str = "https://arxiv.org"
    api: str = "https://export.arxiv.org/api/query"
    feeds: str = "https://rss.arxiv.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArxivIntervals:
    """Seconds between requests: 3 by info.arxiv.org/help/api/tou.html, 15 for pages by the crawl delay of robots.txt."""

    feed_s: float = 3.0
    page_s: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArxivAccess:
    """The one way to arXiv: every request goes through the same gate. Each method raises as PoliteClient.get."""

    client: PoliteClient
    gate: Gate
    urls: ArxivUrls
    intervals: ArxivIntervals

    async def feed(self, topics: Sequence[str]) -> Body:
        """The RSS feed of these categories together; 400 names a bad one in its description."""
        url = f"{self.urls.feeds.rstrip('/')}/rss/{'+'.join(quote(topic) for topic in topics)}"
        return await self._get(url, self.intervals.feed_s, closing=b"</rss>")

    async def catchup(self, topic: str, day: date, number: int) -> Body:
        """Page `number` (from 1) of what was announced under `topic` in the batch of `day`."""
        url = f"{self.urls.site.rstrip('/')}/catchup/{quote(topic)}/{day.isoformat()}?abs=True&page={number}"
        return await self._get(url, self.intervals.page_s, closing=b"</html>")

    async def api(self, params: Mapping[str, str]) -> Body:
        """One query of the API; parentheses go percent-encoded, since raw ones were seen to find nothing."""
        return await self._get(f"{self.urls.api}?{urlencode(params)}", self.intervals.feed_s, closing=b"</feed>")

    async def _get(self, url: str, interval_s: float, *, closing: bytes) -> Body:
        return await self.client.get(
            url, source=SOURCE, gate=self.gate, interval_s=interval_s, accepts=lambda body: wrong_with(body, closing)
        )


def wrong_with(body: Body, closing: bytes) -> str | None:
    """What is wrong with a 200, seen from its first and last bytes: an HTML page for a feed, or no closing tag."""
    start, end = body.content[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower(), body.content[-500:].rstrip().lower()
    is_html = "html" in body.content_type or start.startswith((b"<!doctype html", b"<html"))
    if is_html != (closing == b"</html>"):
        return "an HTML page instead of a feed" if is_html else f"no HTML page but {body.content_type or 'no type'!r}"
    return None if end.endswith(closing) else f"cut short: no {closing.decode()} at its end"
