"""Links, mentions and commands in a text by a stranger, made into plain words unless they lead where the paper itself does.

Telegram makes a link of any name.tld (its server does, markup or not), of @name and of /command; Discord of any scheme://, and it
pings on @everyone and <@id>. What is defused still reads: evil[.]com/x, https[:]//evil[.]com, @ everyone, / start.
"""

import re
from collections.abc import Iterator

from bot.domain.latex import to_unicode
from bot.domain.links import code_links
from bot.domain.papers import Paper
from bot.domain.top_level import COUNTRY_DOMAINS, GENERIC_DOMAINS

_ALWAYS = frozenset({"arxiv.org", "doi.org", "huggingface.co/papers"})
"""Where Paperboy itself links to for any paper."""

_TLD = rf"(?:(?:{'|'.join(sorted(GENERIC_DOMAINS | COUNTRY_DOMAINS, reverse=True))})|xn--[a-z0-9-]{{1,59}})"
# What follows a domain: no letter or digit that would make its last label another word. Chinese goes on without a space.
_END = r"(?![a-z0-9_\u00c0-\u024f\u0300-\u036f\u0370-\u03ff\u1e00-\u1eff])"
_DOT = "[.\uff0e\uff61\u3002]"
# Letters, digits and pictures: there are domains of each.
_LABEL = r"[\w\-\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]"
_FLAGS = re.IGNORECASE

# Only the dot before a top-level domain is defused: what is left of the name ends in none, or has such a dot of its own.
_DOMAIN_DOT = re.compile(rf"(?<={_LABEL}){_DOT}(?={_TLD}{_END})", _FLAGS)
_ADDRESS = re.compile(r"(?<![0-9])[0-9]{1,3}(?:\.[0-9]{1,3}){3,}")
_THIRD_DOT = re.compile(r"([0-9]+\.[0-9]+\.[0-9]+)\.")
_WWW = re.compile(rf"(?<![a-z0-9])(www[0-9]{{0,2}}){_DOT}(?=\S)", _FLAGS)
_SCHEME = re.compile(r":(?=[/\\]{2})")
_CALL = re.compile(
    r"(?<![a-z0-9])(mailto|tel|tg|ton|smsto|sms|xmpp|sip|magnet|bitcoin|javascript|vbscript|callto|geo|discord):(?=\S)", _FLAGS
)
_PING = re.compile(r"@(?=everyone|here)", _FLAGS)
_MENTION = re.compile(r"(?<!\w)@(?=[^\W\d]\w)")
_MARKUP = re.compile(r"<(?=[@#]|/[^\s<>:]{1,100}:|a?:\w{1,40}:|t:|id:)", _FLAGS)
_COMMAND = re.compile(r"(?<![\w/\\<\]])/(?=\w)")
# What may stay a link: nothing may precede it that would make it part of a longer name, or follow it that could.
_KEPT = re.compile(
    r"(?:(?<![a-z0-9+.\-@/\\_])https?://|(?<![\w.\-/\\:@%+=&?#~\uff0e\uff61\u3002]))"
    r"(?P<host>(?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,6}[a-z]{2,18})(?P<port>:[0-9]{1,5})?"
    r"(?P<tail>(?:[/?#](?:[a-z0-9\-_~/?#&+=%]|[.!](?=[a-z0-9]))*)?)"
    r"(?=$|[\s)\]}>,;!?\"'»”’）】，；、！」』》]|[.:](?:\s|$)|\u3002(?![a-z0-9]))",
    re.IGNORECASE | re.ASCII,
)
_NAMED = re.compile(rf"(?<![a-z0-9.@-])((?:[a-z0-9](?:[a-z0-9-]{{0,62}})\.){{1,6}}{_TLD}){_END}", _FLAGS | re.ASCII)


def hosts_of(paper: Paper) -> frozenset[str]:
    """The hosts that the paper's own metadata names, in lower case, and the ones that lead to any paper.

    A host may go on with the beginning of a path ("huggingface.co/papers"): only what lies under it is meant then.
    """
    texts = (paper.title, paper.abstract, paper.comment or "", paper.journal_ref or "")
    links = (*paper.links, *code_links(paper.abstract, paper.comment))
    named = (*(to_unicode(text) for text in texts), *(link.url for link in links))
    return _ALWAYS | {host.lower().removeprefix("www.") for text in named for host in _NAMED.findall(text)}


def without_foreign_links(text: str, hosts: frozenset[str]) -> str:
    """Defuse whatever a chat platform would make a link, a mention or a command of, but for links to `hosts`.

    Safe to repeat. Decimals, abbreviations and file names that are no domain ("0.5.", "e.g.", "Node.js") stay as they are.
    """
    return "".join(_pieces(text, hosts))


def _pieces(text: str, hosts: frozenset[str]) -> Iterator[str]:
    start = 0
    for link in _KEPT.finditer(text):
        if _is_ours(link, hosts):
            yield _defused(text[start : link.start()])
            yield link[0]
            start = link.end()
    yield _defused(text[start:])


def _is_ours(link: re.Match[str], hosts: frozenset[str]) -> bool:
    host, path = link["host"].lower().removeprefix("www."), link["tail"].lower()
    if link["port"]:
        return False
    return host in hosts or any(f"{host}{path}/".startswith(f"{known}/") for known in hosts)


def _defused(text: str) -> str:
    text = _SCHEME.sub("[:]", text)
    text = _CALL.sub(r"\1[:]", text)
    text = _DOMAIN_DOT.sub("[.]", text)
    text = _WWW.sub(r"\1[.]", text)
    text = _ADDRESS.sub(lambda found: _THIRD_DOT.sub(r"\1[.]", found[0]), text)
    text = _MARKUP.sub("< ", text)
    text = _MENTION.sub("@ ", _PING.sub("@ ", text))
    return _COMMAND.sub("/ ", text)
