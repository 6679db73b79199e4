"""Who there is: the bureau, its divisions, the school districts, the schools, and their people."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from .book import Book

Words = dict[str, Any]

LEAST_UNITS = 12


@dataclass(frozen=True)
class Person:
    code: str
    name: str
    unit: str
    post: str
    categories: tuple[str, ...]


@dataclass
class Place:
    """A unit with its people, who stand in order of rank."""

    code: str
    name: str
    kind: str
    parent: str
    key: str = ""
    people: list[Person] = field(default_factory=list)

    @property
    def head(self) -> Person:
        return self.people[0]

    def of(self, category: str) -> list[Person]:
        return [person for person in self.people if category in person.categories]


class County:
    """The whole tree, the days of the campaign counted in weeks from this one, and chance that depends on
    the arguments alone."""

    def __init__(self, units: int, today: date, words: Words) -> None:
        self.size = units
        self.today = today
        self.words = words
        self.book = Book()
        self.monday = today - timedelta(days=today.weekday())
        self.bureau: Place
        self.divisions: list[Place] = []
        self.districts: list[Place] = []
        self.schools: list[Place] = []
        self.misses: dict[str, set[str]] = {}
        self.marks: dict[str, list[str]] = {}
        self.planted: list[tuple[str, str, str]] = []

    def chance(self, what: str) -> random.Random:
        """A source of chance of its own for each concern, so that a change to one leaves the others alone."""
        return random.Random(f"{self.words['county']['pack']}/{self.size}/{what}")

    def day(self, week: int, weekday: int = 0) -> date:
        return self.monday + timedelta(days=7 * week + weekday)

    @property
    def participants(self) -> list[Place]:
        return [self.bureau, *self.districts, *self.schools]

    @property
    def member(self) -> str:
        """The category of those who belong to the groups that meet on their own (a party's, a department's)."""
        return str(self.words["county"]["member"])

    def plant(self, lint: str, record: str, why: str) -> None:
        """Notes a contradiction put in on purpose (see `planted`)."""
        self.planted.append((lint, record, why))

    def missed(self, duty: str, place: Place) -> bool:
        return place.code in self.misses.get(duty, ())

    def division(self, key: str) -> Place:
        return next(place for place in self.divisions if place.key == key)

    def schools_of(self, district: Place) -> list[Place]:
        return [school for school in self.schools if school.parent == district.code]

    def staff(self) -> list[Person]:
        """Everybody who works in the bureau and its divisions."""
        serving = [person for person in self.bureau.people if "retired" not in person.categories]
        return serving + [person for place in self.divisions for person in place.people]


def build(county: County) -> None:
    """Fills the tree and writes the tables units, placements and people."""
    _bureau(county)
    districts = max(2, round(county.size * 15 / 187))
    _districts(county, districts)
    _schools(county, county.size - 1 - districts)
    _write_units(county)
    for place in [county.bureau, *county.divisions, *county.districts, *county.schools]:
        for person in place.people:
            county.book.add("people", code=person.code, name=person.name, unit=person.unit, post=person.post,
                            categories=person.categories)


def _bureau(county: County) -> None:
    words, codes, member = county.words["county"], county.words["codes"], county.member
    posts = words["posts"]
    bureau = county.bureau = Place(codes["bureau"], words["bureau"], "bureau", "")
    for number, name in enumerate(posts["bureau_leaders"], 1):
        bureau.people.append(Person(f"{bureau.code}-{number:02d}", name, bureau.code, posts["post_leader"],
                                    ("leader", member)))
    for number in range(1, 9):
        bureau.people.append(Person(f"{bureau.code}-r{number}", posts["retired"].format(n=number), bureau.code,
                                    posts["post_retired"], ("retired", member)))
    chance = county.chance("divisions")
    for number, division in enumerate(words["division"], 1):
        code = codes["division"].format(n=number)
        place = Place(code, division["name"], "division", bureau.code, division["code"])
        place.people.append(Person(f"{code}-01", posts["division_head"].format(division=division["name"]), code,
                                   posts["post_division_head"], ("staff", "section_head", member)))
        for place_in in range(1, chance.randint(2, 4)):
            name = posts["division_staff"].format(division=division["name"], n=place_in)
            belongs = (member,) if chance.random() < 0.7 else ()
            place.people.append(Person(f"{code}-{place_in + 1:02d}", name, code, posts["post_staff"],
                                       ("staff", *belongs)))
        county.divisions.append(place)


def _districts(county: County, count: int) -> None:
    words, codes, member = county.words["county"], county.words["codes"], county.member
    posts = words["posts"]
    for number in range(1, count + 1):
        code = codes["district"].format(n=number)
        place = Place(code, words["district"].format(n=number), "school_district", county.bureau.code)
        for rank, name in enumerate((posts["district_head"], posts["district_deputy"]), 1):
            place.people.append(Person(f"{code}-{rank:02d}", name, code, posts["post_leader"], ("leader", member)))
        for rank in (3, 4, 5):
            belongs = (member,) if rank == 3 else ()
            place.people.append(Person(f"{code}-{rank:02d}", posts["district_staff"].format(n=rank - 2), code,
                                       posts["post_staff"], ("staff", *belongs)))
        county.districts.append(place)


def _schools(county: County, count: int) -> None:
    words, codes = county.words["county"], county.words["codes"]
    chance = county.chance("schools")
    kinds: list[int] = []
    for index, kind in enumerate(words["school"][1:], 1):
        kinds += [index] * max(1, round(count * kind["share"]))
    kinds = kinds[:count - 1]
    kinds += [0] * (count - len(kinds))
    chance.shuffle(kinds)
    numbers = dict.fromkeys(kinds, 0)
    direct = round(count * 0.04)
    for number, index in enumerate(kinds, 1):
        numbers[index] += 1
        kind = words["school"][index]
        # A few schools stand under the bureau itself; the others go round the districts.
        parent = county.bureau if number <= direct else county.districts[number % len(county.districts)]
        place = Place(codes["school"].format(n=number), kind["name"].format(n=numbers[index]), "school",
                      parent.code, kind["short"].format(n=numbers[index]))
        people = chance.randint(*kind["people"])
        place.people += _school_people(words["posts"], county.member, place.code, people, chance)
        county.schools.append(place)


def _school_people(posts: Words, member: str, unit: str, count: int, chance: random.Random) -> list[Person]:
    ranks = [("school_head", "post_leader", "leader"), ("middle", "post_middle", "section_head")]
    if count > 8:
        ranks.insert(1, ("school_deputy", "post_leader", "leader"))
    people = [Person(f"{unit}-{rank:02d}", posts[name], unit, posts[post], (category, "teacher", member))
              for rank, (name, post, category) in enumerate(ranks, 1)]
    for number in range(1, count - len(ranks) + 1):
        belongs = (member,) if chance.random() < 0.3 else ()
        people.append(Person(f"{unit}-{len(people) + 1:02d}", posts["teacher"].format(n=number), unit,
                             posts["post_teacher"], ("teacher", *belongs)))
    return people


def _write_units(county: County) -> None:
    """Two schools moved to another district during the campaign's first weeks, a school was opened and a
    teaching point closed before it began: the tree of a date differs from that of today."""
    words, codes, add = county.words["county"], county.words["codes"], county.book.add
    add("units", code=county.bureau.code, name=county.bureau.name, short_name=words["bureau_short"],
        kind="bureau",
        parent=None, valid_from=None, valid_to=None, participates=True)
    for place in county.divisions:
        add("units", code=place.code, name=place.name, kind=place.kind, parent=place.parent,
            participates=False)
    for number, place in enumerate(county.districts, 1):
        add("units", code=place.code, name=place.name, short_name=words["district_short"].format(n=number),
            kind=place.kind, parent=place.parent, participates=True)
    for place in county.schools:
        # The last of the schools was opened not long before the campaign began.
        since = county.day(-30) if place is county.schools[-1] else None
        add("units", code=place.code, name=place.name, short_name=place.key, kind=place.kind,
            parent=place.parent, valid_from=since, participates=True)
    closed = codes["school"].format(n=len(county.schools) + 1)
    add("units", code=closed, name=words["posts"]["moved_unit"].format(n=1), kind="teaching_point",
        parent=county.districts[0].code, valid_to=county.day(-24, 4), participates=False)
    moved = [school for school in county.schools if school.parent == county.districts[0].code][:2]
    for place in moved:
        was = county.districts[1].code
        add("placements", unit=place.code, parent=was, from_=None, to=county.day(-20, 6))
        add("placements", unit=place.code, parent=place.parent, from_=county.day(-19), to=None)
