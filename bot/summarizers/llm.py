"""The summarizer that writes: a text is fitted to the model, asked about, and what comes back is held against the text.

fitted text -> messages -> answer -> valid? (one repair) -> figures in the text? (once again) -> Summary with its evidence
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.domain.budget import Usage, estimated
from bot.domain.evidence import ReadText, checked, read_text
from bot.domain.findings import Evidence, Quotation
from bot.domain.fitting import Fitted, fitted
from bot.domain.papers import FullText, Paper
from bot.domain.styles import Style
from bot.domain.summaries import Answer, Summary
from bot.domain.telling import telling_words
from bot.errors import BadInput, SummaryFailed
from bot.summarizers import prompts, schema, validation
from bot.summarizers.agreeing import MODEL_ERRORS, Agreed, Bill, Form, agreed, reply_tokens
from bot.summarizers.endpoint import Endpoint, TooLong
from bot.summarizers.messages import Message
from bot.summarizers.styles import style as style_named
from bot.summarizers.styles import styles
from bot.summarizers.validation import Answered, Validated

PROMPT_CHARS = 6_000  # of a request, besides the paper's text: rules, and the descriptions of the fields
FITTED_CHARS_PER_TOKEN = 3.2
"""Papers, with their figures and formulas, hold fewer characters a token than plain English does (4)."""
LEAST_CHARS = 2_000
ANSWER_WORDS = 250
MOST_FITTINGS = 3
UNGROUNDED = (
    "not one of its quotations stands in the text, or its figures do not: copy the passages that the answer rests on word for "
    "word, use the figures of the text, or say that the text does not hold the answer",
)

T = TypeVar("T")


class LanguageModel:
    """Writes summaries and answers with the model behind one endpoint. `context_tokens` is what the settings allow."""

    def __init__(self, endpoint: Endpoint, *, context_tokens: int) -> None:
        self._endpoint = endpoint
        self._context_tokens = context_tokens

    @property
    def model(self) -> str:
        """As the settings name it."""
        return self._endpoint.model

    async def close(self) -> None:
        """Close the connections."""
        await self._endpoint.close()

    async def probe(self) -> None:
        """Ask for next to nothing, to know that the settings are right; raises what a summary would."""
        shape = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"], "additionalProperties": False}
        asked = (Message(role="user", text='Answer with this JSON object and nothing else: {"ok": true}'),)
        await self._endpoint.ask(asked, schema=shape, schema_name="probe", max_tokens=reply_tokens(1))

    def estimate(self, text: FullText, style: str) -> Usage:
        """One request with as much of the text as the settings allow, and the longest answer."""
        words = _words_of(style)
        chars = sum(len(section.heading) + len(section.text) for section in text.sections)
        return estimated(PROMPT_CHARS + min(chars, room(self._context_tokens, reply_tokens(words))), reply_tokens(words))

    async def summarize(self, paper: Paper, text: FullText, style: str, language: str) -> Summary:
        """A summary whose figures and quotations were looked up; the better of two where the first had too few right."""
        form, bill = _style(style), Bill()

        async def write(fit: Fitted) -> Summary:
            found, evidence = await self._written(paper, fit, form, language, bill)
            return Summary(
                ref=text.ref,
                style=style,
                language=language,
                model=self.model,
                origin=text.origin,
                tldr=found.tldr,
                fields=found.fields,
                tags=found.tags,
                share=fit.share,
                evidence=evidence,
                usage=bill.usage,
            )

        return await self._fitting(paper, text, reply_tokens(form.max_words), write)

    async def answer(self, paper: Paper, text: FullText, question: str, language: str) -> Answer:
        """An answer with its quotations looked up; the sections that have the question's words are read first."""
        bill = Bill()

        async def write(fit: Fitted) -> Answer:
            wanted = Form(
                schema=schema.ANSWER_SCHEMA,
                name="answer",
                max_words=ANSWER_WORDS,
                judge=lambda value: validation.answered(value, paper, language),
            )
            first = await agreed(self._endpoint, prompts.question_messages(paper, fit, question, language), wanted, bill)
            found, evidence = await self._grounded(first, wanted, fit, paper, bill)
            return Answer(
                ref=text.ref,
                question=question,
                language=language,
                model=self.model,
                origin=text.origin,
                text=found.text,
                is_in_text=found.is_in_text,
                evidence=evidence,
                share=fit.share,
                usage=bill.usage,
            )

        return await self._fitting(paper, text, reply_tokens(ANSWER_WORDS), write, words=telling_words(question))

    async def _grounded(
        self, first: Agreed[Answered], wanted: Form[Answered], fit: Fitted, paper: Paper, bill: Bill
    ) -> tuple[Answered, Evidence]:
        """An answer that rests on nothing in the text is asked for once again; the first stands, marked, unless it is better."""
        evidence = await asyncio.to_thread(_checked, (first.value.text,), first.value.quotations, fit, paper)
        if not first.value.is_in_text or (evidence.is_trusted and _is_quoted(evidence)):
            return first.value, evidence
        try:
            again = await agreed(self._endpoint, prompts.repair_messages(first.messages, first.raw, UNGROUNDED), wanted, bill)
        except MODEL_ERRORS:
            return first.value, evidence
        second = await asyncio.to_thread(_checked, (again.value.text,), again.value.quotations, fit, paper)
        is_better = not again.value.is_in_text or (_is_quoted(second), _share(second)) > (_is_quoted(evidence), _share(evidence))
        return (again.value, second) if is_better else (first.value, evidence)

    async def _fitting(
        self,
        paper: Paper,
        text: FullText,
        reply: int,
        write: Callable[[Fitted], Awaitable[T]],
        *,
        words: frozenset[str] = frozenset(),
    ) -> T:
        """Write with as much of the text as fits; with less of it where the endpoint says that it was too long."""
        context = await self._endpoint.context_tokens()
        for _ in range(MOST_FITTINGS):
            fit = await asyncio.to_thread(fitted, text, paper, room(context, reply), words)
            try:
                return await write(fit)
            except TooLong as error:
                context = min(error.context_tokens or context, context * 2 // 3)
                tokens = error.tokens
        raise SummaryFailed("no part of the text is short enough for the model", tokens=tokens)

    async def _written(self, paper: Paper, fit: Fitted, style: Style, language: str, bill: Bill) -> tuple[Validated, Evidence]:
        wanted = Form(
            schema=schema.style_schema(style, language),
            name=style.name,
            max_words=style.max_words,
            judge=lambda value: validation.validated(value, style, paper, language),
        )
        first = await agreed(self._endpoint, prompts.messages(style, paper, fit, language), wanted, bill)
        evidence = await asyncio.to_thread(_checked, first.value.claims, first.value.quotations, fit, paper)
        if evidence.is_trusted:
            return first.value, evidence
        return await self._once_again(first, evidence, wanted, fit, paper, bill)

    async def _once_again(
        self, first: Agreed[Validated], evidence: Evidence, wanted: Form[Validated], fit: Fitted, paper: Paper, bill: Bill
    ) -> tuple[Validated, Evidence]:
        """Ask for figures that are in the text; the first summary stands, marked, unless the second one is better."""
        asked = prompts.figures_messages(first.messages, first.raw, evidence.missing)
        try:
            second = await agreed(self._endpoint, asked, wanted, bill)
        except MODEL_ERRORS:
            return first.value, evidence
        again = await asyncio.to_thread(_checked, second.value.claims, second.value.quotations, fit, paper)
        return (second.value, again) if _share(again) > _share(evidence) else (first.value, evidence)


def _style(name: str) -> Style:
    """A style whose file was taken away fails the summaries that were asked for in it, and nothing else."""
    try:
        return style_named(name)
    except BadInput as error:
        raise SummaryFailed(str(error)) from error


def _words_of(name: str) -> int:
    return next((style.max_words for style in styles() if style.name == name), ANSWER_WORDS)


def room(context_tokens: int, reply: int) -> int:
    """How many characters of a paper fit beside the rules and the answer."""
    return max(LEAST_CHARS, int((context_tokens - reply) * FITTED_CHARS_PER_TOKEN) - PROMPT_CHARS)


def _is_quoted(evidence: Evidence) -> bool:
    return any(each.is_found for each in evidence.quotations)


def _share(evidence: Evidence) -> float:
    return evidence.found / len(evidence.figures) if evidence.figures else 1.0


def _checked(claims: tuple[str, ...], quotations: tuple[Quotation, ...], fit: Fitted, paper: Paper) -> Evidence:
    """Hold claims and quotations against all that the model was given of the paper."""
    return checked(claims, quotations, _known(fit, paper))


def _known(fit: Fitted, paper: Paper) -> ReadText:
    return read_text(fit.text, paper.title, paper.abstract)
