"""Digests of whatever strangers write, as Discord takes them: no refusal, no limit passed, nothing lost, no markup.

The recorded titles and abstracts stand beside the checkout (../shared): counts only, never a text. Their twin is made here.
"""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.discord_parts import parts
from bot.channels.discord_payloads import Payload, payload_of
from bot.domain.digests import Counts, Digest, DigestItem
from bot.domain.feed_layout import feed_message
from bot.domain.subscriptions import Form
from bot.domain.visible import shown, title_of
from bot.words import languages, words
from tests.builders import a_digest, a_paper
from tests.channels.discord_feeds import kinds, words_of
from tests.channels.test_discord_markup import HOSTILE as SIGNS
from tests.channels.test_discord_markup import OURS
from tests.channels.test_telegram_hostile import CORPUS, HOSTILE, in_digests, items, recorded
from tests.channels.test_telegram_markup import letters
from tests.fakes.discord_messages import checked
from tests.fakes.discord_threads import NAME_CHARS

WORST = (
    *HOSTILE,
    *SIGNS,
    "@everyone " * 200,
    "https://discord.gg/x " * 90,
    "# a\n- b\n> c\n" * 60,
    "||x||" * 300,
    ":skull:" * 300,
)


def seen(payload: Payload, *, has_embeds: bool = True) -> str:
    """What is seen of one part, which Discord takes as it is, and in which there is no markup but ours."""
    said = []
    for body in payload.bodies(has_embeds=has_embeds):
        checked(body)
        assert kinds(body["content"], body["embeds"]) <= OURS
        said.append(words_of(body["content"], body["embeds"]))
    return letters("".join(said))


def is_whole(digest: Digest, form: Form, language: str = "en", *, has_plain: bool = True) -> bool:
    """Whether the feed is taken, begins each paper once, and shows each title, TL;DR and field in full.

    `has_plain`: without markup and without embeds too.
    """
    message = feed_message(digest, words(language), form=form, number=2**31 - 1, has_thread=True)
    made = parts(message)
    payloads = [payload_of(part) for part in made]
    assert all(1 <= len(payload.name.strip()) <= NAME_CHARS for payload in payloads)
    assert [n for part in made for n in part.items] == list(range(1, len(digest.items) + 1))
    texts = ["".join(map(seen, payloads))]
    if has_plain:
        texts += ["".join(seen(payload.plain()) for payload in payloads)]
        texts += ["".join(seen(payload, has_embeds=False) for payload in payloads)]
    expected = [each for item in digest.items for each in told(item, form)]
    return all(letters(each) in text for text in texts for each in expected)


def told(item: DigestItem, form: Form) -> list[str]:
    """What must be there of a paper."""
    title, summary = title_of(item.pick.seen.paper), item.summary
    if summary is None:
        return [title, shown(item.pick.seen.paper.abstract)] if form is Form.CARDS else [title]
    if form is not Form.CARDS or not summary.fields:
        return [title]
    return [title, shown(summary.tldr), *(shown(point) for field in summary.fields for point in field.points)]


def actions(digest: Digest) -> list[str]:
    rows = (row for part in parts(feed_message(digest, words("en"), form=Form.CARDS, number=7, has_thread=True))
            for row in json.loads(part.payload).get("components", ()))  # fmt: skip
    return [each.get("custom_id", "") for row in rows for each in row["components"]]


@pytest.mark.skipif(not CORPUS.is_file(), reason="../shared/data is not beside this checkout")
@pytest.mark.parametrize("form", Form)
def test_recorded_papers_come_whole_and_without_a_refusal(form: Form) -> None:
    papers = list(recorded())
    assert len(papers) >= 500
    assert all(is_whole(digest, form, has_plain=False) for digest in in_digests(papers))


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("language", languages())
def test_the_worst_that_can_be_written_comes_whole(form: Form, language: str) -> None:
    papers = [
        a_paper(arxiv_id=f"2601.{n:05}", title=f"T {text} {n}", abstract=f"{text} {other}", authors=(text, "B", text, "D", "E"))
        for n, (text, other) in enumerate(zip(WORST, reversed(WORST), strict=True), 1)
    ]
    assert all(is_whole(digest, form, language) for digest in in_digests(papers))


def test_each_card_has_its_buttons_once() -> None:
    papers = [a_paper(arxiv_id=f"2601.{n:05}", abstract=text * 3) for n, text in enumerate(WORST[:30], 1)]
    (digest,) = in_digests(papers)
    found = [each for each in actions(digest) if each]
    assert len(found) == len(set(found)) >= 4 * len(papers)


@given(st.lists(items, max_size=8), st.sampled_from(Form), st.sampled_from(languages()))
@settings(max_examples=40, deadline=None)
def test_whatever_is_written_comes_whole(listed: list[DigestItem], form: Form, language: str) -> None:
    assert is_whole(a_digest(*listed, counts=Counts(found=99, matched=len(listed), listed=len(listed))), form, language)
