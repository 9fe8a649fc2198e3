"""What the documents point to is there, and what they say can be typed can be typed."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_link_between_documents_leads_somewhere() -> None:
    missing = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert missing == []


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        name
        for page in [ROOT / ".ci/run", *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for either in re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
        for name in either
        if name and not name.startswith("-")
    }
    assert named <= targets


def test_every_decision_has_its_five_parts_and_a_number_of_its_own() -> None:
    records = sorted((ROOT / "docs/decisions").glob("*.md"))
    for record in records:
        parts = re.findall(r"^\*\*(.+?)\.\*\*", record.read_text(encoding="utf-8"), re.MULTILINE)
        assert parts == ["Context", "Options", "Choice", "Cost", "How it is checked"], record.name
    assert [record.name[:4] for record in records] == [f"{n:04}" for n in range(1, len(records) + 1)]
