"""From a question to a usable answer: one request, and one more that says what was wrong with the first."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain.budget import NO_USAGE, Usage, usage_of
from bot.errors import ModelDeclined, ModelRefused, ModelThrottled, ModelUnreachable, QuotaSpent, SummaryFailed
from bot.summarizers.endpoint import CutShort, Endpoint, Said, TooLong, Unreadable
from bot.summarizers.messages import Message
from bot.summarizers.prompts import repair_messages, shorter_messages
from bot.summarizers.validation import BadAnswer

T = TypeVar("T")

TOKENS_A_WORD = 3  # of any language
EXTRA_TOKENS = 800  # keys, tags and quotations of an answer
MODEL_ERRORS = (ModelDeclined, ModelRefused, ModelThrottled, ModelUnreachable, QuotaSpent, SummaryFailed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Generic[T]):
    """The shape that an answer must have, how many words it should have, and `judge`, which reads it or raises BadAnswer."""

    schema: Mapping[str, object]
    name: str
    max_words: int
    judge: Callable[[Mapping[str, object]], T]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed(Generic[T]):
    """A usable answer, its text, and the messages that led to it."""

    value: T
    raw: str
    messages: tuple[Message, ...]


@dataclass(slots=True)
class Bill:
    """What was spent on one summary until now; an error on the way takes it along."""

    usage: Usage = NO_USAGE

    async def ask(self, endpoint: Endpoint, messages: Sequence[Message], form: Form[T], max_tokens: int) -> Said:
        """One request, added to the bill whatever comes of it."""
        try:
            said = await endpoint.ask(messages, schema=form.schema, schema_name=form.name, max_tokens=max_tokens)
        except MODEL_ERRORS as error:
            self.usage += usage_of(error)
            error.tokens = (self.usage.tokens_in, self.usage.tokens_out, self.usage.calls)
            raise
        self.usage += said.usage
        return said


async def agreed(endpoint: Endpoint, messages: Sequence[Message], form: Form[T], bill: Bill) -> Agreed[T]:
    """Raises SummaryFailed (TooLong among it) if the repaired answer is no better, and what `Endpoint.ask` raises."""
    asked, max_tokens = tuple(messages), reply_tokens(form.max_words)
    complaints: tuple[str, ...] = ()
    for _ in range(2):
        try:
            said = await bill.ask(endpoint, asked, form, max_tokens)
            value = await asyncio.to_thread(form.judge, said.value)  # a hostile answer takes its time
            return Agreed(value=value, raw=said.raw, messages=asked)
        except TooLong:
            raise
        except CutShort as error:
            complaints, max_tokens = (error.reason,), 2 * max_tokens
            asked = shorter_messages(messages, error.raw, form.max_words)
        except Unreadable as error:
            complaints = (error.reason,)
            asked = repair_messages(messages, error.raw, complaints)
        except BadAnswer as error:
            complaints = error.complaints
            asked = repair_messages(messages, said.raw, complaints)
    usage = bill.usage
    raise SummaryFailed("; ".join(complaints)[:300], tokens=(usage.tokens_in, usage.tokens_out, usage.calls))


def reply_tokens(words: int) -> int:
    """How long an answer may be that is meant to have so many words."""
    return EXTRA_TOKENS + TOKENS_A_WORD * words
