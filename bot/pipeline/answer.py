"""Beside the day: one question about one paper. Not kept, but paid for like a summary."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.budget import NO_USAGE, Budget, Prices, usage_of
from bot.domain.papers import FullText, Paper, PaperRef
from bot.domain.summaries import Answer, lack_of
from bot.errors import ModelRefused, PaperboyError, Retry, Skip
from bot.ports import Summarizer
from bot.storage import calls
from bot.storage.store import Store

STYLE = "card"  # the size of an answer is that of the shortest summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, of which text, for whom; `since` is when the day of the budget began."""

    paper: Paper
    text: FullText
    asked: str
    language: str
    model: str
    reader: str | None
    since: datetime


async def answer(
    question: Question, *, store: Store, summarizer: Summarizer, prices: Prices, budget: Budget, now: Callable[[], datetime]
) -> Answer | PaperboyError | None:
    """The answer; the error why there is none; None if there is no money for it today."""
    estimate = summarizer.estimate(question.text, STYLE)
    async with store.write() as tx:
        is_affordable = budget.allows(
            prices.of(estimate),
            spent=await calls.spent(tx, question.since),
            spent_by_reader=await calls.spent_by(tx, question.reader, question.since) if question.reader else 0,
        )
        if not is_affordable:
            return None
        call_id = await calls.reserve(tx, _call(question), now(), estimate, prices.of(estimate))
    try:
        found: Answer | PaperboyError = await summarizer.answer(question.paper, question.text, question.asked, question.language)
    except (Skip, Retry, ModelRefused) as error:
        found = error
    usage = (found.usage or NO_USAGE) if isinstance(found, Answer) else usage_of(found)
    async with store.write() as tx:
        await calls.settle(tx, call_id, usage, prices.of(usage), "made" if isinstance(found, Answer) else lack_of(found))
    return found


def _call(question: Question) -> calls.Call:
    ref = PaperRef(key=question.paper.key, version=question.paper.version)
    return calls.Call(purpose="answer", ref=ref, language=question.language, model=question.model, reader=question.reader)
