"""What a message must be for Discord to take it; a refusal names every field that is wrong, at its path.

Lengths are in code points (discord/discord-api-docs#1315). Components of version 2 are not known here.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord_components import check_rows
from tests.fakes.discord_embeds import check_embeds
from tests.fakes.discord_errors import Errors, Refusal, malformed

CONTENT_CHARS, NONCE_CHARS, FILES = 2000, 25, 10
SUPPRESS_EMBEDS, EPHEMERAL, SUPPRESS_NOTIFICATIONS = 1 << 2, 1 << 6, 1 << 12
TYPES_MENTIONED = {"roles", "users", "everyone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A message that may be sent. `given` are the fields that were there: an edit leaves all others as they are."""

    content: str = ""
    nonce: str = ""
    is_enforced: bool = False
    flags: int = 0
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    allowed_mentions: dict[str, Any] | None = None
    reference: dict[str, Any] | None = None
    given: frozenset[str] = frozenset()


def checked(body: dict[str, Any], *, is_interaction: bool = False, is_edit: bool = False, files: int = 0) -> Body:
    """The message as it will be shown. Raises Refusal: 50035 with a tree of errors, or 50006 where nothing is said.

    Only what answers an interaction may be ephemeral. An edit may leave out anything; `files` came with the request.
    """
    errors = Errors()
    made = Body(
        content=_content(body, errors),
        nonce=_nonce(body, errors),
        is_enforced=body.get("enforce_nonce") is True,
        flags=_flags(body, errors, is_interaction=is_interaction),
        embeds=check_embeds(_listed(body, "embeds", errors), errors),
        components=check_rows(_listed(body, "components", errors), errors),
        attachments=_attachments(body, files, errors),
        allowed_mentions=_mentions(body, errors),
        reference=body.get("message_reference"),
        given=frozenset(body),
    )
    errors.raise_if_any()
    if not is_edit:
        require_something(made, files)
    return made


def require_something(body: Body, files: int = 0) -> None:
    """Raise what is answered to a message with nothing in it; buttons alone are something."""
    if not (body.content or body.embeds or body.components or body.attachments or files):
        raise Refusal(400, 50006, "Cannot send an empty message")


def _content(body: dict[str, Any], errors: Errors) -> str:
    content = body.get("content")
    if content is None:
        return ""
    if not isinstance(content, str):
        errors.add("content", "STRING_TYPE_CONVERT", "Could not interpret value as string.")
        return ""
    if len(content) > CONTENT_CHARS:
        errors.too_long("content", CONTENT_CHARS)
    return content.strip()


def _nonce(body: dict[str, Any], errors: Errors) -> str:
    nonce = body.get("nonce")
    if nonce is None:
        return ""
    if isinstance(nonce, bool) or not isinstance(nonce, str | int):
        errors.add("nonce", "NONCE_TYPE_INVALID", "Could not interpret value as a nonce.")
    elif len(str(nonce)) > NONCE_CHARS:
        errors.too_long("nonce", NONCE_CHARS)
    return str(nonce)


def _flags(body: dict[str, Any], errors: Errors, *, is_interaction: bool) -> int:
    flags = body.get("flags")
    if flags is None:
        return 0
    allowed = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | (EPHEMERAL if is_interaction else 0)
    if isinstance(flags, bool) or not isinstance(flags, int) or flags & ~allowed:
        errors.add("flags", "BASE_TYPE_CHOICES", "Value must be one of the flags that may be set.")
        return 0
    return flags


def _listed(body: dict[str, Any], name: str, errors: Errors) -> list[Any]:
    found = body.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        errors.add(name, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return []
    return found


def _attachments(body: dict[str, Any], files: int, errors: Errors) -> list[dict[str, Any]]:
    found = _listed(body, "attachments", errors)
    if max(len(found), files) > FILES:
        errors.too_long("attachments", FILES)
    for place, each in enumerate(found):
        if not isinstance(each, dict) or "id" not in each:
            errors.required(f"attachments.{place}.id")
    return [each for each in found if isinstance(each, dict)]


def _mentions(body: dict[str, Any], errors: Errors) -> dict[str, Any] | None:
    mentions = body.get("allowed_mentions")
    if mentions is None:
        return None
    if not isinstance(mentions, dict):
        raise malformed("allowed_mentions", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
    for place, each in enumerate(mentions.get("parse", [])):
        if each not in TYPES_MENTIONED:
            message = "Value must be one of {'roles', 'users', 'everyone'}."
            errors.add(f"allowed_mentions.parse.{place}", "BASE_TYPE_CHOICES", message)
    return mentions
