"""A BibTeX file keeps the contract of sources, with arXiv behind it on loopback."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.intake import Wanted
from bot.http import LocalGate, PoliteClient
from bot.sources.arxiv import Arxiv
from bot.sources.arxiv_access import ArxivIntervals
from bot.sources.bibtex import BibtexFile
from tests.builders import a_paper
from tests.contracts.source_contract import NetworkContract, SourceContract, Subject
from tests.fakes.arxiv import FakeArxiv

TUESDAY = date(2026, 6, 2)
NOW = datetime(2026, 6, 2, 15, tzinfo=UTC)
ON_ARXIV = [f"2601.{number:05}" for number in range(1, 250)]
ENTRIES = (
    *(f"@misc{{k{arxiv_id}, eprint = {{{arxiv_id}}}, archivePrefix = {{arXiv}}}}" for arxiv_id in ON_ARXIV),
    "@misc{twice, url = {https://arxiv.org/abs/2601.00001}}",
    "@book{own, title = {A Book of Its Own}, year = 1972, month = may}",
    "@article{paper, title = {One}, doi = {10.1000/ABC}, date = {2001-02-03}, year = 1972, title = {Twice}}",
)


class Pace:
    """Counts seconds that pass only while somebody waits."""

    def __init__(self) -> None:
        self.now_s = 0.0

    async def passes(self, for_s: float) -> None:
        self.now_s += for_s


class TestBibtexFile(SourceContract, NetworkContract):
    @pytest.fixture
    async def subject(self, tmp_path: Path) -> AsyncIterator[Subject]:
        path = tmp_path / "refs.bib"
        path.write_text("\n".join(ENTRIES))
        pace = Pace()
        client = PoliteClient(user_agent="paperboy-tests (https://example.org; a@example.org)", timeout_s=5)
        gate = LocalGate("arxiv", clock=lambda: pace.now_s, sleep=pace.passes)
        async with FakeArxiv() as fake:
            fake.publishes(*(a_paper(arxiv_id=arxiv_id) for arxiv_id in ON_ARXIV), batch_on=TUESDAY)
            arxiv = Arxiv(client=client, gate=gate, now=lambda: NOW, urls=fake.urls, intervals=ArxivIntervals())
            source = BibtexFile(path, arxiv.find, lambda: NOW)
            yield Subject(source=source, wanted=Wanted(since=TUESDAY, until=TUESDAY), breaks=fake.answers_html)
        await client.close()
