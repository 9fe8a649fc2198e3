"""A stranger's file takes no longer than its size explains: a search that tries everything would stop the whole process."""

import time

import pytest

from bot.domain.flaws import UnfitFile
from bot.sources.bibtex_library import library

ENTRY = b"@article{a, title = {Agents that plan}}\n"
SPACES, WORD = b" " * 30_000, b"a" * 30_000


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "tail",
    [
        b"@" + SPACES,
        b"@" + SPACES + b"\n" + SPACES,
        b"@article" + SPACES,
        b"@article{" + SPACES,
        b"@" + WORD + SPACES + b"\n",
        b"@article{a, title" + SPACES,
        b"@article{a, title =" + SPACES + b"#" + SPACES,
        b"%" * 30_000,
    ],
    ids=["at", "two lines", "type", "brace", "word", "field", "join", "comment"],
)
def test_white_space_without_end_is_read_at_once(tail: bytes) -> None:
    began = time.process_time()
    try:
        assert len(library("list.bib", ENTRY + tail).entries) >= 1
    except UnfitFile:
        pytest.fail("the entry before it is lost")
    assert time.process_time() - began < 3
