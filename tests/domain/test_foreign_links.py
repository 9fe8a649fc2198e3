"""Nothing in a text by a stranger becomes a link, a mention or a command, but what leads where the paper itself does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.foreign_links import hosts_of, without_foreign_links
from bot.domain.papers import Link, LinkKind
from tests.builders import a_paper

HOSTS = hosts_of(
    a_paper(abstract="Code: https://github.com/lab/notes", links=(Link(kind=LinkKind.PROJECT, url="https://lab.org/x"),))
)

# What platforms make clickable, written without regard to how it is defused, and wider than any one of them.
COMMON = (
    "com|org|net|io|ai|me|gg|ru|cn|de|uk|co|xyz|top|info|app|dev|link|site|online|shop|club|tv|cc|to|sh|gl|py|md|zip|mov|ws|"
    "xn--p1ai|рф"
)
LINKABLE = re.compile(
    rf"[a-z][a-z0-9+.-]*:[/\\]{{2}}|\b(?:mailto|tg|tel|magnet|javascript):\S|\bwww\.\S"
    rf"|[\w\U0001f300-\U0001faff-]\.(?:{COMMON})(?![a-z0-9_\u00c0-\u024f\u0400-\u04ff])"
    r"|\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.])|@everyone|@here|<@|<#[0-9]|(?<!\w)@[a-z]\w+|(?:^|\s|[(,;])/[a-z]",
    re.IGNORECASE,
)
ALLOWED = re.compile(
    r"(?:(?<![\w@/+.-])https?://|(?<![^\W_])(?<=[^\x00-\x7f])https?://|(?<![\w.@:/\\-]))(?:www\.)?"
    r"(?:github\.com|lab\.org|arxiv\.org|doi\.org|huggingface\.co/papers)(?![\w@\\-]|:[0-9]|\.\w)(?:[/?#][\w./?#&=%+~-]*)?",
    re.IGNORECASE | re.ASCII,
)


def clickable(text: str) -> list[str]:
    """What is left to click on in a text besides links to where the paper leads."""
    return [found[0] for found in LINKABLE.finditer(ALLOWED.sub(" ", text))]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("see https://evil.com/x?y=1.", "see https[:]//evil[.]com/x?y=1."),
        ("evil.com/x", "evil[.]com/x"),
        ("t.me/x and discord.gg/x", "t[.]me/x and discord[.]gg/x"),
        ("www.x.y", "www[.]x.y"),
        ("hxxp://a.b", "hxxp[:]//a.b"),
        ("mailto:me@evil.com", "mailto[:]me@evil[.]com"),
        ("tg://resolve?domain=x", "tg[:]//resolve?domain=x"),
        ("http://127.0.0.1:80/", "http[:]//127.0.0[.]1:80/"),
        ("1.2.3.4", "1.2.3[.]4"),
        ("пример.рф, xn--e1afmkfd.xn--p1ai", "пример[.]рф, xn--e1afmkfd[.]xn--p1ai"),
        ("\N{SLICE OF PIZZA}.ws", "\N{SLICE OF PIZZA}[.]ws"),
        ("请访问evil.com下载", "请访问evil[.]com下载"),
        ("a.evil.com.xyz", "a.evil[.]com[.]xyz"),
        ("@everyone @here x@everyone", "@ everyone @ here x@ everyone"),
        ("ask @someone or <@123>, <#4>, <@&5>, </go:6>", "ask @ someone or < @123>, < #4>, < @&5>, < / go:6>"),
        ("type /start (/stop)", "type / start (/ stop)"),
        ("[x](https://evil.com)", "[x](https[:]//evil[.]com)"),
        ("https://github.com.evil.com/", "https[:]//github[.]com.evil[.]com/"),
        ("https://github.com@evil.com", "https[:]//github[.]com@evil[.]com"),
        ("https://github.com\\@evil.com", "https[:]//github[.]com\\@ evil[.]com"),
        ("https://github.com:8080/x", "https[:]//github[.]com:8080/x"),
        ("evil-github.com, user@github.com", "evil-github[.]com, user@github[.]com"),
        ("https://github.com:x@evil.com", "https[:]//github[.]com:x@evil[.]com"),
        ("https://huggingface.co/papersx", "https[:]//huggingface[.]co/papersx"),
        ("https://huggingface.co/evil", "https[:]//huggingface[.]co/evil"),
        ("fast.ai", "fast[.]ai"),
    ],
)
def test_what_could_be_clicked_is_defused_and_still_reads(said: str, shown: str) -> None:
    assert clickable(said)
    found = without_foreign_links(said, HOSTS)
    assert re.sub(r"\[([.:])\]", r"\1", found).replace(" ", "") == said.replace(" ", "")
    assert found == shown
    assert clickable(found) == []


@pytest.mark.parametrize(
    "said",
    [
        "e.g. Fig. 3.2, i.e. Eq. (4), cf. Sec. 5.1, et al. and U.S. data, a.k.a. X, w.r.t. Y",
        "Node.js, scikit-learn, torch.nn.Linear, np.mean, v1.2.3, Qwen2.5-7B, GPT-4.1, Llama 3.1",
        "0.5. 12.34 % of 1,000.5, 3.5x, 10.7 points.",
        "pass@1, Recall@10, mAP@0.5, pass@k, and/or, 3/4, TCP/IP, a ratio of 2:1, note: this",
        "https://github.com/x/y.git, (https://lab.org/a?b=c#d), github.com/x and arxiv.org/abs/2601.00001v2.",
        "https://doi.org/10.1000/x, https://huggingface.co/papers/2601.00001。见 https://github.com/x。",
        "Dữ liệu có. Vì vậy, mạng.có",
        "使用该方法。在三个数据集上，准确率为 0.5。",
        "C++, C#, #hashtag, 5 < 6 > 4, a <- b, <eos>",
    ],
)
def test_what_is_no_link_stays_as_it_is(said: str) -> None:
    assert without_foreign_links(said, HOSTS) == said


def test_the_hosts_are_those_that_the_metadata_names() -> None:
    paper = a_paper(
        title="fast.ai for All",
        abstract=r"Code: \url{https://GitHub.com/x} and www.demo.example.org/y.",
        comment="Page at https://lab.github.io/z, 10 pages, v1.2",
        links=(Link(kind=LinkKind.CODE, url="https://gitlab.com/x/y"),),
    )
    assert hosts_of(paper) == {
        *("arxiv.org", "doi.org", "huggingface.co/papers"),
        *("fast.ai", "github.com", "demo.example.org", "lab.github.io", "gitlab.com"),
    }
    assert without_foreign_links("fast.ai at gitlab.com/x", hosts_of(paper)) == "fast.ai at gitlab.com/x"


def test_a_paper_that_names_nothing_leads_only_to_itself() -> None:
    assert hosts_of(a_paper(abstract="We improve results by 0.5.", comment="e.g. v2.1")) == {
        "arxiv.org",
        "doi.org",
        "huggingface.co/papers",
    }


PIECES = st.sampled_from(
    [
        *("https", "http", "hxxp", "tg", "mailto", "www", "evil", "github", "arxiv", "doi", "huggingface", "papers", "lab"),
        *("com", "org", "co", "me", "рф", "xn--p1ai", "everyone", "here", "someone", "start", "1", "127", "0"),
        *(":", "//", "\\\\", "\\", "/", ".", "\u3002", "\uff0e", "..", "@", "#", "?", "&", "=", "%", "<", ">", "-", "_", "("),
        *(")", "[", "]", "!", ",", ";", " ", "\n", "\u200b", "见", "é", "\U0001f355"),
        *("https://github.com", "github.com/x", "evil.com", "1.2.3.4"),
    ]
)
HOSTILE = st.lists(PIECES, min_size=1, max_size=14).map("".join)


@given(HOSTILE)
def test_nothing_hostile_can_be_clicked(said: str) -> None:
    shown = without_foreign_links(said, HOSTS)
    assert clickable(shown) == []


@given(HOSTILE | st.text())
def test_defusing_is_safe_to_repeat_and_only_adds(said: str) -> None:
    shown = without_foreign_links(said, HOSTS)
    assert without_foreign_links(shown, HOSTS) == shown
    letters = iter(shown)
    assert all(char in letters for char in said if char.isalnum())


@pytest.mark.parametrize(
    "unit", ["a.", "1.", "a.com", "https://", "github.com/", "@", "<a:", "/", "a-", "x.github.com/", "evil.com.", "</x"]
)
def test_a_long_text_takes_no_longer_by_its_shape(unit: str) -> None:
    assert without_foreign_links(unit * (60_000 // len(unit)), HOSTS)
