"""A heading is its author's: none takes longer than its length explains."""

import time

import pytest

from bot.readers.latexml_drafts import _NUMBER


@pytest.mark.timeout(20)
@pytest.mark.parametrize("heading", ["1" * 5_000 + "x", "IVX" * 2_000 + "!", "1." * 2_000 + "x"])
def test_a_number_without_end_is_read_at_once(heading: str) -> None:
    began = time.process_time()
    assert _NUMBER.sub("", heading) == heading
    assert time.process_time() - began < 1


@pytest.mark.parametrize("heading", ["1 Introduction", "2.3. Introduction", "IV. Introduction", "1:2 Introduction"])
def test_a_heading_loses_its_number(heading: str) -> None:
    assert _NUMBER.sub("", heading) == "Introduction"
