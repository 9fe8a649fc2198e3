"""arXiv's categories in groups small enough to choose from: what a person looks for first, then the categories in it."""

from collections.abc import Mapping

from bot.domain.categories import NAMES, UNDIVIDED

_TOGETHER = {
    "hep": ("gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "nucl-ex", "nucl-th", "quant-ph", "math-ph"),
}
"""Archives that are not divided, by the group in which people look for them."""

ORDER = ("cs", "stat", "math", "eess", "physics", "hep", "astro-ph", "cond-mat", "nlin", "q-bio", "q-fin", "econ")
"""The groups, those that most readers want first; each has its name in words, `group.NAME`."""


def _members(group: str) -> tuple[str, ...]:
    return _TOGETHER.get(group) or tuple(name for name in NAMES if name.partition(".")[0] == group)


GROUPS: Mapping[str, tuple[str, ...]] = {group: _members(group) for group in ORDER}
"""The current categories of each group, in the alphabet's order; every category of arXiv is in exactly one."""


def whole(group: str) -> frozenset[str]:
    """All that choosing the group as a whole means: old papers of some archives stand under the bare name (`q-bio`)."""
    return frozenset(GROUPS[group]) | (frozenset({group}) & UNDIVIDED.keys())


def group_of(category: str) -> str:
    """The group that holds a category; the first one for what is none."""
    return next((group for group in ORDER if category in whole(group)), ORDER[0])
