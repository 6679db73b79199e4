"""docs/coverage.md: what of a real campaign is served by what.

`python -m tools.coverage` lists what later work owes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
PAGE = REPO / "docs" / "coverage.md"
LATER = (
    "running a campaign",
    "opinions",
    "text engine",
    "collation to close",
    "secret vote",
    "other documents",
    "supervision and archive",
)
"""The pieces of work that may owe something."""

ROW = re.compile(r"^\| *(\d+) *\|(.*)\|$")


@dataclass(frozen=True)
class Element:
    """One numbered element of the catalogue and its home."""

    number: int
    name: str
    tables: tuple[str, ...]
    pages: tuple[str, ...]
    tests: tuple[str, ...]
    owed: tuple[tuple[str, str], ...]
    """(which later work, what it adds), "" = all of it."""


def elements(text: str) -> list[Element]:
    return [element(int(match[1]), match[2]) for line in text.splitlines() if (match := ROW.match(line))]


def element(number: int, cells: str) -> Element:
    name, tables, pages, tests, owed = (cell.strip() for cell in cells.split("|"))
    debts = [debt.partition(":") for debt in owed.split(";") if debt.strip()]
    return Element(
        number,
        name,
        tuple(filter(None, (table.strip() for table in tables.split(",")))),
        tuple(re.findall(r"`([^`]+)`", pages)),
        tuple(re.findall(r"`([^`]+)`", tests)),
        tuple((who.strip(), what.strip()) for who, _, what in debts),
    )


def homeless(found: Iterable[Element], numbers: Iterable[int]) -> Iterator[str]:
    """Numbers that are missing or stand twice; elements that nothing serves and nobody owes."""
    listed = [element.number for element in found]
    for number in numbers:
        if listed.count(number) != 1:
            yield f"{number} stands {listed.count(number)} times"
    for element in found:
        served = element.tables and element.pages and element.tests
        if not served and not element.owed:
            yield f"{element.number} {element.name}: neither served nor owed"
        if not served and (element.tables or element.pages or element.tests):
            yield f"{element.number} {element.name}: half a home (tables, page and test belong together)"


def dead(
    found: Iterable[Element], tables: Collection[str], resolves: Callable[[str], bool], repo: Path = REPO
) -> Iterator[str]:
    """Tables, pages, tests and later work that do not exist."""
    for element in found:
        yield from (f"{element.number}: no table {table}" for table in element.tables if table not in tables)
        yield from (f"{element.number}: no page {page}" for page in element.pages if not resolves(page))
        yield from (
            f"{element.number}: no test {test}" for test in element.tests if not test_exists(test, repo)
        )
        yield from (
            f"{element.number}: nobody is called {who!r}" for who, _ in element.owed if who not in LATER
        )


def test_exists(test: str, repo: Path = REPO) -> bool:
    """`tests/…/test_file.py::test_function`, with the parameters in brackets left out."""
    name, _, function = test.partition("::")
    path = repo / name
    if not path.is_file() or not function:
        return False
    return re.search(rf"^ *def {re.escape(function)}\(", path.read_text(encoding="utf-8"), re.M) is not None


def debts(found: Iterable[Element]) -> dict[str, list[str]]:
    """Later work → what it owes, in the catalogue's order."""
    owed: dict[str, list[str]] = {name: [] for name in LATER}
    for element in found:
        for who, what in element.owed:
            owed[who].append(f"{element.number} {element.name}" + (f" ({what})" if what else ""))
    return {who: list_ for who, list_ in owed.items() if list_}


def main() -> int:
    for who, owed in debts(elements(PAGE.read_text(encoding="utf-8"))).items():
        print(f"\n{who} owes:")
        for item in owed:
            print(f"  {item}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
