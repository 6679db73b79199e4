"""One row by hand: the same staging and checks as a workbook's, and an entry of the ledger that says what the
row said before and says now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from zhixing.ground.accounts import permits
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.tables import Table, tables
from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger import actions as ledger
from zhixing.ground.ledger import reads as ledger_reads
from zhixing.ground.units import reads as units
from zhixing.ground.units import tree

from . import importing, staging
from .faults import Faults, shortened
from .folder import Batch, Sheet
from .headings import near_column, word_for
from .importing import Run, layouts
from .layout import Layout, quoted
from .resolving import CAMPAIGN
from .rows import Rows
from .types import Fault, Faulty, Outdated, Report
from .writing import Moved, Writer

ADD, CHANGE, REMOVE, UNDO = "workbook.add", "workbook.change", "workbook.remove", "workbook.undo"
"""The verbs of the ledger's entries about one row."""

_ROW = 2
_SUBJECT = 255
_NAMED = 5
"""So many rows that still refer to a row are named."""


def subject_of(table: Table, key: str) -> str:
    """What the ledger's entries call a row."""
    return f"{table.name}/{key}"[:_SUBJECT]


@dataclass
class _Form(Sheet):
    """One row of cells in place of a file."""

    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return 1

    def read(self, faults: Faults, progress: Callable[[int], None] | None = None) -> Iterator[Batch]:
        yield [_ROW], [[self.cells[name] for name in self.columns]]


class OneRow(Run):
    """The run of a form. `key`: the row that is corrected; None for a new one."""

    key: str | None = None
    was: dict[str, str] | None = None
    seen: Mapping[str, str] | None = None

    @property
    def layout(self) -> Layout:
        return self.sheets[0].layout

    @property
    def cells(self) -> Mapping[str, str]:
        assert isinstance(self.sheets[0], _Form)
        return self.sheets[0].cells

    def prepare(self) -> tuple[int, dict[str, str]]:
        size, roots = super().prepare()
        created = self.plan.states(self.layout.name)[0] if self.plan.ready else 0
        if self.key is None and self.plan.ready and not created and not self.faults:
            column = self.layout.table.key[-1] if len(self.layout.table.key) == 1 else ""
            value = " / ".join(self.cells.get(name, "") for name in self.layout.table.key)
            self.faults.add(self.layout.name, _ROW, column, value,
                            _("“%(value)s” is used already; choose another, or correct the row that has it")
                            % {"value": shortened(value)}, "duplicate")
        if self.key is not None and created:
            raise NotFound(_("There is no “%(key)s” in the table %(table)s any more.")
                           % {"key": self.key, "table": word_for(self.layout.name)})
        return size, roots

    def _digest(self, name: str) -> str:
        return ""

    def judge(self) -> None:
        """Whose row it is shows only where its cells are sound."""
        self.faults.raise_if_any()
        self.permit()
        if self.key is not None and self.seen is not None:
            now = self._record() or {}
            changed = {name: (self.seen.get(name, ""), cell) for name, cell in now.items()
                       if self.seen.get(name, "") != cell}
            if changed:
                raise Outdated(changed)

    def _require_unmoved(self, size: int) -> None:
        super()._require_unmoved(size)
        if self.seen is not None and self.layout.name in ledger_reads.told_since(size):
            raise Moved

    def permit(self) -> None:
        """The actor may write for the unit that the row belongs to, and for the one it belonged to."""
        row = staging.fetch(f"SELECT row_old, {', '.join(map(quoted, self._owners()))} "
                            f"FROM {quoted(self.layout.ready)}")[0]
        ids = dict(zip(self._owners(), row[1:], strict=True))
        _require(self.actor, self.layout.table, self.plan.programme, _owner(self.layout.table, ids))
        if row[0] is not None:
            record = self.layout.table.model._default_manager.get(pk=row[0])
            _require(self.actor, self.layout.table, self.plan.programme, owner_of(self.layout.table, record))

    def _owners(self) -> list[str]:
        """The ready columns that lead to the owning unit."""
        names = [path.split(".")[0] for path in self.layout.table.unit.split(",") if path]
        return [self.layout.cells[name].slots[0].name for name in names] or ["id"]

    def _record(self) -> dict[str, str] | None:
        """The row as it stands in the records."""
        rows = Rows(self.layout.table, self.plan.programme)
        ready = quoted(self.layout.ready)
        key = staging.fetch(f"SELECT row_old FROM {ready}")[0][0]
        found = rows.records(anywhere=True)
        named = "/".join(self._key_cells())
        found = found.filter(pk=key) if key is not None else rows.keyed(found, named)
        cells = next(rows.read(found), None)
        names = [column.name for column in self.layout.table.columns]
        return None if cells is None else dict(zip(names, cells, strict=True))

    def _key_cells(self) -> list[str]:
        return [self.cells.get(name, "").strip() for name in self.layout.table.key]

    def _before(self, writer: Writer) -> None:
        self.was = self._record() if self.key is not None else None

    def _tell(self, writer: Writer, roots: dict[str, str]) -> None:
        now = self._record() or {}
        was = self.was
        key = self.key if was and self.key else Rows(self.layout.table, 0).key_of(list(now.values()))
        verb, further = self._told()
        old = None if was is None else {name: cell for name, cell in was.items() if cell != now.get(name)}
        new: dict[str, object] = {
            name: cell for name, cell in now.items() if (cell if was is None else cell != was.get(name))
        }
        ledger.record(
            actor=self.actor,
            verb=verb,
            subject=subject_of(self.layout.table, key),
            old=old,
            new=new | further,
            programme_id=writer.programme(),
        )

    def _told(self) -> tuple[str, dict[str, object]]:
        """The verb of the ledger's entry, and what it says besides the cells."""
        return CHANGE if self.was else ADD, {}


def save(
    table: Table, programme_id: int, cells: Mapping[str, str], *, actor: Actor, key: str | None,
    kind: Callable[[Actor, Sequence[Sheet], Faults, str], OneRow] = OneRow, seen: Mapping[str, str] | None = None,
) -> Report:
    """See `actions.save_row`. `kind`: the run that is made of the row."""
    layout = layouts()[table.name]
    faults = Faults((table.name,))
    given = dict(cells)
    for name in [name for name in given if name not in layout.cells]:
        near = near_column(table, name)
        faults.add(
            table.name,
            _ROW,
            name,
            "",
            _("there is no column “%(name)s” in this table") % {"name": name}
            + (f" ({near}?)" if near else ""),
            "heading",
        )
        del given[name]
    if key is not None:
        _keep_key(table, programme_id, given, key, actor, faults)
    for name in layout.needed():
        given.setdefault(name, "")
    for name, cell in layout.cells.items():
        asked = cell.column.required and name not in layout.needed() and (key is None or name in given)
        if asked and not given.get(name, "").strip():
            faults.add(table.name, _ROW, name, "", _("this cell may not be empty"), "required")
    for name in table.key:
        given.setdefault(name, "")
    form = _Form(layout, Path(), list(given), list(range(len(given))), len(given), cells=given)
    run = kind(actor, [form], faults, units.programme_by_id(programme_id).code)
    run.key, run.seen = key, seen
    try:
        return importing.run(run)
    except Faulty as error:
        raise Faulty([Fault(fault.table, 0, fault.column, fault.value, fault.message, fault.kind)
                      for fault in error.faults], error.totals) from None


def _keep_key(
    table: Table, programme_id: int, given: dict[str, str], key: str, actor: Actor, faults: Faults
) -> None:
    """The key of a row stays as it is. Raises NotFound where there is no such row."""
    if table.append_only:
        raise Refused(_("Rows of the table %(table)s are added and never changed; add a new one.")
                      % {"table": word_for(table.name)})
    rows = Rows(table, programme_id)
    found = accounts.visible_to(rows.records(anywhere=True), actor, programme_id, table.unit)
    known = next(rows.read(rows.keyed(found, key)), None)
    if known is None:
        raise NotFound(_("There is no “%(key)s” in the table %(table)s.")
                       % {"key": key, "table": word_for(table.name)})
    names = [column.name for column in table.columns]
    for name in table.key:
        cell = known[names.index(name)]
        if given.setdefault(name, cell).strip() != cell:
            faults.add(
                table.name,
                _ROW,
                name,
                given[name],
                _(
                    "this names the row and stays “%(value)s”; to name it otherwise, enter a new row and "
                    "remove "
                    "this one"
                )
                % {"value": cell},
                "key",
            )
            given[name] = cell


def _owner(table: Table, ids: Mapping[str, int | None]) -> int | None:
    """The id of the unit that a row belongs to, from the ids of what it refers to."""
    for path in filter(None, table.unit.split(",")):
        first, *rest = path.split(".")
        start = ids.get(f"{first}_id")
        if start is None:
            continue
        if not rest:
            return start
        model = table.model._meta.get_field(first).related_model
        assert model is not None and not isinstance(model, str)
        unit = model._default_manager.filter(pk=start).values_list("__".join(rest), flat=True).first()
        if unit is not None:
            return int(unit)
    return None


def owner_of(table: Table, record: Model) -> int | None:
    """The id of the unit that a record belongs to; None where it names none."""
    names = [path.split(".")[0] for path in table.unit.split(",") if path]
    return _owner(table, {f"{name}_id": getattr(record, f"{name}_id") for name in names})


def _require(actor: Actor, table: Table, programme_id: int, unit_id: int | None) -> None:
    """A row that belongs to no unit belongs to the host."""
    owner = unit_id or units.programme_by_id(programme_id).host_unit_id
    permits.require(actor, table.name, programme_id, units.unit_by_id(owner).path)


def remove(table: Table, programme_id: int, key: str, *, actor: Actor) -> None:
    """See `actions.remove_row`."""
    if table.append_only:
        raise Refused(
            _("Rows of the table %(table)s are added and never removed.") % {"table": word_for(table.name)}
        )
    rows = Rows(table, programme_id)
    with transaction.atomic():
        importing.take_lock()
        found = accounts.visible_to(rows.records(anywhere=True), actor, programme_id, table.unit)
        keyed = rows.keyed(found, key)
        cells = next(rows.read(keyed), None)
        if cells is None:
            raise NotFound(_("There is no “%(key)s” in the table %(table)s.")
                           % {"key": key, "table": word_for(table.name)})
        record = table.model._default_manager.get(pk=keyed.values_list("pk", flat=True)[0])
        _require(actor, table, programme_id, owner_of(table, record))
        _refuse_rosters(table, programme_id, key)
        _delete(table, programme_id, record)
        if table.name in ("units", "placements"):
            tree.rebuild()
        names = [column.name for column in table.columns]
        old = {name: cell for name, cell in zip(names, cells, strict=True) if cell}
        ledger.record(actor=actor, verb=REMOVE, subject=subject_of(table, key), old=old,
                      programme_id=programme_id if table.name != CAMPAIGN else None)


def _delete(table: Table, programme_id: int, record: Model) -> None:
    try:
        with transaction.atomic():
            for extra in table.extras:
                side = extra.model._default_manager.filter(**{extra.link: record.pk})
                if extra.link != "programme":
                    side = side.filter(programme=programme_id)
                side.delete()
            record.delete()
    except ProtectedError as error:
        raise Refused(_still_named(list(error.protected_objects))) from None


def _refuse_rosters(table: Table, programme_id: int, key: str) -> None:
    """A group that is the roster of an activity is referred to by its code."""
    if table.name != "groups":
        return
    for other in tables():
        for column in other.columns:
            if column.kind == "roster":
                found = other.model._default_manager.filter(
                    **{"programme": programme_id, column.field: f"group:{key}"})
                if found.exists():
                    raise Refused(_still_named(list(found[:_NAMED + 1])))


def _still_named(records: list[Model]) -> str:
    """Names what still refers to a row."""
    models = {each.model: each.name for each in tables()}
    models |= {extra.model: each.name for each in tables() for extra in each.extras}
    told = []
    for record in records[:_NAMED]:
        name = models.get(type(record))
        code = getattr(record, "code", "")
        told.append(f"{word_for(name) if name else record._meta.verbose_name} {code}".strip())
    more = len(records) - len(told)
    listed = ", ".join(dict.fromkeys(told))
    if more > 0:
        listed = _("%(listed)s and %(more)s more") % {"listed": listed, "more": more}
    return _("This row is still referred to by: %(listed)s. Remove or change those first.") % {
        "listed": listed
    }
