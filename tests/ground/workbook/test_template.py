"""The empty workbook of a template pack."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from zhixing.ground.kernel.counts import parse_count
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.figures import figures
from zhixing.ground.kernel.tables import WHERE, choice_labels, heading_labels, label, tables
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.units import reads as units
from zhixing.ground.workbook import reads
from zhixing.ground.workbook.actions import import_workbook
from zhixing.ground.workbook.headings import folded

PACKS = {"study-practice-zh": "zh", "great-discussion-zh": "zh", "school-self-review-en": "en"}


pytestmark = pytest.mark.django_db

@pytest.mark.parametrize("pack", PACKS)
def test_a_template_has_every_table_in_the_packs_language(tmp_path: Path, pack: str) -> None:
    names = reads.template(pack, tmp_path / "empty.xlsx")
    made = openpyxl.load_workbook(tmp_path / "empty.xlsx")
    assert names == [name for name in names if name in {table.name for table in tables()}]
    assert len(names) == len(tables())
    assert made.sheetnames[1:-1] == [label(PACKS[pack], name) for name in names]
    activities = made[label(PACKS[pack], "activities")]
    heading = [cell.value for cell in activities[1]]
    assert heading[:2] == [f"{label(PACKS[pack], 'activities', 'code')}*", label(PACKS[pack], "activities", "kind")]
    assert str(activities["A2"].value).startswith("例：" if PACKS[pack] == "zh" else "e.g. ")
    assert activities.freeze_panes == "B2"
    assert all(cell.comment is not None for cell in activities[1])
    assert any(rule.type == "list" and "B3" in rule.sqref for rule in activities.data_validations.dataValidation)


@pytest.mark.django_db
def test_a_filled_template_comes_in(tmp_path: Path) -> None:
    reads.template("study-practice-zh", tmp_path / "book.xlsx")
    made = openpyxl.load_workbook(tmp_path / "book.xlsx")
    rows: dict[str, list[list[object]]] = {
        "活动方案": [["C", "b", "学习", "学习实践活动", date(2026, 3, 1), date(2026, 12, 31)]],
        "单位": [["b", "教育局", None, "bureau", None, None, None, "是"],
                 ["s1", "一小", None, "school", "b", None, None, "是"]],
        "活动": [["H1", "集中学习", "学习", "s1", None, datetime(2026, 5, 18, 14, 30), None, None, None, None, 30]],
        "考勤": [["H1", "t1", "请假"]], "人员": [["t1", "教师", "s1"]],
    }
    for sheet, listed in rows.items():
        for number, row in enumerate(listed, 3):
            for place, value in enumerate(row, 1):
                made[sheet].cell(number, place, value)
    made.save(tmp_path / "book.xlsx")
    report = import_workbook(tmp_path / "book.xlsx", actor=CONSOLE)
    assert report.total().created == 6
    programme = units.programme("C").id
    assert reads.row("activities", programme, "H1", CONSOLE)["starts_at"] == "2026-05-18T14:30"
    assert reads.row("attendance", programme, "H1/t1", CONSOLE)["status"] == "leave"
    assert reads.row("campaign", programme, "C", CONSOLE)["template"] == "study-practice-zh"


@pytest.mark.parametrize(("pack", "sheet", "ways", "figure", "filter_"), [
    ("study-practice-zh", "任务", ("80余", "近24", "约24"), "开展的活动", "类型=动员大会"),
    ("school-self-review-en", "Duties", ("over 80", "nearly 24", "about 24"), "Activities held", "Kind=Launch meeting"),
])
def test_notes_and_examples_speak_the_sheets_language(
        tmp_path: Path, pack: str, sheet: str, ways: tuple[str, ...], figure: str, filter_: str) -> None:
    reads.template(pack, tmp_path / "book.xlsx")
    made = openpyxl.load_workbook(tmp_path / "book.xlsx")
    guide = " ".join(str(cell) for row in made.worksheets[0].iter_rows(values_only=True) for cell in row)
    notes = [str(cell.comment.text) for each in made.worksheets for cell in each[1]
             if cell.comment and str(cell.comment.text).startswith("headcount\n")]
    assert all(way in guide and way in notes[0] for way in ways)
    assert all(parse_count(way).qualifier != "=" for way in ways)
    assert [cell.value for cell in made[sheet][2]][3:5] == [figure, filter_]


@pytest.mark.django_db
def test_an_empty_template_asks_for_its_campaign(tmp_path: Path) -> None:
    reads.template("school-self-review-en", tmp_path / "book.xlsx")
    with pytest.raises(Refused, match="the table has no row"):
        import_workbook(tmp_path / "book.xlsx", actor=CONSOLE)


def test_an_unknown_pack_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="great-discussion-zh, school-self-review-en, study-practice-zh"):
        reads.template("nothing", tmp_path / "x.xlsx")
    with pytest.raises(Refused, match=r"\.xlsx"):
        reads.template("study-practice-zh", tmp_path / "x.csv")


class TestWords:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_every_table_and_column_has_a_word(self, language: str) -> None:
        missing = [(table.name, column.name) for table in tables() for column in table.columns
                   if language == "zh" and label(language, table.name, column.name) == column.name]
        missing += [(table.name, "") for table in tables() if (table.name, None) not in heading_labels()]
        assert missing == []

    def test_no_word_is_for_a_table_or_column_that_is_not_there(self) -> None:
        known = {(table.name, column) for table in tables()
                 for column in (None, *(each.name for each in table.columns))}
        known |= {(WHERE, key) for figure in figures() for key in figure.offered()}
        assert set(heading_labels()) - known == set()

    def test_no_word_means_two_columns_or_two_tables(self) -> None:
        labels = heading_labels()
        for table in tables():
            meanings: dict[str, set[str]] = {}
            for column in table.columns:
                for word in (column.name, *labels[table.name, column.name]):
                    meanings.setdefault(folded(word), set()).add(column.name)
            assert {word: names for word, names in meanings.items() if len(names) > 1} == {}, table.name
        meanings = {}
        for table in tables():
            for word in (table.name, *labels[table.name, None]):
                meanings.setdefault(folded(word), set()).add(table.name)
        assert {word: names for word, names in meanings.items() if len(names) > 1} == {}

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_every_choice_has_one_word_of_its_own(self, language: str) -> None:
        for table in tables():
            for column in table.columns:
                if column.kind != "choice" or (table.name, column.name) == ("campaign", "template"):
                    continue
                words = choice_labels(table.name, column.name)
                assert set(column.allowed()) <= {value for value, known in words.items() if language in known}, (
                    table.name, column.name)
                meanings: dict[str, set[str]] = {}
                for value in column.allowed():
                    for known in words[value].values():
                        for word in known:
                            meanings.setdefault(folded(word), set()).add(value)
                assert {word for word, values in meanings.items() if len(values) > 1} == set(), (table.name, column.name)
