"""What the model cost, in words."""

from bot.domain.budget import MILLION
from bot.domain.layout import shown
from bot.domain.messages import Bullets, Heading, Message, Paragraph, paragraph, text
from bot.domain.words import Words
from bot.services.spending import DAYS, Spent


def spending(found: Spent, words: Words) -> Message:
    """Today's money and what is left, then the calls of the last month by model."""
    if found.model is None and not found.of_month:
        return Message(blocks=(paragraph(words("usage.no_model")),))
    blocks: list[Heading | Paragraph | Bullets] = [
        Heading(spans=text(words("usage.head"))),
        paragraph(_today(found, words)),
        paragraph(words("usage.reader", spent=money(found.reader), limit=_limit(found.budget.reader, words))),
    ]
    lines = [
        words(
            "usage.line",
            model=shown(each.model),
            purpose=words(f"usage.{each.purpose}"),
            outcome=words("usage.made" if each.outcome == "made" else "usage.failed"),
            n=each.count,
            tokens_in=f"{each.usage.tokens_in:,}",
            tokens_out=f"{each.usage.tokens_out:,}",
            cost=money(each.cost) + (words("usage.estimated") if each.usage.is_estimate else ""),
        )
        for each in found.of_month
    ]
    if lines:
        blocks += [paragraph(words("usage.month", n=DAYS)), Bullets(items=tuple(text(line) for line in lines))]
    return Message(blocks=tuple(blocks))


def _today(found: Spent, words: Words) -> str:
    limit = _limit(found.budget.total, words) if found.has_prices else words("usage.no_prices")
    return words("usage.today", spent=money(found.today), limit=limit)


def _limit(limit: int | None, words: Words) -> str:
    return words("usage.no_limit") if limit is None else words("usage.limit", limit=money(limit))


def money(millionths: int) -> str:
    """An amount with as many digits as it needs, two at least: 0.0042, 1.50."""
    whole = f"{millionths / MILLION:.6f}".rstrip("0")
    digits = len(whole.partition(".")[2])
    return whole + "0" * max(0, 2 - digits)
