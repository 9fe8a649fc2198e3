"""What a good model would answer: an instance of the schema, made of the paper's own sentences and figures, all true.

The prompt is read as the bot writes it: the paper between a line `<paper ...>` and a line `</paper>`, its sections under
`## Heading` lines, a question between `<question>` lines, the language by its code in brackets after its name.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

Instance = dict[str, Any]

# Without number words, which would be figures; `{}` is a figure of the paper. Said by nobody: written for this fake.
WITH_FIGURE: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "论文给出的数值是 {}，测试条件见原文的说明。",
        "作者在正文里报告了 {} 这个结果，并解释了原因。",
        "根据正文的记载，这里得到的数字为 {}，与前文的设定相符。",
    ),
    "vi": (
        "Theo bài báo, giá trị được nêu là {}, điều kiện đo có trong văn bản gốc.",
        "Các tác giả ghi nhận kết quả {} và giải thích nguyên nhân trong phần thảo luận.",
        "Văn bản gốc cho biết con số {} với thiết lập đã trình bày.",
    ),
}
WITHOUT_FIGURE: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "论文对这个问题作了说明，并把方法的适用范围写得很清楚。",
        "作者描述了所用的数据与评测方式，读者可以据此重现实验。",
        "正文讨论了方法为什么有效，也指出了尚未解决的困难。",
        "作者把新方法与已有的做法作了比较，说明了差别所在。",
        "论文介绍了背景与动机，并解释了为什么旧的做法不够好。",
    ),
    "vi": (
        "Bài báo trình bày vấn đề này và nêu rõ phạm vi áp dụng của phương pháp.",
        "Các tác giả mô tả dữ liệu và cách đánh giá để người đọc có thể lặp lại thí nghiệm.",
        "Phần thảo luận giải thích vì sao phương pháp hiệu quả và những khó khăn còn lại.",
        "Bài báo so sánh cách làm mới với những cách làm trước đó và chỉ rõ khác biệt.",
        "Phần mở đầu giới thiệu bối cảnh và động lực của nghiên cứu.",
    ),
}
NOT_IN_TEXT = {"en": "The text does not say.", "zh": "原文没有说明这一点。", "vi": "Văn bản không nêu điều này."}
OTHER_TITLE = "River Sediments in Spring: a Catalogue of Colours"

_PAPER = re.compile(r"^<paper\b(?P<marks>[^\n]*)>\s*$(?P<text>.*?)^</paper>\s*$", re.MULTILINE | re.DOTALL)
_QUESTION = re.compile(r"^<question>\s*$(.*?)^</question>\s*$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r'(\w+)="([^"]*)"')
_LANGUAGE = re.compile(r"\bin [A-Z][\w ()]{2,40}? \(([a-z]{2,3})(?:[-_]\w+)*\)")
_KEY_IN_WORDS = re.compile(r'^( *)"(\w+)" \((string|boolean|object|array)(?: of (\w+)s)?\)([^\n]*)', re.MULTILINE)
_LEAST = re.compile(r"\b(?:Exactly|At least) (\d+)\b")
_PLAIN = re.compile(r"[A-Z][\w\s,;()'’%.\-]*[.!?]")
_POINTS_ELSEWHERE = re.compile(r"\b(?:Appendix|Section|Fig|Table|Eq|Algorithm)|\b[A-Z]\.\d")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_FIGURE = re.compile(r"(?<![\w.,:/+\-−–^$×(\[])\d+(?:\.\d+)?%?(?=[,;.]?\s+[a-z])")
_SCALE = re.compile(r"[,;.]?\s+(?:thousand|million|billion|trillion|times|fold|percent\w*|points?|x|k|m|b)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A request as the model reads it; `sections` are headings with their usable sentences."""

    title: str
    text: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    language: str
    question: str = ""

    @property
    def sentences(self) -> tuple[tuple[str, str], ...]:
        """Each usable sentence with its heading."""
        return tuple((heading, sentence) for heading, sentences in self.sections for sentence in sentences)

    @property
    def figures(self) -> tuple[str, ...]:
        """Numbers that can be repeated alone: no part of a name, a range, a formula or a larger number."""
        found = [
            match[0]
            for _, sentence in self.sentences
            for match in _FIGURE.finditer(sentence)
            if not _SCALE.match(sentence, match.end()) and (len(match[0]) > 1)
        ]
        return tuple(dict.fromkeys(found))


def read_prompt(messages: Sequence[Mapping[str, str]]) -> Prompt:
    """The last message that holds a paper counts: after it may come an answer and a request to repair it."""
    texts = [message["content"] for message in messages]
    found = next((match for text in reversed(texts) if (match := _PAPER.search(text))), None)
    questions = [match[1].strip() for text in texts if (match := _QUESTION.search(text))]
    around = "\n".join(_PAPER.sub("", text) for text in texts)
    text = found["text"].replace("&lt;", "<") if found else ""
    marks = dict(_MARK.findall(found["marks"])) if found else {}
    return Prompt(
        title=html.unescape(marks.get("title", "")),
        text=text,
        sections=tuple(_sections(text)),
        language=next((match[1] for match in _LANGUAGE.finditer(_QUESTION.sub("", around))), "en"),
        question=questions[-1] if questions else "",
    )


def _sections(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    heading = ""
    for part in re.split(r"^(?=## )", text, flags=re.MULTILINE):
        first, _, rest = part.partition("\n")
        heading = first.removeprefix("## ").strip() if first.startswith("## ") else heading
        body = rest if first.startswith("## ") else part
        lines = re.sub(r"[ \t]+", " ", body).split("\n")
        whole = [piece.strip() for line in lines for piece in _SENTENCE_END.split(line)]
        yield heading, tuple(filter(_is_usable, whole))


def _is_usable(sentence: str) -> bool:
    is_whole = bool(_PLAIN.fullmatch(sentence)) and 6 <= len(sentence.split()) <= 32
    return is_whole and not _POINTS_ELSEWHERE.search(sentence)


def schema_in_words(text: str) -> dict[str, Any]:
    """The shape that is described line by line, `"key" (array of objects): ...`, keys of an object below it and indented."""
    whole: dict[str, Any] = {"type": "object", "properties": {}}
    open_objects = {0: whole}
    for indent, name, kind, items, about in _KEY_IN_WORDS.findall(text):
        depth = len(indent) // 2
        each: dict[str, Any] = {"type": kind, "description": about}
        if kind == "array":
            each["items"] = {"type": items or "string"}
        inner = each.get("items", each)
        if inner["type"] == "object":
            inner["properties"] = {}
            open_objects[depth + 1] = inner
        open_objects[depth]["properties"][name] = each
    return whole


def instance(schema: Mapping[str, Any], prompt: Prompt) -> Instance:
    """A valid instance of an object schema; the same request gives the same."""
    made = _Writer(prompt).value(schema, "")
    return made if isinstance(made, dict) else {}


class _Writer:
    """Walks through the paper's sentences, so that no two fields say the same while there are enough."""

    def __init__(self, prompt: Prompt) -> None:
        self._prompt = prompt
        self._sentences = [sentence for _, sentence in _spread(prompt.sentences)] or [f"{prompt.title or 'It'} is described."]
        self._next = count()

    def value(self, schema: Mapping[str, Any], name: str) -> object:
        if "enum" in schema or "const" in schema:
            return schema.get("const", [*schema.get("enum", ()), None][0])
        kind = schema.get("type")
        if kind == "object":
            return {each: self._special(each, inner, name) for each, inner in (schema.get("properties") or {}).items()}
        if kind == "array":
            least = _LEAST.search(schema.get("description", ""))
            return [self.value(schema["items"], name) for _ in range(int(least[1]) if least else 2)]
        if kind in ("integer", "number"):
            return schema.get("minimum", 1)
        return True if kind == "boolean" else self.sentence()

    def sentence(self) -> str:
        number, language = next(self._next), self._prompt.language
        if language not in WITHOUT_FIGURE:
            sentence = self._sentences[number % len(self._sentences)]
            return sentence if language == "en" else f"[{language}] {sentence}"
        figures = self._prompt.figures
        if number < len(figures) and number % 2 == 0:
            return WITH_FIGURE[language][number // 2 % len(WITH_FIGURE[language])].format(figures[number])
        return WITHOUT_FIGURE[language][number % len(WITHOUT_FIGURE[language])]

    def _special(self, name: str, schema: Mapping[str, Any], parent: str) -> object:
        prompt = self._prompt
        best, is_in_text = _closest(prompt)
        quoted = [best] if prompt.question and is_in_text else [] if prompt.question else list(_spread(prompt.sentences)[:3])
        if parent == "headings":
            return f"{name} ({prompt.language})"
        if name == "answer" and not is_in_text:
            return NOT_IN_TEXT.get(prompt.language, NOT_IN_TEXT["en"])
        if name == "answer" and prompt.language == "en":
            return best[1]
        special: dict[str, object] = {
            "title": prompt.title,
            "is_in_text": is_in_text,
            "tags": _tags(prompt.text),
            "quotes": [{"text": sentence, "section": heading} for heading, sentence in quoted],
        }
        return special[name] if name in special and not parent else self.value(schema, name)


def _spread(sentences: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """All of them, from everywhere in the paper, not in its order."""
    step = max(len(sentences) // 8, 1)
    return tuple(each for start in range(step) for each in sentences[start::step])


def _closest(prompt: Prompt) -> tuple[tuple[str, str], bool]:
    """The sentence that shares most words with the question, and whether that is enough to be its answer."""
    asked = set(re.findall(r"\w{4,}", prompt.question.lower()))
    shared = [(len(asked & set(re.findall(r"\w{4,}", each[1].lower()))), each) for each in prompt.sentences]
    most, best = max(shared, key=lambda each: each[0], default=(0, ("", "")))
    return best, most >= min(2, max(len(asked), 1))


def _tags(text: str) -> list[str]:
    words = Counter(word.lower() for word in re.findall(r"\b[A-Za-z]{6,18}\b", text))
    return [word for word, _ in words.most_common(3)]


def other_language(prompt: Prompt) -> Prompt:
    """The same, to be answered in a language that nobody asked for."""
    return replace(prompt, language="zh" if prompt.language == "en" else "en")


def with_invented_figures(made: Instance, prompt: Prompt) -> Instance:
    """Every text says a number more that the paper does not hold."""
    numbers = (f"{whole}.{rest}" for whole, rest in zip(count(731, 17), count(8137, 331), strict=False))
    free = (number for number in numbers if number not in prompt.text)
    kept = {"title", "tags", "quotes", "headings", "is_in_text"}
    return {
        name: value if name in kept else _each_text(value, lambda text: f"{text} {next(free)}.") for name, value in made.items()
    }


def obedient(made: Instance, prompt: Prompt) -> Instance:
    """What somebody wants who writes orders into a paper: his words, links, markup and pings in every text."""
    orders = [line for line in prompt.text.splitlines() if re.search(r"ignore|instruct|https?:|@|<\w", line, re.IGNORECASE)]
    said = " ".join(orders)[:300]
    bait = f"{said} @everyone @here <b>free</b> <script>alert(1)</script> [here](https://evil.example/prize) evil.example/prize"
    kept = {"title", "quotes", "headings", "is_in_text"}
    return {name: value if name in kept else _each_text(value, lambda text: f"{text} {bait}") for name, value in made.items()}


def _each_text(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each_text(each, change) for each in value]
    return {name: _each_text(each, change) for name, each in value.items()} if isinstance(value, dict) else value
