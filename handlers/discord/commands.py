"""What Discord tells of a command that somebody chose, as the command that it is and the values of its options."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bot.errors import PaperboyError
from handlers.discord.options import Kind, Option, Options, Slash, Step, Value
from handlers.discord.table import BY_PATH

_TYPES: Mapping[Kind, tuple[type, ...]] = {
    Kind.STRING: (str,),
    Kind.INTEGER: (int,),
    Kind.NUMBER: (int, float),
    Kind.BOOLEAN: (bool,),
    Kind.CHANNEL: (str,),
    Kind.ATTACHMENT: (str,),
}
_NESTED = (1, 2)  # a subcommand, a group of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A command with its options by name: of a channel and of a file their ids, as `resolved` holds them.

    `steps` are what it comes to, typed; where that could not be meant it is empty, and `refused` says why. `focused` is the
    option that somebody is still typing, "" if nobody is.
    """

    slash: Slash
    options: Options = field(default_factory=lambda: MappingProxyType({}))
    focused: str = ""
    steps: tuple[Step, ...] = ()
    refused: PaperboyError | None = None

    @property
    def channel(self) -> str:
        """The id of the channel whose subscription is meant, "" for the one where it was asked."""
        return str(self.options.get("channel", ""))

    @property
    def attachment(self) -> str:
        """The id of the file that came with it, "" if none did."""
        return str(self.options.get("file", ""))

    @property
    def is_shared(self) -> bool:
        """Whether everybody there is to see the answer."""
        return self.options.get("share") is True


def found(data: Mapping[str, Any]) -> Called | None:
    """The command in `interaction.data`; None for one that is not in the table, or not any more, and for options like that."""
    path, given = _leaf(data)
    slash = BY_PATH.get(path)
    if slash is None:
        return None
    options: dict[str, Value] = {}
    focused = ""
    for each in given:
        option = slash.option(str(each.get("name")))
        if option is None:
            return None
        value: Any = each.get("value")
        if each.get("focused") is True:
            focused, options[option.name] = option.name, str(value)
        elif _is_of(option, value):
            options[option.name] = value
        else:
            return None
    if focused:
        return Called(slash=slash, options=options, focused=focused)
    return _with_steps(Called(slash=slash, options=options))


def _leaf(data: Mapping[str, Any]) -> tuple[tuple[str, ...], Sequence[Mapping[str, Any]]]:
    """The path of what was chosen, and the options that were given to it."""
    path: tuple[str, ...] = (str(data.get("name")),)
    given: Sequence[Mapping[str, Any]] = data.get("options") or ()
    while given and given[0].get("type") in _NESTED:
        path, given = (*path, str(given[0].get("name"))), given[0].get("options") or ()
    return path, given


def _is_of(option: Option, value: object) -> bool:
    is_switch = isinstance(value, bool)
    return isinstance(value, _TYPES[option.kind]) and is_switch == (option.kind is Kind.BOOLEAN)


def _with_steps(called: Called) -> Called:
    try:
        steps = called.slash.steps(called.options)
    except PaperboyError as error:
        return Called(slash=called.slash, options=called.options, refused=error)
    return Called(slash=called.slash, options=called.options, steps=steps)
