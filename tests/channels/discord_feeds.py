"""A feed on the fake Discord: messages of cards, sent as the outbox sends them, and what people see of them then."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.channels.discord import Discord
from bot.domain.deliveries import Outcome, OutcomeKind, Past
from bot.domain.messages import Button, Card, Message, Thread, paragraph
from bot.domain.subscriptions import Address
from bot.ports import Part
from tests.fakes.discord import TOKEN, FakeDiscord
from tests.fakes.discord_posts import Shown
from tests.fakes.discord_reader import read, seen

NAME = "Papers of 2 June 2026"
AGAIN = (OutcomeKind.AGAIN, OutcomeKind.UNSURE)


@dataclass(slots=True)
class Told:
    """A pace that keeps what it is told."""

    halts: list[tuple[str, float]] = field(default_factory=list)
    wait_s: float = 0.0

    def ready_in(self, chat: str) -> float:
        return self.wait_s

    def halt(self, chat: str, seconds: float) -> None:
        self.halts.append((chat, seconds))

    async def turn(self, chat: str, *, is_answer: bool = False) -> float:
        return 0.0


@asynccontextmanager
async def opened(fake: FakeDiscord, *, timeout_s: float = 20.0) -> AsyncIterator[Discord]:
    channel = Discord(TOKEN, fake.url, pace=Told(), timeout_s=timeout_s)
    await channel.open()
    try:
        yield channel
    finally:
        await channel.close()


def at(chat: str, thread: str = "") -> Address:
    return Address(platform="discord", chat=chat, thread=thread)


def a_card(number: int = 1, digest: int = 1, **facts: Any) -> Card:  # noqa: ANN401
    buttons = (Button(label="Summary", action=f"1dx:{digest}.{number}"), Button(label="👍", action=f"1dv:{digest}.{number}.1"))
    known: dict[str, Any] = {"title": f"Paper {number}", "url": f"https://arxiv.org/abs/2606.0000{number}", "byline": "Ann Lee"}
    known |= {"blocks": (paragraph(f"What paper {number} says."),), "source": "arxiv", "rows": (buttons,)}
    return Card(number=number, **known | facts)


def a_feed(*cards: Card, is_apart: bool = True, name: str = NAME, head: str = "Three papers") -> Message:
    cards = cards or (a_card(1), a_card(2))
    return Message(blocks=(paragraph(head),), thread=Thread(name=name, cards=cards, is_apart=is_apart))


def rendered(message: Message) -> tuple[Part, ...]:
    return Discord("", "", pace=Told()).render(message)


@dataclass(slots=True)
class Outbox:
    """Sends parts in order, each again after a lost answer, as the ledger does."""

    channel: Discord
    address: Address
    seed: str = "a"
    tries: int = 4
    sent: list[tuple[int, Outcome]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def past(self) -> Past:
        head = self.sent[0][1].platform_id if self.sent and self.sent[0][0] == 1 else ""
        return Past(head=head, thread=self.sent[-1][1].thread if self.sent else "")

    async def deliver(self, parts: Sequence[Part], *, is_repeat: bool = False) -> Outcome:
        """What became of the last of them that was tried; the first that does not arrive ends it. `is_repeat`: of the first."""
        outcome = Outcome(kind=OutcomeKind.SENT)
        for part in parts:
            outcome = await self.one(part, is_repeat=is_repeat)
            is_repeat = False
            if outcome.kind is not OutcomeKind.SENT:
                break
        return outcome

    async def one(self, part: Part, *, is_repeat: bool = False) -> Outcome:
        is_unsure, is_plain, past = False, False, self.past
        for attempt in range(self.tries):
            known = Past(head=past.head, thread=past.thread, is_repeat=is_repeat or attempt > 0, is_unsure=is_unsure)
            key = f"{part.number}-{self.seed}"
            outcome = await self.channel.send(self.address, part, key=key, is_plain=is_plain, past=known)
            self.outcomes.append(outcome)
            is_unsure = is_unsure or outcome.kind is OutcomeKind.UNSURE
            is_plain = is_plain or outcome.kind is OutcomeKind.PLAIN
            if outcome.kind not in (*AGAIN, OutcomeKind.PLAIN):
                break
        if outcome.kind is OutcomeKind.SENT:
            self.sent.append((part.number, outcome))
        return outcome


def places(fake: FakeDiscord) -> list[tuple[str, str]]:
    """Where people see what: channel or `channel/thread`, and the title of the card or the text."""
    found = []
    for each in fake.shown():
        where = f"{each.channel}/{each.thread}" if each.thread else each.channel
        found.append((where, seen(each.embeds[0].get("title", "")) if each.embeds else seen(each.content)))
    return found


def texts(embeds: Iterable[dict[str, Any]]) -> Iterable[str]:
    """The texts of embeds in which Discord reads Markdown."""
    for embed in embeds:
        yield from (embed[name] for name in ("title", "description") if name in embed)
        yield from (text for each in embed.get("fields", ()) for text in (each["name"], each["value"]))


def words_of(content: str, embeds: Iterable[dict[str, Any]]) -> str:
    """All that people see of a message, without white space and what cannot be seen."""
    made = [seen(content)]
    for embed in embeds:
        made += [embed.get("author", {}).get("name", ""), *map(seen, texts((embed,))), embed.get("footer", {}).get("text", "")]
    return squeezed("".join(made))


def squeezed(words: str) -> str:
    return "".join("".join(words).replace("\u200b", "").split())


def kinds(content: str, embeds: Iterable[dict[str, Any]]) -> set[str]:
    """What is more than text."""
    return {kind for each in (content, *texts(embeds)) for run in read(each) for kind in run.kinds}


def shown_words(shown: Shown) -> str:
    return words_of(shown.content, shown.embeds)
