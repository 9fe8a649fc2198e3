"""Loaded by Python itself at the start of every child of a test (PYTHONPATH): the child has the parent's network guard."""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).parents[1] / "network.py"))
