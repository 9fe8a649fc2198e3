"""Text that must never be committed: the paths of one machine, addresses of package indexes, keys."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Written apart, so that this file does not hold what it looks for.
HOMES = "|".join(f"/{name}/" for name in ("work", "root", "home/[a-z]+", "Users/[A-Za-z]+"))
FORBIDDEN = re.compile(
    rf"(?<![\w.:/])(?:{HOMES})|https?://\S+/simple\b|-----BEGIN [A-Z ]*PRIVATE KEY|\b\d{{8,10}}:AA[\w-]{{33}}\b"
)


def forbidden(text: str) -> list[str]:
    """Each line that holds such a text, with its number."""
    return [f"{number}: {line[:80]}" for number, line in enumerate(text.splitlines(), 1) if FORBIDDEN.search(line)]


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout of git: nothing is committed here")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_committed_file_holds_forbidden_text() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in committed()
        for line in forbidden(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_pins_hold_no_address() -> None:
    for path in ROOT.glob("requirements*.txt"):
        assert "://" not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize(
    "text",
    [
        "see " + "/home/" + "me/papers",
        "--index" + "-url https://pypi.example/" + "simple",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "token = " + "123456789:" + "AA" + "x" * 33,
    ],
)
def test_forbidden_text_is_seen(text: str) -> None:
    assert forbidden(f"first\n{text}") == [f"2: {text}"]


@pytest.mark.parametrize("text", ["https://example.org/home/index.html", "~/papers", "/app/.venv/bin"])
def test_ordinary_text_is_let_be(text: str) -> None:
    assert forbidden(text) == []
