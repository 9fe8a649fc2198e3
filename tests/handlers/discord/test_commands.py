"""What Discord tells of a command: only what is in our table is taken, however old or strange a client is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.discord.commands import found
from handlers.discord.table import BY_PATH

DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["papers", "subscribe", "time", "ask"]),
    lambda inner: st.lists(
        st.fixed_dictionaries({"name": inner, "type": st.integers(0, 12), "value": inner, "options": st.just(())}), max_size=3
    ),
    max_leaves=8,
)


def of_papers(name: str, *options: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "name": "papers", "options": [{"type": 1, "name": name, "options": list(options)}]}


def test_a_command_comes_with_its_options_its_channel_and_its_steps() -> None:
    channel = {"name": "channel", "type": 7, "value": "123"}
    told = found(of_papers("limit", {"name": "papers", "type": 4, "value": 20}, channel))
    assert told is not None
    assert told.slash is BY_PATH["papers", "limit"]
    assert (told.channel, told.steps, told.focused) == ("123", (("limit", "20"),), "")
    assert dict(told.options) == {"papers": 20, "channel": "123"}


def test_a_command_without_options_and_one_with_a_file_are_known() -> None:
    plain = found({"type": 1, "name": "help"})
    assert plain is not None
    assert (plain.steps, plain.channel, plain.attachment, plain.is_shared) == ((("help", ""),), "", "", False)
    brought = found(of_papers("import", {"name": "file", "type": 11, "value": "77"}))
    assert brought is not None
    assert (brought.attachment, brought.slash.takes_file, brought.steps) == ("77", True, (("import", ""),))


@pytest.mark.parametrize(("share", "is_shared"), [(True, True), (False, False)])
def test_an_answer_is_shared_if_that_was_chosen(share: bool, is_shared: bool) -> None:
    options = [{"name": "paper", "type": 3, "value": "2601.03417"}, {"name": "share", "type": 5, "value": share}]
    told = found({"type": 1, "name": "summary", "options": options})
    assert told is not None
    assert told.is_shared is is_shared
    assert told.steps == (("summary", "2601.03417"),)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"name": "papers"},
        {"name": "subscribe"},
        {"name": "papers", "options": []},
        of_papers("sources"),
        of_papers("limit", {"name": "most", "type": 4, "value": 20}),
        of_papers("limit", {"name": "papers", "type": 3, "value": "20"}),
        of_papers("limit", {"name": "papers", "type": 5, "value": True}),
        of_papers("mute", {"name": "on", "type": 4, "value": 1}),
        {"name": "papers", "options": [{"type": 2, "name": "subscribe", "options": [{"type": 1, "name": "subscribe"}]}]},
    ],
)
def test_what_is_not_in_the_table_any_more_is_nothing(data: dict[str, Any]) -> None:
    assert found(data) is None


def test_a_number_that_is_half_typed_is_no_mistake() -> None:
    told = found(of_papers("limit", {"name": "papers", "type": 4, "value": "2x", "focused": True}))
    assert told is not None
    assert told.focused == "papers"


@given(name=st.sampled_from(["papers", "ask", "x"]), options=DATA)
def test_nothing_that_is_told_breaks_anything(name: str, options: object) -> None:
    told = found({"name": name, "options": options if isinstance(options, list) else None})
    assert told is None or told.slash.path[0] == name
