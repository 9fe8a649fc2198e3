"""What stands in a summary and in which form: a paragraph, a list, steps that are counted, parts with their names."""

import html
import json
import re
import xml.etree.ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser

from bot.channels.console import Console
from bot.domain.digest_layout import digest_message
from bot.domain.digests import Digest, DigestItem
from bot.domain.findings import Evidence, Figure, FigureState
from bot.domain.papers import TextOrigin
from bot.domain.styles import FieldKind
from bot.domain.summaries import Summary, SummaryField
from bot.reports import FORMATS, report
from bot.words import words
from tests.builders import a_digest, a_paper, a_pick, a_seen, a_sighting, a_summary

EN = words("en")
PAGES = tuple(form for form in FORMATS if form != "json")
CAUTION = "Caution: too few of the figures below are in the text that was read."
DOUBTFUL = Evidence(figures=(Figure(written="37.5 %", state=FigureState.MISSING),))
FIELDS = (
    SummaryField(name="problem", heading="Problem", points=("Notes: they get lost.",), form=FieldKind.TEXT),
    SummaryField(name="results", heading="Results", points=("Recall: up.", "Cost: down.")),
    SummaryField(name="steps", heading="Steps", points=("Train.", "Use."), form=FieldKind.NUMBERED),
    SummaryField(name="usage", heading="Usage", points=("Input: a <b> *c*.", "输出：文本。"), form=FieldKind.PARTS),
)


def a_written(
    *,
    tags: tuple[str, ...] = (),
    evidence: Evidence | None = None,
    share: float = 1.0,
    language: str = "en",
    model: str | None = "m-1",
) -> Summary:
    return a_summary(
        model=model,
        origin=TextOrigin.HTML,
        tldr="It remembers.",
        fields=FIELDS,
        tags=tags,
        evidence=evidence,
        share=share,
        language=language,
    )


def shown(form: str, summary: Summary | None = None) -> str:
    return report(a_day(summary or a_written()), form, EN)


def a_day(summary: Summary, *, language: str = "en") -> Digest:
    return a_digest(DigestItem(pick=a_pick(), summary=summary), language=language)


def chat(summary: Summary) -> str:
    (part,) = Console(print).render(digest_message(a_day(summary), EN))
    return str(json.loads(part.payload)["text"])


def test_markdown_has_a_paragraph_bullets_numbers_and_names_in_bold() -> None:
    page = shown("markdown")
    assert "#### Problem\n\nNotes: they get lost.\n\n#### Results\n\n- Recall: up.\n- Cost: down.\n\n" in page
    assert "#### Steps\n\n1. Train.\n2. Use.\n\n#### Usage\n\n- **Input**: a &lt;b&gt; \\*c\\*.\n- **输出**：文本。\n" in page


def test_a_terminal_has_them_without_markup() -> None:
    lines = ["Problem:", "Notes: they get lost.", "Results:", "- Recall: up.", "- Cost: down.", "Steps:", "1. Train.", "2. Use."]
    lines += ["Usage:", "- Input: a <b> *c*.", "- 输出：文本。"]
    assert "\n".join(f"   {line}" for line in lines) in shown("terminal")


def test_a_numbered_point_goes_on_under_its_own_text() -> None:
    steps = SummaryField(name="steps", heading="Steps", points=("word " * 30,), form=FieldKind.NUMBERED)
    page = report(a_day(a_summary(fields=(steps,))), "terminal", EN)
    assert re.search(r"^   1\. word.*\n      word", page, re.MULTILINE)


def test_a_chat_has_them_too_and_the_tags() -> None:
    lines = [
        "Problem",
        "Notes: they get lost.",
        "Results",
        "  - Recall: up.",
        "  - Cost: down.",
        "Steps",
        "  1. Train.",
        "  2. Use.",
    ]
    lines += ["Usage", "  - Input: a <b> *c*.", "  - 输出：文本。", "Tags: notebooks, memory"]
    assert "\n".join(lines) in chat(a_written(tags=("notebooks", "memory")))
    assert "Tags" not in chat(a_written())


@pytest.mark.parametrize("form", ["html", "rss", "atom"])
def test_html_has_the_elements_that_mean_it(form: str) -> None:
    page = shown(form)
    if form != "html":
        page = next(str(node.text) for node in ET.fromstring(page).iter() if node.tag.endswith(("encoded", "content")))
    flat = re.sub(r">\s+<", "><", page)
    flat = re.sub(r" class=\"\w+\"", "", flat).replace("h5", "h4")
    assert "<h4>Problem</h4><p>Notes: they get lost.</p>" in flat
    assert "<h4>Results</h4><ul><li>Recall: up.</li><li>Cost: down.</li></ul>" in flat
    assert "<h4>Steps</h4><ol><li>Train.</li><li>Use.</li></ol>" in flat
    assert "<ul><li><strong>Input</strong>: a &lt;b&gt; *c*.</li><li><strong>输出</strong>：文本。</li></ul>" in flat


def test_json_names_the_form() -> None:
    (paper,) = json.loads(shown("json"))["papers"]
    assert [section["form"] for section in paper["summary"]["sections"]] == ["text", "points", "numbered", "parts"]
    assert paper["summary"]["sections"][3]["points"] == ["Input: a <b> *c*.", "输出：文本。"]


@pytest.mark.parametrize("form", PAGES)
def test_the_caution_stands_above_the_summary(form: str) -> None:
    page = html.unescape(html.unescape(shown(form, a_written(evidence=DOUBTFUL)))).replace("\\", "")
    flat = " ".join(page.split())
    assert 0 < flat.find(CAUTION) < flat.find("It remembers.")
    assert CAUTION not in shown(form)


def test_the_caution_stands_above_the_summary_in_a_chat() -> None:
    said = chat(a_written(evidence=DOUBTFUL))
    assert 0 < said.find(CAUTION) < said.find("TL;DR")


@pytest.mark.parametrize("form", PAGES)
def test_a_page_says_beside_what_was_read_how_much_of_it(form: str) -> None:
    flat = " ".join(html.unescape(html.unescape(shown(form, a_written(share=0.314)))).split())
    label = re.search(r"Read(\*\*)?:?(</dt><dd>)? ?the full text \(HTML\), 31 % of it", flat)
    assert label, flat
    assert "Read: the full text (HTML), 100" not in flat


def test_html_shows_tags_outside_of_what_is_folded() -> None:
    seen = a_seen(a_paper(), a_sighting(tags=("agents", "memory")))
    day = a_digest(DigestItem(pick=a_pick(seen), summary=a_written(tags=("memory", "notebooks"))))
    page = LexborHTMLParser(report(day, "html", EN))
    (tags,) = page.css("article > p.tags")
    assert tags.text() == "Tags: agents, memory, notebooks"
    assert not LexborHTMLParser(shown("html")).css("p.tags")


# Languages that have no catalogue


def test_the_page_is_in_the_language_of_its_words_and_the_summary_in_its_own() -> None:
    page = LexborHTMLParser(report(a_day(a_written(language="fr"), language="fr"), "html", words("fr")))
    assert [node.attributes["lang"] for node in page.css("html")] == ["en"]
    assert {" ".join(node.text().split())[:13] for node in page.css('[lang="fr"]')} == {"It remembers.", "Problem Notes"}
    assert not page.css('[lang="fr"] .mark, [lang="fr"] details, .mark[lang]')


def test_a_summary_in_the_language_of_the_page_or_extracted_has_no_language_of_its_own() -> None:
    for summary, language in ((a_written(), "en"), (a_written(language="fr", model=None), "fr")):
        page = LexborHTMLParser(report(a_day(summary, language=language), "html", words(language)))
        assert [node.tag for node in page.css("[lang]")] == ["html"]


@pytest.mark.parametrize(("language", "catalogue"), [("fr", "en"), ("zh-Hant", "zh"), ("vi", "vi")])
def test_feeds_are_in_the_language_of_their_words(language: str, catalogue: str) -> None:
    day = a_day(a_written(language=language), language=language)
    assert f"<language>{catalogue}</language>" in report(day, "rss", words(language))
    assert f'xml:lang="{catalogue}"' in report(day, "atom", words(language))
    assert json.loads(report(day, "json", words(language)))["language"] == language
