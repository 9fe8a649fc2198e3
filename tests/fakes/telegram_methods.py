"""The methods of the Bot API that the fake has, with every parameter that the real ones take (Bot API 10.0)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes import telegram_profile as profile
from tests.fakes import telegram_sending as sending
from tests.fakes.telegram_chats import Refusal
from tests.fakes.telegram_ground import Ground
from tests.fakes.telegram_posts import Posted
from tests.fakes.telegram_reading import Asked

_SEND = (
    *("chat_id", "message_thread_id", "parse_mode", "disable_notification", "protect_content", "reply_markup"),
    *("reply_parameters", "business_connection_id", "message_effect_id", "allow_paid_broadcast"),
    *("direct_messages_topic_id", "suggested_post_parameters", "reply_to_message_id", "allow_sending_without_reply"),
)
_EDIT = ("chat_id", "message_id", "inline_message_id", "reply_markup", "business_connection_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What is done; a Posted is told as a Message after it was announced."""

    run: Callable[[Ground, Asked], Any]
    parameters: frozenset[str]


def _method(run: Callable[[Ground, Asked], Any], *parameters: str) -> Method:
    return Method(run=run, parameters=frozenset(parameters))


def _leave(ground: Ground, asked: Asked) -> bool:
    ground.chats.require_known(asked.chat)
    room = ground.chats.rooms.get(asked.chat)
    if ground.chats.kind(asked.chat) == "private":
        raise Refusal(400, "Bad Request: chat member status can't be changed in private chats")
    if room is not None:
        room.members.pop(ground.bot["id"], None)
    else:
        ground.chats.kicked.add(asked.chat)
    return True


async def _set_webhook(ground: Ground, asked: Asked) -> str:
    _, certificate = asked.files.get(asked.params.get("certificate", "").removeprefix("attach://") or "certificate", ("", None))
    return await ground.updates.set_webhook(asked.params, certificate)


METHODS: dict[str, Method] = {
    "getMe": _method(lambda ground, _: ground.bot),
    "getUpdates": _method(
        lambda ground, asked: ground.updates.poll(asked.params), "offset", "limit", "timeout", "allowed_updates"
    ),
    "setWebhook": _method(
        _set_webhook,
        *("url", "certificate", "ip_address", "max_connections", "allowed_updates", "drop_pending_updates", "secret_token"),
    ),
    "deleteWebhook": _method(lambda ground, asked: ground.updates.delete_webhook(asked.params), "drop_pending_updates"),
    "getWebhookInfo": _method(lambda ground, _: ground.updates.webhook_info()),
    "sendMessage": _method(sending.send_message, *_SEND, "text", "entities", "link_preview_options", "disable_web_page_preview"),
    "sendDocument": _method(
        sending.send_document, *_SEND, "document", "thumbnail", "caption", "caption_entities", "disable_content_type_detection"
    ),
    "editMessageText": _method(
        sending.edit_text, *_EDIT, "text", "parse_mode", "entities", "link_preview_options", "disable_web_page_preview"
    ),
    "editMessageCaption": _method(
        sending.edit_caption, *_EDIT, "caption", "parse_mode", "caption_entities", "show_caption_above_media"
    ),
    "editMessageReplyMarkup": _method(sending.edit_markup, *_EDIT),
    "deleteMessage": _method(sending.delete_message, "chat_id", "message_id"),
    "deleteMessages": _method(sending.delete_messages, "chat_id", "message_ids"),
    "sendChatAction": _method(sending.chat_action, "business_connection_id", "chat_id", "message_thread_id", "action"),
    "getFile": _method(sending.get_file, "file_id"),
    "answerCallbackQuery": _method(profile.answer_query, "callback_query_id", "text", "show_alert", "url", "cache_time"),
    "getChat": _method(profile.get_chat, "chat_id"),
    "getChatMember": _method(profile.get_member, "chat_id", "user_id"),
    "getChatAdministrators": _method(profile.get_admins, "chat_id", "return_bots"),
    "getChatMemberCount": _method(profile.count_members, "chat_id"),
    "leaveChat": _method(_leave, "chat_id"),
    "setMyCommands": _method(profile.set_commands, "commands", "scope", "language_code"),
    "deleteMyCommands": _method(profile.delete_commands, "scope", "language_code"),
    "getMyCommands": _method(profile.get_commands, "scope", "language_code"),
    "setMyName": _method(profile.set_text, "name", "language_code"),
    "getMyName": _method(profile.get_text, "language_code"),
    "setMyDescription": _method(profile.set_text, "description", "language_code"),
    "getMyDescription": _method(profile.get_text, "language_code"),
    "setMyShortDescription": _method(profile.set_text, "short_description", "language_code"),
    "getMyShortDescription": _method(profile.get_text, "language_code"),
}
BY_NAME = {name.lower(): method for name, method in METHODS.items()}
SENDS = ("sendmessage", "senddocument")


def told(ground: Ground, result: object) -> object:
    """What is answered."""
    return ground.told(result) if isinstance(result, Posted) else result
