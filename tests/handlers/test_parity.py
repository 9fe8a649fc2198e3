"""Both platforms have every command, but for those that are named with their reason; what these do is reached all the same."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.domain.actions import unpacked
from bot.domain.messages import Buttons, Message
from bot.domain.subscriptions import Address, Subscription
from bot.summarizers.styles import styles
from bot.words import languages, words
from handlers.commands import COMMANDS
from handlers.discord.apart import APART
from handlers.discord.table import BY_PATH, NAMES
from handlers.parsing import SOURCES
from handlers.telegram.desk import EXTRA
from handlers.telegram.listing import lists
from handlers.texts.menus import Menu, main

TYPED = {*COMMANDS, *EXTRA}  # on Telegram
LISTED = set(NAMES)  # on Discord


def test_a_command_of_one_platform_alone_is_named_with_its_reason() -> None:
    assert set(APART) == TYPED ^ LISTED, "a command is on one platform only and has no reason, or a reason has no command"


def test_telegram_lists_every_command_that_it_takes() -> None:
    assert {name for _, names in lists() for name in names} == TYPED


@pytest.mark.parametrize("name", APART)
def test_a_reason_is_a_sentence_of_its_own(name: str) -> None:
    reason = APART[name].reason
    assert reason.endswith(".")
    assert len(reason.split()) > 8
    assert [other for other in APART if other != name and APART[other].reason == reason] == []


@pytest.mark.parametrize("name", [name for name in APART if name not in LISTED])
def test_what_is_no_command_of_discord_is_reached_there_by_an_option_or_by_the_settings_view(name: str) -> None:
    apart = APART[name]
    assert apart.option or apart.screen, f"nothing of Discord does what /{name} does"
    if apart.option:
        *path, option = apart.option
        assert BY_PATH[tuple(path)].option(option) is not None
        assert f"/{' '.join(path)}" in apart.reason or option in apart.reason
    if apart.screen:
        assert apart.screen in {tuple(action[: len(apart.screen)]) for action in actions(settings_view())}
        assert "/papers settings" in apart.reason


def settings_view() -> Message:
    """As a channel of Discord has it."""
    known = Subscription(address=Address(platform="discord", chat="1"))
    said, now = words("en", "discord"), datetime(2026, 1, 8, tzinfo=UTC)
    menu = Menu(
        known=known,
        words=said,
        now=now,
        target="",
        place="",
        sources=SOURCES,
        styles=styles(),
        languages=languages(),
        is_group=True,
    )
    return main(menu)


def actions(message: Message) -> Iterator[tuple[str, ...]]:
    """What is behind each button, with its arguments."""
    for block in message.blocks:
        for row in block.rows if isinstance(block, Buttons) else ():
            for button in row:
                if (action := unpacked(button.action)) is not None:
                    yield (action.name, *action.args)
