"""The house rules as functions from source text to complaints.

Each takes a path below `baoxiu/` (as text) and its source, so that a bad sample can be fed as easily as the real tree.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "baoxiu"

ROOMS = (
    "intake", "triage", "dispatch", "visits", "depot", "repair", "charges", "followups", "disputes", "supervision",
    "notify", "clocks", "registrations",
)  # fmt: skip
# from the top down; what stands on one line is one floor
FLOORS: tuple[tuple[str, ...], ...] = (
    ("config",),
    ("faces",),
    ("scenarios",),
    ROOMS,
    ("cases",),
    ("catalogue", "parts", "terms", "service_levels", "confidentiality"),
    ("jobs",),
    ("people",),
    ("sop",),
    ("lib",),
)
LEVEL = {name: len(FLOORS) - height for height, floor in enumerate(FLOORS) for name in floor}
# the starter and the browser files' builder stand outside the house
OUTSIDE = {"__main__", "assets"}
# what a case refers to may refer to its neighbours, one way
NEIGHBOURS = set(FLOORS[5])

FORBIDDEN_NAMES = {"utils", "helpers", "services", "managers", "signals"}
SOP_LIBRARIES = {"pydantic", "pydantic_core", "typing_extensions"}
LIB_LIBRARIES = SOP_LIBRARIES | {"phonenumbers", "orjson", "babel", "segno", "puremagic", "python_calamine"}
# imports inside a function: the module, and why it may wait
LAZY: Mapping[str, str] = {
    "typst": "80 MB, only when a document is made",
    "segno": "3 MB, only when a code is drawn",
    "markdown_it": "2 MB, only when the manual is read",
    "python_calamine": "only when a spreadsheet arrives",
    "PIL": "only when a picture arrives",
    "phonenumbers": "20 MB of tables",
    "numpy": "only the route solver",
    "ortools": "only the route solver",
    "playwright": "only the pictures of the screens",
    "granian": "only the process that serves",
    "redis": "an extra, only where workers are woken by it",
}
CLOCKS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("timezone", "now"),
    ("timezone", "localdate"), ("timezone", "localtime"), ("time", "time"), ("time", "monotonic"),
}  # fmt: skip
MAX_FILE, MAX_FUNCTION, MAX_TEMPLATE = 400, 60, 120

Tree = Mapping[str, str]


def python_tree() -> dict[str, str]:
    """Every module of the product, migrations apart: path below baoxiu/ -> source."""
    return {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.parts
    }


def template_tree() -> dict[str, str]:
    return {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("templates/**/*.html"))
    }


def top(path: str) -> str:
    """Return the top-level package (or module) of a path below baoxiu/."""
    return path.split("/", 1)[0].removesuffix(".py")


# -- imports --------------------------------------------------------------------------------


@cache
def imports(path: str, source: str) -> tuple[tuple[int, str], ...]:
    """Line and full name of everything a module imports, relative imports resolved. Four rules ask for it."""
    return tuple(_imports(path, source))


def _imports(path: str, source: str) -> Iterator[tuple[int, str]]:
    package = ["baoxiu", *path.split("/")[:-1]]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for name in node.names:
                yield node.lineno, f"{module}.{name.name}"


def inner_imports(path: str, source: str) -> set[tuple[int, str]]:
    """Return line and top-level package for each import of another part of baoxiu."""
    found = set()
    for line, name in imports(path, source):
        parts = name.split(".")
        if parts[0] == "baoxiu" and len(parts) > 1 and parts[1] != top(path):
            found.add((line, parts[1]))
    return found


def floors_broken(tree: Tree) -> list[str]:
    """Imports that do not go down."""
    wrong = []
    for path, source in tree.items():
        mine = top(path)
        if mine in OUTSIDE or mine == "__init__":
            continue
        if mine not in LEVEL:
            wrong.append(f"{path}: {mine} is on no floor")
            continue
        for line, other in sorted(inner_imports(path, source)):
            if other == "__version__":
                continue
            down = LEVEL.get(other, 99) < LEVEL[mine]
            beside = mine in NEIGHBOURS and other in NEIGHBOURS
            if not (down or beside):
                wrong.append(f"{path}:{line}: {mine} imports {other}")
    return wrong


def mutual_imports(tree: Tree) -> list[str]:
    """Top-level packages that import one another, directly or round a circle."""
    edges: dict[str, set[str]] = {}
    for path, source in tree.items():
        if top(path) in LEVEL:
            edges.setdefault(top(path), set()).update(other for _, other in inner_imports(path, source))

    def reaches(start: str) -> set[str]:
        seen: set[str] = set()
        todo = [start]
        while todo:
            for other in edges.get(todo.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        return seen

    return [name for name in sorted(edges) if name in reaches(name)]


def impure_imports(tree: Tree) -> list[str]:
    """Imports under sop/ and lib/ that are not the standard library or a small pure one."""
    wrong = []
    for path, source in tree.items():
        allowed = {"sop": SOP_LIBRARIES, "lib": LIB_LIBRARIES}.get(top(path))
        if allowed is None:
            continue
        for line, name in imports(path, source):
            root = name.split(".")[0]
            if root not in allowed | sys.stdlib_module_names | {"baoxiu", "__future__"}:
                wrong.append(f"{path}:{line}: {name}")
    return wrong


def late_imports(tree: Tree) -> list[str]:
    """Imports inside functions whose module is not on the documented list."""
    wrong = []
    for path, source in tree.items():
        if top(path) in OUTSIDE:
            continue
        for function in ast.walk(ast.parse(source)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [node.module or "."] if not node.level else ["."]
                else:
                    continue
                wrong += [f"{path}:{node.lineno}: {name}" for name in names if name.split(".")[0] not in LAZY]
    return sorted(set(wrong))


def signal_use(tree: Tree) -> list[str]:
    """Imports of Django's signals."""
    wrong = []
    for path, source in tree.items():
        for line, name in imports(path, source):
            if name.startswith("django.dispatch") or (name.startswith("django.") and ".signals" in name):
                wrong.append(f"{path}:{line}: {name}")
    return wrong


# -- names, sizes, clocks ---------------------------------------------------------------------


def vague_names(tree: Tree) -> list[str]:
    return [path for path in tree if FORBIDDEN_NAMES & {part.removesuffix(".py") for part in path.split("/")}]


def too_long(tree: Tree, limit: int = MAX_FILE) -> list[str]:
    lengths = {path: len(source.splitlines()) for path, source in tree.items()}
    return [f"{path}: {length} lines" for path, length in lengths.items() if length > limit]


def long_functions(tree: Tree) -> list[str]:
    wrong = []
    for path, source in tree.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION:
                    wrong.append(f"{path}:{node.lineno}: {node.name} has {length} lines")
    return wrong


def reads_no_clock(path: str) -> bool:
    """Say whether a module must be handed the time."""
    shelves = {part.removesuffix(".py") for part in path.split("/")[1:]}
    return top(path) == "sop" or path == "cases/steps.py" or bool(shelves & {"operations", "queries"})


def clock_reads(tree: Tree) -> list[str]:
    wrong = []
    for path, source in tree.items():
        if not reads_no_clock(path):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
                # localtime(moment) and localdate(moment) only turn a moment that was passed in
                if (name, node.func.attr) in CLOCKS and not (name == "timezone" and node.args):
                    wrong.append(f"{path}:{node.lineno}: {name}.{node.func.attr}()")
    return wrong


def public_functions(source: str) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def shelf(path: str) -> str | None:
    """Return `operations` or `queries` for a module on that shelf of a room."""
    parts = [part.removesuffix(".py") for part in path.split("/")]
    return (
        parts[1] if len(parts) > 1 and parts[1] in ("operations", "queries") and parts[0] in ROOMS else None
    )


def misshapen_verbs(tree: Tree) -> list[str]:
    """Public operations of rooms without keyword-only `by` and `now`, public queries without `viewer`."""
    wrong = []
    for path, source in tree.items():
        kind = shelf(path)
        for function in public_functions(source) if kind else ():
            if any(ast.unparse(d).startswith("operation(") for d in function.decorator_list):
                continue  # an effect: what the decorator returns has by and now
            arguments = function.args
            keywords = {argument.arg for argument in arguments.kwonlyargs}
            every = keywords | {argument.arg for argument in [*arguments.posonlyargs, *arguments.args]}
            if kind == "operations" and not {"by", "now"} <= keywords:
                wrong.append(f"{path}:{function.lineno}: {function.name} lacks keyword-only by and now")
            if kind == "queries" and "viewer" not in every:
                wrong.append(f"{path}:{function.lineno}: {function.name} lacks viewer")
    return wrong


# -- committed text ---------------------------------------------------------------------------

# escaped, so that this file does not hold what it looks for
PRIVATE = re.compile(
    r"/work[/](?:main|shared)\b|/root[/]|/home[/][a-z]+/|pypi[.]org|pythonhosted[.]org|registry[.]npmjs[.]org"
)


def private_text(tree: Tree) -> list[str]:
    """Paths of somebody's machine and registries' host names."""
    return [
        f"{path}:{number}: {match[0]}"
        for path, text in tree.items()
        for number, line in enumerate(text.splitlines(), 1)
        if (match := PRIVATE.search(line))
    ]
