"""The settings menu: what every screen has at hand, its buttons, and the main screen. A screen is one message, changed in place.

se:SCREEN.TARGET shows one, sv:FIELD.VALUE.TARGET sets a value, sk:FIELD.TARGET asks for a text, sq:FIELD.TARGET takes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.actions import packed
from bot.domain.messages import Block, Button, Buttons, Heading, Message, paragraph, text
from bot.domain.styles import Style
from bot.domain.subscriptions import Subscription
from bot.domain.visible import shown
from bot.domain.words import Words
from bot.domain.zones import city
from bot.words import words as words_of
from handlers.texts import subscriptions

MOST_LABEL = 40  # characters of a word or a name on a button
ROWS = 8  # lines of a list on one screen
MOST_IN_ROW = 5  # of which Discord has five as well
TICK = "✓ "


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """A subscription as the menu shows it at `now`. `target` ends every action: whose settings they are, "" for those here.

    `place` is how people call the target where that is elsewhere. `lines` of a list stand on one screen.
    """

    known: Subscription
    words: Words
    now: datetime
    target: str = ""
    place: str = ""
    sources: tuple[str, ...] = ()
    styles: tuple[Style, ...] = ()
    languages: tuple[str, ...] = ()
    is_group: bool = False
    lines: int = ROWS

    def to(self, label: str, screen: str) -> Button:
        """A button that leads to a screen."""
        return Button(label=label, action=action("se", screen, target=self.target))

    def sets(self, label: str, field: str, value: str, *, is_on: bool | None = None) -> Button:
        """A button that sets a value; of one that holds or not, `is_on` says which."""
        return Button(label=label, action=action("sv", field, value, target=self.target), is_on=is_on)

    def sets_many(self, label: str, field: str, value: str, *, is_on: bool) -> Button:
        """A button that sets several values at once, of which each has its own; with a tick if all of them hold."""
        return self.sets(TICK * is_on + label, field, value)

    def asks(self, field: str, label: str = "") -> Button:
        """A button behind which a text is asked for."""
        return Button(label=label or self.words("button.other"), action=action("sk", field, target=self.target))

    def switch(self, key: str, field: str, *, is_on: bool) -> Button:
        """A button that says how something stands, and turns it over."""
        label = self.words(f"button.{key}", state=self.words("switch.on" if is_on else "switch.off"))
        return self.sets(label, field, "0" if is_on else "1")

    def ways(self, name: str, rows: Sequence[Sequence[Button]]) -> Buttons:
        """Buttons that stand above all others, and may be one list, with its name from the words."""
        return Buttons(rows=tuple(tuple(row) for row in rows if row), name=self.words(f"list.{name}"))

    def screen(
        self,
        sentences: Sequence[str],
        *rows: Sequence[Button],
        ways: Buttons | None = None,
        back: str = "m",
        takes_many: bool = False,
    ) -> Message:
        """A screen with its sentences, its buttons and the way back; `takes_many`: each of its values is switched by itself."""
        returns = (self.to(self.words("button.back"), back),)
        said = map(paragraph, sentences)
        return self.message(*said, *((ways,) if ways else ()), rows=(*rows, returns), takes_many=takes_many)

    def message(self, *blocks: Block, rows: Sequence[Sequence[Button]], takes_many: bool = False) -> Message:
        """The blocks below a line that says whose settings they are, if that is not plain."""
        whose = (paragraph(self.words("screen.elsewhere", place=self.place)),) if self.place else ()
        hint = self.words("list.values" if takes_many else "list.value")
        buttons = Buttons(rows=tuple(tuple(row) for row in rows if row), takes_many=takes_many, hint=hint)
        return Message(blocks=(*whose, *blocks, buttons))


def action(name: str, *args: str, target: str) -> str:
    """What is behind a button of the menu."""
    return packed(name, *args, *((target,) if target else ()))


def in_rows(buttons: Sequence[Button], most: int = MOST_IN_ROW) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows of at most so many."""
    return tuple(tuple(buttons[at : at + most]) for at in range(0, len(buttons), most))


def label(typed: str) -> str:
    """What somebody typed, on a button."""
    whole = shown(typed)
    return whole if len(whole) <= MOST_LABEL else f"{whole[: MOST_LABEL - 1]}…"


def main(menu: Menu) -> Message:
    """What is asked for and when it comes, and the way to everything that can be changed."""
    known, words = menu.known, menu.words
    wish, schedule = known.interest, known.schedule
    topics = (
        menu.to(words("button.topics", n=len(wish.categories)), "c"),
        menu.to(words("button.words", n=len(wish.keywords) + len(wish.excluded) + len(wish.excluded_anywhere)), "w"),
        menu.to(words("button.authors", n=len(wish.authors)), "a"),
        menu.to(words("button.sources"), "s"),
        menu.to(words("button.limit", n=known.limit), "n"),
        menu.to(words("button.threshold", n=f"{wish.threshold:g}"), "h"),
        menu.to(words("button.votes", n=wish.min_votes), "v"),
        menu.switch("replacements", "r", is_on=wish.wants_replacements),
    )
    looks = (
        menu.to(words("button.style", name=known.style), "y"),
        menu.to(words("button.layout", name=words(f"layout.{known.form}")), "l"),
        menu.to(words("button.language", name=own_name(known.language)), "i"),
    )
    times = (
        menu.to(words("button.time", at=f"{schedule.at:%H:%M}"), "t"),
        menu.to(words("button.zone", city=city(schedule.zone)), "z"),
        menu.to(words("button.days"), "d"),
    )
    ends = (
        Button(label=words("button.unsubscribe"), action=action("su", target=menu.target)),
        Button(label=words("button.close"), action=action("sx", target=menu.target)),
    )
    ways = menu.ways("settings", (*in_rows(topics, 2), looks, times))
    return menu.message(*subscriptions.settings(known, words).blocks, ways, rows=(*in_rows(_sound(menu), 2), ends))


def _sound(menu: Menu) -> tuple[Button, ...]:
    """Whether digests come, with what, and where; and what members of a group may do."""
    known, words, schedule = menu.known, menu.words, menu.known.schedule
    return (
        menu.sets(words("button.resume"), "p", "0") if schedule.is_paused else menu.to(words("button.pause"), "p"),
        menu.switch("sound", "q", is_on=not known.is_muted),
        menu.switch("empty_days", "e", is_on=known.wants_empty_note),
        *((menu.switch("members", "b", is_on=known.members_may_ask),) if menu.is_group else ()),
        *(
            (menu.switch("thread", "f", is_on=known.has_thread),)
            if menu.is_group and subscriptions.has_feed(known.address)
            else ()
        ),
    )


def own_name(code: str) -> str:
    """What a language that has words here calls itself; another one goes by its code."""
    found = words_of(code)
    return found("language.own") if found.catalogue == code else code


def closed(menu: Menu) -> Message:
    """The settings without buttons."""
    return menu.message(*subscriptions.settings(menu.known, menu.words).blocks, rows=())


def question(menu: Menu, field: str, problem: str = "") -> Message:
    """Asks for a text; below what was wrong with the last one, if there was one. The button takes the text, or goes back."""
    cancel = Button(label=menu.words("button.cancel"), action=action("sq", field, target=menu.target))
    said = (paragraph(problem),) if problem else ()
    return menu.message(*said, Heading(spans=text(menu.words(f"question.{field}"))), rows=((cancel,),))


def gone(words: Words, target: str, sentence: str) -> Message:
    """There is nothing to set here; the way to begin."""
    begin = Button(label=words("button.begin"), action=action("ob", target=target))
    return Message(blocks=(paragraph(sentence), Buttons(rows=((begin,),))))
