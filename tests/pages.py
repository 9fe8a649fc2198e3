"""A paper's HTML and PDF as arXiv serves them, made of sentences of ours."""

from html import escape

from tests.pdfs import a_paper_pdf
from tests.readers.latexml_pages import a_page, paragraph, section

BODY = {
    "1 Introduction": (
        "Long conversations make assistants forget what was agreed at their start. Every reminder costs context, and "
        "nobody likes to repeat a wish. We ask how much a notebook helps that the model keeps for itself between turns."
    ),
    "2 Method": (
        "The notebook holds at most 48 lines. After each turn the model may add, change or strike out a line, and before "
        "each turn it reads all of them. Training needs 3.2 million conversations and took 41 hours on 8 accelerators."
    ),
    "3 Results": (
        "On three benchmarks the notebook raises recall from 61.5% to 74.0%, at 1.7 times the cost of a plain model. "
        "Without striking out, recall falls to 69.2%. Readers preferred the notebook in 812 of 1,000 comparisons."
    ),
    "4 Conclusion": (
        "A small notebook that a model keeps for itself is worth more than a longer context. It does not help where "
        "nothing has to be remembered, and its lines are sometimes wrong. Larger notebooks remain to be tried."
    ),
}
FILLER = (
    "The remaining paragraphs describe how the data were gathered, who judged the answers and under which rules. "
    "Each judge saw both answers in a random order and could call a draw. The order had no visible effect on them. "
)


def paper_html(title: str, abstract: str, *, extra: str = "", body: dict[str, str] | None = None) -> bytes:
    """A LaTeXML page; `extra` is one more paragraph of the last section."""
    chosen = BODY if body is None else body
    last = len(chosen) - 1
    parts = [
        section(
            heading.partition(" ")[2],
            paragraph(escape(text)),
            paragraph(escape(FILLER * 6)),
            paragraph(escape(extra)) if extra and number == last else "",
            tag=heading.partition(" ")[0],
        )
        for number, (heading, text) in enumerate(chosen.items())
    ]
    return a_page(*parts, title=title, abstract=escape(abstract))


def paper_pdf(title: str, abstract: str) -> bytes:
    """The same paper as a PDF."""
    sections = [(heading, f"{text}\n\n{FILLER * 4}") for heading, text in BODY.items()]
    return a_paper_pdf([("", title), ("Abstract", abstract), *sections])
