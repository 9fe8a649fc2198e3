"""The bot as a process on the recorded day of 2026-06-02 (../shared beside the checkout): counts and order, never texts."""

import json
import re
from datetime import date

import pytest

from bot.domain.latex import has_tex
from bot.domain.terms import tokens
from bot.summarizers.styles import styles
from tests.builders import a_paper
from tests.fakes.openai import FakeOpenAI
from tests.world import ROOT, World

SHARED = ROOT.parent / "shared" / "data"
FEEDS = SHARED / "arxiv_rss/rendered_by_arxiv_feed_service"
TODAY = date(2026, 6, 2)

pytestmark = pytest.mark.skipif(not FEEDS.is_dir(), reason="../shared/data is not beside this checkout")


@pytest.fixture
async def recorded(world: World) -> World:
    world.arxiv.load_shared_day(FEEDS / "day_rss_cs.xml.gz", TODAY)
    world.arxiv.load_corpus(SHARED / "corpora/arxiv_cs_2026-02_to_2026-07.jsonl.xz")
    world.huggingface.replays(SHARED / "hf_daily_papers/raw")
    return world


async def test_a_real_batch_is_read_whole_and_only_matching_papers_are_listed(recorded: World) -> None:
    done = await recorded.paperboy("digest", "--source", "arxiv", "--category", "cs", "--keyword", "agent", "--format", "json")
    assert done.code == 0, done.err
    made = json.loads(done.out)
    assert made["counts"]["found"] == 715 + 197
    assert all("agent" in tokens(f"{paper['title']} {paper['abstract']}") for paper in made["papers"])
    scores = [paper["score"]["value"] for paper in made["papers"]]
    assert scores == sorted(scores, reverse=True)
    assert not [paper["title"] for paper in made["papers"] if has_tex(paper["title"])]


async def test_no_link_of_a_real_day_ends_in_a_dot_or_brace(recorded: World) -> None:
    done = await recorded.paperboy("digest", "--category", "cs", "--format", "json")
    links = [link for paper in json.loads(done.out)["papers"] for link in urls(paper["links"])]
    assert len(links) > 2_000
    assert [link for link in links if link[-1] in ".,;:}{)]\\"] == []


def urls(links: dict[str, str | list[str] | None]) -> list[str]:
    return [url for one in links.values() if one for url in ([one] if isinstance(one, str) else one)]


async def test_a_real_list_is_sorted_by_votes(recorded: World) -> None:
    done = await recorded.paperboy("digest", "--source", "huggingface", "--date", "2026-06-02", "--format", "json")
    votes = [paper["votes"] for paper in json.loads(done.out)["papers"]]
    assert len(votes) == 47
    assert votes == sorted(votes, reverse=True)


async def test_headings_of_all_summaries_have_one_depth(recorded: World) -> None:
    done = await recorded.paperboy("digest", "--category", "cs.CL", "--keyword", "agent", "--format", "markdown")
    outside = re.sub(r"<details>.*?</details>", "", done.out, flags=re.DOTALL)
    assert {len(marks) for marks in re.findall(r"^(#+) (?:TL;DR|Key points)", outside, flags=re.MULTILINE)} == {4}


async def test_an_old_paper_as_the_service_answered_it(recorded: World) -> None:
    answer = json.loads((SHARED / "arxiv_api/recorded/id_astro-ph_0601001_s0_m100_3150dca9dc76.json").read_text("utf-8"))
    recorded.arxiv.knows(a_paper(arxiv_id="astro-ph/0601001"))
    recorded.arxiv.says(answer["body"].encode(), on="/api", content_type="application/atom+xml", times=1)
    done = await recorded.paperboy("summary", "astro-ph/0601001")
    assert done.code == 0, done.err
    assert "Hot Jupiters" in done.out


async def test_an_unknown_paper_as_the_service_answers_it(recorded: World) -> None:
    answer = json.loads((SHARED / "arxiv_api/recorded/id_0000.0000_s0_m100_8b51d9633a68.json").read_text("utf-8"))
    recorded.arxiv.says(answer["body"].encode(), on="/api", content_type="application/atom+xml", times=1)
    done = await recorded.paperboy("summary", "2606.09999")
    assert done.code == 1
    assert "not known to arXiv" in done.err


@pytest.mark.parametrize("language", ["en", "zh", "vi"])
async def test_the_day_in_five_styles(recorded: World, language: str) -> None:
    """Each paper has the style's sections, all of them, in their order, under the same headings; every figure is in its text."""
    wanted = ("digest", "--category", "cs.CL", "--keyword", "agent", "--limit", "4", "--format", "json", "--language", language)
    async with FakeOpenAI(key="sk-test-0123456789") as recorded.model:
        for style in styles():
            done = await recorded.paperboy(*wanted, "--style", style.name)
            written = [paper["summary"] for paper in json.loads(done.out)["papers"]]
            assert [each["model"] for each in written] == [recorded.asked_model.model] * 4, done.err
            headings = [(field.name, field.heading(language)) for field in style.fields]
            assert [[(one["name"], one["heading"]) for one in each["sections"]] for each in written] == [headings] * 4
            figures = [figure for each in written for figure in each["evidence"]["figures"]]
            assert [figure for figure in figures if figure["state"] == "missing"] == []
    assert len(recorded.asked_model.asked) == 4 * len(styles()), "each was right at the first time"
