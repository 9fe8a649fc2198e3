"""Shows a job's progress: a bar on a terminal, plain lines elsewhere; always on standard error, so that pipes stay clean."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Never, Self

from bot.domain.layout import source_name
from bot.domain.progress import Stage
from bot.domain.words import Words

if TYPE_CHECKING:
    from tqdm import tqdm

LINE_EVERY_S = 2.0  # no more than one plain line of a stage in this time, but for its first and last


class Progress:
    """A `Report` to call, and a context that takes the bar away at the end."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._is_terminal = sys.stderr.isatty()
        self._bar: tqdm[Never] | None = None
        self._stage: tuple[Stage, str] | None = None
        self._said_at = 0.0
        self._is_over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._is_over = True
        self._close()

    def __call__(self, stage: Stage, subject: str, done: int, total: int | None) -> None:
        if self._is_over:  # what goes on after the digest is out is nobody's progress
            return
        place = (stage, subject if stage is Stage.FETCH else "")
        named = source_name(subject, self._words) if stage is Stage.FETCH else subject
        label = self._words(f"stage.{stage}", subject=named)
        if self._is_terminal:
            self._draw(place, label, done, total)
        else:
            self._say(place, label, done, total)
        self._stage = place

    def _draw(self, place: tuple[Stage, str], label: str, done: int, total: int | None) -> None:
        if self._bar is None or place != self._stage:
            from tqdm import tqdm

            self._close()
            self._bar = tqdm(total=total, desc=label, leave=False, unit="")
        self._bar.update(int(done - self._bar.n))

    def _say(self, place: tuple[Stage, str], label: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        is_news = place != self._stage or done == total or now - self._said_at >= LINE_EVERY_S
        if is_news:
            amount = f" {done}/{total}" if total is not None else f" {done}" if done else ""
            print(f"{label}{amount}", file=sys.stderr, flush=True)
            self._said_at = now

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
