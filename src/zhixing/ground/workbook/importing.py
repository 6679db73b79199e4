"""The way of a workbook into the records: read → stage → check → write.

Everything up to the write happens outside any lock, on temporary tables. The write is one short transaction;
it first makes sure that no record changed since the check, else the check is done again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import ClassVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from zhixing.ground.accounts import permits
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.tables import Table, tables
from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger import actions as ledger
from zhixing.ground.ledger import reads as ledger_reads
from zhixing.ground.units import reads as units_reads
from zhixing.ground.units import tree

from . import checks, listings, owers, staging, territory, writing
from .batches import RowReader
from .faults import Faults
from .folder import Sheet
from .layout import Layout
from .resolving import CAMPAIGN, NO_PROGRAMME, Plan, resolve
from .types import Report, TableReport
from .writing import Moved, Writer, references_checked_at_once

Progress = Callable[[int, int], None]
"""(rows done, rows in all, estimated from the bytes read)."""

ATTEMPTS = 5
"""So many times the check is done again because somebody wrote meanwhile."""

_LOCK = 0x7A78_776F_726B_626B
"""The number of PostgreSQL's advisory lock: "zxworkbk"."""


@cache
def _layout(table: Table, vendor: str) -> Layout:
    return Layout(table)


def layouts() -> dict[str, Layout]:
    return {table.name: _layout(table, connection.vendor) for table in tables()}


@dataclass
class Run:
    """One import on its way. `campaign`: the code asked for, where the workbook need not name it.
    `check_row`: a further check once rows are ready (forms)."""

    actor: Actor
    sheets: Sequence[Sheet]
    faults: Faults
    campaign: str = ""
    dry_run: bool = False
    progress: Progress | None = None
    plan: Plan = field(init=False)
    verb: ClassVar[str] = "workbook.import"
    locked_for: float = 0.0
    """Seconds for which writers had to wait."""

    def __post_init__(self) -> None:
        every = layouts()
        self.plan = Plan({sheet.name: sheet.layout for sheet in self.sheets},
                         {sheet.name: sheet.columns for sheet in self.sheets}, every,
                         relative=self.dry_run or connection.vendor != "postgresql")

    def finish(self) -> None:
        staging.drop_all(self.plan.layouts.values())

    def stage(self) -> None:
        """Reads every table into its temporary table; faults of single cells."""
        total_bytes = sum(sheet.size for sheet in self.sheets) or 1
        done_bytes = done_rows = 0
        for sheet in self.sheets:
            if not sheet.columns:
                continue
            meter = _Meter(self.progress, done_bytes, done_rows, total_bytes)
            reader = RowReader(sheet.layout, sheet.columns, self.faults)
            staging.load(sheet.layout, reader.staged(), meter.counted(sheet, reader, self.faults))
            done_bytes += sheet.size
            done_rows += meter.rows
            staging.analyze(sheet.layout.stage)
        if self.progress is not None:
            self.progress(done_rows, done_rows)

    def prepare(self) -> tuple[int, dict[str, str]]:
        """Checks everything against the records as they stand and works out what would change. Returns the
        ledger's size then, and each changed table's root."""
        plan = self.plan
        plan.ready.clear()
        plan.counted.clear()
        plan.new_programme = None
        plan.loose = {sheet.name for sheet in self.sheets if sheet.broken}
        with staging.snapshot():
            size = ledger_reads.size()
            usable = [sheet for sheet in self.sheets if sheet.columns
                      and not set(sheet.layout.needed()) - set(sheet.columns)]
            plan.programme = self._programme(usable)
            for sheet in usable:
                self._check_table(sheet)
            territory.circles(plan, self.faults)
            territory.strangers(plan, self._host(), self.faults)
            territory.own_branch(plan, self.actor, plan.programme, self.faults)
            if self.faults:
                return size, {}
            return size, {name: self._digest(name) for name in plan.ready if any(plan.states(name)[:2])}

    def _digest(self, name: str) -> str:
        return writing.digest(self.plan, name)

    def _check_table(self, sheet: Sheet) -> None:
        plan, layout = self.plan, sheet.layout
        before = sum(self.faults.totals.values())
        checks.duplicates(layout, sheet.columns, self.faults)
        owers.store_words(plan, layout)
        resolve(plan, sheet.name)
        if any(other.name != sheet.name and any(column.to == sheet.name for column in other.columns)
               for other in tables()):
            staging.execute(f'CREATE INDEX "{layout.ready}_code" ON "{layout.ready}" (code)')
            staging.analyze(layout.ready)
        checks.references(plan, layout, self.faults)
        checks.roster_groups(plan, layout, self.faults)
        checks.pairs(layout, self.faults)
        checks.where_keys(layout, self.faults)
        listings.check(plan, layout, self.faults)
        owers.judge(plan, layout, self.faults)
        if sum(self.faults.totals.values()) == before:
            checks.constraints(layout, self.faults)

    def _programme(self, usable: Sequence[Sheet]) -> int:
        """The programme that the rows belong to; a new one gets its id when its row is made ready."""
        named = next((sheet for sheet in self.sheets if sheet.name == CAMPAIGN), None)
        if named is not None:
            return self._named_programme(named, usable)
        known = units_reads.programmes()
        if self.campaign:
            return units_reads.programme(self.campaign).id
        if len(known) == 1:
            return known[0].id
        if not known:
            raise Refused(
                _(
                    "The workbook has no table campaign, and there is no campaign yet: add the table, it "
                    "names "
                    "the campaign and its host unit."
                )
            )
        raise Refused(
            _(
                "The workbook does not say which campaign it is of. Add the table campaign, or name one of: "
                "%(codes)s."
            )
            % {"codes": ", ".join(each.code for each in known[:20])}
        )

    def _named_programme(self, named: Sheet, usable: Sequence[Sheet]) -> int:
        if named not in usable:
            self.plan.loose |= {name for name, layout in layouts().items() if layout.has_programme}
            return NO_PROGRAMME
        checks.one_campaign(named.layout, self.campaign, self.faults)
        rows = staging.fetch(
            f'SELECT row_n, code FROM "{named.layout.stage}" WHERE code IS NOT NULL ORDER BY row_n LIMIT 1'
        )
        if not rows:
            self.plan.loose |= {name for name, layout in layouts().items() if layout.has_programme}
            return NO_PROGRAMME
        found = next((each.id for each in units_reads.programmes() if each.code == rows[0][1]), None)
        return found if found is not None else self._new_programme(named, rows[0][0])

    def _new_programme(self, named: Sheet, row: int) -> int:
        """The id that a new programme will have: rows that are made ready before it refer to it."""
        new = 1 - row if self.plan.relative else staging.number(f"SELECT nextval('{named.layout.sequence}')")
        self.plan.new_programme = new
        return new

    def _host(self) -> int | None:
        """The host unit as the records know it; None when it is only now entered."""
        if CAMPAIGN in self.plan.ready:
            return staging.number(f'SELECT host_unit_id FROM "{self.plan.layouts[CAMPAIGN].ready}"') or None
        known = [each for each in units_reads.programmes() if each.id == self.plan.programme]
        return known[0].host_unit_id if known else None

    def report(self) -> Report:
        plan = self.plan
        counts = {name: TableReport(*plan.states(name)) for name in plan.ready}
        return Report(self._code(), counts, self.dry_run)

    def _code(self) -> str:
        if CAMPAIGN in self.plan.ready:
            return str(staging.fetch(f'SELECT code FROM "{self.plan.layouts[CAMPAIGN].ready}"')[0][0])
        return units_reads.programme_by_id(self.plan.programme).code

    def judge(self) -> None:
        """Raises NotAllowed, or Faulty; the first before the second, since faults tell of records."""
        if self.plan.programme != NO_PROGRAMME:
            self.permit()
        self.faults.raise_if_any()

    def permit(self) -> None:
        """The actor may write every table of the workbook over the host unit's whole subtree."""
        known = next((each for each in units_reads.programmes() if each.id == self.plan.programme), None)
        host = known.host_unit_id if known else self._host()
        path = (units_reads.path_on(host, clock.today()) if host else None) or ""
        for name in self.plan.ready:
            permits.require(self.actor, name, known.id if known else None, path)

    def write(self, size: int, roots: dict[str, str]) -> None:
        """The one short transaction. Raises Moved where what was checked no longer holds.

        On PostgreSQL rows that are not yet committed hinder nobody, so they and the checks of their
        references come first, and the lock is held for the rest only."""
        plan = self.plan
        try:
            rows = sum(sum(plan.states(name)[:2]) for name in roots)
            with references_checked_at_once(rows) as at_once, transaction.atomic():
                self._locked_at = time.monotonic()
                self._require_unmoved(size)
                writer = Writer(plan)
                self._before(writer)
                for name in roots:
                    writer.write(name)
                if at_once:
                    writer.require_references(roots)
                if connection.vendor == "postgresql":
                    staging.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    staging.execute("SET CONSTRAINTS ALL DEFERRED")
                    self._locked_at = time.monotonic()
                    take_lock()
                    self._require_unmoved(size)
                if {"units", "placements"} & set(roots):
                    tree.rebuild()
                if rows >= writing.SOME:
                    writing.look_over([*(plan.all_layouts[name].db for name in roots), "units_span"])
                self._tell(writer, roots)
        except IntegrityError as error:
            raise Moved from error
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in ("40P01", "40001"):  # deadlock, serialisation
                raise
            raise Moved from error
        self.locked_for = time.monotonic() - self._locked_at

    def _before(self, writer: Writer) -> None:
        """For a form: remembers the row as it was."""

    def _tell(self, writer: Writer, roots: dict[str, str]) -> None:
        """One entry of the ledger for each table that changed."""
        for name in roots:
            created, updated, unchanged = self.plan.states(name)
            ledger.record_bulk(actor=self.actor, verb=self.verb, table=name, created=created,
                               updated=updated, unchanged=unchanged, root=roots[name],
                               programme_id=writer.programme())

    def _require_unmoved(self, size: int) -> None:
        """Raises Moved where something was written since the check that it depended on: the tree and the
        campaigns, or a table whose rows have no key in the database. What else others wrote (a row of the
        same table) is theirs or refused by the database's constraints, which lead to Moved too."""
        told = ledger_reads.told_since(size)
        keyless = {name for name in self.plan.ready if self.plan.layouts[name].table.append_only}
        if told & {"units", "placements", CAMPAIGN, *keyless}:
            raise Moved


def take_lock() -> None:
    """On PostgreSQL, imports and forms are committed one after the other; SQLite's transaction has its
    lock."""
    if connection.vendor == "postgresql":
        staging.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")


class _Meter:
    """Counts rows and bytes as they are read, and tells them."""

    def __init__(
        self, progress: Progress | None, bytes_before: int, rows_before: int, bytes_total: int
    ) -> None:
        self.progress, self.before, self.rows_before, self.total = (
            progress,
            bytes_before,
            rows_before,
            bytes_total,
        )
        self.rows = 0
        self.read = 0

    def at(self, done: int) -> None:
        self.read = done
        if self.progress is not None:
            share = max((self.before + done) / self.total, 1e-9)
            rows = self.rows_before + self.rows
            self.progress(rows, max(rows, round(rows / share)))

    def counted(self, sheet: Sheet, reader: RowReader,
                faults: Faults) -> Iterator[Iterable[tuple[str | int | None, ...]]]:
        for numbers, rows in sheet.read(faults, self.at):
            self.rows += len(rows)
            yield reader.read(numbers, rows)


def run(run_: Run) -> Report:
    """Stages, checks and writes; all or nothing. Raises Faulty with every fault."""
    try:
        run_.stage()
        for _attempt in range(ATTEMPTS):
            size, roots = run_.prepare()
            run_.judge()
            report = run_.report()
            if run_.dry_run or not roots:
                return report
            try:
                run_.write(size, roots)
            except Moved:
                continue
            return report
        raise Refused(
            _(
                "Others kept changing the records while this was being checked. Nothing was written; try "
                "again in a moment."
            )
        )
    finally:
        run_.finish()
