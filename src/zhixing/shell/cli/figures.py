"""`zhixing figures`, `lint`, `gate`: questions to the records."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from . import output
from .setup import start

AS_OF = click.option("--as-of", metavar="DATE", help="As at this date (default: today), e.g. 2026-05-31.")


def _day(text: str | None) -> date:
    from zhixing.ground.kernel import clock

    if text is None:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"“{text}” is not a date; write it like 2026-05-31.") from None


def _where(pairs: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key or not value:
            raise click.UsageError(f"--where {pair}: write it as key=value, e.g. kind=group_study.")
        found.setdefault(key, []).extend(part for part in value.split(";") if part)
    return found


def _plain_where(where: dict[str, list[str]]) -> dict[str, Any]:
    return {key: values[0] if len(values) == 1 else values for key, values in where.items()}


@click.command(epilog="Example: zhixing figures C2026 activities.held --where kind=group_study --as-of 2026-05-31")
@click.argument("campaign")
@click.argument("figure", required=False)
@click.option("--where", "pairs", multiple=True, metavar="KEY=VALUE", help="Only these; may be given several times.")
@click.option("--unit", metavar="CODE", help="Of this unit and all below it (default: the campaign's host).")
@AS_OF
@click.option("--by-unit", is_flag=True, help="For every unit of the scope, each with all below it.")
@click.option("--evidence", is_flag=True, help="With the codes of the records behind each value.")
@click.option("--json", "machine", is_flag=True, help="For machines: a list with stable keys.")
def figures_command(campaign: str, figure: str | None, pairs: tuple[str, ...], unit: str | None, as_of: str | None,
                    by_unit: bool, evidence: bool, machine: bool) -> None:
    """Figures counted from the records of CAMPAIGN: all of them, or one FIGURE."""
    start()
    from zhixing.ground.figures import reads
    from zhixing.ground.kernel.figures import figures
    from zhixing.ground.kernel.types import Scope
    from zhixing.ground.units import reads as units

    where, day = _where(pairs), _day(as_of)
    programme = units.programme(campaign)
    place = units.unit(unit, day) if unit else units.unit_by_id(programme.host_unit_id, day)
    scope = Scope(programme.id, place.id, day)
    names = [figure] if figure else [each.name for each in figures()]
    if not figure and where:
        raise click.UsageError("--where goes with one figure; name it.")
    found: list[tuple[str, Any]] = []
    for name in names:
        if by_unit:
            known = reads.by_unit(name, scope, where, level="all")
            zero = reads.nothing(name, scope, where)
            found += [(view.code, known.get(view.id, zero)) for view in units.units_under(place.path, day)]
        else:
            found.append((place.code, reads.value(name, scope, where)))
    if machine:
        output.as_json([_item(code, value, where, evidence) for code, value in found])
        return
    from django.utils.translation import gettext as _

    from zhixing.flow.campaigns import reads as campaigns
    from zhixing.outputs.boards import words

    pack = campaigns.pack_of(programme.id)
    output.table([_("figure"), _("key"), _("unit"), _("value"), _("measure"), _("records"), ""],
                 [(words.title(pack, value.name), value.name, code,
                   output.number(value.value, value.qualifier, value.measure),
                   words.noun(pack, value.name, value.value), value.evidence, _why(value)) for code, value in found])
    if evidence:
        for code, value in found:
            click.echo(f"\n{value.name} {code}: {', '.join(_records(code, value)) or '–'}")


def _why(value: Any) -> str:
    """Why a value is as it is; of a figure that has to be told which one, how to tell it."""
    from django.utils.translation import gettext as _

    from zhixing.ground.kernel.figures import figure

    found = figure(value.name)
    lacking = [key for key in found.needs if key not in value.where] if found else []
    if value.value is None and lacking:
        return _("%(why)s Choose with --where %(key)s=…; --evidence lists the codes.") % {
            "why": value.why, "key": lacking[0]}
    return str(value.why)


def _records(code: str, value: Any) -> list[str]:
    from zhixing.ground.figures import reads
    from zhixing.ground.kernel.types import Scope
    from zhixing.ground.units import reads as units

    scope = Scope(value.scope.programme_id, units.unit(code, value.scope.as_of).id, value.scope.as_of)
    return reads.records(value.name, scope, value.where)


def _item(code: str, value: Any, where: dict[str, list[str]], evidence: bool) -> dict[str, object]:
    item = {"figure": value.name, "where": _plain_where(where), "unit": code, "as_of": value.scope.as_of,
            "value": value.value, "qualifier": value.qualifier, "measure": value.measure,
            "evidence": value.evidence, "why": value.why}
    return {**item, "records": _records(code, value)} if evidence else item


@click.command(epilog="Example: zhixing lint C2026 --as-of 2026-05-31")
@click.argument("campaign")
@AS_OF
@click.option("--json", "machine", is_flag=True, help="For machines: a list of {lint, message, records}.")
def lint_command(campaign: str, as_of: str | None, machine: bool) -> None:
    """Contradictions in the records of CAMPAIGN: what cannot all be true."""
    start()
    from django.utils.translation import gettext as _

    from zhixing.flow.checks import reads as checks
    from zhixing.ground.kernel.types import Scope
    from zhixing.ground.units import reads as units

    programme = units.programme(campaign)
    found = checks.contradictions(Scope(programme.id, programme.host_unit_id, _day(as_of)))
    if machine:
        output.as_json([{"lint": each.lint, "message": each.message, "records": list(each.finding.records)}
                        for each in found])
        return
    if not found:
        click.echo(_("No contradictions found."))
    for each in found:
        click.echo(f"{each.title} ({each.lint}): {each.message}")
        click.echo(f"    {', '.join(each.finding.records[:12])}{' …' if len(each.finding.records) > 12 else ''}")


@click.command(epilog="Example: zhixing gate C2026 --phase P1")
@click.argument("campaign")
@click.option("--phase", metavar="CODE", help="The phase to be left (default: the phase of the day).")
@click.option("--unit", metavar="CODE", help="This unit and all below it (default: the campaign's host).")
@AS_OF
@click.option("--json", "machine", is_flag=True, help="For machines: a list with stable keys.")
def gate_command(campaign: str, phase: str | None, unit: str | None, as_of: str | None, machine: bool) -> None:
    """May each unit leave the phase? Open or shut, with the duties met, waived and missing."""
    start()
    from zhixing.flow.campaigns import reads as campaigns
    from zhixing.flow.duties import reads as duties
    from zhixing.ground.units import reads as units

    day, programme = _day(as_of), units.programme(campaign)
    phase = phase or _phase_of(programme.id, day)
    campaigns.phase(programme.id, phase)
    path = units.unit(unit, day).path if unit else None
    gates = duties.gate(programme.id, phase, day, path=path)
    names = units.units_by_id([gate.unit_id for gate in gates], day)
    if machine:
        output.as_json([{
            "unit": names[gate.unit_id].code, "name": names[gate.unit_id].name, "open": gate.open, "met": gate.met,
            "waived": gate.waived,
            "missing": [{"duty": one.duty.code, "name": one.duty.name, "record": one.record, "state": one.state,
                         "value": one.value, "at_least": one.duty.at_least, "due_on": one.duty.due_on}
                        for one in gate.missing]} for gate in gates])
        return
    from django.utils.translation import gettext as _
    from django.utils.translation import pgettext

    output.table([_("unit"), _("name"), _("gate"), _("met"), _("waived"), _("missing")],
                 [(names[gate.unit_id].code, names[gate.unit_id].name,
                   pgettext("gate", "open") if gate.open else pgettext("gate", "shut"), gate.met,
                   gate.waived, ", ".join(one.record for one in gate.missing[:6])) for gate in gates])


def _phase_of(programme_id: int, day: date) -> str:
    """The phase of the day, said on standard error. Raises UsageError where no phase is running."""
    from django.utils.translation import gettext as _

    from zhixing.flow.campaigns import reads as campaigns

    found = campaigns.phase_on(programme_id, day)
    if found is None:
        codes = ", ".join(each.code for each in campaigns.phases(programme_id))
        raise click.UsageError(_("No phase is running on %(day)s; choose one with --phase: %(codes)s.")
                               % {"day": day, "codes": codes or "–"})
    click.echo(_("Phase %(code)s (%(name)s), the phase of %(day)s.")
               % {"code": found.code, "name": found.name, "day": day}, err=True)
    return found.code
