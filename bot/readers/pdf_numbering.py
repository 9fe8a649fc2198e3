"""The numbers of headings, which must count: 1 2 3, I II III, A B C. Pure."""

# Numbers may skip so many less one: a heading between was not seen.
MAX_SKIP = 2

_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


class Numbers:
    """The numbers of headings so far, each way of counting by itself: 1 2 3, I II III, A B C."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        self._may_restart: set[str] = set()

    @property
    def have_begun(self) -> bool:
        """Whether there was any yet."""
        return bool(self._last)

    def can_follow(self, number: str) -> bool:
        """Whether this can be the next number: one more (or two) of its way of counting, or something inside the present one.

        A way of counting may begin anew once another has gone on: A and B below II, and again below III.
        """
        top, _, inside = number.partition(".")
        way, place = _counted(top)
        last = self._last.get(way)
        if way == "A" and not self._last:
            return False  # the initial of an author
        if last is None or (way in self._may_restart and place == 1):
            return place == 1
        return (place == last and bool(inside)) or 0 < place - last <= MAX_SKIP

    def add(self, number: str) -> None:
        """Take this number as read."""
        way, place = _counted(number.partition(".")[0])
        self._last[way] = place
        self._may_restart = (self._may_restart | (self._last.keys() - {way})) - {way}


def _counted(top: str) -> tuple[str, int]:
    """The way of counting, and the place in it."""
    if top.isdigit():
        return "1", int(top)
    if top in _ROMANS:
        return "I", _ROMANS.index(top) + 1
    return "A", ord(top.upper()) - ord("A") + 1
