"""What a press stands for, however odd what comes back is."""

from typing import Any

import pytest

from handlers.discord.pressed import chosen, typed_in


@pytest.mark.parametrize("data", [{}, {"values": None}, {"values": []}])
def test_a_list_without_values_stands_for_nothing(data: dict[str, Any]) -> None:
    assert chosen({"custom_id": "1ch:0", **data}, None) == ()


@pytest.mark.parametrize("data", [{}, {"components": None}, {"components": [None, 7, {"component": None}]}, {"component": "x"}])
def test_a_form_without_a_text_says_nothing(data: dict[str, Any]) -> None:
    assert typed_in(data) == ""
