"""Questions of the settings as modals: what is asked stands above the field, how to answer it below, and nothing is cut."""

from dataclasses import replace

import pytest

from bot.domain.actions import Action
from bot.domain.subscriptions import Address, Subscription
from bot.words import languages, words
from handlers.discord.replies import HINT, LABEL, modal
from handlers.texts.menus import question
from tests.handlers.test_settings_menu import a_menu

FIELDS = "cwanhvitzp"
KNOWN = Subscription(address=Address(platform="discord", chat="77"))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("field", FIELDS)
def test_a_question_is_above_its_field_and_how_to_answer_it_below(language: str, field: str) -> None:
    said = words(language, "discord")
    asked = said(f"question.{field}")
    message = question(replace(a_menu(KNOWN), words=said), field, "That was no answer.")
    (label,) = modal(Action(name="sq", args=(field,)), said, message)["components"]
    above, below = label["label"], label.get("description", "")
    assert above != said("modal.answer")
    assert "".join(f"{above}{below}".split()) == "".join(asked.split())
    assert len(above) <= LABEL
    assert len(below) <= HINT
