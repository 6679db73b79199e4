"""A session that was held, with who was missing: written and corrected in one short transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.hashing import canonical_bytes
from zhixing.ground.kernel.merkle import RootBuilder
from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger import actions as ledger
from zhixing.ground.units import reads as units

from .. import permits, reads
from ..models import Activity, ActivityText, Attendance, Planned
from ..types import MISSED, STATUSES, Expected, Mark
from . import cells as typed

ADD, CHANGE, REMOVE = "workbook.add", "workbook.change", "workbook.remove"
"""The verbs by which a record's page tells its history, whoever wrote it."""

WRITE = "activities.write"
ONE_BY_ONE = 8
"""So many marks have an entry of the ledger each; more have one together, as an import has."""


@dataclass(frozen=True)
class _Sound:
    """What was typed, once nothing is wrong with it: fields of the activity, marks by person, and long texts."""

    values: Mapping[str, Any]
    marks: Mapping[int, Mark]
    listed: Mapping[int, Expected]
    texts: Mapping[str, str]


def hold(programme_id: int, unit_id: int, code: str, cells: Mapping[str, str], marks: Mapping[str, Mark], *,
         actor: Actor, texts: Mapping[str, str] | None = None, planned_id: int | None = None) -> bool:
    """Writes a session and who was missing; where `code` is there already, corrects it, so that handing in twice makes
    one. Returns whether it is new.

    `cells`: kind, title, starts_at, place, host, roster, headcount, minutes as the workbook writes them; on a
    correction those left out stay. `marks`: person's code → how they stood; everybody else on the roster was present.
    `texts` by part. `planned_id`: the planned day that this was. Raises Faulty (each fault with its field),
    NotAllowed, NotFound, and Refused where the planned day was handed in already."""
    permits.require_holding(actor, programme_id, unit_id)
    known = Activity.objects.filter(programme=programme_id, code=code).first()
    if known is None and not typed.CODE.fullmatch(code):
        raise Refused(_("This form has no number. Open it again and hand it in once more."))
    if known is not None and known.kind == "talk":
        raise NotFound(_("There is no session with the code %(code)s.") % {"code": code})
    if known is not None:
        unit_id = known.unit_id or units.programme_by_id(programme_id).host_unit_id
        permits.require_holding(actor, programme_id, unit_id)
    sound = _sound(programme_id, unit_id, known, cells, marks, texts or {})
    try:
        return _write(programme_id, unit_id, code, sound, actor, planned_id)
    except IntegrityError:  # the same form came twice at the same moment: the second finds the first
        return _write(programme_id, unit_id, code, sound, actor, planned_id)


def _sound(programme_id: int, unit_id: int, known: Activity | None, cells: Mapping[str, str],
           marks: Mapping[str, Mark], texts: Mapping[str, str]) -> _Sound:
    wrong = typed.Wrong()
    values: dict[str, Any] = {}
    if known is None or "kind" in cells:
        values["kind"] = typed.kind_of(cells, wrong)
    if known is None or "starts_at" in cells:
        values["starts_on"], values["starts_time"] = typed.moment_of(cells, "starts_at", wrong, needed=True, past=True)
    for name in ("title", "place", "host"):
        if name in cells:
            values[name] = typed.line(cells, name, wrong)
    if "minutes" in cells:
        values["minutes"] = typed.long(cells, "minutes", wrong)
    day = values.get("starts_on") or (known.starts_on if known else None) or clock.today()
    if known is not None and known.ends_on and known.ends_on < day:
        values["ends_on"] = day
    roster = cells.get("roster", known.roster if known else "").strip()
    if known is None or "roster" in cells:
        values["roster"] = roster
    if not roster:
        count = typed.count_of(cells, wrong)
        if known is None or "headcount" in cells:
            values |= {"headcount": int(count.value) if count else None, "headcount_q": count.qualifier if count else
                       "="}
    elif known is None or "roster" in cells:
        values |= {"headcount": None, "headcount_q": "="}
    listed = _listed(programme_id, unit_id, known, roster, day, wrong)
    phase = campaigns.phase_on(programme_id, day)
    if known is None or "starts_at" in cells:
        values["phase_id"] = phase.id if phase else (known.phase_id if known else None)
    made = _marks(marks, listed, day, wrong)
    parts = typed.texts_of(texts, wrong)
    wrong.raise_if_any()
    return _Sound(values, made, {each.id: each for each in listed.values()}, parts)


def _listed(programme_id: int, unit_id: int, known: Activity | None, roster: str, day: date,
            wrong: typed.Wrong) -> dict[str, Expected]:
    """Code → person, of the roster of the day."""
    if roster == "listed" and known is not None:
        rows = Attendance.objects.filter(activity=known).values_list(
            "person_id", "person__code", "person__name", "person__post")
        return {code: Expected(key, code, name, post) for key, code, name, post in rows}
    if not roster:
        return {}
    people = reads.expected(programme_id, unit_id, roster, day)
    if not people:
        wrong.add("roster", _("Nobody is on this list on that day. Choose another list, or give the number of people."),
                  roster)
    return {each.code: each for each in people}


def _marks(marks: Mapping[str, Mark], listed: Mapping[str, Expected], day: date,
           wrong: typed.Wrong) -> dict[int, Mark]:
    found: dict[int, Mark] = {}
    strangers = []
    for code, mark in marks.items():
        if mark.status not in STATUSES:
            continue
        if code not in listed:
            strangers.append(code)
            continue
        if mark.made_up_on is not None and mark.status == "made_up" and not day <= mark.made_up_on <= clock.today():
            wrong.add("marks", _("%(name)s: what was missed is made up after the session and by today.")
                      % {"name": listed[code].name}, mark.made_up_on.isoformat())
        found[listed[code].id] = mark if mark.status == "made_up" else replace(mark, made_up_on=None)
    if strangers:
        names = ", ".join(units.names_of_people(strangers[:5]).get(code, code) for code in strangers[:5])
        wrong.add("marks", _("Not on the list of that day: %(names)s. Check the list and the day.") % {"names": names})
    return found


def _write(programme_id: int, unit_id: int, code: str, sound: _Sound, actor: Actor, planned_id: int | None) -> bool:
    with transaction.atomic():
        row = Activity.objects.select_for_update(of=("self",)).select_related("unit", "phase", "counterpart").filter(
            programme=programme_id, code=code).first()
        new = row is None
        was: dict[str, str] = {}
        if row is None:
            row = Activity.objects.create(programme_id=programme_id, code=code, unit_id=unit_id, **sound.values)
        else:
            was = typed.cells_of(row)
            for name, value in sound.values.items():
                setattr(row, name, value)
            row.save()
        told = _Told(actor, programme_id)
        told.row("activities", code, {} if new else was, typed.cells_of(row))
        if planned_id is not None:
            _fulfil(planned_id, programme_id, unit_id, row)
        _write_marks(row, sound, told)
        _write_texts(row, sound.texts, told)
        told.tell()
    return new


def _fulfil(planned_id: int, programme_id: int, unit_id: int, row: Activity) -> None:
    """The planned day is this session now. Raises Refused where it was handed in as another."""
    planned = Planned.objects.select_for_update().filter(
        pk=planned_id, series__programme=programme_id, series__unit=unit_id).first()
    if planned is None:
        raise NotFound(_("There is no such planned session."))
    if planned.activity_id not in (None, row.id):
        raise Refused(_("This planned session was handed in already. Open it from the calendar to correct it."))
    Planned.objects.filter(pk=planned_id).update(activity=row, dropped="")


def _write_marks(row: Activity, sound: _Sound, told: _Told) -> None:
    """People on the roster stand as marked, the others on it were present; whom the roster does not know stays as the
    records have it."""
    existing = {mark.person_id: mark for mark in Attendance.objects.filter(activity=row)}
    explicit = row.roster == "listed"
    for person_id, person in sound.listed.items():
        mark, old = sound.marks.get(person_id), existing.get(person_id)
        wanted = mark if mark and mark.status != "present" else (Mark("present") if explicit and old else None)
        if (old is None) == (wanted is None) and (
                old is None or wanted is None or (old.status, old.made_up_on) == (wanted.status, wanted.made_up_on)):
            continue
        key = f"{row.code}/{person.code}"
        before = typed.mark_cells(old, row.code, person.code) if old else {}
        if wanted is None:
            assert old is not None
            old.delete()
            told.row("attendance", key, before, {})
            continue
        now = old or Attendance(programme_id=row.programme_id, activity=row, person_id=person_id)
        now.status, now.made_up_on = wanted.status, wanted.made_up_on
        told.keep(now)
        told.row("attendance", key, before, typed.mark_cells(now, row.code, person.code))


def _write_texts(row: Activity, texts: Mapping[str, str], told: _Told) -> None:
    if not texts:
        return
    existing = {each.part: each for each in ActivityText.objects.filter(activity=row)}
    for part, text in texts.items():
        old = existing.get(part)
        if (old.text if old else "") == text:
            continue
        if old and not text:
            old.delete()
        elif old:
            ActivityText.objects.filter(pk=old.pk).update(text=text)
        else:
            ActivityText.objects.create(programme_id=row.programme_id, activity=row, part=part, text=text)
        told.text(f"{row.code}/{part}", old.text if old else "", text)


class _Told:
    """Gathers what the ledger is told, which comes last in the transaction."""

    def __init__(self, actor: Actor, programme_id: int) -> None:
        self.actor, self.programme_id = actor, programme_id
        self.rows: list[tuple[str, str, dict[str, str], dict[str, str]]] = []
        self.texts: list[tuple[str, str, str]] = []
        self.marks: list[Attendance] = []

    def row(self, table: str, key: str, before: dict[str, str], now: dict[str, str]) -> None:
        if before != now:
            self.rows.append((table, key, before, now))

    def text(self, key: str, before: str, now: str) -> None:
        self.texts.append((key, before, now))

    def keep(self, mark: Attendance) -> None:
        """New marks are written together."""
        if mark.pk:
            mark.save()
        else:
            self.marks.append(mark)

    def tell(self) -> None:
        Attendance.objects.bulk_create(self.marks)
        together = [each for each in self.rows if each[0] == "attendance"]
        singly = self.rows if len(together) <= ONE_BY_ONE else [each for each in self.rows if each not in together]
        for table, key, before, now in singly:
            self._one(table, key, before, now)
        if len(together) > ONE_BY_ONE:
            self._many(together)
        for key, old, new in self.texts:
            ledger.record(actor=self.actor, verb=WRITE, subject=f"activity_texts/{key}"[:255],
                          old={"text": old} if old else None, new={"text": new} if new else None,
                          programme_id=self.programme_id)

    def _one(self, table: str, key: str, before: dict[str, str], now: dict[str, str]) -> None:
        verb = CHANGE if before and now else ADD if now else REMOVE
        if verb == CHANGE:
            names = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
            before, now = ({name: cells.get(name, "") for name in names} for cells in (before, now))
        ledger.record(actor=self.actor, verb=verb, subject=f"{table}/{key}"[:255], old=before or None,
                      new=now or None, programme_id=self.programme_id)

    def _many(self, rows: Iterable[tuple[str, str, dict[str, str], dict[str, str]]]) -> None:
        builder, counts = RootBuilder(), [0, 0]
        for _table, key, before, now in rows:
            builder.add(canonical_bytes({"key": key, **now}))
            counts[1 if before else 0] += 1
        ledger.record_bulk(actor=self.actor, verb="activities.mark", table="attendance", created=counts[0],
                           updated=counts[1], unchanged=0, root=builder.root().hex(),
                           programme_id=self.programme_id)


def mark_made_up(programme_id: int, code: str, people: Iterable[str], on: date, *, actor: Actor) -> int:
    """Those who missed the session made it up on that day. Returns how many it was written for. Raises Refused for a
    day before the session or ahead, NotFound, NotAllowed."""
    view = reads.session(programme_id, code, actor)
    permits.require_holding(actor, programme_id, view.unit_id)
    if on > clock.today() or (view.starts_on and on < view.starts_on):
        raise Refused(_("What was missed is made up after the session and by today. Choose such a day."))
    wanted = list(people)
    with transaction.atomic():
        told = _Told(actor, programme_id)
        marks = Attendance.objects.select_for_update(of=("self",)).select_related("person").filter(
            activity=view.id, person__code__in=wanted, status__in=MISSED)
        for mark in marks:
            before = typed.mark_cells(mark, code, mark.person.code)
            mark.status, mark.made_up_on = "made_up", on
            mark.save()
            told.row("attendance", f"{code}/{mark.person.code}", before, typed.mark_cells(mark, code, mark.person.code))
        told.tell()
    return len(told.rows)


def take_out(programme_id: int, code: str, *, actor: Actor) -> None:
    """Takes a session out with who was missing and its texts; a planned day of it is open again. Raises NotFound,
    NotAllowed."""
    view = reads.session(programme_id, code, actor)
    permits.require_holding(actor, programme_id, view.unit_id)
    with transaction.atomic():
        row = Activity.objects.select_for_update(of=("self",)).select_related("unit", "phase", "counterpart").filter(
            pk=view.id).first()
        if row is None:
            raise NotFound(_("There is no session with the code %(code)s.") % {"code": code})
        told = _Told(actor, programme_id)
        marks = list(Attendance.objects.filter(activity=row).select_related("person"))
        for mark in marks:
            told.row("attendance", f"{code}/{mark.person.code}", typed.mark_cells(mark, code, mark.person.code), {})
        told.row("activities", code, typed.cells_of(row), {})
        Attendance.objects.filter(activity=row).delete()
        row.delete()
        told.tell()
