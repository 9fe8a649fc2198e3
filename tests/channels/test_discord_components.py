"""Buttons as Discord gets them: within its limits, none lost, and values of a setting as a list."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.discord_components import components
from bot.channels.discord_parts import parts
from bot.domain.actions import packed, unpacked
from bot.domain.messages import Block, Button, Buttons, Item, Message, Paragraph, paragraph
from tests.fakes.discord_components import SELECT
from tests.fakes.discord_messages import checked
from tests.fakes.discord_reader import read

Parts = list[dict[str, Any]]


def made(*blocks: Block) -> Parts:
    """The payloads of a message, each of which Discord takes."""
    payloads = [json.loads(part.payload) for part in parts(Message(blocks=blocks))]
    for payload in payloads:
        checked({name: payload[name] for name in ("content", "components") if name in payload})
    return payloads


def actions(payloads: Parts) -> Iterator[str]:
    for payload in payloads:
        for row in payload.get("components", ()):
            for each in row["components"]:
                yield from (option["value"] for option in each.get("options", ()))
                yield from () if each["type"] == SELECT else (each.get("custom_id") or each["url"],)


def buttons(count: int, *, first: int = 0, is_value: bool = False) -> tuple[Button, ...]:
    numbers = range(first, first + count)
    return tuple(Button(label=str(n), action=packed("sv", n), is_on=n == first if is_value else None) for n in numbers)


def rows_of(payload: dict[str, Any]) -> list[int]:
    return [len(row["components"]) for row in payload.get("components", ())]


def test_buttons_stand_below_their_text_in_the_rows_that_were_meant() -> None:
    link = Button(label="PDF", url="https://arxiv.org/pdf/1")
    (payload,) = made(paragraph("A paper"), Buttons(rows=((link,), buttons(3))))
    assert payload["content"] == "A paper"
    assert rows_of(payload) == [1, 3]
    assert list(actions([payload])) == ["https://arxiv.org/pdf/1", "1sv:0", "1sv:1", "1sv:2"]


def test_many_rows_are_filled_up_and_no_button_is_lost() -> None:
    (payload,) = made(paragraph("Papers"), Buttons(rows=tuple((each,) for each in buttons(25))))
    assert rows_of(payload) == [5, 5, 5, 5, 5]
    payloads = made(paragraph("Papers"), Buttons(rows=(buttons(60),)))
    assert list(actions(payloads)) == [each.action for each in buttons(60)]


def test_buttons_of_papers_stand_above_all_others() -> None:
    items = [Item(blocks=(paragraph(f"Paper {n}"),), number=n, button=Button(label=str(n), action=f"1dp:1.{n}")) for n in (1, 2)]
    (payload,) = made(*items, Buttons(rows=(buttons(1),)))
    assert list(actions([payload])) == ["1dp:1.1", "1dp:1.2", "1sv:0"]


def test_four_values_are_a_list_that_shows_what_is_chosen() -> None:
    back = Button(label="Back", action="1st")
    (payload,) = made(paragraph("Style"), Buttons(rows=(buttons(2, is_value=True), (*buttons(2, first=2, is_value=True), back))))
    select = payload["components"][0]["components"][0]
    assert unpacked(select["custom_id"]) is not None
    assert (select["min_values"], select["max_values"]) == (1, 1)
    assert [option["label"] for option in select["options"] if option.get("default")] == ["0"]
    assert list(actions([payload])) == ["1sv:0", "1sv:1", "1sv:2", "1sv:3", "1st"]


def test_values_of_which_many_may_be_chosen_may_also_all_be_taken_away() -> None:
    (payload,) = made(paragraph("Days"), Buttons(rows=(buttons(7, is_value=True),), takes_many=True))
    (select,) = payload["components"][0]["components"]
    assert (select["min_values"], select["max_values"]) == (0, 7)


def test_three_values_are_buttons_with_a_mark() -> None:
    (payload,) = made(paragraph("Form"), Buttons(rows=(buttons(3, is_value=True),)))
    assert [each["label"] for each in payload["components"][0]["components"]] == ["✓ 0", "1", "2"]


def test_ways_with_a_name_are_a_list_under_it_and_few_are_buttons() -> None:
    (payload,) = made(paragraph("Settings"), Buttons(rows=(buttons(3), buttons(2, first=3)), name="What to change?"))
    (select,) = payload["components"][0]["components"]
    assert (select["placeholder"], [option["label"] for option in select["options"]]) == ("What to change?", list("01234"))
    assert (select["min_values"], select["max_values"]) == (1, 1)
    assert not any("default" in option for option in select["options"])
    (payload,) = made(paragraph("Settings"), Buttons(rows=(buttons(3),), name="What to change?"))
    assert rows_of(payload) == [3]


def test_a_list_of_values_says_what_to_do_while_none_of_them_holds() -> None:
    (payload,) = made(paragraph("At most"), Buttons(rows=(buttons(4, is_value=True),), hint="Choose one"))
    assert payload["components"][0]["components"][0]["placeholder"] == "Choose one"
    (payload,) = made(paragraph("At most"), Buttons(rows=(buttons(3), buttons(3, first=3)), hint="Choose one"))
    assert rows_of(payload) == [3, 3], "a hint makes no list"


def test_more_values_than_a_list_takes_are_several_lists_with_a_name() -> None:
    (payload,) = made(paragraph("Categories"), Buttons(rows=(buttons(40, is_value=True),), takes_many=True))
    lists = [row["components"][0] for row in payload["components"]]
    assert [(len(each["options"]), each["placeholder"]) for each in lists] == [(20, "0 … 19"), (20, "20 … 39")]
    assert len({each["custom_id"] for each in lists}) == 2


def test_a_keyboard_without_text_goes_below_the_text_before_it_or_gets_a_sign_of_its_own() -> None:
    long = Paragraph(spans=paragraph("word " * 399).spans)
    assert [(p["content"][:4], rows_of(p)) for p in made(long, Buttons(rows=(buttons(5),)))] == [("word", [5])]
    assert [(p["content"], rows_of(p)) for p in made(Buttons(rows=(buttons(5),)))] == [("…", [5])]


def test_a_link_that_is_too_long_for_a_button_is_a_link_in_the_text() -> None:
    url = "https://x.org/" + "a" * 600
    (payload,) = made(Buttons(rows=((Button(label="Far", url=url), *buttons(1)),)))
    assert [(run.text, run.url) for run in read(payload["content"])] == [("Far", url)]
    assert list(actions([payload])) == ["1sv:0"]


def test_a_button_with_nothing_behind_it_is_none() -> None:
    assert components(((Button(label="x"), Button(label="y", action="a" * 101), Button(label="z", url="javascript:x")),)) == []


def test_the_same_action_twice_is_one_button() -> None:
    assert len(components((buttons(2), buttons(2)))[0]["components"]) == 2


labels = st.text(max_size=5) | st.sampled_from(("x" * 300, "😀" * 90, "\u202e", "\ud800", "a\u0301" * 90, " "))
some = st.lists(st.builds(Button, label=labels, action=st.integers(0, 400).map(lambda n: packed("ab", n)),
                          is_on=st.sampled_from((None, True, False))), max_size=9).map(tuple)  # fmt: skip
keyboards = st.builds(Buttons, rows=st.lists(some, max_size=8).map(tuple), takes_many=st.booleans())
blocks = st.lists(keyboards | st.text(max_size=30).map(paragraph) | st.just(paragraph("word " * 350)), max_size=6)


@settings(max_examples=150, deadline=None)
@given(blocks)
def test_whatever_is_below_discord_takes_it_and_no_action_is_lost(given_blocks: list[Block]) -> None:
    wanted = {each.action for block in given_blocks if isinstance(block, Buttons) for row in block.rows for each in row}
    assert set(actions(made(*given_blocks))) == wanted


@pytest.mark.parametrize("count", [1, 5, 6, 25])
def test_rows_alone_are_written_as_below_a_message(count: int) -> None:
    assert sum(len(row["components"]) for row in components((buttons(count),))) == count
