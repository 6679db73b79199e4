"""The demonstration: the same bytes for the same arguments, sound by the ordinary door, contradictory exactly
where it is meant to be."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.test import Client

from tests.books import write_book
from tests.conftest import Cli
from zhixing.flow.checks import reads as checks
from zhixing.flow.duties import reads as duties
from zhixing.flow.duties.types import STATES
from zhixing.ground.accounts.actions import set_password
from zhixing.ground.figures import reads as figures
from zhixing.ground.kernel import clock, tables
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.figures import figures as catalogue
from zhixing.ground.kernel.types import CONSOLE, ROLES, Scope
from zhixing.ground.units import reads as units
from zhixing.ground.workbook.actions import import_workbook
from zhixing.shell.demo import PACK, PACKS, Written, accounts, asked, campaign_code, write_demo

TUESDAY = date(2026, 11, 24)
ALL_UNITS = 187


def written(folder: Path, size: int = ALL_UNITS, day: date = TUESDAY, pack: str = PACK) -> Written:
    return write_demo(folder, size, today=day, pack=pack)


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        whole.update(file.name.encode() + file.read_bytes())
    return whole.hexdigest()


def loaded(folder: Path, size: int = ALL_UNITS, day: date = TUESDAY, pack: str = PACK) -> tuple[Written, Scope]:
    said = written(folder, size, day, pack)
    import_workbook(folder, actor=CONSOLE)
    programme = units.programme(said.campaign)
    return said, Scope(programme.id, programme.host_unit_id, day)


@pytest.mark.parametrize("size", [12, ALL_UNITS])
def test_the_same_arguments_give_the_same_bytes(tmp_path: Path, size: int) -> None:
    written(tmp_path / "one", size)
    written(tmp_path / "two", size)
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


def test_another_day_moves_the_dates_and_nothing_else(tmp_path: Path) -> None:
    written(tmp_path / "one")
    written(tmp_path / "two", day=TUESDAY + timedelta(days=7))
    people = [(tmp_path / name / "people.csv").read_bytes() for name in ("one", "two")]
    assert people[0] == people[1]
    counted = [{file.name: file.read_bytes().count(b"\n") for file in (tmp_path / name).iterdir()}
               for name in ("one", "two")]
    assert counted[0] == counted[1]


def test_a_county_of_187_units_and_some_3000_people(tmp_path: Path) -> None:
    written(tmp_path)
    taking_part = [row for row in rows(tmp_path, "units") if row["participates"] == "yes"]
    assert Counter(row["kind"] for row in taking_part) == {"bureau": 1, "school_district": 15, "school": 171}
    assert 2700 <= len(rows(tmp_path, "people")) <= 3300


@pytest.mark.parametrize("size", [12, 13, 60, 300])
def test_any_size_has_so_many_units(tmp_path: Path, size: int) -> None:
    written(tmp_path, size)
    assert sum(row["participates"] == "yes" for row in rows(tmp_path, "units")) == size


def test_fewer_than_a_dozen_units_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        written(tmp_path, 11)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("pack", list(PACKS))
def test_every_table_of_the_house_has_rows(tmp_path: Path, pack: str) -> None:
    written(tmp_path, pack=pack)
    there = {file.stem for file in tmp_path.iterdir() if rows(tmp_path, file.stem)}
    assert there == {table.name for table in tables.tables()}


def test_every_column_of_the_house_is_filled_somewhere(tmp_path: Path) -> None:
    """But those that would lead to somebody, or to a file that is not there."""
    written(tmp_path)
    empty = {f"{table.name}.{column.name}" for table in tables.tables() for column in table.columns
             if not any(row.get(column.name) for row in rows(tmp_path, table.name))}
    assert empty == {"people.phone", "people.email", "filings.file"}


def test_names_are_roles_and_numbers(tmp_path: Path) -> None:
    """No name could be anybody's: each is a post, with the division or a number where there are several."""
    written(tmp_path)
    patterns = {re.sub(r"\d+", "#", row["name"]) for row in rows(tmp_path, "people")}
    divisions = {row["name"] for row in rows(tmp_path, "units") if row["kind"] == "division"}
    own = {name for name in patterns if not any(name.startswith(division) for division in divisions)}
    assert own == {"局长", "党组书记", "副局长#", "纪检组长", "督学主任", "离退休干部#", "学区主任",
                   "学区副主任", "学区干事#", "校长", "副校长", "教导主任", "教师#"}


def test_what_people_said_is_many_different_lines(tmp_path: Path) -> None:
    written(tmp_path)
    said = [row["text"] for row in rows(tmp_path, "opinions")]
    assert len(said) > 250 and len(set(said)) == len(said)
    assert all(4 < len(text) < 60 for text in said)


def test_nothing_happened_after_today(tmp_path: Path) -> None:
    """Whatever day of the week it is: what the records say was done lies behind."""
    for weekday in range(7):
        day = TUESDAY + timedelta(days=weekday)
        folder = tmp_path / str(weekday)
        written(folder, 40, day)
        done = {"activities": "starts_at", "attendance": "made_up_on", "echoes": "on", "events": "on",
                "filings": "accepted_on", "notes": "submitted_on", "opinions": "received_on",
                "publicity": "on", "reports": "completed_on", "issues": "closed_on",
                "information": "submitted_on"}
        for table, column in done.items():
            late = [row for row in rows(folder, table) if row[column][:10] > day.isoformat()]
            assert not late, f"{table} on weekday {weekday}: {late[:2]}"


@pytest.mark.django_db
@pytest.mark.parametrize(("weekday", "size", "pack"), [
    (0, ALL_UNITS, PACK), (2, 12, PACK), (5, 60, PACK), (6, ALL_UNITS, PACK), (0, ALL_UNITS, "school-self-review-en")])
def test_the_contradictions_found_are_those_planted(tmp_path: Path, weekday: int, size: int, pack: str) -> None:
    said, scope = loaded(tmp_path, size, TUESDAY + timedelta(days=weekday), pack)
    found = [(each.lint, each.finding.records[0]) for each in checks.contradictions(scope)]
    assert Counter(found) == Counter((each.lint, each.record) for each in said.planted)


@pytest.mark.django_db
@pytest.mark.parametrize("weekday", range(7))
def test_every_state_of_a_duty_occurs_on_any_day(tmp_path: Path, weekday: int) -> None:
    day = TUESDAY + timedelta(days=weekday)
    said, scope = loaded(tmp_path, 60, day)
    with clock.fixed(datetime.combine(day, time(9))):
        for _time in range(2):
            asked.ask_for_time(said.campaign, "away")
    assert len(duties.open_requests(scope.programme_id, "")) == 1, "asked once"
    stood = Counter(each.state for each in duties.states(scope.programme_id, day))
    assert set(stood) == set(STATES)
    assert stood["met"] > sum(stood.values()) / 2, "most duties are met: lateness is the exception"


@pytest.mark.django_db
@pytest.mark.parametrize("pack", list(PACKS))
def test_every_figure_is_known_but_the_one_that_must_be_asked_by_name(tmp_path: Path, pack: str) -> None:
    _said, scope = loaded(tmp_path, pack=pack)
    values = {each.name: figures.value(each.name, scope).value for each in catalogue()}
    assert {name for name, value in values.items() if value is None} == {"facts.stated"}
    assert {name for name, value in values.items() if value == 0} == set()


@pytest.mark.django_db
def test_it_comes_in_without_faults_and_a_second_time_unchanged(tmp_path: Path) -> None:
    written(tmp_path)
    first = import_workbook(tmp_path, actor=CONSOLE)
    again = import_workbook(tmp_path, actor=CONSOLE)
    assert again.total().unchanged == first.total().created > 10_000
    assert (again.total().created, again.total().updated) == (0, 0)


@pytest.mark.django_db
def test_each_role_signs_in(tmp_path: Path) -> None:
    loaded(tmp_path, 40)
    opened = accounts.open_accounts(campaign_code())
    assert [each.role for each in opened] == list(ROLES)
    for each in opened:
        reply = Client().post("/sign-in/", {"name": each.name, "password": each.password})
        assert reply.status_code == 302, each.name


@pytest.mark.django_db
def test_the_school_with_a_sign_in_has_something_to_do(tmp_path: Path) -> None:
    _said, scope = loaded(tmp_path)
    secretary = next(each for each in accounts.open_accounts(campaign_code()) if each.role == "secretary")
    path = units.unit(secretary.unit, TUESDAY).path
    assert len({each.state for each in duties.states(scope.programme_id, TUESDAY, path=path)}) >= 3


def test_the_english_one_has_no_chinese(tmp_path: Path) -> None:
    written(tmp_path, pack="school-self-review-en")
    assert not [file.name for file in tmp_path.iterdir() if re.search("[\u4e00-\u9fff]", file.read_text("utf-8"))]


def test_running_it_twice_is_harmless(cli: Cli) -> None:
    first = cli("demo", "--no-serve", "--units", "20", json=True).data
    size = cli("ledger", "head").out
    second = cli("demo", "--no-serve", "--units", "20", json=True).data
    assert (first["loaded"], second["loaded"]) == (True, False)
    assert first["sign_ins"] == second["sign_ins"]
    assert cli("ledger", "head").out == size


@pytest.mark.django_db
def test_a_changed_password_is_left_alone(tmp_path: Path) -> None:
    loaded(tmp_path, 12)
    accounts.open_accounts(campaign_code())
    set_password("office", "another long password", actor=CONSOLE)
    again = {each.name: each.password for each in accounts.open_accounts(campaign_code())}
    assert (again["office"], again["leader"]) == ("", accounts.PASSWORD)


def test_a_folder_with_a_campaign_of_its_own_is_refused(cli: Cli, tmp_path: Path) -> None:
    cli("import", write_book(tmp_path / "book"))
    said = cli("demo", "--no-serve", expect=1, ZHIXING_LANG="en")
    assert "holds campaigns of its own (C)" in said.err
    assert cli("figures", "C", "units.participating", json=True).data[0]["value"] == 3
