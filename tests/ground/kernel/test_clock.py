from __future__ import annotations

from datetime import date, datetime

import pytest

from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import Refused


def test_moments_have_whole_seconds_and_no_zone() -> None:
    for moment in (clock.now(), clock.stamp()):
        assert moment.microsecond == 0 and moment.tzinfo is None


def test_a_fixed_clock_stands_still_and_goes_on_afterwards() -> None:
    with clock.fixed(datetime(2026, 5, 18, 14, 30, 7, 999)):
        assert clock.now() == clock.stamp() == datetime(2026, 5, 18, 14, 30, 7)
        with clock.fixed(date(2026, 6, 1)):
            assert clock.now() == datetime(2026, 6, 1, 9)
        assert clock.today() == date(2026, 5, 18)
    assert clock.stamp() > datetime(2026, 6, 1, 9) or clock.stamp().year < 2026


def test_a_process_can_stand_on_another_day_but_not_stamp_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIXING_TODAY", "2009-03-18")
    assert clock.today() == clock.now().date() == date(2009, 3, 18)
    assert clock.stamp().year > 2009


def test_a_fixed_clock_goes_before_the_day_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIXING_TODAY", "2009-03-18")
    with clock.fixed(date(2026, 5, 18)):
        assert clock.today() == date(2026, 5, 18)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "18.05.2026"])
def test_a_day_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ZHIXING_TODAY", text)
    with pytest.raises(Refused, match="ZHIXING_TODAY"):
        clock.today()
