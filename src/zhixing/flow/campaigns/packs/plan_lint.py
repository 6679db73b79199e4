"""Names every fault of a pack's plan. What a fault says is for people who write a pack: what is wrong, and what there
is instead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhixing.ground.kernel.figures import figure, figures

from .planning import ANY, HOST, KINDS_OF, NEEDS, PEOPLE, due_of, good_code, pairs_of, twice

Report = Callable[[str, str], None]
"""Takes a key and what is wrong with it."""

WEEKS = 520
"""A plan of more weeks than this is a slip."""

LISTS: dict[str, dict[str, Any]] = {
    "phases": {"code": str, "name": str, "length": (int, float)},
    "duties": {"code": str, "phase": str, "name": str, "figure": str, "where": str, "at_least": (int, float),
               "due": str, "applies_to": list},
    "groups": {"code": str, "name": str, "kind": str},
}
TABLES: dict[str, dict[str, Any]] = {
    "asks": {"needs": list, "fields": int, "files": int, "minutes": (int, float)},
    "gates": {"superior_meeting": bool},
}
MAY_LACK = {"where", "at_least", "applies_to", *TABLES["asks"], *TABLES["gates"]}


def plan_faults(key: str, value: Mapping[str, Any], merged: Mapping[str, Any], report: Report) -> None:
    """The faults of a section `plan` that one file states; `merged`: the pack with its bases."""
    def at(*parts: str) -> str:
        return ".".join(filter(None, (key, *parts)))

    whole = merged.get("plan", {})
    for name in value:
        if name not in ("weeks", *LISTS, *TABLES):
            report(at(name), _("no such key; known are %(known)s") % {"known": ", ".join(("weeks", *LISTS, *TABLES))})
    weeks = value.get("weeks", 26)
    if not isinstance(weeks, int) or isinstance(weeks, bool) or not 1 <= weeks <= WEEKS:
        report(at("weeks"), _("has to be a whole number of weeks, 1 to %(most)s") % {"most": WEEKS})
    for name, known in LISTS.items():
        for place, row in _listed(at(name), value[name], known, report) if name in value else ():
            _row(name, f"{at(name)}[{place}]", row, whole, merged, report)
    for name, known in TABLES.items():
        if name in value and _tables(at(name), value[name], known, report):
            _named(name, at(name), value[name], whole, merged, report)
    if "phases" in value:
        _phases(at("phases"), value, whole, report)


def _listed(key: str, rows: object, known: Mapping[str, Any], report: Report) -> list[tuple[int, Mapping[str, Any]]]:
    """Those of the entries that have their fields, with their places."""
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        report(key, _("has to be a list of entries: [[…]]"))
        return []
    _codes(key, rows, report)
    return [(place, row) for place, row in enumerate(rows) if _fields(f"{key}[{place}]", row, known, report)]


def _tables(key: str, tables: object, known: Mapping[str, Any], report: Report) -> bool:
    if not isinstance(tables, Mapping) or not all(isinstance(each, Mapping) for each in tables.values()):
        report(key, _("has to be a table of tables: [… .name]"))
        return False
    found = [_fields(f"{key}.{name}", each, known, report) for name, each in tables.items()]
    return all(found)


def _fields(key: str, row: Mapping[str, Any], known: Mapping[str, Any], report: Report) -> bool:
    """Has the entry these fields and no others, each of its type?"""
    sound = True
    for name, kind in known.items():
        value = row.get(name)
        if name not in row:
            if name not in MAY_LACK:
                report(f"{key}.{name}", _("is missing"))
                sound = False
        elif not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            report(f"{key}.{name}", _wanted(kind))
            sound = False
        elif isinstance(value, str) and not value.strip() and name not in MAY_LACK:
            report(f"{key}.{name}", _("is empty"))
            sound = False
        elif isinstance(value, list) and not all(isinstance(each, str) for each in value):
            report(f"{key}.{name}", _("has to be a list of texts"))
            sound = False
    for name in row:
        if name not in known:
            report(f"{key}.{name}", _("no such key; known are %(known)s") % {"known": ", ".join(known)})
            sound = False
    return sound


def _wanted(kind: object) -> str:
    if kind is str:
        return _("has to be a text in quotation marks")
    if kind is bool:
        return _("has to be true or false")
    return _("has to be a list of texts") if kind is list else _("has to be a number")


def _codes(key: str, rows: Sequence[Mapping[str, Any]], report: Report) -> None:
    codes = [row.get("code") for row in rows]
    for place in twice(str(code or f"#{at}") for at, code in enumerate(codes)):
        report(f"{key}[{place}].code", _("the code “%(code)s” is used above already") % {"code": codes[place]})
    for place, code in enumerate(codes):
        if isinstance(code, str) and code and not good_code(code):
            report(f"{key}[{place}].code", _("has to be a short code without blanks, such as P1"))


def _row(name: str, key: str, row: Mapping[str, Any], whole: Mapping[str, Any], merged: Mapping[str, Any],
         report: Report) -> None:
    if name == "phases" and not 0 < row["length"] <= WEEKS:
        report(f"{key}.length", _("has to be more than 0: a phase of length 2 lasts twice as long as one of length 1"))
    elif name == "groups":
        _known(f"{key}.kind", row["kind"], merged.get("group_kinds", {}), report)
    elif name == "duties":
        _duty(key, row, whole, merged, report)


def _duty(key: str, row: Mapping[str, Any], whole: Mapping[str, Any], merged: Mapping[str, Any],
          report: Report) -> None:
    phases = _phase_codes(whole)
    if row["phase"] not in phases:
        report(f"{key}.phase", _("there is no phase “%(code)s”; there are %(known)s") % {
            "code": row["phase"], "known": ", ".join(phases) or "–"})
    if row.get("at_least", 1) <= 0:
        report(f"{key}.at_least", _("has to be more than 0"))
    try:
        due_of(row["due"])
    except ValueError:
        report(f"{key}.due", _("cannot be read: write start+15d (days after the phase begins) or end-10w (working days "
                               "before it ends)"))
    _applies(f"{key}.applies_to", row.get("applies_to", ()), merged, report)
    names = {each.name for each in figures()} or set(merged.get("figures", {}))
    if row["figure"] not in names:
        report(f"{key}.figure", _("there is no figure “%(name)s”") % {"name": row["figure"]})
    else:
        _where(f"{key}.where", row, phases, merged, report)


def _where(key: str, row: Mapping[str, Any], phases: Collection[str], merged: Mapping[str, Any],
           report: Report) -> None:
    try:
        pairs = pairs_of(row.get("where", ""))
    except ValueError as error:
        report(key, _("“%(part)s” cannot be read: write kind=visit, pairs joined by &, several values by ;")
               % {"part": error})
        return
    found = figure(row["figure"])
    for name, values in pairs:
        if found is not None and name not in found.offered():
            report(key, _("this figure cannot be asked by “%(key)s”; it can by %(known)s") % {
                "key": name, "known": ", ".join(found.offered()) or "–"})
        section = KINDS_OF.get(row["figure"].split(".")[0], "")
        known = phases if name == "phase" else merged.get(section, {}) if name == "kind" and section else None
        if known is not None:
            for value in values:
                _known(key, value, known, report)


def _applies(key: str, listed: Sequence[str], merged: Mapping[str, Any], report: Report) -> None:
    persons = [each for each in listed if each.startswith(PEOPLE)]
    if persons and len(listed) > 1:
        report(key, _("either persons of one category (people:…) or units owe a duty, not both"))
    for each in persons:
        _known(key, each.removeprefix(PEOPLE), merged.get("person_categories", {}), report)
    for each in listed:
        if each not in persons and each != HOST and not good_code(each):
            report(key, _("“%(value)s” is neither a kind nor a code of units") % {"value": each})


def _known(key: str, value: str, known: Collection[str], report: Report) -> None:
    if value not in known:
        report(key, _("there is no “%(value)s” in this pack; there are %(known)s") % {
            "value": value, "known": ", ".join(known) or "–"})


def _named(name: str, key: str, tables: Mapping[str, Mapping[str, Any]], whole: Mapping[str, Any],
           merged: Mapping[str, Any], report: Report) -> None:
    if name == "gates":
        for code in tables:
            _known(f"{key}.{code}", code, [*_phase_codes(whole), ANY], report)
        return
    kinds = {kind for section in KINDS_OF.values() for kind in merged.get(section, {})}
    for kind, said in tables.items():
        if kind not in kinds and kind not in merged.get("headings", {}):
            report(f"{key}.{kind}", _("“%(kind)s” is neither a kind of record in this pack nor a table") % {
                "kind": kind})
        for need in said.get("needs", ()):
            _known(f"{key}.{kind}.needs", need, NEEDS, report)
        for part in ("fields", "files", "minutes"):
            if said.get(part, 0) < 0:
                report(f"{key}.{kind}.{part}", _("cannot be less than 0"))


def _phase_codes(whole: Mapping[str, Any]) -> list[str]:
    rows = whole.get("phases", ())
    return [str(row["code"]) for row in rows if isinstance(row, Mapping) and "code" in row]


def _phases(key: str, value: Mapping[str, Any], whole: Mapping[str, Any], report: Report) -> None:
    """Phases of one's own under duties of the base: these may have lost theirs."""
    if not value["phases"]:
        report(key, _("a plan needs at least one phase"))
    codes = _phase_codes(whole)
    for row in whole.get("duties", ()) if "duties" not in value else ():
        if isinstance(row, Mapping) and row.get("phase") not in codes:
            report(key, _("the duty %(duty)s of the base belongs to the phase “%(code)s”, which is not here") % {
                "duty": row.get("code"), "code": row.get("phase")})
