"""The full texts of arXiv on loopback: which ids have HTML or a PDF, and the page that says that one has not."""

import csv
import gzip
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from aiohttp import web

_PATH = re.compile(r"/(?P<kind>html|pdf)/(?P<id>.+?)(?:v(?P<version>\d+))?(?:\.pdf)?/?")
_VERSION = re.compile(r"v(\d+)$")
# The folders of recorded pages that come from arXiv itself, the later one winning, and of PDFs.
_RECORDED = ("html/older_latexml", "html/ar5iv_wire", "html/arxiv_dom", "html/arxiv_wire", "pdf")


@dataclass(slots=True)
class Texts:
    """Bodies by kind, id and version; one without a version answers for all of them."""

    _bodies: dict[tuple[str, str, int | None], bytes] = field(default_factory=dict)

    def keep(self, kind: str, arxiv_id: str, body: bytes, version: int | None) -> None:
        self._bodies[kind, arxiv_id, version] = body

    def answer(self, path: str) -> web.Response | None:
        """What arXiv says to a path below /html/ or /pdf/; None for any other."""
        found = _PATH.fullmatch(path)
        if found is None:
            return None
        kind, arxiv_id = found["kind"], found["id"]
        body = self._body(kind, arxiv_id, int(found["version"]) if found["version"] else None)
        if body is None:
            name = path.removeprefix(f"/{kind}/")
            return web.Response(text=_missing(kind.upper(), name), content_type="text/html", status=404)
        return web.Response(body=body, content_type="text/html" if kind == "html" else "application/pdf")

    def _body(self, kind: str, arxiv_id: str, version: int | None) -> bytes | None:
        if version is not None:
            return self._bodies.get((kind, arxiv_id, version), self._bodies.get((kind, arxiv_id, None)))
        kept = [(known or 0, body) for (of, name, known), body in self._bodies.items() if (of, name) == (kind, arxiv_id)]
        return max(kept, default=(0, None), key=lambda one: one[0])[1]

    def load_recorded(self, data: Path) -> int:
        """Keep the recorded pages and PDFs of data/fulltext and data/fulltext2 under their ids; returns how many."""
        index = data / "fulltext2/INDEX.csv"
        with index.open(encoding="utf-8") as lines:
            rows = [row for row in csv.DictReader(lines) if str(Path(row["file"]).parent) in _RECORDED]
        for row in sorted(rows, key=lambda row: _RECORDED.index(str(Path(row["file"]).parent))):
            path = index.parent / row["file"]
            if path.is_file() and re.match(r"[\w./-]+$", row["arxiv_id"]):
                self.keep(path.parts[-2] if path.parts[-2] == "pdf" else "html", _id(row["arxiv_id"]), _content(path), None)
        singles = {"arxiv_html_2501.11120v1.html.gz": "html", "native_html_2403.10561v1.html": "html"}
        singles |= {"1903.10676.pdf": "pdf", "2501.10120_pasa.pdf": "pdf"}
        for name, kind in singles.items():
            found = re.search(r"\d{4}\.\d{5}", name)
            self.keep(kind, found[0] if found else name, _content(data / "fulltext" / name), None)
        return len(self._bodies)


def _id(name: str) -> str:
    return _VERSION.sub("", name)


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def _missing(kind: str, name: str) -> str:
    return (
        "<!DOCTYPE html>\n<html lang='en'><head><title> | arXiv e-print repository</title></head><body>"
        "<header><a href='#main-container'>Skip to main content</a><form>Search All fields Title Author</form></header>"
        f"<main id='main-container'><h1>No {kind} for '{escape(name)}'</h1><p>{kind} is not available for the source.</p></main>"
        "<footer>About Help Contact Subscribe Copyright Privacy Policy</footer></body></html>"
    )
