"""How one cell is read and written. No database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing.ground.workbook import cells
from zhixing.ground.workbook.cells import Bad, show


def refused(read: cells.Reader, text: str) -> str:
    with pytest.raises(Bad) as error:
        read(text)
    return str(error.value)


@pytest.mark.parametrize("text", ["2026-05-18", "2026/5/18", "2026.05.18", "2026年5月18日", " ２０２６-05-18 ",
                                  "2026-05-18 00:00:00", "2026-05-18T00:00"])
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert cells.read_day(text) == ("2026-05-18",)


@pytest.mark.parametrize(("text", "remedy"), [
    ("2026-02-30", "write it as 2026-02-28"), ("2026-13-01", "no month 13"), ("soon", "write it as 2026-05-18"),
    ("0026-05-18", "the year should be"), ("2026-04-31", "write it as 2026-04-30"), ("20260518", "write it as"),
    ("2026-05-18 14:30", "write the day alone, 2026-05-18"),
])
def test_an_impossible_day_is_refused_with_the_remedy(text: str, remedy: str) -> None:
    assert remedy in refused(cells.read_day, text)


@pytest.mark.parametrize(("text", "stored", "shown"), [
    ("2026-05-18T14:30", ("2026-05-18", "14:30:00"), "2026-05-18T14:30"),
    ("2026/5/18 9:05", ("2026-05-18", "09:05:00"), "2026-05-18T09:05"),
    ("2026-05-18T14:30:15", ("2026-05-18", "14:30:15"), "2026-05-18T14:30:15"),
    ("2026-05-18", ("2026-05-18", None), "2026-05-18"),
    ("2019/6/19 23:28:27", ("2019-06-19", "23:28:27"), "2019-06-19T23:28:27"),
])
def test_a_moment_is_a_day_and_a_time_if_known(text: str, stored: cells.Stored, shown: str) -> None:
    assert cells.read_moment(text) == stored
    assert show("moment")(*stored) == shown


def test_a_time_of_day_that_no_clock_shows_is_refused() -> None:
    assert "not a time of day" in refused(cells.read_moment, "2026-05-18T25:00")


@pytest.mark.parametrize(("text", "stored", "shown"), [
    ("80", (80, "="), "80"), (">=80", (80, ">="), ">=80"), ("≥ 80", (80, ">="), ">=80"), ("~24", (24, "~"), "~24"),
    ("≈24", (24, "~"), "~24"), ("１，２３４", (1234, "="), "1234"), ("80.0", (80, "="), "80"), ("0", (0, "="), "0"),
])
def test_a_count_keeps_its_qualifier(text: str, stored: cells.Stored, shown: str) -> None:
    assert cells.read_count(text) == stored
    assert show("count")(*stored) == shown


@pytest.mark.parametrize(("text", "why"), [
    ("-3", "negative"), ("many", "not a count"), ("2.5", "whole number"), ("99999999999", "too large"), ("1e3", "not a count"),
])
def test_what_is_no_count_is_refused(text: str, why: str) -> None:
    assert why in refused(cells.read_count, text)


def test_a_number_has_bounded_digits() -> None:
    read = cells.read_number(9, 4)
    assert read("0.6") == ("0.6",)
    assert read("60%") == ("0.6",)
    assert "decimals" in refused(read, "0.12345")
    assert "too large" in refused(read, "1234567")
    assert "not a number" in refused(read, "NaN")
    assert "negative" in refused(read, "-1")


def test_yes_and_no_are_read_in_both_languages() -> None:
    assert [cells.read_yesno(text) for text in ("yes", "是", "NO", "否")] == [(1,), (1,), (0,), (0,)]
    assert "neither yes nor no" in refused(cells.read_yesno, "maybe")


def test_a_list_loses_its_blanks_and_keeps_its_order() -> None:
    assert cells.read_list(" b ; a；c;; ") == (";b;a;c;",)
    assert show("list")(";b;a;c;") == "b;a;c"
    assert show("list")("") == ""


def test_a_roster_is_one_of_four_kinds() -> None:
    read = cells.read_roster({"按名单": "listed"}, 80)
    assert [read(text)[0] for text in ("listed", "按名单", "unit", "unit:leader", "group：G1")] == [
        "listed", "listed", "unit", "unit:leader", "group:G1"]
    assert "not a roster" in refused(read, "everybody")
    assert "not a roster" in refused(read, "group:")


def test_where_is_pairs_and_lists() -> None:
    assert cells.parse_where("kind=a;b & phase=P1") == {"kind": ["a", "b"], "phase": ["P1"]}
    assert cells.read_where(" kind = a ; b & phase=P1") == ("kind=a;b&phase=P1",)
    for text in ("kind", "kind=", "=a", "kind=a&kind=b"):
        assert "cannot be read" in refused(cells.read_where, text)


def test_text_is_kept_as_it_is_but_for_line_ends() -> None:
    read = cells.read_text(None)
    assert read("  =1+1 'x' ") == ("  =1+1 'x' ",)
    assert read("a\r\nb\rc") == ("a\nb\nc",)
    assert "control characters" in refused(read, "a\x07b")
    assert "characters; the limit is" in refused(read, "x" * (cells.TEXT_LENGTH + 1))


def test_a_code_holds_no_separator() -> None:
    read = cells.read_code(64)
    assert read(" A-1 ") == ("A-1",)
    assert "cannot be a code" in refused(read, "A/1")
    assert "cannot be a code" in refused(read, "A;1")
    assert "longer than 64" in refused(read, "x" * 65)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_comes_back_as_it_was(day: date) -> None:
    assert show("day")(*cells.read_day(day.isoformat())) == day.isoformat()


@given(st.text(max_size=40))
def test_no_cell_breaks_a_reader(text: str) -> None:
    for read in (cells.read_day, cells.read_moment, cells.read_count, cells.read_number(18, 4), cells.read_yesno,
                 cells.read_whole(9), cells.read_list, cells.read_where, cells.read_code(64), cells.read_text(None),
                 cells.read_amount(18, 4), cells.read_roster({}, 80)):
        try:
            read(text)
        except Bad as error:
            assert str(error)
