"""Titles and summaries as the worst of strangers would write them, for every format."""

from hypothesis import strategies as st

from bot.domain.digests import DigestItem
from bot.domain.findings import CheckedQuotation, Evidence, Figure, FigureState, Quotation
from bot.domain.papers import TextOrigin
from bot.domain.summaries import Summary, SummaryField
from bot.domain.visible import shown
from tests.builders import a_paper, a_pick, a_seen, a_summary

PIECES = (
    *(
        "<think> tokens",
        "</title>",
        "]]>",
        "<!--",
        "-->",
        "&amp;",
        "&lt;b&gt;",
        "&",
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "{% x %}",
    ),
    *(
        "_under_",
        "*star*",
        "`tick`",
        "``",
        "[a](b)",
        "![i](j)",
        "(x)",
        "~~no~~",
        "| a | b |",
        "\\",
        "\\n",
        "# head",
        "1. list",
        "2) list",
    ),
    *(
        "- item",
        "+ item",
        "=",
        "===",
        "---",
        "> quote",
        "!",
        ".",
        "$5 and $6",
        "$x^2$",
        "{n}",
        "%s",
        ":",
        "@all",
        "'",
        '"',
        "'''",
    ),
    *(
        "\x00",
        "\x1b[31m",
        "\x07",
        "\x0b",
        "\x85",
        "\u2028",
        "\u202e",
        "\ufffe",
        "\ud800",
        "\ufeff",
        "\u200d",
        "é",
        "e\u0301",
        "漢字",
        "👩\u200d🔬",
    ),
    *(
        "https://e.org/a_b).",
        "</details>",
        "</summary>",
        "<br>",
        '" onclick="x',
        "javascript:x",
        "\n\n",
        "\t",
        "    code",
        "\r\n# head",
    ),
    *(r"\textbf{Res}haped", r"Schr\"odinger", r"$\mathcal{O}(n^2)$", "{", "}", "\\begin{x}", "--", "^", "a" * 200),
)

titles = (
    st.lists(st.sampled_from(PIECES) | st.text(st.characters(), max_size=12), min_size=1, max_size=6).map(" ".join).filter(shown)
)


def a_hostile_summary(text: str) -> Summary:
    """A written summary with `text` in every field that holds any."""
    quotation = Quotation(text=text, section=text)
    return a_summary(
        model=text,
        origin=TextOrigin.HTML,
        tldr=text or "x",
        fields=(SummaryField(name="x", heading=text, points=(text, text)),),
        tags=(text,),
        share=0.82,
        evidence=Evidence(
            figures=(Figure(written=text, state=FigureState.MISSING), Figure(written="3", state=FigureState.FOUND)),
            quotations=(
                CheckedQuotation(quotation=quotation, is_found=True),
                CheckedQuotation(quotation=quotation, is_found=False),
            ),
        ),
    )


def a_hostile_item(text: str) -> DigestItem:
    """A paper and its summary with `text` wherever a stranger or a model can write."""
    paper = a_paper(title=text, abstract=text, authors=(text,), comment=text, categories=("cs.CL",))
    return DigestItem(pick=a_pick(a_seen(paper)), summary=a_hostile_summary(text))
