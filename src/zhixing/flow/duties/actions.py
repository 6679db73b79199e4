"""Every write of this room: requests and what is decided about them, steps at a gate, own targets, letters. Each is
one transaction with its entry in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger.actions import record
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import UnitView

from . import permits, reads, rules
from .models import Extension, Letter, OwnTarget, Passage, Request, Waiver
from .setting_up import set_up as set_up
from .types import DutyView, State, Unfit

NAMED = 6
"""So many of the missing duties are named."""


def _duty(programme_id: int, code: str) -> DutyView:
    found = reads.duties(programme_id, codes=[code])
    if not found:
        raise NotFound(_("There is no duty with the code %(code)s.") % {"code": code})
    return found[0]


def _unit(programme_id: int, code: str, actor: Actor) -> UnitView:
    """A unit of the campaign that the actor may see; of others nobody is told whether there are such."""
    unit = units.unit(code)
    host = units.unit_by_id(units.programme_by_id(programme_id).host_unit_id)
    if not unit.path.startswith(host.path) or not accounts.may_see(actor, programme_id, unit.path):
        raise NotFound(_("There is no unit with the code %(code)s.") % {"code": code})
    return unit


def _host(programme_id: int) -> str:
    return units.unit_by_id(units.programme_by_id(programme_id).host_unit_id).path


def _standing(programme_id: int, duty: DutyView, unit: UnitView) -> list[State]:
    """How the unit, or each of its persons, stands with the duty today. Refused where it does not owe it."""
    found = [each for each in reads.own_states(programme_id, clock.today(), unit.id) if each.duty.id == duty.id]
    if not found:
        raise Refused(_("%(unit)s does not owe the duty “%(duty)s”.") % {"unit": unit.label, "duty": duty.name})
    return found


def ask(programme_id: int, duty_code: str, unit_code: str, *, kind: str, reason: str, until: date | None = None,
        actor: Actor) -> int:
    """Asks that a duty be set aside for a unit (`waive`) or extended until a day (`extend`); the request's number.
    Raises Unfit, Refused for a duty that is done, set aside or not owed, or that was asked about already."""
    with transaction.atomic():
        unit, duty = _unit(programme_id, unit_code, actor), _duty(programme_id, duty_code)
        permits.require(permits.may_ask(actor, programme_id, unit.path))
        states = _standing(programme_id, duty, unit)
        if all(each.waived for each in states):
            raise Refused(_("This duty was set aside for %(unit)s already.") % {"unit": unit.label})
        if all(each.met for each in states):
            raise Refused(_("This duty is met already, so there is nothing to ask for."))
        _must_be_fit(kind, reason, until, states[0].day)
        try:
            with transaction.atomic():
                row = Request.objects.create(
                    programme_id=programme_id, duty_id=duty.id, unit_id=unit.id, kind=kind, reason=reason.strip(),
                    until=until if kind == "extend" else None, asked_by=actor.key, asked_on=clock.today())
        except IntegrityError:
            raise Refused(_("The office was asked about this duty already and has not decided yet.")) from None
        record(actor=actor, verb="duties.ask", subject=f"requests/{row.pk}", programme_id=programme_id,
               new={"duty": duty.code, "unit": unit.code, "kind": kind, "reason": row.reason, "until": row.until})
        return int(row.pk)


def _must_be_fit(kind: str, reason: str, until: date | None, now: date | None) -> None:
    faults = {}
    if kind not in ("waive", "extend"):
        faults["kind"] = _("Say what you ask for.")
    if not reason.strip():
        faults["reason"] = _("Say why. The office decides by your reason.")
    if kind == "extend" and until is None:
        faults["until"] = _("Name the day until which you need.")
    elif kind == "extend" and until is not None and (until < clock.today() or (now is not None and until <= now)):
        faults["until"] = _("The new day has to be later than the present one, and not past.")
    if faults:
        raise Unfit(faults)


def _open(programme_id: int, number: int, actor: Actor) -> tuple[Request, UnitView]:
    """The request with its row locked, and its unit; NotFound where the actor may not see it."""
    row = Request.objects.select_for_update().filter(programme=programme_id, pk=number).first()
    unit = units.unit_by_id(row.unit_id) if row else None
    if row is None or unit is None or not accounts.may_see(actor, programme_id, unit.path):
        raise NotFound(_("There is no request %(number)s.") % {"number": number})
    return row, unit


def withdraw(programme_id: int, number: int, *, actor: Actor) -> None:
    """Takes an open request back."""
    with transaction.atomic():
        row, unit = _open(programme_id, number, actor)
        permits.require(permits.may_ask(actor, programme_id, unit.path))
        _decide(row, "withdrawn", "", actor)


def decide(programme_id: int, number: int, *, approve: bool, why: str = "", actor: Actor) -> None:
    """The office approves or refuses (which needs a reason). What is approved is written at once: a waiver, or an
    extension. Refused for what was decided already, and where the duty was set aside meanwhile."""
    with transaction.atomic():
        row, unit = _open(programme_id, number, actor)
        permits.require(permits.may_decide(actor, programme_id, unit.path, row.asked_by))
        if not approve and not why.strip():
            raise Unfit({"why": _("Say why, so that the unit knows what to do.")})
        if approve and not row.decision:
            _grant(row, unit, actor)
        _decide(row, "approved" if approve else "refused", why.strip(), actor)


def _decide(row: Request, decision: str, why: str, actor: Actor) -> None:
    if row.decision:
        raise Refused(_("This request was decided already. Open it to see how."))
    row.decision, row.why, row.decided_by, row.decided_on = decision, why, actor.key, clock.today()
    row.save()
    record(actor=actor, verb="duties.decide", subject=f"requests/{row.pk}", programme_id=row.programme_id,
           old={"decision": ""}, new={"decision": decision, "why": why})


def _grant(row: Request, unit: UnitView, actor: Actor) -> None:
    if row.kind == "extend":
        row.extension = Extension.objects.create(
            programme_id=row.programme_id, duty_id=row.duty_id, unit_id=row.unit_id, kind="extended", until=row.until,
            reason=row.reason, by=actor.key, given_on=clock.today())
        return
    _waiver, made = Waiver.objects.get_or_create(
        duty_id=row.duty_id, unit_id=row.unit_id, defaults={
            "programme_id": row.programme_id, "reason": row.reason, "by": actor.key, "waived_on": clock.today()})
    if not made:
        raise Refused(_("This duty was set aside for %(unit)s already.") % {"unit": unit.label})
    _tell_waiver(row, unit, actor, "workbook.add")


def _tell_waiver(row: Request, unit: UnitView, actor: Actor, verb: str) -> None:
    """In the words of the workbook, so that the waiver's own page tells its history."""
    cells = {"duty": row.duty.code, "unit": unit.code, "reason": row.reason,
             "by": actor.key if verb == "workbook.add" else row.decided_by,
             "on": str(clock.today() if verb == "workbook.add" else row.decided_on)}
    record(actor=actor, verb=verb, subject=f"waivers/{row.duty.code}/{unit.code}", programme_id=row.programme_id,
           **{"new" if verb == "workbook.add" else "old": cells})


def undo_decision(programme_id: int, number: int, *, actor: Actor) -> None:
    """The request is open again, and what its approval wrote is taken back. Refused where the waiver was changed since,
    or where the unit has asked anew."""
    with transaction.atomic():
        row, unit = _open(programme_id, number, actor)
        permits.require(permits.may_decide(actor, programme_id, unit.path, row.asked_by))
        if row.decision not in ("approved", "refused"):
            raise Refused(_("There is no decision of the office to take back here."))
        if Request.objects.filter(duty=row.duty_id, unit=row.unit_id, decision="").exists():
            raise Refused(_("The unit has asked anew since. Decide the new request."))
        was = {"decision": row.decision, "why": row.why}
        written, row.extension = row.extension, None
        if row.decision == "approved" and row.kind == "waive":
            found = Waiver.objects.filter(duty=row.duty_id, unit=row.unit_id)
            if found.exclude(reason=row.reason, by=row.decided_by).exists():
                raise Refused(_("The waiver was changed since. Correct it by hand among the records."))
            if found.exists():
                found.delete()
                _tell_waiver(row, unit, actor, "workbook.remove")
        row.decision, row.why, row.decided_by, row.decided_on = "", "", "", None
        row.save()
        if written is not None:
            written.delete()
        record(actor=actor, verb="duties.undo_decision", subject=f"requests/{row.pk}", programme_id=programme_id,
               old=was, new={"decision": ""})


def propose(programme_id: int, phase: str, unit_code: str, *, reason: str = "", actor: Actor) -> None:
    """The unit, or the office for it, says that it has done what the phase asks."""
    _step("propose", "proposed", programme_id, phase, unit_code, reason, actor)


def review(programme_id: int, phase: str, unit_code: str, *, reason: str = "", actor: Actor) -> None:
    """A supervisor has looked at it and found it so."""
    _step("review", "reviewed", programme_id, phase, unit_code, reason, actor)


def pass_gate(programme_id: int, phase: str, unit_code: str, *, reason: str = "", actor: Actor) -> None:
    """The leading group lets the unit pass."""
    _step("pass", "passed", programme_id, phase, unit_code, reason, actor)


def send_back(programme_id: int, phase: str, unit_code: str, *, reason: str, reopen: Sequence[str] = (),
              until: date | None = None, actor: Actor) -> None:
    """Back to the unit, with the reason; the named duties are to be made up until a day. Raises Unfit."""
    faults = {}
    if not reason.strip():
        faults["reason"] = _("Say what is missing or wrong, so that the unit can put it right.")
    if reopen and (until is None or until < clock.today()):
        faults["until"] = _("Name the day by which it is to be made up; it may not be past.")
    known = {duty.code: duty for duty in reads.duties(programme_id, phases=[phase])}
    if unknown := [code for code in reopen if code not in known]:
        faults["reopen"] = _("These are no duties of this phase: %(codes)s.") % {"codes": ", ".join(unknown)}
    if faults:
        raise Unfit(faults)
    with transaction.atomic():
        unit = _unit(programme_id, unit_code, actor)
        _may_step("send_back", programme_id, phase, unit, actor)
        for code in reopen:
            assert until is not None
            _reopen(programme_id, known[code], unit, reason.strip(), until, actor)
        _take("returned", programme_id, phase, unit, reason, actor, reopen)


def _reopen(programme_id: int, duty: DutyView, unit: UnitView, reason: str, until: date, actor: Actor) -> None:
    """Of a duty that the unit had met, more than it had is asked from now on."""
    states = _standing(programme_id, duty, unit)
    if all(each.waived for each in states):
        raise Refused(_("“%(duty)s” was set aside for %(unit)s, so there is nothing to make up.")
                      % {"duty": duty.name, "unit": unit.label})
    persons = any(entry.startswith("people:") for entry in duty.applies_to)
    if persons and all(each.met for each in states):
        raise Refused(_("“%(duty)s” is met by each person who owes it. Name in your reason what is to be bettered, and "
                        "leave this duty out.") % {"duty": duty.name})
    base = None if persons or not states[0].met else states[0].value
    Extension.objects.create(programme_id=programme_id, duty_id=duty.id, unit_id=unit.id, kind="make_up", until=until,
                             base=base, reason=reason, by=actor.key, given_on=clock.today())


def _step(verb: str, step: str, programme_id: int, phase: str, unit_code: str, reason: str, actor: Actor) -> None:
    with transaction.atomic():
        unit = _unit(programme_id, unit_code, actor)
        _may_step(verb, programme_id, phase, unit, actor)
        require_open(programme_id, phase, unit)
        _take(step, programme_id, phase, unit, reason, actor)


def _may_step(verb: str, programme_id: int, phase: str, unit: UnitView, actor: Actor) -> None:
    campaigns.phase(programme_id, phase)
    last = reads.passages(programme_id, phase, unit.path, unit_id=unit.id)
    stands = last[-1].step if last else ""
    permits.require(permits.may_step(actor, verb, programme_id, unit.path, _host(programme_id), stands))
    if stands not in rules.AFTER[verb]:
        raise Refused(_("%(unit)s does not stand at this step of the gate. Open the page again to see where it stands.")
                      % {"unit": unit.label})


def require_open(programme_id: int, phase: str, unit: UnitView) -> None:
    """Raises Refused, naming what is missing, while the gate is shut for the unit."""
    today = clock.today()
    owed = [each for each in reads.own_states(programme_id, today, unit.id) if each.duty.phase == phase]
    if not owed:
        raise Refused(_("%(unit)s owes nothing in this phase, so there is no gate for it.") % {"unit": unit.label})
    missing = list(dict.fromkeys(each.duty.name for each in owed if not each.met and not each.waived))
    if missing:
        named = "; ".join(missing[:NAMED]) + (" …" if missing[NAMED:] else "")
        raise Refused(_("The gate is shut for %(unit)s. Still missing: %(missing)s.")
                      % {"unit": unit.label, "missing": named})
    lacking = reads.lacking_meeting(programme_id, phase, today, {unit.id: unit.path})
    if lacking:
        superior = units.unit_by_id(lacking[unit.id])
        raise Refused(_("The gate is shut for %(unit)s: %(superior)s has not held its transition meeting yet.")
                      % {"unit": unit.label, "superior": superior.label})


def _take(step: str, programme_id: int, phase: str, unit: UnitView, reason: str, actor: Actor,
          reopened: Sequence[str] = ()) -> None:
    phase_id = campaigns.phase(programme_id, phase).id
    place = Passage.objects.filter(phase=phase_id, unit=unit.id).count() + 1
    try:
        with transaction.atomic():
            Passage.objects.create(
                programme_id=programme_id, phase_id=phase_id, unit_id=unit.id, place=place, step=step,
                reason=reason.strip(), by=actor.key, taken_on=clock.today(),
                reopened=f";{';'.join(reopened)};" if reopened else "")
    except IntegrityError:
        raise Refused(_("Somebody else has just taken a step for this unit. Open the page again.")) from None
    record(actor=actor, verb=f"duties.{step}", subject=f"gates/{phase}/{unit.code}", programme_id=programme_id,
           new={"step": step, "reason": reason.strip(), "reopened": list(reopened)})


def set_target(programme_id: int, duty_code: str, unit_code: str, *, at_least: Decimal | None = None,
               due_on: date | None = None, note: str = "", actor: Actor) -> None:
    """A unit asks more of itself than the plan does: a higher target, an earlier day, or both; nothing at all means
    that it follows the plan. Raises Unfit for what is laxer, naming the field."""
    with transaction.atomic():
        unit, duty = _unit(programme_id, unit_code, actor), _duty(programme_id, duty_code)
        permits.require(permits.may_ask(actor, programme_id, unit.path))
        _standing(programme_id, duty, unit)
        at_least = None if at_least == duty.at_least else at_least
        due_on = None if due_on == duty.due_on else due_on
        _must_be_stricter(at_least, due_on, duty)
        before = reads.own_target(programme_id, unit.id, duty.id)
        found = OwnTarget.objects.filter(duty=duty.id, unit=unit.id)
        if at_least is None and due_on is None:
            found.delete()
            note = ""
        else:
            OwnTarget.objects.update_or_create(
                duty_id=duty.id, unit_id=unit.id,
                defaults={"programme_id": programme_id, "at_least": at_least, "due_on": due_on, "note": note.strip()})
        if (at_least, due_on, note.strip()) != before:
            record(actor=actor, verb="duties.set_target", subject=f"own_targets/{duty.code}/{unit.code}",
                   programme_id=programme_id, old=_cells(*before), new=_cells(at_least, due_on, note.strip()))


def _must_be_stricter(at_least: Decimal | None, due_on: date | None, duty: DutyView) -> None:
    words = {
        "at_least": _("The plan asks for at least %(least)s. A target of your own may be higher, not lower.")
        % {"least": f"{duty.at_least.normalize():f}"},
        "due_on": _("The plan's day is %(day)s. A day of your own may be earlier, not later.")
        % {"day": duty.due_on.isoformat() if duty.due_on else ""},
    }
    laxer = rules.stricter(at_least, due_on, duty.at_least, duty.due_on)
    if laxer:
        raise Unfit({name: words[name] for name in laxer})


def _cells(at_least: Decimal | None, due_on: date | None, note: str) -> Mapping[str, object]:
    return {"at_least": at_least, "due_on": due_on, "note": note}


def write_letters(accounts_named: Sequence[str], day: date, *, actor: Actor) -> list[str]:
    """Notes that these accounts get their letter of the day; those that had it already are left out."""
    with transaction.atomic():
        new = [name for name in dict.fromkeys(accounts_named) if name not in reads.written(day)]
        if new:
            Letter.objects.bulk_create(Letter(account=name, written_on=day) for name in new)
            record(actor=actor, verb="duties.write_letters", subject=f"letters/{day.isoformat()}",
                   new={"accounts": len(new)})
        return new
