"""What people see of a message of the fake Discord, and its components as they find them."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.fakes.discord_posts import Accepted


def words(message: Accepted) -> str:
    """All text of a message: content, embeds in the order in which they are read, attachments' names."""
    return "\n".join(filter(None, (message.content, *_of_embeds(message), *(each["filename"] for each in message.attachments))))


def _of_embeds(message: Accepted) -> Iterator[str]:
    for embed in message.embeds:
        yield from (embed.get("author", {}).get("name", ""), embed.get("title", ""), embed.get("description", ""))
        for each in embed.get("fields", ()):
            yield from (each["name"], each["value"])
        yield embed.get("footer", {}).get("text", "")


def is_wanted(message: Accepted, wanted: str | Callable[[Accepted], bool]) -> bool:
    """Whether it has these words, or is as the predicate says."""
    return wanted in words(message) if isinstance(wanted, str) else wanted(message)


def components(message: Accepted) -> list[dict[str, Any]]:
    """All buttons and selects, in order."""
    return [each for row in message.components for each in row["components"]]


def labels(message: Accepted) -> list[str]:
    """What stands on the buttons and selects, in order."""
    return [_label(each) for each in components(message)]


def _label(each: dict[str, Any]) -> str:
    emoji = (each.get("emoji") or {}).get("name") or ""
    return " ".join(filter(None, (emoji, each.get("label") or each.get("placeholder"))))


def component(message: Accepted, which: str, kinds: tuple[int, ...]) -> dict[str, Any]:
    """The one with this custom id or label, or whose label alone contains it. Raises LookupError."""
    all_of = [each for each in components(message) if each["type"] in kinds]
    exact = [
        each for each in all_of if which in (each.get("custom_id"), _label(each), each.get("label"), each.get("placeholder"))
    ]
    found = exact or [each for each in all_of if which in _label(each)]
    if len(found) != 1:
        raise LookupError(f"{which!r} is on {len(found)} of {[_label(each) for each in all_of]}")
    return found[0]
