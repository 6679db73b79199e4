"""What the pages of sessions share: words, lists to choose from, and names looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhixing.flow.activities import reads as activities
from zhixing.flow.activities.types import PARTS, Expected
from zhixing.outputs.boards.types import Standpoint
from zhixing.shell.fields import Field

WORDS = {
    "present": gettext_lazy("Present"),
    "leave": gettext_lazy("On leave"),
    "absent": gettext_lazy("Absent"),
    "made_up": gettext_lazy("Made up"),
}

TEXTS = {
    "agenda": gettext_lazy("Agenda"),
    "minutes": gettext_lazy("Minutes of the meeting"),
    "decisions": gettext_lazy("What was decided"),
    "guests": gettext_lazy("Guests"),
    "opinions": gettext_lazy("Opinions reported back"),
    "speeches": gettext_lazy("Who spoke, on what"),
    "commitments": gettext_lazy("Commitments, one a line"),
}
"""The long texts of a session in the order of a meeting, and what they are called."""


def roster_options(at: Standpoint, day: date, *, listed: bool = False) -> tuple[tuple[str, str], ...]:
    """The lists that the unit can call together, each with its number of people."""
    everybody, categories, groups = activities.rosters(at.campaign.programme_id, at.unit.id, day)
    options = []
    if listed:
        options.append(("listed", _("those entered by name")))
    if everybody:
        options.append(("unit", _("everybody of the unit (%(count)s)") % {"count": everybody}))
    options += [(f"unit:{code}", f"{at.pack.label('person_categories', code)} ({count})")
                for code, count in sorted(categories.items())]
    options += [(f"group:{code}", f"{name} ({count})") for code, (name, count) in groups.items()]
    return tuple(options)


def long_fields(at: Standpoint, kind: str, texts: Mapping[str, str], wrong: Mapping[str, str]) -> list[Field]:
    """The long texts that the pack asks of the kind, and those that are there already; all may be left out."""
    asked = activities.asked(at.campaign.programme_id, kind)
    shown = [part for part in TEXTS if part in asked or texts.get(part)]
    return [Field(f"text.{part}", str(TEXTS[part]), "long", texts.get(part, ""), optional=True,
                  fault=wrong.get(part, "")) for part in shown if part == "minutes" or part in PARTS]


def match_names(text: str, people: Sequence[Expected]) -> tuple[list[Expected], list[str]]:
    """The people whom written names mean, and what is wrong with the others."""
    found, wrong = [], []
    for name, matches in activities.named(text, people):
        if len(matches) == 1:
            found.append(matches[0])
        elif matches:
            wrong.append(_("%(name)s: %(count)s people are called so. Write the code: %(codes)s.") % {
                "name": name, "count": len(matches), "codes": ", ".join(each.code for each in matches[:5])})
        else:
            wrong.append(_("%(name)s is not on the list. Check how the name is written.") % {"name": name})
    return found, wrong
