"""Which rooms stand where, and through which doors one enters another."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from pathlib import Path

from zhixing.rooms import ROOMS, Room

from .source import ORDER, Source, called, imports, room_of, texts

DOORS = ("reads", "actions", "types")
FURTHER = {
    "zhixing.ground.units": ("tree",),
    "zhixing.ground.accounts": ("permits", "slips"),
    "zhixing.ground.figures": ("history",),
    "zhixing.flow.campaigns": ("packs", "permits"),
    "zhixing.flow.duties": ("permits", "setting_up"),
    "zhixing.flow.filings": ("permits",),
    "zhixing.outputs.boards": ("board", "owed", "words"),
}
"""What is exported besides: the engines of ground, the packs, and what all pages show alike."""

SHELL_DOORS = ("urls", "views", "jobs", "forms")
"""What the shell, which puts the rooms together, may use besides."""

NOT_ROOMS = {"shell": ("cli", "demo", "keeping", "templates", "static", "templatetags", "locale")}
"""Folders of the shell that hold no records and no pages of their own."""


def unlisted(package: Path, rooms: Sequence[Room] = ROOMS) -> list[str]:
    """Folders that `rooms.py` does not name, and rooms that have no folder."""
    listed = {(room.layer, room.name) for room in rooms}
    faults = []
    for layer in ("ground", "flow", "outputs", "shell"):
        for folder in sorted((package / layer).iterdir()):
            if not folder.is_dir() or folder.name == "__pycache__" or folder.name in NOT_ROOMS.get(layer, ()):
                continue
            if (layer, folder.name) not in listed:
                faults.append(f"{layer}/{folder.name} is not in rooms.py")
    return faults + [
        f"{room.layer}/{room.name} stands in rooms.py but has no folder"
        for room in rooms
        if not (package / room.layer / room.name / "__init__.py").exists()
    ]


def reaches(sources: Iterable[Source]) -> list[str]:
    """Imports of another room that do not go through one of its doors."""
    faults = []
    for source in sources:
        for name, node in imports(source):
            there = room_of(name)
            if there is None or there == source.room or there.name == "kernel":
                continue
            door = name.removeprefix(f"{there.path}.").split(".")[0]
            allowed = DOORS + FURTHER.get(there.path, ())
            if source.module.startswith("zhixing.shell"):
                allowed += SHELL_DOORS
            if door not in allowed:
                faults.append(f"{source.at(node)} reaches past the door of {there.name}: {name}")
        faults += hidden_reaches(source)
    return faults


def hidden_reaches(source: Source) -> list[str]:
    """The same by name: `apps.get_model("issues", "Issue")`, `import_module("zhixing…issues.models")`."""
    faults = []
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or called(node) not in (
            "get_model",
            "import_module",
            "import_string",
        ):
            continue
        for argument in node.args[:1]:
            name = argument.value if isinstance(argument, ast.Constant) else ""
            app = str(name).split(".")[0]
            there = room_of(str(name)) or next((room for room in ROOMS if room.name == app), None)
            if there is not None and there != source.room:
                faults.append(f"{source.at(node)} reaches past the door of {there.name}: {name}")
    return faults


def downward(sources: Iterable[Source]) -> list[str]:
    """Imports against the direction: out of a lower layer, or inside ground and flow from a room that stands
    further down in rooms.py. (import-linter checks this too, indirect imports included.)"""
    layers = {"ground": 0, "flow": 1, "outputs": 2, "shell": 3}
    faults = []
    for source in sources:
        here = source.module.split(".")[1] if "." in source.module else ""
        for name, node in imports(source):
            parts = name.split(".")
            there = parts[1] if parts[0] == "zhixing" and len(parts) > 1 else ""
            if here not in layers or there not in layers:
                continue
            room, other = source.room, room_of(name)
            against = layers[there] > layers[here] or (
                room is not None
                and other is not None
                and here == there
                and ORDER[other.path] > ORDER[room.path]
            )
            if against:
                faults.append(f"{source.at(node)} imports against the direction: {name}")
    return faults


INSIDE = (
    "types",
    "rules",
    "models",
    "reads",
    "permits",
    "actions",
    "figures",
    "tables",
    "lints",
    "asks",
    "forms",
    "jobs",
    "views",
    "api",
    "urls",
)
"""The files of a room, lowest first."""


def inside_out(sources: Iterable[Source]) -> list[str]:
    """Inside a room a file imports only files that stand lower (house.md, "Inside a room")."""
    faults = []
    for source in sources:
        room = source.room
        if room is None or room.layer != "flow" or source.inside not in INSIDE:
            continue
        for name, node in imports(source):
            other = name.removeprefix(f"{room.path}.").split(".")[0] if name.startswith(room.path) else ""
            if other in INSIDE and INSIDE.index(other) > INSIDE.index(source.inside):
                faults.append(f"{source.at(node)}: {source.inside} imports {other}, which stands above it")
    return faults


def impure(sources: Iterable[Source]) -> list[str]:
    """`rules.py` is pure and `ground.text` knows no Django."""
    return [
        f"{source.at(node)} is to know no Django: {name}"
        for source in sources
        if source.inside == "rules" or source.module.startswith("zhixing.ground.text")
        for name, node in imports(source)
        if name.split(".")[0] == "django"
    ]


def signals(sources: Iterable[Source]) -> list[str]:
    """Signals hide who does what. Only the opening of a database connection may be listened to."""
    listening = (
        "django.dispatch",
        "django.db.models.signals",
        "django.core.signals",
        "django.contrib.auth.signals",
    )
    return [
        f"{source.at(node)} uses a signal: {name}"
        for source in sources
        for name, node in imports(source)
        if name.startswith(listening)
    ]


def sql_reaches(sources: Iterable[Source], owners: dict[str, str]) -> list[str]:
    """SQL that names tables of rooms not above its own. `owners`: database table → the room's path."""
    faults = []
    for source in sources:
        if source.room is None or source.room.layer not in ("ground", "flow"):
            continue
        for text, node in texts(source.tree):
            for word in (
                set("".join(c if c.isalnum() or c == "_" else " " for c in text).split()) & owners.keys()
            ):
                if ORDER[owners[word]] > ORDER[source.room.path]:
                    faults.append(f"{source.at(node)} names the table {word}, which stands further down")
    return faults


def meetings(sources: Iterable[Source]) -> list[str]:
    """Who may vote and what was said never meet: `ballots/roll.py` and `ballots/box.py` do not import each
    other, and no other file of the room imports both."""
    roll, box = "zhixing.flow.ballots.roll", "zhixing.flow.ballots.box"
    faults = []
    for source in sources:
        names = {".".join(name.split(".")[:4]) for name, _ in imports(source)} | {source.module}
        if {roll, box} <= names and source.module in (roll, box):
            faults.append(f"{source.module} imports the other half of the secret")
    return faults
