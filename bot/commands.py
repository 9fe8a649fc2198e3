"""What each command does: open the bot, call one service, print. Returns the exit code; errors rise to `__main__`."""

import argparse
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bot.app import opened, tidy
from bot.arguments import format_of
from bot.config import Settings
from bot.domain.categories import expand
from bot.domain.digests import Digest
from bot.domain.messages import Message
from bot.domain.subscriptions import Interest
from bot.domain.words import Words
from bot.errors import BadFile, BadInput
from bot.hiding import public_view
from bot.progress import Progress
from bot.services.browsing import COMMAND_LINE, DigestRequest
from bot.services.checking import Finding
from bot.storage import migrate
from bot.summarizers.styles import style, styles
from bot.words import languages, words
from bot.words.languages import language_code
from handlers import parsing

DONE, FAILED = 0, 1
HEALING = timedelta(minutes=5)  # how long a command goes on, after its digest, with what earlier runs owe


async def digest(settings: Settings, asked: argparse.Namespace) -> int:
    """One digest, here or into a file."""
    if (listed := lists(asked)) is not None:
        return listed
    request = request_of(asked)
    said = words(request.language)
    async with opened(settings) as app:
        with Progress(said) as progress:
            made = await app.browsing.digest(request, report=progress)
        _put(render(made.digest, format_of(asked.format, asked.output), said), asked.output)
        await app.browsing.shown(made)
        until = app.now() + HEALING
        await app.writing.finish(HEALING.total_seconds())
        with Progress(said) as progress:
            await app.healing.heal(report=progress, until=until)
        await tidy(app)  # whoever has no running bot has old texts too
    return FAILED if made.has_failed else DONE


def request_of(asked: argparse.Namespace) -> DigestRequest:
    """The command line as a wish; raises BadTopic or BadInput."""
    interest = Interest(
        categories=frozenset(category for name in asked.category for category in expand(name)),
        keywords=tuple(parsing.keyword(word) for word in asked.keyword),
        excluded=tuple(parsing.keyword(word) for word in asked.exclude),
        excluded_anywhere=tuple(parsing.keyword(word) for word in asked.exclude_abstract),
        authors=tuple(parsing.author(name) for name in asked.author),
        threshold=asked.threshold,
        min_votes=asked.min_votes,
        wants_replacements=asked.replacements,
    )
    sources = tuple(dict.fromkeys(asked.source or ("arxiv",)))
    if sources == ("arxiv",) and not interest.categories and not asked.days:
        raise BadInput("name at least one category, such as --category cs.CL, or --source huggingface")
    return DigestRequest(
        sources=sources,
        interest=interest,
        on=asked.date,
        days=asked.days,
        limit=asked.limit,
        summaries=asked.summaries,
        style=asked.style,
        language=asked.language,
        only_new=asked.new,
    )


def lists(asked: argparse.Namespace) -> int | None:
    """Print what --style or --language alone asks for; refuse a name that is none."""
    for kind, there in (("style", [each.name for each in styles()]), ("language", list(languages()))):
        if getattr(asked, kind, None) == "":
            print("\n".join(there))
            return DONE
    if hasattr(asked, "style"):
        asked.style = style(asked.style).name
    asked.language = language_code(asked.language)
    return None


def render(made: Digest, form: str, said: Words) -> str:
    """The digest as text in one of the formats."""
    from bot.reports import report

    is_terminal = form == "terminal" and sys.stdout.isatty()
    return report(made, form, said, is_terminal=is_terminal)


def _put(text: str, output: Path | None) -> None:
    if output is None:
        print(text, flush=True)  # it counts as shown from here on
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadFile(str(output), f"cannot be written ({error.strerror})") from error
    print(f"written: {output}", file=sys.stderr)


async def summary(settings: Settings, asked: argparse.Namespace) -> int:
    """One paper."""
    if (listed := lists(asked)) is not None:
        return listed
    from bot.reports import paper_report

    said = words(asked.language)
    async with opened(settings) as app:
        with Progress(said) as progress:
            found = await app.summarizing.summary(
                asked.paper, style=asked.style, language=asked.language, address=COMMAND_LINE, report=progress
            )
        form = format_of(asked.format, asked.output)
        _put(paper_report(found.seen, found.summary, form, said, made_at=app.now(), lack=found.lack), asked.output)
    return DONE


async def ask(settings: Settings, asked: argparse.Namespace) -> int:
    """A question about one paper."""
    if (listed := lists(asked)) is not None:
        return listed
    from bot.domain.summary_layout import answer_message

    said = words(asked.language)
    async with opened(settings) as app:
        with Progress(said) as progress:
            found = await app.asking.ask(
                f"{asked.paper} {' '.join(asked.question)}", address=COMMAND_LINE, language=asked.language, report=progress
            )
        shower()(answer_message(found.seen, found.answer, said, lack=found.lack))
    return DONE


async def usage(settings: Settings, _asked: argparse.Namespace) -> int:
    """What the model was asked and what it cost."""
    from handlers.texts.spending import spending

    async with opened(settings) as app:
        shower()(spending(await app.spending.spent(COMMAND_LINE, is_whole=True), words()))
    return DONE


def shower() -> Callable[[Message], None]:
    """Prints messages as a chat in the terminal shows them."""
    import json

    from bot.channels.console import Console

    channel = Console(print)

    def show(message: Message) -> None:
        for part in channel.render(message):
            print(json.loads(part.payload)["text"] + "\n", flush=True)

    return show


async def run_bot(settings: Settings, _asked: argparse.Namespace) -> int:
    """The bot until it is stopped."""
    from bot.running import run

    await run(settings)
    return DONE


async def check(settings: Settings, asked: argparse.Namespace) -> int:
    """One line for each thing, and what to do about it."""
    if not asked.local:
        for name, value in public_view(settings).items():
            print(f"setting   {name}={value}")
    async with opened(settings) as app:
        findings = await app.checking.local(must_run=asked.local)
        if not asked.local:
            findings += await app.checking.reach()
    for finding in findings:
        print(_line(finding))
    return DONE if all(finding.is_good for finding in findings) else FAILED


def _line(finding: Finding) -> str:
    mark = "ok" if finding.is_good else "FAULT"
    return f"{mark:<9} {finding.subject}: {finding.state}" + (f" -> {finding.cure}" if finding.cure else "")


async def database(settings: Settings, asked: argparse.Namespace) -> int:
    """Upgrade the tables, or save a copy."""
    url = settings.database_url.get_secret_value()
    if asked.action == "backup":
        await migrate.backup(url, asked.file)
        print(f"saved: {asked.file}")
        return DONE
    from datetime import UTC, datetime

    done = await migrate.upgrade(url, datetime.now(UTC))
    saved = f"; the copy from before: {done.backup}" if done.backup else ""
    print(f"the database is at revision {done.to_revision}{saved}")
    return DONE
