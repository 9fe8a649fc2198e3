"""The plural rule of matching: one English word to the form under which it is compared.

It sees spelling only and folds both what is typed and what is read, so a wrong stem does harm only where it is another
word ("news" and "new"). Hence it leaves a word alone when in doubt. The lists were drawn from the vocabulary of 30,778
arXiv abstracts (2026-02 to 2026-07); docs/matching.md says it for readers.
"""

from collections.abc import Mapping

# No plural, though it ends in s, or a plural whose singular is another word. "ss", "us", "is" and "ics" need no entry.
_INVARIABLE = """
adas afterwards aids alias always atlas bayes besides bias canvas caries chaos christmas cosmos does ethos gibbs hermes https
iaas kansas kubernetes lens mars news nowadays odds paas pancreas pathos perhaps rabies ross saas sapiens series siemens
sometimes species texas thanks towards umls whereas
"""

# Latin and Greek; English; -s + es, where the general rule would leave an e; -che and -ie, where it would take too much.
_IRREGULAR = """
matrices=matrix vertices=vertex indices=index appendices=appendix vortices=vortex simplices=simplex cortices=cortex
helices=helix criteria=criterion phenomena=phenomenon automata=automaton corpora=corpus spectra=spectrum minima=minimum
maxima=maximum optima=optimum bacteria=bacterium formulae=formula foci=focus loci=locus radii=radius nuclei=nucleus
stimuli=stimulus axes=axis crises=crisis oases=oasis schemata=schema emphases=emphasis metastases=metastasis
children=child men=man women=woman mice=mouse halves=half leaves=leaf shelves=shelf wolves=wolf knives=knife quizzes=quiz
shoes=shoe
biases=bias gases=gas lenses=lens atlases=atlas aliases=alias canvases=canvas buses=bus viruses=virus statuses=status
bonuses=bonus focuses=focus corpuses=corpus campuses=campus censuses=census consensuses=consensus nexuses=nexus
caches=cache niches=niche avalanches=avalanche aches=ache headaches=headache
movies=movie cookies=cookie calories=calorie zombies=zombie selfies=selfie
"""

# Plurals among the endings that are left alone: -us, -is, -ics.
_PLAIN_AFTER_ALL = """
gpus cpus tpus npus imus menus plateaus apis guis rois wsis mris kpis emojis taxis
antibiotics characteristics clinics comics critics diacritics epidemics fabrics geodesics harmonics heuristics infographics
logics lyrics metrics mimics mosaics pandemics relics rubrics schematics specifics tactics topics
"""

INVARIABLE = frozenset(_INVARIABLE.split())
IRREGULAR: Mapping[str, str] = {
    **{many: one for many, _, one in (pair.partition("=") for pair in _IRREGULAR.split())},
    **{many: many.removesuffix("s") for many in _PLAIN_AFTER_ALL.split()},
}

# (ending, what it becomes), the first that fits; a None leaves the word alone.
ENDINGS: tuple[tuple[str, str | None], ...] = (
    ("ss", None),  # loss, class
    ("us", None),  # corpus, virus
    ("is", None),  # analysis, basis
    ("ics", None),  # physics, robotics: "dynamic" is not "dynamics"
    ("lyses", "lysis"),  # analyses
    ("theses", "thesis"),  # hypotheses, syntheses
    ("gnoses", "gnosis"),  # diagnoses
    ("sses", "ss"),  # classes, losses
    ("shes", "sh"),  # meshes
    ("ches", "ch"),  # patches
    ("xes", "x"),  # boxes
    ("oes", "o"),  # heroes
    ("ies", "y"),  # policies
    ("s", ""),  # agents, cases, curves
)

SHORTEST = 4  # letters: "gas", "bus", "ros" and "aws" stay what they are, as do "is" and "as"


def singular(word: str) -> str:
    """The form under which a folded `word` is compared: "policies" as "policy", "physics" as itself."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < SHORTEST or word[-1] != "s" or word in INVARIABLE or not word.isalpha():
        return word
    for ending, instead in ENDINGS:
        if word.endswith(ending):
            if len(word) == SHORTEST and ending in ("ies", "oes"):
                return word[:-1]  # ties, MoEs typed small
            return word if instead is None else word[: -len(ending)] + instead
    return word
