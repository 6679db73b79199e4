"""A pack's text, changed by one form at a time. Nothing is judged here: the linter does that when the text is saved.

Each takes the pack's sections (with its base) and its text, and gives the new text. Notes (`#`) in it are lost."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from . import own
from .planning import KINDS_OF, PlannedDuty, pairs_of
from .tomls import written

Sections = Mapping[str, Any]


def _content(text: str) -> dict[str, Any]:
    return copy.deepcopy(own.content_of(text))


def _plan(sections: Sections, content: dict[str, Any]) -> dict[str, Any]:
    """The text's plan, with lists of its own from here on."""
    plan: dict[str, Any] = content.setdefault("plan", {})
    for name in ("phases", "duties"):
        plan.setdefault(name, copy.deepcopy(sections.get("plan", {}).get(name, [])))
    return plan


def number(text: str) -> int | float | str:
    """What was typed as TOML knows it; what is no number stays as typed, for the linter to say so."""
    try:
        typed = Decimal(text.strip())
    except InvalidOperation:
        return text
    if not typed.is_finite() or abs(typed) > 1_000_000:
        return text
    return int(typed) if typed == typed.to_integral_value() else float(typed)


def with_phases(sections: Sections, text: str, weeks: str, rows: Sequence[Mapping[str, str]]) -> str:
    """`rows`: code, name, length, `was` (the code before, "" for a new phase) and `meeting` ("" or "yes"). Duties
    follow a phase whose code changes."""
    content = _content(text)
    plan = _plan(sections, content)
    plan["weeks"] = number(weeks)
    plan["phases"] = [{"code": row["code"], "name": row["name"], "length": number(row["length"])} for row in rows]
    renamed = {row["was"]: row["code"] for row in rows if row["was"] and row["was"] != row["code"]}
    for duty in plan["duties"]:
        duty["phase"] = renamed.get(duty.get("phase", ""), duty.get("phase", ""))
        if duty.get("where"):
            duty["where"] = _moved(duty["where"], renamed)
    told = {*sections.get("plan", {}).get("gates", {})}
    plan["gates"] = {row["code"]: {"superior_meeting": bool(row["meeting"])} for row in rows
                     if row["meeting"] or {row["code"], "any"} & told}
    return written(content)


def _moved(where: str, renamed: Mapping[str, str]) -> str:
    """A filter in which phases go by their new codes."""
    try:
        pairs = pairs_of(where)
    except ValueError:
        return where
    return "&".join(f"{key}={';'.join(renamed.get(each, each) if key == 'phase' else each for each in values)}"
                    for key, values in pairs)


def with_duty(sections: Sections, text: str, code: str, row: Mapping[str, str] | None) -> tuple[str, int]:
    """The duty `code` ("" adds one) as the row says, or gone where it is None; and its place in the list."""
    content = _content(text)
    duties: list[dict[str, Any]] = _plan(sections, content)["duties"]
    place = next((at for at, each in enumerate(duties) if code and each.get("code") == code), len(duties))
    if row is None:
        del duties[place:place + 1]
        return written(content), place
    made: dict[str, Any] = {key: row[key] for key in ("code", "phase", "name", "figure") if row.get(key)}
    if row.get("where"):
        made["where"] = _coded(sections, row.get("figure", ""), row["where"])
    if row.get("at_least", "1") not in ("", "1"):
        made["at_least"] = number(row["at_least"])
    made["due"] = row.get("due", "")
    listed = [each.strip() for each in row.get("applies_to", "").replace("；", ";").split(";") if each.strip()]
    if listed:
        made["applies_to"] = listed
    duties[place:place + 1] = [made]
    return written(content), place


def _coded(sections: Sections, figure: str, where: str) -> str:
    """A filter in which kinds and phases go by their codes, also where people wrote their words."""
    kinds = sections.get(KINDS_OF.get(figure.split(".")[0], ""), {})
    codes = {
        "kind": {str(word): code for code, word in kinds.items()},
        "phase": {each["name"]: each["code"] for each in sections.get("plan", {}).get("phases", ())},
    }
    try:
        pairs = pairs_of(where.replace("；", ";").replace("＝", "="))
    except ValueError:
        return where
    return "&".join(f"{key}={';'.join(codes.get(key, {}).get(each, each) for each in values)}" for key, values in pairs)


def as_row(duty: PlannedDuty) -> dict[str, str]:
    """A duty as its form shows it."""
    return {"code": duty.code, "phase": duty.phase, "name": duty.name, "figure": duty.figure, "where": duty.where,
            "at_least": f"{duty.at_least.normalize():f}", "due": duty.due, "applies_to": "; ".join(duty.applies_to)}


def with_words(base: Sections, text: str, section: str, words: Mapping[str, str]) -> str:
    """The words of a section. What is as in the base is not repeated; an empty word gives the base's back."""
    content = _content(text)
    under = base.get(section, {})
    mine = {code: word for code, word in words.items() if word and under.get(code) != word}
    content.pop(section, None)
    return written({**({section: mine} if mine else {}), **content})
