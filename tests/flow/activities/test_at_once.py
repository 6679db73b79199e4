"""Two presses of one form, and many units at once: on the database as it is, with threads of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.cast import Cast, make_cast
from zhixing.flow.activities import actions
from zhixing.flow.activities.models import Activity, Attendance, SignIn
from zhixing.flow.activities.types import Mark
from zhixing.ground.ledger import reads as ledger

CELLS = {"kind": "group_study", "title": "A study", "starts_at": "2026-05-18T14:30", "roster": "unit"}


@pytest.fixture
def county(clock: object, transactional_db: None) -> Cast:
    return make_cast()


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each gave, or the error that it raised."""
    gate, given = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        gate.wait()
        try:
            given[place] = work()
        except Exception as error:  # told to the test, whatever it is
            given[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_two_presses_at_the_same_moment_make_one(county: Cast) -> None:
    actor = county.actor("secretary")

    def press() -> bool:
        return actions.hold(county.programme_id, county.ids["N1"], "260518-abcdef", CELLS, {"N1-2": Mark("leave")},
                            actor=actor)

    assert sorted(at_once(press, press, press, press)) == [False, False, False, True]
    assert Activity.objects.count() == Attendance.objects.count() == 1
    assert ledger.size() == 2 and not ledger.verify()


def test_many_units_at_once_lose_nothing(county: Cast) -> None:
    actor = county.actor("office")

    def hand_in(unit: str, number: int) -> Callable[[], bool]:
        return lambda: actions.hold(county.programme_id, county.ids[unit], f"260518-{unit.lower()}{number}", CELLS,
                                    {f"{unit}-1": Mark("absent")}, actor=actor)

    units = ["N1", "N2", "N3", "S1", "S2"]
    given = at_once(*(hand_in(unit, number) for unit in units for number in range(4)))
    assert given == [True] * 20
    assert Activity.objects.count() == Attendance.objects.count() == 20
    assert ledger.size() == 40 and not ledger.verify()


def test_one_name_sent_twice_at_once_is_one(county: Cast) -> None:
    actions.hold(county.programme_id, county.ids["N1"], "260518-abcdef", CELLS, {}, actor=county.actor("secretary"))
    row = Activity.objects.get()
    from zhixing.flow.activities import reads

    view = reads.session(county.programme_id, row.code, county.actor("secretary"))
    ticket = actions.ticket(view, actions.token(row.id)[0])
    given = at_once(*(lambda: actions.sign_in(view, ticket, "Person N1-2").kind for _each in range(4)))
    assert sorted(given) == ["done", "twice", "twice", "twice"]
    assert SignIn.objects.count() == 1
