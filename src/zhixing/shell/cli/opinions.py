"""`zhixing opinions add`: what was heard elsewhere comes in."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import click

from .helping import Group
from .progress import progress
from .setup import start
from .workbook import show_faults, show_report


@click.group("opinions", cls=Group)
def opinions_command() -> None:
    """Opinions that were collected elsewhere."""


@opinions_command.command(
    "add",
    epilog="Example: zhixing opinions add messages.csv --campaign C2026 --channel WEB --title title "
    "--text body "
    "--on time --code msg_id",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--campaign", default="", metavar="CODE", help="The campaign (needed).")
@click.option("--channel", default="", metavar="CODE",
              help="The channel they came by; it must be there already (needed).")
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

    The same file a second time adds nothing. Without what it needs, the command says what is missing, which
    columns the file has, and how the command most likely reads in full.
    """
    start()
    _require(file, {"--campaign": campaign, "--channel": channel, "--text": text or title},
             {"text": text, "title": title, "on": on, "unit": unit, "code": code})
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


def _require(file: Path, needed: dict[str, str], given: dict[str, str]) -> None:
    """Refuses, naming everything that is missing at once: exit 2."""
    from django.utils.translation import get_language
    from django.utils.translation import gettext as _

    from zhixing.ground.workbook import reads as workbook

    missing = [option for option, value in needed.items() if not value]
    if not missing:
        return
    columns = workbook.columns_for_opinions(file)
    if columns.said:
        missing = [option for option in missing if option != "--text"]
    if not missing:
        return
    comma = "、" if (get_language() or "").startswith("zh") else ", "
    campaigns, channels = _known(needed["--campaign"])
    lines = [_("Missing: %(options)s.") % {"options": comma.join(missing)}]
    lines.append(_("The file's columns: %(columns)s.") % {"columns": comma.join(columns.names) or "–"})
    if campaigns and "--campaign" in missing:
        lines.append(_("Campaigns: %(codes)s.") % {"codes": comma.join(campaigns)})
    if channels and "--channel" in missing:
        lines.append(_("Channels: %(codes)s.") % {"codes": comma.join(channels)})
    chosen = {
        "campaign": needed["--campaign"] or (campaigns[0] if len(campaigns) == 1 else _("CODE")),
        "channel": needed["--channel"] or (channels[0] if len(channels) == 1 else _("CODE")),
        **{name: given[name] or columns.guessed.get(name, "") for name in ("title", "text", "on", "unit", "code")},
    }
    if columns.said and not given["text"]:
        chosen["text"] = ""
    elif not chosen["text"] and not chosen["title"]:
        chosen["text"] = _("COLUMN")
    words = [word for name, value in chosen.items() if value for word in (f"--{name}", _quoted(value))]
    lines.append(_("Probably meant (check the columns first):"))
    lines.append(f"  zhixing opinions add {_quoted(str(file))} {' '.join(words)}")
    raise click.UsageError("\n".join(lines))


def _quoted(word: str) -> str:
    """A word as a shell takes it; Chinese needs no quotation marks."""
    return shlex.quote(word) if not word or re.search(r"[^\w./:@%+,=-]", word) else word


def _known(campaign: str) -> tuple[list[str], list[str]]:
    """The campaigns that are there, and the channels of the one that is meant."""
    from zhixing.ground.kernel.types import CONSOLE
    from zhixing.ground.units import reads as units
    from zhixing.ground.workbook import reads as workbook

    known = units.programmes()
    meant = [each for each in known if each.code == campaign] or (known if len(known) == 1 else [])
    channels = workbook.list_rows("channels", meant[0].id, CONSOLE).keys if len(meant) == 1 else ()
    return [each.code for each in known], list(channels)
