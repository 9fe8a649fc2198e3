"""What OpenAI's chat completions refuse, and in which words: parameters, messages, JSON mode, strict schemas."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_KNOWN = """audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens messages metadata
    modalities model n parallel_tool_calls prediction presence_penalty prompt_cache_key reasoning_effort response_format
    safety_identifier seed service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user
    verbosity web_search_options"""
KNOWN = frozenset(_KNOWN.split())
ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})
# developers.openai.com, "Structured outputs", supported schemas: these keywords are not.
UNSUPPORTED = frozenset(
    {"allOf", "not", "dependentRequired", "dependentSchemas", "if", "then", "else", "patternProperties", "oneOf", "uniqueItems"}
    | {"minLength", "maxLength", "minProperties", "maxProperties", "unevaluatedProperties", "default"}
)
MAX_DEPTH = 10


class Refusal(Exception):
    """An HTTP answer with an error in it, as OpenAI writes it."""

    def __init__(
        self, message: str, *, status: int = 400, param: str | None = None, code: str | None = None, kind: str = ""
    ) -> None:
        super().__init__(message)
        self.status = status
        kind = kind or "invalid_request_error"
        self.body = {"error": {"message": message, "type": kind, "param": param, "code": code}}


def check_key(given: str, key: str) -> None:
    """Like the real one, the refusal repeats parts of what was given."""
    if not key or given == f"Bearer {key}":
        return
    if not given:
        raise Refusal("You didn't provide an API key.", status=401)
    shown = given.removeprefix("Bearer ")
    masked = f"{shown[:8]}{'*' * 8}{shown[-4:]}"
    raise Refusal(f"Incorrect API key provided: {masked}.", status=401, code="invalid_api_key")


def check(body: Mapping[str, Any]) -> None:
    """Raise the Refusal that this request would get."""
    for name in body:
        if name not in KNOWN:
            raise Refusal(f"Unknown parameter: '{name}'.", param=name, code="unknown_parameter")
    for name in ("model", "messages"):
        if name not in body:
            raise Refusal(f"Missing required parameter: '{name}'.", param=name, code="missing_required_parameter")
    _check_messages(body["messages"])
    if not 0 <= body.get("temperature", 1) <= 2:
        raise Refusal("Invalid 'temperature': must be between 0 and 2.", param="temperature", code="decimal_above_max_value")
    for name in ("max_tokens", "max_completion_tokens"):
        if name in body and (not isinstance(body[name], int) or body[name] < 1):
            raise Refusal(f"Invalid '{name}': integer below minimum value.", param=name, code="integer_below_min_value")
    _check_format(body)


def _check_messages(messages: object) -> None:
    if not isinstance(messages, list) or not messages:
        raise Refusal("Invalid 'messages': empty array.", param="messages", code="empty_array")
    for number, message in enumerate(messages):
        if set(message) - {"role", "content", "name"} or message.get("role") not in ROLES:
            raise Refusal(f"Invalid value in 'messages[{number}]'.", param=f"messages[{number}]", code="invalid_value")
        if not isinstance(message.get("content"), str):
            raise Refusal(f"Invalid value for 'content' in messages[{number}].", param=f"messages[{number}].content")


def _check_format(body: Mapping[str, Any]) -> None:
    wanted = body.get("response_format") or {"type": "text"}
    kind = wanted.get("type")
    if kind == "json_object" and "json" not in " ".join(message["content"] for message in body["messages"]).lower():
        text = "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
        raise Refusal(text, param="messages")
    if kind == "json_schema":
        named = wanted.get("json_schema") or {}
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", str(named.get("name"))):
            raise Refusal("Invalid 'response_format.json_schema.name'.", param="response_format.json_schema.name")
        if named.get("strict"):
            for wrong in _faults(named.get("schema"), ()):
                text = f"Invalid schema for response_format '{named['name']}': {wrong}"
                raise Refusal(text, param="response_format", code="invalid_json_schema")
    elif kind not in ("text", "json_object"):
        raise Refusal(f"Invalid value: '{kind}'.", param="response_format.type", code="invalid_value")


def _faults(schema: object, context: tuple[str, ...]) -> Iterator[str]:
    place = f"In context={context}, "
    if not isinstance(schema, Mapping) or len(context) > 2 * MAX_DEPTH:
        yield f"{place}schema must be an object."
        return
    for name in UNSUPPORTED & set(schema):
        yield f"{place}'{name}' is not permitted."
    if not context and schema.get("type") != "object":
        yield f"{place}schema must have type 'object'."
    if schema.get("type") == "object":
        properties = schema.get("properties") or {}
        if schema.get("additionalProperties") is not False:
            yield f"{place}'additionalProperties' is required to be supplied and to be false."
        if set(schema.get("required") or ()) != set(properties):
            yield f"{place}'required' is required to be supplied and to be an array including every key in properties."
        for name, each in properties.items():
            yield from _faults(each, (*context, "properties", name))
    elif schema.get("type") == "array":
        yield from _faults(schema.get("items"), (*context, "items"))
    elif not {"type", "enum", "const", "anyOf", "$ref"} & set(schema):
        yield f"{place}schema must have a 'type' key."
