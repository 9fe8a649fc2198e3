"""`/ask`: a question about one paper, answered from its own text with the quotations it rests on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.identity import parse_ref
from bot.domain.papers import FullText, Paper, SeenPaper
from bot.domain.progress import Report, Stage
from bot.domain.subscriptions import Address
from bot.domain.summaries import Answer, Lack, lack_of
from bot.errors import BadInput, PaperboyError
from bot.pipeline.answer import Question, answer
from bot.services.desk import Desk, Wish
from bot.services.line import Line
from bot.services.summarizing import Summarizing
from bot.services.writing import Writing
from bot.storage.store import Store

LONGEST = 500  # characters of a question; a longer one is a text


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAnswer:
    """What `/ask` answers with. `lack` says why a model's answer is missing; then `answer` holds passages only."""

    seen: SeenPaper
    answer: Answer
    lack: Lack | None = None


class Asking:
    """Finds the paper, reads it, and has the question answered."""

    def __init__(
        self,
        *,
        store: Store,
        summarizing: Summarizing,
        writing: Writing,
        desk: Desk,
        line: Line,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._summarizing, self._writing = store, summarizing, writing
        self._desk, self._line, self._now = desk, line, now

    async def ask(self, text: str, *, address: Address, language: str, report: Report) -> PaperAnswer:
        """Answer `text`, which begins with a paper's id or link. Raises BadPaperId, UnknownPaper, BadInput, Retry.

        Without a model, without money or while the model does not answer, the passages that hold the question's words.
        """
        named, asked = split(text)
        seen = await self._summarizing.paper(parse_ref(named))
        if seen.paper.is_withdrawn:
            raise BadInput("this paper was withdrawn and has no text to ask", "input.withdrawn")
        wish = Wish(style="card", language=language, address=address, is_urgent=True, report=report)
        reading = await self._writing.reading(seen.paper, wish)
        report(Stage.SUMMARIZE, seen.paper.title, 0, None)
        if reading.text.sections:
            found = await self._answered(seen.paper, reading.text, asked, wish)
        else:
            found = reading.lack or Lack.NO_TEXT
        if isinstance(found, Answer):
            return PaperAnswer(seen=seen, answer=found)
        passages = await self._desk.spare.answer(seen.paper, reading.text, asked, language)
        return PaperAnswer(seen=seen, answer=passages, lack=found)

    async def _answered(self, paper: Paper, text: FullText, asked: str, wish: Wish) -> Answer | Lack | None:
        """The model's answer, or why there is none; None if there is no model."""
        if self._writing.model is None:
            return None
        question = Question(
            paper=paper, text=text, asked=asked, language=wish.language, model=self._writing.model, reader=wish.reader
        )
        terms = self._desk.terms
        async with self._line.turn(is_urgent=True):
            if (lack := self._line.closed()) is not None:
                return lack
            found = await answer(
                question,
                store=self._store,
                summarizer=self._desk.summarizer,
                prices=terms.prices,
                budget=terms.budget,
                now=self._now,
            )
        if isinstance(found, PaperboyError):
            self._line.failed(found)
            return lack_of(found)
        if isinstance(found, Answer):
            self._line.answered()
        return found


def split(text: str) -> tuple[str, str]:
    """The paper and the question: the first word with a digit, and what follows it. Raises BadInput without a question."""
    words = text.split()
    last = next((place for place, word in enumerate(words) if any(char.isdigit() for char in word)), 0)
    named, asked = " ".join(words[: last + 1]), " ".join(words[last + 1 :])
    if not asked:
        message = "write a paper's id or link and then your question, such as /ask 2601.03417 which data were used"
        raise BadInput(message, "input.question")
    if len(asked) > LONGEST:
        message = f"a question may have {LONGEST} characters, and this one has {len(asked)}"
        raise BadInput(message, "input.long_question", most=LONGEST, length=len(asked))
    return named, asked
