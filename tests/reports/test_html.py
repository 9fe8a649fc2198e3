"""The HTML file loads and runs nothing, holds everything, and shows data as it is."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.domain.digests import Digest
from bot.domain.visible import shown
from bot.reports import paper_report
from bot.reports.html import html, policy
from bot.words import words
from tests.builders import a_digest, a_notice, a_seen, a_summary
from tests.reports.hostile import a_hostile_item, titles
from tests.reports.test_markdown import a_full_digest

EN = words("en")


def parsed(digest: Digest) -> LexborHTMLParser:
    return LexborHTMLParser(html(digest, EN))


def only(page: LexborHTMLParser, selector: str) -> LexborNode:
    """The first node that `selector` finds; there has to be one."""
    node = page.css_first(selector)
    assert node is not None, selector
    return node


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_the_page_loads_nothing_and_its_policy_allows_its_own_style_only() -> None:
    page = parsed(a_full_digest())
    assert not page.css("script, link, img, iframe, object, embed, form, [style], [onclick], [src]")
    style = only(page, "style").text()
    assert "url(" not in style
    assert "@import" not in style
    meta = only(page, 'meta[http-equiv="Content-Security-Policy"]').attributes["content"]
    assert meta == policy(style)
    assert str(meta).startswith("default-src 'none'; style-src 'sha256-")


def test_the_page_is_made_for_phones_for_light_and_for_dark() -> None:
    page = parsed(a_full_digest())
    assert only(page, 'meta[name="viewport"]').attributes["content"] == "width=device-width, initial-scale=1"
    assert "prefers-color-scheme: dark" in only(page, "style").text()


def test_headings_come_in_order_and_the_language_is_named() -> None:
    page = parsed(a_full_digest())
    levels = [int(str(node.tag)[1]) for node in page.css("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert only(page, "html").attributes["lang"] == "en"


def test_all_sections_of_all_summaries_stand_at_one_depth() -> None:
    assert [node.text() for node in parsed(a_full_digest()).css("h4")] == ["Main idea", "# Results", "Problem"]
    assert not parsed(a_full_digest()).css("h5, h6")


@pytest.mark.parametrize(
    "part",
    [
        "8 of 214 papers matched, from cs.CL, cs.AI and Hugging Face",
        *("2026-01-06 09:00 UTC", "214 found, 8 matched, 2 listed, 2 summarized", "survey", "Notes | on [Memory] & <think>"),
        *("Ada Example, Bo Sample", "156 votes · score 5.2", "2601.00001v2", "the full text (PDF)", "memory, agents, notebooks"),
        *(
            "title: memory 4.0; 156 votes 1.2",
            "Written by m-1 from the full text (PDF).",
            "Code: none found",
            "@misc{",
            "12.5 points",
        ),
        *("Hugging Face asked us to wait", "and 6 more that matched"),
    ],
)
def test_the_page_holds(part: str) -> None:
    body = parsed(a_full_digest()).body
    assert body is not None
    assert part in squeezed(body.text())


def test_every_link_leads_to_the_web_or_to_a_place_on_the_page() -> None:
    page = parsed(a_full_digest())
    for link in page.css("a"):
        target = str(link.attributes["href"])
        assert re.fullmatch(r"https?://[^\s]*\w", target) or page.css_first(target), target


def test_an_empty_day_says_why() -> None:
    page = parsed(a_digest(notices=(a_notice(),)))
    assert only(page, ".empty li").text() == "arXiv announced nothing for 2026-01-10, because of the weekend."


def test_one_paper_alone_has_its_title_as_the_heading_of_the_page() -> None:
    text = paper_report(a_seen(), a_summary(), "html", EN, made_at=a_digest().made_at)
    page = LexborHTMLParser(text)
    assert [squeezed(node.text()) for node in page.css("h1")] == ["A Notebook for Forgetful Assistants"]
    assert [node.text() for node in page.css("h2.part")] == ["Problem"]


def _contrast(first: str, second: str) -> float:
    """The contrast of two colours by WCAG 2."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize("ink", ["ink", "soft", "link", "spot"])
@pytest.mark.parametrize("ground", ["paper", "tint"])
def test_every_colour_of_text_has_contrast_enough_in_light_and_dark(theme: int, ink: str, ground: str) -> None:
    style = only(parsed(a_digest()), "style").text()
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", style.split("@media (prefers-color-scheme: dark)")[theme]))
    assert _contrast(colours[ink], colours[ground]) >= 4.5


@given(titles)
def test_hostile_data_is_shown_as_it_is(text: str) -> None:
    page = parsed(a_digest(a_hostile_item(text)))
    assert squeezed(only(page, "h3 a").text()) == shown(text)
    assert squeezed(only(page, "h4").text()) == squeezed(only(page, ".byline").text()) == shown(text)
    assert squeezed(only(page, ".quotes li").text()) == f"“{shown(text)}” ({shown(text)})"
    assert shown(text) in squeezed(only(page, ".mark").text())
    assert not page.css("script, img, b, article article, main main, [onclick]")
    assert len(page.css("article")) == 1
