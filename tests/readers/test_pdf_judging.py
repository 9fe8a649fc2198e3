"""Which texts of PDFs are taken for readable."""

import random
import string

import pytest

from bot.readers.pdf_judging import MIN_WORDS, defect
from tests.pdfs import prose


def test_prose_is_readable() -> None:
    assert defect([prose(MIN_WORDS)]) is None


def test_a_scan_has_too_few_words() -> None:
    assert defect([prose(MIN_WORDS - 1)]) == f"holds {MIN_WORDS - 1} words of text"
    assert defect([]) == "holds 0 words of text"


def test_most_exchanges_of_letters_by_a_broken_font_are_no_language() -> None:
    seen = 0
    for seed in range(100):
        exchanged = random.Random(seed).sample(string.ascii_lowercase, 26)
        text = prose(600).lower().translate(str.maketrans(string.ascii_lowercase, "".join(exchanged)))
        seen += "is no language" in (defect([text]) or "")
    assert seen >= 75  # the others keep vowels between consonants by chance


def test_shifted_codes_are_no_language() -> None:
    shifted = "".join(chr(32 + (ord(letter) - 32 + 66) % 95) if letter != " " else letter for letter in prose(600))
    assert defect([shifted]) is not None


def test_figures_alone_are_no_text() -> None:
    assert defect(["12.5 3,4 | 0.1 " * 200]) == "is 0% letters"


@pytest.mark.parametrize(
    "text",
    [
        "이 문서는 보험 제도의 현황과 개선 과제를 다룬다 " * 40,
        "我们提出了一种新的方法来阅读整篇论文并写出可信的摘要。" * 30,
        "Chúng tôi trình bày một phương pháp mới để đọc toàn bộ bài báo " * 40,
        "Wir zeigen, dass kleine Modelle aus guten Beispielen lernen können " * 40,
        "Модель читает статью целиком и пишет краткое изложение " * 40,
    ],
    ids=["Korean", "Chinese", "Vietnamese", "German", "Russian"],
)
def test_other_languages_are_languages(text: str) -> None:
    assert defect([text]) is None
