"""The import contracts, written from `rooms.ROOMS`: `python -m tools.contracts` writes `.importlinter`.

Every contract is exhaustive: a folder or module that the list does not name breaks it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from zhixing.rooms import ROOMS, Room

REPO = Path(__file__).resolve().parent.parent
LAYERS = ("shell", "outputs", "flow", "ground")
HEAD = """\
; Written by `python -m tools.contracts` from src/zhixing/rooms.py; a test compares the two.
[importlinter]
root_package = zhixing
include_external_packages = True
"""


def contract(identity: str, name: str, container: str, layers: Sequence[str]) -> str:
    listed = "\n".join(f"    {layer}" for layer in layers)
    return (
        f"\n[importlinter:contract:{identity}]\nname = {name}\ntype = layers\nlayers =\n{listed}\n"
        f"containers = {container}\nexhaustive = True\n"
    )


def contracts(rooms: Sequence[Room] = ROOMS) -> str:
    """The whole file. Layers stand highest first, so that a room may import only rooms above it in ROOMS."""
    text = HEAD + contract(
        "layers", "shell reads outputs, outputs read the flow, the flow stands on ground", "zhixing",
        (*LAYERS, "rooms"),
    )
    for layer in ("ground", "flow", "outputs"):
        downwards = [room.name for room in reversed(rooms) if room.layer == layer]
        text += contract(
            layer, f"inside {layer} a room imports only rooms above it", f"zhixing.{layer}", downwards
        )
    return text + (
        "\n[importlinter:contract:ballots]\nname = who may vote and what was said never meet\n"
        "type = independence\nmodules =\n    zhixing.flow.ballots.roll\n    zhixing.flow.ballots.box\n"
        if (REPO / "src/zhixing/flow/ballots/roll.py").exists()
        else ""
    )


if __name__ == "__main__":
    (REPO / ".importlinter").write_text(contracts(), encoding="utf-8")
    sys.exit(0)
