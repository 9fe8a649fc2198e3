"""Where sentences end in the prose of abstracts, by rules: no model, no list of a language's words but abbreviations."""

import re

# A mark that may end a sentence: with closing quotes or brackets after it, then white space; CJK marks need none.
_END = re.compile(r"""[.!?…]+["'”’»)\]]*(?=\s)|[。！？]+[”’」』）]*""")
_NEVER_LAST = (
    "e.g i.e eg ie cf vs viz fig figs eq eqs eqn sec sect secs tab tabs ref refs def thm prop lem cor app appx alg ch chap "
    "resp approx ca dr prof mr mrs ms st w.r.t i.i.d a.k.a incl esp wrt aka"
)
_MAYBE_LAST = "al etc inc ltd co jr sr"
_BEFORE_NUMBER = "no nos vol pp p"
# Words that begin a sentence and hardly ever follow an initial or "et al." inside one.
_STARTERS = (
    "we this these those our in it to however the a an here by while for with experiments results empirically extensive "
    "moreover furthermore thus therefore as using finally first second code that such on based existing recent"
)
_NEVER, _MAYBE, _NUMBERED, _STARTING = (frozenset(x.split()) for x in (_NEVER_LAST, _MAYBE_LAST, _BEFORE_NUMBER, _STARTERS))
_INITIALS = re.compile(r"(?:[A-Z]\.-?)*[A-Z]")
_NEXT = re.compile(r"\S+")
_OPENING = "\"'“‘«([{¿¡*_`"


def sentences(text: str) -> tuple[str, ...]:
    """Split `text` (white space collapsed) into whole sentences; joined with the white space between, they give it back."""
    found: list[str] = []
    start = 0
    for mark in _END.finditer(text):
        if _is_end(text, start, mark):
            found.append(text[start : mark.end()].strip())
            start = mark.end()
    found.append(text[start:].strip())
    return tuple(sentence for sentence in found if sentence)


def _is_end(text: str, start: int, mark: re.Match[str]) -> bool:
    if mark[0][0] in "。！？":
        return True
    following = _NEXT.search(text, mark.end())
    if following is None:
        return True
    before = text[start : mark.start()].rpartition(" ")[2].lstrip(_OPENING)
    return (
        _may_begin(following[0])
        and not _is_abbreviated(before, mark[0], following[0])
        and not _is_inside_brackets(text, start, mark.end())
        and not text[start : mark.start()].strip().isdigit()  # "1. First we ..." is a numbered list
    )


def _may_begin(word: str) -> bool:
    """Whether a sentence can start so: not with a lower-case word, unless it is a name such as "vLLM"."""
    bare = word.lstrip(_OPENING)
    return not bare[:1].islower() or any(letter.isupper() or letter.isdigit() for letter in bare)


def _is_abbreviated(before: str, mark: str, following: str) -> bool:
    if mark[0] != ".":
        return False
    bare = before.lower()
    if bare in _NEVER:
        return True
    if bare in _NUMBERED:
        return following[:1].isdigit()
    begins = following.strip(_OPENING + ",.:;").lower() in _STARTING
    is_initial = _INITIALS.fullmatch(before) is not None
    return (is_initial or bare in _MAYBE) and not begins


def _is_inside_brackets(text: str, start: int, end: int) -> bool:
    """Whether the sentence so far has an open bracket that is closed soon; one that never closes counts for nothing."""
    is_open = text.count("(", start, end) > text.count(")", start, end)
    return is_open and ")" in text[end : end + 300].split("(")[0]
