"""The screens of the settings menu that are lists: categories with ticks, words and authors with a cross to take them away."""

from collections.abc import Sequence
from hashlib import blake2s
from typing import TypeVar

from bot.domain.categories import NAMES
from bot.domain.category_groups import GROUPS, group_of, whole
from bot.domain.messages import Button, Message
from handlers.texts.menus import TICK, Menu, in_rows, label

T = TypeVar("T")

KINDS = {"k": "keywords", "e": "excluded", "x": "excluded_anywhere"}
"""The lists of words, by the letter that stands in buttons."""
_SIGNS = {"k": "", "e": "-", "x": "--"}


def topics(menu: Menu, _part: str) -> Message:
    """The groups of categories, each with how many of it are chosen."""
    chosen = menu.known.interest.categories
    groups = tuple(menu.to(_with_count(menu.words(f"group.{each}"), len(chosen & whole(each))), f"g_{each}") for each in GROUPS)
    every = menu.sets_many(menu.words("button.all_topics"), "c", "0", is_on=not chosen)
    said = menu.words("screen.topics", words=", ".join(sorted(chosen))) if chosen else menu.words("screen.all_topics")
    return menu.screen((said,), (every, menu.asks("c")), ways=menu.ways("topics", in_rows(groups, 2)))


def _with_count(name: str, count: int) -> str:
    return f"{TICK}{name} ({count})" if count else name


def group(menu: Menu, part: str) -> Message:
    """The categories of one group; `part` is its name, and the page, or a category that stands on it."""
    name, _, page = part.partition("_")
    if name not in GROUPS:
        return topics(menu, "")
    if page in GROUPS[name]:
        page = str(GROUPS[name].index(page) // menu.lines + 1)
    chosen = menu.known.interest.categories
    shown, number, pages = paged(GROUPS[name], page, menu.lines)
    rows = [
        (menu.sets(label(f"{each} {NAMES[each]}"), "c", ("-" if each in chosen else "+") + coded(each), is_on=each in chosen),)
        for each in shown
    ]
    is_whole = whole(name) <= chosen
    all_of_it = menu.words("button.whole_group", name=menu.words(f"group.{name}"))
    rows.append((menu.sets_many(all_of_it, "c", ("-/" if is_whole else "+/") + name, is_on=is_whole),))
    pager = _pager(menu, f"g_{name}", number, pages)
    return menu.screen((menu.words(f"group.{name}"),), *rows, pager, back="c", takes_many=True)


def page_of(category: str) -> str:
    """The screen on which a category stands."""
    return f"g_{group_of(category)}_{category}"


def coded(category: str) -> str:
    """A category as a button has it, where a full stop divides arguments."""
    return category.replace(".", "/")


def decoded(value: str) -> str:
    """What `coded` made of it."""
    return value.replace("/", ".")


def words(menu: Menu, part: str) -> Message:
    """Keywords and excluded words."""
    wish = menu.known.interest
    listed = [(kind, word) for kind, field in KINDS.items() for word in getattr(wish, field)]
    buttons = [(f"{_SIGNS[kind]}{word}", f"{kind}{mark(word)}") for kind, word in listed]
    said = menu.words("screen.words" if listed else "screen.no_words")
    return _list(menu, "w", said, buttons, part, menu.words("button.add_words"))


def authors(menu: Menu, part: str) -> Message:
    """Authors who are followed."""
    listed = menu.known.interest.authors
    said = menu.words("screen.authors" if listed else "screen.no_authors")
    return _list(menu, "a", said, [(name, mark(name)) for name in listed], part, menu.words("button.add_authors"))


def mark(word: str) -> str:
    """Stands for a word in a button: a stale one never means another word, wherever that has moved to."""
    return blake2s(word.encode(errors="surrogatepass"), digest_size=5).hexdigest()


def _list(menu: Menu, field: str, said: str, listed: Sequence[tuple[str, str]], part: str, add: str) -> Message:
    shown, number, pages = paged(tuple(listed), part, menu.lines)
    ways = menu.ways("taken_away", [(menu.sets(f"✕ {label(name)}", field, f"{value}_{number}"),) for name, value in shown])
    return menu.screen((said,), _pager(menu, field, number, pages), (menu.asks(field, add),), ways=ways)


def paged(listed: Sequence[T], page: str, lines: int) -> tuple[Sequence[T], int, int]:
    """What stands on a page of so many lines, its number from 1 (the nearest there is), and how many there are."""
    pages = max(1, -(-len(listed) // lines))
    number = min(max(1, int(page)), pages) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    return listed[(number - 1) * lines : number * lines], number, pages


def _pager(menu: Menu, screen: str, number: int, pages: int) -> tuple[Button, ...]:
    """‹ 2/4 ›, where there is more than one page; the ends meet. Of two pages there is one way to the other."""
    if pages == 1:
        return ()
    before, after = (number - 2) % pages + 1, number % pages + 1
    here = menu.to(f"{number}/{pages}", f"{screen}_{number}")
    back = (menu.to("‹", f"{screen}_{before}"),) if before != after or number == pages else ()
    on = (menu.to("›", f"{screen}_{after}"),) if before != after or number == 1 else ()
    return (*back, here, *on)
