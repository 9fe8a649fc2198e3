"""What people can type into a command of the fake Discord: its options as their client checks and sends them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord_command_rules import ATTACHMENT, BOOLEAN, CHANNEL, GROUP, INTEGER, NUMBER, STRING, SUBCOMMAND, USER

LARGEST = 2**53


@dataclass(slots=True)
class Typed:
    """Options as they are sent, and the data that they point to; `upload`, `user` and `channel` describe what is named."""

    upload: Callable[[str, bytes], dict[str, Any]]
    user: Callable[[str], dict[str, dict[str, Any]]]
    channel: Callable[[str], dict[str, Any]]
    resolved: dict[str, dict[str, Any]] = field(default_factory=dict)

    def options(self, declared: list[dict[str, Any]], said: Mapping[str, Any], *, focused: str = "") -> list[dict[str, Any]]:
        """All that was filled in. Raises ValueError for what no client sends, LookupError for an option that is none.

        With `focused` somebody still types in that option: nothing is required, and it may hold anything.
        """
        names = {each["name"]: each for each in declared}
        if unknown := set(said) - set(names):
            raise LookupError(f"no options {sorted(unknown)}, only {sorted(names)}")
        missing = [name for name, each in names.items() if each.get("required") and name not in said]
        if missing and not focused:
            raise ValueError(f"the client asks for {missing} first")
        sent = []
        for name, value in said.items():
            option = names[name]
            if name == focused:
                if not option.get("autocomplete"):
                    raise ValueError(f"{name} completes nothing")
                sent.append({"name": name, "type": option["type"], "value": value, "focused": True})
            else:
                sent.append({"name": name, "type": option["type"], "value": self._value(option, value)})
        return sent

    def _value(self, option: Mapping[str, Any], said: object) -> object:
        kind = option["type"]
        if option.get("choices"):
            return _choice(option, said)
        if kind == STRING:
            return _text(option, said)
        if kind in (INTEGER, NUMBER):
            return _number(option, said)
        if kind == BOOLEAN:
            if not isinstance(said, bool):
                raise ValueError(f"{option['name']} is true or false, not {said!r}")
            return said
        if kind == ATTACHMENT:
            if not isinstance(said, tuple):
                raise ValueError(f"{option['name']} takes a file: its name and content")
            made = self.upload(*said)
            self.resolved.setdefault("attachments", {})[made["id"]] = made
            return made["id"]
        number = str(getattr(said, "id", said))
        if kind == CHANNEL:
            place = self.channel(number)
            if place["type"] not in (option.get("channel_types") or (place["type"],)):
                raise ValueError(f"{option['name']} offers no channels of the type {place['type']}")
            self.resolved.setdefault("channels", {})[number] = place
        elif kind == USER:
            for name, described in self.user(number).items():
                self.resolved.setdefault(name, {})[number] = described
        else:
            raise ValueError(f"options of the type {kind} are not known to this fake")
        return number


def _choice(option: Mapping[str, Any], said: object) -> object:
    for each in option["choices"]:
        if said in (each["value"], each["name"], *(each.get("name_localizations") or {}).values()):
            return each["value"]
    raise ValueError(f"{option['name']} offers {[each['name'] for each in option['choices']]}, not {said!r}")


def _text(option: Mapping[str, Any], said: object) -> str:
    least, most = option.get("min_length") or 0, option.get("max_length") or 6000
    if not isinstance(said, str) or not said or not least <= len(said) <= most:
        raise ValueError(f"{option['name']} takes {least} to {most} characters, not {said!r:.40}")
    return said


def _number(option: Mapping[str, Any], said: object) -> int | float:
    if isinstance(said, bool) or not isinstance(said, int | float) or (option["type"] == INTEGER and not isinstance(said, int)):
        raise ValueError(f"{option['name']} takes a number, not {said!r}")
    least, most = option.get("min_value"), option.get("max_value")
    if not (-LARGEST if least is None else least) <= said <= (LARGEST if most is None else most):
        raise ValueError(f"{option['name']} takes {least} to {most}, not {said}")
    return said


def nested(kinds: list[tuple[str, int]], options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Options within the subcommand that they belong to, and that in its group."""
    for name, kind in reversed(kinds):
        assert kind in (SUBCOMMAND, GROUP)
        options = [{"name": name, "type": kind, "options": options}]
    return options
