"""A plan without dates becomes a campaign with dates, on working days, in one import."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.cast import Cast
from zhixing.flow.campaigns import packs
from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.campaigns.packs.planning import Plan, PlannedDuty, PlannedPhase
from zhixing.flow.duties import actions, setting_up
from zhixing.flow.duties.types import Unfit
from zhixing.ground.accounts.models import Grant
from zhixing.ground.figures import reads as figures
from zhixing.ground.kernel.calendar import WorkCalendar
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.types import CONSOLE, Actor, Scope
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.units import reads as units
from zhixing.ground.workbook.types import Faulty, Report

MONDAY = date(2026, 3, 2)
PLAIN = WorkCalendar()


def plan(*dues: str, lengths: tuple[int, ...] = (2, 1)) -> Plan:
    phases = tuple(PlannedPhase(f"P{place}", f"Phase {place}", Decimal(length)) for place, length in enumerate(lengths, 1))
    listed = tuple(PlannedDuty(f"D{place}", "P1", f"Duty {place}", "activities.held", "", Decimal(1), due, ())
                   for place, due in enumerate(dues, 1))
    return Plan(6, phases, listed)


def days(dated: setting_up.Preview) -> list[date]:
    return [each.due_on for each in dated.duties]


def test_phases_share_the_time_without_a_gap_and_begin_on_working_days() -> None:
    dated = setting_up.preview(plan(), MONDAY, PLAIN)
    assert [(each.starts_on, each.ends_on) for each in dated.phases] == [
        (MONDAY, date(2026, 3, 29)), (date(2026, 3, 30), date(2026, 4, 12))]
    moved = setting_up.preview(plan(), MONDAY, WorkCalendar(holidays=[date(2026, 3, 30)]))
    assert moved.phases[1].starts_on == date(2026, 3, 31)
    assert moved.phases[0].ends_on == date(2026, 3, 30)


def test_due_days_count_from_the_phase_and_fall_on_working_days() -> None:
    dated = setting_up.preview(plan("start+15d", "start+5d", "end-10w", "end", "start+3w", "start"), MONDAY, PLAIN)
    assert days(dated) == [
        date(2026, 3, 17), date(2026, 3, 9),  # the 7th is a Saturday: the Monday after it
        date(2026, 3, 16), date(2026, 3, 27),  # the phase ends on a Sunday: the Friday before
        date(2026, 3, 5), MONDAY]


def test_a_day_that_people_work_at_a_weekend_is_a_due_day() -> None:
    worked = WorkCalendar(workdays=[date(2026, 3, 7)])
    assert days(setting_up.preview(plan("start+5d"), MONDAY, worked)) == [date(2026, 3, 7)]


def test_a_day_before_the_phase_is_said_and_moved_into_it() -> None:
    only = setting_up.preview(plan("end-200d"), MONDAY, PLAIN).duties[0]
    assert (only.due_on, only.early) == (MONDAY, True)


@pytest.mark.parametrize(("ends_on", "lengths"), [(MONDAY, (1,)), (date(2026, 3, 4), (1, 1, 1)), (date(2056, 1, 1), (1,))])
def test_too_little_time_and_too_much_are_refused(ends_on: date, lengths: tuple[int, ...]) -> None:
    with pytest.raises(Unfit) as told:
        setting_up.preview(plan(lengths=lengths), MONDAY, PLAIN, ends_on)
    assert set(told.value.faults) == {"ends_on"}


@pytest.mark.parametrize("name", ["study-practice-zh", "great-discussion-zh", "school-self-review-en"])
def test_every_installed_plan_can_be_run_and_no_day_lies_before_its_phase(name: str) -> None:
    dated = setting_up.preview(packs.plan(packs.pack(name)), MONDAY, PLAIN)
    assert len(dated.phases) == 3 and len(dated.duties) >= 10
    assert not [each.duty.code for each in dated.duties if each.early]
    assert all(PLAIN.is_workday(each.due_on) for each in dated.duties)


def begin(actor: Actor = CONSOLE, **other: Any) -> Report:
    given: dict[str, Any] = {
        "pack": "school-self-review-en", "code": "SR", "name": "Self-review", "host": "B", "starts_on": MONDAY,
        "units": ["B", "N1", "N2"], "heads": {"STEER": "B-1"}}
    return actions.set_up(**{**given, **other}, actor=actor)


def test_a_campaign_is_set_up_and_its_duties_count(cast: Cast) -> None:
    before = ledger.size()
    report = begin()
    assert report.programme == "SR" and report.tables["duties"].created == 10
    view = campaigns.campaign("SR")
    assert (view.template, view.starts_on) == ("school-self-review-en", MONDAY)
    assert {code for code, _kind in campaigns.participants(view.programme_id).values()} == {"B", "N1", "N2"}
    assert [each.code for each in campaigns.phases(view.programme_id)] == ["P1", "P2", "P3"]
    assert {each.verb for each in ledger.entries(programme_id=view.programme_id)} == {"workbook.import"}
    assert ledger.size() - before == 7, "one entry a table, of one transaction"
    scope = Scope(view.programme_id, units.unit("B").id, date(2026, 12, 31))
    assert figures.value("duties.due", scope).value == 30
    assert figures.value("duties.met", scope).value == 1, "the steering group of the bureau"
    assert units.unit("N1").name == "North School 1", "what is known of a unit stays"


def test_a_duty_of_the_host_is_owed_by_it_alone(cast: Cast) -> None:
    begin(pack="great-discussion-zh", heads={})
    view = campaigns.campaign("SR")
    scope = Scope(view.programme_id, units.unit("B").id, date(2027, 12, 31))
    assert figures.value("duties.due", scope, {"duty": ["DC1"]}).value == 1


def test_every_fault_of_a_set_up_is_told_by_its_field(cast: Cast) -> None:
    with pytest.raises(Unfit) as told:
        begin(pack="none", code="P1", name=" ", host="X9", ends_on=MONDAY)
    assert set(told.value.faults) == {"pack", "code", "name", "host", "ends_on"}


def test_nothing_is_made_where_a_head_is_nobody(cast: Cast) -> None:
    with pytest.raises(Faulty):
        begin(heads={"STEER": "nobody"})
    assert [each.code for each in units.programmes()] == ["P1"]


def test_units_of_another_host_do_not_take_part(cast: Cast) -> None:
    with pytest.raises(Unfit):
        begin(host="N", units=["N1", "S1"])


@pytest.mark.parametrize("name", ["office", "leader", "secretary", "stranger"])
def test_whoever_keeps_one_campaign_alone_begins_no_other(cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        begin(cast.actor(name), heads={})


def test_who_keeps_the_whole_begins_a_campaign(cast: Cast) -> None:
    assert begin(cast.actor("admin")).programme == "SR"


def test_an_office_begins_a_campaign_in_its_own_branch_alone(cast: Cast) -> None:
    Grant.objects.create(user=cast.users["stranger"], role="office", unit_id=cast.ids["N"])
    office = cast.actor("stranger")
    assert {each.code for each in setting_up.hosts(office, MONDAY)} == {"N", "N1", "N2", "N3"}
    with pytest.raises(Unfit) as told:
        begin(office)
    assert set(told.value.faults) == {"host"}
    assert begin(office, host="N", units=["N", "N1"], heads={"STEER": "N-1"}).programme == "SR"
