"""What tests of the endpoint share: a question about a small paper, a memory, endpoints that are closed at the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.domain.dialects import Dialect
from bot.summarizers.endpoint import Endpoint, Said
from bot.summarizers.messages import Message
from tests.fakes.openai import FakeOpenAI

KEY = "sk-test-0123456789abcdefghij"
TITLE = "Sparse gates for long inputs"
SENTENCE = "The method reaches an accuracy of 87.4% on the held-out set."
PAPER = f'<paper id="2601.00001" title="{TITLE}">\n## Abstract\n{SENTENCE}\nThe baseline stays at 81.2% all the time.\n</paper>'
SCHEMA = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "tldr": {"type": "string"}},
    "required": ["title", "tldr"],
    "additionalProperties": False,
}
RULES = 'Write every value in English (en). Answer with JSON:\n"title" (string): its title\n"tldr" (string): one sentence'


def question(paper: str = PAPER) -> tuple[Message, ...]:
    return Message(role="system", text=RULES), Message(role="user", text=f"Summarize.\n\n{paper}")


@dataclass(slots=True)
class Memory:
    """What an endpoint remembers; `kept` holds every dialect in turn."""

    kept: list[Dialect] = field(default_factory=list)

    async def recall(self) -> Dialect | None:
        return self.kept[-1] if self.kept else None

    async def remember(self, dialect: Dialect) -> None:
        self.kept.append(dialect)


@asynccontextmanager
async def an_endpoint(
    fake: FakeOpenAI, memory: Memory | None = None, *, timeout_s: float = 5.0, api_key: str | None = None, url: str = ""
) -> AsyncIterator[Endpoint]:
    endpoint = Endpoint(
        base_url=url or fake.url,
        api_key=fake.key if api_key is None else api_key,
        model="paper-model",
        timeout_s=timeout_s,
        context_tokens=8000,
        memory=Memory() if memory is None else memory,
        user_agent="paperboy/0 (tests)",
    )
    try:
        yield endpoint
    finally:
        await endpoint.close()


async def ask(endpoint: Endpoint, paper: str = PAPER, *, max_tokens: int = 500) -> Said:
    return await endpoint.ask(question(paper), schema=SCHEMA, schema_name="card", max_tokens=max_tokens)
