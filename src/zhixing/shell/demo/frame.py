"""The campaign's frame: phases, duties and who misses them, waivers, groups, appointments, assignments."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from datetime import date

from .county import County, Person, Place

PHASES = (("P0", -22, -19), ("P1", -18, -10), ("P2", -9, -3), ("P3", -2, 6))
"""Code, first and last week, counted from the week of the demonstration's day (week 0)."""

DUTIES = (
    ("D01", "P0", "groups.established", "kind=leading_group", 1, (-19, 4), ""),
    ("D02", "P0", "filings.filed", "kind=plan", 1, (-19, 4), ""),
    ("D03", "P1", "activities.held", "kind=mobilisation", 1, (-16, 4), ""),
    ("D04", "P1", "activities.held", "kind=group_study&phase=P1", 8, (-10, 4), ""),
    ("D05", "P1", "study.notes_submitted", "kind=reflection", 1, (-10, 2), "people:leader"),
    ("D06", "P1", "research.reports", "", 1, (-10, 4), ""),
    ("D07", "P2", "forms.returned", "", 20, (-6, 4), ""),
    ("D08", "P2", "activities.held", "kind=organisation_life_meeting", 1, (-4, 4), ""),
    ("D09", "P3", "issues.listed", "", 1, (1, 4), "school_district"),
    ("D10", "P3", "publicity.items", "kind=pledge", 2, (4, 4), ""),
)
"""Code, phase, figure, where, at least, due (week, weekday), applies to."""

MISSED = {"D01": 0.02, "D02": 0.03, "D03": 0.03, "D04": 0.10, "D05": 0.09, "D06": 0.12, "D07": 0.10,
          "D08": 0.07}
"""The share of schools that owe a duty still."""

RESEARCH_GROUPS = 6
INSPECTION_GROUPS = 4
PARTY_GROUPS = 6


def build(county: County) -> None:
    words, add = county.words["county"], county.book.add
    add("campaign", code=county.words["codes"]["campaign"], name=words["campaign"], template=words["pack"],
        host_unit=county.bureau.code, starts_on=county.day(-22), ends_on=county.day(6, 6))
    for order, (code, first, last) in enumerate(PHASES):
        add("phases", code=code, name=words["phases"][code], order=order, starts_on=county.day(first),
            ends_on=county.day(last, 6))
    for code, phase, figure, where, at_least, due, applies in DUTIES:
        add("duties", code=code, phase=phase, name=words["duties"][code], figure=figure, where=where,
            at_least=at_least, due_on=county.day(*due), applies_to=applies)
    _misses(county)
    _waivers(county)
    _bureau_groups(county)
    _leading_groups(county)
    _assignments(county)


def _misses(county: County) -> None:
    """Lateness gathers: half of each duty's missing ones are the same few schools."""
    chance = county.chance("misses")
    order = list(county.schools)
    chance.shuffle(order)
    for duty, share in MISSED.items():
        count = max(1, round(share * len(order)))
        same = order[:math.ceil(count / 2)]
        others = chance.sample(order[len(same):], count - len(same))
        county.misses[duty] = {place.code for place in [*same, *others]}


def _waivers(county: County) -> None:
    """Each waiver excuses a school that would else be late."""
    chance = county.chance("waivers")
    schools = list(county.schools)
    chance.shuffle(schools)
    for waiver, school in zip(county.words["county"]["waiver"], schools, strict=False):
        county.misses.setdefault(waiver["duty"], set()).add(school.code)
        due = next(each[5] for each in DUTIES if each[0] == waiver["duty"])
        county.book.add("waivers", duty=waiver["duty"], unit=school.code, reason=waiver["reason"],
                        by=county.bureau.name, on=county.day(min(due[0], 0) - 1, 2))


def leading_code(place: Place) -> str:
    return f"LD-{place.code}"


def _group(county: County, code: str, name: str, kind: str, unit: Place, people: Iterable[Person],
           since: date) -> None:
    listed = list(people)
    county.book.add("groups", code=code, name=name, kind=kind, unit=unit.code, head=listed[0].code)
    for person in listed:
        county.book.add("members", group=code, person=person.code, from_=since, to=None)


def _bureau_groups(county: County) -> None:
    names, add = county.words["county"]["groups"], county.book.add
    bureau, leaders = county.bureau, county.bureau.of("leader")
    heads = [place.head for place in county.divisions]
    staff = county.staff()
    others = [person for person in staff if person not in leaders]
    juniors = [person for person in others if person not in heads]
    chance = county.chance("groups")

    _group(county, "LDB", names["office"], "leading_group_office", bureau, [leaders[1], heads[0], *others[1:4]],
           county.day(-22, 1))
    _group(county, "ZXZ", names["study_centre"], "study_centre", bureau, [*leaders, *heads[:4]],
           county.day(-22, 1))
    _group(county, "JG", names["staff"], "", bureau, staff, county.day(-22, 1))
    for number in range(1, RESEARCH_GROUPS + 1):
        members = [leaders[number - 1], *others[number - 1::RESEARCH_GROUPS]]
        _group(county, f"DY{number}", names["research"].format(n=number), "research_group", bureau, members,
               county.day(-18))
        add("appointments", role="research_group_leader", person=members[0].code, unit=bureau.code,
            on=county.day(-18))
    lecturers = [leaders[0], *chance.sample([p for place in county.districts for p in place.people[:1]],
                                            min(13, len(county.districts)))]
    add("members", group="DY1", person=others[1].code, from_=county.day(-18), to=county.day(-12, 4))
    _group(county, "XJT", names["lecturers"], "lecturers", bureau, lecturers, county.day(-17))
    for number in range(1, INSPECTION_GROUPS + 1):
        members = [heads[number + 3], *juniors[number - 1::INSPECTION_GROUPS][:3]]
        _group(county, f"ZD{number}", names["inspection"].format(n=number), "inspection_group", bureau,
               members, county.day(-18))
        for person in members:
            add("appointments", role="inspector", person=person.code, unit=bureau.code, on=county.day(-18))
    members = [person for person in staff if county.member in person.categories]
    for number in range(1, PARTY_GROUPS + 1):
        _group(county, f"DX{number}", names["party"].format(n=number), county.words["county"]["member_group"], bureau,
               members[number - 1::PARTY_GROUPS], county.day(-22))
    add("appointments", role="office_director", person=leaders[1].code, unit=bureau.code,
        on=county.day(-22, 1))
    add("appointments", role="office_deputy", person=heads[0].code, unit=bureau.code, on=county.day(-22, 1))
    for person in lecturers:
        add("appointments", role="lecturer", person=person.code, unit=bureau.code, on=county.day(-17))


def _leading_groups(county: County) -> None:
    """One in every participating unit, the late ones apart; its head is the unit's."""
    name = county.words["county"]["groups"]["leading_group"]
    chance = county.chance("leading")
    for place in county.participants:
        if county.missed("D01", place):
            continue
        since = county.day(-22 if place is county.bureau else chance.choice((-21, -20, -19)),
                           chance.randrange(4))
        serving = [person for person in place.people if "retired" not in person.categories]
        people = serving[:7 if place is county.bureau else min(5, len(serving))]
        _group(county, leading_code(place), name, "leading_group", place, people, since)
        for person, role in zip(people, ("head", "deputy", *["member"] * 5), strict=False):
            county.book.add("appointments", role=role, person=person.code, unit=place.code, on=since)


def _assignments(county: County) -> None:
    """Bureau staff who each look after schools far away."""
    chance = county.chance("assignments")
    schools = chance.sample(county.schools, min(len(county.schools), 48))
    staff = county.staff()
    for number, school in enumerate(schools):
        _assign(county, staff[number % len(staff)], school, "contact" if number % 4 else "partner", chance)


def _assign(county: County, person: Person, school: Place, role: str, chance: random.Random) -> None:
    over = county.day(-3, 4) if chance.random() < 0.08 else None
    county.book.add("assignments", person=person.code, unit=school.code, role=role, from_=county.day(-17, 2),
                    to=over)
