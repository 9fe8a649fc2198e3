"""How Discord refuses: a status, a code of its own, and for a body that is wrong a tree of errors by field."""

from typing import Any


class Refusal(Exception):
    """An answer that is an error: its status, Discord's own code, and more of the body where there is more."""

    def __init__(self, status: int, code: int, message: str, **more: object) -> None:
        super().__init__(message)
        self.status, self.body = status, {"message": message, "code": code, **more}


def malformed(field_name: str, code: str, message: str) -> Refusal:
    """Discord's words for one field that it does not take; a path has points."""
    errors = Errors()
    errors.add(field_name, code, message)
    return errors.refusal()


class Errors:
    """All that is wrong with a body, told at once."""

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}

    def add(self, path: str, code: str, message: str) -> None:
        """`embeds.0.fields.2.name`, for instance."""
        node = self._tree
        for name in path.split("."):
            node = node.setdefault(name, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def too_long(self, path: str, most: int) -> None:
        self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def bad_length(self, path: str, least: int, most: int) -> None:
        self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")

    def required(self, path: str) -> None:
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required")

    def no_choice(self, path: str, choices: object) -> None:
        self.add(path, "BASE_TYPE_CHOICES", f"Value must be one of {choices}.")

    def refusal(self) -> Refusal:
        return Refusal(400, 50035, "Invalid Form Body", errors=self._tree)

    def raise_if_any(self) -> None:
        if self._tree:
            raise self.refusal()


def text_in(of: dict[str, Any], name: str, path: str, errors: Errors, *, most: int, is_needed: bool = False) -> str:
    """A text of an object as it is shown, without space around it; what is wrong with it is added."""
    found = of.get(name)
    if found is not None and not isinstance(found, str | int | float):
        errors.add(f"{path}.{name}", "STRING_TYPE_CONVERT", "Could not interpret value as string.")
        return ""
    text = str(found).strip() if found is not None else ""
    if is_needed and not text:
        errors.required(f"{path}.{name}")
    if found is not None and len(str(found)) > most:
        errors.too_long(f"{path}.{name}", most)
    return text


def check_url(of: dict[str, Any], name: str, path: str, errors: Errors, *, most: int, schemes: tuple[str, ...]) -> bool:
    """Whether there is an address; one that is none, or leads elsewhere than `schemes`, is an error."""
    url = of.get(name)
    if url is None:
        return False
    scheme, colon, rest = str(url).partition("://")
    if not isinstance(url, str) or not colon or not rest or any(sign.isspace() for sign in url):
        errors.add(f"{path}.{name}", "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    elif scheme.lower() not in schemes:
        message = f'Scheme "{scheme}" is not supported. Scheme must be one of {schemes}.'
        errors.add(f"{path}.{name}", "URL_TYPE_INVALID_SCHEME", message)
    elif len(url) > most:
        errors.too_long(f"{path}.{name}", most)
    return True
