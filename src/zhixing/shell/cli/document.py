"""`zhixing document`: an official paper around the campaign's figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import output
from .setup import start, warn_of_address

if TYPE_CHECKING:
    from datetime import date

    from zhixing.outputs.documents.types import Draft, Notice


@click.command(epilog="Example: zhixing document C2026 stage_summary --phase P1 -o summary.docx")
@click.argument("campaign")
@click.argument("kind")
@click.option("--unit", metavar="CODE", help="Of this unit (default: the campaign's host).")
@click.option("--phase", metavar="CODE", help="Of this phase (default: the latest with anything to tell).")
@click.option("--as-of", metavar="DATE",
              help="With the figures as at this date (default: the phase's end, or today if it runs).")
@click.option("--outline", default="", metavar="NAME", help="One of the template pack's outlines.")
@click.option("--in", "language", type=click.Choice(["zh", "en"]),
              help="Language of the document (default: the template pack's).")
@click.option("--no-problems-because", "reason", default="", metavar="TEXT",
              help="The reason why a summary has no problem to tell; it is printed.")
@click.option("-o", "--output", "path", required=True, metavar="FILE", type=click.Path(path_type=Path),
              help="Where to write it: .docx, .pdf or .html.")
@click.option("--json", "machine", is_flag=True, help="For machines: what was written, with stable keys.")
def document_command(campaign: str, kind: str, unit: str | None, phase: str | None, as_of: str | None,
                     outline: str, language: str | None, reason: str, path: Path, machine: bool) -> None:
    """Writes a document of CAMPAIGN. KIND is stage_summary or plan.

    Every number is counted from records and frozen. Contradictions are told on standard error before the file
    is written. A summary that tells no problem is refused, unless a reason is given."""
    start()
    from django.utils.translation import gettext as _

    from zhixing.flow.campaigns import reads as campaigns
    from zhixing.ground.kernel.errors import Refused
    from zhixing.ground.kernel.types import CONSOLE, Scope
    from zhixing.ground.units import reads as units
    from zhixing.outputs.documents import actions, reads

    if path.suffix.lower() not in actions.ENDINGS:
        raise click.UsageError(f"-o {path}: the file ends with one of {', '.join(actions.ENDINGS)}.")
    view = campaigns.campaign(campaign)
    day = _day(as_of)
    place = units.unit(unit, day) if unit else units.unit_by_id(view.host_unit_id, day)
    standing = reads.standing(kind, view, place.id, phase or "", day)
    scope = Scope(view.programme_id, place.id, standing.as_of)
    of_phase = standing.phase.code if standing.phase else ""
    try:
        draft = actions.draft(kind, scope, of_phase, outline, language or "", actor=CONSOLE, no_problem_reason=reason)
    except actions.WithoutProblem as error:
        raise Refused(_("%(why)s The reason is given with --no-problems-because.") % {"why": error}) from None
    for notice in draft.notices:
        click.echo(_line(notice), err=True)
    actions.write(draft, path)
    warn_of_address()
    if machine:
        output.as_json(_item(draft, path))
    else:
        click.echo(f"{path}: {draft.title}")


def _day(text: str | None) -> date | None:
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"“{text}” is not a date; write it like 2026-05-31.") from None


def _line(notice: Notice) -> str:
    return f"{notice.title}: {notice.message}"


def _item(draft: Draft, path: Path) -> dict[str, Any]:
    return {
        "file": str(path), "title": draft.title, "kind": draft.kind, "unit": draft.unit.code,
        "phase": draft.phase.code if draft.phase else None, "as_of": draft.scope.as_of,
        "outline": draft.outline, "language": draft.language,
        "figures": [
            {"figure": number.figure, "where": {key: values[0] if len(values) == 1 else list(values)
                                                for key, values in number.where.items()},
             "value": number.value, "qualifier": number.qualifier, "measure": number.measure,
             "evidence": number.evidence, "printed": number.printed, "words": number.words,
             "frozen": number.frozen_id, "url": number.url}
            for number in draft.numbers],
        "contradictions": [_told(notice) for notice in draft.contradictions],
        "hints": [_told(notice) for notice in draft.hints],
    }


def _told(notice: Notice) -> dict[str, Any]:
    return {"lint": notice.rule, "message": notice.message, "records": list(notice.records)}
