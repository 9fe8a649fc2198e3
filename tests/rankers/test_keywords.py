"""Scores and their shown parts: what counts, how much, and that the parts add up whatever comes."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digests import Reason, ReasonKind, Score
from bot.domain.papers import SeenPaper
from bot.domain.subscriptions import Interest
from bot.errors import BadInput
from bot.rankers.keywords import KeywordRanker, votes_tenths
from tests.builders import a_paper, a_seen, a_sighting

DOC = Path(__file__).parents[2] / "docs" / "matching.md"
DAY = Path(__file__).parents[2].parent / "shared" / "data" / "corpora" / "day_2026-06-02.raw.jsonl.gz"


def score(seen: SeenPaper, **wish: object) -> Score:
    return KeywordRanker().score([seen], Interest(**wish))[0]  # type: ignore[arg-type]  # the test names the fields


def shown(given_score: Score) -> list[tuple[str, str, float]]:
    return [(reason.kind.value, reason.matched, reason.points) for reason in given_score.reasons]


def tenths(points: float) -> int:
    return round(points * 10)


def test_the_shown_parts_are_those_of_the_promise() -> None:
    seen = a_seen(
        a_paper(title="Diffusion for Text", abstract="We use distillation.", code=("https://example.org/code",)),
        a_sighting(votes=156),
    )
    found = score(seen, keywords=("diffusion", "distillation", "absent"))
    assert shown(found) == [
        ("title", "diffusion", 4.0),
        ("abstract", "distillation", 1.5),
        ("votes", "156", 1.2),
        ("code", "", 0.3),
    ]
    assert found.value == 7.0


def test_a_word_in_both_places_is_shown_for_both_and_weighs_less_in_the_second() -> None:
    seen = a_seen(a_paper(title="Agents", abstract="An agent asks agents."))
    assert shown(score(seen, keywords=("agent",))) == [("title", "agent", 4.0), ("abstract", "agent", 0.5)]


def test_words_that_fold_alike_count_once_under_the_first_that_was_typed() -> None:
    seen = a_seen(a_paper(title="Agents", abstract=""))
    assert shown(score(seen, keywords=("Agents", "agent", "AGENT"))) == [("title", "Agents", 4.0)]


@pytest.mark.parametrize("keyword", ["rl", "arl", "assistan", "no such"])
def test_no_match_is_nothing_whatever_the_votes_and_the_code(keyword: str) -> None:
    seen = a_seen(a_paper(title="Early World", code=("https://example.org/code",)), a_sighting(votes=900))
    assert score(seen, keywords=(keyword,)) == Score(value=0.0)


def test_a_followed_author_is_a_match_by_itself() -> None:
    seen = a_seen(a_paper(authors=(r"Erwin Schr\"odinger", "Ada Example")))
    assert shown(score(seen, authors=("E. Schrödinger",))) == [("author", "E. Schrödinger", 3.0)]
    assert shown(score(seen, authors=("Example, Ada", "Schrodinger", "Nobody"))) == [
        ("author", "Example, Ada", 3.0),
        ("author", "Schrodinger", 1.0),
    ]
    assert score(seen, authors=("Nobody",)).value == 0


def test_a_name_in_tex_is_read_as_the_name_it_means() -> None:
    seen = a_seen(a_paper(authors=(r"Jan \v{C}ech",)))
    assert shown(score(seen, authors=("Jan Cech",))) == [("author", "Jan Cech", 3.0)]


def test_without_words_and_authors_every_paper_of_the_categories_is_listed() -> None:
    seen = a_seen(a_paper(categories=("cs.CL", "cs.AI")), a_sighting(votes=8))
    assert shown(score(seen, categories=frozenset({"cs.AI"}))) == [("listed", "", 1.0), ("votes", "8", 0.5)]
    assert score(seen, categories=frozenset({"math.CO"})).value == 0


def test_any_category_of_the_paper_counts_and_unknown_ones_refuse_nothing() -> None:
    wish = {"keywords": ("notebook",), "categories": frozenset({"cs.AI"})}
    assert score(a_seen(a_paper(categories=("cs.CL", "cs.AI"))), **wish).value > 0
    assert score(a_seen(a_paper(categories=("cs.CV",))), **wish).value == 0
    assert score(a_seen(a_paper(categories=())), **wish).value > 0


def test_an_excluded_word_applies_to_the_title_unless_asked_for_the_abstract() -> None:
    in_title = a_seen(a_paper(title="Agents: A Review", abstract=""))
    in_abstract = a_seen(a_paper(title="Agents", abstract="We review agents."))
    assert score(in_title, keywords=("agent",), excluded=("reviews",)).value == 0
    assert score(in_abstract, keywords=("agent",), excluded=("reviews",)).value > 0
    assert score(in_abstract, keywords=("agent",), excluded_anywhere=("reviews",)).value == 0
    assert score(in_title, keywords=("agent",), excluded_anywhere=("reviews",)).value == 0
    assert score(in_title, excluded=("view",)).value > 0


def test_tex_is_read_as_the_text_it_means() -> None:
    seen = a_seen(a_paper(title=r"\textbf{Res}haped Schr\"odinger Bridges in $\mathcal{O}(n^2)$", abstract=""))
    assert score(seen, keywords=("Schrödinger bridge",)).value == 4.0
    assert score(seen, keywords=("reshaped",)).value == 4.0
    assert score(seen, keywords=("textbf", "mathcal")).value == 0


def test_beyond_ten_the_last_parts_are_cut_and_the_sum_still_holds() -> None:
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight")
    seen = a_seen(a_paper(title=" ".join(words), abstract=" ".join(words)), a_sighting(votes=500))
    found = score(seen, keywords=words, authors=("Ada Example",))
    assert found.value == 10.0
    assert sum(tenths(reason.points) for reason in found.reasons) == 100
    assert all(reason.points > 0 for reason in found.reasons)
    assert ReasonKind.VOTES not in {reason.kind for reason in found.reasons}


def documented_weights(part: str) -> list[float]:
    """The figures of one row of the table of parts in docs/matching.md."""
    (row,) = (line for line in DOC.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {part} |"))
    return [float(cell) for cell in row.strip("|").split("|")[1:] if cell.strip()]


WORDS = ("one", "two", "three", "four", "five")


@pytest.mark.parametrize(
    ("part", "title", "abstract"),
    [
        ("your word in the title", " ".join(WORDS), ""),
        ("your word in the abstract only", "", " ".join(WORDS)),
    ],
)
def test_the_weights_are_those_of_the_documentation(part: str, title: str, abstract: str) -> None:
    first, second, third, more = documented_weights(part)
    found = score(a_seen(a_paper(title=title, abstract=abstract)), keywords=WORDS)
    assert [reason.points for reason in found.reasons] == [first, second, third, more, more]


def test_the_small_weights_are_those_of_the_documentation() -> None:
    both = a_seen(a_paper(title="one two three", abstract="one two three", authors=()))
    found = score(both, keywords=WORDS)
    assert [r.points for r in found.reasons if r.kind is ReasonKind.ABSTRACT] == documented_weights(
        "your word in the abstract as well"
    )[:3]
    coded = score(a_seen(a_paper(code=("https://example.org/code",))))
    assert [r.points for r in coded.reasons] == [
        *documented_weights("you gave no words and no authors: every paper"),
        *documented_weights("a code link"),
    ]
    followed = score(a_seen(), authors=("Ada Example", "Bo Sample"))
    assert [r.points for r in followed.reasons] == documented_weights("a followed author")[:2]


@pytest.mark.parametrize(("votes", "points"), [(-3, 0), (0, 0), (1, 1), (8, 5), (156, 12), (532, 14), (533, 15), (10**40, 15)])
def test_votes_count_little_and_are_bounded(votes: int, points: int) -> None:
    assert votes_tenths(votes) == points


@pytest.mark.parametrize("wish", [{"keywords": ("...",)}, {"excluded": ("",)}, {"authors": ("?",)}])
def test_a_word_that_can_find_nothing_is_said_and_not_skipped(wish: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(BadInput):
        score(a_seen(), **wish)


VOCABULARY = ("agent", "agents", "world", "model", "multi-agent", "mixture", "of", "experts", "review", "R", "扩散", "policy")
SENTENCES = st.lists(st.sampled_from(VOCABULARY), max_size=10).map(" ".join)
KEYWORDS = st.lists(st.sampled_from([*VOCABULARY, "mixture of experts", "world model", "agen*"]), max_size=9)
PAPERS = st.builds(
    lambda title, abstract, votes, code: a_seen(
        a_paper(title=title, abstract=abstract, code=("https://example.org/code",) if code else ()), a_sighting(votes=votes)
    ),
    SENTENCES,
    SENTENCES,
    st.none() | st.integers(0, 2000),
    st.booleans(),
)
AUTHORS = st.lists(st.sampled_from(["Ada Example", "B. Sample", "Nobody"]), max_size=3)


@given(PAPERS, KEYWORDS, AUTHORS)
def test_the_parts_add_up_exactly_and_stay_within_ten(seen: SeenPaper, keywords: list[str], authors: list[str]) -> None:
    found = score(seen, keywords=tuple(keywords), authors=tuple(authors))
    assert 0 <= found.value <= 10
    assert found.value == tenths(found.value) / 10
    assert sum(tenths(reason.points) for reason in found.reasons) == tenths(found.value)
    assert bool(found.reasons) is (found.value > 0)


@given(PAPERS, KEYWORDS, AUTHORS, st.sampled_from(VOCABULARY), st.integers(0, 9))
def test_adding_a_word_never_lowers_what_it_matches(
    seen: SeenPaper, keywords: list[str], authors: list[str], more: str, at: int
) -> None:
    before = score(seen, keywords=tuple(keywords), authors=tuple(authors))
    after = score(seen, keywords=(*keywords[:at], more, *keywords[at:]), authors=tuple(authors))
    is_matched = score(seen, keywords=(more,)).value > 0
    assert after.value >= before.value or (not keywords and not authors and not is_matched)


@given(st.lists(PAPERS, max_size=4), KEYWORDS)
def test_a_score_depends_on_the_paper_alone(papers: list[SeenPaper], keywords: list[str]) -> None:
    ranker = KeywordRanker()
    together = ranker.score(papers, Interest(keywords=tuple(keywords)))
    assert together == tuple(score(seen, keywords=tuple(keywords)) for seen in papers)


def titles_found(papers: list[SeenPaper], keyword: str) -> int:
    scores = KeywordRanker().score(papers, Interest(keywords=(keyword,)))
    return sum(bool(found.reasons) and found.reasons[0].kind is ReasonKind.TITLE for found in scores)


def test_a_made_day_is_found_by_words_and_not_by_parts() -> None:
    titles = ["Agents", "Agentic RL", "World Early", "Mixture-of-Experts", "A mixture of expert models"]
    papers = [a_seen(a_paper(arxiv_id=f"2606.{n:05d}", title=title, abstract="")) for n, title in enumerate(titles)]
    assert [titles_found(papers, word) for word in ("agent", "rl", "mixture of experts")] == [1, 1, 2]


def test_on_a_real_day_whole_words_are_far_fewer_than_substrings() -> None:
    if not DAY.exists():
        pytest.skip(f"{DAY} is absent; its twin on made titles runs")
    with gzip.open(DAY, "rt", encoding="utf-8") as lines:
        by_id = {row["id"]: row for row in map(json.loads, lines)}
    papers = [a_seen(a_paper(arxiv_id=i, title=row["title"], abstract=row["summary"])) for i, row in by_id.items()]
    assert len(papers) == 715
    found = [s for s in KeywordRanker().score(papers, Interest(keywords=("rl",))) if s.value]
    substrings = [p for p in papers if "rl" in f"{p.paper.title} {p.paper.abstract}".casefold()]
    assert (len(found), len(substrings)) == (21, 288)


def test_a_reason_carries_its_points_as_shown() -> None:
    found = score(a_seen(a_paper(title="Agent", abstract="")), keywords=("agent",))
    assert found.reasons == (Reason(kind=ReasonKind.TITLE, matched="agent", points=4.0),)
