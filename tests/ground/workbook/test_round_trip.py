"""Import → export → import changes nothing, and an export equals what came in, cell by cell."""

from __future__ import annotations

import csv
import string
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.books import write_book
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.tables import Column, table, tables
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.units import reads as units
from zhixing.ground.workbook import reads, unpack
from zhixing.ground.workbook.actions import import_workbook

SCENARIOS = ("a-district-bureau", "c-bureau-analysis", "e-city-plan")
Rows = list[dict[str, str]]


def content(folder: Path) -> dict[str, Rows]:
    """Table → rows as column → cell."""
    found = {}
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            found[file.stem] = [dict(row) for row in csv.DictReader(lines)]
    return found


def assert_same(before: dict[str, Rows], after: dict[str, Rows]) -> None:
    """Every cell that went in comes out; columns that were absent are empty."""
    assert {name for name, rows in before.items() if rows} == set(after)
    for name, rows in after.items():
        assert len(rows) == len(before[name]), name
        for old, new in zip(before[name], rows, strict=True):
            assert {column: cell for column, cell in new.items() if cell} == {
                column: cell for column, cell in old.items() if cell}, name


@pytest.mark.django_db
@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("form", ["folder", "book.xlsx"])
def test_a_reference_campaign_comes_out_as_it_went_in(
        scenario: Callable[[str], Path], tmp_path: Path, name: str, form: str) -> None:
    source = scenario(name)
    first = import_workbook(source, actor=CONSOLE)
    out = tmp_path / form
    reads.export_workbook(first.programme, out)
    again = import_workbook(out, actor=CONSOLE)
    assert (again.total().created, again.total().updated) == (0, 0)
    folder = tmp_path / "second"
    reads.export_workbook(first.programme, folder)
    assert_same(content(source), content(folder))


@pytest.mark.django_db
@pytest.mark.parametrize("name", SCENARIOS)
def test_an_export_makes_the_same_campaign_elsewhere(
        scenario: Callable[[str], Path], tmp_path: Path, cli: Callable[..., object], name: str) -> None:
    first = import_workbook(scenario(name), actor=CONSOLE)
    reads.export_workbook(first.programme, tmp_path / "out.xlsx")
    cli("import", tmp_path / "out.xlsx")
    cli("export", first.programme, tmp_path / "back")
    assert_same(content(scenario(name)), content(tmp_path / "back"))


# Workbooks made at random: every table, every kind of column.

_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff\ufeff"),
                max_size=12).filter(lambda text: not text.isspace() and not text.startswith(("例", "e.g.")))
_LONG = st.one_of(_TEXT, st.builds("{}\n\t{}".format, _TEXT, _TEXT), st.sampled_from(
    ["=1+1", "-3", "'x", '"', "a,b", "@cmd", "0012", "1e5", "TRUE", "_x000D_", "<b>&amp;</b>", "80.0"])).filter(
        lambda text: not text.isspace())
_WORD = st.text(string.ascii_lowercase + "_组长", min_size=1, max_size=8)
_DAY = st.dates(min_value=__import__("datetime").date(1900, 1, 1), max_value=__import__("datetime").date(2199, 12, 31)).map(str)
_COUNT = st.builds("{}{}".format, st.sampled_from(["", ">=", "~"]), st.integers(0, 2_147_483_647))
_NUMBER = st.decimals(0, 9999, places=3).map(lambda number: f"{number:f}".rstrip("0").rstrip(".") or "0")
_KINDS = {
    "text": _LONG, "long": _LONG, "word": _WORD, "day": _DAY, "count": _COUNT, "number": _NUMBER,
    "moment": st.builds("{}{}".format, _DAY, st.sampled_from(["", "T00:00", "T23:59", "T08:05:09"])),
    "amount": st.builds("{}{}".format, st.sampled_from(["", ">=", "~"]), _NUMBER),
    "whole": st.integers(0, 32_767).map(str), "yesno": st.sampled_from(["yes", "no"]),
    "list": st.lists(_WORD, max_size=3).map(";".join), "roster": st.sampled_from(["listed", "unit", "unit:leader"]),
    "owers": st.sampled_from(["", "people:leader", "people:leader;people:staff"]),
    "figure": st.just("activities.held"), "where": st.sampled_from(["", "kind=lecture", "kind=lecture;talk&phase=P1"]),
}


def cell(column: Column, codes: dict[str, list[str]]) -> st.SearchStrategy[str]:
    if column.kind == "ref":
        known = codes.get(column.to, [])
        made: st.SearchStrategy[str] = st.sampled_from(known) if known else st.just("")
    elif column.kind == "choice":
        made = st.sampled_from(list(column.allowed()))
    else:
        made = _KINDS[column.kind]
    return made if column.required or column.name in ("figure",) else st.one_of(st.just(""), made)


@st.composite
def workbooks(draw: st.DrawFn) -> dict[str, Rows]:
    """A few rows for every table, in the order of writing, so that every reference is to a row that is there."""
    book: dict[str, Rows] = {}
    codes: dict[str, list[str]] = {"units": ["b", "s1", "s2"], "people": ["l1", "t1"]}
    for declared in tables():
        if declared.name in ("campaign", "units", "people", "placements"):
            continue
        rows: Rows = []
        for number in range(draw(st.integers(0, 3))):
            row = {}
            for column in declared.columns:
                row[column.name] = f"{declared.name[:3]}{number}" if column.kind == "code" else draw(cell(column, codes))
            rows.append(row)
        book[declared.name] = sound(declared.name, rows, book)
        codes[declared.name] = [row["code"] for row in book[declared.name] if "code" in row]
    return book


def sound(name: str, rows: Rows, book: dict[str, Rows]) -> Rows:
    """Leaves out rows that the rules refuse: a key twice, a needed cell empty, an end before its start."""
    declared = table(name)
    kept: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        key = tuple(row[column] for column in declared.key)
        needed = [column.name for column in declared.columns
                  if column.required or (column.name in declared.key and column.name not in declared.loose)]
        if key in kept or not all(row[column] for column in needed) or is_example(row[declared.key[0]]):
            continue
        for first, last in declared.pairs:
            if row[last] and row[last][:10] <= row[first][:10]:
                row[last] = ""
        if name == "mapping" and row["relation"] == "out_of_scope":
            row["issue"] = ""
            key = (row["opinion"], "")
        if name == "tallies" and not any(
                aspect["poll"] == row["poll"] and aspect["code"] == row["aspect"] for aspect in book["poll_aspects"]):
            continue
        if any(name == "tallies" and poll["code"] == row["poll"] and poll["scale"]
               and row["grade"] not in poll["scale"].split(";") for poll in book.get("polls", [])):
            continue
        if name == "events" and "\t" in row["text"]:
            row["text"] = ""
        if key not in kept:
            kept[key] = row
    return list(kept.values())


def is_example(text: str) -> bool:
    return text.startswith(("例", "e.g."))


@pytest.mark.django_db
@settings(max_examples=10, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large])
@given(workbooks())
def test_any_workbook_comes_out_as_it_went_in(book: dict[str, Rows]) -> None:
    from django.db import transaction

    with TemporaryDirectory() as name, transaction.atomic():
        folder = write_book(Path(name) / "in", phases="code\nP9")
        (folder / "phases.csv").unlink()
        for declared, rows in book.items():
            with (folder / f"{declared}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, [column.name for column in table(declared).columns])
                writer.writeheader()
                writer.writerows(rows)
        before = content(folder)
        import_workbook(folder, actor=CONSOLE)
        for form in ("out", "out.xlsx"):
            reads.export_workbook("C", Path(name) / form)
            again = import_workbook(Path(name) / form, actor=CONSOLE)
            assert (again.total().created, again.total().updated) == (0, 0)
        assert_same(before, content(Path(name) / "out"))
        transaction.set_rollback(True)


@pytest.mark.django_db
class TestExport:
    def test_only_tables_with_rows_and_all_their_columns(self, tmp_path: Path) -> None:
        import_workbook(write_book(tmp_path / "in"), actor=CONSOLE)
        counts = reads.export_workbook("C", tmp_path / "out")
        assert counts == {"units": 3, "people": 4, "campaign": 1, "phases": 3}
        assert {file.name for file in (tmp_path / "out").iterdir()} == {f"{name}.csv" for name in counts}
        heading = (tmp_path / "out" / "people.csv").read_text(encoding="utf-8").splitlines()[0]
        assert heading == ",".join(column.name for column in table("people").columns)

    def test_people_of_another_unit_come_along_when_they_are_named(self, tmp_path: Path) -> None:
        import_workbook(write_book(tmp_path / "in"), actor=CONSOLE)
        import_workbook(write_book(
            tmp_path / "other", campaign="code,host_unit\nD,s1", units="code\ns1", people="code,name,unit\nt1,Teacher 1,s1",
            phases="code\nP1", appointments="role,person,unit\nhead,t3,s1"), actor=CONSOLE)
        reads.export_workbook("D", tmp_path / "out")
        assert [row["code"] for row in content(tmp_path / "out")["people"]] == ["t1", "t2", "t3"]
        assert [row["code"] for row in content(tmp_path / "out")["units"]] == ["s1"]

    def test_a_folder_with_other_tables_is_refused(self, tmp_path: Path) -> None:
        import_workbook(write_book(tmp_path / "in"), actor=CONSOLE)
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "rules.csv").write_text("code\nR1\n")
        with pytest.raises(Refused, match=r"also holds rules\.csv"):
            reads.export_workbook("C", tmp_path / "out")

    def test_the_same_folder_twice_is_replaced(self, tmp_path: Path) -> None:
        import_workbook(write_book(tmp_path / "in"), actor=CONSOLE)
        for _time in range(2):
            reads.export_workbook("C", tmp_path / "out")
        assert len(content(tmp_path / "out")["units"]) == 3

    def test_an_excel_file_that_could_not_come_back_is_not_written(
            self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        import_workbook(write_book(tmp_path / "in"), actor=CONSOLE)
        monkeypatch.setattr(unpack, "ROWS", 14)
        with pytest.raises(Refused, match="Export to a folder"):
            reads.export_workbook("C", tmp_path / "out.xlsx")
        assert not (tmp_path / "out.xlsx").exists()
        monkeypatch.setattr(unpack, "ROWS", 15)
        reads.export_workbook("C", tmp_path / "out.xlsx")

    def test_an_unknown_campaign_is_not_found(self, tmp_path: Path) -> None:
        with pytest.raises(Refused, match="There is no campaign"):
            reads.export_workbook("X", tmp_path / "out")
        assert units.programmes() == []
