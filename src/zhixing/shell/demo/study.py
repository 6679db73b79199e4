"""What was read, written and researched, and the standing rules that came of it."""

from __future__ import annotations

from .county import County, Person, Place


def build(county: County) -> None:
    _materials(county)
    _notes(county)
    _bureau_research(county)
    for number, place in enumerate([*county.districts, *county.schools], 1):
        _research(county, place, number)
    _rules(county)


def _materials(county: County) -> None:
    words, add, bureau = county.words["study"], county.book.add, county.bureau
    share = county.size / 187
    for number, (title, kind, copies) in enumerate(words["materials"], 1):
        add("materials", code=f"M{number:02d}", title=title, kind=kind, unit=bureau.code,
            issued=max(10, round(copies * share)), on=county.day(-17, number % 5))
    title, kind = words["district_material"]
    for number, place in enumerate(county.districts, 1):
        copies = (">=200", "186", "~240", "")[number % 4]
        add("materials", code=f"M-{place.code}", title=title, kind=kind,
            unit=place.code, issued=copies, on=county.day(-16, number % 5))


def _notes(county: County) -> None:
    """Leaders' reflections are a duty; notes of the others are handed in here and there."""
    chance = county.chance("notes")
    words = county.words["study"]
    number = 0

    def note(person: Person, kind: str, week: int) -> None:
        nonlocal number
        number += 1
        title, text = chance.choice(words["reflections"])
        if kind == "note":
            title, text = chance.choice(words["notes"]), ""
        county.book.add("notes", code=f"N{number:04d}", person=person.code, kind=kind, title=title,
                        submitted_on=county.day(week, chance.randrange(3)), text=text)

    for place in county.participants:
        for person in place.of("leader"):
            if not (county.missed("D05", place) and (person is place.head or chance.random() < 0.5)):
                note(person, "reflection",
                     -9 if chance.random() < 0.02 else chance.choice((-13, -12, -11, -10)))
        others = [person for person in place.people if "teacher" in person.categories
                  and person is not place.head]
        for person in chance.sample(others, min(len(others), chance.randint(1, 4))):
            note(person, chance.choice(("note", "note", "reflection")), chance.choice((-14, -12, -10)))
    for person in county.staff()[7:]:
        note(person, "note", chance.choice((-15, -13, -11)))


def _bureau_research(county: County) -> None:
    """Topics of the bureau's six groups: leaders first, then the divisions. Two are not finished."""
    words, add, bureau = county.words["study"], county.book.add, county.bureau
    leaders = bureau.of("leader")
    for number, (title, division) in enumerate(words["bureau_topics"], 1):
        division_people = county.division(division).people
        owner = leaders[number - 1] if number <= len(leaders) else division_people[number % 2]
        add("topics", code=f"K{number:02d}", title=title, owner=owner.code, group=f"DY{(number - 1) % 6 + 1}",
            unit=bureau.code, due_on=county.day(-10, 4))
        if number in (15, 18):
            continue
        county.book.add("reports", code=f"B{number:02d}", topic=f"K{number:02d}", title=title,
                        author=owner.code,
                        completed_on=county.day(-11 + number % 2, number % 5), text=_text(county, number))
    county.marks["report"] = ["B01", "B02", "B03", "B04", "B05", "B06"]


def _research(county: County, place: Place, number: int) -> None:
    words, add, chance = county.words["study"], county.book.add, county.chance(f"topic/{place.code}")
    district = place.kind == "school_district"
    topic = words["district_topics" if district else "school_topics"][number % (8 if district else 24)]
    title = words["school_topic"].format(topic=topic, unit=place.name)
    add("topics", code=f"K-{place.code}", title=title, owner=place.head.code, group="", unit=place.code,
        due_on=county.day(-10, 4))
    if county.missed("D06", place):
        return
    week = -9 if chance.random() < 0.04 else chance.choice((-12, -11, -11, -10))
    author = place.head if chance.random() < 0.6 else place.people[2 % len(place.people)]
    add("reports", code=f"B-{place.code}", topic=f"K-{place.code}", title=title, author=author.code,
        completed_on=county.day(week, chance.randrange(5)), text=_text(county, number) if district else "")


def _text(county: County, number: int) -> str:
    words, chance = county.words["study"], county.chance(f"report/{number}")
    parts = [words[name][(number * step + shift) % len(words[name])]
             for name, step, shift in (("found", 1, 0), ("why", 3, 1), ("proposed", 1, number // 4))]
    return "".join(parts).format(a=chance.randint(4, 16), b=chance.randint(40, 260))


def _rules(county: County) -> None:
    for number, rule in enumerate(county.words["study"]["rule"], 1):
        made = rule["status"] in ("issued", "revised", "repealed")
        county.book.add("rules", code=f"ZD{number:02d}", title=rule["title"], unit=county.bureau.code,
                        status=rule["status"],
                        issued_on=county.day(-6 + number % 5, number % 5) if made else None)
    county.marks["rule"] = ["ZD05"]
