"""Asking, deciding, the steps of a gate and own targets: the rules, and what the ledger keeps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.shell.pages import TABLES, bring_in
from zhixing.flow.campaigns.models import Campaign
from zhixing.flow.duties import actions, permits, reads
from zhixing.flow.duties.models import Extension, OwnTarget, Passage, Request, Waiver
from zhixing.flow.duties.types import Unfit
from zhixing.ground.kernel import clock as kernel_clock
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.types import CONSOLE, Actor, Grant
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.workbook import actions as workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SECOND = "code,kind,title,unit,phase,starts_at\nA6,group_study,Second study,N1,PH1,2026-05-10"


@pytest.fixture
def kept(clock: object, cast: Cast, tmp_path: Path) -> Cast:
    bring_in(tmp_path / "book", **TABLES)
    return cast


@pytest.fixture
def ready(kept: Cast, tmp_path: Path) -> Cast:
    """School 1 of the north has met what the first phase asks."""
    bring_in(tmp_path / "more", activities=SECOND)
    return kept


def asked(kept: Cast, kind: str = "extend", until: date | None = date(2026, 9, 30), unit: str = "N1") -> int:
    return actions.ask(kept.programme_id, "D2", unit, kind=kind, reason=" The hall is closed ", until=until,
                       actor=kept.actor("secretary" if unit == "N1" else "office"))


def state(kept: Cast, duty: str = "D2", unit: str = "N1") -> str:
    found = reads.own_states(kept.programme_id, kernel_clock.today(), kept.ids[unit])
    return next(each.state for each in found if each.duty.code == duty)


def verbs(kept: Cast, subject: str) -> list[str]:
    return [each.verb for each in ledger.of_subject(subject, kept.programme_id)]


def test_an_extension_that_is_agreed_moves_the_day(kept: Cast) -> None:
    number = asked(kept)
    assert state(kept) == "under_way"
    actions.decide(kept.programme_id, number, approve=True, actor=kept.actor("office"))
    assert state(kept) == "extended"
    given = Extension.objects.get()
    assert (given.kind, given.until, given.reason, given.by) == (
        "extended", date(2026, 9, 30), "The hall is closed", "office")
    assert verbs(kept, f"requests/{number}") == ["duties.decide", "duties.ask"]


def test_a_decision_that_is_taken_back_leaves_nothing(kept: Cast) -> None:
    number = asked(kept)
    office = kept.actor("office")
    actions.decide(kept.programme_id, number, approve=True, actor=office)
    actions.undo_decision(kept.programme_id, number, actor=office)
    assert state(kept) == "under_way"
    assert [each.id for each in reads.open_requests(kept.programme_id, kept.path("B"))] == [number]
    assert verbs(kept, f"requests/{number}")[0] == "duties.undo_decision"
    actions.decide(kept.programme_id, number, approve=False, why="No", actor=office)
    assert reads.request(kept.programme_id, number).decision == "refused"


def test_a_waiver_that_is_agreed_is_the_waiver_of_the_workbook(kept: Cast) -> None:
    number = asked(kept, "waive", None)
    office = kept.actor("office")
    actions.decide(kept.programme_id, number, approve=True, actor=office)
    assert state(kept) == "waived"
    assert verbs(kept, "waivers/D2/N1") == ["workbook.add"]
    actions.undo_decision(kept.programme_id, number, actor=office)
    assert verbs(kept, "waivers/D2/N1") == ["workbook.remove", "workbook.add"]
    assert not Waiver.objects.filter(unit=kept.ids["N1"]).exists()


def test_a_waiver_that_was_changed_since_is_not_taken_out_blindly(kept: Cast) -> None:
    number = asked(kept, "waive", None)
    office = kept.actor("office")
    actions.decide(kept.programme_id, number, approve=True, actor=office)
    workbook.save_row("waivers", kept.programme_id, {"reason": "Merged"}, actor=office, code="D2/N1")
    with pytest.raises(Refused, match="changed since"):
        actions.undo_decision(kept.programme_id, number, actor=office)
    assert reads.request(kept.programme_id, number).decision == "approved"


def test_a_decision_is_taken_once(kept: Cast) -> None:
    number = asked(kept)
    office = kept.actor("office")
    actions.decide(kept.programme_id, number, approve=False, why="The gym is open", actor=office)
    size = ledger.size()
    with pytest.raises(Refused, match="decided already"):
        actions.decide(kept.programme_id, number, approve=True, actor=office)
    assert Extension.objects.count() == 0
    assert ledger.size() == size


def test_one_duty_is_asked_about_once_at_a_time(kept: Cast) -> None:
    first = asked(kept)
    with pytest.raises(Refused, match="has not decided yet"):
        asked(kept)
    actions.withdraw(kept.programme_id, first, actor=kept.actor("secretary"))
    assert asked(kept) != first


@pytest.mark.parametrize(("kind", "reason", "until", "wrong"), [
    ("", "why", None, {"kind"}), ("waive", " ", None, {"reason"}), ("extend", "", None, {"reason", "until"}),
    ("extend", "why", date(2026, 5, 1), {"until"}), ("extend", "why", date(2026, 8, 31), {"until"}),
])
def test_what_is_asked_has_to_be_fit(kept: Cast, kind: str, reason: str, until: date | None, wrong: set[str]) -> None:
    with pytest.raises(Unfit) as caught:
        actions.ask(kept.programme_id, "D2", "N1", kind=kind, reason=reason, until=until, actor=kept.actor("secretary"))
    assert set(caught.value.faults) == wrong
    assert Request.objects.count() == 0


def test_nothing_is_asked_about_what_is_done_set_aside_or_not_owed(kept: Cast) -> None:
    ask = {"kind": "waive", "reason": "why", "actor": CONSOLE}
    for duty, unit, words in (("D1", "N1", "met already"), ("D1", "S2", "set aside"), ("D2", "B", "does not owe")):
        with pytest.raises(Refused, match=words):
            actions.ask(kept.programme_id, duty, unit, **ask)


def test_a_step_is_refused_that_is_not_next(ready: Cast) -> None:
    programme = ready.programme_id
    with pytest.raises(Refused, match="does not stand"):
        actions.review(programme, "PH1", "N1", actor=ready.actor("supervisor"))
    actions.propose(programme, "PH1", "N1", actor=ready.actor("secretary"))
    with pytest.raises(Refused, match="does not stand"):
        actions.propose(programme, "PH1", "N1", actor=ready.actor("secretary"))
    with pytest.raises(Refused, match="does not stand"):
        actions.pass_gate(programme, "PH1", "N1", actor=ready.actor("leader"))
    assert verbs(ready, "gates/PH1/N1") == ["duties.proposed"]


def test_nobody_judges_the_own_unit_unless_it_hosts_the_campaign() -> None:
    school, host = "0000001" * 3, "0000001"
    own = Actor("person", "a", 1, (Grant("leader", school, 1), Grant("supervisor", school, 1)))
    above = Actor("person", "b", 2, (Grant("leader", host, 1),))
    assert not permits.may_step(own, "pass", 1, school, host)
    assert not permits.may_step(own, "review", 1, school, host)
    assert permits.may_step(above, "pass", 1, school, host)
    assert permits.may_step(above, "pass", 1, host, host)
    assert not permits.may_step(above, "pass", 2, school, host), "another campaign"


def test_what_was_sent_back_is_made_up_by_more_than_there_was(ready: Cast, tmp_path: Path) -> None:
    programme = ready.programme_id
    actions.propose(programme, "PH1", "N1", actor=ready.actor("secretary"))
    actions.send_back(programme, "PH1", "N1", reason="Only six came", reopen=["D2"], until=date(2026, 6, 10),
                      actor=ready.actor("leader"))
    assert state(ready) == "extended"
    with pytest.raises(Refused, match="Still missing: Study twice"):
        actions.propose(programme, "PH1", "N1", actor=ready.actor("secretary"))
    bring_in(tmp_path / "third", activities=SECOND.replace("A6", "A7"))
    assert state(ready) == "made_up_late"
    actions.propose(programme, "PH1", "N1", actor=ready.actor("secretary"))
    steps = reads.passages(programme, "PH1", ready.path("N1"))
    assert [each.step for each in steps] == ["proposed", "returned", "proposed"]
    assert steps[1].reopened == ("D2",)


def test_a_unit_that_passed_can_be_called_back_by_leaders_alone(ready: Cast) -> None:
    programme = ready.programme_id
    actions.propose(programme, "PH1", "N1", actor=ready.actor("secretary"))
    actions.review(programme, "PH1", "N1", actor=ready.actor("supervisor"))
    with pytest.raises(NotAllowed):
        actions.send_back(programme, "PH1", "N1", reason="No", actor=ready.actor("supervisor"))
    actions.pass_gate(programme, "PH1", "N1", actor=ready.actor("leader"))
    actions.send_back(programme, "PH1", "N1", reason="The minutes were copied", actor=ready.actor("leader"))
    assert reads.last_steps(programme, ready.path("B"), steps=("returned",)).keys() == {("PH1", ready.ids["N1"])}


def test_sending_back_is_all_or_nothing(ready: Cast) -> None:
    programme = ready.programme_id
    actions.propose(programme, "PH1", "N1", actor=ready.actor("secretary"))
    Waiver.objects.create(programme_id=programme, duty_id=reads.duties(programme, codes=["D1"])[0].id,
                          unit_id=ready.ids["N1"], reason="Merged", by="B")
    with pytest.raises(Refused, match="nothing to make up"):
        actions.send_back(programme, "PH1", "N1", reason="No", reopen=["D2", "D1"], until=date(2026, 6, 10),
                          actor=ready.actor("leader"))
    assert Extension.objects.count() == 0
    assert Passage.objects.count() == 1
    with pytest.raises(Unfit) as caught:
        actions.send_back(programme, "PH1", "N1", reason="", reopen=["D9"], actor=ready.actor("leader"))
    assert set(caught.value.faults) == {"reason", "until", "reopen"}


def test_a_unit_waits_for_its_superiors_transition_meeting_where_the_pack_says_so(ready: Cast, tmp_path: Path) -> None:
    programme = ready.programme_id
    Campaign.objects.filter(programme=programme).update(template="study-practice-zh")
    with pytest.raises(Refused, match="North District has not held its transition meeting"):
        actions.propose(programme, "PH1", "N1", actor=ready.actor("secretary"))
    heading = "code,kind,title,unit,phase,starts_at\n"
    bring_in(tmp_path / "third", activities=f"{heading}A8,transition,It opened the phase,N,PH1,2026-03-02")
    with pytest.raises(Refused, match="North District"):
        actions.propose(programme, "PH1", "N1", actor=ready.actor("secretary"))
    bring_in(tmp_path / "fourth", activities=f"{heading}A9,transition,It opens the next,N,PH2,2026-05-16")
    actions.propose(programme, "PH1", "N1", actor=ready.actor("secretary"))


def test_own_targets_are_stricter_and_the_differences_are_told(kept: Cast) -> None:
    programme, secretary = kept.programme_id, kept.actor("secretary")
    for laxer, field in (({"at_least": Decimal(1)}, "at_least"), ({"due_on": date(2026, 9, 1)}, "due_on")):
        with pytest.raises(Unfit) as caught:
            actions.set_target(programme, "D2", "N1", actor=secretary, **laxer)
        assert set(caught.value.faults) == {field}
    actions.set_target(programme, "D2", "N1", at_least=Decimal(3), due_on=date(2026, 8, 31), note="More",
                       actor=secretary)
    told = reads.differences(programme, kept.ids["N1"])
    assert [(each.duty.code, each.at_least, each.due_on, each.note) for each in told] == [("D2", 3, None, "More")]
    size = ledger.size()
    actions.set_target(programme, "D2", "N1", at_least=Decimal(3), note="More", actor=secretary)
    assert ledger.size() == size, "the same again is no change"
    actions.set_target(programme, "D2", "N1", actor=secretary)
    assert OwnTarget.objects.count() == 0
    assert verbs(kept, "own_targets/D2/N1") == ["duties.set_target"] * 2


def test_what_is_not_the_actors_is_not_there(kept: Cast) -> None:
    other = kept.actor("other")
    number = asked(kept)
    with pytest.raises(NotFound):
        actions.ask(kept.programme_id, "D2", "N1", kind="waive", reason="why", actor=other)
    with pytest.raises(NotFound):
        actions.decide(kept.programme_id, number, approve=True, actor=other)
    with pytest.raises(NotFound):
        actions.propose(kept.programme_id, "PH1", "N1", actor=other)
    with pytest.raises(NotFound):
        actions.set_target(kept.programme_id, "D2", "N1", at_least=Decimal(5), actor=other)
