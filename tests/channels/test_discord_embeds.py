"""Cards as Discord gets them: embeds within all limits, every word of them, and no word that is markup."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.channels.discord_embeds import AUTHOR, BLANK, TITLE
from bot.channels.discord_parts import parts
from bot.channels.discord_payloads import payload_of
from bot.channels.discord_text import one_line
from bot.domain.messages import Bullets, Card, Mark, Paragraph, Span, paragraph
from bot.domain.visible import harmless
from bot.ports import Part
from tests.channels.discord_feeds import a_card, a_feed, kinds, rendered, squeezed, words_of
from tests.channels.test_discord_markup import OURS, all_urls, long_texts, spans, texts
from tests.fakes.discord_messages import checked
from tests.fakes.discord_reader import read, seen

SENTENCES = " ".join(f"This is sentence number {n} of a long text." for n in range(400))


def bodies(cards: Sequence[Card], *, is_plain: bool = False, has_embeds: bool = True) -> list[dict[str, Any]]:
    """What Discord gets for the cards, and takes."""
    return [
        body
        for part in rendered(a_feed(*cards))[1:]
        for body in of_part(part, is_plain=is_plain, has_embeds=has_embeds)
    ]  # fmt: skip


def of_part(part: Part, *, is_plain: bool = False, has_embeds: bool = True) -> tuple[dict[str, Any], ...]:
    payload = payload_of(part)
    found = (payload.plain() if is_plain else payload).bodies(has_embeds=has_embeds)
    for body in found:
        checked(body)
    return found


def the_embed(card: Card) -> dict[str, Any]:
    (body,) = bodies([card])
    (embed,) = body["embeds"]
    assert isinstance(embed, dict)
    return embed


def words(found: Sequence[dict[str, Any]]) -> str:
    return "".join(words_of(each["content"], each["embeds"]) for each in found)


def test_a_card_is_an_embed_with_title_authors_text_fields_and_colour() -> None:
    card = a_card(fields=(("Method", (Span("It is *new*"),)),), footer="arxiv · cs.CL")
    assert the_embed(card) == {
        "title": "Paper 1",
        "url": "https://arxiv.org/abs/2606.00001",
        "author": {"name": "Ann Lee"},
        "description": "What paper 1 says.",
        "fields": [{"name": "Method", "value": "It is \\*new\\*", "inline": False}],
        "footer": {"text": "arxiv · cs.CL"},
        "color": 0xB31B1B,
    }


def test_each_source_has_its_colour() -> None:
    found = [the_embed(a_card(source=each))["color"] for each in ("arxiv", "huggingface", "bibtex:refs.bib", "sample", "x")]
    assert len(set(found)) == 5


def test_head_comes_first_and_each_card_stands_at_its_first_message() -> None:
    made = rendered(a_feed(a_card(1), a_card(2, blocks=(paragraph(SENTENCES),)), a_card(3)))
    assert [part.items for part in made] == [(), (1,), (2,), *[()] * (len(made) - 4), (3,)]
    assert len(made) > 4
    threads = {json.dumps(json.loads(part.payload)["thread"]) for part in made}
    assert threads == {'{"name": "Papers of 2 June 2026", "is_apart": true}'}


@pytest.mark.parametrize("count", [75, 200])
def test_a_list_that_is_too_long_for_the_head_goes_on_behind_it_by_whole_lines(count: int) -> None:
    lines = tuple((Span(f"Line {n} of the list"),) for n in range(count))
    message = replace(a_feed(a_card(1)), blocks=(paragraph("Head. " * 60), Bullets(items=lines)))
    head, *rest = [json.loads(part.payload)["content"] for part in parts(message)[:-1]]
    assert "\n\n- Line 0 of the list\n- Line 1 of" in head
    assert len(head) > 1500
    assert len(rest) >= 1
    whole = "".join(squeezed(seen(text)) for text in (head, *rest))
    assert whole == "Head." * 60 + "".join(f"Line{n}ofthelist" for n in range(count))


def test_a_long_title_leads_from_the_text() -> None:
    embed = the_embed(a_card(title="Very long " * 40))
    assert "title" not in embed
    (link,) = (run for run in read(embed["description"].split("\n")[0]) if run.text.strip())
    assert (link.text, link.url) == (("Very long " * 40).strip(), "https://arxiv.org/abs/2606.00001")
    assert link.kinds >= {"bold"}


def test_title_is_counted_with_its_escapes() -> None:
    assert the_embed(a_card(title="*" * (TITLE // 2)))["title"] == "\\*" * (TITLE // 2)
    assert "title" not in the_embed(a_card(title="*" * (TITLE // 2 + 1)))


def test_many_authors_stand_in_the_text() -> None:
    embed = the_embed(a_card(byline="A. Lee, " * 40))
    assert "author" not in embed
    assert embed["description"].startswith("A. Lee")
    assert "author" in the_embed(a_card(byline="a" * AUTHOR))


def test_a_long_field_goes_on_in_fields_without_a_name_and_no_sentence_is_cut() -> None:
    embed = the_embed(a_card(fields=(("Method", (Span(SENTENCES[:2900].rsplit(".", 1)[0] + "."),)),)))
    assert [field["name"] for field in embed["fields"]] == ["Method", BLANK, BLANK]
    assert all(field["value"].endswith(".") for field in embed["fields"])


def test_a_card_that_is_too_long_goes_on_in_a_next_message_and_its_buttons_stand_below_the_last() -> None:
    found = bodies([a_card(blocks=(paragraph(SENTENCES),), fields=(("Method", (Span(SENTENCES),)),), footer="cs.CL")])
    assert len(found) > 2
    assert [bool(each["components"]) for each in found] == [False] * (len(found) - 1) + [True]
    assert all(len(each["embeds"]) == 1 for each in found)
    for each in found[:-1]:
        (embed,) = each["embeds"]
        assert embed.get("description", "x.").endswith(".")


def test_more_fields_than_an_embed_takes_go_on() -> None:
    found = bodies([a_card(fields=tuple((f"F{n}", (Span("v"),)) for n in range(60)))])
    assert [len(each["embeds"][0]["fields"]) for each in found] == [25, 25, 10]


def test_a_card_with_nothing_in_it_is_there_all_the_same() -> None:
    (part,) = rendered(a_feed(Card(number=1, title=" ")))[1:]
    assert part.items == (1,)
    of_part(part)


def test_plain_card_is_one_message_with_the_same_words_and_its_address() -> None:
    card = a_card(blocks=(Paragraph(spans=(Span("Code", Mark.BOLD), Span(": "), Span("here", url="https://x.org"))),))
    (body,) = bodies([card], is_plain=True)
    assert body["embeds"][0]["description"] == "<https://arxiv.org/abs/2606.00001>\nCode\\: here <https://x.org>"
    assert body["components"] == []


def test_card_without_an_embed_is_text_with_its_buttons_below_the_last() -> None:
    (body,) = bodies([a_card(footer="cs.CL")], has_embeds=False)
    assert body["content"] == "Ann Lee\nPaper 1\n<https://arxiv.org/abs/2606.00001>\nWhat paper 1 says.\ncs.CL"
    found = bodies([a_card(blocks=(paragraph(SENTENCES[:5000]),))], has_embeds=False)
    assert len(found) >= 2
    assert [bool(each["components"]) for each in found[-2:]] == [False, True]
    assert all(each["content"].endswith(("sentence", ".")) for each in found[:-1])


def test_thread_names_are_short_and_never_empty() -> None:
    names = [json.loads(rendered(a_feed(name=each))[0].payload)["thread"]["name"] for each in ("x" * 101, " \u202e", "a\nb")]
    assert names == ["x" * 99 + "…", "…", "a b"]


def cards(said: st.SearchStrategy[str], *, fields: int) -> st.SearchStrategy[Card]:
    several = st.lists(st.builds(Paragraph, spans=spans(said)) | bullets, max_size=3).map(tuple)
    return st.builds(
        Card,
        number=st.integers(1, 9),
        title=said,
        url=st.none() | all_urls,
        byline=said,
        blocks=several,
        fields=st.lists(st.tuples(said, spans(said)), max_size=fields).map(tuple),
        footer=said,
    )


bullets = st.builds(Bullets, items=st.lists(spans(texts), max_size=3).map(tuple))


def expected(card: Card) -> set[str]:
    """Texts of a card that must be seen whole."""
    said = [card.title, card.byline, card.footer, *(name for name, _ in card.fields)]
    spanned = [one for block in card.blocks if isinstance(block, Paragraph) for one in block.spans]
    spanned += [one for _, value in card.fields for one in value]
    return {squeezed(one_line(each)) for each in said} | {squeezed(harmless(span.text)) for span in spanned}


def check(card: Card) -> None:
    for is_plain, has_embeds in ((False, True), (True, True), (False, False)):
        found = bodies([card], is_plain=is_plain, has_embeds=has_embeds)
        shown = words(found)
        assert all(each in shown for each in expected(card))
        assert {kind for each in found for kind in kinds(each["content"], each["embeds"])} <= OURS
        assert len(found) == len(rendered(a_feed(card))) - 1 or not has_embeds


@settings(max_examples=80, deadline=None)
@given(cards(texts, fields=3))
def test_every_word_of_a_card_is_seen_and_none_of_it_is_markup(card: Card) -> None:
    check(card)


@settings(max_examples=15, deadline=None, phases=(Phase.reuse, Phase.generate))  # to make a long one smaller takes minutes
@given(cards(long_texts, fields=30))
def test_long_cards_stay_within_all_limits_and_lose_nothing(card: Card) -> None:
    check(card)
