"""The program of the child that reads one PDF: `python -m bot.readers.pdf_child MEBIBYTES SECONDS`, bytes in, JSON out.

stdin -> limits -> PDFium -> sections -> judged -> stdout

It holds itself to its limits, so that a file that makes PDFium eat memory or spin costs this process and nothing else. Its
parent stops it by the clock. It opens no file, no network and no other program.
"""

import gc
import json
import resource
import sys
from collections.abc import Sequence

from bot.readers.pdf_judging import defect
from bot.readers.pdf_pages import Unreadable, read_pages
from bot.readers.pdf_sections import sections

# The header stands within the first 1,024 bytes (ISO 32000, annex H.3.4.1).
HEADER_WITHIN = 1024
MEBIBYTE = 1_048_576


def main(arguments: Sequence[str]) -> int:
    """Read stdin to its end and answer; ends with 0 whenever there is an answer, be it that there is no text."""
    gc.disable()  # there is one paper, then the end: 5 to 10 % of the time
    limit(memory_mb=int(arguments[0]), cpu_s=int(arguments[1]))
    content = sys.stdin.buffer.read()
    try:
        answer = read(content)
    except MemoryError:
        answer = {"unavailable": "needs more memory than it may have"}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "ignore"))
    return 0


def limit(*, memory_mb: int, cpu_s: int) -> None:
    """Never more than this, for this process: memory, processor time; no files written, no core dumps."""
    limits = {
        resource.RLIMIT_AS: memory_mb * MEBIBYTE,
        resource.RLIMIT_CPU: cpu_s,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in limits.items():
        resource.setrlimit(which, (most, most))


def read(content: bytes) -> dict[str, object]:
    """What the parent is told: `sections`, or `unavailable` with the reason."""
    if b"%PDF-" not in content[:HEADER_WITHIN]:
        return {"unavailable": "is no PDF"}
    try:
        document = read_pages(content)
    except Unreadable as error:
        return {"unavailable": str(error)}
    found = sections(document.pages)
    if wrong := defect([text for _, text in found]):
        return {"unavailable": wrong}
    unread = document.total - len(document.pages)
    left_out = [("", f"[The PDF goes on: its last {unread} of {document.total} pages were not read.]")] if unread else []
    return {"sections": [*found, *left_out]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
