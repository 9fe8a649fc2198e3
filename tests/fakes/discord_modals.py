"""What a form of the fake Discord must be, and what a person can put into its fields."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.fakes.discord_components import check_select
from tests.fakes.discord_errors import Errors, text_in

TITLE, CUSTOM_ID, LABEL, DESCRIPTION, PLACEHOLDER, TEXT, DISPLAY, ROWS = 45, 100, 45, 100, 100, 4000, 4000, 5
ROW, STRING_SELECT, TEXT_INPUT, TEXT_DISPLAY, LABELLED = 1, 3, 4, 10, 18
PEOPLE, CHANNELS, UPLOAD, RADIO, CHECKS, CHECK = 5, 8, 19, 21, 22, 23
SELECTS = (STRING_SELECT, PEOPLE, 6, 7, CHANNELS)


def checked_modal(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a form, each with its `label`. Raises Refusal for what Discord does not take."""
    errors = Errors()
    text_in(data, "title", "data", errors, most=TITLE, is_needed=True)
    text_in(data, "custom_id", "data", errors, most=CUSTOM_ID, is_needed=True)
    rows = data.get("components")
    if not isinstance(rows, list) or not 1 <= len(rows) <= ROWS:
        errors.bad_length("data.components", 1, ROWS)
        raise errors.refusal()
    fields, taken = [], set[str]()
    for path, label, each in _fields(rows, errors):
        _check_field(each, path, errors)
        if each.get("custom_id") in taken:
            errors.add(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        taken.add(str(each.get("custom_id")))
        fields.append(each | {"label": label})
    errors.raise_if_any()
    return fields


def _fields(rows: Sequence[Any], errors: Errors) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for place, row in enumerate(rows):
        path = f"data.components.{place}"
        kind = row.get("type") if isinstance(row, dict) else None
        if kind == TEXT_DISPLAY:
            text_in(row, "content", path, errors, most=DISPLAY, is_needed=True)
        elif kind == ROW:
            inside = row.get("components") or []
            if len(inside) != 1 or inside[0].get("type") != TEXT_INPUT:
                errors.bad_length(f"{path}.components", 1, 1)
                continue
            at = f"{path}.components.0"
            yield at, text_in(inside[0], "label", at, errors, most=LABEL, is_needed=True), inside[0]
        elif kind == LABELLED:
            text_in(row, "description", path, errors, most=DESCRIPTION)
            label, inner = text_in(row, "label", path, errors, most=LABEL, is_needed=True), row.get("component")
            if not isinstance(inner, dict) or inner.get("type") not in (TEXT_INPUT, *SELECTS, UPLOAD, RADIO, CHECKS, CHECK):
                errors.no_choice(f"{path}.component.type", (TEXT_INPUT, *SELECTS, UPLOAD, RADIO, CHECKS, CHECK))
                continue
            if inner.get("label"):
                errors.add(f"{path}.component.label", "COMPONENT_LABEL_NOT_ALLOWED", "A field under a label has none of its own")
            yield f"{path}.component", label, inner
        else:
            errors.no_choice(f"{path}.type", (ROW, TEXT_DISPLAY, LABELLED))


def _check_field(each: dict[str, Any], path: str, errors: Errors) -> None:
    text_in(each, "custom_id", path, errors, most=CUSTOM_ID, is_needed=True)
    if each["type"] in SELECTS:
        check_select(each, path, errors)
        if each.get("disabled"):
            errors.add(f"{path}.disabled", "SELECT_COMPONENT_DISABLED", "A select in a form cannot be disabled")
    if each["type"] in (RADIO, CHECKS) and not 1 <= len(each.get("options") or ()) <= 10:
        errors.bad_length(f"{path}.options", 1, 10)
    if each["type"] != TEXT_INPUT:
        return
    if each.get("style") not in (1, 2):
        errors.no_choice(f"{path}.style", (1, 2))
    text_in(each, "placeholder", path, errors, most=PLACEHOLDER)
    least, most = each.get("min_length") or 0, TEXT if each.get("max_length") is None else each["max_length"]
    if not 0 <= least <= TEXT or not 1 <= most <= TEXT or least > most:
        errors.add(f"{path}.max_length", "NUMBER_TYPE_MAX", f"int value should be between 1 and {TEXT}.")
    value = each.get("value")
    if value and not least <= len(str(value)) <= most:
        errors.bad_length(f"{path}.value", least, most)


def submitted(
    fields: Sequence[dict[str, Any]], components: Sequence[dict[str, Any]], said: dict[str, Any]
) -> list[dict[str, Any]]:
    """What the client sends for the rows of a form, with `said` by custom id; all else as it stood there.

    Raises ValueError for what the client would not send: too much or too little in a field, no such option.
    """
    by_id = {each["custom_id"]: _filled(each, said.get(each["custom_id"])) for each in fields}
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(components, 1):
        told: dict[str, Any] = {"type": row["type"], "id": number}
        if row["type"] == ROW:
            told["components"] = [by_id[row["components"][0]["custom_id"]]]
        elif row["type"] == LABELLED:
            told["component"] = by_id[row["component"]["custom_id"]]
        rows.append(told)
    return rows


def _filled(field: dict[str, Any], said: object) -> dict[str, Any]:
    told = {"type": field["type"], "id": 100, "custom_id": field["custom_id"]}
    is_required = field.get("required", True)
    if field["type"] == TEXT_INPUT:
        text = str((field.get("value") or "") if said is None else said)
        least, most = field.get("min_length") or (1 if is_required else 0), field.get("max_length") or TEXT
        if (text or is_required) and not least <= len(text) <= most:
            raise ValueError(f"{field['label']!r} takes {least} to {most} characters, not {len(text)}")
        return told | {"value": text}
    if field["type"] == CHECK:
        return told | {"value": bool(field.get("default") if said is None else said)}
    options = field.get("options") or []
    if said is None:
        values = [each["value"] for each in options if each.get("default")]
    else:
        values = [_value(field, str(each)) for each in (said if isinstance(said, list | tuple) else [said])]
    if field["type"] == RADIO:
        if len(values) > 1 or (is_required and not values):
            raise ValueError(f"{field['label']!r} takes one of its options, not {values}")
        return told | {"value": values[0] if values else None}
    check_number(field, values, is_required=is_required)
    return told | {"values": values}


def check_number(field: dict[str, Any], values: Sequence[str], *, is_required: bool = True) -> None:
    """Raise ValueError where so many cannot be chosen at once."""
    least, most = field.get("min_values"), field.get("max_values")
    least, most = 1 if least is None else least, 1 if most is None else most
    if len(set(values)) != len(values) or not (least <= len(values) <= most or (not values and not is_required)):
        raise ValueError(f"{least} to {most} different ones are chosen there, not {list(values)}")


def _value(field: dict[str, Any], said: str) -> str:
    return option_value(field, said) if field.get("options") else said


def option_value(field: dict[str, Any], said: str) -> str:
    """The value of the option with this value or label. Raises LookupError."""
    for name in ("value", "label"):
        for each in field["options"]:
            if each[name] == said:
                return str(each["value"])
    raise LookupError(f"{said!r} is none of {[each['label'] for each in field['options']]}")
