"""What was held and who was there: meetings, study, lectures, talks, visits, inspections."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from .county import County, Person, Place
from .frame import PARTY_GROUPS, RESEARCH_GROUPS

ABSENT = 0.035
PAIRS = ("leader_leader", "leader_division", "division_division", "head_staff")


class Diary:
    """Writes activities with running codes, and the exceptions of their rosters."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.words = county.words["meetings"]
        self.chance = county.chance("meetings")
        self.count: dict[str, int] = {}

    def hold(self, place: Place, kind: str, title: str, phase: str, day: date, time: str = "", *,
             roster: str = "", expected: Sequence[Person] = (), headcount: str = "", host: str = "",
             theme: str = "", counterpart: str = "", pair: str = "", room: str = "", end: str = "",
             materials: Sequence[str] = (), minutes: str = "", code: str = "") -> str:
        """One activity. `expected` are those of the roster, from whom the exceptions are drawn."""
        if not code:
            number = self.count[place.code] = self.count.get(place.code, 0) + 1
            code = f"{place.code}-A{number:02d}"
        moment = f"{day.isoformat()}T{time}" if time else day.isoformat()
        self.county.book.add(
            "activities", code=code, kind=kind, title=title, unit=place.code, phase=phase, starts_at=moment,
            ends_at=f"{day.isoformat()}T{end}" if end else "", place=room, host=host, roster=roster,
            headcount=headcount, minutes=minutes, counterpart=counterpart, pair_kind=pair, theme=theme,
            materials=materials)
        self._exceptions(code, day, expected)
        return code

    def _exceptions(self, code: str, day: date, expected: Sequence[Person]) -> None:
        for person in expected:
            if self.chance.random() >= ABSENT:
                continue
            status = self.chance.choices(("leave", "made_up", "absent"), (6, 3, 1))[0]
            made_up = day + timedelta(days=self.chance.randint(2, 9)) if status == "made_up" else None
            if made_up and made_up > self.county.today:
                status, made_up = "leave", None
            self.county.book.add("attendance", activity=code, person=person.code, status=status,
                                 made_up_on=made_up)

    def listed(self, code: str, people: Sequence[Person]) -> None:
        """The rows of a `listed` roster: everyone expected, most of them present."""
        for person in people:
            status = "present" if self.chance.random() > 0.06 else "leave"
            self.county.book.add("attendance", activity=code, person=person.code, status=status,
                                 made_up_on=None)

    def room(self, tier: str) -> str:
        return str(self.chance.choice(self.words["places"][tier]))

    def theme(self, kind: str = "study") -> str:
        return str(self.chance.choice(self.words["themes"][kind]))


def build(county: County, diary: Diary) -> None:
    _bureau_study(diary)
    _bureau_analysis(diary)
    _lectures(diary)
    _visits(diary)
    for place in county.districts:
        _district(diary, place)
    for place in county.schools:
        _school(diary, place)
    _talks(diary)


def _leaders_below(county: County) -> list[Person]:
    return [person for place in county.participants for person in place.of("leader")]


def _bureau_study(diary: Diary) -> None:
    county, titles, bureau = diary.county, diary.words["titles"], diary.county.bureau
    staff = county.staff()
    centre = [*bureau.of("leader"), *(place.head for place in county.divisions[:4])]
    diary.hold(bureau, "mobilisation", titles["mobilisation_bureau"], "P1", county.day(-18, 1), "09:00",
               roster="unit:leader", expected=_leaders_below(county), host=bureau.head.code, end="11:30",
               room=diary.words["places"]["bureau"][1])
    for number in range(1, 7):
        week = (-17, -16, -14, -12, -11, -6)[number - 1]
        diary.hold(bureau, "centre_group_study", titles["centre_group_study"].format(n=number),
                   "P1" if week < -9 else "P2", county.day(week, 4), "15:00", roster="group:ZXZ",
                   expected=centre,
                   theme=diary.theme(), room=diary.room("bureau"), host=bureau.people[1].code)
    for number in range(1, 13):
        week, weekday = -18 + (number + 1) // 2 + 1, 2 if number % 2 else 3
        diary.hold(bureau, "group_study", titles["group_study_bureau"].format(n=number), "P1",
                   county.day(week, weekday), "14:30", roster="group:JG", expected=staff, theme=diary.theme(),
                   room=diary.room("bureau"), materials=("M01",))
    for number in range(13, 15):
        diary.hold(bureau, "group_study", titles["group_study_bureau"].format(n=number), "P3",
                   county.day(number - 15, 2), "14:30", roster="group:JG", expected=staff,
                   theme=diary.theme(), room=diary.room("bureau"))
    for week in (-13, -12):
        theme = diary.theme("discussion")
        diary.hold(bureau, "discussion", titles["discussion"].format(theme=theme), "P1", county.day(week, 1),
                   "15:00", roster="group:JG", expected=staff, theme=theme, room=diary.room("bureau"))
    diary.hold(bureau, "party_class", titles["party_class"].format(theme=diary.theme()), "P1",
               county.day(-15, 0), "09:00", roster="group:JG", expected=staff, host=bureau.people[1].code,
               room=diary.room("bureau"))
    _seminars(diary)


def _seminars(diary: Diary) -> None:
    """Seminars hear people: a list of those asked, or a head-count where outsiders came."""
    county, titles, bureau = diary.county, diary.words["titles"], diary.county.bureau
    teachers = [person for place in county.schools for person in place.people
                if "section_head" not in person.categories]
    for number, audience in enumerate(diary.words["audiences"]):
        phase, week = ("P1", -14 + number) if number < 4 else ("P2", -13 + number)
        title, listed = titles["seminar"].format(audience=audience), number in (0, 5)
        code = diary.hold(bureau, "seminar", title, phase, county.day(week, 2), "15:00",
                          roster="listed" if listed else "",
                          headcount="" if listed else ("~24", "18", ">=30")[number % 3],
                          room=diary.room("bureau"), host=bureau.people[2].code, code=f"ZT{number + 1}",
                          minutes=diary.words["minutes"]["seminar"][number % 3])
        if listed:
            diary.listed(code, diary.chance.sample(teachers, min(20, len(teachers))))


def _bureau_analysis(diary: Diary) -> None:
    county, titles, bureau = diary.county, diary.words["titles"], diary.county.bureau
    leaders = _leaders_below(county)
    diary.hold(bureau, "transition", titles["transition_bureau"], "P2", county.day(-9, 1), "09:00",
               roster="unit:leader", expected=leaders, host=bureau.head.code, room=diary.room("bureau"),
               end="11:00")
    members = [person for person in county.staff() if county.member in person.categories]
    for number in range(1, PARTY_GROUPS + 1):
        diary.hold(bureau, "organisation_life_meeting", titles["party_life_meeting"].format(n=number), "P2",
                   county.day(-6, number % 5), "15:00", roster=f"group:DX{number}",
                   expected=members[number - 1::PARTY_GROUPS], room=diary.room("bureau"))
    diary.hold(bureau, "democratic_life_meeting", titles["democratic_life_meeting"], "P2", county.day(-5, 3),
               "09:00",
               roster=f"group:LD-{bureau.code}", host=bureau.people[1].code, room=diary.room("bureau"),
               end="17:30", code="MZ1", minutes=diary.words["minutes"]["democratic_life_meeting"])
    diary.hold(bureau, "appraisal_meeting", titles["appraisal_meeting"], "P2", county.day(-4, 2), "15:00",
               headcount="57", host=bureau.people[1].code, room=diary.words["places"]["bureau"][1],
               code="PY1")
    diary.hold(bureau, "transition", titles["transition2_bureau"], "P3", county.day(-2, 1), "09:00",
               roster="unit:leader", expected=leaders, host=bureau.head.code, room=diary.room("bureau"),
               end="11:00")


def _lectures(diary: Diary) -> None:
    """The lecturers' group goes round the districts; the hall is open, so heads are counted."""
    county, titles = diary.county, diary.words["titles"]
    for number, place in enumerate(county.districts[:14]):
        theme = diary.words["themes"]["study"][number % len(diary.words["themes"]["study"])]
        heads = ("126", ">=80", "142", "~110", "98")[number % 5]
        diary.hold(place, "lecture", titles["lecture"].format(theme=theme), "P1",
                   county.day(-15 + number % 5, 1 + number % 3),
                   "14:30", headcount=heads, theme=theme, room=diary.room("district"),
                   host=county.districts[(number + 1) % len(county.districts)].head.code)


def _visits(diary: Diary) -> None:
    county, titles, bureau = diary.county, diary.words["titles"], diary.county.bureau
    schools = diary.chance.sample(county.schools, min(len(county.schools), 36))
    for number, school in enumerate(schools):
        diary.hold(bureau, "visit", titles["visit"].format(unit=school.name), "P1",
                   county.day(-15 + number % 5, number % 5), roster=f"group:DY{number % RESEARCH_GROUPS + 1}",
                   code=f"ZF{number + 1:02d}", room=school.name)


def _district(diary: Diary, place: Place) -> None:
    county, titles, chance = diary.county, diary.words["titles"], diary.chance
    own = place.people
    heads = place.of("leader") + [p for school in county.schools_of(place) for p in school.of("leader")]
    diary.hold(place, "mobilisation", titles["mobilisation"].format(unit=place.name), "P1",
               county.day(-18, chance.choice((3, 4))), "09:00", roster="unit:leader", expected=heads,
               host=place.head.code, room=diary.room("district"))
    for number in range(1, 9):
        diary.hold(place, "group_study", titles["group_study"].format(n=number), "P1",
                   county.day(-18 + number, 2),
                   "15:00", headcount=str(len(own)), theme=diary.theme(), room=diary.room("district"))
    for number in (1, 2):
        diary.hold(place, "training", titles["principals_study"].format(unit=place.name), "P1",
                   county.day(-16 + 3 * number, 4), "09:00", roster="unit:leader", expected=heads,
                   host=place.head.code, room=diary.room("district"), code=f"{place.code}-X{number}")
    diary.hold(place, "seminar", titles["seminar_district"].format(unit=place.name, audience=chance.choice(
        diary.words["audiences"][:3])), "P2", county.day(-8, chance.randrange(5)), "15:00",
        headcount=chance.choice(("21", "~25", ">=30", "16")), room=diary.room("district"),
        code=f"{place.code}-Z1")
    diary.hold(place, "transition", titles["transition"].format(unit=place.name), "P2",
               county.day(-9, chance.choice((3, 4))), "10:00", roster="unit:leader", expected=heads,
               room=diary.room("district"))
    diary.hold(place, "organisation_life_meeting", titles["organisation_life_meeting"], "P2",
               county.day(chance.choice((-6, -5)), chance.randrange(5)), "15:00", headcount=str(len(own)),
               room=diary.room("district"))
    if chance.random() < 0.7:
        diary.hold(place, "group_study", titles["group_study"].format(n=9), "P3", county.day(-1, 2), "15:00",
                   headcount=str(len(own)), theme=diary.theme())


def _school(diary: Diary, place: Place) -> None:
    """A school takes attendance by exception, or, in a few small ones, counts heads."""
    county, titles, chance = diary.county, diary.words["titles"], diary.chance
    roster = chance.random() > 0.08

    def hold(kind: str, title: str, phase: str, day: date, time: str, theme: str = "") -> None:
        people = len(place.people)
        if roster:
            diary.hold(place, kind, title, phase, day, time, roster="unit", expected=place.people,
                       theme=theme, room=diary.room("school"), host=place.head.code)
        else:
            vague = chance.choice(("", "", "~", ">="))
            heads = people - chance.randint(0, 2)
            diary.hold(place, kind, title, phase, day, time, headcount=f"{vague}{heads}", theme=theme)

    if not county.missed("D03", place):
        week = -15 if chance.random() < 0.05 else chance.choice((-18, -17, -17, -16))
        hold("mobilisation", titles["mobilisation"].format(unit=place.name), "P1",
             county.day(week, 4 if week == -18 else chance.randrange(5)), "15:30")
    _school_study(diary, place, hold)
    if chance.random() < 0.6:
        theme = diary.theme("discussion")
        hold("discussion", titles["discussion"].format(theme=theme), "P1",
             county.day(chance.randint(-14, -11), 3), "16:00", theme)
    if chance.random() < 0.2:
        theme = diary.theme("education")
        diary.hold(place, "theme_education", titles["theme_education"].format(theme=theme), "P1",
                   county.day(chance.randint(-15, -11), 0), headcount=f"~{len(place.people) * 12}",
                   theme=theme)
    if not county.missed("D08", place):
        week = -3 if chance.random() < 0.05 else chance.choice((-7, -6, -6, -5, -4))
        hold("organisation_life_meeting", titles["organisation_life_meeting"], "P2",
             county.day(week, chance.randrange(5)), "15:00")


def _school_study(diary: Diary, place: Place, hold: Callable[..., None]) -> None:
    county, titles, chance = diary.county, diary.words["titles"], diary.chance
    days = [county.day(week, 2) for week in range(-17, -9)] + [county.day(-15, 4), county.day(-12, 4)]
    count = chance.randint(3, 7) if county.missed("D04", place) else chance.choice((8, 8, 8, 9, 10))
    chosen = sorted(days[:count] if count > 7 else chance.sample(days, count))
    later = [county.day(week, 2) for week in (-2, -1)][:chance.choice((0, 1, 1, 2))]
    for number, day in enumerate([*chosen, *later], 1):
        hold("group_study", titles["group_study"].format(n=number), "P1" if day in chosen else "P3", day,
             "15:30", diary.theme())


def _talks(diary: Diary) -> None:
    """Heart-to-heart talks of the four kinds of pair, before the leaders' own meeting."""
    county, bureau = diary.county, diary.county.bureau
    leaders, heads = bureau.of("leader"), [place.head for place in county.divisions]
    pairs: list[tuple[Place, Person, Person, str]] = []
    pairs += [(bureau, one, other, PAIRS[0]) for n, one in enumerate(leaders) for other in leaders[n + 1:]]
    pairs += [(bureau, leader, head, PAIRS[1]) for n,
              leader in enumerate(leaders) for head in heads[n % 3::4]]
    pairs += [(bureau, one, other, PAIRS[2]) for one, other in zip(heads, heads[1:] + heads[:1], strict=True)]
    pairs += [(bureau, place.head, person,
               PAIRS[3]) for place in county.divisions for person in place.people[1:]]
    for place in county.schools:
        others = diary.chance.sample(place.people[1:], min(2, len(place.people) - 1))
        pairs += [(place, place.head, person, PAIRS[3]) for person in others]
    for number, (place, one, other, kind) in enumerate(pairs, 1):
        day = county.day(-9 + number % 4, diary.chance.randrange(5))
        if (number % 4) == 0:
            day = county.day(-9, diary.chance.choice((3, 4)))
        diary.hold(place, "talk", diary.words["titles"]["talk"], "P2", day, _hour(diary.chance),
                   host=one.code, counterpart=other.code, pair=kind, code=f"TX{number:03d}")


def _hour(chance: random.Random) -> str:
    return chance.choice(("08:30", "10:00", "15:00", "16:30", "17:00"))
