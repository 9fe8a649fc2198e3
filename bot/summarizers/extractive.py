"""The summary that needs no key: whole sentences of the abstract, chosen by where they stand and the words they use.

abstract -> Unicode -> sentences -> roles (problem, method, result) -> a TL;DR and up to three points. Nothing is written.
"""

import re
from dataclasses import dataclass

from bot.domain.digests import Summary, SummaryField
from bot.domain.latex import to_unicode
from bot.domain.papers import FullText, Paper, PaperRef, TextOrigin
from bot.summarizers.sentences import sentences
from bot.words import words

_POINTS = 3

_PROBLEM = re.compile(
    r"\b(however|yet|despite|although|remains?|challeng\w*|suffer\w*|struggl\w*|fails?|failure|limit(?:s|ed|ation|ations)|"
    r"difficult\w*|lacks?|lacking|problems?|bottlenecks?|costly|expensive|existing|prior|unclear|overlook\w*|little|hard)\b"
    r"|但|然而|挑战|问题|不足",
    re.IGNORECASE,
)
_METHOD = re.compile(
    r"\b(we (?:\w+ly )?(?:propose|introduce|present|develop|design|study|investigate|describe|build|release|argue|formulate)|"
    r"this (?:paper|work|study|article|report|thesis)|our (?:approach|method|framework|model|system|key|idea)|"
    r"is proposed|are proposed|novel|called|named|dubbed|to address|to this end|by (?:\w+ly )?\w+ing)\b|我们提出|本文",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"\b(we (?:\w+ly )?(?:propose|introduce|present|develop|design|study|investigate|describe|build|release)|"
    r"this (?:paper|work|study|article|report|thesis)|is proposed|are proposed)\b|我们提出|本文",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(results?|experiments?|evaluations?|outperform\w*|achiev\w*|improv\w*|surpass\w*|exceed\w*|reduc\w*|"
    r"(?:we|our|results?) (?:\w+ly )?(?:show|find|demonstrate|prove|observe)\w*|state-of-the-art|significantly|benchmarks?|"
    r"accuracy|faster|speedup|compared (?:to|with))\b|\d\s*%|\d\.\d|\d\s?[x×]|实验|结果",
    re.IGNORECASE,
)
# Sentences that say where things lie, not what was found.
_BOILERPLATE = re.compile(
    r"https?://|\bwww\.|\bgithub\b|\b(?:code|data|dataset|datasets|models?|weights|demo|videos?|project page|source code|"
    r"implementation|resources|materials?)\b[^.]{0,80}\b(?:available|released|open-?sourced|accessible|found at|hosted)\b"
    r"|^(?:accepted|to appear|published|in proceedings|preprint|\d+ pages)\b|代码.{0,20}(?:开源|公开)",
    re.IGNORECASE,
)


class Extractive:
    """Summarizes from the abstract alone, the same way each time; costs well under a millisecond a paper."""

    model: str | None = None

    async def summarize(self, paper: Paper, text: FullText, style: str, language: str) -> Summary:
        """A TL;DR and up to three points, each a whole sentence of the abstract in the abstract's own language.

        `text` is not used: a full text has no sentence that sums up better than its abstract does. A paper without an
        abstract gives a summary with an empty TL;DR and no points, which whoever shows it has to say.
        """
        extract = extracted(paper.abstract)
        heading = words(language)("field.points")
        fields = (SummaryField(name="points", heading=heading, points=extract.points),) if extract.points else ()
        return Summary(
            ref=PaperRef(key=paper.key, version=paper.version),
            style=style,
            language=language,
            model=None,
            origin=TextOrigin.ABSTRACT,
            tldr=extract.tldr,
            fields=fields,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    tldr: str
    points: tuple[str, ...]


def extracted(abstract: str) -> Extract:
    """The sentence that says what was done, and the others that say why, how and with what result, in their order.

    TeX is Unicode in what comes out. A sentence is never cut and never said twice.
    """
    whole = tuple(dict.fromkeys(sentences(" ".join(to_unicode(abstract).split()))))
    telling = tuple(sentence for sentence in whole if not _BOILERPLATE.search(sentence)) or whole
    if not telling:
        return Extract(tldr="", points=())
    ranks = range(len(telling))
    tldr = max(ranks, key=lambda rank: (_claim(telling[rank], rank, len(telling)), -rank))
    chosen = _points(telling, tldr)
    return Extract(tldr=telling[tldr], points=tuple(telling[rank] for rank in sorted(chosen)))


def _points(telling: tuple[str, ...], tldr: int) -> set[int]:
    """The best sentence for each role, and further ones until there are three or none is left."""
    chosen: list[int] = []
    for role in (_result, _problem, _method):
        rest = [rank for rank in range(len(telling)) if rank != tldr and rank not in chosen]
        if rest:
            chosen.append(max(rest, key=lambda rank: (role(telling[rank], rank, len(telling)), -rank)))
    return set(chosen[:_POINTS])


def _claim(sentence: str, rank: int, count: int) -> float:
    """How well a sentence tells what the paper does: the first claim of the authors, not a result, not too short."""
    begins = _CLAIM.search(sentence)
    claim = 4.0 if begins else 0.0
    opening = 1.0 if begins and begins.start() < 60 else 0.0
    return claim + opening + 0.5 * _hits(_METHOD, sentence) - 0.4 * _hits(_RESULT, sentence) - rank / count - _shortness(sentence)


def _problem(sentence: str, rank: int, count: int) -> float:
    return _hits(_PROBLEM, sentence) - 2.0 * rank / count - _hits(_CLAIM, sentence) - _shortness(sentence)


def _method(sentence: str, rank: int, count: int) -> float:
    return _hits(_METHOD, sentence) - abs(rank / count - 0.45) - 0.3 * _hits(_RESULT, sentence) - _shortness(sentence)


def _result(sentence: str, rank: int, count: int) -> float:
    return _hits(_RESULT, sentence) + 2.0 * rank / count - _shortness(sentence)


def _hits(cues: re.Pattern[str], sentence: str) -> float:
    """How many cues, at most three: a fourth says nothing more."""
    return float(min(3, len(cues.findall(sentence))))


def _shortness(sentence: str) -> float:
    return 1.0 if len(sentence) < 30 else 0.0
