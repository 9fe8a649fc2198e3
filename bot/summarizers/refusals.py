"""What went wrong between us and a model's endpoint, by exception, status and code: one of our errors.

Nothing that an endpoint writes goes into a message of ours but short words of its error table (code, type, parameter):
its sentences may hold parts of the key or of the prompt.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum

from bot.errors import (
    ModelDeclined,
    ModelRefused,
    ModelThrottled,
    ModelUnreachable,
    PaperboyError,
    QuotaSpent,
    SummaryFailed,
    Tokens,
)

MAX_WAIT_S = 3600.0
THROTTLED_S, UNREACHABLE_S = 60.0, 300.0
READ_CHARS = 400
"""So much of an endpoint's own sentence is looked at: what follows may be the prompt, quoted."""


class Outcome(Enum):
    """What an exception of the openai package or of its HTTP client means."""

    UNREACHABLE = "unreachable"
    STATUS = "status"  # the status and the body say
    CUT = "cut"
    DECLINED = "declined"
    MISUSE = "misuse"  # of the package, by settings that it does not take


_NAMES: Mapping[Outcome, str] = {
    Outcome.STATUS: """APIStatusError BadRequestError AuthenticationError PermissionDeniedError NotFoundError ConflictError
        UnprocessableEntityError RateLimitError InternalServerError OAuthError""",
    Outcome.UNREACHABLE: """APIError APIConnectionError APITimeoutError APIResponseValidationError
        WebSocketConnectionClosedError WebSocketQueueFullError TimeoutError HTTPError HTTPStatusError RequestError TransportError
        TimeoutException ConnectTimeout ReadTimeout WriteTimeout PoolTimeout NetworkError ConnectError ReadError WriteError
        CloseError ProxyError ProtocolError LocalProtocolError RemoteProtocolError CookieConflict StreamError StreamClosed
        StreamConsumed StreamAlreadyConsumed SSEError RequestNotRead ResponseNotRead DecodingError TooManyRedirects""",
    Outcome.MISUSE: """OpenAIError SubjectTokenProviderError InvalidWebhookSignatureError MutuallyExclusiveAuthError
        APIRemovedInV1 _AmbiguousModuleClientUsageError InvalidURL UnsupportedProtocol""",
    Outcome.CUT: "LengthFinishReasonError",
    Outcome.DECLINED: "ContentFilterFinishReasonError",
}
# Every exception of openai and httpx2, by its name, so that neither need be imported to read this.
OUTCOMES: Mapping[str, Outcome] = {name: outcome for outcome, names in _NAMES.items() for name in names.split()}

_QUOTA = re.compile(r"insufficient_(quota|balance|credits?|funds)|billing|arrearage|payment_required|credit_balance")
_FILTER = re.compile(r"content_?(filter|policy|management)|data_?inspection|responsibleai|content_?violation|\bsafety\b")
_MODEL = re.compile(r"model_?not_?found|invalid_?model|\bmodel\b.{0,80}\b(not exist|not found|not supported|unknown|invalid)")
_LENGTH = re.compile(r"context_?length|context_?size|context_?window|maximum context|exceed_?context|too many (input )?tokens")
# llama.cpp (seen 2026-11): 500 "The model produced output that does not match the expected ... format" for a cut answer.
_ANSWER = re.compile(r"model produced output|(parse|match)\w* (the )?(model'?s? )?(output|response|answer)")
_OF_INPUT = frozenset({"messages", "input", "prompt", "content", "invalid_prompt"})
_STATUSES = frozenset(map(str, range(400, 600)))
_WORD = re.compile(r"[a-zA-Z][a-zA-Z_.]{0,47}")
_LIMITS = (r"(?:maximum context length|context (?:size|length|window)|n_ctx)\D{0,24}(\d{3,8})", r'"n_ctx"\s*:\s*(\d{3,8})')
_ASKED = (
    r"(?:you requested|requested about|n_prompt_tokens|the request \(?)\D{0,6}(\d{3,8})",
    r"(?:resulted in|contains?|has) (\d{3,8}) (?:input )?tokens",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer that is none: HTTP status (200 with an error in it as well), the words of the error, and how long to wait."""

    status: int
    code: str = ""
    kind: str = ""
    param: str = ""
    said: str = ""
    retry_after_s: float | None = None

    @property
    def about(self) -> str:
        """All words in which a cause is looked for, in lower case."""
        return f"{self.code} {self.kind} {self.param} {self.said}".lower()

    @property
    def is_about_request(self) -> bool:
        """Whether something else might be taken if it were asked for otherwise."""
        return self.status in (400, 413, 422)

    @property
    def is_about_input(self) -> bool:
        """Whether it is what was said that is refused, not how it was asked."""
        return bool(_OF_INPUT.intersection({re.split(r"[.\[]", self.param.lower(), maxsplit=1)[0], self.code.lower()}))

    @property
    def is_about_answer(self) -> bool:
        """Whether the model did answer, and its server could make nothing of it."""
        return self.status >= 500 and bool(_ANSWER.search(self.about))

    @property
    def is_too_long(self) -> bool:
        return self.is_about_request and (self.status == 413 or bool(_LENGTH.search(self.about)))

    @property
    def limit_tokens(self) -> int | None:
        """The longest context, as the endpoint tells it."""
        return _number(_LIMITS, self.said)

    @property
    def asked_tokens(self) -> int | None:
        """How long the request was, as the endpoint counted."""
        return _number(_ASKED, self.said)


def refusal(status: int, body: object, headers: Mapping[str, str]) -> Refusal:
    """What an error's body says, in any of the shapes that endpoints give it: OpenAI's, a list of it, FastAPI's, plain text."""
    if isinstance(body, list) and body:
        body = body[0]
    error = body.get("error", body) if isinstance(body, Mapping) else body
    if not isinstance(error, Mapping):
        return Refusal(status=status, said=str(error or "")[:READ_CHARS], retry_after_s=retry_after_s(headers))
    said = error.get("message") or _detail(error.get("detail")) or error.get("msg") or ""
    counts = {name: error[name] for name in ("n_ctx", "n_prompt_tokens") if name in error}  # llama.cpp's own
    text = said if isinstance(said, str) else json.dumps(said, default=str)
    code = _short(error.get("code"))
    return Refusal(
        status=int(code) if status == 200 and code in _STATUSES else status,
        code=code,
        kind=_short(error.get("type") or error.get("status")),
        param=_short(error.get("param")),
        said=text[:READ_CHARS] + (json.dumps(counts) if counts else ""),
        retry_after_s=retry_after_s(headers),
    )


def _detail(detail: object) -> object:
    """FastAPI's list without the input that it repeats, which may be the whole prompt."""
    if not isinstance(detail, list):
        return detail
    return [{name: each[name] for name in ("loc", "msg") if name in each} for each in detail if isinstance(each, Mapping)]


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """How long an answer asks us to wait, an hour at most; a date is read against the answer's own."""
    for name, scale in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            told = float(headers.get(name, "").strip()) / scale
        except ValueError:
            continue
        if math.isfinite(told):
            return min(max(told, 0.0), MAX_WAIT_S)
    try:
        wait = parsedate_to_datetime(headers.get("retry-after", "")) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, OverflowError):  # no header, no date, or one of them without a zone
        return None
    return min(max(wait.total_seconds(), 0.0), MAX_WAIT_S)


def judged(refused: Refusal, model: str, tokens: Tokens) -> PaperboyError:
    """Our error for an answer that is none. 400s that another way of asking might mend are for the caller to look at first."""
    reason = _reason(refused)
    status, wait_s = refused.status, refused.retry_after_s
    if status == 402 or (status in (400, 403, 429) and _QUOTA.search(f"{refused.code} {refused.kind}".lower())):
        return QuotaSpent(model, reason, after_s=max(wait_s or 0.0, MAX_WAIT_S), tokens=tokens)
    if status == 429:
        return ModelThrottled(model, reason, after_s=THROTTLED_S if wait_s is None else wait_s, tokens=tokens)
    if status in (400, 403) and _FILTER.search(f"{refused.code} {refused.kind}".lower()):
        return ModelDeclined(reason, tokens=tokens)
    if status in (401, 403, 404, 405) or 300 <= status < 400:
        return ModelRefused(model, _sentence(status, reason), tokens=tokens)
    if refused.is_about_request:
        # A parameter by name is refused for every paper; a 400 that names none may be about this one.
        if _MODEL.search(refused.about) or (refused.param and not refused.is_about_input):
            return ModelRefused(model, reason, tokens=tokens)
        return SummaryFailed(f"the request was refused: {reason}", tokens=tokens)
    return ModelUnreachable(model, reason, after_s=UNREACHABLE_S if wait_s is None else wait_s, tokens=tokens)


def translated(error: BaseException, model: str, tokens: Tokens) -> PaperboyError:
    """Our error for an exception of the package or of its HTTP client that carries no answer; an unknown one is no answer."""
    name = next((cls.__name__ for cls in type(error).__mro__ if cls.__name__ in OUTCOMES), "")
    cause = type(error.__cause__ or error).__name__
    outcome = OUTCOMES.get(name, Outcome.UNREACHABLE)
    if outcome is Outcome.MISUSE or isinstance(error, ValueError | ImportError):
        reason = f"no request can be made with this key, this address or the proxy of the environment ({cause})"
        return ModelRefused(model, reason, tokens=tokens)
    if outcome is Outcome.DECLINED:
        return ModelDeclined("its provider's filter stopped the answer", tokens=tokens)
    if outcome is Outcome.CUT:
        return SummaryFailed("it is cut off", tokens=tokens)
    return ModelUnreachable(model, cause, tokens=tokens)


def _reason(refused: Refusal) -> str:
    words = dict.fromkeys(word for word in (refused.code, refused.kind, refused.param) if _WORD.fullmatch(word))
    return " ".join((f"HTTP {refused.status}", *words))


def _sentence(status: int, reason: str) -> str:
    if status in (401, 403):
        return f"the key is refused ({reason})"
    return f"the model or the address is not known there ({reason})"


def _short(value: object) -> str:
    return str(value)[:80] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _number(patterns: tuple[str, ...], text: str) -> int | None:
    found = (re.search(pattern, text, re.IGNORECASE) for pattern in patterns)
    return next((int(match[1]) for match in found if match), None)
