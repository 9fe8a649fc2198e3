"""What the fake Telegram does with messages of the bot: it shows, edits and deletes them, and takes files."""

import json
import math
from typing import Any

from tests.fakes.telegram_chats import Refusal, flood
from tests.fakes.telegram_ground import Ground
from tests.fakes.telegram_html import BadText, Parsed, understood
from tests.fakes.telegram_keyboards import Markup, check_markup
from tests.fakes.telegram_posts import Document, Posted
from tests.fakes.telegram_reading import Asked

MOST_CAPTION = 1024
DOWNLOAD_BYTES = 20_000_000
ACTIONS = frozenset(
    (
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"),
        *("choose_sticker", "find_location", "record_video_note", "upload_video_note"),
    )
)
_REPLY = frozenset(("message_id", "chat_id", "allow_sending_without_reply", "quote", "quote_parse_mode", "quote_entities"))
_PREVIEW = frozenset(("is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"))


def send_message(ground: Ground, asked: Asked) -> Posted:
    _check_place(ground, asked)
    parsed = _text(ground, asked, "text")
    return _posted(ground, asked, parsed, asked.params["text"], None)


def send_document(ground: Ground, asked: Asked) -> Posted:
    _check_place(ground, asked)
    caption = asked.params.get("caption", "")
    parsed = _caption(ground, asked, caption)
    field = asked.params.get("document", "").removeprefix("attach://") or "document"
    if field in asked.files:
        name, content = asked.files[field]
        if not content:
            raise Refusal(400, "Bad Request: file must be non-empty")
        document = add_document(ground, name, content)
    elif asked.params.get("document", "") in ground.documents:
        document = ground.documents[asked.params["document"]]
    else:
        raise Refusal(400, "Bad Request: wrong remote file identifier specified: Wrong character in the string")
    return _posted(ground, asked, parsed, caption, document)


def add_document(ground: Ground, name: str, content: bytes, size: int | None = None) -> Document:
    """Keep a file of anybody."""
    number = len(ground.documents) + 1
    held = Document(file_id=f"BQACAgIAAxk{number:05}", name=name, content=content, size=len(content) if size is None else size)
    ground.documents[held.file_id] = held
    return held


def _check_place(ground: Ground, asked: Asked) -> None:
    ground.chats.check(asked.chat, asked.thread)
    if asked.thread and not (asked.thread.isdecimal() and int(asked.thread) > 0):
        raise Refusal(400, "Bad Request: invalid message thread ID specified")


def _text(ground: Ground, asked: Asked, name: str) -> Parsed:
    preview = _json(asked, "link_preview_options")
    ground.oddities += [f"link_preview_options has no {key}" for key in preview if key not in _PREVIEW]
    try:
        return understood(asked.params.get(name, ""), asked.params.get("parse_mode", ""))
    except BadText as refused:
        raise Refusal(400, f"Bad Request: {refused}") from None


def _caption(ground: Ground, asked: Asked, caption: str) -> Parsed:
    if not caption:
        return Parsed(text="")
    try:
        return understood(caption, asked.params.get("parse_mode", ""), most=MOST_CAPTION)
    except BadText as refused:
        said = "message caption is too long" if str(refused) == "message is too long" else str(refused)
        raise Refusal(400, f"Bad Request: {said}") from None


def _markup(ground: Ground, asked: Asked) -> Markup:
    markup = check_markup(asked.params.get("reply_markup", ""))
    ground.oddities += markup.oddities
    if markup.other and ground.chats.kind(asked.chat) == "channel":
        raise Refusal(400, "Bad Request: reply keyboards are not allowed in channels")
    requests = [key for row in (markup.other or {}).get("keyboard", ()) for key in row if isinstance(key, dict)]
    if any("request_chat" in key for key in requests) and ground.chats.kind(asked.chat) != "private":
        raise Refusal(400, "Bad Request: chat requests are allowed in private chats only")
    return markup


def _posted(ground: Ground, asked: Asked, parsed: Parsed, html: str, document: Document | None) -> Posted:
    markup, reply = _markup(ground, asked), _reply(ground, asked)
    _take_turn(ground, asked.chat)
    thread = asked.thread or (reply.thread if reply else "")
    is_lost = asked.thread in ground.chats.lost_topics[asked.chat]
    is_channel = ground.chats.kind(asked.chat) == "channel"
    posted = Posted(
        message_id=ground.next_id(asked.chat),
        chat=asked.chat,
        thread="" if is_lost else thread,
        text=parsed.text,
        entities=parsed.entities,
        html=html,
        keyboard=markup.inline,
        markup=markup.other,
        sender=None if is_channel else {key: ground.bot[key] for key in ("id", "is_bot", "first_name", "username")},
        sender_chat=ground.chats.described(asked.chat) if is_channel else None,
        is_bots=True,
        is_silent=asked.is_so("disable_notification"),
        has_preview=not _json(asked, "link_preview_options").get("is_disabled", False),
        reply_to=reply,
        document=document,
    )
    ground.keep(posted)
    return posted


def _reply(ground: Ground, asked: Asked) -> Posted | None:
    said = _json(asked, "reply_parameters")
    if "reply_to_message_id" in asked.params:  # as before Bot API 7.0, and still taken
        said = {"message_id": asked.params["reply_to_message_id"]}
        said["allow_sending_without_reply"] = asked.is_so("allow_sending_without_reply")
    if not said:
        return None
    ground.oddities += [f"reply_parameters has no {key}" for key in said if key not in _REPLY]
    chat = str(said.get("chat_id", asked.chat))
    found = ground.posts[chat].get(int(said.get("message_id", 0)))
    is_elsewhere = found is not None and asked.thread not in ("", found.thread) and chat == asked.chat
    if found is None or found.is_deleted or is_elsewhere:
        if said.get("allow_sending_without_reply"):
            return None
        raise Refusal(400, "Bad Request: message to be replied not found")
    return found


def _take_turn(ground: Ground, chat: str) -> None:
    for where in (chat, ""):
        left = ground.floods_until.get(where, 0.0) - ground.limits.clock()
        if left > 0:
            raise flood(math.ceil(left))
    wait = ground.limits.takes(chat)
    if wait:
        ground.refusals_429 += 1
        raise flood(wait)


# Editing and deleting


def edit_text(ground: Ground, asked: Asked) -> dict[str, Any]:
    posted = _editable(ground, asked)
    parsed = _text(ground, asked, "text")
    if posted.document:
        raise Refusal(400, "Bad Request: there is no text in the message to edit")
    return _edited(ground, asked, posted, parsed, asked.params["text"])


def edit_caption(ground: Ground, asked: Asked) -> dict[str, Any]:
    posted = _editable(ground, asked)
    caption = asked.params.get("caption", "")
    parsed = _caption(ground, asked, caption)
    if not posted.document:
        raise Refusal(400, "Bad Request: there is no caption in the message to edit")
    return _edited(ground, asked, posted, parsed, caption)


def edit_markup(ground: Ground, asked: Asked) -> dict[str, Any]:
    posted = _editable(ground, asked)
    return _edited(ground, asked, posted, Parsed(text=posted.text, entities=posted.entities), posted.html)


def _editable(ground: Ground, asked: Asked) -> Posted:
    if "inline_message_id" in asked.params:
        ground.oddities.append("messages sent inline are not in this fake")
        raise Refusal(400, "Bad Request: MESSAGE_ID_INVALID")
    ground.chats.check(asked.chat, "")
    posted = _find(ground, asked.chat, asked.params.get("message_id", ""))
    if posted is None:
        raise Refusal(400, "Bad Request: message to edit not found")
    if not posted.is_bots or posted.markup or posted.service:
        raise Refusal(400, "Bad Request: message can't be edited")
    return posted


def _edited(ground: Ground, asked: Asked, posted: Posted, parsed: Parsed, html: str) -> dict[str, Any]:
    """A keyboard that is not sent along is taken away, as the platform does."""
    markup = _markup(ground, asked)
    if markup.other:
        raise Refusal(400, "Bad Request: inline keyboard expected")
    if (parsed.text, parsed.entities, markup.inline) == (posted.text, posted.entities, posted.keyboard):
        said = "specified new message content and reply markup are exactly the same as a current content and reply markup"
        raise Refusal(400, f"Bad Request: message is not modified: {said} of the message")
    _take_turn(ground, asked.chat)
    posted.becomes(text=parsed.text, entities=parsed.entities, html=html, keyboard=markup.inline)
    ground.touch(posted)
    return ground.told(posted)


def delete_message(ground: Ground, asked: Asked) -> bool:
    ground.chats.require_known(asked.chat)
    posted = _find(ground, asked.chat, asked.params.get("message_id", ""))
    if posted is None:
        raise Refusal(400, "Bad Request: message to delete not found")
    _delete(ground, posted)
    return True


def delete_messages(ground: Ground, asked: Asked) -> bool:
    ground.chats.require_known(asked.chat)
    ids = json.loads(asked.params.get("message_ids", "[]"))
    if not 1 <= len(ids) <= 100:
        raise Refusal(400, "Bad Request: there must be from 1 to 100 messages to delete")
    for one in ids:
        posted = _find(ground, asked.chat, str(one))
        if posted is not None:
            _delete(ground, posted)
    return True


def _delete(ground: Ground, posted: Posted) -> None:
    age_s = ground.now() - posted.date
    is_private = ground.chats.kind(posted.chat) == "private"
    may = ground.chats.own(posted.chat).may("can_delete_messages")
    if not may and (age_s > 48 * 3600 or not (posted.is_bots or is_private)):
        raise Refusal(400, "Bad Request: message can't be deleted")
    posted.is_deleted = True
    ground.touch(posted)


def _find(ground: Ground, chat: str, number: str) -> Posted | None:
    posted = ground.posts[chat].get(int(number)) if number.isdecimal() else None
    return None if posted is None or posted.is_deleted else posted


def chat_action(ground: Ground, asked: Asked) -> bool:
    ground.chats.check(asked.chat, asked.thread, is_typing=True)
    if asked.params.get("action") not in ACTIONS:
        raise Refusal(400, "Bad Request: wrong parameter action in request")
    return True


def get_file(ground: Ground, asked: Asked) -> dict[str, Any]:
    held = ground.documents.get(asked.params.get("file_id", ""))
    if held is None:
        raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    if held.size > DOWNLOAD_BYTES:
        raise Refusal(400, "Bad Request: file is too big")
    path = f"documents/file_{list(ground.documents).index(held.file_id)}.{held.name.rpartition('.')[2] or 'bin'}"
    ground.paths[path] = held
    return {"file_id": held.file_id, "file_unique_id": f"u{held.file_id}", "file_size": held.size, "file_path": path}


def _json(asked: Asked, name: str) -> dict[str, Any]:
    text = asked.params.get(name, "")
    try:
        said = json.loads(text) if text else {}
    except ValueError:
        raise Refusal(400, f"Bad Request: can't parse {name.replace('_', ' ')} JSON object") from None
    if not isinstance(said, dict):
        raise Refusal(400, f"Bad Request: can't parse {name.replace('_', ' ')} JSON object")
    return said
