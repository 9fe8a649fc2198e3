"""Public addresses, and the code links that abstracts and comments name."""

import json
import lzma
import re
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.links import PublicKind, code_links, public_links, united
from bot.domain.papers import Link, LinkKind, PaperKey, Scheme
from tests.builders import arxiv_key

CORPUS = Path(__file__).parents[2].parent / "shared" / "data" / "corpora" / "arxiv_cs_2026-02_to_2026-07.jsonl.xz"


def urls(*texts: str | None) -> list[str]:
    return [link.url for link in code_links(*texts)]


def test_public_addresses_of_a_paper() -> None:
    links = {link.kind: link.url for link in public_links(arxiv_key("2501.12345"), 2)}
    assert links == {
        PublicKind.HUGGINGFACE: "https://huggingface.co/papers/2501.12345",
        PublicKind.ABS: "https://arxiv.org/abs/2501.12345v2",
        PublicKind.HTML: "https://arxiv.org/html/2501.12345v2",
        PublicKind.PDF: "https://arxiv.org/pdf/2501.12345v2",
    }


def test_an_old_id_has_neither_html_nor_a_page_on_hugging_face() -> None:
    assert [link.url for link in public_links(arxiv_key("hep-th/9901001"))] == [
        "https://arxiv.org/abs/hep-th/9901001",
        "https://arxiv.org/pdf/hep-th/9901001",
    ]


def test_papers_elsewhere_are_read_at_their_doi_or_nowhere() -> None:
    assert [link.url for link in public_links(PaperKey(scheme=Scheme.DOI, value="10.1145/1.2"))] == [
        "https://doi.org/10.1145/1.2"
    ]
    assert public_links(PaperKey(scheme=Scheme.FILE, value="x")) == ()


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/a/b",
        "Code: https://github.com/a/b.",
        "(https://github.com/a/b).",
        "https://github.com/a/b, and more",
        "https://github.com/a/b; data",
        '"https://github.com/a/b"',
        "**https://github.com/a/b**",
        "[code](https://github.com/a/b)",
        "<https://github.com/a/b>",
        "`https://github.com/a/b`",
        "https://github.com/a/b}",
        "{https://github.com/a/b}",
        r"\url{https://github.com/a/b.}",
        r"\url{https://github.com/a/b}.",
        r"\href{https://github.com/a/b}{https://github.com/a/b}",
        r"\href{https://github.com/a/b}{our code}",
        r"\texttt{https://github.com/a/b}",
        r"$\href{https://github.com/a/b}{code}$",
        "\\url{https://github.com/\na/b}",
        "https://github.com/a/\nb",
        "https://github.com/ a/b",
        "https: //github.com/a/b",
        "https:/github.com/a/b",
        "http://www.github.com/a/b/",
        "HTTPS://GitHub.com/a/b.git",
        "github.com/a/b",
        "www.github.com/a/b",
        "at github.com/a/b.",
        "https://github.com/a/b。",
        "https://github.com/a/b.The code",
        "https://github.com/a/b.Warning: this",
        "https://github.com/a/bhttps://github.com/a/b",
        "https://github.com//a/b",
    ],
)
def test_every_way_to_write_a_link_gives_the_same(text: str) -> None:
    assert [url.replace("http:", "https:").replace("www.", "") for url in urls(text)] == ["https://github.com/a/b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"https://github.com/a/b\_c", "https://github.com/a/b_c"),
        (r"https://github.com/a/b{\_}c", "https://github.com/a/b_c"),
        (r"https://a.edu/\~name/code", "https://a.edu/~name/code"),
        ("https://github.com/long-\nname/b", "https://github.com/long-name/b"),
        ("https://github.com/Long- Name/b", "https://github.com/Long-Name/b"),
        ("https://github.com/cxcscmu/AutoRule.", "https://github.com/cxcscmu/AutoRule"),
        ("https://github.com/a/next.js.", "https://github.com/a/next.js"),
        ("https://a.github.io/b/#demo", "https://a.github.io/b/#demo"),
        ("lab.github.io/page", "https://lab.github.io/page"),
    ],
)
def test_tex_and_line_breaks_inside_a_link(text: str, expected: str) -> None:
    assert urls(text) == [expected]


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://gitlab.com/a/b", LinkKind.CODE),
        ("https://gitlab.inria.fr/a/b", LinkKind.CODE),
        ("https://bitbucket.org/a/b", LinkKind.CODE),
        ("https://codeberg.org/a/b", LinkKind.CODE),
        ("https://huggingface.co/datasets/a/b", LinkKind.CODE),
        ("https://huggingface.co/spaces/a/b", LinkKind.CODE),
        ("https://huggingface.co/a/model", LinkKind.CODE),
        ("https://huggingface.co/a", LinkKind.PROJECT),
        ("https://zenodo.org/records/123", LinkKind.CODE),
        ("https://doi.org/10.5281/zenodo.123", LinkKind.CODE),
        ("https://osf.io/abcde", LinkKind.CODE),
        ("https://anonymous.4open.science/r/X-1", LinkKind.CODE),
        ("https://www.kaggle.com/datasets/a/b", LinkKind.CODE),
        ("https://github.com/account", LinkKind.PROJECT),
        ("https://a.github.io", LinkKind.PROJECT),
        ("https://project.example.org/page", LinkKind.PROJECT),
    ],
)
def test_code_is_told_from_projects(url: str, kind: LinkKind) -> None:
    assert code_links(f"See {url}.") == (Link(kind=kind, url=url),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no link",
        "https://arxiv.org/abs/2501.12345",
        "https://doi.org/10.1145/1.2",
        "https://huggingface.co/papers/2501.12345",
        "https://openreview.net/forum?id=x",
        "https://a.org/paper.pdf",
        "https://github.com/",
        "https://github.com/[your-repo-link]",
        "released on huggingface.co.",
        "ftp://github.com/a/b",
        "git@github.com:a/b.git",
        "javascript:alert(1)",
        "https://github.com@evil.example/a/b",
        "https://localhost/a",
        "https://10.0.0.1/a",
        "https://" + "a" * 100_000,
    ],
)
def test_what_is_no_link_to_code(text: str) -> None:
    assert urls(text) == []


def test_links_of_all_texts_each_once_in_order() -> None:
    assert urls("https://b.github.io and http://github.com/A/B", None, "https://github.com/a/b.git") == [
        "https://b.github.io",
        "http://github.com/A/B",
    ]


def test_the_first_spelling_stays() -> None:
    first = Link(kind=LinkKind.CODE, url="https://github.com/a/b")
    second = Link(kind=LinkKind.CODE, url="http://www.GitHub.com/A/b.git/")
    assert united((first,), (second,)) == (first,)
    assert united((second,), (first,)) == (second,)


def is_clean(url: str) -> bool:
    return bool(re.fullmatch(r"https?://[A-Za-z0-9][A-Za-z0-9\-._~:/?#@&+=%]*[A-Za-z0-9]", url))


pieces = st.sampled_from(
    [
        "https://",
        "http://",
        "github.com/",
        "a/b",
        ".",
        ",",
        "}",
        "{",
        "\\url{",
        "\\_",
        "\\",
        " ",
        "\n",
        "-",
        "www.",
        "x.org",
        "$",
        "é",
        "/",
    ]
)


@given(text=st.lists(pieces, max_size=14).map("".join) | st.text())
def test_whatever_the_text_links_are_clean(text: str) -> None:
    found = urls(text)
    assert all(is_clean(url) for url in found)
    assert urls(" ".join(found)) == found


def test_links_of_real_abstracts_are_clean() -> None:
    if not CORPUS.exists():
        pytest.skip(f"{CORPUS} is not here")
    with lzma.open(CORPUS, "rt") as lines:
        papers = [json.loads(line) for line in islice(lines, 3000)]
    found = [url for paper in papers for url in urls(paper["summary"], paper["comment"])]
    assert all(is_clean(url) for url in found)
    assert len(found) > 600
