"""What superiors look at: information, publicity, inspections, papers handed in, distinctions; the votes;
and the sentences for the summaries."""

from __future__ import annotations

from datetime import date, timedelta

from .county import County, Place
from .frame import INSPECTION_GROUPS


def build(county: County) -> None:
    _information(county)
    _publicity(county)
    _inspections(county)
    _filings(county)
    _distinctions(county)
    _polls(county)
    _remarks(county)


def _information(county: County) -> None:
    words, chance = county.words["supervision"], county.chance("information")
    number = 0
    for place in county.participants:
        least, most = {"bureau": (35, 35), "school_district": (2, 5)}.get(place.kind, (0, 3))
        count = chance.randint(least, most)
        for _ in range(count):
            number += 1
            kind = "article" if chance.random() < 0.3 else "briefing"
            title = chance.choice(words["articles"] if kind == "article" else words["briefings"])
            county.book.add("information", code=f"XX{number:03d}", unit=place.code,
                            title=title.format(unit=place.name),
                            kind=kind, submitted_on=county.day(chance.randint(-18, -1), chance.randrange(5)),
                            used_by=chance.choice(words["used_by"]) if chance.random() < 0.35 else "")


def _publicity(county: County) -> None:
    """Boards and banners in the first weeks; pledges and lists on the wall since rectification began."""
    words, chance = county.words["supervision"]["publicity"], county.chance("publicity")
    number = 0

    def show(place: Place, kind: str, title: str, on: date, count: str = "") -> None:
        nonlocal number
        number += 1
        county.book.add("publicity", code=f"XC{number:04d}", unit=place.code, kind=kind, title=words[title],
                        on=on, count=count)
        if kind == "pledge" and len(county.marks.setdefault("publicity:pledge", [])) < 4:
            county.marks["publicity:pledge"].append(f"XC{number:04d}")

    for place in county.participants:
        kinds = ["board", "banner", "column", "garden", "post", "showcase"]
        shown = kinds if place is county.bureau else chance.sample(kinds, chance.randint(1, 3))
        for kind in shown:
            count = chance.choice(("", "", "2", "3", "~5", ">=4")) if kind in ("board", "banner") else ""
            show(place, kind, kind, county.day(chance.randint(-17, -12), chance.randrange(5)), count)
        pledges = 0 if county.missed("D10", place) else chance.choices((0, 1, 2), (4, 3, 3))[0]
        if place is county.bureau:
            pledges = 2
        for title in ("pledge", "pledge2")[:pledges]:
            show(place, "pledge", title, county.day(-2 if title == "pledge" else -1, chance.randrange(5)))


def _inspections(county: County) -> None:
    words, chance = county.words, county.chance("inspections")
    schools = chance.sample(county.schools, min(len(county.schools), 48))
    for number, school in enumerate(schools, 1):
        week = -15 + (number * 13) // max(len(schools), 1)
        phase = "P1" if week < -9 else "P2" if week < -2 else "P3"
        code = f"DD{number:02d}"
        county.book.add(
            "activities", code=code, kind="inspection", unit=county.bureau.code, phase=phase,
            place=school.name, title=words["meetings"]["titles"]["inspection"].format(unit=school.name),
            starts_at=county.day(week, number % 5), roster=f"group:ZD{number % INSPECTION_GROUPS + 1}")
        findings = words["supervision"]["inspections"]["findings"]
        finding = findings[number % len(findings)] if chance.random() < 0.75 else ""
        county.book.add("inspections", code=f"DC{number:02d}", activity=code, unit=school.code,
                        subject=chance.choices(("work", "project", "funds", "decision"), (6, 2, 1, 1))[0],
                        basis=chance.choices(("routine", "key", "hot"), (6, 2, 2))[0], finding=finding,
                        issue=_found(county, number))


def _found(county: County, number: int) -> str:
    """A few findings became issues: those whose source is an inspection."""
    return next((row["issue"] for row in county.book.tables["issue_sources"]
                 if row["kind"] == "inspection" and row["code"] == f"DC{number:02d}"), "")


def _filings(county: County) -> None:
    words, chance = county.words["supervision"]["filings"], county.chance("filings")

    def hand_in(code: str, kind: str, title: str, place: Place, phase: str, on: date, *,
                accept: bool = True) -> None:
        accepted = on + timedelta(days=chance.randint(1, 6)) if accept else None
        if accepted and accepted > county.today:
            accepted = None
        county.book.add("filings", code=code, kind=kind,
                        title=words.get(title, title).format(unit=place.name),
                        unit=place.code, phase=phase, filed_on=on, accepted_on=accepted, file="")

    bureau = county.bureau
    for place in county.participants:
        if not county.missed("D02", place):
            week = -18 if chance.random() < 0.02 else chance.choice((-21, -20, -19))
            on = county.day(week, chance.randrange(5))
            hand_in(f"SA-{place.code}", "plan", "plan", place, "P0", on, accept=chance.random() < 0.93)
        if chance.random() < 0.88:
            hand_in(f"XJ-{place.code}", "stage_summary", "stage_summary", place, "P1",
                    county.day(-10, chance.randrange(5)), accept=chance.random() < 0.85)
        if chance.random() < 0.75:
            hand_in(f"XJ2-{place.code}", "stage_summary", "stage_summary2", place, "P2",
                    county.day(-3, chance.randrange(5)), accept=chance.random() < 0.7)
        if place.kind != "school":
            hand_in(f"FX-{place.code}", "analysis_report", "analysis_report", place, "P2", county.day(-6, 3))
            hand_in(f"ZG-{place.code}", "rectification_plan", "rectification_plan", place, "P3",
                    county.day(-1, 1))
    for kind in ("study_plan", "research_plan", "inspection_plan"):
        hand_in(f"JH-{kind.split('_')[0]}", kind, kind, bureau, "P0", county.day(-20, 3))
    for number, title in enumerate(words["circulars"], 1):
        hand_in(f"TB{number}", "circular", title, bureau, ("P1", "P2", "P3")[number - 1],
                county.day((-13, -6, -1)[number - 1], 2))
    planted = county.districts[1]
    for row in county.book.tables["filings"]:
        if row["code"] == f"FX-{planted.code}":
            row["accepted_on"] = county.day(-7, 2).isoformat()
    county.plant("accepted_before_filed", f"FX-{planted.code}", "accepted the week before it was handed in")
    county.marks["filing:plan"] = [f"SA-{bureau.code}", "JH-study", "JH-research", "JH-inspection"]
    county.marks["filing:analysis_report"] = [f"FX-{bureau.code}"]
    county.marks["filing:rectification_plan"] = [f"ZG-{bureau.code}"]


def _distinctions(county: County) -> None:
    words, chance = county.words["supervision"], county.chance("distinctions")
    for number, each in enumerate(words["distinction"], 1):
        school = chance.choice(county.schools)
        personal = each["kind"] == "commendation" and number % 2
        person = chance.choice(school.people[1:]).code if personal else ""
        by = {"criticism": "inspection", "exemplar": "group"}.get(each["kind"], "office")
        county.book.add("distinctions", code=f"BZ{number:02d}", kind=each["kind"], unit=school.code,
                        person=person, basis=each["basis"], decided_by=words["decided_by"][by],
                        on=county.day(chance.randint(-9, -1), chance.randrange(5)))


def _polls(county: County) -> None:
    """The vote on the analysis report, sound; and a district's, which contradicts itself twice."""
    words, chance, add = county.words["remarks"]["poll"], county.chance("polls"), county.book.add
    add("polls", code="CP1", title=words["title"], object=words["object"], unit=county.bureau.code,
        activity="PY1",
        held_on=county.day(-4, 2), scale="satisfied;mostly;not", counted="satisfied;mostly",
        weights="100;80;0",
        threshold="0.6")
    valid = 0
    for number, (group, issued) in enumerate(words["electorate"]):
        returned = issued - (number == 4)
        add("electorate", poll="CP1", group=group, issued=issued, returned=returned,
            valid=returned - (number == 5))
        valid += returned - (number == 5)
    for number, name in enumerate(words["aspects"], 1):
        add("poll_aspects", poll="CP1", code=f"q{number}", name=name)
        against = chance.randint(1, 3) + (5 if number == 6 else 0)
        mostly = chance.randint(7, 14)
        for grade, count in (("satisfied", valid - mostly - against), ("mostly", mostly), ("not", against)):
            add("tallies", poll="CP1", aspect=f"q{number}", grade=grade, count=count)
    county.marks["poll"] = ["CP1"]
    _district_poll(county)


def _district_poll(county: County) -> None:
    words, add, place = county.words["remarks"]["poll"], county.book.add, county.districts[-1]
    held = county.day(-4, 4)
    add("activities", code="PY2", kind="appraisal_meeting", unit=place.code, phase="P2", starts_at=held,
        title=county.words["meetings"]["titles"]["appraisal_district"].format(unit=place.name),
        headcount="~45")
    add("polls", code="CP2", title=words["district_title"].format(unit=place.name),
        object=words["district_object"].format(unit=place.name), unit=place.code, activity="PY2",
        held_on=held,
        scale="satisfied;mostly;not", counted="satisfied", weights="100;60;0", threshold="0.7")
    for number, (group, issued) in enumerate(words["district_electorate"]):
        returned = issued + 2 if number == 1 else issued
        add("electorate", poll="CP2", group=group, issued=issued, returned=returned,
            valid=issued - number % 2)
    county.plant("more_delegates_than_electorate", "CP2", "22 ballots issued to teachers, 24 came back")
    for number, name in enumerate(words["district_aspects"], 1):
        add("poll_aspects", poll="CP2", code=f"q{number}", name=name)
        for grade, count in (("satisfied", 30 + number), ("mostly", 10),
                             ("not", 4 - number + (4 if number == 3 else 0))):
            add("tallies", poll="CP2", aspect=f"q{number}", grade=grade, count=count)
    county.plant("tally_exceeds_valid", "CP2", "48 answers on one aspect, 44 valid ballots")


def _remarks(county: County) -> None:
    words, add = county.words["remarks"], county.book.add
    county.marks["group:leading"] = [f"LD-{county.bureau.code}", "LDB"]
    for number, remark in enumerate(words["bureau"], 1):
        evidence = [code for mark in remark["evidence"] for code in _codes(county, mark)[:4]]
        add("remarks", code=f"JY{number:02d}", unit=county.bureau.code, phase=remark["phase"],
            kind=remark["kind"], text=remark["text"], evidence=evidence)
    for place in county.districts:
        for number, remark in enumerate(words["district"], 1):
            evidence = [f"{place.code}-X1"] if "activity:principals" in remark["evidence"] else []
            add("remarks", code=f"{place.code}-JY{number}", unit=place.code, phase=remark["phase"],
                kind=remark["kind"], text=remark["text"], evidence=evidence)
    planted = county.districts[2 % len(county.districts)]
    add("remarks", code=f"{planted.code}-JY9", unit=planted.code, phase="P1", kind="practice",
        text=words["planted"]["text"], evidence=())
    county.plant("placeholder_left", f"{planted.code}-JY9", "a blank of the model text was left in")
    for number, fact in enumerate(words["fact"], 1):
        add("stated_facts", code=f"SS{number}", name=fact["name"], value=fact["value"],
            measure=fact["measure"], source=fact["source"], on=county.day(-3, number % 5))
        if fact.get("planted"):
            county.plant("rate_without_denominator", f"SS{number}", "a share without what it is a share of")


def _codes(county: County, mark: str) -> list[str]:
    """The records a remark's evidence mark stands for: marked ones, or the bureau's activities of a kind."""
    name, _, kind = mark.partition(":")
    if name == "activity":
        return [row["code"] for row in county.book.tables["activities"]
                if row["kind"] == kind and row["unit"] == county.bureau.code]
    if name == "duty":
        return [kind]
    return list(dict.fromkeys(county.marks[mark]))
