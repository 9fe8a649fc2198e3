"""Who may import whom. A module belongs to the zone with the longest name that begins its own; a change here is a decision.

Ours are named as zones, packages of others as the zones that may import them. Whatever is not allowed is forbidden.
"""

from collections.abc import Mapping

ADAPTER = frozenset({"bot.domain", "bot.ports", "bot.http", "bot.words", "bot.guard", "bot.errors"})
SHARED = frozenset(
    {"bot.domain", "bot.services", "bot.reports", "bot.words", "bot.ports", "bot.errors", "handlers.texts", "handlers.parsing"}
    | {"handlers.parsing_links", "handlers.parsing_numbers"}
)
# What every platform does alike: commands and buttons are written once (docs/decisions/0012), and how an answer is shown.
PLATFORM = SHARED | {
    "handlers.talk",
    "handlers.commands",
    "handlers.presses",
    "handlers.dispatch",
    "handlers.desk",
    "handlers.parsing_papers",
    "handlers.showing",
    "handlers.waiting",
    "handlers.readers",
    "handlers.turns",
}
# One command each: what app.py built, the words to say it in, and the parts that need no building. Never a source.
COMMANDS = frozenset(
    {"bot", "bot.app", "bot.arguments", "bot.channels", "bot.commands", "bot.config", "bot.domain", "bot.errors", "bot.hiding"}
    | {"bot.progress", "bot.reports", "bot.running", "bot.services", "bot.storage", "bot.summarizers", "bot.words"}
    | {
        "bot.talking",
        "handlers.commands",
        "handlers.console",
        "handlers.dispatch",
        "handlers.talk",
        "handlers.parsing",
        "handlers.parsing_deliveries",
        "handlers.texts",
    }
)
ANYTHING = frozenset({"bot", "handlers", "migrations"})

# Modules of one zone may import each other, except in SEPARATE.
MAY_IMPORT: Mapping[str, frozenset[str]] = {
    "bot": frozenset(),
    "bot.arguments": frozenset({"bot"}),
    # docs/decisions/0005: a parser of what people type must be able to say what is wrong.
    "bot.domain": frozenset({"bot.errors"}),
    "bot.errors": frozenset(),
    "bot.guard": frozenset(),
    "bot.ticks": frozenset(),
    "bot.log": frozenset({"bot.config", "bot.hiding"}),
    "bot.variables": frozenset(),
    "bot.values": frozenset(),
    "bot.hiding": frozenset({"bot.config"}),
    "bot.config": frozenset({"bot", "bot.domain", "bot.errors", "bot.values", "bot.variables"}),
    "bot.ports": frozenset({"bot.domain", "bot.errors"}),
    "bot.http": frozenset({"bot.errors", "bot.guard"}),
    "bot.words": frozenset({"bot.domain", "bot.errors"}),
    "bot.sources": ADAPTER,
    "bot.sources.sample": ADAPTER | {"bot.sources"},
    "bot.readers": ADAPTER,
    "bot.rankers": ADAPTER,
    "bot.summarizers": ADAPTER,
    "bot.channels": ADAPTER,
    "bot.reports": frozenset({"bot.domain", "bot.errors", "bot.words"}),
    "bot.storage": frozenset({"bot.domain", "bot.guard", "bot.errors"}),
    "bot.pipeline": frozenset({"bot.domain", "bot.ports", "bot.storage", "bot.errors"}),
    "bot.services": frozenset({"bot.domain", "bot.ports", "bot.storage", "bot.pipeline", "bot.errors"}),
    "bot.engines": frozenset({"bot.pipeline", "bot.storage"}),
    "bot.adapters": ANYTHING,
    "bot.app": ANYTHING,
    "bot.assembling": ANYTHING,
    "bot.running": ANYTHING,
    "bot.conversing_discord": ANYTHING,
    "bot.conversing_telegram": ANYTHING,
    "bot.progress": frozenset({"bot.domain"}),
    "bot.commands": COMMANDS,
    "bot.commands_chat": COMMANDS,
    "bot.commands_delivery": COMMANDS,
    "bot.talking": frozenset({"bot.app", "bot.summarizers", "bot.words", "handlers.talk"}),
    "bot.demo": COMMANDS | {"bot.sources.sample"},
    "bot.__main__": frozenset({"bot", "bot.arguments", "bot.errors"}),
    "handlers.parsing": frozenset({"bot.domain", "bot.errors"}),
    "handlers.parsing_deliveries": frozenset({"bot.domain", "bot.errors"}),
    "handlers.parsing_links": frozenset({"bot.domain", "bot.errors", "handlers.parsing"}),
    "handlers.parsing_numbers": frozenset({"handlers.parsing"}),
    "handlers.parsing_papers": frozenset({"bot.domain", "bot.errors"}),
    "handlers.texts": SHARED - {"bot.reports"},
    "handlers.talk": SHARED,
    "handlers.commands": SHARED | {"handlers.talk"},
    "handlers.presses": SHARED | {"handlers.talk", "handlers.commands"},
    "handlers.dispatch": SHARED | {"handlers.talk", "handlers.commands", "handlers.presses"},
    "handlers.desk": SHARED | {"handlers.talk"},
    "handlers.showing": SHARED | {"handlers.talk", "handlers.presses", "handlers.desk"},
    "handlers.waiting": SHARED,
    "handlers.readers": SHARED | {"handlers.talk", "handlers.commands", "handlers.presses"},
    "handlers.turns": SHARED,
    "handlers.console": PLATFORM,
    "handlers.telegram": PLATFORM | {"bot"},
    "handlers.discord": PLATFORM | {"bot"},
    "handlers.web": PLATFORM,
    "migrations": frozenset({"bot.storage"}),
}

# What only a function may import, so that a command loads no more than it uses.
MAY_IMPORT_INSIDE: Mapping[str, frozenset[str]] = {"bot.__main__": ANYTHING}

# Each of these is alone: a step of the pipeline never calls the next, it is called.
SEPARATE = frozenset({"bot.pipeline"})

# A name computed at run time hides an import from this test; only a catalogue of words is chosen by what a person speaks.
MAY_COMPUTE = frozenset({"bot.words"})

# The standard library's ways to the network; whoever used one would walk past the guard, the pace and the time-outs.
NETWORK = frozenset({"ftplib", "http.client", "imaplib", "poplib", "smtplib", "socket", "ssl", "urllib.request", "xmlrpc.client"})
MAY_REACH_OUT = frozenset({"bot.http"})

# Packages of others, by the modules (a name and all that begins with it) that may import them.
THIRD_PARTY: Mapping[str, frozenset[str]] = {
    "aiohttp": frozenset(
        {"bot.channels.discord", "handlers.discord.client", "handlers.discord.members", "handlers.web"}
    ),  # what discord.py lets through, and a server of our own
    "aiosqlite": frozenset({"bot.storage"}),
    "alembic": frozenset({"bot.storage", "migrations"}),
    "apscheduler": frozenset({"bot.ticks"}),
    "arxiv": frozenset({"bot.sources.arxiv"}),
    "babel": frozenset({"bot.words"}),
    "bibtexparser": frozenset({"bot.sources.bibtex"}),
    "discord": frozenset({"bot.channels.discord", "handlers.discord"}),
    "dotenv": frozenset({"bot.variables"}),
    "httpx": frozenset({"bot.http", "bot.channels.telegram"}),
    "httpx2": frozenset({"bot.summarizers"}),
    "jinja2": frozenset({"bot.reports"}),
    "openai": frozenset({"bot.summarizers"}),
    "psycopg": frozenset({"bot.storage"}),
    "pydantic": frozenset({"bot.config", "bot.values", "bot.summarizers"}),
    "pydantic_settings": frozenset({"bot.config"}),
    "pypdfium2": frozenset({"bot.readers"}),
    "requests": frozenset({"bot.sources.arxiv"}),
    "selectolax": frozenset({"bot.sources", "bot.readers"}),
    "sqlalchemy": frozenset({"bot.storage", "migrations"}),
    # Where something happens that an owner must hear of; never where things are decided or shown.
    "structlog": frozenset(
        {"bot.log", "bot.app", "bot.running", "bot.http", "bot.pipeline", "bot.services", "bot.engines", "bot.storage"}
        | {"bot.conversing_discord", "bot.conversing_telegram", "handlers.discord.client", "handlers.telegram.build"}
    ),
    "telegram": frozenset({"bot.channels.telegram", "handlers.telegram"}),
    "tqdm": frozenset({"bot.progress"}),
    "yarl": frozenset({"bot.channels.discord"}),
}
