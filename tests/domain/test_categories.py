"""Names of arXiv's categories, as people and papers give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.categories import ALIASES, ARCHIVES, CLOSED, NAMES, canonical, expand, nearest, only_arxiv
from bot.errors import BadTopic


def test_the_taxonomy_is_whole() -> None:
    assert len(NAMES) == 149
    assert len(ALIASES) == 6
    assert NAMES["cs.LG"] == NAMES["stat.ML"] == "Machine Learning"
    assert {*ALIASES.values(), *CLOSED.values()} <= NAMES.keys()
    assert {name.partition(".")[0] for name in NAMES if "." in name} == ARCHIVES.keys()


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("cs.CL", "cs.CL"),
        (" CS.cl ", "cs.CL"),
        ("math.mp", "math-ph"),
        ("stat.TH", "math.ST"),
        ("math.IT", "cs.IT"),
        ("q-fin.EC", "econ.GN"),
        ("cs.SY", "eess.SY"),
        ("cs.NA", "math.NA"),
        ("cmp-lg", "cs.CL"),
        ("CHAO-DYN", "nlin.CD"),
        ("hep-th", "hep-th"),
        ("astro-ph", "astro-ph"),  # papers before 2009 stand under the bare archive
        ("cs", None),
        ("I.2.6", None),
        ("", None),
    ],
)
def test_a_category_has_one_name(given_name: str, expected: str | None) -> None:
    assert canonical(given_name) == expected


def test_an_archive_means_all_its_classes_and_what_its_aliases_stand_for() -> None:
    everything = expand("CS")
    assert {"cs.CL", "cs.LG", "eess.SY", "math.NA"} <= everything
    assert len(everything) == 40
    assert expand("astro-ph") >= {"astro-ph", "astro-ph.CO"}
    assert expand("cmp-lg") == expand("cs.cl") == {"cs.CL"}


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("cs.CLL", "cs.CL"),
        ("csCV", "cs.CV"),
        ("machine learning", "stat.ML"),
        ("hepth", "hep-th"),
        ("quantum physic", "quant-ph"),
    ],
)
def test_an_unknown_category_is_refused_with_the_nearest(typed: str, suggestion: str) -> None:
    with pytest.raises(BadTopic) as refused:
        expand(typed)
    assert suggestion in refused.value.reason


def test_a_refusal_of_something_huge_stays_short() -> None:
    with pytest.raises(BadTopic) as refused:
        expand("cs." + "x" * 100_000)
    assert len(str(refused.value)) < 200


def test_classes_of_other_taxonomies_are_dropped() -> None:
    assert only_arxiv(("cs.NA", "I.2.6", "68T05", "math.NA", "cs.LG", "65F05, 15A18 (Primary)")) == ("math.NA", "cs.LG")


@given(name=st.sampled_from(sorted({*NAMES, *ALIASES, *CLOSED})))
def test_every_known_name_is_understood_in_any_case(name: str) -> None:
    found = canonical(name)
    assert found in NAMES
    assert canonical(name.upper()) == canonical(name.lower()) == canonical(found) == found


@given(text=st.text())
def test_any_text_is_a_topic_or_refused(text: str) -> None:
    try:
        assert expand(text)
    except BadTopic:
        assert len(nearest(text)) <= 3
