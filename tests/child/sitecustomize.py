"""Loaded by Python itself at the start of every child of a test (PYTHONPATH): the child has the parent's network guard.

And it dies where the test says.
"""

import os
import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).parents[1] / "network.py"))
if os.environ.get("PAPERBOY_DIES"):
    runpy.run_path(str(Path(__file__).with_name("killing.py")))
