"""Fields that somebody can choose with one tap: what each means in categories and sources."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.subscriptions import Interest

_ARXIV = frozenset({"arxiv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A field of research. Its name in words is `preset.NAME`; where it comes from, `sources`."""

    categories: frozenset[str] = frozenset()
    sources: frozenset[str] = field(default=_ARXIV)


def _of(*categories: str) -> Preset:
    return Preset(categories=frozenset(categories))


PRESETS: Mapping[str, Preset] = {
    "ai": _of("cs.AI", "cs.LG", "stat.ML"),
    "nlp": _of("cs.CL"),
    "cv": _of("cs.CV", "eess.IV"),
    "ro": _of("cs.RO", "eess.SY"),
    "sec": _of("cs.CR"),
    "sys": _of("cs.AR", "cs.DB", "cs.DC", "cs.NI", "cs.OS", "cs.PF", "cs.PL", "cs.SE"),
    "math": _of("cs.CC", "cs.DS", "cs.IT", "cs.LO", "math.CO", "math.NA", "math.OC", "math.PR", "math.ST"),
    "ph": _of("cond-mat.mes-hall", "cond-mat.stat-mech", "gr-qc", "hep-ph", "hep-th", "physics.comp-ph", "quant-ph"),
    "bio": _of("q-bio.BM", "q-bio.GN", "q-bio.MN", "q-bio.NC", "q-bio.PE", "q-bio.QM", "physics.bio-ph"),
    "st": _of("econ.EM", "econ.GN", "econ.TH", "stat.AP", "stat.CO", "stat.ME", "stat.ML"),
    "hf": Preset(sources=frozenset({"huggingface"})),
}
"""By a short name, which travels in buttons and links and must stay."""


def interest_of(name: str, there: tuple[str, ...]) -> Interest | None:
    """The wish behind a preset, None if there is none; where none of its sources is `there`, from the first one that is."""
    found = PRESETS.get(name)
    if found is None:
        return None
    return Interest(sources=found.sources & frozenset(there) or frozenset(there[:1]), categories=found.categories)
