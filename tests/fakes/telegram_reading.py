"""What the fake Telegram reads of a request: the address, a form with or without files, or JSON."""

import json
import time
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.web_request import FileField

from tests.fakes.telegram_chats import Refusal

UPLOAD_BYTES = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it arrived. `files` are its uploads by field: their names and bytes."""

    method: str
    chat: str
    thread: str
    params: dict[str, str]
    at: float
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def is_so(self, name: str) -> bool:
        """Whether a parameter is true, as the platform reads it."""
        return self.params.get(name, "").lower() in ("true", "yes", "1")


async def read(request: web.Request) -> Asked:
    """The whole request; what is nested stays JSON text. Raises Refusal. Safe to repeat."""
    params: dict[str, str] = dict(request.query.items())
    files: dict[str, tuple[str, bytes]] = {}
    if (request.content_length or 0) > UPLOAD_BYTES + 100_000:
        raise Refusal(413, "Request Entity Too Large")
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            raise Refusal(400, "Bad Request: can't parse JSON") from None
        params |= {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
    else:
        try:
            form = await request.post()
        except UnicodeDecodeError:
            raise Refusal(400, "Bad Request: strings must be encoded in UTF-8") from None
        for name, value in form.items():
            if isinstance(value, FileField):
                value.file.seek(0)
                files[name] = (value.filename, value.file.read())
            else:
                params[name] = value if isinstance(value, str) else bytes(value).decode()
    if any(len(content) > UPLOAD_BYTES for _, content in files.values()):
        raise Refusal(413, "Request Entity Too Large")
    return Asked(
        method=request.match_info["method"],
        chat=params.get("chat_id", ""),
        thread=params.get("message_thread_id", ""),
        params=params,
        at=time.monotonic(),
        files=files,
    )
