"""What rows of buttons and selects must be: docs.discord.com/developers/components/reference."""

from typing import Any

from tests.fakes.discord_errors import Errors, check_url, text_in

ROWS, BUTTONS, OPTIONS = 5, 5, 25
ROW, BUTTON, SELECT = 1, 2, 3
SELECTS = (SELECT, 5, 6, 7, 8)  # of texts, people, roles, both, channels
CUSTOM_ID, BUTTON_LABEL, OPTION, PLACEHOLDER, URL = 100, 80, 100, 150, 512
LINK, STYLES = 5, (1, 2, 3, 4, 5)


def check_rows(rows: list[Any], errors: Errors) -> list[dict[str, Any]]:
    """The rows as they were given; what is wrong is added to `errors`. A custom id is there once in a message."""
    if len(rows) > ROWS:
        errors.too_long("components", ROWS)
    taken: set[str] = set()
    for place, row in enumerate(rows):
        path = f"components.{place}"
        if not isinstance(row, dict) or row.get("type") != ROW:
            errors.no_choice(f"{path}.type", (ROW,))
            continue
        _check_row(row.get("components"), f"{path}.components", taken, errors)
    return rows


def buttons(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All buttons of a message, in order."""
    return [each for row in rows for each in row["components"] if each["type"] == BUTTON]


def _check_row(inside: object, path: str, taken: set[str], errors: Errors) -> None:
    if not isinstance(inside, list) or not 1 <= len(inside) <= BUTTONS:
        errors.bad_length(path, 1, BUTTONS)
        return
    for place, each in enumerate(inside):
        at = f"{path}.{place}"
        kind = each.get("type") if isinstance(each, dict) else None
        if kind == BUTTON:
            _check_button(each, at, errors)
        elif kind in SELECTS:
            check_select(each, at, errors)
            if len(inside) > 1:
                errors.add(path, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
        else:
            errors.no_choice(f"{at}.type", (BUTTON, *SELECTS))
            continue
        if name := each.get("custom_id"):
            if name in taken:
                errors.add(f"{at}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
            taken.add(name)


def _check_custom_id(each: dict[str, Any], path: str, errors: Errors) -> None:
    name = each.get("custom_id")
    if name is None:
        errors.required(f"{path}.custom_id")
    elif not isinstance(name, str) or not 1 <= len(name) <= CUSTOM_ID:
        errors.bad_length(f"{path}.custom_id", 1, CUSTOM_ID)


def _check_button(button: dict[str, Any], path: str, errors: Errors) -> None:
    text = text_in(button, "label", path, errors, most=BUTTON_LABEL)
    if not text and not button.get("emoji"):
        errors.add(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button must have a label or an emoji")
    if button.get("style") not in STYLES:
        errors.no_choice(f"{path}.style", STYLES)
    if button.get("style") != LINK:
        _check_custom_id(button, path, errors)
        if button.get("url") is not None:
            errors.add(path, "BUTTON_COMPONENT_INVALID_URL", "A button that is no link has no URL")
        return
    if not check_url(button, "url", path, errors, most=URL, schemes=("http", "https", "discord")):
        errors.required(f"{path}.url")
    if button.get("custom_id") is not None:
        errors.add(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")


def check_select(select: dict[str, Any], path: str, errors: Errors) -> None:
    _check_custom_id(select, path, errors)
    text_in(select, "placeholder", path, errors, most=PLACEHOLDER)
    options = select.get("options") or []
    if select["type"] == SELECT:
        if not 1 <= len(options) <= OPTIONS:
            errors.bad_length(f"{path}.options", 1, OPTIONS)
        _check_options(options, path, errors)
    least, most = select.get("min_values"), select.get("max_values")
    least, most = 1 if least is None else least, 1 if most is None else most
    ceiling = len(options) if select["type"] == SELECT else OPTIONS
    if not 0 <= least <= OPTIONS:
        errors.add(f"{path}.min_values", "NUMBER_TYPE_MAX", f"int value should be between 0 and {OPTIONS}.")
    if not 1 <= most <= OPTIONS or 0 < ceiling < most:
        errors.add(f"{path}.max_values", "NUMBER_TYPE_MAX", f"int value should be between 1 and {ceiling}.")
    if least > most:
        errors.add(f"{path}.min_values", "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
    if select["type"] == SELECT and sum(bool(each.get("default")) for each in options) > most:
        errors.add(f"{path}.options", "SELECT_COMPONENT_TOO_MANY_DEFAULTS", f"At most {most} options may be chosen at first")


def _check_options(options: list[dict[str, Any]], path: str, errors: Errors) -> None:
    taken: set[str] = set()
    for place, each in enumerate(options):
        at = f"{path}.options.{place}"
        text_in(each, "label", at, errors, most=OPTION, is_needed=True)
        value = text_in(each, "value", at, errors, most=OPTION, is_needed=True)
        text_in(each, "description", at, errors, most=OPTION)
        if value in taken:
            errors.add(f"{at}.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
        taken.add(value)
