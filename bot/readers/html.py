"""Reads the HTML that arXiv makes of a paper's TeX. One request for a paper, in arXiv's slot; nothing is kept.

GET /html/{id}v{version} -> 404, or bytes -> sections and measures (in a thread) -> defect, or FullText
"""

import asyncio
from typing import Final

from bot.domain.papers import FullText, Paper, PaperRef, Scheme, TextOrigin
from bot.errors import TextUnavailable
from bot.http import Gate, PoliteClient
from bot.readers.latexml import LatexmlPage, parse
from bot.readers.quality import defect

SOURCE: Final = "arxiv"
# The largest of 68 recorded pages has 4.1 MB.
MAX_BYTES: Final = 12_000_000


class HtmlReader:
    """Reads `{site_url}/html/...`; `interval_s` is arXiv's, between the starts of two requests in `gate`."""

    def __init__(self, client: PoliteClient, gate: Gate, site_url: str, interval_s: float) -> None:
        self._client, self._gate, self._interval_s = client, gate, interval_s
        self._site_url = site_url.rstrip("/")

    async def read(self, paper: Paper) -> FullText:
        """The sections of the paper's version (of the newest, where none is known), with the abstract first if it has one.

        Raises TextUnavailable for a paper that has no HTML, or whose HTML cannot be trusted: the PDF may do. Raises
        SourceUnreachable, SourceThrottled, SourceRefused, ClientRefused as arXiv answers, BrokenPage for an empty page or
        one above 12 MB.
        """
        ref = PaperRef(key=paper.key, version=paper.version)
        if paper.key.scheme is not Scheme.ARXIV:
            raise TextUnavailable(f"{ref} is not on arXiv")
        if paper.is_withdrawn:
            raise TextUnavailable(f"{ref} is withdrawn")
        name = str(ref).removeprefix(f"{Scheme.ARXIV}:")
        body = await self._client.get(
            f"{self._site_url}/html/{name}",
            source=SOURCE,
            gate=self._gate,
            interval_s=self._interval_s,
            max_bytes=MAX_BYTES,
        )
        if body.status != 200:
            raise TextUnavailable(f"{ref} has no HTML (HTTP {body.status})")
        page = await asyncio.to_thread(_trusted, body.content, ref, paper.title)
        return FullText(ref=ref, sections=page.sections, origin=TextOrigin.HTML)


def _trusted(content: bytes, ref: PaperRef, title: str) -> LatexmlPage:
    page = parse(content)
    if wrong := defect(page.measures, title):
        raise TextUnavailable(f"the HTML of {ref} cannot be used: {wrong}")
    return page
