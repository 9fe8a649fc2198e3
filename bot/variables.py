"""Where the text of a setting comes from: the environment, a `.env` file, or the file that NAME_FILE names.

Knows names only, never what a value means; collects what is wrong instead of stopping at the first.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from dotenv.parser import parse_stream


def read(
    environ: Mapping[str, str], env_file: Path, *, names: frozenset[str], secrets: frozenset[str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The values given for `names` (in lower case), and a sentence for each thing that is wrong.

    The environment wins over the file; an empty value is no value; `secrets` may come as NAME_FILE.
    """
    known = names | {f"{name}_file" for name in secrets}
    in_file, problems = _read_env_file(env_file, known)
    given = in_file | {name.lower(): value for name, value in environ.items() if name.lower() in known and value}
    values, secret_problems = _read_secret_files(given, secrets)
    return values, problems + secret_problems


def _read_env_file(path: Path, known: frozenset[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    try:
        with path.open(encoding="utf-8") as stream:
            lines = [line for line in parse_stream(stream) if line.error or line.key is not None]
    except FileNotFoundError:
        return {}, ()
    except (OSError, UnicodeDecodeError) as error:
        why = type(error).__name__
        return {}, (f"{path.name} cannot be read ({why}): make it a text file in UTF-8 that Paperboy may read.",)
    values, problems = {}, []
    for line in lines:
        name = (line.key or "").lower()
        if line.error or line.value is None:
            # A binding begins with the blank lines before it.
            text = line.original.string
            number = line.original.line + text[: len(text) - len(text.lstrip())].count("\n")
            problems.append(f"Line {number} of {path.name} cannot be understood: write NAME=value.")
        elif name not in known:
            problems.append(_unknown(name, path.name, known))
        elif line.value:
            values[name] = line.value
    return values, tuple(problems)


def _unknown(name: str, file_name: str, known: frozenset[str]) -> str:
    nearest = get_close_matches(name, known, n=1)
    advice = f"did you mean {nearest[0].upper()}?" if nearest else "remove it, or see docs/settings.md for the names."
    return f"{name.upper()} in {file_name} is not a setting of Paperboy: {advice}"


def _read_secret_files(given: Mapping[str, str], secrets: frozenset[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    values, problems = dict(given), []
    for name in sorted(secrets):
        path = values.pop(f"{name}_file", None)
        if path is None:
            continue
        if name in values:
            problems.append(f"{name.upper()} and {name.upper()}_FILE are both set: keep one of them.")
            continue
        secret, problem = _read_secret(path)
        if secret:
            values[name] = secret
        else:
            problems.append(f"{name.upper()}_FILE {problem}.")
    return values, tuple(problems)


def _read_secret(path: str) -> tuple[str, str]:
    """What the file holds, or what is wrong with it; the path is not repeated, as it may be a secret put in its place."""
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        return "", f"names a file that cannot be read ({type(error).__name__}): name a text file that Paperboy may read"
    return secret, "" if secret else "names an empty file: write the value into it"
