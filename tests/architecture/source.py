"""Reading the house's own source: every check of this folder works on these, so that a test can plant a
violation in a made-up file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from zhixing.rooms import ROOMS, Room

REPO = Path(__file__).resolve().parents[2]
SRC = REPO / "src"
BY_PATH = {room.path: room for room in ROOMS}
ORDER = {room.path: place for place, room in enumerate(ROOMS)}


@dataclass(frozen=True)
class Source:
    """One Python file of the product. `module` is its dotted name."""

    module: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def room(self) -> Room | None:
        return room_of(self.module)

    @property
    def file(self) -> str:
        """The file's own name: `models`, `views`; `__init__` for a package."""
        return self.module.rpartition(".")[2] if self.module not in BY_PATH else "__init__"

    @property
    def inside(self) -> str:
        """The part of the room that the file belongs to: `reads` for `reads.py` and for `reads/totals.py`."""
        room = self.room
        return self.module.removeprefix(f"{room.path}.").split(".")[0] if room else ""

    def at(self, node: ast.AST) -> str:
        return f"{self.module.replace('.', '/')}.py:{getattr(node, 'lineno', 0)}"


def room_of(module: str) -> Room | None:
    """The room that a module stands in."""
    return BY_PATH.get(".".join(module.split(".")[:3]))


def sources(root: Path = SRC) -> list[Source]:
    """Every file of the product but its migrations."""
    found = []
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        if "migrations" in parts or parts[0] != "zhixing":
            continue
        name = parts[:-1] if parts[-1] == "__init__" else parts
        found.append(Source(".".join(name), path.read_text(encoding="utf-8")))
    return found


def imports(source: Source) -> Iterator[tuple[str, ast.AST]]:
    """Every dotted name that the file imports, wherever the statement stands; `from a.b import c` gives
    `a.b.c`, relative ones made absolute."""
    package = is_package(source)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom):
            start = node.module or ""
            if node.level:
                parts = source.module.split(".")
                kept = parts if package and node.level == 1 else parts[: len(parts) - node.level + package]
                start = ".".join([*kept, start]) if start else ".".join(kept)
            for alias in node.names:
                yield f"{start}.{alias.name}", node


def is_package(source: Source) -> bool:
    return (SRC.joinpath(*source.module.split(".")) / "__init__.py").exists()


def called(node: ast.Call) -> str:
    """The last name of what is called: `count` for `a.b.count()`."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def texts(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Every string written in a file, the fixed parts of f-strings included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node
