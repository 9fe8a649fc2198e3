"""What people can type into a command of the fake Discord: its options as their client checks and sends them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fakes.discord_command_rules import ATTACHMENT, BOOLEAN, CHANNEL, GROUP, INTEGER, NUMBER, STRING, SUBCOMMAND, USER
from tests.fakes.discord_interactions import Interactions
from tests.fakes.discord_modals import CHANNELS, PEOPLE, UPLOAD
from tests.fakes.discord_posts import File

LARGEST = 2**53
_POINTING: dict[int, Literal["file", "channel", "user"]] = {UPLOAD: "file", CHANNELS: "channel", PEOPLE: "user"}
_POINTS: dict[int, Literal["file", "channel", "user"]] = {ATTACHMENT: "file", CHANNEL: "channel", USER: "user"}


@dataclass(slots=True)
class Typed:
    """What a person says on a server (or "" for none), as it is sent; `resolved` is the data that it points to."""

    fake: Interactions
    person: str
    guild: str
    resolved: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def told(self) -> dict[str, Any]:
        """What is sent beside what was said."""
        return {"resolved": self.resolved} if self.resolved else {}

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
        if kind not in _POINTS:
            raise ValueError(f"options of the type {kind} are not known to this fake")
        return self.points(_POINTS[kind], said, option.get("channel_types"))

    def points(self, what: Literal["file", "channel", "user"], said: object, kinds: list[int] | None = None) -> str:
        """The id of a file, channel or person; what it is, is resolved. Raises ValueError for what cannot be chosen there."""
        number = str(getattr(said, "id", said))
        if what == "file":
            if not isinstance(said, tuple):
                raise ValueError("a file is its name and content, and its size where that is told to be greater")
            made = self._upload(*said)
            self.resolved.setdefault("attachments", {})[made["id"]] = made
            return str(made["id"])
        if what == "channel":
            place = self.fake.described_channel(number)
            if place["type"] not in (kinds or (place["type"],)):
                raise ValueError(f"channels of the type {place['type']} are not offered there")
            may = self.fake.channels.guilds[self.guild].permissions(self.person)
            self.resolved.setdefault("channels", {})[number] = place | {"permissions": str(may)}
        else:
            self.resolved.setdefault("users", {})[number] = self.fake.described_user(number)
            if self.guild and number in self.fake.channels.guilds[self.guild].members:
                may = self.fake.channels.guilds[self.guild].permissions(number)
                member = self.fake.described_member(self.guild, number) | {"permissions": str(may)}
                plain = {name: value for name, value in member.items() if name not in ("user", "deaf", "mute")}
                self.resolved.setdefault("members", {})[number] = plain
        return number

    def _upload(self, name: str, content: bytes, size: int | None = None) -> dict[str, Any]:
        made = self.fake.uploaded([], (File(id="0", name=name, content=content),))[0]
        told = {key: value for key, value in made.items() if value is not None} | {"ephemeral": True}
        return told | ({"size": size} if size else {})

    def component(self, field: Mapping[str, Any], said: object) -> object:
        """What is said in a select or upload that points to something; all else as it is."""
        what = _POINTING.get(field["type"])
        if what is None or said is None:
            return said
        each_of = said if isinstance(said, list) else [said]
        return [self.points(what, each, field.get("channel_types")) for each in each_of]


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
