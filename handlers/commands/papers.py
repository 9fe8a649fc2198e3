"""Papers: what is new, one paper's summary, a question about it."""

from bot.domain.digest_layout import digest_message
from bot.domain.papers import PaperKey
from bot.domain.people import Mark
from bot.errors import BadInput
from handlers import parsing
from handlers.talk import Answer, Place, Talk
from handlers.texts import deliveries, opening, papers


async def digest(talk: Talk, typed: str) -> Answer:
    """What is new, now; `preview` explains and changes nothing."""
    subscription = await talk.services.subscribing.require(talk.address)
    if typed.casefold() not in ("", "preview"):
        raise BadInput("write /digest, or /digest preview", "input.digest")
    if typed or talk.is_elsewhere:
        preview = papers.preview(await talk.services.digesting.preview(subscription, report=talk.report), talk.words)
        return Answer(message=deliveries.only_a_preview(preview, talk.address, talk.words) if talk.is_elsewhere else preview)
    if talk.place is not Place.TERMINAL:
        await talk.services.digesting.send(subscription, report=talk.report)
        return Answer()
    asked = await talk.services.digesting.now(subscription, report=talk.report)
    return Answer(
        message=digest_message(asked.digest, talk.words, form=subscription.form),
        once_shown=lambda: talk.services.digesting.shown(asked),
    )


async def summary(talk: Talk, typed: str) -> Answer:
    """Any paper, by id or link, in one's own style or the one that is named after it."""
    if not typed:
        raise BadInput("write a paper's id or link behind /summary", "input.paper", command="/summary")
    known = await talk.services.subscribing.current(talk.address)
    named, style = parsing.paper_and_style(typed, style_names(talk))
    found = await talk.services.summarizing.summary(
        named,
        style=style or (known.style if known else "card"),
        language=known.language if known else talk.words.language,
        address=talk.address,
        report=talk.report,
    )
    return Answer(message=opening.summary(found, await mark_of(talk, found.seen.paper.key), talk.words))


async def mark_of(talk: Talk, key: PaperKey) -> Mark:
    """What whoever asks said of a paper; nothing where others see the same buttons."""
    if is_shared(talk) or not talk.person.id:
        return Mark()
    return (await talk.services.marking.of(talk.person, (key,)))[key]


def is_shared(talk: Talk) -> bool:
    """Whether several people see the same message."""
    return not talk.is_alone


async def ask(talk: Talk, typed: str) -> Answer:
    """A question about one paper, answered from its text."""
    known = await talk.services.subscribing.current(talk.address)
    language = known.language if known else talk.words.language
    found = await talk.services.asking.ask(typed, address=talk.address, language=language, report=talk.report)
    return Answer(message=papers.answer(found, talk.words))


def style_names(talk: Talk) -> tuple[str, ...]:
    """The forms of summaries that there are."""
    return tuple(each.name for each in talk.services.styles)
