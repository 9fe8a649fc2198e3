"""The command line as argparse sees it. Imports nothing but the standard library, so that help comes at once."""

import argparse
from datetime import date
from pathlib import Path

from bot import __version__

FORMATS = ("terminal", "markdown", "html", "rss", "atom", "json")
SUFFIXES = {".md": "markdown", ".html": "html", ".xml": "rss", ".rss": "rss", ".atom": "atom", ".json": "json"}

EPILOG = """\
to begin with:
  paperboy demo                                   a whole day on sample papers, nothing asked of the network
  paperboy digest --category cs.CL --keyword agents
  paperboy digest --source huggingface --date 2026-06-02 --format html --output day.html
  paperboy summary 2601.03417
  paperboy ask 2601.03417 which data were used?
  paperboy chat                                   talk to the bot, as in Telegram or Discord
  paperboy chat --for telegram:-1001234567890     set up what a channel or group gets
  paperboy run                                    the bot itself; stop it with Ctrl-C
  paperboy deliveries --since 2d                  what was sent, and what became of the rest

exit codes: 0 done (an empty day with its reason too), 1 failed, 2 wrong command line, 78 wrong settings
settings come from the environment and .env: see .env.example, and `paperboy check`
"""


def parser() -> argparse.ArgumentParser:
    """Every command and option."""
    top = argparse.ArgumentParser(
        prog="paperboy",
        description="The day's research papers: ranked, explained, honestly summarized.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"paperboy {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _digest(commands.add_parser("digest", help="one digest now, here or into a file", description=DIGEST))
    _summary(commands.add_parser("summary", help="one paper, by id or link"))
    _ask(commands.add_parser("ask", help="a question about one paper, answered from its text"))
    commands.add_parser("usage", help="what the model was asked, what it cost, what is left of the day's money")
    _chat(commands.add_parser("chat", help="talk to the bot in this terminal"))
    commands.add_parser("run", help="the bot: its schedule, its subscriptions, until it is stopped")
    _deliveries(commands.add_parser("deliveries", help="what was sent when, and what became of the rest"))
    check = commands.add_parser("check", help="settings, database, sources, chat platforms: one line each, with the cure")
    check.add_argument("--local", action="store_true", help="ask nobody outside (for health checks)")
    _database(commands.add_parser("db", help="the database: upgrade it, or save a copy"))
    demo = commands.add_parser("demo", help="a whole day on sample papers")
    demo.add_argument("--out", type=Path, default=Path("out"), help="where the three files go (out)")
    demo.add_argument("--fresh", action="store_true", help="forget what was shown before")
    return top


DIGEST = "Fetches, matches, ranks and summarizes. Shows all that matches and marks nothing as shown, unless --new is given."


def _digest(digest: argparse.ArgumentParser) -> None:
    what = digest.add_argument_group("what to look at")
    what.add_argument(
        "--source",
        action="append",
        type=source,
        metavar="SOURCE",
        help="arxiv (the default), huggingface, sample, or bibtex:FILE; may be given several times",
    )
    what.add_argument("--date", type=day, metavar="YYYY-MM-DD", help="the day's batch or list (the newest)")
    what.add_argument("--days", type=_from(1, 365), metavar="N", help="look back N days by a search on arXiv")
    wish = digest.add_argument_group("what to keep; each may be given several times")
    wish.add_argument("--category", action="append", default=[], metavar="C", help="such as cs.CL; cs means all of cs.*")
    wish.add_argument("--keyword", action="append", default=[], metavar="K", help="a word or phrase of title or abstract")
    wish.add_argument("--exclude", action="append", default=[], metavar="K", help="a word that the title must not have")
    wish.add_argument(
        "--exclude-abstract", action="append", default=[], metavar="K", help="a word that title and abstract must not have"
    )
    wish.add_argument("--author", action="append", default=[], metavar="A", help="an author to follow")
    wish.add_argument("--threshold", type=_score, default=0.0, metavar="S", help="the least score, 0 to 10")
    wish.add_argument("--min-votes", type=_from(0, 100_000), default=0, metavar="N", help="the least votes, where counted")
    wish.add_argument("--replacements", action="store_true", help="also list new versions of old papers")
    wish.add_argument("--new", action="store_true", help="list only what --new did not list before, and remember it")
    wish.add_argument("--limit", type=_from(1, 10_000), metavar="N", help="list at most N papers (all that match)")
    _form(digest)
    digest.add_argument("--summaries", type=_from(0, 10_000), metavar="N", help="summarize the first N only (all)")


def _form(command: argparse.ArgumentParser) -> None:
    form = command.add_argument_group("how it looks")
    form.add_argument("--style", nargs="?", const="", default="card", metavar="S", help="form of the summaries; alone: list them")
    _language(form)
    form.add_argument("--format", choices=FORMATS, help="terminal, or what the ending of --output says")
    form.add_argument("--output", type=Path, metavar="FILE", help="write there instead of to the terminal")


def _summary(summary: argparse.ArgumentParser) -> None:
    summary.add_argument("paper", metavar="ID_OR_URL", help="2601.03417, hep-th/9901001, an arXiv or Hugging Face link, a DOI")
    _form(summary)


def _ask(ask: argparse.ArgumentParser) -> None:
    ask.add_argument("paper", metavar="ID_OR_URL", help="2601.03417, hep-th/9901001, an arXiv or Hugging Face link, a DOI")
    ask.add_argument("question", nargs="+", metavar="QUESTION", help="in your own words")
    _language(ask)


def _language(command: argparse._ActionsContainer) -> None:
    command.add_argument(
        "--language",
        nargs="?",
        const="",
        default="en",
        metavar="L",
        help="a language by code or name; alone: list those that all words are in, others are for summaries only",
    )


def _chat(chat: argparse.ArgumentParser) -> None:
    where = chat.add_mutually_exclusive_group()
    where.add_argument("--sample", action="store_true", help="on the sample day: no network, a database of its own")
    where.add_argument(
        "--for",
        dest="address",
        metavar="ADDRESS",
        help="change the settings of a chat elsewhere: telegram:-1001234567890, telegram:@channel/7 (topic 7), discord:CHANNEL",
    )


def _deliveries(deliveries: argparse.ArgumentParser) -> None:
    deliveries.add_argument("--chat", metavar="CHAT", help="of this chat only: telegram:-1001234567890, or the number alone")
    deliveries.add_argument(
        "--state", metavar="STATE", help="in this state only: due, sending, sent, retry, unknown, suspended, expired or dead"
    )
    deliveries.add_argument("--since", metavar="TIME", help="queued since then: 2d, 6h, 2026-06-01 or 2026-06-01T08:00Z")
    deliveries.add_argument("--limit", type=_from(1, 100_000), default=50, metavar="N", help="at most the newest N (50)")
    deliveries.add_argument("--format", choices=("table", "json"), default="table", help="table, or json: an object a line")
    _language(deliveries)


def _database(database: argparse.ArgumentParser) -> None:
    actions = database.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("upgrade", help="bring the tables to this release (SQLite: a copy is saved first)")
    backup = actions.add_parser("backup", help="save a whole copy while the bot runs (SQLite)")
    backup.add_argument("file", type=Path, metavar="FILE")


def source(text: str) -> str:
    """A source by name; argparse turns the error into its usual sentence."""
    name, _, rest = text.partition(":")
    if name == "bibtex" and rest:
        return text
    if text.casefold() in ("arxiv", "huggingface", "sample"):
        return text.casefold()
    raise argparse.ArgumentTypeError(f"{text!r} is not arxiv, huggingface, sample or bibtex:FILE")


def day(text: str) -> date:
    """An ISO date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-01-31") from None


class _from:  # noqa: N801
    """A whole number between two limits, both included."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, text: str) -> int:
        if not text.isdecimal() or not self.least <= int(text) <= self.most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {self.least} to {self.most}")
        return int(text)


def _score(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 10:
        raise argparse.ArgumentTypeError(f"{text!r} is not a score from 0 to 10")
    return value


def format_of(chosen: str | None, output: Path | None) -> str:
    """The format that was asked for, by name or by the ending of the file."""
    if chosen:
        return chosen
    return SUFFIXES.get(output.suffix.casefold(), "terminal") if output else "terminal"
