"""What is said when something cannot be done: what happened, and what to do."""

import math

from bot.domain.flaws import UnfitFile
from bot.domain.layout import source_name
from bot.domain.messages import Message, paragraph
from bot.domain.visible import shown
from bot.domain.words import Words
from bot.errors import BadFile, BadInput, BadPaperId, BadTopic, PaperboyError, Retry, Skip, UnknownPaper
from bot.services.allowance import AllowanceSpent
from bot.services.marking import NobodyAsks, PaperNotStored
from bot.services.subscribing import NotSubscribed
from bot.services.uploads import UploadGone
from handlers.texts import files


def problem(error: PaperboyError, words: Words) -> Message:
    """The sentence for `error`; what only the owner of the bot can mend is said without its technical cause."""
    return Message(blocks=(paragraph(sentence(error, words)),))


def sentence(error: PaperboyError, words: Words) -> str:
    """One sentence, or two."""
    match error:
        case NotSubscribed():
            return words("not_subscribed")
        case AllowanceSpent(is_person=is_person, most=most):
            return words("problem.allowance_person" if is_person else "problem.allowance_chat", n=most)
        case PaperNotStored(key=key):
            return words("problem.not_stored", key=shown(key))
        case NobodyAsks():
            return words("problem.nobody")
        case BadPaperId():
            return words("problem.bad_id")
        case UnknownPaper(key=key):
            return words("problem.unknown_paper", key=key)
        case BadTopic(topic=topic, reason=reason):
            return words("problem.bad_topic", topic=shown(topic), hint=f" {words('flaw.near', names=reason)}" if reason else "")
        case BadInput(key=key, values=values) if key:
            return words(key, **{name: shown(each) if isinstance(each, str) else each for name, each in values.items()})
        case BadInput():
            return words("problem.bad_input", reason=str(error)[:1].upper() + str(error)[1:].rstrip("."))
        case Retry(after_s=after_s):
            source = source_name(getattr(error, "source", "arxiv"), words)
            return words("problem.retry", source=source, n=max(1, math.ceil(after_s / 60)))
        case UploadGone():
            return words("upload.gone")
        case UnfitFile():
            return files.unfit(error, words)
        case BadFile(name=name, reason=reason):
            return words("problem.bad_file", name=name, reason=reason.rstrip("."))
        case Skip():
            return words("problem.skip")
        case _:
            return words("problem.stop")
