"""/export and /import, and files that somebody sends: settings, and BibTeX."""

from bot.domain.sniffing import Kind, file_name, kind_of
from bot.services.uploads import file_at
from handlers.talk import Answer, File, Place, Talk, said, why_not_ask
from handlers.texts import files


async def export(talk: Talk, _typed: str) -> Answer:
    """The settings as a file; where nobody else reads along, what the person saved as well."""
    saved = b""
    if talk.is_alone:
        saved = await talk.services.marking.bibliography(talk.person)
    known = await talk.services.subscribing.current(talk.address)
    found: tuple[File, ...] = ()
    if known is not None or not saved:
        content = await talk.services.carrying.exported(talk.address)
        found = (File(name="paperboy-settings.json", content=content, caption=talk.words("export.settings")),)
    if saved:
        found = (*found, File(name="paperboy-saved.bib", content=saved, caption=talk.words("export.saved")))
    return Answer(files=found)


async def import_(talk: Talk, typed: str) -> Answer:
    """How to send a file; in a terminal, the file at the path that was typed."""
    if talk.place is not Place.TERMINAL:
        return said(talk.words("import.how"))
    if not typed:
        return said(talk.words("import.how_terminal"))
    name, content = await file_at(typed.strip("\"'"))
    return await received(talk, name, content)


async def received(talk: Talk, name: str, content: bytes) -> Answer:
    """What a file leads to that somebody sent, whatever it is called.

    Settings are put in place, where the person is an admin: it asks `talk.is_admin` itself. A .bib file is read and counts as
    a question within the allowance. Slow for a large file. Raises UnfitFile, and AllowanceSpent.
    """
    if kind_of(content) is Kind.SETTINGS:
        return await _settings(talk, name, content)
    if refused := await why_not_ask(talk):
        return said(refused)
    found = await talk.services.uploads.received(talk.person, name, content)
    return Answer(message=files.upload(found, talk.words, has_buttons=talk.place is not Place.TERMINAL))


async def _settings(talk: Talk, name: str, content: bytes) -> Answer:
    if talk.place is not Place.TERMINAL and not await talk.is_admin(talk.address):
        return said(talk.words("admins_only"))
    changed = await talk.services.carrying.imported(
        talk.address, file_name(name), content, language=talk.words.language, sources=talk.sources
    )
    return Answer(message=files.imported(file_name(name), changed, talk.words_in(changed.language)))
