"""docs/coverage.md cannot lie: every number of the catalogue has a home, and every home exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from tools.coverage import dead, debts, elements, homeless
from zhixing.ground.kernel import figures, tables

from .pages import page

NUMBERS = range(1, 83)


def resolves(address: str) -> bool:
    try:
        found = resolve(address)
    except Resolver404:
        return False
    name = found.kwargs.get("name") or found.kwargs.get("figure")
    return not address.startswith("/c/CODE/figures/") or name is None or figures.figure(name) is not None


def test_every_number_of_the_catalogue_has_a_home() -> None:
    assert list(homeless(elements(page("docs/coverage.md")), NUMBERS)) == []


def test_every_table_page_and_test_that_is_named_exists() -> None:
    known = {table.name for table in tables.tables()}
    assert list(dead(elements(page("docs/coverage.md")), known, resolves)) == []


def test_the_numbers_are_those_of_the_catalogue(shared: Path) -> None:
    catalogue = (shared / "catalogue.md").read_text(encoding="utf-8")
    found = {int(number) for number in re.findall(r"(?:\*\* |· )(\d+) ", catalogue)}
    assert found == set(NUMBERS)


def test_what_later_work_owes_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    owed = debts(elements(page("docs/coverage.md")))
    with capsys.disabled():
        print("\nowed later: " + ", ".join(f"{who} {len(items)}" for who, items in owed.items()))
    assert owed


ROW = "| 3 | leading group | units | `/` | `tests/docs/test_coverage.py::test_a_lie_is_noticed` | |"


def test_the_truth_is_left_alone() -> None:
    found = elements(ROW)
    assert list(homeless(found, [3])) == []
    assert list(dead(found, {"units"}, lambda address: address == "/")) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW.replace("units", "unites"), "3: no table unites"),
        (ROW.replace("`/`", "`/nowhere/`"), "3: no page /nowhere/"),
        (ROW.replace("_lie_is_noticed", "_fib"), "3: no test tests/docs/test_coverage.py::test_a_fib"),
        (
            ROW.replace("test_coverage.py", "test_cover.py"),
            "3: no test tests/docs/test_cover.py::test_a_lie_is_noticed",
        ),
        (ROW.replace("| |", "| somebody |"), "3: nobody is called 'somebody'"),
        (ROW.replace("| 3 |", "| 4 |"), "3 stands 0 times"),
        (ROW + "\n" + ROW, "3 stands 2 times"),
        ("| 3 | leading group | | | | |", "3 leading group: neither served nor owed"),
        (
            "| 3 | leading group | units | | | opinions |",
            "3 leading group: half a home (tables, page and test belong together)",
        ),
    ],
)
def test_a_lie_is_noticed(row: str, said: str) -> None:
    found = elements(row)
    assert said in [*homeless(found, [3]), *dead(found, {"units"}, lambda address: address == "/")]
