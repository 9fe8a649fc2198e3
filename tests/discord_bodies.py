"""What a message on Discord says, in whichever form: with embeds, or with their words as text."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_ADDRESS = re.compile(r"<?https?://[^\s)>]+>?")


def spoken(content: str, embeds: Iterable[Mapping[str, Any]]) -> str:
    """The letters and digits that people read, in their order; addresses, markup and gaps do not count.

    What has no letter at all is told as it is.
    """
    texts = [content, *(text for embed in embeds for text in _of(embed))]
    letters = "".join(each for each in _ADDRESS.sub("", "\n".join(texts)) if each.isalnum())
    return letters or content


def _of(embed: Mapping[str, Any]) -> Iterable[str]:
    yield from (embed.get("author", {}).get("name", ""), embed.get("title", ""), embed.get("description", ""))
    for field in embed.get("fields", ()):
        yield from (field["name"], field["value"])
    yield embed.get("footer", {}).get("text", "")
