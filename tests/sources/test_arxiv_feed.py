"""What is read from a feed and from a listing, and what is refused: pure."""

import gzip
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import AnnounceType
from bot.errors import BrokenPage, PaperboyError, SourceChanged
from bot.sources.arxiv_catchup import parse_page
from bot.sources.arxiv_feed import authors, parse_feed, refused_topics
from bot.sources.arxiv_groups import MOST_TOGETHER, ROOM, groups, typical
from bot.sources.arxiv_listing import EVERYTHING, Listed, each_once, is_withdrawn
from bot.sources.arxiv_xml import clean, parse_xml
from tests.builders import a_paper
from tests.fakes import arxiv_pages
from tests.fakes.arxiv_pages import Announced

TUESDAY = date(2026, 6, 2)
RENDERED = Path(__file__).parents[2].parent / "shared" / "data" / "arxiv_rss" / "rendered_by_arxiv_feed_service"
ABS_FILES = RENDERED.parents[1] / "fulltext" / "abs_files"
needs_shared = pytest.mark.skipif(not RENDERED.is_dir(), reason=f"no real data at {RENDERED}")


def _rss(*papers: str) -> str:
    announced = [Announced(paper=a_paper(arxiv_id=one), announce_type=AnnounceType.NEW) for one in papers]
    return arxiv_pages.rss("cs.CL", TUESDAY, announced)


def test_a_feed_says_its_batch_itself_in_us_eastern() -> None:
    text = _rss("2606.00001").replace("Tue, 02 Jun 2026 00:00:00 -0400", "Tue, 02 Jun 2026 04:00:00 +0000")
    assert parse_feed(text.encode()).batch_on == TUESDAY


@pytest.mark.parametrize("bad", ["", "yesterday", "Tue, 02 Jun 2026 00:00:00 -0000"])
def test_a_feed_without_a_date_is_broken(bad: str) -> None:
    text = _rss("2606.00001").replace("Tue, 02 Jun 2026 00:00:00 -0400", bad)
    with pytest.raises(BrokenPage):
        parse_feed(text.encode())


def test_an_item_without_an_id_is_named_and_the_others_come() -> None:
    text = _rss("2606.00001", "2606.00002").replace("2606.00002", "nothing")
    feed = parse_feed(text.encode())
    assert [listed.paper.key.value for listed in feed.listed] == ["2606.00001"]
    assert len(feed.unusable) == 1


def test_no_id_at_all_means_that_the_format_changed() -> None:
    with pytest.raises(SourceChanged):
        parse_feed(_rss("2606.00001").replace("2606.00001", "nothing").encode())


@pytest.mark.parametrize("forbidden", ["\x0b", "\x00", "&#11;", "&#x0B;", "&#xD800;", "\ufffe"])
def test_characters_that_xml_forbids_are_removed_and_told(forbidden: str) -> None:
    feed = parse_feed(_rss("2606.00001").replace("Notebook", f"Note{forbidden}book").encode("utf-8", "surrogatepass"))
    assert feed.was_repaired
    assert feed.listed[0].paper.title == "A Notebook for Forgetful Assistants"


def test_a_lone_surrogate_is_dropped_and_text_is_one_line() -> None:
    assert clean(" a\ud800b\n  c\x0bd ") == "ab cd"


@pytest.mark.parametrize("root", ["feed", "html", "rss2"])
def test_another_root_is_no_feed(root: str) -> None:
    with pytest.raises(BrokenPage):
        parse_xml(f"<{root}></{root}>".encode(), "rss")


def test_an_entity_bomb_is_refused() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 50}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha">{levels}]><rss><channel>&e11;</channel></rss>'
    with pytest.raises(BrokenPage):
        parse_feed(bomb.encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_an_error_of_ours(content: bytes) -> None:
    for parse in (parse_feed, lambda some: parse_page(some, "cs.CL"), lambda some: refused_topics(some, ["cs.CL"])):
        try:
            parse(content)
        except PaperboyError:
            continue


@given(st.integers(min_value=0, max_value=3000))
def test_a_feed_cut_anywhere_is_refused(cut: int) -> None:
    content = _rss("2606.00001", "2606.00002").rstrip().encode()
    with pytest.raises(BrokenPage):
        parse_feed(content[: min(cut, len(content) - 1)])


@pytest.mark.parametrize(
    ("joined", "expected"),
    [
        ("", []),
        ("Ada Example", [("Ada Example", None)]),
        ("Ada Example, Bo Sample", [("Ada Example", None), ("Bo Sample", None)]),
        ("Bo Sample, Jr., Cy Third", [("Bo Sample, Jr.", None), ("Cy Third", None)]),
        (
            "Ada Example (Cornell University, Ithaca), Bo Sample",
            [("Ada Example", "Cornell University, Ithaca"), ("Bo Sample", None)],
        ),
    ],
)
def test_authors_come_apart_at_commas_between_names(joined: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(author.name, author.affiliation) for author in authors(joined)] == expected


@pytest.mark.parametrize(
    ("comment", "abstract", "expected"),
    [
        ("This paper has been withdrawn", "", True),
        ("This has been withdrawn by arXiv administrators due to a dispute", "We discuss.", True),
        ("Withdrawn due to an error in Lemma 3", "", True),
        (None, "This paper has been withdrawn due to copyright reasons.", True),
        (None, "This submission has been withdrawn by the authors.", True),
        ("This paper was withdrawn from ICLR 2024", "We discuss.", False),
        ("12 pages", "We study a drug that has been withdrawn from the market.", False),
        (None, "Affected descendants are withdrawn before repair.", False),
        (None, "", False),
    ],
)
def test_withdrawn_means_withdrawn_from_arxiv(comment: str | None, abstract: str, *, expected: bool) -> None:
    assert is_withdrawn(comment, abstract) is expected


@needs_shared
@pytest.mark.parametrize("name", ["0704.0374", "2101.10016"])
def test_real_withdrawn_papers_are_recognised(name: str) -> None:
    text = (ABS_FILES / f"{name}.abs").read_text()
    comment = clean(text.partition("Comments:")[2].split("\\\\")[0].partition("License:")[0])
    assert is_withdrawn(comment, "")


@given(st.permutations(list(AnnounceType)))
def test_the_strongest_announce_type_stays_in_any_order(kinds: list[AnnounceType]) -> None:
    [kept] = each_once(Listed(paper=a_paper(), announce_type=kind) for kind in kinds)
    assert kept.announce_type is AnnounceType.NEW


@given(st.sets(st.sampled_from(["cs.CL", "cs.LG", "cs.AI", "math", "cs", "zz.ZZ", *EVERYTHING])))
def test_groups_hold_every_topic_once_and_stay_far_below_the_cut(topics: set[str]) -> None:
    found = groups(topics)
    assert sorted(topic for group in found for topic in group) == sorted(topics)
    for group in found:
        assert len(group) == 1 or (sum(map(typical, group)) <= ROOM and len(group) <= MOST_TOGETHER)


@pytest.mark.parametrize(
    ("reason", "asked", "expected"),
    [
        ("Bad subject class 'RT'. Valid subject classes for the archive 'cs' are: cs.AI", ("math.RT", "cs.RT"), ("cs.RT",)),
        ("Bad archive 'xx'. Valid archive names are: cs", ("cs.CL", "xx.YY"), ("xx.YY",)),
        ("Something else", ("cs.CL", "cs.AI"), ()),
        ("Something else", ("cs.CL",), ("cs.CL",)),
    ],
)
def test_the_bad_category_of_a_group_is_found_in_the_reason(
    reason: str, asked: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    content = arxiv_pages.rss_error("cs.CL", reason, TUESDAY).encode()
    assert refused_topics(content, asked)[0] == expected


@needs_shared
def test_a_real_feed_error_names_its_category() -> None:
    content = (RENDERED / "weekend_rss_cs.ZZ.xml").read_bytes()
    assert refused_topics(content, ["cs.CL", "cs.ZZ"])[0] == ("cs.ZZ",)


@needs_shared
def test_real_feeds_are_read_whole() -> None:
    day = parse_feed(gzip.decompress((RENDERED / "day_rss_cs.CL.xml.gz").read_bytes()))
    kinds = [listed.announce_type for listed in day.listed]
    counts = [kinds.count(kind) for kind in AnnounceType]
    assert (day.batch_on, counts, day.unusable) == (TUESDAY, [189, 37, 49, 6], ())
    assert parse_feed((RENDERED / "weekend_rss_cs.AI.xml").read_bytes()).listed == ()
    assert parse_feed(gzip.decompress((RENDERED / "big_rss_cs.xml.gz").read_bytes())).size == 2000
