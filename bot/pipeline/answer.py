"""Beside the day: one question about one paper. Not kept, but paid for like a summary."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.budget import NO_USAGE, SET_ASIDE, Budget, Prices, usage_of
from bot.domain.papers import FullText, Paper, PaperRef
from bot.domain.summaries import Answer, Lack, lack_of
from bot.errors import ModelRefused, PaperboyError, Retry, Skip
from bot.ports import Summarizer
from bot.storage import calls
from bot.storage.store import Store

STYLE = "card"  # the size of an answer is that of the shortest summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, of which text, for whom."""

    paper: Paper
    text: FullText
    asked: str
    language: str
    model: str
    reader: str | None


async def answer(
    question: Question, *, store: Store, summarizer: Summarizer, prices: Prices, budget: Budget, now: Callable[[], datetime]
) -> Answer | PaperboyError | Lack:
    """The answer, the error why there is none, or whose money lacks for it today."""
    estimate = summarizer.estimate(question.text, STYLE)
    cost = SET_ASIDE * prices.of(estimate)
    async with store.write() as tx:
        spent, by_reader = await calls.spent_today(tx, question.reader, now())
        if not budget.allows(cost, spent=spent, spent_by_reader=by_reader):
            return Lack.READER_BUDGET if budget.is_readers(cost, spent=spent) else Lack.BUDGET
        call_id = await calls.reserve(tx, _call(question), now(), estimate, cost)
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
