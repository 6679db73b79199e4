"""The figures in words: what each is called and what one of it is called (from the campaign's pack), and how
it is counted (here).

A figure that has no words is shown by its name, so that a room may add one before its words are written;
a test lists those."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from zhixing.flow.campaigns.reads import Pack
from zhixing.ground.figures.types import Where
from zhixing.ground.kernel.figures import figure
from zhixing.ground.kernel.tables import WHERE, label

Said = str | Promise

HOW: dict[str, Said] = {
    "units.participating": _(
        "Every unit that the campaign's workbook marks as taking part and that exists on the day."
    ),
    "facts.stated": _(
        "What somebody stated and the records cannot count. It is printed with its source, never as a"
        " counted figure."
    ),
    "groups.established": _("Every group of the campaign."),
    "people.on_roster": _("Everybody of the unit and of the units below it on the day."),
    "activities.held": _("Every activity that began by the day."),
    "activities.units_held": _("Units with at least one activity by the day; each unit counts once."),
    "activities.person_times": _(
        "Each person present at each activity, those who made it up included. With a roster, everyone"
        " on it is present unless marked otherwise. Without one, the head count stands. A talk counts"
        " both people."
    ),
    "activities.people_reached": _(
        "Different people present at one activity or more; each person counts once. Activities that "
        "have only a head count name nobody and add nobody."
    ),
    "activities.attendance_rate": _(
        "Person-times present divided by person-times expected, over the activities that have a roster."
    ),
    "activities.participation_rate": _(
        "Different people present at least once divided by different people expected, over the "
        "activities that have a roster."
    ),
    "study.notes_submitted": _("Study notes and reflections handed in by the day."),
    "research.topics": _("Every research topic that was taken on."),
    "research.reports": _("Reports completed by the day."),
    "rules.planned": _("Every rule of the campaign, issued or not."),
    "rules.issued": _("Rules issued or revised by the day."),
    "channels.open": _("Boxes, addresses, forms and other ways that are open on the day."),
    "forms.issued": _("The sum of the forms issued in each batch by the day."),
    "forms.returned": _("The sum of the forms that came back in each batch by the day."),
    "forms.valid": _("The sum of the valid forms of each batch by the day."),
    "forms.return_rate": _(
        "Forms returned divided by forms issued, over the batches that say how many were issued. "
        "Where more came back than were issued, it is not known."
    ),
    "opinions.received": _("Every opinion that came in by the day, whichever way."),
    "opinions.mapped": _("Opinions that are part of at least one issue."),
    "opinions.duplicate": _("Opinions that repeat another one and are part of no issue of their own."),
    "opinions.out_of_scope": _("Opinions set aside, each with a reason."),
    "opinions.unhandled": _("Opinions received that are neither merged, nor duplicate, nor out of scope."),
    "opinions.echoed": _("Opinions that have an answer by the day; each counts once, by its latest answer."),
    "issues.listed": _("Every issue listed by the day."),
    "issues.corrected_early": _("Issues closed before the rectification phase began."),
    "issues.overdue": _("Issues past their due date and not handed in, as at the day."),
    "issues.on_time_rate": _(
        "Issues closed by their due date divided by all that are closed or overdue. Issues without a "
        "due date are left out."
    ),
    "polls.issued": _("The sum over the groups of voters."),
    "polls.returned": _("The sum over the groups of voters."),
    "polls.valid": _("The sum over the groups of voters."),
    "polls.rate": _(
        "Answers in the counted grades divided by all valid answers. Which grades count is part of "
        "the vote and printed with it."
    ),
    "polls.score": _(
        "The mean of the grades' weights over all valid answers. It is not a rate: even a vote that "
        "is wholly unfavourable may have a score."
    ),
    "information.submitted": _("Briefings and articles sent up by the day."),
    "publicity.items": _("Boards, banners, columns and the like, each as often as its record says."),
    "inspections.made": _("Every inspection by the day."),
    "inspections.findings": _("Inspections whose record says what was found."),
    "filings.filed": _("Every paper handed in by the day."),
    "filings.accepted": _("Papers accepted by the day."),
    "duties.due": _("What each unit owes by the day, waived duties included."),
    "duties.met": _(
        "Duties whose figure, counted over the unit's own records by the day, reaches the target."
    ),
    "duties.waived": _("Duties set aside for a unit, each with a reason."),
    "duties.overdue": _("Duties whose day has passed and that are neither met nor waived."),
}

GROUPS: tuple[tuple[Said, tuple[str, ...]], ...] = (
    (_("Organisation"), ("units.", "people.", "groups.")),
    (_("Activities"), ("activities.",)),
    (_("Study and research"), ("study.", "research.", "rules.")),
    (_("Forms and opinions"), ("channels.", "forms.", "opinions.")),
    (_("Issues"), ("issues.",)),
    (_("Votes"), ("polls.",)),
    (_("Supervision and publicity"), ("inspections.", "information.", "publicity.")),
    (_("Papers"), ("filings.",)),
    (_("Duties"), ("duties.",)),
    (_("Stated facts"), ("facts.",)),
)
"""The catalogue's order: what the figures are about, and how their names begin."""


def language() -> str:
    """The reader's language as packs and labels name it."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def title(pack: Pack, name: str) -> str:
    return pack.label("figures", name)


def how(name: str) -> str:
    return str(HOW.get(name, ""))


def noun(pack: Pack, name: str, value: Decimal | None) -> str:
    """What the figure counts, in the form that goes with the number: "person-times", "1 opinion"; "" for
    shares and stated facts."""
    found = figure(name)
    measure = found.measure if found else ""
    one, _bar, many = str(
        pack.words("measures_of").get(name) or pack.words("measures").get(measure, "")
    ).partition("|")
    return one if value == 1 or not many else many


def key(name: str) -> str:
    """What a figure's `where` key is called."""
    return label(language(), WHERE, name)


_SECTIONS = {
    ("activities", "kind"): "activity_kinds",
    ("attendance", "kind"): "activity_kinds",
    ("groups", "kind"): "group_kinds",
    ("filings", "kind"): "filing_kinds",
    ("publicity", "kind"): "publicity_kinds",
    ("channels", "kind"): "channel_kinds",
    ("information", "kind"): "information_kinds",
    ("notes", "kind"): "note_kinds",
}
_KEY_SECTIONS = {
    "pair_kind": "pair_kinds",
    "category": "person_categories",
    "channel_kind": "channel_kinds",
    "target": "targets",
    "disposition": "dispositions",
    "state": "issue_states",
    "basis": "bases",
    "grades": "grades",
}


def options(pack: Pack, name: str, key_name: str) -> dict[str, str]:
    """The values that a figure's `where` key may take and their words, as far as the pack knows them."""
    if key_name == "prominent":
        return {"yes": str(_("yes")), "no": str(_("no"))}
    found = figure(name)
    tables = (found.adds, found.relation.table) if found else ()
    section = next((_SECTIONS[each, key_name] for each in tables if (each, key_name) in _SECTIONS), "")
    if not section and not (key_name == "category" and name.startswith("opinions")):
        section = _KEY_SECTIONS.get(key_name, "")
    return {code: str(word) for code, word in pack.words(section).items()}


def said_where(pack: Pack, name: str, where: Where, phases: Mapping[str, str]) -> str:
    """The filters of a figure in words: "Group study; Phase: Listening"; "" where there is none. `phases`
    are the campaign's, code → name."""
    comma, colon, semicolon = ("、", "：", "；") if language() == "zh" else (", ", ": ", "; ")
    parts = []
    for key_name, values in where.items():
        known = phases if key_name == "phase" else options(pack, name, key_name)
        words = comma.join(known.get(value, value) for value in values)
        parts.append(words if known else f"{key(key_name)}{colon}{words}")
    return semicolon.join(parts)


def named(pack: Pack, name: str, said: str) -> str:
    """The figure's title with its filters in words: "Activities held (Group study)"."""
    if not said:
        return title(pack, name)
    return gettext("%(figure)s (%(which)s)") % {"figure": title(pack, name), "which": said}
