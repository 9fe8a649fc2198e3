"""Files on Discord: settings that move to another place, saved papers, reading lists, and whatever else people send."""

from pathlib import Path
from typing import Any

import pytest

from bot.words import words as words_in
from tests.builders import a_paper
from tests.fakes.discord_looking import labels
from tests.fakes.discord_people import Person, Use, words
from tests.fakes.discord_posts import Accepted
from tests.process.discord_scenes import a_play
from tests.process.discord_settings import a_place, kept, uses
from tests.process.discord_talk import Conversation
from tests.process.test_telegram_files import REFS

pytestmark = pytest.mark.timeout(200)  # all scenes are played before the first test

EN = words_in("en", "discord")
SETTINGS, SAVED = "paperboy-settings.json", "paperboy-saved.bib"


def papers(talk: Conversation) -> None:
    talk.world.arxiv.knows(*(a_paper(arxiv_id=f"2606.{n:05}", title=f"Known to arXiv {n}") for n in range(1, 4)))


PLAY = a_play(first=papers)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> dict[str, BaseException | None]:
    return PLAY.played(tmp_path_factory.mktemp("files"), empty_database)


async def exported(talk: Conversation, person: Person, *names: str, where: str = "") -> dict[str, bytes]:
    """What /papers export hands out there, by name."""
    use = await person.runs("papers export", where)
    await use.answer()
    wanted = set(names)
    await talk.discord.until(lambda: wanted <= files(talk, use).keys())
    return files(talk, use)


def files(talk: Conversation, use: Use) -> dict[str, bytes]:
    """That came with the answers."""
    answers = (*filter(None, (use.original,)), *use.follow_ups)
    return {each["filename"]: talk.discord.files[each["id"]].content for one in answers for each in one.attachments}


async def imported(person: Person, name: str, content: bytes, where: str = "", **how: Any) -> Accepted:  # noqa: ANN401
    """What is answered to the file."""
    return await (await person.runs("papers import", where, file=(name, content), **how)).answer()


# Settings and saved papers


@PLAY.scene
async def exported_settings_put_another_channel_in_the_same_place(talk: Conversation) -> None:
    boss, other = talk.boss(), talk.boss()
    where, there = await a_place(talk, boss, keywords="agents, world model, -survey"), talk.place()
    await (await boss.runs("papers time", where, time="07:30", days="weekdays", timezone="Europe/Berlin")).answer()
    use = await boss.runs("papers export", where)
    await use.answer()
    assert use.is_ephemeral
    content = (await exported(talk, boss, SETTINGS, where=where))[SETTINGS]
    answer = await imported(other, "whatever.txt", content, there)
    assert "The settings of whatever.txt are in place." in words(answer)
    assert talk.subscription(there) == talk.subscription(where)
    assert (await exported(talk, other, SETTINGS, where=there))[SETTINGS] == content, "and again the same"
    mine = await imported(other, "s.json", content)
    assert mine.seen_by == ""
    assert talk.subscription(f"@{other.id}") is not None


@PLAY.scene
async def saved_papers_leave_as_a_bibliography_that_comes_back_as_a_reading_list(talk: Conversation) -> None:
    person = talk.member()
    await (await person.runs("save", paper="2606.00003")).answer()
    await (await person.runs("papers subscribe", keywords="agents")).answer()
    found = await exported(talk, person, SAVED, SETTINGS)
    assert b"eprint = {2606.00003}" in found[SAVED]
    assert f"{SAVED}: 1 entry" in plain(await imported(person, SAVED, found[SAVED]))


@PLAY.scene
async def with_nothing_there_export_says_so(talk: Conversation) -> None:
    answer = await (await talk.member().runs("papers export")).answer()
    assert words(answer)
    assert not answer.attachments


# A reading list


@PLAY.scene
async def a_bibliography_is_read_and_its_authors_and_words_are_added(talk: Conversation) -> None:
    boss = talk.boss()
    where = await a_place(talk, boss)
    offered = await imported(boss, "refs.bib", REFS.encode(), where)
    assert "refs.bib: 3 entries" in plain(offered)
    assert offered.seen_by == boss.id
    use = await uses(boss, offered, "Summarize all 3")
    listed = await boss.sees("Known to arXiv 1", where, within_s=30)
    assert "Known to arXiv 2" in "".join(words(each) for each in boss.toasts)
    assert "World models & <b>paper</b>" in "".join(words(each).replace("\\", "") for each in boss.toasts), words(listed)
    assert use.is_answered
    await (await uses(boss, offered, "+ Jane Doe")).acknowledged()
    await boss.sees("Jane Doe", where)
    assert kept(talk, where, "authors") == {"authors": ["Jane Doe"]}
    await (await uses(boss, offered, "+ Jane Doe")).acknowledged()
    await boss.sees("there already", where)
    word = next(label for label in labels(offered) if label.startswith("+ world"))
    await (await uses(boss, offered, word)).acknowledged()
    await boss.sees(word.removeprefix("+ "), where)
    assert kept(talk, where, "keywords") == {"keywords": ["agents", word.removeprefix("+ ")]}


@PLAY.scene
async def a_list_belongs_to_whoever_sent_it(talk: Conversation) -> None:
    boss, stranger = talk.boss(), talk.boss()
    where = await a_place(talk, boss)
    offered = await imported(boss, "refs.bib", REFS.encode(), where)
    mine = await (await stranger.runs("help", where)).answer()
    before = talk.subscription(where)
    for button in (each for each in offered.buttons if each["label"].startswith(("+", "Sum"))):
        await (await stranger.forges(mine, button["custom_id"])).acknowledged()
        await stranger.sees("not kept any more", where)
    assert talk.subscription(where) == before
    assert all("Known to arXiv" not in words(each) for each in stranger.seen(where))


@PLAY.scene
async def without_a_subscription_an_author_cannot_be_added_and_that_is_said(talk: Conversation) -> None:
    person = talk.member()
    offered = await imported(person, "refs.bib", REFS.encode())
    await (await uses(person, offered, "+ Jane Doe")).acknowledged()
    assert EN("not_subscribed") in plain(await person.sees("/papers subscribe"))


@PLAY.scene
async def members_cannot_change_a_channel_with_a_file(talk: Conversation) -> None:
    boss, member = talk.boss(), talk.member()
    where = await a_place(talk, boss)
    content = (await exported(talk, boss, SETTINGS, where=where))[SETTINGS].replace(b"agents", b"parsers")
    before = talk.subscription(where)
    refused = await imported(member, "s.json", content, where, forced=True)
    assert words(refused) == EN("admins_only")
    assert talk.subscription(where) == before


# Files that are of no use

USELESS: tuple[tuple[str, bytes, str], ...] = (
    ("large.bib", b"@misc{a,}" * 150_000, "large.bib is too large: send at most 1 MB."),
    ("photo.jpg", bytes(range(256)) * 20, "photo.jpg is neither of what I can take"),
    ("empty.bib", b"", "empty.bib"),
    ("text.bib", b"Lieber Leser,\nkein Eintrag.", "text.bib"),
    ("_b_@everyone.json", b'{"paperboy": 1, "colour": "red"}', "has a setting that I do not know: “colour”"),
    ("bad.json", b'{"paperboy": 1, ', "bad.json is no settings file that can be read"),
    ("deep.json", b'{"paperboy": 1, "interest": ' + b"[" * 100_000, "deep.json"),
    ("x.json", b'{"paperboy": 99}', "x.json was made by a newer Paperboy"),
)


@PLAY.scene
async def a_file_that_is_of_no_use_gets_a_sentence_and_changes_nothing(talk: Conversation) -> None:
    boss = talk.boss()
    where = await a_place(talk, boss)
    before = talk.subscription(where)
    for name, content, says in USELESS:
        answer = await imported(boss, name, content, where)
        assert says in plain(answer), name
        assert answer.allowed_mentions == {"parse": []}
        assert answer.seen_by == boss.id
    assert talk.subscription(where) == before


@PLAY.scene
async def a_file_that_discord_does_not_hand_out_is_said_and_can_be_sent_again(talk: Conversation) -> None:
    boss = talk.boss()
    where = await a_place(talk, boss)
    use = await boss.runs("papers import", where, file=("lost.json", b"{}"))
    for each in list(talk.discord.files):
        if talk.discord.files[each].name == "lost.json":
            del talk.discord.files[each]
    assert plain(await use.answer()) == EN("flaw.not_handed_out", name="lost.json")


@PLAY.ending
async def nothing_went_wrong_without_a_word(talk: Conversation) -> None:
    assert "handler failed" not in talk.log()
    assert "Traceback" not in talk.log()


def plain(message: Accepted) -> str:
    """Its text without the signs of Discord's markup."""
    return words(message).replace("\\", "").replace("*", "")


@pytest.mark.parametrize("scene", PLAY.names)
def test_files(played: dict[str, BaseException | None], scene: str) -> None:
    if (error := played[scene]) is not None:
        raise error
