"""Messages as Discord gets them: within its limits, with every word and link, and no word that is markup."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.discord_parts import parts
from bot.channels.discord_text import LIMIT, URL_LIMIT, length, plain
from bot.domain.messages import (
    Block,
    Bullets,
    Heading,
    Item,
    Mark,
    Message,
    Paragraph,
    Quote,
    Span,
    paragraph,
)
from bot.domain.visible import harmless
from tests.fakes.discord_reader import read, seen

OURS = {"bold", "italic", "code", "link", "address", "quote", "bullet"}
HOSTILE = (
    *("@everyone", "@here", "<@1>", "<@&1>", "<#1>", "<:a:1>", "<a:b:1>", "<t:1>", "<t:1:R>", "</go:1>", "<id:guide>", ":skull:"),
    *("# a", "-# a", "- a", "* a", "+ a", "1. a", "> a", ">>> a", "```a```", "``a``", "`a`", "||a||", "~~a~~", "__a__", "_a_"),
    *(
        "**a**",
        "*a*",
        "***a***",
        "[a](https://x.org)",
        "[a](<https://x.org>)",
        "https://x.org",
        "<https://x.org>",
        "discord.gg/x",
    ),
    *(
        "discord.com/invite/x",
        "steam://x",
        "\\",
        "\\*",
        "¯\\_(ツ)_/¯",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "*",
        "_",
        "~",
        "|",
        "`",
        "#",
    ),
    *(
        "@",
        ":",
        ".",
        "-",
        "+",
        "1",
        "12",
        " ",
        "  ",
        "\n",
        "\n\n",
        "a",
        "ab",
        "é",
        "漢",
        "😀",
        "👨‍👩‍👧",
        "\u202e",
        "\u200b",
        "e\u0301",
    ),
)
texts = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=4), max_size=8).map("".join)
long_texts = st.tuples(texts, st.integers(1, 150)).map(lambda made: (made[0] + " ") * made[1])
urls = st.sampled_from(
    ("https://arxiv.org/abs/2601.06521", "https://x.org/a_(b)_*c*|d||e", "http://x.org/[a]>b c\\d`e`", "HTTPS://X.org/?q='\"")
)
all_urls = urls | st.sampled_from(("https://x.org/" + "a" * URL_LIMIT, "javascript:alert(1)"))


def spans(words: st.SearchStrategy[str], links: st.SearchStrategy[str] = all_urls) -> st.SearchStrategy[tuple[Span, ...]]:
    return st.lists(st.builds(Span, words, st.sampled_from(Mark), st.none() | links), max_size=4).map(tuple)


def messages(words: st.SearchStrategy[str], *, numbered: st.SearchStrategy[bool]) -> st.SearchStrategy[Message]:
    # An item of a list that is cut has its number twice, so that those with numbers are short here.
    several = st.lists(spans(words, urls), max_size=4).map(tuple)
    simple = (
        st.builds(Heading, spans=spans(words))
        | st.builds(Paragraph, spans=spans(words))
        | st.builds(Quote, spans=spans(words))
        | st.builds(Bullets, items=several, is_numbered=numbered, first_number=st.integers(1, 99))
    )
    items = st.builds(Item, blocks=st.lists(simple, max_size=4).map(tuple), number=st.integers(1, 30))
    return st.lists(simple | items, max_size=5).map(lambda blocks: Message(blocks=tuple(blocks)))


def contents(message: Message) -> tuple[str, ...]:
    return tuple(json.loads(part.payload)["content"] for part in parts(message))


def squeezed(text: str) -> str:
    return "".join(text.split())


def said(blocks: tuple[Block, ...]) -> Iterator[str]:
    """The text of the blocks, with the signs that are text on Discord."""
    for block in blocks:
        match block:
            case Heading(spans=each) | Paragraph(spans=each) | Quote(spans=each):
                yield from map(span_said, each)
            case Bullets(items=items):
                for number, item in enumerate(items, block.first_number):
                    text = "".join(map(span_said, item))
                    has_link = any(is_good(span.url) for span in item)
                    yield f"{number}." if block.is_numbered and (text.strip() or has_link) else ""
                    yield text
            case Item(blocks=inner):
                yield from said(inner)


def span_said(span: Span) -> str:
    return harmless(span.text) + ("" if span.url is None or is_good(span.url) else harmless(span.url))


def is_good(url: str | None) -> bool:
    return url is not None and url.lower().startswith("http") and len(url) < URL_LIMIT


def check(message: Message) -> None:
    made = contents(message)
    assert all(content and content == content.strip() and length(content) <= LIMIT for content in made)
    expected = squeezed("".join(said(message.blocks)))
    assert squeezed("".join(map(seen, made))) == expected
    runs = [run for content in made for run in read(content)]
    assert {kind for run in runs for kind in run.kinds} <= OURS


def check_plain(message: Message) -> None:
    made = tuple(map(plain, contents(message)))
    assert all(content and content == content.strip() and length(content) <= LIMIT for content in made)
    runs = [run for content in made for run in read(content)]
    assert {kind for run in runs for kind in run.kinds} <= {"address"}
    bullets = sum(run.kinds >= {"bullet"} for content in contents(message) for run in read(content))
    shown = squeezed("".join(map(seen, made)))
    assert len(shown) == len(squeezed("".join(said(message.blocks)))) + bullets


@settings(max_examples=200, deadline=None)
@given(messages(texts, numbered=st.booleans()))
@example(Message(blocks=(Paragraph(spans=(Span("a", Mark.BOLD), Span("b", Mark.ITALIC), Span("c"))),)))
@example(Message(blocks=(Paragraph(spans=(Span("1"), Span(". x"))),)))
@example(Message(blocks=(Paragraph(spans=(Span("a", Mark.BOLD), Span("[b]", Mark.BOLD, "https://x.org"))),)))
def test_every_word_is_seen_and_none_of_it_is_markup(message: Message) -> None:
    check(message)


@settings(max_examples=25, deadline=None)
@given(messages(long_texts, numbered=st.just(False)))
def test_long_messages_stay_within_the_limit_and_lose_nothing(message: Message) -> None:
    check(message)


@settings(max_examples=60, deadline=None)
@given(messages(texts | long_texts, numbered=st.just(False)))
def test_plain_text_has_the_same_words_and_no_markup_and_fits(message: Message) -> None:
    check_plain(message)


@settings(max_examples=100, deadline=None)
@given(st.lists(texts, min_size=1, max_size=12))
def test_each_paper_that_can_be_seen_begins_in_one_part(titles: list[str]) -> None:
    items = tuple(Item(blocks=(paragraph(title * 40),), number=number) for number, title in enumerate(titles, 1))
    made = parts(Message(blocks=items))
    begun = [number for part in made for number in part.items]
    assert begun == (list(range(1, len(titles) + 1)) if made else [])
    assert [part.number for part in made] == list(range(1, len(made) + 1))


@settings(max_examples=100, deadline=None)
@given(spans(texts))
def test_links_lead_where_they_should(each: tuple[Span, ...]) -> None:
    found = [run.url for content in contents(Message(blocks=(Paragraph(spans=each),))) for run in read(content) if run.url]
    wanted = [span.url for span in each if span.url and is_good(span.url)]
    assert len(dict.fromkeys(found)) == len(dict.fromkeys(wanted))
    assert not any(char in url for url in found for char in "<>()\\ `|'\"")


def test_letter_with_more_accents_than_a_message_has_room_is_cut_in_the_letter() -> None:
    made = contents(Message(blocks=(paragraph("a" + "\u0301" * 5000),)))
    assert all(length(content) <= LIMIT for content in made)
    assert "".join(map(seen, made)) == "a" + "\u0301" * 5000


def test_message_in_which_nothing_is_to_be_seen_has_no_part() -> None:
    assert parts(Message(blocks=(paragraph(" \n "), Heading(spans=()), Item(blocks=(), number=1)))) == ()


def test_digest_looks_as_it_should() -> None:
    title = Span("On **stars** #1", Mark.BOLD, "https://arxiv.org/abs/2601.06521")
    blocks = (
        Heading(spans=(Span("Papers of 2026-01-12"),)),
        Item(
            number=1,
            blocks=(
                Paragraph(spans=(Span("1. "), title)),
                Bullets(items=((Span("Why", Mark.ITALIC), Span(": 4.0")),)),
                Quote(spans=(Span("An abstract\nof two lines"),)),
            ),
        ),
    )
    assert contents(Message(blocks=blocks)) == (
        "**Papers of 2026-01-12**\n\n"
        "1\\. [**On \\*\\*stars\\*\\* \\#1**](<https://arxiv.org/abs/2601.06521>)\n"
        "- *Why*\\: 4.0\n"
        "> An abstract\n> of two lines",
    )


@pytest.mark.parametrize(
    "sign", ["*a*", "# a", "- a", "> a", "||a||", ":a:", "@everyone", "https://x.org", "1. a", "[a](<http://b>)"]
)
def test_reader_sees_markup_where_it_is(sign: str) -> None:
    assert {kind for run in read(sign) for kind in run.kinds}
