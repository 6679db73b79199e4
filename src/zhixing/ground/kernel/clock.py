"""What day and time it is. Nothing else in the house asks the machine for the time, so that tests can fix it
and an office can look at the state of an earlier day.

Moments are local to the office (ZHIXING_ZONE, set by the settings), without a zone, in whole seconds.

ZHIXING_TODAY=YYYY-MM-DD sets the day of a whole process for `today` and `now`. It does not move `stamp`,
with which the ledger and files say when something was really written.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from .errors import Refused

_fixed: datetime | None = None


def stamp() -> datetime:
    """The real moment (or the fixed one), whatever ZHIXING_TODAY says."""
    return _fixed or datetime.now().replace(microsecond=0)


def now() -> datetime:
    """The moment: the process's day, at the time of day it really is."""
    moment = stamp()
    return moment if _fixed else datetime.combine(_set_day() or moment.date(), moment.time())


def today() -> date:
    return now().date()


@contextmanager
def fixed(moment: date | datetime) -> Iterator[datetime]:
    """Within the block, it is this moment (09:00 when only a day is given), in every thread. For tests."""
    global _fixed
    whole = moment if isinstance(moment, datetime) else datetime.combine(moment, time(9))
    whole = whole.replace(microsecond=0)
    before, _fixed = _fixed, whole
    try:
        yield whole
    finally:
        _fixed = before


def _set_day() -> date | None:
    text = os.environ.get("ZHIXING_TODAY")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("ZHIXING_TODAY: %(text)s is not a day; write it as 2026-05-18.")
                      % {"text": text}) from None
