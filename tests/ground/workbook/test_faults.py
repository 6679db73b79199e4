"""Every fault of a file in one go, by table, row and column, with the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import bring_in, write_book
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.workbook.actions import import_workbook
from zhixing.ground.workbook.faults import Faults
from zhixing.ground.workbook.types import Fault, Faulty

pytestmark = pytest.mark.django_db


def faults_of(folder: Path, **tables: str) -> list[Fault]:
    """The faults of a workbook; the test fails when it comes in, or when anything was written."""
    with pytest.raises(Faulty) as error:
        bring_in(folder, **tables)
    assert ledger.size() == 0
    return list(error.value.faults)


def places(faults: list[Fault]) -> list[tuple[str, int, str]]:
    return [(fault.table, fault.row, fault.column) for fault in faults]


CASES = {
    "an impossible date": (
        "activities", "code,starts_at\nA1,2026-02-30", (2, "starts_at"), "“2026-02-30” is not a date; write it as 2026-02-28"),
    "a negative count": ("form_batches", "code,issued\nF1,-3", (2, "issued"), "negative"),
    "an unknown code": ("activities", "code,unit\nA1,nowhere", (2, "unit"), "there is no “nowhere” in the table Units"),
    "an unknown kind": ("activities", "code,kind\nA1,lectur", (2, "kind"), "did you mean “lecture”?"),
    "a code twice": ("activities", "code,title\nA1,One\nA2,Two\nA1,Again", (4, "code"), "stands already in row 2"),
    "a pair twice": ("members", "group,person\nG1,l1\nG1,l1", (3, ""), "“G1 / l1” stands already in row 2"),
    "an empty key": ("activities", "code,title\n,Without", (2, "code"), "may not be empty"),
    "a needed reference that is empty": ("attendance", "activity,person,status\nA1,,present", (2, "person"),
                                         "may not be empty"),
    "the last before the first": ("phases", "code,starts_on,ends_on\nP1,2026-03-01,2026-02-01", (2, "ends_on"),
                                  "2026-02-01 is before 2026-03-01"),
    "an end before its start on the same day": (
        "activities", "code,starts_at,ends_at\nA1,2026-05-18T14:30,2026-05-18T09:00", (2, "ends_at"), "is before"),
    "a roster of an unknown group": ("activities", "code,roster\nA1,group:G9", (2, "roster"), "there is no group “G9”"),
    "an unknown figure": ("duties", "code,figure\nD1,activities.hold", (2, "figure"), "did you mean “activities.held”?"),
    "a key that the figure has not": ("duties", "code,figure,where\nD1,activities.held,knd=lecture", (2, "where"),
                                      "has no key “knd”; did you mean “kind”?"),
    "cells that do not go together": ("mapping", "opinion,issue,relation\nO1,I1,out_of_scope", (2, "issue"),
                                      "do not go together"),
    "an unknown column": ("phases", "code,nme\nP1,One", (1, "nme"), "did you mean “name”?"),
    "a missing column": ("attendance", "activity,status\nA1,present", (1, "person"), "the column Person is missing"),
    "a column twice": ("phases", "code,name,名称\nP1,One,Two", (1, "name"), "twice"),
    "a column without a heading": ("phases", "code,,name\nP1,x,One", (1, ""), "without a heading"),
    "a circle": ("units", "code,parent\nb,s1\ns1,s2\ns2,b", (2, "parent"), "a circle: "),
    "a code that holds a separator": ("phases", "code,name\nP;1,One", (2, "code"), "cannot be a code"),
    "control characters": ("phases", "code,name\nP1,O\x07ne", (2, "name"), "control characters"),
    "a row too long": ("phases", "code,name\nP1,One,more", (2, ""), "this row has 3 cells, the heading 2"),
    "a row too short": ("phases", "code,name,order\nP1,One", (2, ""), "this row has 2 cells, the heading 3"),
    "a cell too long": ("remarks", "code,text\nR1," + "x" * 100_001, (2, "text"), "100001 characters; the limit is 100000"),
}

BESIDE = {"members": {"groups": "code\nG1"}, "attendance": {"activities": "code\nA1"},
          "mapping": {"opinions": "code\nO1", "issues": "code\nI1"}}


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_named_with_its_place_and_remedy(tmp_path: Path, name: str) -> None:
    table, text, (row, column), words = CASES[name]
    faults = faults_of(tmp_path, **{**BESIDE.get(table, {}), table: text})
    assert words in faults[0].message
    assert (faults[0].table, faults[0].row, faults[0].column) == (table, row, column)
    assert len(faults) == (3 if name == "a circle" else 1)


def test_an_unknown_table_is_refused_by_name(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, unit="code\nx", zzz="code\nx")
    assert [fault.table for fault in faults] == ["unit", "zzz"]
    assert "did you mean “units”?" in faults[0].message
    assert "name it after a table" in faults[1].message


def test_all_faults_of_all_tables_come_in_one_go_in_order(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path, phases="code,ends_on\nP1,soon", activities="code,kind,unit\nA1,lectur,nowhere\nA2,lecture,nowhere",
        opinions="code,unit,received_on\nO1,nowhere,2026-02-31")
    assert places(faults) == [("phases", 2, "ends_on"), ("activities", 2, "kind"), ("activities", 2, "unit"),
                              ("activities", 3, "unit"), ("opinions", 2, "received_on"), ("opinions", 2, "unit")]


def test_a_bad_row_makes_no_cascade(tmp_path: Path) -> None:
    """References resolve against every code in the file, whatever else is wrong with its row or table."""
    faults = faults_of(
        tmp_path, units="code,name,parent,valid_from\nb,Bureau,,2026-02-31\ns1,School,b,\ns2,School,b,",
        activities="code,kind,unit\nA1,lectur,s1", attendance="activity,person,status\nA1,t1,present",
        groups="code,nme\nG1,x", members="group,person\nG1,t1")
    assert places(faults) == [("units", 2, "valid_from"), ("groups", 1, "nme"), ("activities", 2, "kind")]


def test_a_table_without_its_codes_makes_no_cascade(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, activities="title\nA1", attendance="activity,person,status\nA1,t1,present")
    assert places(faults) == [("activities", 1, "code")]


def test_a_table_that_cannot_be_read_makes_no_cascade(tmp_path: Path) -> None:
    folder = write_book(tmp_path / "book", attendance="activity,person,status\nA1,t1,present")
    (folder / "activities.csv").write_bytes('code,title\nA1,活动\n'.encode("gbk"))
    with pytest.raises(Faulty) as error:
        import_workbook(folder, actor=CONSOLE)
    assert [(fault.table, fault.row) for fault in error.value.faults] == [("activities", 0)]


def test_a_campaign_row_with_a_fault_makes_no_cascade(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, campaign="code,host_unit,starts_on\n,b,2026-02-31",
                       activities="code,unit\nA1,s1", attendance="activity,person,status\nA1,t1,present")
    assert places(faults) == [("campaign", 2, "code"), ("campaign", 2, "starts_on")]


def test_a_workbook_is_of_one_campaign(tmp_path: Path) -> None:
    assert places(faults_of(tmp_path, campaign="code,host_unit\nC,b\nD,b")) == [("campaign", 3, "code")]
    assert places(faults_of(tmp_path, campaign="code,host_unit")) == [("campaign", 0, "")]
    with pytest.raises(Faulty, match="is of the campaign C, not of E"):
        import_workbook(write_book(tmp_path / "named"), actor=CONSOLE, campaign="E")


def test_two_hundred_faults_come_at_once(tmp_path: Path) -> None:
    rows = "\n".join(f"A{number},{'lectur' if number % 2 else 'lecture'},nowhere" for number in range(200))
    faults = faults_of(tmp_path, activities=f"code,kind,unit\n{rows}")
    assert len(faults) == 300
    assert places(faults)[:3] == [("activities", 2, "unit"), ("activities", 3, "kind"), ("activities", 3, "unit")]


def test_the_first_thousand_are_told_in_full_and_all_are_counted(tmp_path: Path) -> None:
    rows = "\n".join(f"A{number},nowhere,-1" for number in range(3000))
    with pytest.raises(Faulty) as error:
        bring_in(tmp_path, activities=f"code,unit,headcount\n{rows}", phases="code,ends_on\nP1,soon")
    assert len(error.value.faults) == 1000
    assert error.value.totals == {("phases", "date"): 1, ("activities", "unknown"): 3000, ("activities", "number"): 3000}
    assert error.value.total == 6001
    assert places(list(error.value.faults))[:3] == [
        ("phases", 2, "ends_on"), ("activities", 2, "headcount"), ("activities", 2, "unit")]


def test_the_kept_faults_are_the_first_by_place_not_by_time() -> None:
    faults = Faults(("units", "people"))
    for row in range(2, 3000):
        faults.add("people", row, "name", "", "later", "text")
    faults.add("units", 2, "name", "", "first", "text")
    kept = faults.kept()
    assert (len(kept), kept[0].table, kept[-1].row) == (1000, "units", 1000)


def test_a_long_value_is_shortened_in_the_message(tmp_path: Path) -> None:
    [fault] = faults_of(tmp_path, phases="code,starts_on\nP1," + "x" * 500)
    assert len(fault.value) <= 80
    assert len(fault.message) < 120
