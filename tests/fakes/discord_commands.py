"""The application commands of the fake Discord: what a bot has registered, everywhere or in one guild."""

import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.discord_command_rules import GROUP, SUBCOMMAND, check_command
from tests.fakes.discord_errors import Refusal, malformed
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_ground import Asked, Way, in_json
from tests.fakes.discord_places import BOT_ID

MOST = {1: 100, 2: 15, 3: 15}
CREATES_A_DAY, DAY_S = 200, 86_400.0
_LOCALIZED = ("name_localizations", "description_localizations")


@dataclass
class Commands(Gateway):
    """`commands` are those of each guild, by name; under "" are the global ones. `syncs` counts how often all were put."""

    commands: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    syncs: int = 0
    _created: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def add_routes(self, app: web.Application) -> None:
        super().add_routes(app)
        for path in ("/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands"):
            self.way(app, "GET", path, Way(kind="commands", does=self._list_commands, major="app"))
            self.way(app, "PUT", path, Way(kind="sync", does=self._put_commands, major="app", has_list=True))
            self.way(app, "POST", path, Way(kind="command", does=self._add_command, major="app", has_body=True))
            self.way(app, "DELETE", f"{path}/{{command}}", Way(kind="command", does=self._drop_command, major="app"))

    def offered(self, guild: str) -> Iterator[dict[str, Any]]:
        """The commands that are registered for that guild or everywhere, whoever may run them."""
        if guild in self.channels.removed_guilds:
            return
        own = self.commands[guild] if guild else {}
        yield from own.values()
        yield from (each for name, each in self.commands[""].items() if name not in own)

    # What is asked

    async def _list_commands(self, request: web.Request, asked: Asked) -> object:
        scope = self._scope(asked)
        has_all = request.query.get("with_localizations", "").lower() in ("true", "1")
        hidden = () if has_all else _LOCALIZED
        return [{name: value for name, value in each.items() if name not in hidden} for each in self.commands[scope].values()]

    async def _put_commands(self, _: web.Request, asked: Asked) -> object:
        scope, said = self._scope(asked), asked.body["list"]
        for number, each in enumerate(said):
            self.oddities += check_command(each, (str(number),))
        self._check_together(said)
        made = {each["name"]: each for each in said}
        self._count_created(scope, [name for name in made if name not in self.commands[scope]])
        self.commands[scope] = {name: self._registered(scope, each) for name, each in made.items()}
        self.syncs += 1
        await self.tells()
        return list(self.commands[scope].values())

    async def _add_command(self, _: web.Request, asked: Asked) -> object:
        scope, said = self._scope(asked), asked.body
        self.oddities += check_command(said)
        is_new = said["name"] not in self.commands[scope]
        others = [each for name, each in self.commands[scope].items() if name != said["name"]]
        self._check_together([*others, said])
        self._count_created(scope, [said["name"]] if is_new else [])
        self.commands[scope][said["name"]] = kept = self._registered(scope, said)
        await self.tells()
        return in_json(kept, 201 if is_new else 200)

    async def _drop_command(self, _: web.Request, asked: Asked) -> object:
        scope = self._scope(asked)
        name = next((name for name, each in self.commands[scope].items() if each["id"] == asked.params["command"]), None)
        if name is None:
            raise Refusal(404, 10063, "Unknown application command")
        del self.commands[scope][name]
        return None

    def _scope(self, asked: Asked) -> str:
        if asked.params["app"] != BOT_ID:
            raise Refusal(404, 10002, "Unknown Application")
        guild = asked.params.get("guild", "")
        if guild and (guild not in self.channels.guilds or guild in self.channels.removed_guilds):
            raise Refusal(403, 50001, "Missing Access")
        return guild

    def _check_together(self, said: list[dict[str, Any]]) -> None:
        for kind, most in MOST.items():
            names = [each["name"] for each in said if each.get("type", 1) == kind]
            if len(names) > most:
                raise Refusal(400, 30032, f"Maximum number of application commands reached ({most})")
            if len(names) != len(set(names)):
                raise malformed("_", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")

    def _count_created(self, scope: str, names: list[str]) -> None:
        created, now = self._created[scope], time.monotonic()
        while created and created[0] < now - DAY_S:
            created.popleft()
        if len(created) + len(names) > CREATES_A_DAY:
            words = f"Max number of daily application command creates has been reached ({CREATES_A_DAY})"
            raise Refusal(429, 30034, words, retry_after=DAY_S)
        created.extend(now for _ in names)

    def _registered(self, scope: str, said: dict[str, Any]) -> dict[str, Any]:
        """As it is told: under the same id as long as it has the same name."""
        before = self.commands[scope].get(said["name"], {})
        rights = said.get("default_member_permissions")
        kept: dict[str, Any] = {"type": 1, "description": "", "nsfw": False, "contexts": None, "integration_types": [0]} | said
        kept |= {"id": before.get("id") or self.new_id(), "application_id": BOT_ID, "version": self.new_id()}
        kept |= {"default_member_permissions": None if rights is None else str(rights)}
        return kept | ({"guild_id": scope} if scope else {})


def leaves(command: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """All that can be run of a command: its path, and what has the options."""
    yield from _leaves(command, (command["name"],))


def _leaves(of: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    inner = [each for each in of.get("options") or () if each["type"] in (SUBCOMMAND, GROUP)]
    if not inner:
        yield path, of
    for each in inner:
        yield from _leaves(each, (*path, each["name"]))
