from datetime import UTC, datetime, timedelta

from bot.domain.intake import Page
from bot.domain.papers import PaperKey, PaperRef, Scheme
from bot.domain.summaries import SummaryKey
from bot.storage import papers, samples, summaries
from bot.storage.store import Store
from tests.builders import a_paper, a_sighting, a_summary, arxiv_key

NOW = datetime(2026, 6, 2, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
UPLOADED = PaperKey(scheme=Scheme.FILE, value="refs.bib:mine")


async def made(
    store: Store, key: PaperKey, at: datetime, *, style: str = "card", language: str = "en", is_whole: bool = True
) -> None:
    """A paper, and its summary, made at that time."""
    of = SummaryKey(ref=PaperRef(key=key, version=1), style=style, language=language, model="m")
    async with store.write() as tx:
        page = Page(source="arxiv", papers=(a_paper(key=key),), sightings=(a_sighting(key=key),))
        await papers.record_page(tx, page, at)
        assert await summaries.claim(tx, of, "me", at, 60.0)
        summary = a_summary(key=key, style=style, language=language, model="m", tldr=f"Of {key.value}.")
        assert await summaries.keep(tx, of, "me", summary, at, None if is_whole else at + HOUR)


async def newest(store: Store, language: str = "en") -> str | None:
    async with store.read() as tx:
        found = await samples.newest(tx, style="card", language=language)
    return found and f"{found[0].paper.key.value}: {found[1].tldr}"


async def test_the_sample_is_the_newest_whole_card_of_arxiv_in_the_language(store: Store) -> None:
    assert await newest(store) is None
    await made(store, arxiv_key("2601.00001"), NOW - 2 * HOUR)
    await made(store, arxiv_key("2601.00002"), NOW - HOUR)
    await made(store, arxiv_key("2601.00003"), NOW, language="vi")
    await made(store, arxiv_key("2601.00004"), NOW, style="brief")
    await made(store, arxiv_key("2601.00005"), NOW, is_whole=False)
    await made(store, UPLOADED, NOW)
    assert await newest(store) == "2601.00002: Of 2601.00002."
    assert await newest(store, "vi") == "2601.00003: Of 2601.00003."
    assert await newest(store, "zh") is None
