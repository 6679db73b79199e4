"""`zhixing opinions add`: what was heard elsewhere comes in."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .progress import progress
from .setup import start
from .workbook import show_faults, show_report


@click.group("opinions")
def opinions_command() -> None:
    """Opinions that were collected elsewhere."""


@opinions_command.command(
    "add",
    epilog="Example: zhixing opinions add messages.csv --campaign C2026 --channel WEB --title title "
    "--text body "
    "--on time --code msg_id",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--campaign", required=True, metavar="CODE", help="The campaign.")
@click.option(
    "--channel", required=True, metavar="CODE", help="The channel they came by; it must be there already."
)
@click.option(
    "--text", default="", metavar="COL", help="The column with the opinion itself (default: text, 内容 …)."
)
@click.option("--title", default="", metavar="COL", help="A column with a title, put above the text.")
@click.option("--on", default="", metavar="COL", help="The column with the day or time it was received.")
@click.option("--unit", default="", metavar="COL", help="The column with the code of the unit it concerns.")
@click.option(
    "--code",
    default="",
    metavar="COL",
    help="The column with a code of its own (default: codes are made from the contents).",
)
@click.option("--json", "machine", is_flag=True, help="For machines: counts, or faults, with stable keys.")
def add(file: Path, campaign: str, channel: str, text: str, title: str, on: str, unit: str, code: str,
        machine: bool) -> None:
    """Adds the opinions of FILE, any CSV (UTF-8) or .xlsx with one opinion a row.

    The same file a second time adds nothing.
    """
    start()
    from django.utils.translation import gettext as _

    from zhixing.ground.kernel.types import CONSOLE
    from zhixing.ground.workbook import actions
    from zhixing.ground.workbook.types import Faulty

    try:
        with progress(_("Reading"), hidden=machine) as tell:
            report = actions.add_opinions(
                file,
                programme=campaign,
                channel=channel,
                text=text,
                title=title,
                on=on,
                unit=unit,
                code=code,
                actor=CONSOLE,
                progress=tell,
            )
    except Faulty as error:
        show_faults(error, machine)
        sys.exit(1)
    show_report(report, machine)
