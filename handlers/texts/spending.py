"""What the model cost, in words."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.budget import MILLION, NO_USAGE
from bot.domain.messages import Bullets, Heading, Message, Paragraph, paragraph, text
from bot.domain.visible import shown
from bot.domain.words import Words
from bot.services.spending import DAYS, CallTotals, Spent
from bot.words.formats import number

_OUTCOMES = ("made", "open")


def spending(found: Spent, words: Words) -> Message:
    """A reader's part of today; for an owner also all of today, and the calls of the last month by model."""
    if found.model is None and not found.of_month:
        return Message(blocks=(paragraph(words("usage.no_model")),))
    blocks: list[Heading | Paragraph | Bullets] = [
        Heading(spans=text(words("usage.head"))),
        *(
            (paragraph(today(found, words)),)
            if found.is_whole
            else (paragraph(words("usage.model", model=shown(found.model or ""))),)
        ),
        paragraph(words("usage.reader", spent=money(found.reader), limit=limited(found.budget.reader, words))),
    ]
    lines = [
        words(
            "usage.line",
            model=shown(each.model),
            purpose=words(f"usage.{each.purpose}"),
            outcome=words(f"usage.{each.outcome}"),
            n=each.count,
            tokens_in=number(each.usage.tokens_in, words.catalogue),
            tokens_out=number(each.usage.tokens_out, words.catalogue),
            cost=money(each.cost) + (words("usage.estimated") if each.usage.is_estimate else ""),
        )
        for each in merged(found.of_month)
    ]
    if lines:
        blocks += [paragraph(words("usage.month", n=DAYS)), Bullets(items=tuple(text(line) for line in lines))]
    return Message(blocks=tuple(blocks))


def merged(totals: Sequence[CallTotals]) -> tuple[CallTotals, ...]:
    """The same with all that came to nothing in one line, whatever the reason."""
    sums: dict[tuple[str, str, str], CallTotals] = {}
    for each in totals:
        outcome = each.outcome if each.outcome in _OUTCOMES else "failed"
        key = (each.model, each.purpose, outcome)
        known = sums.get(key)
        count, usage, cost = (known.count, known.usage, known.cost) if known else (0, NO_USAGE, 0)
        sums[key] = replace(each, outcome=outcome, count=count + each.count, usage=usage + each.usage, cost=cost + each.cost)
    return tuple(sums.values())


def today(found: Spent, words: Words) -> str:
    """What today cost, and its limit."""
    limit = limited(found.budget.total, words) if found.has_prices else words("usage.no_prices")
    return words("usage.today", spent=money(found.today), limit=limit)


def limited(limit: int | None, words: Words) -> str:
    """What is put behind an amount: of how much, if there is a limit."""
    return words("usage.no_limit") if limit is None else words("usage.limit", limit=money(limit))


def money(millionths: int) -> str:
    """An amount with as many digits as it needs, two at least: 0.0042, 1.50."""
    whole = f"{millionths / MILLION:.6f}".rstrip("0")
    digits = len(whole.partition(".")[2])
    return whole + "0" * max(0, 2 - digits)
