"""`zhixing template`, `import`, `export`."""

from __future__ import annotations

import click

from .setup import start


@click.command("import")
@click.argument("path", type=click.Path())
@click.option("--dry-run", is_flag=True)
@click.option("--campaign", default="")
@click.option("--json", "as_json", is_flag=True)
def import_command(path: str, dry_run: bool, campaign: str, as_json: bool) -> None:
    """Brings a workbook in."""
    start()
    from zhixing.ground.kernel.types import CONSOLE
    from zhixing.ground.workbook import actions

    report = actions.import_workbook(path, actor=CONSOLE, dry_run=dry_run, campaign=campaign)
    for name, counts in report.tables.items():
        click.echo(f"{name:20} {counts.created:8} {counts.updated:8} {counts.unchanged:8}")


@click.command("export")
@click.argument("campaign")
@click.argument("path", type=click.Path())
def export_command(campaign: str, path: str) -> None:
    """Writes a workbook."""
    start()
    from zhixing.ground.workbook import reads

    print(reads.export_workbook(campaign, path))
