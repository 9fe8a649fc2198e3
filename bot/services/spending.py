"""`/usage`: what the model was asked, what it cost, and what is left of the day's money."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.budget import Budget, Prices, day_of
from bot.domain.subscriptions import Address
from bot.services.desk import Wish
from bot.storage import calls
from bot.storage.calls import CallTotals as CallTotals  # handlers show them
from bot.storage.store import Store

DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Money in millionths of the currency of the prices; `reader` is what this one reader cost today.

    Without `is_whole` the rest is nobody's business: `today` is 0, and `of_month` empty.
    """

    is_whole: bool
    model: str | None
    has_prices: bool
    today: int
    reader: int
    budget: Budget
    of_month: tuple[CallTotals, ...]


class Spending:
    """Reads the ledger of calls."""

    def __init__(self, *, store: Store, model: str | None, prices: Prices, budget: Budget, now: Callable[[], datetime]) -> None:
        self._store, self._model, self._prices, self._budget, self._now = store, model, prices, budget, now

    async def spent(self, address: Address, *, is_whole: bool) -> Spent:
        """This reader's part of today (UTC); with `is_whole` all of today and the last 30 days too."""
        reader = Wish(style="", language="", address=address).reader
        since = day_of(self._now())
        async with self._store.read() as tx:
            return Spent(
                is_whole=is_whole,
                model=self._model,
                has_prices=self._prices != Prices(),
                today=await calls.spent(tx, since) if is_whole else 0,
                reader=await calls.spent_by(tx, reader, since) if reader else 0,
                budget=self._budget,
                of_month=await calls.totals(tx, since - timedelta(days=DAYS - 1)) if is_whole else (),
            )
