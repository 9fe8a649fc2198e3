"""The commands that a client of the fake Discord offers: to whom, where, in which language."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.fakes.discord_commands import leaves

IN_GUILD, IN_DIRECT = 0, 1


def is_offered(command: Mapping[str, Any], guild: str, may: int) -> bool:
    """Whether the client offers it there to somebody with these rights; in a direct chat rights do not matter."""
    contexts = command.get("contexts")
    if contexts is None:
        contexts = [IN_GUILD, IN_DIRECT] if command.get("dm_permission", True) is not False else [IN_GUILD]
    if (IN_GUILD if guild else IN_DIRECT) not in contexts:
        return False
    needed = command.get("default_member_permissions")
    if not guild or needed is None:
        return True
    wants = int(needed) or 1 << 3  # of none at all: administrators alone
    return may & wants == wants


def described_in(command: dict[str, Any], locale: str) -> dict[str, str]:
    """Each leaf's path and its description in a language."""
    return {" ".join(path): localized(leaf, "description", locale) for path, leaf in leaves(command)}


def localized(of: Mapping[str, Any], field: str, locale: str) -> str:
    """The field as a client with this language shows it."""
    return str((of.get(f"{field}_localizations") or {}).get(locale) or of[field])


def found_leaf(commands: Iterable[dict[str, Any]], typed: str) -> tuple[dict[str, Any], list[tuple[str, int]], dict[str, Any]]:
    """The command, the way to what is run of it (names and kinds), and what has its options. Raises LookupError."""
    first, *rest = typed.removeprefix("/").split()
    all_of = list(commands)
    command = next((each for each in all_of if each["name"] == first and each.get("type", 1) == 1), None)
    if command is None:
        raise LookupError(f"no command /{first}, only {[each['name'] for each in all_of]}")
    way: list[tuple[str, int]] = []
    leaf = command
    for name in rest:
        found = next((each for each in leaf.get("options") or () if each["name"] == name and each["type"] in (1, 2)), None)
        if found is None:
            raise LookupError(f"/{typed} has no {name!r}, only {[each['name'] for each in leaf.get('options') or ()]}")
        way.append((name, found["type"]))
        leaf = found
    if any(each["type"] in (1, 2) for each in leaf.get("options") or ()):
        raise LookupError(f"/{typed} cannot be run: {[each['name'] for each in leaf['options']]} can")
    return command, way, leaf
