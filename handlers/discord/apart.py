"""Which commands are on one platform only, each with its reason, and where on Discord what it does is found."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Why a command is on one platform only, and where what it does is found on Discord.

    `option` is the path of an option; `screen` is what a button of the settings view begins with: its action and arguments.
    """

    reason: str
    option: tuple[str, ...] = ()
    screen: tuple[str, ...] = ()


_FULL = "A group of commands holds 25 on Discord, and /papers is full."

APART: Mapping[str, Apart] = {
    "start": Apart(
        reason="Discord sends no start message: /papers subscribe sets a digest up in one command, and /papers settings "
        "leads through it step by step where there is no subscription yet.",
        option=("papers", "subscribe", "categories"),
    ),
    "channel": Apart(
        reason="On Telegram a channel is set up from a private chat. On Discord it is set up in the channel itself, or from "
        "another one with the option channel that the commands of /papers have.",
        option=("papers", "subscribe", "channel"),
    ),
    "sources": Apart(
        reason=f"{_FULL} /papers subscribe has the option sources, and the view of /papers settings has them in its list.",
        option=("papers", "subscribe", "sources"),
        screen=("se", "s"),
    ),
    "layout": Apart(
        reason=f"{_FULL} It is the option layout of /papers style, and stands in the list of the view of /papers settings.",
        option=("papers", "style", "layout"),
        screen=("se", "l"),
    ),
    "members": Apart(
        reason=f"{_FULL} What members may ask is a button of the view of /papers settings; who may run a command at all is "
        "set in the server's own settings under Integrations.",
        screen=("sv", "b"),
    ),
    "emptydays": Apart(
        reason=f"{_FULL} Whether a day without papers gets a line is a button of the view of /papers settings.",
        screen=("sv", "e"),
    ),
    "preview": Apart(
        reason="On Telegram it is typed as /digest preview. On Discord a command shows its options only when it is chosen, so "
        "that it is one of its own.",
    ),
}
"""Commands of one platform only, by name; a test holds this list to the commands that there are."""
