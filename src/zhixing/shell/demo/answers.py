"""What the opinions came to: the list of issues, where each stands, and what people were told."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from .county import County, Place
from .voices import EARLY, LISTED, Said

STEPS = {
    "open": (), "dispatched": ("dispatched",), "in_progress": ("dispatched", "progress"),
    "overdue": ("dispatched", "progress", "extended"), "handed_in": ("dispatched", "progress", "handed_in"),
    "verified": ("dispatched", "progress", "handed_in", "verified"),
    "closed": ("dispatched", "progress", "handed_in", "verified", "closed"),
    "closed_early": ("dispatched", "handed_in", "verified", "closed"),
    "follow_up": ("dispatched", "progress"), "declined": ("dispatched", "returned_to_office"),
}
STATE = {"overdue": "in_progress", "closed_early": "closed"}
DISPOSITION = {"closed": "solved", "closed_early": "solved", "verified": "solved", "handed_in": "under_way",
               "in_progress": "under_way", "overdue": "under_way", "dispatched": "planned",
               "follow_up": "planned", "declined": "not_now", "open": ""}


def build(county: County, said: list[Said]) -> None:
    chance = county.chance("issues")
    closed: dict[int, date | None] = {}
    for number, issue in enumerate(county.words["issues"]["issue"]):
        closed[number] = _issue(county, number, issue, chance)
    _own(county, chance)
    for each in said:
        _handle(county, each, closed, chance)
    _unanswered(county, said, closed)


def code_of(number: int) -> str:
    return f"W{number + 1:02d}"


def _lead(county: County, issue: dict[str, Any], chance: random.Random) -> Place:
    if issue["lead"] == "district":
        return chance.choice(county.districts[2:] or county.districts)
    return chance.choice(county.schools) if issue["lead"] == "school" else county.division(issue["lead"])


def _due(county: County, horizon: str, fate: str) -> date:
    if fate == "overdue":
        return county.day(-2, 4)
    if horizon == "now":
        return county.day(-1, 4) if fate.startswith("closed") else county.day(2, 4)
    year = county.day(6).year
    if horizon == "long":
        return date(year + 1, 12, 31)
    return date(year if date(year, 12, 31) > county.day(4) else year + 1, 12, 31)


def _issue(county: County, number: int, issue: dict[str, Any], chance: random.Random) -> date | None:
    """One agreed issue with its steps; the day it was closed. One has no step but its closing (`planted`)."""
    fate, code, place = issue["fate"], code_of(number), _lead(county, issue, chance)
    listed = county.day(EARLY if fate == "closed_early" else LISTED, 1)
    steps = STEPS[fate]
    if issue["title"] == county.words["issues"]["planted"]["closed_without_evidence"]:
        steps = ("dispatched", "closed")
        county.plant("closed_without_evidence", code, "closed, but nothing was handed in or verified")
    closed = _steps(county, code, place, steps, listed, fate, chance)
    helpers = [other.code for other in chance.sample(county.divisions, 2) if other is not place]
    county.book.add(
        "issues", code=code, title=issue["title"], statement=issue["statement"], target=issue["target"],
        prominent=issue["prominent"], lead_unit=place.code, responsible=place.head.code,
        assisting=helpers[:1] if number % 3 == 0 else (), horizon=issue["horizon"], listed_on=listed,
        due_on=_due(county, issue["horizon"], fate), state=STATE.get(fate, fate), closed_on=closed)
    county.marks.setdefault(f"issue:{fate}", []).append(code)
    county.marks.setdefault("issue", []).append(code)
    return closed


def _steps(county: County, code: str, place: Place, steps: tuple[str, ...], listed: date, fate: str,
           chance: random.Random) -> date | None:
    """The events, spread over the time there was. Whoever verifies is not whoever acted."""
    words = county.words["remarks"]["progress"]
    office, checker = county.division("office"), county.division("supervision")
    if place is checker:
        checker = county.division("party")
    last = county.day(-10, 4) if fate == "closed_early" else county.day(-1, 3)
    late = steps[-1:] == ("closed",) and fate == "closed" and chance.random() < 0.12
    gap = (last - listed).days / max(len(steps), 1)
    day = listed
    for index, kind in enumerate(steps):
        day = listed + timedelta(days=1 + round(gap * index * 0.98) + chance.randint(0, 1))
        if kind == "closed" and late:
            day = min(county.day(0), county.today)
        by = {"verified": checker.code, "closed": county.bureau.code, "dispatched": office.code,
              "returned_to_office": place.code}.get(kind, place.code)
        text = chance.choice(words["progress"]) if kind == "progress" else words.get(kind, "")
        county.book.add("events", issue=code, kind=kind, on=day, by=by, text=text)
        if kind == "handed_in" and fate == "closed" and chance.random() < 0.15:
            county.book.add("events", issue=code, kind="rejected", on=day + timedelta(days=1),
                            by=checker.code, text=words["rejected"])
            county.book.add("events", issue=code, kind="handed_in", on=day + timedelta(days=3), by=place.code,
                            text=words["handed_in"])
    return day if steps[-1:] == ("closed",) else None


def _own(county: County, chance: random.Random) -> None:
    """Issues that districts found themselves, from reports, inspections, meetings and policy."""
    sources = {"report": "B-{unit}", "inspection": "DC{n:02d}", "self_check": "", "policy": "",
               "activity": "{unit}-Z1"}
    for number, issue in enumerate(county.words["issues"]["own"], len(county.words["issues"]["issue"])):
        place = county.districts[(number * 2) % len(county.districts)]
        code, fate, listed = code_of(number), issue["fate"], county.day(LISTED, 2)
        closed = _steps(county, code, place, STEPS[fate], listed, fate, chance)
        county.book.add(
            "issues", code=code, title=issue["title"], statement=issue["statement"], target="unit",
            prominent=False,
            lead_unit=place.code, responsible=place.head.code, assisting=(), horizon="now", listed_on=listed,
            due_on=_due(county, "now", fate), state=STATE.get(fate, fate), closed_on=closed)
        county.book.add("issue_sources", issue=code, kind=issue["source"],
                        code=sources[issue["source"]].format(unit=place.code, n=number % 10 + 1))
    county.book.add("issue_sources", issue="W01", kind="report", code="B02")
    county.book.add("issue_sources", issue="W03", kind="report", code="B03")
    county.book.add("issue_sources", issue="W19", kind="activity", code="ZT2")
    county.book.add("issue_sources", issue="W31", kind="inspection", code="DC04")


def _handle(county: County, each: Said, closed: dict[int, date | None], chance: random.Random) -> None:
    """Where the opinion went, and what its author was told."""
    if not each.relation:
        return
    county.book.add("mapping", opinion=each.code, issue=None if each.issue is None else code_of(each.issue),
                    relation=each.relation, reason=each.reason)
    if each.issue is None:
        if chance.random() < 0.8:
            _echo(county, each, county.day(LISTED, 4), "not_now", each.reason, chance)
        return
    issue = county.words["issues"]["issue"][each.issue]
    disposition = DISPOSITION[issue["fate"]]
    if not disposition or (closed[each.issue] is None and disposition != "solved" and chance.random() < 0.18):
        return
    words = county.words["remarks"]["echo"]
    pattern = {"solved": "now_closed"}.get(disposition, disposition)
    listed = county.day(EARLY if issue["fate"] == "closed_early" else LISTED, 4)
    if disposition == "solved" and chance.random() < 0.15:
        _echo(county, each, listed, "under_way", words["under_way"].format(answer=issue["answer"]), chance)
    on = closed[each.issue]
    on = (county.day(-1, 4) if disposition == "solved" else listed) if on is None else on
    _echo(county, each, min(on, county.today), disposition, words[pattern].format(answer=issue["answer"]),
          chance)


def _echo(county: County, each: Said, on: date, disposition: str, text: str, chance: random.Random) -> None:
    county.book.add("echoes", opinion=each.code, on=on, disposition=disposition, text=text,
                    means=chance.choice(county.words["remarks"]["echo"]["means"]))
    county.marks.setdefault("echo", []).append(each.code)


def _unanswered(county: County, said: list[Said], closed: dict[int, date | None]) -> None:
    """One opinion of a closed issue lost its answer."""
    title = county.words["issues"]["planted"]["closed_without_echo"]
    number = next(n for n, issue in enumerate(county.words["issues"]["issue"]) if issue["title"] == title)
    lost = [each for each in said if each.issue == number][1].code
    county.book.tables["echoes"] = [row for row in county.book.tables["echoes"] if row["opinion"] != lost]
    county.plant("closed_without_echo", code_of(number), f"{lost} has no answer")
