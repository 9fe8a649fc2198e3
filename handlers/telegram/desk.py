"""What is Telegram's own of what its handlers work with: the typed context, and which commands it has."""

from typing import Any, cast

from telegram import Bot
from telegram.ext import Application, CallbackContext

from handlers.desk import Desk

PLATFORM = "telegram"
EXTRA = ("channel",)  # commands of this platform alone
ONLY_GROUPS = frozenset({"members"})  # these say nothing elsewhere
SOURCES = ("arxiv", "huggingface")  # the sample day is for terminals


class Context(CallbackContext[Bot, dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """A handler's context: the desk is all that it needs of it."""

    @property
    def desk(self) -> Desk:
        """What the bot has at hand."""
        return cast("Desk", self.bot_data["desk"])


App = Application[Bot, Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], None]
