"""Reading the tables of a Markdown page."""

from __future__ import annotations

import re

from tests.architecture.source import REPO


def page(name: str) -> str:
    return (REPO / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a `## heading`, up to the next one."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found is not None, f"there is no section {heading!r}"
    return found.group(1)


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, heads and rules left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    listed = []
    for number, line in enumerate(lines):
        ruled = number + 1 < len(lines) and set(lines[number + 1]) <= set("|-: ")
        if not ruled and not set(line) <= set("|-: "):
            listed.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return listed
