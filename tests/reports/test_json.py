"""The JSON obeys its documented schema and holds what the digest holds."""

import json
import typing
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given

import bot
from bot.domain.digests import Digest, DigestItem, Emptiness, ReasonKind
from bot.domain.findings import CheckedQuotation, Evidence, Figure, FigureState, Quotation
from bot.domain.intake import Why
from bot.domain.papers import AnnounceType, Scheme, TextOrigin
from bot.domain.summaries import Lack
from bot.domain.visible import shown
from bot.reports.json import SCHEMA
from bot.reports.json import json as as_json
from tests.builders import a_digest, a_notice, a_paper, a_pick, a_summary
from tests.reports.hostile import a_hostile_item, titles
from tests.reports.test_feed import DIGESTS
from tests.reports.test_markdown import a_full_digest

DOCUMENT = json.loads((Path(bot.__file__).parent.parent / "docs" / "digest.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(DOCUMENT)


def values(digest: Digest) -> dict[str, typing.Any]:  # JSON is any shape until it is validated
    loaded: dict[str, typing.Any] = json.loads(as_json(digest))
    return loaded


@pytest.mark.parametrize("digest", [a_full_digest(), *DIGESTS, a_digest(empty_because=tuple(Emptiness))])
def test_every_digest_obeys_the_schema(digest: Digest) -> None:
    VALIDATOR.check_schema(DOCUMENT)
    assert [error.message for error in VALIDATOR.iter_errors(values(digest))] == []


def test_the_schema_sees_a_digest_that_is_broken() -> None:
    changes: tuple[dict[str, object], ...] = ({"schema": 2}, {"made_at": "yesterday"}, {"papers": [{}]}, {"surprise": 1})
    for change in changes:
        assert not VALIDATOR.is_valid(values(a_full_digest()) | change)


@pytest.mark.parametrize(
    ("place", "codes"),
    [
        (("notice", "why"), Why),
        (("reason", "kind"), ReasonKind),
        (("sighting", "announce_type"), AnnounceType),
    ],
)
def test_the_schema_knows_every_code(place: tuple[str, str], codes: type[Why | ReasonKind | AnnounceType]) -> None:
    documented = DOCUMENT["$defs"][place[0]]["properties"][place[1]]["enum"]
    assert {code for code in documented if code} == set(codes)


def test_the_schema_knows_schemes_origins_reasons_and_its_own_version() -> None:
    assert DOCUMENT["$defs"]["paper"]["properties"]["id"]["properties"]["scheme"]["enum"] == list(Scheme)
    assert DOCUMENT["$defs"]["origin"]["enum"] == list(TextOrigin)
    assert DOCUMENT["properties"]["empty_because"]["items"]["enum"] == list(Emptiness)
    assert DOCUMENT["properties"]["schema"]["const"] == SCHEMA


def test_the_schema_knows_every_lack_and_what_becomes_of_a_figure() -> None:
    figures = DOCUMENT["$defs"]["evidence"]["properties"]["figures"]["items"]
    assert DOCUMENT["$defs"]["lack"]["enum"] == list(Lack)
    assert figures["properties"]["state"]["enum"] == list(FigureState)


def test_a_summary_says_how_much_was_read_what_it_lacks_and_what_it_rests_on() -> None:
    evidence = Evidence(
        figures=(Figure(written="12.5 %", state=FigureState.COMPUTED),),
        quotations=(CheckedQuotation(quotation=Quotation(text="It helps.", section="4"), is_found=False),),
    )
    summary = a_summary(model="m-1", share=0.5, lack=Lack.SITE, evidence=evidence)
    digest = a_digest(DigestItem(pick=a_pick(), summary=summary), DigestItem(pick=a_pick(), lack=Lack.QUOTA), a_paper())
    first, second, third = values(digest)["papers"]
    assert (first["summary"]["share"], first["summary"]["lack"], first["lack"]) == (0.5, "site", None)
    assert first["summary"]["evidence"] == {
        "figures": [{"written": "12.5 %", "state": "computed"}],
        "quotations": [{"text": "It helps.", "section": "4", "is_found": False}],
    }
    assert (second["summary"], second["lack"], third["lack"]) == (None, "quota", None)
    assert VALIDATOR.is_valid(values(digest))


def test_tex_is_shown_as_unicode_and_kept_beside_it() -> None:
    paper = values(a_digest(a_paper(title=r"On \textbf{Res}haped $x^2$")))["papers"][0]
    assert (paper["title"], paper["title_tex"]) == ("On Reshaped x²", r"On \textbf{Res}haped $x^2$")


def test_a_paper_keeps_its_score_reasons_votes_summary_and_links() -> None:
    paper = values(a_full_digest())["papers"][0]
    assert [reason["points"] for reason in paper["score"]["reasons"]] == [4.0, 1.2]
    assert (paper["votes"], paper["id"]["version"], paper["summary"]["model"]) == (156, 2, "m-1")
    assert paper["links"]["code"] == ["https://github.com/example/notebook"]
    assert [section["heading"] for section in paper["summary"]["sections"]] == ["Main idea", "# Results"]


def test_an_empty_day_says_why() -> None:
    assert values(a_digest(notices=(a_notice(),)))["notices"][0]["why"] == "weekend"


@given(titles)
def test_a_hostile_title_arrives_as_it_is_shown_and_can_be_written(title: str) -> None:
    digest = a_digest(a_hostile_item(title))
    as_json(digest).encode("utf-8")
    assert VALIDATOR.is_valid(values(digest))
    paper = values(digest)["papers"][0]
    evidence = paper["summary"]["evidence"]
    assert evidence["figures"][0]["written"] == evidence["quotations"][0]["section"] == shown(title)
    assert paper["title"] == paper["abstract"] == paper["summary"]["tldr"] == shown(title)
