"""Reads the imports of a tree of modules with `ast` and holds them against the rules; imports nothing of what it reads."""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.architecture import rules

OURS = ("bot", "handlers", "migrations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One imported module, as one module names it."""

    module: str
    target: str
    path: Path
    line: int
    is_at_start: bool


def modules(root: Path) -> dict[str, Path]:
    """Every module under `root` by its dotted name; a package is its `__init__`."""
    found = {}
    for top in OURS:
        for path in sorted((root / top).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(root: Path) -> tuple[Import, ...]:
    """Every import statement of the tree, `from a import b` as `a.b` where that is a module of ours."""
    known = modules(root)
    return tuple(
        Import(module=module, target=target, path=path.relative_to(root), line=line, is_at_start=is_at_start)
        for module, path in known.items()
        for target, line, is_at_start in _statements(ast.parse(path.read_text(encoding="utf-8")), known)
    )


def _statements(tree: ast.Module, known: Mapping[str, Path]) -> Iterator[tuple[str, int, bool]]:
    later = {id(inner) for node in ast.walk(tree) if _runs_later(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        for target in _targets(node, known):
            yield target, getattr(node, "lineno", 0), id(node) not in later


def _runs_later(node: ast.AST) -> bool:
    """Function bodies, and what only a type checker reads."""
    is_for_types = isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}
    return is_for_types or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def _targets(node: ast.AST, known: Mapping[str, Path]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level:
        return ["." * node.level + (node.module or "")]
    if isinstance(node, ast.ImportFrom) and node.module:
        inner = [f"{node.module}.{alias.name}" for alias in node.names]
        return sorted({name if name in known or name in rules.NETWORK else node.module for name in inner})
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in {"import_module", "__import__"}:
        return ["<computed>"]
    return []


def violations(root: Path) -> tuple[str, ...]:
    """Each forbidden import as `file:line: rule`; a module that belongs nowhere is one violation, whatever it imports."""
    homeless = {name: path.relative_to(root) for name, path in modules(root).items() if not _zone(name)}
    found = [(each.path, each.line, _broken_rule(each)) for each in imports(root) if each.module not in homeless]
    found += [(path, 1, f"{name} has no zone in rules.py") for name, path in homeless.items()]
    return tuple(f"{path}:{line}: {rule}" for path, line, rule in sorted(found) if rule)


def _zone(module: str) -> str:
    """The longest zone that holds this module; "bot" and "handlers" hold only themselves."""
    zones = [zone for zone in rules.MAY_IMPORT if module == zone or (module.startswith(f"{zone}.") and zone not in OURS[:2])]
    if module == "handlers":
        return "handlers.texts"
    return max(zones, key=len, default="")


def _broken_rule(each: Import) -> str:
    if each.target.startswith("."):
        return "imports are absolute"
    if each.target == "<computed>":
        is_allowed = each.module in rules.MAY_COMPUTE
        return "" if is_allowed else "no module is imported by a computed name: the rules could not see it"
    top = each.target.partition(".")[0]
    if top in OURS:
        return _broken_rule_of_ours(each)
    if top in sys.stdlib_module_names:
        reaches_out = each.target in rules.NETWORK and each.module not in rules.MAY_REACH_OUT
        return "only bot.http reaches the network" if reaches_out else ""
    if top not in rules.THIRD_PARTY:
        return f"{top} has no line in rules.THIRD_PARTY"
    if not any(_begins(each.module, allowed) for allowed in rules.THIRD_PARTY[top]):
        return f"{top} is imported only in {', '.join(sorted(rules.THIRD_PARTY[top]))}"
    return ""


def _begins(module: str, allowed: str) -> bool:
    """`bot.sources.arxiv` allows arxiv.py and arxiv_api.py, `bot.sources` all in it, and neither allows `bot.sourcesque`."""
    return module == allowed or module.startswith((f"{allowed}.", f"{allowed}_"))


def _broken_rule_of_ours(each: Import) -> str:
    zone, target = _zone(each.module), _zone(each.target)
    if zone == target:
        is_apart = zone in rules.SEPARATE and each.target not in {zone, each.module}
        return f"modules of {zone} never import each other" if is_apart else ""
    allowed = rules.MAY_IMPORT.get(zone, frozenset())
    if not each.is_at_start:
        allowed |= rules.MAY_IMPORT_INSIDE.get(zone, frozenset())
    if allowed >= rules.ANYTHING or target in allowed:
        return ""
    names = ", ".join(sorted(allowed)) or "nothing of ours"
    return f"{zone} imports {names}; not {each.target}"


def cycle(root: Path) -> tuple[str, ...]:
    """One ring of modules that import each other as they load, or ()."""
    graph: dict[str, set[str]] = {name: set() for name in modules(root)}
    for each in imports(root):
        if each.is_at_start and each.target in graph and each.target != each.module:
            graph[each.module].add(each.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return tuple(error.args[1])
    return ()
