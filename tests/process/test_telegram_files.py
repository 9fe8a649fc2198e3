"""Files that go through a Telegram chat: settings that move to another, a reading list, and whatever else people send."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.builders import a_paper
from tests.fakes.telegram import Posted
from tests.fakes.telegram_people import Person
from tests.process.telegram_talk import Conversation, a_conversation

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFS = """
@misc{a, eprint={2606.00001}, archivePrefix={arXiv}, title={World models that plan}, author={Doe, Jane and Roe, Rita}}
@misc{b, eprint={2606.00002}, archivePrefix={arXiv}, title={World models that learn}, author={Doe, Jane}}
@book{c, title={World models & <b>paper</b>}, author={Doe, Jane and Roe, Rita}, year=1980}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    folder = tmp_path_factory.mktemp("telegram")
    shutil.copy(empty_database, folder / "paperboy.db")
    async with a_conversation(folder) as made:
        made.world.arxiv.knows(*(a_paper(arxiv_id=f"2606.{n:05}", title=f"Known to arXiv {n}") for n in range(1, 4)))
        await made.lives.begin()
        yield made


def documents(person: Person) -> dict[str, bytes]:
    """What the bot sent, by name."""
    return {each.document.name: each.document.content for each in person.shown if each.document}


async def exported(person: Person, last: str) -> dict[str, bytes]:
    await person.says("/export")
    await person.sees(lambda each: each.document is not None and each.document.name == last)
    return documents(person)


async def toast_of(person: Person, posted: Posted, label: str) -> str:
    return (await (await person.taps(posted, label)).answer()).text


def settings_of(content: bytes) -> dict[str, object]:
    found: dict[str, object] = json.loads(content)
    return found


# Settings and saved papers


async def test_exported_settings_put_another_chat_in_the_same_place(talk: Conversation) -> None:
    person, other = await talk.reader('cs.CL agents "world model" -survey @Doe'), talk.newcomer()
    await person.says("/time weekdays 07:30 Berlin")
    await person.sees("07:30")
    content = (await exported(person, "paperboy-settings.json"))["paperboy-settings.json"]
    assert settings_of(content)["interest"]
    await other.sends_file("whatever.txt", content)
    answer = await other.sees("The settings of whatever.txt are in place.")
    assert "07:30 (Europe/Berlin)" in answer.text
    assert talk.subscription(other) == talk.subscription(person)
    assert (await exported(other, "paperboy-settings.json"))["paperboy-settings.json"] == content


async def test_saved_papers_leave_as_a_bibliography_that_comes_back_as_a_reading_list(talk: Conversation) -> None:
    person = talk.newcomer()
    await person.says("/save 2606.00003")
    await person.sees("Saved:")
    content = (await exported(person, "paperboy-saved.bib"))["paperboy-saved.bib"]
    assert b"eprint = {2606.00003}" in content
    assert list(documents(person)) == ["paperboy-saved.bib"], "there are no settings yet"
    await person.sends_file("paperboy-saved.bib", content)
    assert "paperboy-saved.bib: 1 entry" in (await person.sees("1 entry")).text


# A reading list


async def test_a_bibliography_is_read_and_its_authors_and_words_are_added(talk: Conversation) -> None:
    person = await talk.reader("cs.CL agents")
    await person.sends_file("refs.bib", REFS.encode())
    offered = await person.sees("refs.bib: 3 entries")
    assert "Jane Doe (3)" in offered.text
    await (await person.taps(offered, "Summarize all 3")).answer()
    listed = await person.sees("Known to arXiv 1")
    assert "Known to arXiv 2" in listed.text
    assert "World models & <b>paper</b>" in listed.text
    assert "Jane Doe" in await toast_of(person, offered, "+ Jane Doe")
    assert "there already" in await toast_of(person, offered, "+ Jane Doe")
    before = talk.subscription(person)
    assert before is not None
    assert json.loads(before["authors"]) == ["Jane Doe"]
    words = [label for label in offered.labels if label.startswith("+ world")]
    assert words
    await toast_of(person, offered, words[0])
    after = talk.subscription(person)
    assert after is not None
    assert json.loads(after["keywords"]) == ["agents", words[0].removeprefix("+ ")]


async def test_a_list_belongs_to_whoever_sent_it(talk: Conversation) -> None:
    person, stranger = await talk.reader(), await talk.reader()
    await person.sends_file("refs.bib", REFS.encode())
    offered = await person.sees("3 entries")
    for label in ("Summarize all 3", "+ Jane Doe"):
        tap = await stranger.forges(stranger.shown[0], offered.button(label)["callback_data"])
        assert "not kept any more" in (await tap.answer()).text
    assert all("Known to arXiv" not in each.text for each in stranger.shown)
    known = talk.subscription(stranger)
    assert known is not None
    assert json.loads(known["authors"]) == []


async def test_without_a_subscription_an_author_cannot_be_added_and_that_is_said(talk: Conversation) -> None:
    person = talk.newcomer()
    await person.sends_file("refs.bib", REFS.encode())
    offered = await person.sees("3 entries")
    tap = await person.taps(offered, "+ Jane Doe")
    await tap.answer()
    assert "/subscribe" in (await person.sees("You have no subscription yet")).text


# Which file is meant


async def test_in_a_group_a_file_is_taken_with_import_alone(talk: Conversation) -> None:
    boss, member = talk.newcomer(), talk.newcomer()
    group = talk.telegram.group(f"-100{boss.id}", admins=[boss], members=[member])
    sent = await boss.sends_file("refs.bib", REFS.encode(), chat=group)
    await boss.says("/import", chat=group, reply_to=sent)
    replied = await boss.sees("refs.bib: 3 entries", chat=group)
    await boss.sends_file("again.bib", REFS.encode(), "/import@p_bot", chat=group)
    await boss.sees("again.bib: 3 entries", chat=group)
    assert len(group.shown) == 2, "the file alone was for others"
    assert replied.reply_to is not None


async def test_members_cannot_change_the_settings_of_a_group_with_a_file(talk: Conversation) -> None:
    boss, member = await talk.reader("cs.LG parsers"), talk.newcomer()
    content = (await exported(boss, "paperboy-settings.json"))["paperboy-settings.json"]
    group = talk.telegram.group(f"-100{boss.id}", admins=[boss], members=[member])
    await member.sends_file("s.json", content, "/import", chat=group)
    assert "Only an admin" in (await member.sees(chat=group)).text
    assert talk.rows("SELECT 1 FROM subscriptions s JOIN addresses a ON a.id = s.address_id WHERE a.chat = ?", group.id) == []
    await boss.sends_file("s.json", content, "/import", chat=group)
    await boss.sees("are in place", chat=group)


async def test_import_alone_says_how(talk: Conversation) -> None:
    person = talk.newcomer()
    await person.says("/import")
    assert "caption" in (await person.sees("Send me a file")).text


# Files that are of no use


@pytest.mark.parametrize(
    ("name", "content", "size", "says"),
    [
        ("huge.bib", b"x", 25_000_000, "huge.bib is too large"),
        ("large.bib", b"@misc{a,}" * 150_000, None, "large.bib is too large: send at most 1 MB."),
        ("photo.jpg", bytes(range(256)) * 20, None, "photo.jpg is neither of what I can take"),
        ("empty.bib", b"", None, "empty.bib"),
        ("text.bib", b"Lieber Leser,\nkein Eintrag.", None, "text.bib"),
        ("<b>&.json", b'{"paperboy": 1, "colour": "red"}', None, "<b>&.json has a setting that I do not know: “colour”"),
        ("bad.json", b'{"paperboy": 1, ', None, "bad.json is no settings file that can be read"),
        ("deep.json", b'{"paperboy": 1, "interest": ' + b"[" * 100_000, None, "deep.json"),
        ("../../etc/x.json", b'{"paperboy": 99}', None, "x.json was made by a newer Paperboy"),
    ],
)
async def test_a_file_that_is_of_no_use_gets_a_sentence_and_changes_nothing(
    talk: Conversation, name: str, content: bytes, size: int | None, says: str
) -> None:
    person = await talk.reader()
    before = talk.subscription(person)
    await person.sends_file(name, content, size=size)
    assert says in (await person.sees()).text
    assert talk.subscription(person) == before
    assert "Traceback" not in talk.log()
