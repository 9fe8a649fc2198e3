"""Links: the public addresses of a paper, and the code and project pages that its texts name.

A link found here comes from strangers: it is http(s), of plain characters, without TeX, and only ever shown.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.papers import Link, LinkKind, PaperKey, Scheme


class PublicKind(StrEnum):
    """Which public page of a paper; each has its word in `words`."""

    HUGGINGFACE = "huggingface"
    ABS = "abs"
    HTML = "html"
    PDF = "pdf"
    DOI = "doi"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicLink:
    kind: PublicKind
    url: str


def public_links(key: PaperKey, version: int | None = None) -> tuple[PublicLink, ...]:
    """Where people read this paper: Hugging Face, abs, HTML and PDF on arXiv, or its DOI; nothing for a file's own entry.

    Always the public addresses, whatever we fetch from. Ids from before 2007-04 have neither a page on Hugging Face nor
    a conversion to HTML. That a newer paper has an HTML version is likely, not certain.
    """
    if key.scheme is Scheme.DOI:
        return (PublicLink(kind=PublicKind.DOI, url=f"https://doi.org/{key.value}"),)
    if key.scheme is not Scheme.ARXIV:
        return ()
    name = key.value + (f"v{version}" if version else "")
    on_arxiv = {kind: f"https://arxiv.org/{kind}/{name}" for kind in (PublicKind.ABS, PublicKind.HTML, PublicKind.PDF)}
    if "/" in key.value:
        del on_arxiv[PublicKind.HTML]
    else:
        on_arxiv = {PublicKind.HUGGINGFACE: f"https://huggingface.co/papers/{key.value}"} | on_arxiv
    return tuple(PublicLink(kind=kind, url=url) for kind, url in on_arxiv.items())


_CODE_HOSTS = (
    *("github.com", "gist.github.com", "raw.githubusercontent.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitee.com"),
    *("huggingface.co", "hf.co", "modelscope.cn", "zenodo.org", "osf.io", "anonymous.4open.science", "kaggle.com"),
    *("figshare.com", "sourceforge.net", "pypi.org", "colab.research.google.com", "codeocean.com", "sr.ht"),
)
_CODE_SUFFIXES = tuple(f".{host}" for host in _CODE_HOSTS)
_PAPER_HOSTS = (
    *("arxiv.org", "doi.org", "ar5iv.org", "alphaxiv.org", "openreview.net", "aclanthology.org", "acm.org", "ieee.org"),
    *("springer.com", "sciencedirect.com", "nature.com", "wikipedia.org", "creativecommons.org", "semanticscholar.org"),
    *("orcid.org", "neurips.cc", "icml.cc", "iclr.cc", "thecvf.com", "mlr.press", "ceur-ws.org", "eptcs.web.cse.unsw.edu.au"),
)
_PAPER_SUFFIXES = tuple(f".{host}" for host in _PAPER_HOSTS)
_HF_OTHER = frozenset({"papers", "docs", "blog", "learn", "posts", "tasks", "pricing", "join", "settings"})
_BRANCHES = frozenset({"datasets", "spaces", "collections", "models", "code", "competitions", "organizations"})

_PLAIN_HOSTS = "|".join(map(re.escape, sorted(_CODE_HOSTS, key=len, reverse=True)))
_URL = re.compile(
    rf"(?:https?://|(?<![a-z0-9@/.:-])(?=(?:www\.)?(?:{_PLAIN_HOSTS})/|[a-z0-9-]{{1,40}}\.github\.io\b))"
    r"(?:(?!https?:/)[a-z0-9\-._~:/?#@&+=%])+",
    re.IGNORECASE | re.ASCII,
)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,6}[a-z]{2,18}(?::[0-9]{1,5})?", re.IGNORECASE | re.ASCII)

_ESCAPED = re.compile(r"\{?\\([_#%&~$-])(?:\{\})?\}?")
_NAMED_CHARACTERS = (
    *(("\\textasciitilde", "~"), ("\\textunderscore", "_"), ("$\\sim$", "~"), ("\\sim", "~")),
    *(("\\slash", "/"), ("\\allowbreak", ""), ("\\linebreak", ""), ("\\/", "/")),
)
_LINK_MACRO = re.compile(r"\\(?:url|href|path|nolinkurl)\s*\{([^{}]*)\}")
_WHITE = re.compile(r"\s+")
# A line that ends inside a link: after a hyphen or underscore, or before the repository's name.
_CUT_AT_HYPHEN = re.compile(r"([-_])\n[ \t]*(?=\w)")
_CUT_AFTER_HOST = re.compile(r"((?:github|gitlab|bitbucket)\.(?:com|org)/)\s{1,4}(?=[\w-]{1,60}/[\w-])")
_BROKEN_SCHEME = re.compile(r"\b(https?):\s?/{1,2}\s?(?=[\w-]{1,60}\.)", re.IGNORECASE)
_CUT_ACCOUNT = re.compile(r"(github\.com/)((?:[\w.]{1,40}-\s){1,4})(?=[\w.-]{1,40}/)")
_CUT_BEFORE_NAME = re.compile(r"((?:github|gitlab|bitbucket)\.(?:com|org)/[\w.-]{1,80}/)\s{1,4}(?=[\w-]*(?:[-_A-Z0-9]|\.?\s*$))")
_GLUED_SENTENCE = re.compile(r"\.(?:The|Our|We|This|It|In|Codes?|Data|Project|Keywords|Index|Accepted|See|Warning)(?=$|[/?#])")
_SLASHES = re.compile(r"^/{2,}")
_PUNCTUATION = "-._~:/?#@&+=%"
_LONGEST = 300


def code_links(*texts: str | None) -> tuple[Link, ...]:
    """The code, data and project pages that abstracts and comments name, each once, in order.

    A known host needs no scheme; any other page counts as the project's, if it is not a publisher's. The result holds no
    TeX, no white space, no braces, and ends in a letter or digit. Two spellings of one address (case, .git, a slash at
    the end, http or https) are one link.
    """
    return united(link for text in texts if text for link in _links(text))


def united(*groups: Iterable[Link]) -> tuple[Link, ...]:
    """The links of all groups in order, each address once: its first spelling stays."""
    found: dict[str, Link] = {}
    for group in groups:
        for link in group:
            found.setdefault(_folded(link.url), link)
    return tuple(found.values())


def _folded(url: str) -> str:
    bare = url.lower().partition("://")[2] or url.lower()
    return bare.removeprefix("www.").rstrip("/").removesuffix(".git")


def _links(text: str) -> Iterator[Link]:
    for found in _URL.finditer(_without_tex(text)):
        url = _cleaned(found[0])
        kind = _kind(url) if url else None
        if kind:
            yield Link(kind=kind, url=url)


def _without_tex(text: str) -> str:
    if "\\" in text:
        for macro, character in _NAMED_CHARACTERS:
            text = text.replace(macro, character)
        text = _ESCAPED.sub(r"\1", text)
        text = _LINK_MACRO.sub(lambda found: f" {_WHITE.sub('', found[1])} ", text)
    text = _BROKEN_SCHEME.sub(r"\1://", text)
    text = _CUT_ACCOUNT.sub(lambda found: found[1] + _WHITE.sub("", found[2]), text)
    for cut in (_CUT_AT_HYPHEN, _CUT_AFTER_HOST, _CUT_BEFORE_NAME):
        text = cut.sub(r"\1", text)
    return text


def _cleaned(raw: str) -> str:
    """An address as it can be shown, or nothing if it is not one."""
    scheme, separator, rest = raw.partition("://")
    if not separator:
        scheme, rest = "https", raw
    rest = _GLUED_SENTENCE.split(rest.rstrip(_PUNCTUATION), maxsplit=1)[0].rstrip(_PUNCTUATION).removesuffix(".git")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if len(rest) > _LONGEST or not _HOST.fullmatch(host):
        return ""
    return f"{scheme.lower()}://{host.lower()}{_SLASHES.sub('/', rest[len(host) :])}"


def _kind(url: str) -> LinkKind | None:
    host, _, path = url.partition("://")[2].partition("/")
    host = host.removeprefix("www.")
    segments = [segment for segment in re.split(r"[/?#]", path) if segment]
    if host in _CODE_HOSTS or host.endswith(_CODE_SUFFIXES) or host.startswith(("gitlab.", "git.")):
        return _kind_of_code(host, segments)
    if host == "doi.org" and path.lower().startswith(("10.5281/zenodo", "10.6084/m9.figshare", "10.17605/osf")):
        return LinkKind.CODE
    if host in _PAPER_HOSTS or host.endswith(_PAPER_SUFFIXES) or path.lower().endswith(".pdf"):
        return None
    return LinkKind.PROJECT


def _kind_of_code(host: str, segments: list[str]) -> LinkKind | None:
    """A repository, model or data set; somebody's whole account is a project, a page of the host itself is nothing."""
    if not segments or (host in {"huggingface.co", "hf.co"} and segments[0] in _HF_OTHER):
        return None
    is_account = len(segments) == 1 and host in {"github.com", "gitlab.com", "huggingface.co", "hf.co", "bitbucket.org"}
    if is_account:
        return None if segments[0] in _BRANCHES else LinkKind.PROJECT
    return LinkKind.CODE
