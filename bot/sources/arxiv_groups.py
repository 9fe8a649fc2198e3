"""Which categories are asked together: as many as possible, with every feed far below the 2,000 items at which it is cut."""

from collections.abc import Iterable

from bot.domain.categories import ARCHIVES

FULL = 1_900  # a feed with as many items may have lost new papers: it is cut at 2,000 and they come last
ROOM = 1_000
MOST_TOGETHER = 30

# Items on a busy day, replacements included. Counted: cs.CL 281 and cs 912 (feeds of 2026-06-02), cs 2,415 at worst. The
# rest are estimates on the high side: one that is too low costs a second request, since a full feed is split.
_BUSY = {
    "cs.LG": 700,
    "cs.AI": 600,
    "cs.CV": 450,
    "cs.CL": 350,
    "stat.ML": 200,
    "quant-ph": 200,
    "cs.RO": 180,
    "cs.CR": 130,
    "cs.SE": 120,
    "hep-th": 120,
    "hep-ph": 120,
    "eess.SY": 120,
    "math-ph": 100,
    "cs.IR": 100,
    "cs.HC": 100,
    "gr-qc": 100,
    "cs": 1_800,
    "math": 900,
    "physics": 600,
    "astro-ph": 500,
    "cond-mat": 500,
    "eess": 500,
    "stat": 400,
}
_ORDINARY = 70
_SMALL = 10
_SLOW = frozenset({"cs.GL", "cs.OS", "cs.MS", "cs.PF", "cs.SC", "cs.OH", "math.GM", "math.HO", "math.KT", "math.CT"})
_SLOW_ARCHIVES = frozenset({"q-bio", "q-fin", "econ", "nlin"})


def typical(topic: str) -> int:
    """About how many items a feed of this category has on a busy day."""
    is_slow = topic in _SLOW or topic.partition(".")[0] in _SLOW_ARCHIVES or topic not in _KNOWN
    return _BUSY.get(topic, _SMALL if is_slow else _ORDINARY)


def are_quiet(topics: Iterable[str]) -> bool:
    """Whether a day without a single item in these categories together is nothing unusual."""
    return sum(map(typical, topics)) <= _ORDINARY


def groups(topics: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The topics in groups to ask together, each at most ROOM items and MOST_TOGETHER names; a big one stands alone."""
    found: list[tuple[str, ...]] = []
    current: tuple[str, ...] = ()
    for topic in sorted(topics):
        together = (*current, topic)
        is_too_much = sum(map(typical, together)) > ROOM or len(together) > MOST_TOGETHER
        if current and is_too_much:
            found.append(current)
            current = (topic,)
        else:
            current = together
    return (*found, current) if current else tuple(found)


def halves(group: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A group in two; needs at least two topics."""
    middle = len(group) // 2
    return group[:middle], group[middle:]


_KNOWN = frozenset().union(*ARCHIVES.values()) | ARCHIVES.keys() | _BUSY.keys()
