"""What is said about files: what is wrong with one, what a .bib file tells, its papers."""

from bot.domain.actions import packed
from bot.domain.digest_layout import digest_message
from bot.domain.flaws import Flaw, UnfitFile
from bot.domain.keyboards import Rows, in_rows
from bot.domain.layout import notices_lines
from bot.domain.messages import Block, Bullets, Button, Buttons, Heading, Message, paragraph, text
from bot.domain.subscriptions import Form, Subscription
from bot.domain.suggestions import Counted
from bot.domain.visible import shown
from bot.domain.words import Words
from bot.services.reading_lists import PART, ListPart
from bot.services.uploads import Adopted, Upload
from handlers.texts.subscriptions import subscribed

AUTHORS, WORDS = "a", "w"
"""What a button adds, in its action."""
_FAILED = 5
_A_ROW = 2
_TOAST = 150  # letters; a platform takes 200


def unfit(error: UnfitFile, words: Words) -> str:
    """What is wrong with a file, and what to do."""
    values = {"name": shown(error.name), "place": shown(error.place), "names": ", ".join(error.names)}
    said = words(f"flaw.{error.flaw}", **values, least=f"{error.least:.0f}", most=f"{error.most:.0f}")
    if error.flaw is Flaw.NO_CATEGORY and error.names:
        return f"{said} {words('flaw.near', names=values['names'])}"
    return said


def imported(name: str, subscription: Subscription, words: Words) -> Message:
    """What the settings ask for now, and when it comes."""
    said = subscribed(subscription, words)
    return Message(blocks=(paragraph(words("import.settings", name=shown(name))), *said.blocks))


def upload(found: Upload, words: Words, *, has_buttons: bool) -> Message:
    """What a .bib file holds; with buttons to read it and to take over what it is about."""
    blocks: list[Block] = [Heading(spans=text(words("upload.head", name=shown(found.name), n=found.entries)))]
    failed = notices_lines(found.failed, words, at_most=_FAILED)
    if failed:
        blocks += [paragraph(words("upload.failed")), Bullets(items=tuple(map(text, failed)))]
    if found.authors:
        blocks.append(paragraph(words("upload.authors", names=_counted(found.authors, words))))
    if found.words:
        blocks.append(paragraph(words("upload.words", names=_counted(found.words, words))))
    if has_buttons:
        blocks += [paragraph(words("upload.choose"))] if found.authors or found.words else []
        blocks.append(Buttons(rows=_rows(found, words)))
    return Message(blocks=tuple(blocks))


def _counted(counted: Counted, words: Words) -> str:
    return ", ".join(words("upload.counted", name=shown(name), n=n) for name, n in counted)


def _rows(found: Upload, words: Words) -> Rows:
    key = "upload.read" if found.entries <= PART else "upload.read_first"
    read = Button(label=words(key, n=min(found.entries, PART)), action=packed("ul", found.id, 0))
    authors = _adding(found.id, AUTHORS, found.authors, words("upload.all_authors"), words)
    return ((read,), *authors, *_adding(found.id, WORDS, found.words, words("upload.all_words"), words))


def _adding(upload_id: int, kind: str, counted: Counted, all_of_them: str, words: Words) -> Rows:
    """A button for each, and one for all where there are several."""
    each = [
        Button(label=words("upload.add", name=shown(name)), action=packed("ui", upload_id, kind, place))
        for place, (name, _) in enumerate(counted)
    ]
    every = ((Button(label=all_of_them, action=packed("ua", upload_id, kind)),),) if len(each) > 1 else ()
    return (*in_rows(each, _A_ROW), *every)


def reading_list(part: ListPart, words: Words, form: Form) -> Message:
    """Some papers of a file in its order, and a button for the next ones."""
    said = digest_message(part.digest, words, form=form)
    if part.following is None:
        return said
    label = words("upload.next", n=min(PART, part.entries - part.following), total=part.entries)
    further = Buttons(rows=((Button(label=label, action=packed("ul", part.upload_id, part.following)),),))
    return Message(blocks=(*said.blocks, further))


def adopted(found: Adopted, words: Words) -> str:
    """A few words for whoever pressed."""
    if not found.added:
        return words("upload.there")
    names = words("upload.added", names=", ".join(map(shown, found.added)))
    return names if len(names) <= _TOAST else f"{names[: _TOAST - 1]}…"
