"""A digest as one HTML file that loads nothing: no script, its own style, and a policy that forbids anything else."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.domain.digests import Digest
from bot.domain.words import Words
from bot.reports.view import PageView, page

_HERE = Path(__file__).parent


def html(digest: Digest, words: Words) -> str:
    """The whole page."""
    return html_page(page(digest, words), words)


def html_page(view: PageView, words: Words) -> str:
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    return _template().render(view=view, words=words, style=style, policy=policy(style), language=words.catalogue)


def policy(style: str) -> str:
    """What the page may do: use exactly this style, show nothing from elsewhere, send nothing, run nothing."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, loader=FileSystemLoader(_HERE), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("page.html.j2")
