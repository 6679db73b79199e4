"""`zhixing template`, `import`, `export`: the office's own workbook in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import output
from .progress import progress
from .setup import start

if TYPE_CHECKING:
    from zhixing.ground.workbook.types import Faulty, Report

LIMITS = """Brings a workbook into the records: creates what is new, updates what differs, leaves the rest.
All or nothing: every fault is named by table, row and column (the first 1,000 in full), and with one fault
nothing is written.

A workbook is a folder of UTF-8 CSV files named after the tables, a .zip of such files, or an .xlsx with a
sheet for each table. A CSV file may be of any length. An .xlsx may hold 200,000 rows and 4,000,000 cells in
all, and unpack to 300 MB; larger ones come in as CSV. A cell holds up to 100,000 characters."""


@click.command("import", help=LIMITS, epilog="Example: zhixing import workbook-2026/ --dry-run")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything and say what would change; write nothing.")
@click.option("--campaign", default="", metavar="CODE",
              help="The campaign that the rows belong to, where the workbook has no table campaign.")
@click.option(
    "--json", "machine", is_flag=True, help="For machines: counts by table, or faults, with stable keys."
)
def import_command(path: Path, dry_run: bool, campaign: str, machine: bool) -> None:
    """Brings a workbook in, all of it or nothing."""
    start()
    from django.utils.translation import gettext as _

    from zhixing.ground.kernel.types import CONSOLE
    from zhixing.ground.workbook import actions
    from zhixing.ground.workbook.types import Faulty

    try:
        with progress(_("Reading"), hidden=machine) as tell:
            report = actions.import_workbook(
                path, actor=CONSOLE, dry_run=dry_run, progress=tell, campaign=campaign
            )
    except Faulty as error:
        show_faults(error, machine)
        sys.exit(1)
    show_report(report, machine)


def show_report(report: Report, machine: bool) -> None:
    from django.utils.translation import gettext as _

    from zhixing.ground.workbook.reads import said_table

    rows = [(name, each.created, each.updated, each.unchanged) for name, each in report.tables.items()]
    if machine:
        output.as_json(
            {
                "campaign": report.programme,
                "dry_run": report.dry_run,
                "tables": [
                    dict(zip(("table", "created", "updated", "unchanged"), row, strict=True)) for row in rows
                ],
            }
        )
        return
    output.table([_("table"), _("created"), _("updated"), _("unchanged")],
                 [(said_table(row[0]), *row[1:]) for row in rows if any(row[1:])])
    if report.dry_run:
        click.echo(_("Only checked; nothing was written."))


def _kinds() -> dict[str, str]:
    """What sort of fault each kind is, for the totals."""
    from django.utils.translation import gettext as _

    return {
        "campaign": _("which campaign it is"), "choice": _("not one of the choices"), "circle": _("a circle"),
        "code": _("not a code"), "date": _("not a date"), "duplicate": _("stands twice"),
        "encoding": _("not UTF-8"), "file": _("the file cannot be read"), "formula": _("a formula"),
        "heading": _("the headings"), "length": _("too long"), "number": _("not a number"),
        "order": _("the wrong way round"), "required": _("empty"), "row": _("cells too many or too few"),
        "rule": _("does not go together"), "stranger": _("outside the units it may change"),
        "text": _("cannot be shown"), "unknown": _("no such code"), "where": _("which records count"),
    }


def show_faults(error: Faulty, machine: bool) -> None:
    """Every fault on standard error; for machines the same as JSON on standard output."""
    from django.utils.translation import gettext as _
    from django.utils.translation import ngettext

    from zhixing.ground.workbook.reads import said_table

    if machine:
        output.as_json({
            "faults": [{"table": fault.table, "row": fault.row, "column": fault.column, "value": fault.value,
                        "message": fault.message, "kind": fault.kind} for fault in error.faults],
            "totals": [{"table": table, "kind": kind, "count": count} for (table, kind), count in
                       sorted(error.totals.items())],
            "total": error.total})
    for fault in error.faults:
        click.echo(str(fault), err=True)
    if error.total > len(error.faults):
        click.echo(
            _("… and %(more)s more. In all:") % {"more": f"{error.total - len(error.faults):,}"}, err=True
        )
        kinds = _kinds()
        for (table, kind), count in sorted(error.totals.items()):
            told = {"table": said_table(table) if table else "–", "kind": kinds.get(kind, kind), "count": f"{count:,}"}
            click.echo("    " + _("%(table)s, %(kind)s: %(count)s") % told, err=True)
    click.echo(
        ngettext(
            "%(count)s fault. Nothing was written.", "%(count)s faults. Nothing was written.", error.total
        )
        % {"count": f"{error.total:,}"},
        err=True,
    )


@click.command("export", epilog="Example: zhixing export C2026 workbook-2026.xlsx")
@click.argument("campaign")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "machine", is_flag=True, help="For machines: rows by table, with stable keys.")
def export_command(campaign: str, path: Path, machine: bool) -> None:
    """Writes the records of CAMPAIGN as a workbook: an .xlsx where PATH ends so, else a folder of CSV
    files."""
    start()
    from django.utils.translation import gettext as _

    from zhixing.ground.workbook import reads

    counts = reads.export_workbook(campaign, path)
    if machine:
        output.as_json({"campaign": campaign, "path": str(path),
                        "tables": [{"table": name, "rows": rows} for name, rows in counts.items()]})
    else:
        output.table([_("table"), _("rows")], [(reads.said_table(name), rows) for name, rows in counts.items()])


@click.command("template", epilog="Example: zhixing template study-practice-zh empty.xlsx")
@click.argument("pack")
@click.argument("path", metavar="FILE.xlsx", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "machine", is_flag=True, help="For machines: the tables, with stable keys.")
def template_command(pack: str, path: Path, machine: bool) -> None:
    """An empty workbook to fill in: headings in the language of the template PACK, drop-downs, notes, and one
    example row a table, which an import leaves out."""
    start(database=False)
    from django.utils.translation import gettext as _

    from zhixing.ground.workbook import reads

    names = reads.template(pack, path)
    if machine:
        output.as_json({"pack": pack, "path": str(path), "tables": names})
    else:
        click.echo(_("%(path)s: %(count)s tables.") % {"path": path, "count": len(names)})
