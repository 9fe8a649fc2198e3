"""Answers of a model, built from a style: each text is long enough, in the language, and of this paper."""

from collections.abc import Mapping
from typing import Any

from bot.domain.papers import Paper
from bot.domain.styles import FieldKind, Style
from bot.summarizers.schema import heading_keys, heading_language

SENTENCES: Mapping[str, str] = {
    "en": "The method keeps the notes of every step in a small store and reads from it when the plan has to change",
    "zh": "该方法把每一步的笔记保存在一个小型存储中，并在计划需要改变时读取这些笔记",
    "vi": "Phương pháp lưu ghi chú của từng bước vào một kho nhỏ và đọc lại khi kế hoạch phải thay đổi",
    "fr": "La méthode garde les notes de chaque étape dans une petite mémoire et les relit quand le plan doit changer",
    "ru": "Метод хранит заметки каждого шага в небольшой памяти и читает их, когда план приходится менять",
    "ja": "この手法は各ステップのメモを小さな記憶に保存し、計画を変える必要があるときに読み出す",
}
ENDS = {"zh": "。", "ja": "。"}


def a_sentence(language: str, mark: str) -> str:
    """One sentence that tells its place by `mark`."""
    base = language.split("-")[0]
    return f"{SENTENCES[base]} ({mark}){ENDS.get(base, '.')}"


def an_answer(style: Style, paper: Paper, language: str = "en", **changed: object) -> dict[str, Any]:
    """What a good model would say; `changed` replaces values by key."""
    fields: dict[str, object] = {}
    for field in style.fields:
        if field.kind is FieldKind.TEXT:
            fields[field.name] = a_sentence(language, field.name)
        elif field.kind.is_list:
            fields[field.name] = [a_sentence(language, f"{field.name} {n}") for n in range(1, field.most + 1)]
        else:
            fields[field.name] = {part.name: a_sentence(language, part.name) for part in field.parts}
    headings = {"headings": {key: f"H {key}" for key in heading_keys(style)}} if heading_language(style, language) is None else {}
    answer = {
        "title": paper.title,
        "tldr": a_sentence(language, "tldr"),
        **fields,
        "tags": ["memory", "planning", "agents"],
        "quotes": [{"text": "notes are kept for every step", "section": "Method"}],
        **headings,
    }
    return answer | changed
