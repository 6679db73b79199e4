"""Who may open which page, and send which form: one table for the whole site.

`SITE` names every route with a rule for GET and one for POST: account → the places of the tree at which it may.
Whatever may not be is 403 or 404, or leads to the sign-in, and a page that takes no form answers 405. A route that is
not named here fails the build (`test_access.py`).

For the secretary of N1, the places are its own (N1), a sibling (N2), ancestors (N, B) and unrelated ones (S, S1); for
the district N its own, descendants (N1, N2), a sibling (S), an ancestor (B) and an unrelated one (S1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PLACES = ("B", "N", "S", "N1", "N2", "S1")
Rule = Mapping[str, tuple[str, ...]]
"""Account → the places at which it may."""

SEES: Rule = {
    "admin": PLACES, "office": PLACES, "leader": PLACES, "supervisor": PLACES, "viewer": PLACES,
    "district": ("N", "N1", "N2"), "secretary": ("N1",), "responsible": ("N1",), "other": ("S1",),
}
ACCOUNTS = (*SEES, "stranger", "nobody")


def at_own_places(*accounts: str) -> Rule:
    return {name: SEES[name] for name in accounts}


def anywhere(rule: Rule) -> Rule:
    """For a page that is the same at every place."""
    return dict.fromkeys(rule, PLACES)


SEEING = SEES
"""Whoever sees the place."""

KEEPING = at_own_places("admin", "office", "district", "secretary", "other")
"""Whoever keeps what units report."""

OFFICE = at_own_places("admin", "office")
BEGINS = at_own_places("admin")
"""Whoever may begin a campaign: the cast's office keeps one alone."""

SUPERVISOR, LEADER = at_own_places("supervisor"), at_own_places("leader")
PART = anywhere(SEES)
"""Whoever has a part in the campaign."""

SIGNED_IN: Rule = dict.fromkeys((*SEES, "stranger"), PLACES)
EVERYONE: Rule = dict.fromkeys(ACCOUNTS, PLACES)
NOBODY: Rule = {}


@dataclass(frozen=True)
class Route:
    """`address` may hold `{place}` (the unit's code) and `{record}` (an activity of it); `asked` is what a GET adds and
    `form` what a POST sends, with the same place-holders. `post` None: the page takes no form."""

    address: str
    get: Rule | None
    post: Rule | None = None
    form: Mapping[str, str] = field(default_factory=dict)


C = "/c/P1/"
HERE = "?unit={place}"
SITE: dict[str, Route | None] = {
    # accounts
    "sign-in": Route("/sign-in/", EVERYONE, EVERYONE),
    "first-password": Route("/sign-in/first/", EVERYONE, EVERYONE),
    "sign-out": Route("/sign-out/", None, SIGNED_IN),
    "password": Route("/password/", SIGNED_IN, SIGNED_IN),
    "set_language": Route("/language/", EVERYONE, EVERYONE),
    # the campaign on one page, and what it is read from
    "home": Route("/", SIGNED_IN),
    "campaign": Route(f"{C}{HERE}", SEEING),
    "contradictions": Route(f"{C}contradictions/{HERE}", SEEING),
    "figures": Route(f"{C}figures/{HERE}", SEEING),
    "figure": Route(f"{C}figures/activities.held/{HERE}", SEEING),
    "duty": Route(f"{C}duties/D1/{HERE}", SEEING),
    "duty-unit": Route(f"{C}duties/D1/{{place}}/", SEEING),
    # records by hand
    "records": Route(f"{C}records/", PART),
    "record-list": Route(f"{C}records/activities/", PART),
    "record": Route(f"{C}records/activities/{{record}}/", SEEING, KEEPING, {"unit": "{place}", "title": "x"}),
    "add": Route(f"{C}add/activities/", PART, KEEPING, {"code": "NEW-{place}", "unit": "{place}", "title": "x"}),
    "remove": Route(f"{C}remove/activities/{{record}}/", KEEPING, KEEPING),
    "codes": Route(f"{C}codes/units/", PART),
    # photos and papers of a record
    "evidence": Route(f"{C}evidence/activities/{{record}}/", SEEING, KEEPING),
    "file": None,  # by number: test_pages_evidence.py tries every account
    "file-picture": None,
    "file-off": None,
    "file-back": None,
    # papers handed in
    "handed-in": Route(f"{C}handed-in/{HERE}", SEEING),
    "hand-in": Route(f"{C}hand-in/{HERE}", KEEPING, KEEPING),
    "filing": None,  # a paper has to be there: test_pages_handing_in.py
    "version": None,
    # study and research, groups, assigned cadres
    "study": Route(f"{C}study/{HERE}", SEEING),
    "groups": Route(f"{C}groups/{HERE}", SEEING),
    "visits": Route(f"{C}visits/{HERE}", SEEING),
    "report": None,  # a report, and a rule, have to be there: test_pages_studying.py
    "report-version": None,
    "rule": None,
    # sheets and paper
    "list-sheet": Route(f"{C}lists/activities.xlsx", PART),
    "blank": Route(f"{C}blank/activities/", PART),
    "many": Route(f"{C}many/{HERE}", OFFICE, OFFICE),
    "many-sheet": Route(f"{C}many/sheet.xlsx{HERE}", OFFICE),
    "many-check": None,  # a sheet of one's own: test_pages_batch.py
    # the workbook
    "workbook-out": Route(f"{C}workbook/", PART),
    "workbook-in": Route("/workbook/", anywhere(KEEPING), anywhere(KEEPING)),
    "workbook-template": Route("/workbook/template/study-practice-zh/", SIGNED_IN),
    # setting up, and template packs
    "set-up": Route("/set-up/", anywhere(BEGINS), BEGINS, {
        "pack": "school-self-review-en", "code": "G", "host": "{place}", "starts_on": "2026-06-01", "unit": "{place}"}),
    "packs": Route("/packs/", anywhere(OFFICE)),
    "pack": Route("/packs/ours/", anywhere(OFFICE)),
    "pack-copy": Route("/packs/ours/copy/", anywhere(BEGINS), anywhere(BEGINS), {"name": "x-y", "title": "x"}),
    "pack-phases": Route("/packs/ours/phases/", anywhere(BEGINS), anywhere(BEGINS)),
    "pack-duty-add": Route("/packs/ours/duties/", anywhere(BEGINS), anywhere(BEGINS)),
    "pack-duty": Route("/packs/ours/duties/D01/", anywhere(BEGINS), anywhere(BEGINS), {"remove": "1"}),
    "pack-words": Route("/packs/ours/words/activity_kinds/", anywhere(BEGINS), anywhere(BEGINS)),
    "pack-text": Route("/packs/ours/text/", anywhere(BEGINS), anywhere(BEGINS)),
    "pack-remove": Route("/packs/ours/remove/", anywhere(BEGINS), anywhere(BEGINS)),
    "schedule": Route(f"{C}plan/{HERE}", SEEING),
    "schedule-ics": Route(f"{C}plan.ics{HERE}", SEEING),
    # what there is to do, requests, gates, own plans, what is asked
    "today": Route("/today/", SIGNED_IN),
    "gates": Route(f"{C}gates/PH1/{HERE}", SEEING),
    "gate": Route(f"{C}gates/PH1/{{place}}/", SEEING, KEEPING, {"step": "propose"}),
    "ask": Route(f"{C}ask/D2/{{place}}/", KEEPING, KEEPING, {"kind": "waive", "reason": "x"}),
    "requests": Route(f"{C}requests/{HERE}", SEEING),
    "request": None,  # by number: test_pages_gates.py tries every account
    "targets": Route(f"{C}targets/{HERE}", SEEING),
    "target": Route(f"{C}targets/D2/{{place}}/", KEEPING, KEEPING, {"at_least": "9"}),
    "burden": Route(f"{C}burden/{HERE}", SEEING),
    # sessions, the calendar, talks
    "capture": Route(f"{C}capture/{HERE}", KEEPING, KEEPING),
    "correct": Route(f"{C}sessions/{{record}}/correct/", KEEPING, KEEPING),
    "made-up": Route(f"{C}sessions/{{record}}/made-up/", None, KEEPING),
    "session-out": Route(f"{C}sessions/{{record}}/take-out/", KEEPING, KEEPING),
    "sheet": Route(f"{C}sessions/{{record}}/sheet/", SEEING),
    "screen": Route(f"{C}sessions/{{record}}/screen/", KEEPING),
    "signed": Route(f"{C}sessions/{{record}}/signed/", KEEPING, KEEPING),
    "session": Route(f"{C}sessions/{{record}}/", SEEING),
    "calendar": Route(f"{C}calendar/{HERE}", SEEING),
    "ics": Route(f"{C}calendar.ics{HERE}", SEEING),
    "series": Route(f"{C}series/{HERE}", SEEING, KEEPING),
    "series-stop": None,  # a series of the unit's own: test_pages_sessions.py
    "planned": None,  # by number: test_pages_sessions.py
    "talks": Route(f"{C}talks/{HERE}", SEEING, KEEPING),
    "talk": None,  # a talk has to be there: test_pages_talks.py
    "sign": None,  # by a code that changes, without an account: test_pages_signing.py
    "sign-name": None,
    "workbook-check": None,  # a file has to wait there, of the one who sent it: test_pages_workbook.py
    # papers
    "undo": None,  # an entry has to be there, of the one who wrote it: test_pages_undo.py
    "paper-kept": None,  # a paper has to be made: tests/outputs/documents/test_views.py
    "papers": Route(f"{C}papers/{HERE}", SEEING),
    "paper": Route(f"{C}papers/stage-summary/{HERE}&phase=PH1", SEEING, KEEPING, {"unit": "{place}", "phase": "PH1", "ending": ".docx"}),
}
