"""Any endpoint that speaks OpenAI's chat completions: asks for one JSON object, and finds out how this endpoint must be asked.

dialect -> parameters -> wire -> judged answer -> JSON      a refusal that teaches something -> next dialect -> once more
It never retries what failed: the caller owns retries.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.budget import NO_USAGE, Usage
from bot.domain.dialects import AnswerForm, Dialect
from bot.errors import ModelDeclined, ModelRefused, ModelUnreachable, SummaryFailed, Tokens
from bot.guard import require_no_transaction
from bot.summarizers import dialects, refusals
from bot.summarizers.answers import Answer, NoJson, read_answer
from bot.summarizers.completions import Completion, completion, tokens
from bot.summarizers.dialects import DialectMemory
from bot.summarizers.messages import Message
from bot.summarizers.refusals import Refusal
from bot.summarizers.wire import Refused, Wire

MAX_TRIES = 8
"""The longest way down: two forms, two names of the limit, its value, the temperature, and what others learnt meanwhile."""
REFUSED_WITHIN_S = 0.5
"""A refused parameter comes back at once, an answer takes seconds: so long the first callers wait for the one ahead of them."""
SHAPELESS_ANSWERS = 2
LARGE_CHARS = 100_000
PARTS_UNTIL_BELIEVED = 2
"""So often in a row an endpoint must count too few tokens before it is taken to cut requests: a count may be wrong once."""
LEAST_CONTEXT_TOKENS = 1_500
ONE_CALL = Usage(tokens_in=0, tokens_out=0)
"""A request that was refused or not answered, as far as it is known."""


class TooLong(SummaryFailed):
    """The text is longer than the endpoint's context: ask again with `context_tokens` (our count) for request and answer."""

    def __init__(self, context_tokens: int | None, *, tokens: Tokens) -> None:
        self.context_tokens = context_tokens
        super().__init__("the text is longer than the model's context", tokens=tokens)


class CutShort(SummaryFailed):
    """The answer ended at the limit on tokens: ask for less, or allow more. `raw` is what came of it."""

    def __init__(self, reason: str, *, raw: str, tokens: Tokens) -> None:
        self.raw = raw
        super().__init__(reason, tokens=tokens)


class Unreadable(SummaryFailed):
    """The answer holds no JSON object; `raw` is the answer, for a request to repair it."""

    def __init__(self, reason: str, *, raw: str, tokens: Tokens) -> None:
        self.raw = raw
        super().__init__(reason, tokens=tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer: the JSON object, the text that it was read from, and what all requests for it used."""

    value: Answer
    raw: str
    usage: Usage
    finish: str


class Endpoint:
    """One model at one address. Build it in app.py, `close` it at the end; requests at once are bounded by the caller.

    `timeout_s` bounds each request as a whole. `context_tokens` is what the settings allow for a request and its answer.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        model: str,
        timeout_s: float,
        context_tokens: int,
        memory: DialectMemory,
        user_agent: str,
    ) -> None:
        self._wire = Wire(base_url=base_url, api_key=api_key, model=model, timeout_s=timeout_s, user_agent=user_agent)
        self.model, self._context_tokens, self._memory = model, context_tokens, memory
        self._dialect = Dialect()
        self._kept: Dialect | None = None
        self._is_recalled = self._is_known = False
        self._recalling, self._finding_out = asyncio.Lock(), asyncio.Lock()
        self._refused_at_s = time.monotonic()
        self._shapeless = self._parts = 0
        self._has_shape: set[AnswerForm] = set()
        self._most_tokens: int | None = None

    async def context_tokens(self) -> int:
        """How long a request and its answer may be, as far as is known: never more than the settings say."""
        await self._recall()
        return min(self._context_tokens, self._dialect.context_tokens or self._context_tokens)

    async def ask(self, messages: Sequence[Message], *, schema: Mapping[str, object], schema_name: str, max_tokens: int) -> Said:
        """One JSON object after `schema`, which is not checked here. The messages must say that JSON is wanted.

        Raises ModelUnreachable, ModelThrottled, QuotaSpent, ModelRefused, ModelDeclined; TooLong, CutShort and Unreadable
        (of SummaryFailed), after which asking otherwise may help. Each carries the tokens that were spent.
        """
        require_no_transaction(f"asking {self.model}")
        question = _Question(messages=tuple(messages), schema=schema, name=schema_name, max_tokens=max_tokens)
        await self._recall()
        if self._is_known:
            return await self._negotiated(question)
        if self._finding_out.locked():
            await self._wait_for_the_first()
            return await self._negotiated(question)
        async with self._finding_out:
            await self._wire.open()
            self._refused_at_s = time.monotonic()
            return await self._negotiated(question)

    async def close(self) -> None:
        """Close the connections."""
        await self._wire.close()

    async def _recall(self) -> None:
        async with self._recalling:
            if not self._is_recalled:
                self._kept = await self._memory.recall()
                self._dialect, self._is_known = self._kept or self._dialect, self._kept is not None
                self._is_recalled = True

    async def _wait_for_the_first(self) -> None:
        """Until the caller ahead of us knows, has failed, or was not refused for so long that it will not be."""
        await self._wire.open()  # the one ahead of us has asked nothing before that
        while (left_s := self._refused_at_s + REFUSED_WITHIN_S - time.monotonic()) > 0:
            try:
                async with asyncio.timeout(left_s), self._finding_out:
                    return
            except TimeoutError:
                continue

    async def _negotiated(self, question: "_Question") -> Said:
        spent = NO_USAGE
        for _ in range(MAX_TRIES):
            dialect = self._dialect
            limit = min(question.max_tokens, self._most_tokens or question.max_tokens)
            try:
                answered = await self._sent(question, dialects.parameters(dialect, question.schema, question.name, limit))
            except Refused as error:
                refused = error.refusal
            except (ModelUnreachable, ModelRefused, ModelDeclined, SummaryFailed) as error:
                error.tokens = _tokens(spent + ONE_CALL)
                raise
            else:
                self._is_known = True
                return await self._judged(answered, dialect, spent, question)
            spent += ONE_CALL
            await self._learn(refused, dialect, question, limit, spent)
        raise ModelRefused(self.model, "it refuses every way of asking", tokens=_tokens(spent))

    async def _sent(self, question: "_Question", asked: Mapping[str, object]) -> Completion:
        texts = [{"role": message.role, "content": _whole(message.text)} for message in question.messages]
        body = await self._wire.post({"model": self.model, "messages": texts, **asked})
        return completion(body, chars_in=question.chars)

    async def _learn(self, refused: Refusal, dialect: Dialect, question: "_Question", limit: int, spent: Usage) -> None:
        """Change the way of asking, or raise what this refusal means."""
        if refused.is_too_long:
            told, narrowed = dialects.narrower(refused, tokens(question.chars) + limit)
            await self._narrow(told)
            raise TooLong(narrowed, tokens=_tokens(spent))
        if refused.is_about_answer:
            used = Usage(tokens_in=tokens(question.chars), tokens_out=limit, calls=0, is_estimate=True)
            raise Unreadable("its server could not read it", raw="", tokens=_tokens(spent + used))
        failure = refusals.judged(refused, self.model, _tokens(spent))
        if not isinstance(failure, ModelRefused | SummaryFailed):
            raise failure
        allowed, learnt = dialects.allowed_tokens(refused, dialect, limit), dialects.learnt(refused, dialect)
        if allowed is not None:
            self._most_tokens = min(allowed, self._most_tokens or allowed)
        elif learnt is None and self._dialect == dialect:
            raise failure
        elif learnt is not None and self._dialect == dialect:  # else somebody learnt it before us
            self._dialect = learnt
        self._refused_at_s = time.monotonic()

    async def _narrow(self, context_tokens: int) -> None:
        self._dialect = replace(self._dialect, context_tokens=min(context_tokens, self._dialect.context_tokens or context_tokens))
        await self._keep()

    async def _judged(self, answered: Completion, dialect: Dialect, spent: Usage, question: "_Question") -> Said:
        usage = spent + answered.usage
        paid = _tokens(usage)
        if answered.is_declined:
            raise ModelDeclined("it refuses" if answered.refusal else "its provider's filter stopped the answer", tokens=paid)
        if answered.text is None:
            raise ModelUnreachable(self.model, "an answer without a choice", tokens=paid)
        if answered.is_of_a_part(question.chars):
            context_tokens = max(answered.usage.tokens_in, LEAST_CONTEXT_TOKENS)
            self._parts += 1
            if self._parts >= PARTS_UNTIL_BELIEVED:
                await self._narrow(context_tokens)
            raise TooLong(context_tokens, tokens=paid)
        self._parts = 0
        try:
            value = await _read(answered.text, question.keys)
        except NoJson as error:
            if answered.is_cut or error.is_cut:
                raise CutShort(error.reason, raw=answered.text, tokens=paid) from None
            self._miss_shape(dialect)
            raise Unreadable(error.reason, raw=answered.text, tokens=paid) from None
        self._has_shape.add(dialect.form)
        await self._keep()
        return Said(value=value, raw=answered.text, usage=usage, finish=answered.finish)

    def _miss_shape(self, dialect: Dialect) -> None:
        """Some servers take every parameter and obey none: after a few answers without JSON the next form is tried."""
        if dialect.form in self._has_shape or dialect != self._dialect:
            return
        self._shapeless += 1
        if self._shapeless >= SHAPELESS_ANSWERS:
            self._shapeless, self._dialect = 0, dialects.plainer(dialect)

    async def _keep(self) -> None:
        if self._dialect != self._kept:
            self._kept = self._dialect
            await self._memory.remember(self._kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    messages: tuple[Message, ...]
    schema: Mapping[str, object]
    name: str
    max_tokens: int

    @property
    def chars(self) -> int:
        return sum(len(message.text) for message in self.messages)

    @property
    def keys(self) -> frozenset[str]:
        properties = self.schema.get("properties")
        return frozenset(properties) if isinstance(properties, Mapping) else frozenset()


async def _read(text: str, keys: frozenset[str]) -> Answer:
    """An answer is a few kB; one that is not is read in a thread, so that nobody waits for it."""
    return read_answer(text, keys) if len(text) < LARGE_CHARS else await asyncio.to_thread(read_answer, text, keys)


def _whole(text: str) -> str:
    """Without half characters, which no request can carry: an answer that is to be repaired may hold some."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _tokens(usage: Usage) -> Tokens:
    return usage.tokens_in, usage.tokens_out, usage.calls
