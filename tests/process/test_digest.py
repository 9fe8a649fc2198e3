"""`paperboy digest` as a process, against sources on loopback."""

import json
import sqlite3
from datetime import date

import pytest

from bot.domain.papers import AnnounceType
from tests.builders import a_paper
from tests.world import World

TODAY = date(2026, 6, 2)


def titles(out: str) -> list[str]:
    return [paper["title"] for paper in json.loads(out)["papers"]]


async def test_only_papers_that_match_are_listed_with_their_reasons(world: World) -> None:
    world.arxiv.publishes(
        a_paper(arxiv_id="2606.00001", title="Agents that plan"),
        a_paper(arxiv_id="2606.00002", title="A world of early birds", abstract="Nothing of the kind is in here at all."),
        batch_on=TODAY,
    )
    done = await world.paperboy("digest", "--category", "cs.CL", "--keyword", "agent", "--format", "markdown")
    assert done.code == 0, done.err
    assert "Agents that plan" in done.out
    assert "early birds" not in done.out
    assert "title: agent 4.0" in done.out


async def test_two_runs_list_the_same_in_the_same_order(world: World) -> None:
    world.arxiv.publishes(
        *(a_paper(arxiv_id=f"2606.{number:05}", title=f"Agents, part {number}") for number in range(1, 30)), batch_on=TODAY
    )
    asked = ("digest", "--category", "cs.CL", "--keyword", "agent", "--format", "json")
    first = await world.paperboy(*asked)
    second = await world.paperboy(*asked)
    assert titles(first.out) == titles(second.out)
    assert len(titles(first.out)) == 29


async def test_new_remembers_what_it_listed_and_then_says_that_nothing_is_new(world: World) -> None:
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001", title="Agents that plan"), batch_on=TODAY)
    asked = ("digest", "--category", "cs.CL", "--keyword", "agent", "--new")
    assert "Agents that plan" in (await world.paperboy(*asked)).out
    again = await world.paperboy(*asked)
    assert again.code == 0
    assert "Agents that plan" not in again.out
    assert "Nothing new" in again.out


async def test_what_was_listed_before_is_not_counted_as_left_out(world: World) -> None:
    two = (a_paper(arxiv_id=f"2606.{number:05}", title=f"Agents, part {number}") for number in (1, 2))
    world.arxiv.publishes(*two, batch_on=TODAY)
    asked = ("digest", "--category", "cs.CL", "--keyword", "agent", "--new", "--limit", "1")
    assert "and 1 more" in (await world.paperboy(*asked)).out
    again = await world.paperboy(*asked)
    assert "1. Agents, part" in again.out
    assert "more that matched" not in again.out


async def test_a_minimum_of_votes_that_no_paper_has_is_said(world: World) -> None:
    world.huggingface.lists("2606.00001", on=TODAY, votes=3, title="With 3 votes")
    done = await world.paperboy("digest", "--source", "huggingface", "--min-votes", "100")
    assert "With 3 votes" in done.out
    assert "No paper has as many votes" in done.out


async def test_a_digest_without_new_remembers_nothing(world: World) -> None:
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001", title="Agents that plan"), batch_on=TODAY)
    for _ in range(2):
        assert "Agents that plan" in (await world.paperboy("digest", "--category", "cs.CL")).out


async def test_a_replacement_is_listed_only_for_those_who_ask(world: World) -> None:
    revised = a_paper(arxiv_id="2606.00001", version=2, title="Agents, revised")
    world.arxiv.publishes(revised, batch_on=TODAY, announce_type=AnnounceType.REPLACE)
    without = await world.paperboy("digest", "--category", "cs.CL")
    assert "Agents, revised" not in without.out
    assert "Agents, revised" in (await world.paperboy("digest", "--category", "cs.CL", "--replacements")).out


async def test_the_days_list_of_hugging_face_is_sorted_by_votes(world: World) -> None:
    for number, votes in (("2606.00001", 3), ("2606.00002", 40), ("2606.00003", 12)):
        world.huggingface.lists(number, on=TODAY, votes=votes, title=f"With {votes} votes")
    done = await world.paperboy("digest", "--source", "huggingface", "--date", "2026-06-02", "--format", "json")
    assert titles(done.out) == ["With 40 votes", "With 12 votes", "With 3 votes"]


async def test_the_same_paper_from_two_sources_is_one_item_with_both(world: World) -> None:
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001", title="Agents that plan"), batch_on=TODAY)
    world.huggingface.lists("2606.00001", on=TODAY, votes=156, title="Agents that plan")
    done = await world.paperboy(
        "digest", "--source", "arxiv", "--source", "huggingface", "--category", "cs.CL", "--keyword", "agents", "--format", "json"
    )
    (paper,) = json.loads(done.out)["papers"]
    assert {sighting["source"] for sighting in paper["sightings"]} == {"arxiv", "huggingface"}
    assert paper["votes"] == 156


async def test_a_reading_list_keeps_its_order_and_loses_nothing(world: World) -> None:
    world.arxiv.knows(a_paper(arxiv_id="2606.00002", title="Second on arXiv"))
    entries = (
        "@book{z, title={A Book That Is Nowhere}, author={Q. Writer}, year=1999}\n"
        "junk between entries\n"
        "@misc{b, eprint={2606.00002}, archivePrefix={arXiv}, title={Second on arXiv}}\n"
    )
    (world.folder / "refs.bib").write_text(entries, encoding="utf-8")
    done = await world.paperboy("digest", "--source", "bibtex:refs.bib", "--format", "json")
    assert titles(done.out) == ["A Book That Is Nowhere", "Second on arXiv"]


async def test_a_report_on_a_file_does_not_tell_where_it_lies(world: World) -> None:
    (world.folder / "private").mkdir()
    (world.folder / "private/refs.bib").write_text("@book{z, title={A Book That Is Nowhere}}\n", encoding="utf-8")
    done = await world.paperboy("digest", "--source", "bibtex:private/refs.bib", "--format", "markdown")
    assert "refs.bib" in done.out
    assert "private" not in done.out


async def test_one_source_down_is_named_and_the_other_delivers(world: World) -> None:
    world.arxiv.is_throttled("120")
    world.huggingface.lists("2606.00001", on=TODAY, title="Still here")
    done = await world.paperboy("digest", "--source", "arxiv", "--source", "huggingface", "--category", "cs.CL")
    assert done.code == 0
    assert "Still here" in done.out
    assert "arXiv asked us to wait" in done.out


async def test_a_source_that_is_out_of_reach_is_named_once_with_the_day_and_the_cause(world: World) -> None:
    world.extra = {"ARXIV_FEED_URL": "http://127.0.0.1:9"}
    done = await world.paperboy("digest", "--category", "cs.CL")
    said = " ".join(done.out.split())
    assert done.code == 1
    assert "arXiv did not answer, so what it has for 2026-06-02 may be missing here (ConnectError" in said
    assert "is not answering" not in said


async def test_every_source_down_is_a_failure_and_never_no_papers_today(world: World) -> None:
    world.arxiv.answers_html()
    done = await world.paperboy("digest", "--category", "cs.CL")
    assert done.code == 1
    assert "No source could be read" in done.out


@pytest.mark.parametrize(
    ("clock", "said"),
    [("2026-06-06T15:00:00Z", "weekend"), ("2026-06-22T15:00:00Z", "holiday")],
    ids=["a Saturday", "the day after Juneteenth"],
)
async def test_a_day_without_a_batch_says_why(world: World, clock: str, said: str) -> None:
    world.clock = clock
    world.arxiv.has_nothing_new(date.fromisoformat(clock[:10]))
    done = await world.paperboy("digest", "--category", "cs.CL", "--date", clock[:10])
    assert done.code == 0
    assert said in done.out


async def test_a_batch_that_is_late_is_not_out_yet(world: World) -> None:
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001"), batch_on=date(2026, 6, 1))
    done = await world.paperboy("digest", "--category", "cs.CL")
    assert "has not published" in done.out


async def test_nothing_that_matches_says_how_many_were_looked_at(world: World) -> None:
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001"), batch_on=TODAY)
    done = await world.paperboy("digest", "--category", "cs.CL", "--keyword", "volcano")
    assert done.code == 0
    assert "1 paper from" in done.out


async def test_a_category_that_does_not_exist_is_named_with_what_was_meant(world: World) -> None:
    done = await world.paperboy("digest", "--category", "cs.CLL")
    assert done.code == 2
    assert "cs.CL" in done.err


@pytest.mark.parametrize(
    "arguments",
    [("--limit", "0"), ("--source", "nowhere"), ("--date", "yesterday"), ("--threshold", "11"), ("--format", "pdf")],
)
async def test_a_wrong_command_line_is_exit_code_2_with_a_sentence(world: World, arguments: tuple[str, str]) -> None:
    done = await world.paperboy("digest", *arguments)
    assert done.code == 2
    assert arguments[0] in done.err
    assert "Traceback" not in done.err


async def test_wrong_settings_are_all_named_at_once_with_exit_code_78(world: World) -> None:
    world.extra = {"LOG_FORMAT": "xml", "ARXIV_INTERVAL_S": "soon"}
    done = await world.paperboy("digest", "--category", "cs.CL")
    assert done.code == 78
    assert "LOG_FORMAT" in done.err
    assert "ARXIV_INTERVAL_S" in done.err


async def test_the_output_file_says_its_format(world: World) -> None:
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001"), batch_on=TODAY)
    done = await world.paperboy("digest", "--category", "cs.CL", "--output", "day.html")
    assert "written: day.html" in done.err
    assert (world.folder / "day.html").read_text(encoding="utf-8").casefold().startswith("<!doctype html>")


async def test_a_search_looks_back_over_days(world: World) -> None:
    world.arxiv.knows(a_paper(arxiv_id="2605.00001", title="Agents of last week"))
    done = await world.paperboy("digest", "--category", "cs.CL", "--keyword", "agents", "--days", "200")
    assert "Agents of last week" in done.out
    assert any("submittedDate" in asked.query.get("search_query", "") for asked in world.arxiv.asked)


async def test_the_same_search_on_the_same_day_is_asked_once(world: World) -> None:
    world.arxiv.knows(a_paper(arxiv_id="2605.00001", title="Agents of last week"))
    asked = ("digest", "--category", "cs.CL", "--keyword", "agents", "--days", "200")
    first = await world.paperboy(*asked)
    before = len(world.arxiv.asked)
    again = await world.paperboy(*asked)
    assert len(world.arxiv.asked) == before
    assert titles_of_text(first.out) == titles_of_text(again.out)


def titles_of_text(out: str) -> list[str]:
    return [line for line in out.splitlines() if line[:2] in ("1.", "2.")]


async def test_votes_are_kept_with_the_instant_they_were_read(world: World) -> None:
    world.huggingface.lists("2606.00001", on=TODAY, votes=3)
    await world.paperboy("digest", "--source", "huggingface")
    world.huggingface.lists("2606.00001", on=TODAY, votes=9)
    world.clock = "2026-06-02T18:00:00Z"
    await world.paperboy("digest", "--source", "huggingface")
    with sqlite3.connect(world.folder / "paperboy.db") as database:
        ((votes, _),) = database.execute("SELECT votes, votes_at FROM sightings").fetchall()
    database.close()
    assert votes == 9
