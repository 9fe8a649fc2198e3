"""What a command does not need is not imported: asked of a child process, in what it had loaded when it was done."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = frozenset(
    {"aiosqlite", "alembic", "apscheduler", "arxiv", "asyncio", "bibtexparser", "dotenv", "httpx", "jinja2"}
    | {"lxml", "pydantic", "pydantic_settings", "requests", "selectolax", "sqlalchemy", "structlog", "tqdm"}
)
PROGRAM = """
import json, sys
from bot.__main__ import main
try:
    code = main(sys.argv[1:])
except SystemExit as stop:
    code = stop.code
print("\\n" + json.dumps({"code": code, "modules": sorted(name for name in sys.modules if "." not in name)}))
"""


def loaded_by(directory: Path, *arguments: str) -> tuple[int, frozenset[str]]:
    """Exit code and top-level modules of one run of the command line."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COV")} | {"PYTHONPATH": str(ROOT)}
    child = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=directory,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(child.stdout.splitlines()[-1])
    return said["code"] or 0, frozenset(said["modules"])


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--help"], 0), (["--version"], 0), (["digest", "--help"], 0), (["no-such-command"], 2), ([], 2)]
)
def test_help_and_mistakes_load_no_library(tmp_path: Path, arguments: list[str], code: int) -> None:
    ended, modules = loaded_by(tmp_path, *arguments)
    assert ended == code
    assert modules & HEAVY == set()


def test_local_check_loads_nothing_that_asks_or_writes_pages(tmp_path: Path) -> None:
    loaded_by(tmp_path, "db", "upgrade")
    _, modules = loaded_by(tmp_path, "check", "--local")
    assert modules & {"alembic", "apscheduler", "arxiv", "bibtexparser", "httpx", "jinja2", "lxml", "requests"} == set()
    assert "sqlalchemy" in modules


def test_a_chat_loads_nothing_that_writes_dates_before_it_says_one(tmp_path: Path) -> None:
    code, modules = loaded_by(tmp_path, "chat")
    assert code == 0
    assert "babel" not in modules
