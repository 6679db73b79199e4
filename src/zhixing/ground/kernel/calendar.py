"""Working days: Monday to Friday, less the declared holidays, plus the declared make-up workdays (调休).

Which days these are is announced each year, so they are data: one TOML file per year in the package's
`calendars` folder or, going before it, in the folder `calendars` of the data folder. `calendars/example.toml`
shows the form. A year without a file has its weekends and no holidays.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from .errors import Refused
from .home import home

SHIPPED = Path(__file__).parent / "calendars"
_DAY = timedelta(days=1)


class WorkCalendar:
    """`holidays`: rest days whatever the day of the week; `workdays`: workdays whatever the day of the week.
    Raises ValueError for a day that is said to be both."""

    def __init__(self, holidays: Iterable[date] = (), workdays: Iterable[date] = ()) -> None:
        self.holidays = frozenset(holidays)
        self.workdays = frozenset(workdays)
        if both := self.holidays & self.workdays:
            raise ValueError(f"{min(both)} is said to be a holiday and a workday")
        self._fewer = sorted(day.toordinal() for day in self.holidays if day.weekday() < 5)
        self._more = sorted(day.toordinal() for day in self.workdays if day.weekday() >= 5)

    def is_workday(self, day: date) -> bool:
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    def on_or_after(self, day: date) -> date:
        """The day itself, or the first workday after it."""
        while not self.is_workday(day):
            day += _DAY
        return day

    def add(self, day: date, number: int) -> date:
        """The `number`-th workday after `day` (before it, when negative); the day itself does not count.
        For 0, the day itself or the first workday after it. Raises OverflowError beyond the years 1–9999."""
        if number == 0:
            return self.on_or_after(day)
        step, left = (_DAY, number) if number > 0 else (-_DAY, -number)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def between(self, first: date, last: date) -> int:
        """How many workdays come after `first`, up to and including `last`; negative when `last` is before
        `first`. So `between(day, add(day, n)) == n` for n > 0."""
        return self._until(last) - self._until(first)

    def _until(self, day: date) -> int:
        """Workdays from 1 January of year 1, a Monday, to this day."""
        number = day.toordinal()
        weeks, rest = divmod(number, 7)
        return weeks * 5 + min(rest, 5) - bisect_right(self._fewer, number) + bisect_right(self._more, number)


def work_calendar(folder: Path | None = None) -> WorkCalendar:
    """The calendar of this installation: the files of its folder `calendars`, and the package's for years
    that it has none for. Raises Refused, naming the file and the fault, when one cannot be used."""
    return _load(tuple((path, path.stat().st_mtime_ns) for path in _files(folder).values()))


def years(folder: Path | None = None) -> list[int]:
    """The years for which holidays are known."""
    return sorted(int(name) for name in _files(folder))


def _files(folder: Path | None) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for place in (SHIPPED, folder or home() / "calendars"):
        found |= {path.stem: path for path in sorted(place.glob("[0-9][0-9][0-9][0-9].toml"))}
    return found


@lru_cache(maxsize=8)
def _load(files: tuple[tuple[Path, int], ...]) -> WorkCalendar:
    holidays: set[date] = set()
    workdays: set[date] = set()
    for path, _changed in files:
        rest, work = read_year(path)
        holidays |= rest
        workdays |= work
    return WorkCalendar(holidays, workdays)


def read_year(path: Path) -> tuple[set[date], set[date]]:
    """Holidays and make-up workdays of one file. Raises Refused."""
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(_("The calendar %(path)s cannot be read: %(error)s.")
                      % {"path": path, "error": error}) from None
    try:
        if unknown := data.keys() - {"year", "source", "workdays", "holiday"}:
            raise ValueError(_("“%(name)s” is not known here") % {"name": min(unknown)})
        if data.get("year") != int(path.stem):
            raise ValueError(_("year has to be %(year)s, as in the file's name") % {"year": path.stem})
        holidays = {day for entry in _list(data, "holiday") for day in _span(entry)}
        workdays = {_day(value) for value in _list(data, "workdays")}
        _check(holidays, workdays, int(path.stem))
    except ValueError as error:
        raise Refused(_("The calendar %(path)s cannot be used: %(error)s.")
                      % {"path": path, "error": error}) from None
    return holidays, workdays


def _list(data: Mapping[str, object], name: str) -> list[object]:
    value = data.get(name, [])
    if not isinstance(value, list):
        raise ValueError(_("%(name)s has to be a list") % {"name": name})
    return value


def _day(value: object) -> date:
    if type(value) is not date:
        raise ValueError(_("“%(value)s” is not a day; write it without quotes, as 2026-05-18")
                         % {"value": value})
    return value


def _span(entry: object) -> list[date]:
    """[[holiday]] with `from`, perhaps `to`, perhaps `name`."""
    if not isinstance(entry, dict) or "from" not in entry or entry.keys() - {"name", "from", "to"}:
        raise ValueError(_("each [[holiday]] has `from` and, where it wants, `to` and `name`"))
    first = _day(entry["from"])
    last = _day(entry.get("to", first))
    if last < first or (last - first).days > 60:
        raise ValueError(_("the holiday of %(day)s has to end on that day or within 60 days after it")
                         % {"day": first})
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _check(holidays: set[date], workdays: set[date], year: int) -> None:
    """A holiday may reach into the neighbouring year (New Year); a make-up workday is a weekend's day."""
    for day in sorted(holidays | workdays):
        if abs(day.year - year) > 1 or (day.year != year and day.month not in (1, 12)):
            raise ValueError(_("%(day)s is not in %(year)s") % {"day": day, "year": year})
        if day in holidays and day in workdays:
            raise ValueError(_("%(day)s is said to be a holiday and a workday") % {"day": day})
        if day in workdays and day.weekday() < 5:
            raise ValueError(_("%(day)s is no weekend's day, so it cannot be a make-up workday")
                             % {"day": day})
