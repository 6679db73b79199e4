"""The README's map of the house, written from `rooms.ROOMS`: `python -m tools.house_map` renews it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from zhixing.rooms import ROOMS, Room

README = Path(__file__).resolve().parent.parent / "README.md"
START, END = "<!-- map: written by `python -m tools.house_map` -->", "<!-- end of the map -->"
LAYERS = {
    "ground": "knows no campaign words",
    "flow": "the campaign, in the order in which data travels",
    "outputs": "reads the flow, never steers it",
    "shell": "settings, addresses, command line, demonstration, the look",
}


def house_map(rooms: Sequence[Room] = ROOMS) -> str:
    lines = ["```", "src/zhixing/"]
    for layer, inside in groupby(rooms, key=lambda room: room.layer):
        lines.append(f"  {layer + '/':<18} {LAYERS[layer]}")
        lines += [f"    {room.name + '/':<16} {room.holds}" for room in inside]
    return "\n".join([*lines, "```"])


def renewed(text: str, rooms: Sequence[Room] = ROOMS) -> str:
    """The page with the map as it is now. Raises ValueError where the markers are gone."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError("the README has lost the markers of its map")
    return f"{before}{START}\n{house_map(rooms)}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(renewed(README.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0)
