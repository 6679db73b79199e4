from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing.ground.kernel.calendar import SHIPPED, WorkCalendar, read_year, work_calendar, years
from zhixing.ground.kernel.errors import Refused

pytestmark = pytest.mark.usefixtures("english")

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    holidays = draw(st.sets(DAYS, max_size=60))
    return WorkCalendar(holidays, draw(st.sets(DAYS, max_size=60)) - holidays)


SPRING = WorkCalendar(
    holidays=[date(2026, 2, 16) + timedelta(days=n) for n in range(5)], workdays=[date(2026, 2, 14)]
)


def test_a_weekday_is_a_workday_and_a_weekend_is_not() -> None:
    plain = WorkCalendar()
    assert plain.is_workday(date(2026, 5, 18))
    assert not plain.is_workday(date(2026, 5, 16))
    assert not plain.is_workday(date(2026, 5, 17))


def test_a_holiday_is_no_workday_and_a_make_up_saturday_is_one() -> None:
    assert not SPRING.is_workday(date(2026, 2, 16))
    assert SPRING.is_workday(date(2026, 2, 14))


def test_three_workdays_from_friday_the_13th_count_the_make_up_saturday_and_skip_the_festival() -> None:
    assert SPRING.add(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert SPRING.add(date(2026, 2, 13), 3) == date(2026, 2, 24)
    assert SPRING.add(date(2026, 2, 24), -3) == date(2026, 2, 13)


def test_no_workdays_from_a_rest_day_is_the_next_workday() -> None:
    assert SPRING.add(date(2026, 2, 17), 0) == date(2026, 2, 23)
    assert SPRING.add(date(2026, 2, 23), 0) == date(2026, 2, 23)


def test_a_day_cannot_be_holiday_and_workday() -> None:
    with pytest.raises(ValueError, match="2026-02-14"):
        WorkCalendar([date(2026, 2, 14)], [date(2026, 2, 14)])


@given(calendars(), DAYS, DAYS)
def test_between_counts_the_workdays_one_by_one(calendar: WorkCalendar, first: date, last: date) -> None:
    span = [first + timedelta(days=n + 1) for n in range((last - first).days)]
    if last >= first:
        assert calendar.between(first, last) == sum(map(calendar.is_workday, span))
    assert calendar.between(first, last) == -calendar.between(last, first)


@given(calendars(), DAYS, st.integers(1, 80))
def test_add_and_between_undo_each_other(calendar: WorkCalendar, day: date, number: int) -> None:
    after = calendar.add(day, number)
    assert calendar.is_workday(after) and after > day
    assert calendar.between(day, after) == number
    assert calendar.add(after, -number) == day or not calendar.is_workday(day)


@given(calendars(), DAYS, st.integers(1, 40), st.integers(1, 40))
def test_adding_in_two_steps_is_adding_at_once(calendar: WorkCalendar, day: date, a: int, b: int) -> None:
    assert calendar.add(calendar.add(day, a), b) == calendar.add(day, a + b)


def written(folder: Path, text: str, year: int = 2026) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{year}.toml"
    path.write_text(text, "utf-8")
    return path


def test_an_installation_brings_its_own_year(tmp_path: Path) -> None:
    written(tmp_path, 'year = 2026\nworkdays = [2026-02-14]\n[[holiday]]\nname = "春节"\n'
                      "from = 2026-02-16\nto = 2026-02-20\n")
    calendar = work_calendar(tmp_path)
    assert calendar.holidays == SPRING.holidays and calendar.workdays == SPRING.workdays
    assert 2026 in years(tmp_path)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    import os

    path = written(tmp_path, "year = 2026\nworkdays = [2026-02-14]\n")
    assert work_calendar(tmp_path).is_workday(date(2026, 2, 14))
    path.write_text("year = 2026\n")
    os.utime(path, ns=(1, 1))
    assert not work_calendar(tmp_path).is_workday(date(2026, 2, 14))


def test_the_example_has_the_right_form_and_is_not_read(tmp_path: Path) -> None:
    copy = written(tmp_path / "x", (SHIPPED / "example.toml").read_text("utf-8"))
    assert read_year(copy)[1] == {date(2026, 2, 14), date(2026, 2, 28)}
    assert 2026 not in years(tmp_path)


@pytest.mark.parametrize(("text", "said"), [
    ("year = ", "cannot be read"),
    ("year = 2025", "year has to be 2026"),
    ("year = 2026\nholidays = [2026-01-01]", "“holidays” is not known"),
    ("year = 2026\nworkdays = ['2026-02-14']", "is not a day"),
    ("year = 2026\nworkdays = [2026-02-14T10:00:00]", "is not a day"),
    ("year = 2026\nworkdays = 3", "has to be a list"),
    ("year = 2026\nworkdays = [2026-02-13]", "no weekend's day"),
    ("year = 2026\nworkdays = [2028-02-12]", "is not in 2026"),
    ("year = 2026\n[[holiday]]\nto = 2026-01-01", "has `from`"),
    ("year = 2026\n[[holiday]]\nfrom = 2026-01-02\nto = 2026-01-01", "has to end"),
    ("year = 2026\nworkdays = [2026-02-14]\n[[holiday]]\nfrom = 2026-02-14", "a holiday and a workday"),
])
def test_a_faulty_calendar_is_refused_with_its_name_and_fault(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(Refused, match=said) as refused:
        work_calendar(tmp_path)
    assert str(path) in str(refused.value)
