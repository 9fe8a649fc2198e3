"""Both feeds keep every rule of their specifications and are read back whole."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime

import feedparser
import pytest
from hypothesis import given
from selectolax.lexbor import LexborHTMLParser

from bot.domain.digests import Digest, DigestItem
from bot.domain.intake import Why
from bot.domain.papers import PaperKey, Scheme
from bot.domain.visible import shown
from bot.domain.words import Words
from bot.reports.feed import atom, feed_id, rss
from bot.words import words
from tests.builders import a_digest, a_notice, a_paper, a_pick, a_seen, a_sighting, a_summary
from tests.reports.feed_rules import ATOM, CONTENT, DC, faults_of_atom, faults_of_rss, parsed
from tests.reports.hostile import a_hostile_item, titles

EN = words("en")
LINK = "https://papers.example.org/me"
FILE_KEY = PaperKey(scheme=Scheme.FILE, value="refs.bib:key")


def a_full_digest() -> Digest:
    paper = a_paper(title="AT&T <think> tokens", code=("https://github.com/example/notebook",))
    other = a_paper(arxiv_id="hep-th/9901001", title="Old", authors=(), published_at=None, abstract="")
    return a_digest(
        DigestItem(pick=a_pick(a_seen(paper)), summary=a_summary()),
        a_seen(other, a_sighting(arxiv_id="hep-th/9901001", batch_on=None)),
        a_paper(key=FILE_KEY, version=None, title="Nowhere"),
        a_paper(key=PaperKey(scheme=Scheme.DOI, value="10.1000/x.y"), version=None, title="By its DOI"),
        notices=(a_notice(),),
    )


DIGESTS = [a_full_digest(), a_digest(a_paper()), a_digest(notices=(a_notice(why=Why.UNREACHABLE),))]


@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize("link", ["", LINK])
def test_every_rule_of_rss_is_kept(digest: Digest, link: str) -> None:
    assert faults_of_rss(rss(digest, EN, link)) == ()


@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize("link", ["", LINK])
def test_every_must_of_rfc_4287_is_kept(digest: Digest, link: str) -> None:
    assert faults_of_atom(atom(digest, EN, link)) == ()


@pytest.mark.parametrize("write", [rss, atom])
def test_feedparser_reads_it_back_whole(write: Callable[[Digest, Words, str], str]) -> None:
    feed = feedparser.parse(write(a_full_digest(), EN, LINK))
    first = feed.entries[0]
    assert not feed.bozo
    assert feed.feed.link == LINK
    assert [entry.title for entry in feed.entries] == ["AT&T <think> tokens", "Old", "Nowhere", "By its DOI"]
    assert first.link == first.id == "https://arxiv.org/abs/2601.00001"
    assert [author.name for author in first.authors] == ["Ada Example", "Bo Sample"]
    assert [tag.term for tag in first.tags] == ["cs.CL", "cs.AI"]
    assert first.published_parsed == time.struct_time((2026, 1, 5, 9, 30, 0, 0, 5, 0))
    content = first.content[0].value
    assert all(part in content for part in ("notebook that the model", "12.5 points", "github.com/example/notebook"))


def test_a_paper_without_a_date_gets_none_in_rss() -> None:
    digest = a_digest(a_seen(a_paper(published_at=None), a_sighting(batch_on=None)))
    assert parsed(rss(digest, EN)).find("channel/item/pubDate") is None


@pytest.mark.parametrize(
    ("updated_at", "batch_on", "expected"),
    [
        (datetime(2026, 1, 8, 7, tzinfo=UTC), date(2026, 1, 9), "2026-01-08T07:00:00Z"),
        (None, date(2026, 1, 9), "2026-01-09T00:00:00Z"),
        (None, None, "2026-01-06T09:00:00Z"),
    ],
)
def test_updated_is_that_of_the_version_else_of_the_announcement_else_of_the_digest(
    updated_at: datetime | None, batch_on: date | None, expected: str
) -> None:
    digest = a_digest(a_seen(a_paper(published_at=None, updated_at=updated_at), a_sighting(batch_on=batch_on)))
    entry = parsed(atom(digest, EN)).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}updated") == expected
    assert entry.find(f"{ATOM}published") is None


def test_ids_stay_the_same_from_day_to_day() -> None:
    today, tomorrow = a_full_digest(), a_full_digest()
    later = a_digest(*tomorrow.items, on=date(2026, 1, 7), made_at=datetime(2026, 1, 7, 9, tzinfo=UTC))
    assert _ids(atom(today, EN)) == _ids(atom(later, EN))
    assert _guids(rss(today, EN)) == _guids(rss(later, EN))
    assert feed_id(today, LINK) != feed_id(today, "")


def _ids(xml: str) -> list[str | None]:
    return [each.text for each in parsed(xml).iter(f"{ATOM}id")]


def _guids(xml: str) -> list[str | None]:
    return [each.text for each in parsed(xml).iter("guid")]


def test_a_paper_that_has_no_page_has_an_id_that_is_no_link() -> None:
    item = parsed(rss(a_digest(a_paper(key=FILE_KEY)), EN)).find("channel/item")
    assert item is not None
    guid = item.find("guid")
    assert guid is not None
    assert (guid.get("isPermaLink"), str(guid.text)[:9], item.find("link")) == ("false", "urn:uuid:", None)


def test_an_empty_day_says_why_in_the_feed() -> None:
    digest = a_digest(notices=(a_notice(),))
    reason = "arXiv announced nothing for 2026-01-10, because of the weekend."
    assert reason in (parsed(rss(digest, EN)).findtext("channel/description") or "")
    assert reason in (parsed(atom(digest, EN)).findtext(f"{ATOM}subtitle") or "")


@given(titles)
def test_a_hostile_title_and_author_arrive_as_they_are_shown(title: str) -> None:
    digest = a_digest(a_hostile_item(title))
    as_rss, as_atom = rss(digest, EN), atom(digest, EN)
    assert faults_of_rss(as_rss) == faults_of_atom(as_atom) == ()
    item, entry = parsed(as_rss).find("channel/item"), parsed(as_atom).find(f"{ATOM}entry")
    assert item is not None
    assert entry is not None
    assert (item.findtext("title"), entry.findtext(f"{ATOM}title")) == (shown(title), shown(title))
    assert item.findtext(f"{DC}creator") == entry.findtext(f"{ATOM}author/{ATOM}name") == shown(title)
    content = item.findtext(f"{CONTENT}encoded")
    assert content == entry.findtext(f"{ATOM}content")
    page = LexborHTMLParser(content or "")
    assert [node.text() for node in page.css("h4")][:2] == [shown(title), "Quotes"]
    assert f"“{shown(title)}” ({shown(title)})" in [node.text() for node in page.css("li")]
    assert all(shown(title) in node.text() for node in page.css("em")[:1])


BROKEN_RSS = [
    ("<title>Paperboy: notebook</title>", ""),
    ("<link>https://arxiv.org/</link>", "<link>arxiv.org</link>"),
    ("<language>en</language>", "<language>?</language>"),
    ("+0000</lastBuildDate>", "</lastBuildDate>"),
    ('isPermaLink="true">https:', 'isPermaLink="true">urn:'),
    ("<item>", "<item><wrong/>"),
    ('version="2.0"', 'version="0.9"'),
]


@pytest.mark.parametrize(("old", "new"), BROKEN_RSS)
def test_the_rules_of_rss_see_a_broken_feed(old: str, new: str) -> None:
    whole = rss(a_digest(a_paper()), EN)
    assert old in whole
    assert faults_of_rss(whole.replace(old, new, 1))


BROKEN_ATOM = [
    ("<updated>2026-01-06T09:00:00Z</updated>", ""),
    ("2026-01-06T09:00:00Z", "2026-01-06 09:00"),
    ("<id>https://arxiv.org/abs/2601.00001</id>", "<id>2601.00001</id>"),
    ('term="cs.CL"', 'label="cs.CL"'),
    ("<name>Ada Example</name>", ""),
    ('type="html">', 'type="html"><b/>'),
    ('<link href="https://arxiv.org/abs/2601.00001" rel="alternate" />', '<link href="a" rel="alternate" />'),
    ("<entry>", "<entry><title>twice</title>"),
]


@pytest.mark.parametrize(("old", "new"), BROKEN_ATOM)
def test_the_rules_of_atom_see_a_broken_feed(old: str, new: str) -> None:
    whole = atom(a_digest(a_paper()), EN)
    assert old in whole
    assert faults_of_atom(whole.replace(old, new, 1))
