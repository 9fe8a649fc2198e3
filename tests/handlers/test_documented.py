"""What docs/telegram.md and docs/discord.md say of commands, options and rights is what there is."""

import re
from pathlib import Path

import discord
import pytest

from handlers.commands import COMMANDS
from handlers.discord.apart import APART
from handlers.discord.options import Slash
from handlers.discord.table import SLASHES
from handlers.telegram.desk import EXTRA

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "discord.md").read_text(encoding="utf-8")
_CELL = re.compile(r"(?<!\\)\|")


def section(page: str, heading: str) -> str:
    """What stands below a heading, up to the next."""
    return re.split(r"^#", page.partition(f"\n{heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """The cells of all rows of tables."""
    lines = (line.strip() for line in text.splitlines())
    return [[cell.strip() for cell in _CELL.split(line)[1:-1]] for line in lines if line.startswith("|")]


COMMAND_ROWS = {
    found[1]: cells[1]
    for cells in rows(section(PAGE, "## What people can type"))
    if len(cells) == 3 and (found := re.fullmatch(r"`/([a-z ]+)`", cells[0]))
}


def test_every_command_of_discord_is_documented_and_no_other() -> None:
    assert list(COMMAND_ROWS) == [" ".join(slash.path) for slash in SLASHES]


@pytest.mark.parametrize("slash", SLASHES, ids=lambda slash: slash.name)
def test_the_options_of_a_command_are_documented_as_they_are(slash: Slash) -> None:
    cell = COMMAND_ROWS[" ".join(slash.path)]
    assert re.findall(r"`([a-z]+)`", cell) == [option.name for option in slash.options]
    assert set(re.findall(r"`([a-z]+)`\\\*", cell)) == {option.name for option in slash.options if option.is_required}
    assert set(re.findall(r"\*`([a-z]+)`\*", cell)) == {option.name for option in slash.options if option.completes}


def test_every_difference_from_telegram_is_documented_with_its_reason() -> None:
    told = {cells[0]: cells[1] for cells in rows(section(PAGE, "## What people can type")) if len(cells) == 2}
    assert {f"`/{name}`": apart.reason for name, apart in APART.items()}.items() <= told.items()


def test_the_invitation_asks_for_the_rights_that_are_listed() -> None:
    names = [cells[0] for cells in rows(section(PAGE, "### Rights"))[2:]]
    flags = {name: name.lower().replace(" ", "_").replace("view_channels", "view_channel") for name in names}
    asked = re.findall(r"permissions=(\d+)", PAGE)
    assert {int(number) for number in asked} == {discord.Permissions(**dict.fromkeys(flags.values(), True)).value}


def test_every_command_of_telegram_is_documented() -> None:
    page = (DOCS / "telegram.md").read_text(encoding="utf-8")
    told = {name for cells in rows(section(page, "## What people can type")) for name in re.findall(r"`/([a-z]+)", cells[0])}
    assert told == {*COMMANDS, *EXTRA}
