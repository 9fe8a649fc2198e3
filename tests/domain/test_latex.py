"""TeX becomes readable text, and nothing that was said is lost."""

import json
import lzma
import re
import unicodedata
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from bot.domain import latex_tables
from bot.domain.latex import has_tex, to_unicode

CORPUS = Path(__file__).parents[2].parent / "shared" / "data" / "corpora" / "arxiv_cs_2026-02_to_2026-07.jsonl.xz"


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"Schr\"odinger", "Schrödinger"),
        (r"Schr\"{o}dinger", "Schrödinger"),
        (r"Schr{\"o}dinger", "Schrödinger"),
        (r"G{\"{o}}del", "Gödel"),
        (r"na\"\i ve", "naïve"),
        (r"\'{\i}", "í"),
        (r"\'\i", "í"),
        (r"\v{c} \v s", "č š"),
        (r"Erd\H{o}s--R\'enyi", "Erdős–Rényi"),
        (r"\c{C}elik, \AA ngstr\"om", "Çelik, Ångström"),
        (r"Stra\ss e, Stra{\ss}e", "Straße, Straße"),
        (r"\O rsted, S\o ren, {\L}ukasz", "Ørsted, Søren, Łukasz"),
        (r"$\hat{x}$ and $\bar y_i$", "x̂ and ȳᵢ"),
        (r"$\widehat{AUC}$", "hat(AUC)"),
    ],
)
def test_accents_in_all_their_shapes(tex: str, expected: str) -> None:
    assert to_unicode(tex) == unicodedata.normalize("NFC", expected)


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"$\mathcal{O}(n^2)$", "O(n²)"),
        (r"$O(n\log n)$", "O(n log n)"),
        (r"$\alpha$-stable", "α-stable"),
        (r"$2\pi r$", "2πr"),
        (r"$a \leq b$, $a\leq b$", "a ≤ b, a≤b"),
        (r"$x \in \mathbb{R}^n$", "x ∈ ℝⁿ"),
        (r"$\mathbb{R}^{n \times m}$", "ℝ^(n × m)"),
        (r"$10^{-3}$ and 10^{-3}", "10⁻³ and 10⁻³"),
        (r"H$_2$O", "H₂O"),
        (r"$x_{max}$, $x_{train}$, $x_B$", "xₘₐₓ, x_(train), x_B"),
        (r"$A^\top$, $90^\circ$, $x^*$, $f'$", "Aᵀ, 90°, x*, f′"),
        (r"$\frac{a}{b}$", "a/b"),
        (r"$\frac{a+1}{b}$", "(a+1)/b"),
        (r"$\frac{1}{2}x$", "(1/2)x"),
        (r"$2\frac12$", "2 1/2"),
        (r"$\sqrt{x}$, $\sqrt{x+1}$, $\sqrt[3]{x}$", "√x, √(x+1), ³√x"),
        (r"$\binom{n}{k}$", "binom(n, k)"),
        (r"$p \equiv 1 \pmod{4}$", "p ≡ 1 (mod 4)"),
        (r"$\not\in$, $\not=$", "∉, ≠"),
        (r"$\left(\frac{a}{b}\right)$", "(a/b)"),
        (r"$\left\{x\right.$", "{x"),
        (r"\(n\) and \[ n^2 \]", "n and n²"),
        ("$$E = mc^2$$", "E = mc²"),
        (r"$x$$y$", "xy"),
        (r"$ x $ is", "x is"),
        (r"$\textbf{$ρ$-$\texttt{EOS}$}$", "ρ-EOS"),
        (r"$1.8\times$", "1.8×"),
        (r"$15$--$40$", "15–40"),
        (r"${\sim}$73,500", "∼73,500"),
        (r"19.7\,FPS", "19.7 FPS"),
    ],
)
def test_formulas(tex: str, expected: str) -> None:
    assert to_unicode(tex) == expected


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"\textbf{Res}haped", "Reshaped"),
        (r"\emph{very} {\em much} so", "very much so"),
        (r"\textsc{\small{gpt-oss}}", "gpt-oss"),
        (r"\texttt{a\_b}", "a_b"),
        (r"\textcolor{red}{hello}", "hello"),
        (r"50\% of A\&B, \#1, \$5", "50% of A&B, #1, $5"),
        (r"\url{https://a.org/~b_c}", "https://a.org/~b_c"),
        (r"\href{https://a.org/b\_c}{here}", "here (https://a.org/b_c)"),
        (r"\href{https://a.org}{https://a.org}", "https://a.org"),
        (r"as in~\cite{foo2020}", "as in [foo2020]"),
        (r"Theorem~A, 2.1~dB, RTX~5090", "Theorem A, 2.1 dB, RTX 5090"),
        ("``quoted'' --- query--response", "“quoted” — query–response"),
        (r"\ours{} and \ours beats \method", "ours and ours beats method"),
        (r"\rev{some text}", "rev some text"),
        (r"C:\path", "C:path"),
        ("{BERT}: a model", "BERT: a model"),
        (r"first\\second", "first second"),
        (r"Pass\^{}1", "Pass^1"),
        (r"\unicode{x2014}", "—"),
    ],
)
def test_markup_and_macros(tex: str, expected: str) -> None:
    assert to_unicode(tex) == expected


@pytest.mark.parametrize(
    "text",
    [
        "by 10% over A & B",
        "$5 and $10",
        "between $5-$10",
        "only $0.04 per trajectory",
        "$1-2 per model, $15 USD",
        "saving over $30M and up to $1.5 billion",
        "set $HOME and PATH",
        "~16 mm, 1~2%, (~3)",
        "snake_case and x^2 and a_b_c",
        "the set {a, b} and {0}",
        "run it --verbose",
        "https://a.org/~name/x--y_z",
        "don't ''quote'' `code`",
        "$", "$$", "{", "}", "^", "_", "~", "\\", "a $ b",
        "C'est ça, 漢字, emoji 🎉",
    ],
)  # fmt: skip
def test_what_is_no_tex_stays(text: str) -> None:
    assert to_unicode(text) == text


def test_a_price_and_a_formula_in_one_sentence() -> None:
    text = r"at ($p < 0.01$), enabling $0.003/query deployment, supported by ($\alpha$), $38\% of it"
    assert to_unicode(text) == "at (p < 0.01), enabling $0.003/query deployment, supported by (α), $38% of it"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", False),
        ("$5 and $10", False),
        ("snake_case ~16 50%", False),
        ("$x$", True),
        (r"a \textbf{b}", True),
        (r"50\%", True),
        (r"\(x\)", True),
    ],
)
def test_leftover_tex_is_seen(text: str, *, expected: bool) -> None:
    assert has_tex(text) is expected


LOSSES = [
    "accuracy improves by 10% over the baseline",
    "research & development",
    r"we propose \ourmethod for speech",
    r"the \texttt{config} option",
    "costs fell from $5 and $10 to $3",
]


@pytest.mark.parametrize("text", LOSSES)
def test_nothing_is_lost_where_the_usual_library_loses_it(text: str) -> None:
    theirs = LatexNodes2Text().latex_to_text(text)
    assert not characters(without_markup(text)) - characters(to_unicode(text))
    assert theirs != to_unicode(text)


def characters(text: str) -> Counter[str]:
    """The letters and digits of `text`, accents and raised forms folded away."""
    folded = unicodedata.normalize("NFKD", text.replace("ı", "i"))
    return Counter(c for c in folded if c.isascii() and c.isalnum())


def without_markup(text: str) -> str:
    """What of a text must be found again: everything but command names, and a link that is its own text only once."""
    text = re.sub(r"\\href\s*\{([^{}]*)\}\s*\{\1\}", r"\1", text)
    text = re.sub(r"\\(?:begin|end|color|textcolor|unicode)\s*\{[^{}]*\}", "", text)
    return re.sub(r"\\[A-Za-z]+", "", text)


PIECES = r"""
\alpha \textbf{ \emph{ \frac{ \frac \sqrt{ \sqrt[3] \hat \hat{ \mathbb{ \mathcal{ \not \left( \right) \foo \foo{ \log \' \" \v
\c{ \ss \i \L \% \& \$ \_ \{ \} \\ \, \( \) \[ \] \cite{ \url{ \text{ \mathrm \big. { } $ $$ ^ _ ~ -- --- `` '' ' ab 12 x 7 . ,
( ) % & 5.3 AUC \binom{ \overline{ \textsuperscript{ \footnote{ é 漢
"""
tex = st.lists(st.sampled_from((*PIECES.split(), " ")), max_size=25).map("".join)


@given(text=tex | st.text())
def test_no_letter_or_digit_is_lost(text: str) -> None:
    assert not characters(without_markup(text)) - characters(to_unicode(text))


@given(text=tex | st.text())
def test_no_command_and_no_formula_is_left(text: str) -> None:
    result = to_unicode(text)
    assert not re.search(r"\\\S", result)
    if r"\$" not in text:
        assert not has_tex(result)


@pytest.mark.parametrize(
    "piece",
    [
        "{",
        "}",
        "$",
        "\\frac",
        "\\hat",
        "\\href{",
        "\\textcolor{",
        "^",
        "x_{",
        "\\",
        "$5 ",
        "\\sqrt[",
        "``",
        "\\left.",
        "1,",
        "{a",
        "$1,1,",
    ],
)
def test_hostile_text_takes_steps_in_proportion_to_its_length(piece: str) -> None:
    """Counted in characters handled, not in seconds: the result may not explode, and deep nesting ends."""
    for size in (1_000, 100_000):
        assert len(to_unicode(piece * (size // len(piece)))) <= 4 * size


def test_text_without_tex_is_returned_as_it_is() -> None:
    text = "Nothing to do here: 50% of it & more."
    assert to_unicode(text) is text


def test_every_symbol_of_the_tables_is_known_and_leaves_no_tex() -> None:
    for name, sign in (latex_tables.SYMBOLS | latex_tables.LETTERS).items():
        assert to_unicode(f"\\{name}") == sign
        assert not has_tex(sign)


def test_real_titles_and_abstracts_are_readable() -> None:
    if not CORPUS.exists():
        pytest.skip(f"{CORPUS} is not here")
    with lzma.open(CORPUS, "rt") as lines:
        papers = [json.loads(line) for line in islice(lines, 4000)]
    texts = [text for paper in papers for text in (paper["title"], paper["summary"])]
    results = [to_unicode(text) for text in texts]
    assert [result for result in results if has_tex(result)] == []
    again = sum(to_unicode(result) != result for result in results)
    assert again <= 2
    assert sum(result != text for result, text in zip(results, texts, strict=True)) > 500
