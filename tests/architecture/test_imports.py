"""The direction of imports, held against the tree as it is, and against planted trees that break each rule."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.architecture import imports

ROOT = Path(__file__).parents[2]


def plant(root: Path, files: Mapping[str, str]) -> Path:
    """A tree with these modules, by path without its `.py`."""
    for name, text in files.items():
        path = root / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def test_every_import_follows_the_rules() -> None:
    assert imports.violations(ROOT) == ()


def test_no_modules_import_each_other_in_a_ring() -> None:
    assert imports.cycle(ROOT) == ()


def test_the_tree_is_really_read() -> None:
    targets = {(each.module, each.target) for each in imports.imports(ROOT)}
    assert ("bot.ports", "bot.domain.papers") in targets
    assert len(imports.modules(ROOT)) > 20


@pytest.mark.parametrize(
    ("module", "text", "rule"),
    [
        ("bot/domain/papers", "import httpx", "httpx is imported only in bot.channels.telegram, bot.http"),
        ("bot/domain/papers", "from bot import guard", "bot.domain imports bot.errors; not bot.guard"),
        ("bot/domain/papers", "def f() -> None:\n    import sqlalchemy as sa", "sqlalchemy is imported only in"),
        ("bot/sources/arxiv", "from bot.storage.store import Store", "not bot.storage.store"),
        ("bot/sources/arxiv", "from bot.readers import pdf", "not bot.readers"),
        ("bot/sources/huggingface", "import arxiv", "arxiv is imported only in bot.sources.arxiv"),
        ("bot/pipeline/match", "from bot.pipeline.fetch import fetch", "modules of bot.pipeline never import each other"),
        ("bot/pipeline/match", "from bot.sources.arxiv import Arxiv", "not bot.sources.arxiv"),
        ("bot/services/browsing", "from bot.config import Settings", "not bot.config"),
        ("bot/reports/feed", "from bot.storage import papers", "not bot.storage"),
        ("bot/storage/papers", "from sqlalchemy import select\nimport bot.pipeline.match", "not bot.pipeline.match"),
        ("bot/__main__", "from bot import app", "bot.__main__ imports bot, bot.arguments, bot.errors; not bot.app"),
        ("handlers/telegram/papers", "from handlers.discord import papers", "not handlers.discord"),
        ("handlers/console/chat", "from bot.storage.store import Store", "not bot.storage.store"),
        ("bot/sources/huggingface", "from urllib import request", "only bot.http reaches the network"),
        ("bot/readers/pdf", "import urllib.request", "only bot.http reaches the network"),
        ("bot/utils", "import os", "bot.utils has no zone"),
        ("bot/http", "import yaml", "yaml has no line in rules.THIRD_PARTY"),
        ("bot/http", "from . import guard", "imports are absolute"),
        ("bot/http", "import importlib\nx = importlib.import_module('bot.app')", "computed name"),
        ("bot/http", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import bot.ports", "not bot.ports"),
    ],
)
def test_planted_violation_is_named_with_file_and_line(tmp_path: Path, module: str, text: str, rule: str) -> None:
    others = dict.fromkeys({"bot/app", "bot/errors", "bot/config", "bot/guard", "bot/readers/pdf"} - {module}, "")
    (found,) = imports.violations(plant(tmp_path, others | {module: text}))
    assert found.startswith(f"{module}.py:{len(text.splitlines())}: ")
    assert rule in found


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("bot/sources/arxiv_api", "import arxiv\nimport urllib.parse\nfrom bot.sources.arxiv import x"),
        ("bot/__main__", "def run() -> None:\n    from bot import app, config"),
        ("bot/app", "from handlers.console import chat\nfrom bot.storage import store"),
    ],
)
def test_what_the_rules_allow_passes(tmp_path: Path, module: str, text: str) -> None:
    assert imports.violations(plant(tmp_path, {module: text})) == ()


def test_planted_ring_is_found_unless_it_closes_inside_a_function(tmp_path: Path) -> None:
    back = "from bot.domain import a"
    assert not imports.cycle(plant(tmp_path, {"bot/domain/a": "import bot.domain.b", "bot/domain/b": f"def f():\n    {back}"}))
    assert set(imports.cycle(plant(tmp_path, {"bot/domain/b": back}))) == {"bot.domain.a", "bot.domain.b"}
