"""The summary that needs no key: whole sentences of the abstract, chosen by where they stand and the words they use.

abstract -> Unicode -> sentences -> roles (problem, method, result) -> a TL;DR and up to three points. Nothing is written.
"""

import asyncio
import re
from dataclasses import dataclass

from bot.domain.budget import NO_USAGE, Usage
from bot.domain.findings import CheckedQuotation, Evidence
from bot.domain.latex import to_unicode
from bot.domain.papers import FullText, Paper, PaperRef, TextOrigin
from bot.domain.summaries import Answer, Summary, SummaryField
from bot.summarizers.sentences import sentences
from bot.words import words

_OPENING_CHARS = 60  # a claim that starts later is an aside
_SHORT_CHARS = 30

_PROBLEM = re.compile(
    r"\b(however|yet|despite|although|remains?|challeng\w*|suffer\w*|struggl\w*|fails?|failure|limit(?:s|ed|ation|ations)|"
    r"difficult\w*|lacks?|lacking|problems?|bottlenecks?|costly|expensive|existing|prior|unclear|overlook\w*|little|hard)\b"
    r"|但|然而|挑战|问题|不足"
)
_METHOD = re.compile(
    r"\b(we (?:\w+ly )?(?:propose|introduce|present|develop|design|study|investigate|describe|build|instantiate|release|argue|"
    r"formulate)|"
    r"this (?:paper|work|study|article|report|thesis)|our (?:approach|method|framework|model|system|key|idea)|"
    r"is proposed|are proposed|novel|called|named|dubbed|to address|to this end|by (?:\w+ly )?\w+ing)\b|我们提出|本文"
)
_CLAIM = re.compile(
    r"\b(we (?:\w+ly )?(?:propose|introduce|present|develop|design|study|investigate|describe|build|instantiate|release)|"
    r"this (?:paper|work|study|article|report|thesis)|is proposed|are proposed)\b|我们提出|本文"
)
_RESULT = re.compile(
    r"\b(results?|experiments?|evaluations?|outperform\w*|achiev\w*|improv\w*|surpass\w*|exceed\w*|reduc\w*|"
    r"(?:we|our|results?) (?:\w+ly )?(?:show|find|demonstrate|prove|observe)\w*|state-of-the-art|significantly|benchmarks?|"
    r"accuracy|faster|speedup|compared (?:to|with))\b|\d\s*%|\d\.\d|\d\s?[x×]|实验|结果"
)
# A sentence that goes on from another one does not stand alone.
_GOING_ON = re.compile(
    r"^(?:moreover|furthermore|additionally|in addition|finally|besides|also|secondly|second|third|then|these|it|they)\b"
)
# Sentences that say where things lie, not what was found.
_BOILERPLATE = re.compile(
    r"https?://|\bwww\.|\bgithub\b|\b(?:code|data|dataset|datasets|models?|weights|demo|videos?|project page|source code|"
    r"implementation|resources|materials?)\b[^.]{0,80}\b(?:available|released|open-?sourced|accessible|found at|hosted)\b"
    r"|^(?:accepted|to appear|published|in proceedings|preprint|\d+ pages)\b|代码.{0,20}(?:开源|公开)"
)


class Extractive:
    """Summarizes from the abstract alone, the same way each time; costs well under a millisecond a paper."""

    @property
    def model(self) -> str | None:
        """None: nobody writes."""
        return None

    def estimate(self, _text: FullText, _style: str) -> Usage:
        """Sentences that are there cost nothing."""
        return NO_USAGE

    async def close(self) -> None:
        """Nothing was opened."""

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

    async def answer(self, paper: Paper, text: FullText, question: str, language: str) -> Answer:
        """No answer is written: the passages of `text` that hold the question's words, if there are any."""
        # Their patterns take 45 ms to build, which no digest needs.
        from bot.domain.foreign_links import hosts_of
        from bot.summarizers.passages import passages

        found = await asyncio.to_thread(passages, text, question, hosts_of(paper))
        return Answer(
            ref=text.ref,
            question=question,
            language=language,
            model=None,
            origin=text.origin,
            text="",
            is_in_text=bool(found),
            evidence=Evidence(quotations=tuple(CheckedQuotation(quotation=each, is_found=True) for each in found)),
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
    telling = tuple(sentence for sentence in whole if not _BOILERPLATE.search(sentence.lower())) or whole
    if not telling:
        return Extract(tldr="", points=())
    cues = tuple(_cues(sentence, rank / len(telling)) for rank, sentence in enumerate(telling))
    tldr = max(cues, key=_claim)
    chosen: list[_Cues] = []
    for role in (_result, _problem, _method):
        rest = [each for each in cues if each is not tldr and each not in chosen]
        chosen += [max(rest, key=role)] if rest else []
    in_order = sorted(chosen, key=lambda each: each.place)
    return Extract(tldr=tldr.sentence, points=tuple(each.sentence for each in in_order))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cues:
    """What speaks for a sentence: how many cue words of each kind (three say no less than more), and its place from 0 to 1."""

    sentence: str
    place: float
    problem: float
    method: float
    result: float
    claim: float
    shortness: float
    goes_on: float


def _cues(sentence: str, place: float) -> _Cues:
    text = sentence.lower()
    claim = _CLAIM.search(text)
    return _Cues(
        sentence=sentence,
        place=place,
        problem=_hits(_PROBLEM, text),
        method=_hits(_METHOD, text),
        result=_hits(_RESULT, text),
        claim=0.0 if claim is None else 5.0 if claim.start() < _OPENING_CHARS else 4.0,
        shortness=1.0 if len(sentence) < _SHORT_CHARS else 0.0,
        goes_on=2.0 if _GOING_ON.search(text) else 0.0,
    )


def _hits(cues: re.Pattern[str], text: str) -> float:
    return float(min(3, len(cues.findall(text))))


def _claim(cues: _Cues) -> float:
    """How well a sentence tells what the paper does: an early claim of the authors, not a result."""
    return cues.claim + 0.5 * cues.method - 0.4 * cues.result - cues.place - cues.shortness - cues.goes_on


def _problem(cues: _Cues) -> float:
    return cues.problem - 2.0 * cues.place - (1.0 if cues.claim else 0.0) - cues.shortness


def _method(cues: _Cues) -> float:
    return cues.method - abs(cues.place - 0.45) - 0.3 * cues.result - cues.shortness


def _result(cues: _Cues) -> float:
    return cues.result + 2.0 * cues.place - cues.shortness
