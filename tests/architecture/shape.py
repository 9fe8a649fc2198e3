"""The measures of the code: sizes, return types, broad excepts, names. Reads with `ast`, imports nothing of what it reads."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_MODULE_LINES, MAX_FUNCTION_LINES, MAX_HANDLER_LINES = 300, 60, 40
MAX_BROAD_EXCEPTS = 3
# Names that say nothing of what a module holds, and so collect everything.
VAGUE = frozenset({"utils", "util", "helpers", "helper", "common", "core", "manager", "base", "misc", "shared"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function and where it stands."""

    place: str
    lines: int
    has_return_type: bool
    is_handler: bool


def trees(root: Path, *tops: str) -> Iterator[tuple[Path, str, ast.Module]]:
    """Every module under these folders: path from the root, text, tree."""
    for top in tops:
        for path in sorted((root / top).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            yield path.relative_to(root), text, ast.parse(text)


def functions(root: Path) -> tuple[Function, ...]:
    """Every function of the bot, its handlers and migrations."""
    return tuple(
        Function(
            place=f"{path}:{node.lineno} {node.name}",
            lines=(node.end_lineno or node.lineno) - node.lineno + 1,
            has_return_type=node.returns is not None,
            is_handler=path.parts[0] == "handlers",
        )
        for path, _, tree in trees(root, "bot", "handlers", "migrations")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def too_long(root: Path) -> tuple[str, ...]:
    """Modules and functions over their limits."""
    modules = [
        f"{path}: {n} lines" for path, text, _ in trees(root, "bot", "handlers") if (n := text.count("\n")) > MAX_MODULE_LINES
    ]
    # A migration is one long list of columns, read once, from top to bottom.
    measured = [each for each in functions(root) if not each.place.startswith("migrations")]
    limits = [(each, MAX_HANDLER_LINES if each.is_handler else MAX_FUNCTION_LINES) for each in measured]
    return tuple(modules + [f"{each.place}: {each.lines} lines" for each, limit in limits if each.lines > limit])


def broad_excepts(root: Path) -> tuple[tuple[str, bool], ...]:
    """Each `except` that catches everything, and whether its line says which boundary it is."""
    return tuple(
        (f"{path}:{node.lineno}", "# boundary:" in text.splitlines()[node.lineno - 1])
        for path, text, tree in trees(root, "bot", "handlers", "migrations")
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node)
    )


def _is_broad(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = {ast.unparse(node) for node in ast.walk(handler.type)}
    return bool(caught & {"Exception", "BaseException"})


def mocks(root: Path) -> tuple[str, ...]:
    """Where a test puts something false in the place of a thing of ours, instead of using a real one."""
    return tuple(f"{path}:{line}" for path, _, tree in trees(root, "tests", "bot", "handlers") for line in _mocking(tree))


def _mocking(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            if any(name.partition(".")[0] == "mock" or name.endswith((".mock", "Mock")) for name in names):
                yield node.lineno
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"monkeypatch.setattr", "mocker.patch"}:
            yield node.lineno


def vague_names(root: Path) -> tuple[str, ...]:
    """Modules and packages whose name says nothing."""
    return tuple(str(path) for path, _, _ in trees(root, "bot", "handlers") if VAGUE & {path.stem, *path.parts})
