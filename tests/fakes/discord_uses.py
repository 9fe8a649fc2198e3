"""One thing that a person did with the bot on the fake Discord, and what came of it: an interaction."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord_errors import Refusal, malformed
from tests.fakes.discord_posts import Accepted

RUN, TAP, COMPLETE, FILL = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
# What may answer what; the last two of a modal only where a message's component opened it.
ANSWERS = {
    RUN: (MESSAGE, DEFERRED, MODAL),
    TAP: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL),
    COMPLETE: (CHOICES,),
    FILL: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE),
}
PATIENCE_S = 10.0
MOST_CHOICES, CHOICE_CHARS = 25, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is offered while somebody types."""

    name: str
    value: str | int | float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Modal:
    """A form that stands open before one person; `fields` are all that can be filled in, in order."""

    custom_id: str
    title: str
    components: tuple[dict[str, Any], ...]
    fields: tuple[dict[str, Any], ...]
    use: "Use" = field(repr=False)

    @property
    def labels(self) -> list[str]:
        return [each["label"] for each in self.fields]

    @property
    def texts(self) -> list[str]:
        """What stands between the fields."""
        return [each["content"] for each in self.components if each["type"] == 10]

    def value(self, label: str) -> str | list[str]:
        """What stands in a field before anybody writes: a text, or the values chosen."""
        one = next(each for each in self.fields if label in (each["label"], each["custom_id"]))
        if "options" in one:
            return [each["value"] for each in one["options"] if each.get("default")]
        return str(one.get("value") or "")


@dataclass(slots=True, kw_only=True, eq=False)
class Use:
    """An interaction, as whoever caused it follows it. Times are the platform's.

    `answered_with` is Discord's number of the first answer, 0 before there is one. `original` is the message that answers:
    of a deferred answer only once it says something; of a deferred or made update the message with the component.
    """

    id: str
    token: str
    kind: int
    person: str
    channel: str
    guild: str
    data: dict[str, Any]
    name: str
    began: float
    message: Accepted | None = None
    was_heard: bool = False
    is_forgiven: bool = False
    answered_with: int = 0
    answered_within_s: float | None = None
    is_ephemeral: bool = False
    reserved_id: str = ""
    is_original_deleted: bool = False
    original: Accepted | None = None
    modal: Modal | None = None
    choices: list[Choice] = field(default_factory=list)
    follow_ups: list[Accepted] = field(default_factory=list)
    until: Callable[[Callable[[], bool]], Any] = field(repr=False)
    alarm: asyncio.TimerHandle | None = field(default=None, repr=False)

    @property
    def is_answered(self) -> bool:
        return self.answered_with > 0

    @property
    def is_loading(self) -> bool:
        """Whether people see that the bot is thinking."""
        return self.answered_with == DEFERRED and self.original is None and not self.is_original_deleted

    @property
    def is_update(self) -> bool:
        return self.answered_with in (DEFERRED_UPDATE, UPDATE)

    async def acknowledged(self, within_s: float = PATIENCE_S) -> int:
        """Wait for the first answer; its number."""
        await self._waits(lambda: self.is_answered, within_s, "was not answered")
        return self.answered_with

    async def answer(self, within_s: float = PATIENCE_S) -> Accepted:
        """Wait for the message that answers, after a deferral for what follows it."""
        await self._waits(lambda: self.original is not None, within_s, "was not answered by a message")
        assert self.original is not None
        return self.original

    async def opens(self, within_s: float = PATIENCE_S) -> Modal:
        """Wait for the form that opens."""
        await self._waits(lambda: self.modal is not None, within_s, "opened no form")
        assert self.modal is not None
        return self.modal

    async def follows_up(self, number: int = 1, within_s: float = PATIENCE_S) -> Accepted:
        """Wait for the so-manieth message after the answer."""
        await self._waits(lambda: len(self.follow_ups) >= number, within_s, f"was not followed up {number} times")
        return self.follow_ups[number - 1]

    def require_message(self, number: str) -> Accepted:
        """The message that `@original` or an id means. Raises 10008 where it is none of this interaction's."""
        found = self.original if number == "@original" else None
        for each in (self.original, self.message, *self.follow_ups):
            if found is None and each and each.id == number:
                found = each
        if found is None or found.is_deleted:
            raise Refusal(404, 10008, "Unknown Message")
        return found

    async def _waits(self, is_so: Callable[[], bool], within_s: float, what: str) -> None:
        try:
            async with asyncio.timeout(within_s):
                await self.until(is_so)
        except TimeoutError:
            raise AssertionError(f"{self.name} {what} within {within_s:g} s (answer {self.answered_with})") from None


def checked_choices(data: dict[str, Any]) -> list[Choice]:
    """What is offered to somebody who types. Raises Refusal."""
    choices = data.get("choices") or []
    if len(choices) > MOST_CHOICES:
        raise malformed("data.choices", "BASE_TYPE_BAD_LENGTH", f"Must be between 0 and {MOST_CHOICES} in length.")
    for place, each in enumerate(choices):
        for name in ("name", "value"):
            text = each.get(name)
            is_number = name == "value" and isinstance(text, int | float)
            if not is_number and not (isinstance(text, str) and 0 < len(text) <= CHOICE_CHARS):
                path = f"data.choices.{place}.{name}"
                raise malformed(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {CHOICE_CHARS} in length.")
    return [Choice(name=each["name"], value=each["value"]) for each in choices]
