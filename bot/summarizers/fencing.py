"""The texts of strangers between lines that they cannot write themselves.

What they say is shown to the model as data: nothing in it may look like the end of the fence, the heading of a section, or a
token with which a model's own template tells who is speaking.
"""

import re

from bot.domain.fitting import Fitted
from bot.domain.papers import Paper
from bot.domain.visible import harmless

# Characters that nobody sees and a model reads: tags (U+E0000), which copy ASCII, and what has no width.
_UNSEEN = re.compile("[\U000e0000-\U000e0fff\u200b\u2060-\u2064\u00ad\u034f\ufe00-\ufe0f]")
_LESS_THAN = "<\uff1c\u2039\ufe64\u276e"
_FENCE = re.compile(rf"[{_LESS_THAN}](?=[\s/\\\uff0f]*(?:paper|question)\b)", re.IGNORECASE)
# Chat templates: ChatML and Llama 3 <|...|>, DeepSeek the same with wide bars, Gemma <start_of_turn>, Llama 2 [INST] and <<SYS>>.
_TOKEN = re.compile(
    r"<(?=[|\uff5c]|<SYS|/?(?:s|think|tool_call|tool_response|start_of_turn|end_of_turn|bos|eos|unk|pad|system)>)|\[(?=/?INST\])",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^(\s*)(?=#)", re.MULTILINE)


def fenced_paper(paper: Paper, fitted: Fitted) -> str:
    """The paper between `<paper id="..." title="...">` and `</paper>`, its sections under `## ` lines."""
    sections = (f"## {defused_line(section.heading) or 'Text'}\n{defused(section.text)}" for section in fitted.text.sections)
    opening = f'<paper id="{_attribute(str(paper.key))}" title="{_attribute(paper.title)}">'
    return "\n\n".join((opening, *sections, "</paper>"))


def fenced_question(question: str) -> str:
    """A reader's question between `<question>` and `</question>`."""
    return f"<question>\n{defused(question)}\n</question>"


def defused(text: str) -> str:
    """A stranger's text of any number of lines, which closes no fence, begins no section and speaks for nobody."""
    lines = "\n".join(_UNSEEN.sub("", text).splitlines())
    plain = _FENCE.sub("&lt;", harmless(lines))
    return _HEADING.sub(r"\1\\", _TOKEN.sub(lambda found: f"{found[0]} ", plain)).strip()


def defused_line(text: str) -> str:
    """The same in one line."""
    return " ".join(defused(" ".join(text.split())).split())


def _attribute(text: str) -> str:
    return defused_line(text).replace('"', "'")
