"""The order of the readers, and which failures end it. Readers are real: arXiv's HTML on loopback and the abstract."""

import pytest

from bot.domain.papers import TextOrigin
from bot.errors import SourceThrottled, TextUnavailable
from bot.readers.abstract import AbstractReader
from bot.readers.first_that_works import FirstThatWorks
from tests.builders import a_paper
from tests.readers.latexml_pages import a_good_page
from tests.readers.test_html import PAPER, a_desk


async def test_the_first_reader_that_has_the_text_is_the_only_one_used() -> None:
    async with a_desk() as desk:
        desk.arxiv.has_html(PAPER.key.value, a_good_page())
        both = FirstThatWorks([desk.reader, AbstractReader()])
        assert (await both.read(PAPER)).origin is TextOrigin.HTML
        assert (await FirstThatWorks([AbstractReader(), desk.reader]).read(PAPER)).origin is TextOrigin.ABSTRACT
        assert len(desk.arxiv.asked) == 1


async def test_a_missing_text_and_a_broken_page_lead_to_the_next() -> None:
    async with a_desk() as desk:
        both = FirstThatWorks([desk.reader, AbstractReader()])
        assert (await both.read(PAPER)).origin is TextOrigin.ABSTRACT
        desk.arxiv.has_html(PAPER.key.value, a_good_page())
        desk.arxiv.is_empty_200(on="/html/")
        assert (await both.read(PAPER)).origin is TextOrigin.ABSTRACT


async def test_a_site_that_asks_us_to_wait_is_not_asked_by_the_next() -> None:
    async with a_desk() as desk:
        desk.arxiv.is_throttled("7", on="/html/")
        with pytest.raises(SourceThrottled) as caught:
            await FirstThatWorks([desk.reader, AbstractReader()]).read(PAPER)
        assert caught.value.after_s == 7


async def test_if_none_works_the_reason_of_each_is_named() -> None:
    async with a_desk() as desk:
        with pytest.raises(TextUnavailable, match=r"has no HTML \(HTTP 404\); .*has no abstract"):
            await FirstThatWorks([desk.reader, AbstractReader()]).read(a_paper(abstract=""))
        with pytest.raises(TextUnavailable, match="no reader"):
            await FirstThatWorks([]).read(PAPER)
