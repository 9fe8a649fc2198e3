"""The table of Discord's slash commands: /papers with its 25, and eight beside it."""

from collections.abc import Mapping, Sequence

from handlers.discord import typed
from handlers.discord.options import Completes, Kind, Option, Slash
from handlers.discord.typed import fixed, line

GROUP = "papers"

CHANNEL = Option(name="channel", kind=Kind.CHANNEL)
_PAPER = Option(name="paper", is_required=True, most_chars=500)
_SHARE = Option(name="share", kind=Kind.BOOLEAN)
_PAGE = Option(name="page", kind=Kind.INTEGER, least=1, most=10_000)
_ZONE = Option(name="timezone", most_chars=100, completes=Completes.ZONES)
_STYLE = Option(name="style", most_chars=100, completes=Completes.STYLES)
_CATEGORIES = Option(name="categories", completes=Completes.CATEGORIES)
_WHEN = (
    Option(name="time", most_chars=20),
    Option(name="days", most_chars=60, completes=Completes.DAYS),
    _ZONE,
)
_WISH = (
    _CATEGORIES,
    Option(name="keywords"),
    Option(name="authors"),
    Option(name="sources", choices=("arxiv", "huggingface", "both")),
)


def _list(what: str) -> tuple[Option, ...]:
    return (
        Option(name="add", about=f"add_{what}"),
        Option(name="remove", about=f"remove_{what}"),
        Option(name="clear", about=f"clear_{what}", kind=Kind.BOOLEAN),
    )


def _grouped(name: str, steps: typed.Steps, *options: Option, command: str = "", is_about: bool = True) -> Slash:
    """One of /papers; `is_about` somebody's subscription, which may be that of another channel."""
    last = (CHANNEL,) if is_about else ()
    return Slash(path=(GROUP, name), command=command or name, steps=steps, options=(*options, *last))


def _plain(name: str) -> Slash:
    return _grouped(name, line(name))


def _one(name: str, option: Option) -> Slash:
    return _grouped(name, line(name, option.name), option)


def _alone(name: str, steps: typed.Steps, *options: Option) -> Slash:
    return Slash(path=(name,), command=name, steps=steps, options=options)


_LAYOUT = Option(name="layout", choices=("cards", "compact", "titles", "thread", "channel"))

SLASHES: Sequence[Slash] = (
    _grouped("subscribe", typed.subscribe, *_WISH, *_WHEN),
    _plain("unsubscribe"),
    _grouped("keywords", typed.keywords, *_list("words")),
    _grouped(
        "categories", typed.categories, Option(name="categories", about="chosen_categories", completes=Completes.CATEGORIES)
    ),
    _grouped("authors", typed.authors, *_list("authors")),
    _one("limit", Option(name="papers", kind=Kind.INTEGER, least=1, most=100)),
    _one("threshold", Option(name="score", kind=Kind.NUMBER, least=0, most=10)),
    _one("votes", Option(name="votes", kind=Kind.INTEGER, least=0, most=100_000)),
    _one("replacements", Option(name="on", about="replacements", kind=Kind.BOOLEAN)),
    _grouped("style", typed.style, _STYLE, _LAYOUT),
    _grouped("language", typed.language, Option(name="language", most_chars=60, completes=Completes.LANGUAGES)),
    _grouped("time", typed.schedule, *_WHEN),
    _grouped("timezone", typed.timezone, _ZONE),
    _one("pause", Option(name="until", most_chars=20, completes=Completes.UNTIL)),
    _plain("resume"),
    _one("mute", Option(name="on", about="muted", kind=Kind.BOOLEAN)),
    _plain("settings"),
    _plain("history"),
    _plain("usage"),
    _plain("status"),
    _plain("digest"),
    _grouped("preview", fixed("digest", "preview"), command="digest"),
    _grouped("import", line("import"), Option(name="file", kind=Kind.ATTACHMENT, is_required=True)),
    _plain("export"),
    _grouped("about", line("about"), is_about=False),
    _alone(
        "summary",
        typed.summary,
        _PAPER,
        Option(name="style", about="style_of_one", most_chars=100, completes=Completes.STYLES),
        _SHARE,
    ),
    _alone("ask", line("ask", "paper", "question"), _PAPER, Option(name="question", is_required=True, most_chars=500), _SHARE),
    _alone("search", typed.search, Option(name="query", is_required=True, most_chars=300), _PAGE, _SHARE),
    _alone("save", typed.save, _PAPER, Option(name="remove", about="unsave", kind=Kind.BOOLEAN)),
    _alone("saved", line("saved", "page"), _PAGE),
    _alone("help", line("help")),
    _alone("privacy", line("privacy")),
    _alone("deletemydata", line("deletemydata", "confirm"), Option(name="confirm", most_chars=20), CHANNEL),
)
"""In the order in which they are listed."""

BY_PATH: Mapping[tuple[str, ...], Slash] = {slash.path: slash for slash in SLASHES}
NAMES: tuple[str, ...] = tuple(slash.name for slash in SLASHES)
"""What /help lists on Discord: `help.NAME` there says the whole command and what it is for."""
