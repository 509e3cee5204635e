"""The rooms of the house, from their own sources: order, promises and public signatures."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from docs.reference.tables import code, table

ROOT = Path(__file__).parents[2]


def order() -> str:
    """The layers that import-linter holds, high to low."""
    layers = _contracts()["Rooms import downwards only"]["layers"]
    return " → ".join(f"`{layer.replace('cockpit.', '')}`" for layer in layers)


def rooms() -> str:
    """Every package and single module under the roots, with what it says of itself."""
    found = [
        *(ROOT / "cockpit").glob("*/__init__.py"),
        *(path for path in (ROOT / "cockpit").glob("*.py") if not path.name.startswith("__")),
        *(ROOT / root / "__init__.py" for root in ("screens", "widgets")),
    ]
    return table(("room", "what it is"), [(code(_name(path)), _first_line(path)) for path in sorted(found, key=_name)])


def modules(room: str) -> str:
    """The modules of one room, with what each says of itself."""
    found = [path for path in (ROOT / room.replace(".", "/")).glob("*.py") if path.name != "__init__.py"]
    return table(("module", "what it holds"), [(code(path.stem), _first_line(path)) for path in sorted(found)])


def door(address: str) -> str:
    """The public signatures of `module:Name[,Name]`; of a class its public methods."""
    module, _, names = address.partition(":")
    path = ROOT / f"{module.replace('.', '/')}.py"
    path = path if path.exists() else ROOT / module.replace(".", "/") / "__init__.py"
    nodes = {node.name: node for node in ast.parse(path.read_text("utf-8")).body if hasattr(node, "name")}
    lines = [line for name in names.split(",") for line in _signature(nodes[name.strip()])]
    return "\n".join(["```python", f"# {path.relative_to(ROOT)}", *lines, "```"])


def _signature(node: ast.AST, *, indent: str = "") -> Iterator[str]:
    if isinstance(node, ast.ClassDef):
        yield f"class {node.name}:"
        fields = [part for part in node.body if isinstance(part, ast.AnnAssign)]
        yield from (f"    {ast.unparse(part)}" for part in fields)
        for part in node.body:
            if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and _is_public(part.name):
                yield from _signature(part, indent="    ")
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield from _function(node, indent)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, indent: str) -> Iterator[str]:
    if any(isinstance(each, ast.Name) and each.id == "property" for each in node.decorator_list):
        yield f"{indent}{node.name}: {ast.unparse(node.returns) if node.returns else 'Any'}"
        return
    verb = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    back = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    line = f"{indent}{verb} {node.name}({ast.unparse(node.args)}){back}"
    if len(line) <= 120:
        yield line
        return
    yield f"{indent}{verb} {node.name}("
    yield from (f"{indent}    {part}," for part in _arguments(node.args))
    yield f"{indent}){back}"


def _arguments(arguments: ast.arguments) -> Iterator[str]:
    """One argument each, as they are written."""
    alone = ast.arguments([], [], None, [], [], None, [])
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(plain) - len(arguments.defaults)) + list(arguments.defaults)
    for argument, default in zip(plain, defaults, strict=True):
        alone.args, alone.defaults = [argument], [default] if default else []
        yield ast.unparse(alone)
    if arguments.kwonlyargs:
        yield "*"
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        alone.args, alone.defaults = [argument], [default] if default else []
        yield ast.unparse(alone)


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name == "__init__"


def _contracts() -> dict[str, dict[str, list[str]]]:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    return {contract["name"]: contract for contract in tool["contracts"]}


def _name(path: Path) -> str:
    inside = path.relative_to(ROOT).with_suffix("")
    return ".".join(part for part in inside.parts if part != "__init__")


def _first_line(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n\n")[0].replace("\n", " ")
