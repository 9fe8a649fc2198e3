"""What part a section plays in its paper, told from its heading: numbering and case say nothing, subsections go with theirs."""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum


class Role(IntEnum):
    """The parts of a paper, the worthiest to a summary first."""

    ABSTRACT = 1
    INTRODUCTION = 2
    METHOD = 3
    RESULTS = 4
    CONCLUSION = 5
    BODY = 6
    RELATED = 7
    APPENDIX = 8  # with all that stands behind the paper: thanks, statements, check lists


_NUMBER = re.compile(
    r"^(?:(?:section|chapter|§)\s*)?"
    r"(?P<number>\d{1,2}(?:\.\d{1,2})*|[IVXL]{1,6}(?=[.:\s–-])(?:-[A-Z])?|[A-Z](?=[.:\s])|[A-Z](?:\.\d{1,2})+)[.:)–-]*\s+(?=\S)"
)
_APPENDIX = re.compile(r"^(?:appendi(?:x|ces)|supplement(?:ary|al)?|附录|phụ lục)\b")
# The first that is found decides: "Experimental Setup" is of the results, "Related Methods" of related work.
_CUES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        Role.APPENDIX,
        re.compile(
            r"\backnowledg|\bauthor contributions?\b|\bfunding\b|\b(?:data|code)(?: and \w+)? availability\b|\bethic"
            r"|\bbroader impact|\bimpact statement|\breproducibility|\bcheck ?list\b|^references$|^bibliography$"
            r"|\bcompeting interests?\b|致谢|参考文献"
        ),
    ),
    (Role.ABSTRACT, re.compile(r"^(?:abstract|tl;?dr|executive summary|摘要|tóm tắt)$")),
    (Role.INTRODUCTION, re.compile(r"\bintroduction\b|^introductory|^motivation|引言|绪论|^giới thiệu|^mở đầu")),
    (
        Role.RELATED,
        re.compile(
            r"\brelated\b|\b(?:prior|previous|existing) (?:works?|methods?|approach)|\bliterature\b|相关工作|nghiên cứu liên quan"
        ),
    ),
    (
        Role.RESULTS,
        re.compile(
            r"\bresults?\b|\bexperiment|\bevaluat|\bablation|\banalys[ei]s\b|\bempirical|\bfindings?\b|\bcase stud"
            r"|\bcomparisons?\b|\bperformance\b|\bbenchmark(?:s|ing)?\b|实验|结果|评估|thực nghiệm|thí nghiệm|kết quả|đánh giá"
        ),
    ),
    (
        Role.CONCLUSION,
        re.compile(
            r"\bconclu|\bdiscussions?\b|\blimitations?\b|\bfuture\b|^summary\b|\boutlook\b|\btakeaways?\b|结论|讨论"
            r"|局限|kết luận|thảo luận"
        ),
    ),
    (
        Role.METHOD,
        re.compile(
            r"\bmethod|\bapproach|\bmodels?\b|\bframework|\balgorithms?\b|\barchitectur|\bproposed\b|\bour\b|\bsystem|\bdesign"
            r"|\bpipeline|\bformulation|\btraining\b|\bimplementation|\bmechanism|方法|模型|phương pháp|mô hình"
        ),
    ),
)
_BEFORE_METHOD = re.compile(r"\bbackground|\bpreliminar|\bnotation|\bproblem\b|\bsetup\b|背景")


def roles(headings: Sequence[str]) -> tuple[Role, ...]:
    """The role of each section, by their headings in the paper's order.

    A paper that names its method after itself ("3 FooNet") has no section of that role: then what stands between the
    introduction and the results is the method.
    """
    told = _told(headings)
    if Role.METHOD in told or Role.INTRODUCTION not in told:
        return told
    start = told.index(Role.INTRODUCTION)
    end = next((at for at in range(start, len(told)) if told[at] in (Role.RESULTS, Role.CONCLUSION)), start)
    middle = range(start, end)
    return tuple(
        Role.METHOD if at in middle and role is Role.BODY and not _BEFORE_METHOD.search(headings[at].lower()) else role
        for at, role in enumerate(told)
    )


def _told(headings: Sequence[str]) -> tuple[Role, ...]:
    numbers = [_number(heading) for heading in headings]
    is_numbered = sum(number is not None for number in numbers) > 1
    is_roman = next((number for number in numbers if number), "") == "I"
    return tuple(_inherited(headings, numbers, is_numbered=is_numbered, is_roman=is_roman))


def _inherited(headings: Sequence[str], numbers: Sequence[str | None], *, is_numbered: bool, is_roman: bool) -> Iterator[Role]:
    above = Role.BODY
    is_late = False  # only then a letter is a number: "A Simple Baseline" begins with an article
    for heading, number in zip(headings, numbers, strict=True):
        role = _own(heading)
        is_letter = number is not None and number[0].isalpha() and not is_roman
        if is_letter and not is_late:
            number, is_letter = None, False
        if _is_top(number, is_numbered=is_numbered, is_roman=is_roman, role=role):
            above = Role.APPENDIX if is_letter else role or Role.BODY
            is_late = is_late or above in (Role.RESULTS, Role.CONCLUSION, Role.APPENDIX)
        yield above


def _is_top(number: str | None, *, is_numbered: bool, is_roman: bool, role: Role | None) -> bool:
    """Whether a heading opens a section of its own and does not belong to the one before."""
    if number is None:
        return role is not None or not is_numbered
    if is_roman:
        return "-" not in number and "." not in number and set(number) <= set("IVXL")
    return "." not in number


def _own(heading: str) -> Role | None:
    bare = _NUMBER.sub("", heading.strip()).lower().rstrip(".:")
    if _APPENDIX.match(bare):
        return Role.APPENDIX
    return next((role for role, cue in _CUES if cue.search(bare)), None)


def _number(heading: str) -> str | None:
    found = _NUMBER.match(heading.strip())
    return found["number"] if found else None
