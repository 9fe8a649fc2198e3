"""What the fake Discord takes as an application command: names, lengths, nesting, choices, and in which words it refuses."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from tests.fakes.discord_errors import malformed

LOCALES = frozenset(
    (
        *("id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR", "ro"),
        *("fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko"),
    )
)
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
NAME, DESCRIPTION, OPTIONS, CHOICES, CHOICE, COMMAND = 32, 100, 25, 25, 100, 8000
_VALUES: dict[int, tuple[type, ...]] = {STRING: (str,), INTEGER: (int,), NUMBER: (int, float)}
_NAMES = frozenset(("name", "name_localizations", "description", "description_localizations", "type", "options"))
_WHO = frozenset(("nsfw", "contexts", "default_member_permissions", "dm_permission", "default_permission", "integration_types"))
_OF_COMMAND = _NAMES | _WHO | {"id", "application_id", "version", "guild_id", "handler"}
_BOUNDS = frozenset(("channel_types", "min_value", "max_value", "min_length", "max_length"))
_OF_OPTION = _NAMES | _BOUNDS | {"required", "choices", "autocomplete"}

Path = tuple[str, ...]


def check_command(said: object, path: Path = ()) -> list[str]:
    """Raise Refusal for what Discord does not take; returns what it ignores though somebody meant something by it."""
    if not isinstance(said, dict):
        _refuse(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    oddities = [f"a command has no field {name}" for name in said if name not in _OF_COMMAND]
    if said.get("type", 1) not in (1, 2, 3):
        _refuse((*path, "type"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3).")
    if said.get("type", 1) == 1:
        _check_names(said, path)
        oddities += _check_options(said.get("options", []), (*path, "options"), depth=0)
    elif said.get("description") or said.get("options"):
        _refuse((*path, "description"), "APPLICATION_COMMAND_DESCRIPTION", "Context menu commands cannot have description")
    else:
        _check_text(said.get("name"), (*path, "name"), NAME)
    _check_who(said, path)
    if (length := command_length(said)) > COMMAND:
        _refuse(path, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({length} > {COMMAND})")
    return oddities


def command_length(said: Mapping[str, Any]) -> int:
    """What counts of a command, its options and choices: names, descriptions and values, each in its longest language."""
    total = 0
    for field in ("name", "description"):
        texts = [said.get(field) or "", *(said.get(f"{field}_localizations") or {}).values()]
        total += max(map(len, texts))
    value = said.get("value")
    total += len(str(value)) if value is not None else 0
    return total + sum(command_length(each) for field in ("options", "choices") for each in said.get(field) or ())


def _check_names(said: Mapping[str, Any], path: Path) -> None:
    for name, at in _localized(said, "name", path):
        _check_text(name, at, NAME)
        if name != name.lower() or not all(map(_is_of_names, name)):
            _refuse(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    for description, at in _localized(said, "description", path):
        _check_text(description, at, DESCRIPTION)


def _localized(said: Mapping[str, Any], field: str, path: Path) -> list[tuple[Any, Path]]:
    field_of = f"{field}_localizations"
    others = said.get(field_of) or {}
    if not isinstance(others, dict) or not set(others) <= LOCALES:
        _refuse((*path, field_of), "ENUM_TYPE_COERCE", f'Value "{sorted(map(str, others))}" is not a valid enum value.')
    return [(said.get(field), (*path, field)), *((each, (*path, field_of, locale)) for locale, each in others.items())]


def _is_of_names(sign: str) -> bool:
    is_thai_or_devanagari = "\u0900" <= sign <= "\u097f" or "\u0e00" <= sign <= "\u0e7f" or "\ua8e0" <= sign <= "\ua8ff"
    return sign in "-_'" or unicodedata.category(sign)[0] in "LN" or is_thai_or_devanagari


def _check_text(text: object, path: Path, most: int) -> None:
    if not isinstance(text, str) or not text:
        _refuse(path, "BASE_TYPE_REQUIRED", "This field is required")
    if len(text) > most:
        _refuse(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")


def _check_options(options: object, path: Path, *, depth: int) -> list[str]:
    if not isinstance(options, list) or len(options) > OPTIONS:
        _refuse(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 0 and {OPTIONS} in length.")
    oddities: list[str] = []
    for number, option in enumerate(options):
        at = (*path, str(number))
        if not isinstance(option, dict) or option.get("type") not in range(1, 12):
            _refuse((*at, "type"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).")
        oddities += [f"an option has no field {name}" for name in option if name not in _OF_OPTION]
        _check_names(option, at)
        if option["type"] in (SUBCOMMAND, GROUP):
            _check_nesting(option, at, depth)
            oddities += _check_options(
                option.get("options", []), (*at, "options"), depth=2 if option["type"] == SUBCOMMAND else 1
            )
        else:
            _check_value(option, at)
    _check_together(options, path, depth)
    return oddities


def _check_nesting(option: Mapping[str, Any], path: Path, depth: int) -> None:
    if depth == 2 or (depth == 1 and option["type"] == GROUP):
        _refuse((*path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command option nesting is invalid")
    if option["type"] == GROUP and not option.get("options"):
        _refuse((*path, "options"), "BASE_TYPE_REQUIRED", "This field is required")
    if "required" in option or "choices" in option:
        _refuse(path, "APPLICATION_COMMAND_OPTIONS_INVALID", "Sub-command and sub-command group options cannot be required")


def _check_together(options: Sequence[Mapping[str, Any]], path: Path, depth: int) -> None:
    are_nested = {option["type"] in (SUBCOMMAND, GROUP) for option in options}
    if len(are_nested) > 1 or (depth == 1 and are_nested == {False}):
        _refuse(
            path,
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all other types",
        )
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        _refuse(
            path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options"
        )
    names = [(locale, name) for option in options for locale, name in _all_names(option)]
    if len(names) != len(set(names)):
        _refuse(path, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")


def _all_names(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [("", said["name"]), *(said.get("name_localizations") or {}).items()]


def _check_value(option: Mapping[str, Any], path: Path) -> None:
    kind, choices = option["type"], option.get("choices") or []
    if option.get("options"):
        _refuse((*path, "options"), "APPLICATION_COMMAND_OPTIONS_INVALID", "Only sub-commands have options")
    if option.get("autocomplete") and (choices or kind not in _VALUES):
        _refuse(
            path,
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE",
            "Options with autocomplete cannot have choices, and are texts or numbers",
        )
    if choices and kind not in _VALUES:
        _refuse((*path, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "This option type cannot have choices")
    if len(choices) > CHOICES:
        _refuse((*path, "choices"), "BASE_TYPE_BAD_LENGTH", f"Must be between 0 and {CHOICES} in length.")
    for number, choice in enumerate(choices):
        at = (*path, "choices", str(number))
        for name, where in _localized(choice, "name", at):
            _check_text(name, where, CHOICE)
        value = choice.get("value")
        if (
            isinstance(value, bool)
            or not isinstance(value, _VALUES[kind])
            or (kind == STRING and not 0 < len(str(value)) <= CHOICE)
        ):
            _refuse(
                (*at, "value"),
                "APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE_INVALID",
                "Choice value is not of the option's type, or too long",
            )
    if len({str(choice.get("name")) for choice in choices}) != len(choices):
        _refuse((*path, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", "Option choice name already exists")
    _check_bounds(option, path, kind)


def _check_bounds(option: Mapping[str, Any], path: Path, kind: int) -> None:
    for names, kinds in (
        (("min_value", "max_value"), (INTEGER, NUMBER)),
        (("min_length", "max_length"), (STRING,)),
        (("channel_types",), (CHANNEL,)),
    ):
        for name in names:
            if option.get(name) is not None and kind not in kinds:
                _refuse((*path, name), "APPLICATION_COMMAND_OPTIONS_INVALID", f"{name} is not of this option type")
    for low, high in (("min_value", "max_value"), ("min_length", "max_length")):
        least, most = option.get(low), option.get(high)
        if least is not None and most is not None and least > most:
            _refuse((*path, low), "APPLICATION_COMMAND_OPTIONS_INVALID", f"{low} must not be above {high}")
    if not 0 <= (option.get("min_length") or 0) <= 6000 or not 1 <= (option.get("max_length") or 1) <= 6000:
        _refuse((*path, "max_length"), "NUMBER_TYPE_MAX", "int value should be less than or equal to 6000.")


def _check_who(said: Mapping[str, Any], path: Path) -> None:
    rights = said.get("default_member_permissions")
    if rights is not None and not str(rights).isdecimal():
        _refuse((*path, "default_member_permissions"), "NUMBER_TYPE_COERCE", "Value is not a bit set.")
    for name, most in (("contexts", 3), ("integration_types", 2)):
        listed = said.get(name)
        if listed is None:
            continue
        is_set = isinstance(listed, list) and len(set(listed)) == len(listed) > 0 and set(listed) <= set(range(most))
        if not is_set:
            _refuse((*path, name), "BASE_TYPE_CHOICES", f"Value must be a set of {tuple(range(most))}.")


def _refuse(path: Path, code: str, message: str) -> NoReturn:
    raise malformed(".".join(path) or "_", code, message)
