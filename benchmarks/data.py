"""The big data set: a city with so many schools and a million rows of attendance. Deterministic, written line
by line, so that it takes as little memory as it has rows.

A tenth of a school's sessions are attended by everybody on its roster and have rows only for those who were
away; the others have a list with a row for each person."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

CAMPAIGN = "BIG"
HOST = "city"
AS_OF = date(2026, 11, 24)
PEOPLE = 10
"""People a unit, and so rows a listed session."""

Row = tuple[object, ...]


@dataclass(frozen=True)
class Size:
    """`units` take part: the city, its counties (one for a hundred units) and the schools."""

    units: int
    attendance: int

    @property
    def counties(self) -> int:
        return max(2, self.units // 100)

    @property
    def sessions(self) -> int:
        """Listed sessions a unit."""
        return max(1, round(self.attendance / (self.units * PEOPLE)))

    @property
    def name(self) -> str:
        return f"big-{self.units}-{self.attendance}"


def write(folder: Path, size: Size) -> Path:
    """The workbook as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (headings, rows) in _tables(size).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(headings + "\n")
            file.writelines(",".join(map(str, row)) + "\n" for row in rows)
    return folder


def units_of(size: Size) -> list[str]:
    counties = [f"c{number:03d}" for number in range(1, size.counties + 1)]
    schools = [f"s{number:05d}" for number in range(1, size.units - size.counties)]
    return [HOST, *counties, *schools]


def _day(number: int) -> date:
    """Day `number` of the campaign's two hundred."""
    return date(2026, 4, 1) + timedelta(days=number % 200)


def _tables(size: Size) -> dict[str, tuple[str, Iterable[Row]]]:
    return {**_county(size), **_held(size), **_written(size), **_heard(size), **_looked(size)}


def _county(size: Size) -> dict[str, tuple[str, Iterable[Row]]]:
    units = units_of(size)

    def tree() -> Iterator[Row]:
        for number, code in enumerate(units):
            kind = "bureau" if code == HOST else "county" if code[0] == "c" else "school"
            parent = (
                "" if code == HOST else HOST if kind == "county" else f"c{number % size.counties + 1:03d}"
            )
            closed = "2026-09-30" if kind == "school" and number % 997 == 0 else ""
            yield code, f"单位{number:05d}", kind, parent, "", closed, "yes"

    def people() -> Iterator[Row]:
        for code in units:
            for number in range(1, PEOPLE + 1):
                yield (
                    f"{code}-{number:02d}", f"人员{number:02d}", code,
                    "leader" if number == 1 else "staff;teacher",
                )

    phases = [
        ("P1", "学习调研", 1, "2026-04-01", "2026-07-15"),
        ("P2", "分析检查", 2, "2026-07-16", "2026-09-15"),
        ("P3", "整改落实", 3, "2026-09-16", "2026-12-31"),
    ]
    figures = [
        ("activities.held", "kind=group_study", 5),
        ("activities.held", "kind=mobilisation", 1),
        ("issues.listed", "", 1),
        ("study.notes_submitted", "kind=reflection", 1),
        ("research.reports", "", 1),
        ("forms.returned", "", 20),
        ("information.submitted", "", 2),
        ("publicity.items", "kind=board", 1),
        ("filings.filed", "kind=plan", 1),
        ("groups.established", "", 1),
    ]
    duties = [
        (
            f"D{number:02d}", f"P{number % 3 + 1}", f"任务{number}", figure, where, at_least, _day(number * 22),
            "",
        )
        for number, (figure, where, at_least) in enumerate(figures, 1)
    ]
    groups = [(f"G-{code}", "领导小组", "leading_group", code, f"{code}-01") for code in units[::2]]
    return {
        "campaign": ("code,name,template,host_unit,starts_on,ends_on",
                     [(CAMPAIGN, "学习实践活动", "study-practice-zh", HOST, "2026-04-01", "2026-12-31")]),
        "units": ("code,name,kind,parent,valid_from,valid_to,participates", tree()),
        "people": ("code,name,unit,categories", people()),
        "phases": ("code,name,order,starts_on,ends_on", phases),
        "duties": ("code,phase,name,figure,where,at_least,due_on,applies_to", duties),
        "groups": ("code,name,kind,unit,head", groups),
        "members": ("group,person,from,to",
                    ((f"G-{code}", f"{code}-{number:02d}", "2026-04-01", "") for code in units[::2]
                     for number in (1, 2, 3))),
        "waivers": ("duty,unit,reason,by,on",
                    ((f"D{number % 10 + 1:02d}", code, "正在撤并", "领导小组", "2026-05-01")
                     for number, code in enumerate(units) if number % 50 == 7)),
    }


def _held(size: Size) -> dict[str, tuple[str, Iterable[Row]]]:
    units = units_of(size)

    def activities() -> Iterator[Row]:
        for number, code in enumerate(units):
            yield f"{code}-M", "mobilisation", "动员大会", code, "P1", _day(number % 20), "unit", ""
            yield (
                f"{code}-K", "lecture", "辅导报告", code, "P1", _day(number % 60 + 20), "",
                f">={number % 90 + 10}",
            )
            if number % 2 == 0:
                yield (
                    f"{code}-L", "group_study", "领导小组学习", code, "P2", _day(number % 50 + 110),
                    f"group:G-{code}", "",
                )
            for session in range(1, size.sessions + 1):
                day = _day(session * 17 + number)
                phase = "P1" if day < date(2026, 7, 16) else "P2" if day < date(2026, 9, 16) else "P3"
                yield (
                    f"{code}-S{session:02d}", "group_study", f"第{session}次集中学习", code, phase, day, "listed",
                    "",
                )

    def attendance() -> Iterator[Row]:
        chance = random.Random(20260401)
        for number, code in enumerate(units):
            for session in range(1, size.sessions + 1):
                day = _day(session * 17 + number)
                for person in range(1, PEOPLE + 1):
                    draw = chance.random()
                    status = (
                        "present"
                        if draw < 0.95
                        else "leave"
                        if draw < 0.97
                        else "absent"
                        if draw < 0.98
                        else "made_up"
                    )
                    later = day + timedelta(days=5) if status == "made_up" else ""
                    yield f"{code}-S{session:02d}", f"{code}-{person:02d}", status, later
            yield f"{code}-M", f"{code}-{number % PEOPLE + 1:02d}", "leave", ""

    return {
        "activities": ("code,kind,title,unit,phase,starts_at,roster,headcount", activities()),
        "attendance": ("activity,person,status,made_up_on", attendance()),
    }


def _written(size: Size) -> dict[str, tuple[str, Iterable[Row]]]:
    units = units_of(size)
    notes = (
        (
            f"N-{code}-{number}", f"{code}-{number:02d}", "reflection" if number == 1 else "note", "心得",
            _day(place),
        )
        for place, code in enumerate(units)
        for number in (1, 2, 3)
    )
    topics = ((f"K-{code}", "调研课题", f"{code}-01", code, "2026-07-10") for code in units)
    reports = ((f"B-{code}", f"K-{code}", "调研报告", f"{code}-01", _day(number))
               for number, code in enumerate(units) if number % 10)
    rules = [(f"R{number}", f"制度{number}", HOST, "issued" if number % 3 else "planned",
              "2026-10-01" if number % 3 else "") for number in range(1, 13)]
    return {
        "notes": ("code,person,kind,title,submitted_on", notes),
        "topics": ("code,title,owner,unit,due_on", topics),
        "reports": ("code,topic,title,author,completed_on", reports),
        "rules": ("code,title,unit,status,issued_on", rules),
    }


def _heard(size: Size) -> dict[str, tuple[str, Iterable[Row]]]:
    units = units_of(size)
    heard, listed = size.units * 5, size.units // 2
    kinds = ["box", "email", "form", "seminar", "web", "phone"]
    channels = [
        (f"H{number}", kind, f"渠道{number}", HOST, "2026-04-01", "") for number, kind in enumerate(kinds)
    ]
    batches = (
        (
            f"F-{code}", "H2", "征求意见表", code, _day(number), 40, _day(number + 9),
            "" if number % 11 == 0 else 25 + number % 12, "" if number % 7 == 0 else 22,
        )
        for number, code in enumerate(units)
    )
    opinions = (
        (
            f"Y{number:06d}", f"H{number % 6}", _day(number), units[number * 7 % len(units)],
            ("work", "unit", "team", "individual")[number % 4], "作业", f"第{number}条意见",
        )
        for number in range(heard)
    )
    echoes = (
        (
            f"Y{number:06d}", _day(number + 20) if number % 200 < 180 else "2026-10-20",
            ("solved", "under_way", "planned", "not_now")[number % 4], "已答复",
        )
        for number in range(heard)
        if number % 5
    )
    issues = (
        (
            f"W{number:05d}", f"问题{number}", ("work", "unit")[number % 2], "yes" if number % 9 == 0 else "no",
            units[number * 13 % len(units)], "2026-08-01", f"2026-{9 + number % 4:02d}-15", "dispatched",
        )
        for number in range(listed)
    )
    mapping = ((f"Y{number:06d}", f"W{number % listed:05d}" if number % 17 else "",
                ("duplicate" if number % 13 == 0 else "merged") if number % 17 else "out_of_scope", "")
               for number in range(heard) if number % 10)
    steps = ("dispatched", "progress", "handed_in", "verified", "closed")
    events = ((f"W{number:05d}", kind, date(2026, 8, 5) + timedelta(days=9 * place + number % 9), HOST, "")
              for number in range(listed) for place, kind in enumerate(steps[:number % 6]))
    return {
        "channels": ("code,kind,name,unit,opened_on,closed_on", channels),
        "form_batches": ("code,channel,title,unit,issued_on,issued,returned_on,returned,valid", batches),
        "opinions": ("code,channel,received_on,unit,target,category,text", opinions),
        "echoes": ("opinion,on,disposition,text", echoes),
        "issues": ("code,title,target,prominent,lead_unit,listed_on,due_on,state", issues),
        "mapping": ("opinion,issue,relation,reason", mapping),
        "events": ("issue,kind,on,by,text", events),
    }


def _looked(size: Size) -> dict[str, tuple[str, Iterable[Row]]]:
    units = units_of(size)
    information = (
        (
            f"XX-{code}-{number}", code, "信息", "article" if number == 3 else "briefing",
            _day(place + number * 9),
        )
        for place, code in enumerate(units)
        for number in (1, 2, 3)
    )
    publicity = ((f"XC-{code}-{kind}", code, kind, "宣传", _day(place), ("", 2, ">=3")[place % 3])
                 for place, code in enumerate(units) for kind in ("board", "banner"))
    visits = (
        (
            f"DC-{code}", f"{code}-M", code, "work", ("routine", "key", "hot")[place % 3],
            "台账不全" if place % 8 else "",
        )
        for place, code in enumerate(units)
        if place % 4 == 0
    )
    filings = (
        (f"SA-{code}-{kind}", kind, "材料", code, "P1", _day(place), _day(place + 3) if place % 5 else "")
        for place, code in enumerate(units)
        for kind in ("plan", "stage_summary")
    )
    grades = ("satisfied", "mostly", "not")
    return {
        "information": ("code,unit,title,kind,submitted_on", information),
        "publicity": ("code,unit,kind,title,on,count", publicity),
        "inspections": ("code,activity,unit,subject,basis,finding", visits),
        "filings": ("code,kind,title,unit,phase,filed_on,accepted_on", filings),
        "polls": (
            "code,title,unit,held_on,scale,counted,weights",
            [("CP", "群众评议", HOST, "2026-09-10", "satisfied;mostly;not", "satisfied;mostly", "100;80;0")],
        ),
        "poll_aspects": ("poll,code,name", [("CP", f"q{number}", f"方面{number}") for number in range(1, 7)]),
        "electorate": ("poll,group,issued,returned,valid", [("CP", "党代表", 60, 58, 57)]),
        "tallies": (
            "poll,aspect,grade,count", [
                ("CP", f"q{number}", grade, count)
                for number in range(1, 7)
                for grade, count in zip(grades, (40, 12, 5), strict=True)
            ],
        ),
        "stated_facts": (
            "code,name,value,measure,source,on", [("SS1", "排名", 3, "名次", "通报", "2026-09-01")],
        ),
    }

