"""What validation goes by, held against real reports, abstracts and titles (../shared beside the checkout): counts only."""

import json
import lzma
import random
import re
from itertools import islice

import pytest

from bot.summarizers.validation_language import is_in
from bot.summarizers.validation_title import is_title_of
from tests.world import ROOT

SHARED = ROOT.parent / "shared"
REPORTS = SHARED / "reference-reports"
CORPUS = SHARED / "data/corpora/arxiv_cs_2026-02_to_2026-07.jsonl.xz"
LANGUAGES = ("en", "zh", "vi", "fr", "ru", "ja")

pytestmark = pytest.mark.skipif(
    not (REPORTS.is_dir() and CORPUS.is_file()),
    reason="../shared/data and ../shared/reference-reports are not beside this checkout",
)


def pieces(name: str, heading: str) -> list[str]:
    """The reports of one day, one for each paper."""
    return re.split(heading, (REPORTS / name).read_text(encoding="utf-8", errors="replace"))[1:]


def passing(texts: list[str]) -> dict[str, int]:
    """How many of the texts may be in each language."""
    return {language: sum(is_in(text, language) for text in texts) for language in LANGUAGES}


@pytest.fixture(scope="module")
def papers() -> list[dict[str, str]]:
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in islice(lines, 1_200)]


def test_real_reports_pass_for_their_own_language_only() -> None:
    chinese = [
        report for day in ("13", "31") for report in pieces(f"huggingface-report-zh-2026-01-{day}.md", "## \N{PAGE FACING UP}")
    ]
    vietnamese = pieces("huggingface-digest-vi-2026-01-13.md", r"(?m)^## \d+\. ")
    assert passing(chinese) == dict.fromkeys(LANGUAGES, 0) | {"zh": 70}
    assert passing(vietnamese) == dict.fromkeys(LANGUAGES, 0) | {"vi": 15}


def test_real_abstracts_pass_for_english_only(papers: list[dict[str, str]]) -> None:
    abstracts = [paper["summary"] for paper in papers if len(paper["summary"].split()) > 80]
    found = passing(abstracts)
    assert found["en"] == len(abstracts) > 800
    assert found["zh"] == found["vi"] == found["ru"] == found["ja"] == 0
    assert found["fr"] <= len(abstracts) / 500


def test_real_titles_are_told_apart(papers: list[dict[str, str]]) -> None:
    titles = sorted({paper["title"] for paper in papers})
    for title in titles:
        assert is_title_of(title.upper(), title)
        assert is_title_of(title[: 2 * len(title) // 3], title)
    chance = random.Random(7)
    pairs = [chance.sample(titles, 2) for _ in range(4_000)]
    assert sum(is_title_of(*pair) for pair in pairs) <= 4
