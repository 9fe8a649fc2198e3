"""What an embed must be: docs.discord.com/developers/resources/message#embed-object-embed-limits."""

from datetime import datetime
from typing import Any

from tests.fakes.discord_errors import Errors, check_url, text_in

EMBEDS, FIELDS, ALL_CHARS = 10, 25, 6000
TITLE, DESCRIPTION, FIELD_NAME, FIELD_VALUE, FOOTER, AUTHOR, URL = 256, 4096, 256, 1024, 2048, 256, 2048
COLOURS = 0xFFFFFF
PICTURES = ("image", "thumbnail")
WEB = ("http", "https")


def check_embeds(embeds: list[Any], errors: Errors) -> list[dict[str, Any]]:
    """The embeds as Discord keeps them; what is wrong is added to `errors`."""
    if len(embeds) > EMBEDS:
        errors.too_long("embeds", EMBEDS)
    kept = [_checked(each, f"embeds.{place}", errors) for place, each in enumerate(embeds)]
    if sum(map(characters, kept)) > ALL_CHARS:
        errors.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {ALL_CHARS}")
    return kept


def characters(embed: dict[str, Any]) -> int:
    """What counts for the sum over all embeds of a message."""
    fields = sum(len(each["name"]) + len(each["value"]) for each in embed.get("fields", ()))
    small = len(embed.get("footer", {}).get("text", "")) + len(embed.get("author", {}).get("name", ""))
    return len(embed.get("title", "")) + len(embed.get("description", "")) + fields + small


def _checked(embed: object, path: str, errors: Errors) -> dict[str, Any]:
    if not isinstance(embed, dict):
        errors.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return {}
    made: dict[str, Any] = {"type": "rich"}
    for name, most in (("title", TITLE), ("description", DESCRIPTION)):
        if text := text_in(embed, name, path, errors, most=most):
            made[name] = text
    if check_url(embed, "url", path, errors, most=URL, schemes=WEB):
        made["url"] = embed["url"]
    if fields := _fields(embed.get("fields") or [], path, errors):
        made["fields"] = fields
    for name, of, most in (("footer", "text", FOOTER), ("author", "name", AUTHOR)):
        if small := _small(embed.get(name), of, f"{path}.{name}", errors, most=most):
            made[name] = small
    for name in PICTURES:
        picture = embed.get(name)
        if picture and check_url(picture, "url", f"{path}.{name}", errors, most=URL, schemes=(*WEB, "attachment")):
            made[name] = {"url": picture["url"]}
    if len(made) == 1:  # a colour or a time alone is nothing that is seen
        errors.required(f"{path}.description")
    return made | _extras(embed, path, errors)


def _fields(fields: list[Any], path: str, errors: Errors) -> list[dict[str, Any]]:
    if len(fields) > FIELDS:
        errors.too_long(f"{path}.fields", FIELDS)
    made = []
    for place, each in enumerate(fields):
        at = f"{path}.fields.{place}"
        name = text_in(each, "name", at, errors, most=FIELD_NAME, is_needed=True)
        value = text_in(each, "value", at, errors, most=FIELD_VALUE, is_needed=True)
        made.append({"name": name, "value": value, "inline": bool(each.get("inline"))})
    return made


def _small(of: dict[str, Any] | None, name: str, path: str, errors: Errors, *, most: int) -> dict[str, Any]:
    if not of:
        return {}
    for url in ("url", "icon_url"):
        check_url(of, url, path, errors, most=URL, schemes=(*WEB, "attachment") if url == "icon_url" else WEB)
    text = text_in(of, name, path, errors, most=most, is_needed=name == "name")
    addresses = {url: of[url] for url in ("url", "icon_url") if url in of}
    return {name: text} | addresses if text else {}


def _extras(embed: dict[str, Any], path: str, errors: Errors) -> dict[str, Any]:
    made: dict[str, Any] = {}
    colour, at = embed.get("color"), embed.get("timestamp")
    if colour is not None:
        made["color"] = colour
        if isinstance(colour, bool) or not isinstance(colour, int):
            errors.add(f"{path}.color", "NUMBER_TYPE_COERCE", f'Value "{colour}" is not int.')
        elif colour > COLOURS:
            errors.add(f"{path}.color", "NUMBER_TYPE_MAX", f"int value should be less than or equal to {COLOURS}.")
        elif colour < 0:
            errors.add(f"{path}.color", "NUMBER_TYPE_MIN", "int value should be greater than or equal to 0.")
    if at is not None:
        made["timestamp"] = at
        try:
            datetime.fromisoformat(str(at))
        except ValueError:
            errors.add(f"{path}.timestamp", "DATE_TIME_TYPE_PARSE", f"Could not parse {at}. Should be ISO8601.")
    return made
