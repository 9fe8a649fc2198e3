"""Every error that can reach a person has a sentence of its own from the words, and tells nothing of the machine."""

from collections.abc import Iterator

import pytest

from bot import errors
from bot.errors import PaperboyError
from bot.words import words
from handlers.texts.problems import sentence

ENGLISH = words("en")


def leaves(kind: type[PaperboyError]) -> Iterator[type[PaperboyError]]:
    """The classes of bot.errors that have no class of bot.errors below them."""
    below = [one for one in kind.__subclasses__() if one.__module__ == errors.__name__]
    if not below:
        yield kind
    for one in below:
        yield from leaves(one)


def made(kind: type[PaperboyError]) -> PaperboyError:
    """One of `kind` whose technical reason is `/srv/secret`."""
    for arguments in (("arxiv", "topic", "/srv/secret"), ("arxiv", "/srv/secret"), ("/srv/secret",), ()):
        try:
            return kind(*arguments)
        except TypeError:
            continue
    raise AssertionError(f"how is a {kind.__name__} made?")


OWNERS = [kind for kind in leaves(PaperboyError) if issubclass(kind, errors.Stop | errors.Skip)]


@pytest.mark.parametrize("kind", OWNERS, ids=lambda kind: kind.__name__)
def test_what_only_the_owner_can_mend_tells_no_technical_reason(kind: type[PaperboyError]) -> None:
    said = sentence(made(kind), ENGLISH)
    assert "/srv/secret" not in said
    assert "owner" in said or "paper" in said


@pytest.mark.parametrize("kind", list(leaves(errors.Retry)), ids=lambda kind: kind.__name__)
def test_what_passes_names_the_source_and_when_to_try_again(kind: type[PaperboyError]) -> None:
    said = sentence(made(kind), ENGLISH)
    assert "arXiv" in said
    assert "minute" in said


def test_a_file_that_cannot_be_used_is_named_with_the_reason() -> None:
    assert sentence(errors.BadFile("refs.bib", "no entries"), ENGLISH) == "refs.bib cannot be used: no entries."


def test_a_platform_that_does_not_answer_is_called_by_its_name() -> None:
    said = sentence(errors.PlatformUnreachable("Telegram", "/srv/secret", after_s=90.0), ENGLISH)
    assert said == "Telegram is not answering just now. Try again in 2 minutes."
