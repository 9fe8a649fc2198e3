"""Every command, once for all platforms: its name, what it does, who may, and whether it takes long.

Its line of /help is `help.NAME` in words, its line in a platform's own list of commands `menu.NAME`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from handlers.commands import (
    about,
    files,
    forms,
    interests,
    papers,
    privacy,
    saved,
    schedules,
    searching,
    start,
    status,
    subscriptions,
)
from handlers.talk import Answer, Talk

Run = Callable[[Talk, str], Awaitable[Answer]]


class Who(StrEnum):
    """Whom a command is for. In a private chat and in a terminal everybody is an admin."""

    EVERYBODY = "everybody"
    ASKING = "asking"  # within the allowance of person and chat; in a group, unless an admin says otherwise
    ADMINS = "admins"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is behind a name. `is_slow`: it may wait for a source, a page or a model."""

    run: Run
    who: Who = Who.EVERYBODY
    is_slow: bool = False


def _settings(run: Run) -> Command:
    return Command(run=run, who=Who.ADMINS)


# What somebody may always ask, in private, of a bot that does not answer them: what is kept of them, and to delete it.
OF_RIGHT = frozenset({"privacy", "deletemydata"})

COMMANDS: Mapping[str, Command] = {
    "start": Command(run=start.start),
    "subscribe": Command(run=subscriptions.subscribe, who=Who.ADMINS, is_slow=True),
    "unsubscribe": _settings(subscriptions.unsubscribe),
    "keywords": _settings(interests.keywords),
    "categories": _settings(interests.categories),
    "authors": _settings(interests.authors),
    "sources": _settings(interests.sources),
    "limit": _settings(interests.limit),
    "threshold": _settings(interests.threshold),
    "votes": _settings(interests.votes),
    "replacements": _settings(interests.replacements),
    "digest": Command(run=papers.digest, who=Who.ADMINS, is_slow=True),
    "summary": Command(run=papers.summary, who=Who.ASKING, is_slow=True),
    "ask": Command(run=papers.ask, who=Who.ASKING, is_slow=True),
    "search": Command(run=searching.search, who=Who.ASKING),
    "settings": _settings(forms.settings),
    "style": _settings(forms.style),
    "layout": _settings(forms.layout),
    "language": _settings(forms.language),
    "members": _settings(forms.members),
    "time": _settings(schedules.time),
    "timezone": _settings(schedules.timezone),
    "pause": _settings(schedules.pause),
    "resume": _settings(schedules.resume),
    "mute": _settings(schedules.mute),
    "emptydays": _settings(schedules.empty_days),
    "save": Command(run=saved.save, who=Who.ASKING, is_slow=True),
    "saved": Command(run=saved.saved),
    "export": _settings(files.export),
    "import": Command(run=files.import_, is_slow=True),
    "history": Command(run=about.history),
    "usage": Command(run=about.usage),
    "status": Command(run=status.run),
    "privacy": Command(run=privacy.privacy),
    "deletemydata": Command(run=privacy.delete_my_data),
    "help": Command(run=about.help_),
    "about": Command(run=about.about),
}
