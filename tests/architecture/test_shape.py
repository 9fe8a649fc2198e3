"""The shape that the code keeps, and proof that each measure sees what it is for."""

import statistics
from pathlib import Path

from tests.architecture import shape
from tests.architecture.test_imports import plant

ROOT = Path(__file__).parents[2]


def test_no_module_or_function_is_too_long() -> None:
    assert shape.too_long(ROOT) == ()


def test_every_function_says_what_it_returns() -> None:
    assert [each.place for each in shape.functions(ROOT) if not each.has_return_type] == []


def test_functions_stay_short_as_a_rule() -> None:
    lengths = sorted(each.lines for each in shape.functions(ROOT))
    assert statistics.median(lengths) <= 9
    assert lengths[len(lengths) * 9 // 10] <= 30


def test_modules_stay_small_as_a_rule() -> None:
    sizes = [text.count("\n") for _, text, _ in shape.trees(ROOT, "bot", "handlers") if text.count("\n") > 2]
    assert statistics.median(sizes) <= 110


def test_everything_is_caught_only_at_named_boundaries() -> None:
    found = shape.broad_excepts(ROOT)
    assert len(found) <= shape.MAX_BROAD_EXCEPTS, found
    assert [place for place, is_named in found if not is_named] == []


def test_nothing_is_mocked() -> None:
    assert shape.mocks(ROOT) == ()


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert shape.vague_names(ROOT) == ()


def test_each_measure_sees_what_it_is_for(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "bot/long": "x = 1\n" * 301,
            "bot/wide": "def f():\n" + "    x = 1\n" * 60,
            "handlers/wide": "async def g() -> None:\n" + "    x = 1\n" * 40,
            "bot/utils": "try:\n    pass\nexcept (ValueError, Exception):\n    pass\n",
            "bot/bare": "try:\n    pass\nexcept:  # boundary: worker\n    pass\n",
            "tests/test_a": "from unittest.mock import patch\ndef test_a(monkeypatch):\n    monkeypatch.setattr('a.b', 1)\n",
        },
    )
    assert shape.too_long(tmp_path) == (
        "bot/long.py: 301 lines",
        "bot/wide.py:1 f: 61 lines",
        "handlers/wide.py:1 g: 41 lines",
    )
    assert [each.place for each in shape.functions(tmp_path) if not each.has_return_type] == ["bot/wide.py:1 f"]
    assert shape.broad_excepts(tmp_path) == (("bot/bare.py:3", True), ("bot/utils.py:3", False))
    assert shape.mocks(tmp_path) == ("tests/test_a.py:1", "tests/test_a.py:3")
    assert shape.vague_names(tmp_path) == ("bot/utils.py",)
