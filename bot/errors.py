"""Every error of ours, by what the one who catches it should do. Messages are built from ids, so `str(error)` is enough.

PaperboyError
├── Show: the person can fix it; tell them and do nothing else
│   ├── BadPaperId, UnknownPaper, BadTopic, BadFile, BadInput
├── Retry: the other side failed; try again after `.after_s`
│   ├── SourceUnreachable, SourceThrottled, SourceRefused, BrokenPage
│   ├── ModelUnreachable, ModelThrottled, QuotaSpent, PlatformUnreachable
├── Skip: this one item only; go on with the rest
│   ├── BadEntry, TextUnavailable, SummaryFailed, ModelDeclined
└── Stop: configuration, or a bug
    ├── BadSettings, AlreadyRunning, SchemaMismatch, DatabaseUnusable, SourceChanged, ClientRefused, ModelRefused,
    ├── TokenRefused, NoPlatformLeft, LockLost
"""

Tokens = tuple[int, int, int]
"""What was spent on a model until it failed: tokens in, tokens out, calls."""
NO_TOKENS: Tokens = (0, 0, 0)


class PaperboyError(Exception):
    """The root: whatever is expected to go wrong is one of its leaves."""


class Show(PaperboyError):
    """The person who asked can fix it."""


class Retry(PaperboyError):
    """Something outside failed for now."""

    def __init__(self, message: str, *, after_s: float = 60.0) -> None:
        super().__init__(message)
        self.after_s = after_s


class Skip(PaperboyError):
    """One item is lost to us; the others are not."""


class Stop(PaperboyError):
    """Nothing will get better by trying again: the owner of this process must act."""


class BadInput(Show):
    """What was typed means nothing to us; the message says what would.

    `key` names the sentence that says it in the reader's language, `values` what stands in it; without a key it is the message.
    """

    def __init__(self, message: str, key: str = "", **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(message)


class BadPaperId(Show):
    """A text in which no paper id of any known shape was found."""

    def __init__(self, text: str) -> None:
        self.text = text[:80]
        super().__init__(f"no arXiv id, DOI or paper link in {self.text!r}")


class UnknownPaper(Show):
    """A well-formed id that its archive does not know."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key} is not known to arXiv")


class BadTopic(Show):
    """A category (or query) that the source refuses."""

    def __init__(self, source: str, topic: str, reason: str = "") -> None:
        self.source, self.topic, self.reason = source, topic, reason
        super().__init__(f"{source} refuses {topic!r}" + (f": {reason}" if reason else ""))


class BadFile(Show):
    """A file that a person named and that cannot be used."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(f"{name}: {reason}")


class SourceUnreachable(Retry):
    """No answer, or a cut one: time-out, refused or dropped connection, DNS, TLS, 5xx."""

    def __init__(self, source: str, reason: str, *, after_s: float = 60.0) -> None:
        self.source, self.reason = source, reason
        super().__init__(f"{source} is not answering: {reason}", after_s=after_s)


class SourceThrottled(Retry):
    """The source asks us to wait (429, 503, "Rate exceeded."), as long as `.after_s` says."""

    def __init__(self, source: str, reason: str, *, after_s: float = 60.0) -> None:
        self.source, self.reason = source, reason
        super().__init__(f"{source} asks us to wait {after_s:.0f} s: {reason}", after_s=after_s)


class SourceRefused(Retry):
    """403: requests that go on are treated as an attack, so the host is closed for hours."""

    def __init__(self, source: str, reason: str, *, after_s: float = 6 * 3600.0) -> None:
        self.source, self.reason = source, reason
        super().__init__(f"{source} refuses our requests: {reason}", after_s=after_s)


class BrokenPage(Retry):
    """A 200 that is not what it should be: HTML, empty, cut, or fewer entries than it states. Nothing of it was kept."""

    def __init__(self, source: str, reason: str, *, after_s: float = 300.0) -> None:
        self.source, self.reason = source, reason
        super().__init__(f"{source} sent a broken page: {reason}", after_s=after_s)


class ModelUnreachable(Retry):
    """No answer of the model, or a broken one: time-out, connection, 5xx, a page instead of an answer, too large an answer."""

    def __init__(self, model: str, reason: str, *, after_s: float = 300.0, tokens: Tokens = NO_TOKENS) -> None:
        self.source, self.reason, self.tokens = model, reason, tokens
        super().__init__(f"{model} is not answering: {reason}", after_s=after_s)


class ModelThrottled(Retry):
    """429: the provider asks us to wait, as long as `.after_s` says."""

    def __init__(self, model: str, reason: str, *, after_s: float = 60.0, tokens: Tokens = NO_TOKENS) -> None:
        self.source, self.reason, self.tokens = model, reason, tokens
        super().__init__(f"{model} asks us to wait {after_s:.0f} s: {reason}", after_s=after_s)


class QuotaSpent(Retry):
    """429 with `insufficient_quota`: the account at the provider is used up, which waiting for a minute does not mend."""

    def __init__(self, model: str, reason: str, *, after_s: float = 3600.0, tokens: Tokens = NO_TOKENS) -> None:
        self.source, self.reason, self.tokens = model, reason, tokens
        super().__init__(f"the quota for {model} is used up: {reason}", after_s=after_s)


class PlatformUnreachable(Retry):
    """A chat platform does not answer, at the start or with a file of somebody; it is asked again."""

    def __init__(self, platform: str, reason: str, *, after_s: float = 30.0) -> None:
        self.platform, self.source, self.reason = platform, platform, reason
        super().__init__(f"{platform} is not answering: {reason}", after_s=after_s)


class BadEntry(Skip):
    """One entry of a page or file that cannot be used."""

    def __init__(self, source: str, entry: str, reason: str) -> None:
        self.source, self.entry, self.reason = source, entry, reason
        super().__init__(f"{source}: {entry}: {reason}")


class TextUnavailable(Skip):
    """This origin has no text of this paper; the next one may."""


class SummaryFailed(Skip):
    """The model's answers are no summary of this paper, after one repair; it goes out with its abstract and says so."""

    def __init__(self, reason: str, *, tokens: Tokens = NO_TOKENS) -> None:
        self.reason, self.tokens = reason, tokens
        super().__init__(f"the answer cannot be used: {reason}")


class ModelDeclined(Skip):
    """The model, or a filter of its provider, would not write about this paper."""

    def __init__(self, reason: str, *, tokens: Tokens = NO_TOKENS) -> None:
        self.reason, self.tokens = reason, tokens
        super().__init__(f"the model declined: {reason}")


class BadSettings(Stop):
    """Settings that cannot be used; `.problems` holds one sentence for each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class AlreadyRunning(Stop):
    """Another `paperboy run` holds this database."""


class SchemaMismatch(Stop):
    """The database is of a newer, or (on PostgreSQL) of an older release."""


class DatabaseUnusable(Stop):
    """The database cannot be opened, read or written; the message says where it was looked for."""


class SourceChanged(Stop):
    """The source speaks a language we do not know: its format changed."""


class ClientRefused(Stop):
    """406: our request headers are refused; a matter of configuration."""


class ModelRefused(Stop):
    """401, 403, 404 or a refused parameter: the key, the address or the model in the settings is wrong."""

    def __init__(self, model: str, reason: str, *, tokens: Tokens = NO_TOKENS) -> None:
        self.source, self.reason, self.tokens = model, reason, tokens
        super().__init__(f"{model} cannot be used: {reason}; look at OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL")


class TokenRefused(Stop):
    """A chat platform does not know our token, or its address is no such platform."""

    def __init__(self, platform: str, setting: str) -> None:
        self.platform, self.setting = platform, setting
        super().__init__(f"{platform} refuses the token in {setting}: copy it anew, or leave it out to go without {platform}")


class NoPlatformLeft(Stop):
    """Every platform that this process had refuses it by now."""

    def __init__(self) -> None:
        super().__init__("no chat platform takes our token any more; see the lines above")


class LockLost(Stop):
    """The database took back the lock that keeps a second process away: to go on might send everything twice."""

    def __init__(self) -> None:
        super().__init__("the lock on the database was lost with its connection: start paperboy run again")
