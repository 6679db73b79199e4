"""What was heard: channels, form batches, and opinions in their authors' own words."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from .county import County, Place

CHANNELS = (("YX", "box"), ("DY", "email"), ("BB", "form"), ("WM", "anonymous"), ("ZT", "seminar"),
            ("FT", "interview"), ("WL", "web"), ("DH", "phone"))
EARLY, LISTED = -12, -5
"""The weeks in which the first and the full list of issues were agreed."""


@dataclass
class Said:
    """One opinion before it has its code: codes follow the day of receipt."""

    text: str
    on: date
    channel: str
    issue: int | None = None
    relation: str = ""
    reason: str = ""
    batch: str = ""
    activity: str = ""
    unit: str = ""
    target: str = "work"
    category: str = ""
    code: str = ""


def build(county: County) -> list[Said]:
    """Writes channels, batches and opinions; the opinions are returned with their codes."""
    _channels(county)
    batches = _batches(county)
    said = _gather(county, batches)
    said.sort(key=lambda each: (each.on, each.channel, each.text))
    for number, each in enumerate(said, 1):
        each.code = f"Y{number:03d}"
        county.book.add("opinions", code=each.code, channel=each.channel, form_batch=each.batch,
                        activity=each.activity, received_on=each.on, unit=each.unit, target=each.target,
                        category=each.category, text=each.text)
    return said


def _channels(county: County) -> None:
    words, bureau = county.words["remarks"]["channels"], county.bureau
    for code, word in CHANNELS:
        county.book.add("channels", code=code, kind="form" if word == "anonymous" else word, name=words[word],
                        unit=bureau.code, opened_on=county.day(-9 if code in ("BB", "WM") else -16, 1),
                        closed_on=county.day(-5, 4) if code in ("BB", "WM") else None)
    for number, place in enumerate(county.districts):
        county.book.add("channels", code=f"YX-{place.code}", kind="box",
                        name=words["district_box"].format(unit=place.name), unit=place.code,
                        opened_on=county.day(-16, number % 5), closed_on=None)
    county.marks["channel"] = ["YX", "DY", "BB", "ZT", "WL"]


def _batches(county: County) -> list[tuple[str, Place, date]]:
    """One batch a unit in the second phase, and the leaders' own anonymous one. Three contradict themselves:
    see `planted`."""
    words, chance = county.words["remarks"]["forms"], county.chance("batches")
    back: list[tuple[str, Place, date]] = []
    for number, place in enumerate(county.participants):
        issued_on = county.day(-9 + number % 2, chance.randrange(1, 5))
        returned_on = county.day(-7 + number % 2, 1 + chance.randrange(4))
        issued = chance.randint(30, 90)
        returned = max(22, round(issued * chance.uniform(0.62, 0.97)))
        counts = [str(issued), str(returned), str(returned - chance.randint(0, 2))]
        if county.missed("D07", place):
            counts[1:] = ("", "") if chance.random() < 0.5 else (str(chance.randint(6, 18)), "")
        elif chance.random() < 0.12:
            counts[2] = ""
        elif chance.random() < 0.05:
            counts = [f"~{issued // 10 * 10}", f">={returned // 10 * 10}", ""]
        if place is county.districts[0]:
            counts = ["80", "104", ""]
        elif place is county.districts[1]:
            counts = ["", "36", "35"]
        title = words["title"].format(unit=place.name)
        county.book.add("form_batches", code=f"F-{place.code}", channel="BB", title=title, unit=place.code,
                        audience=chance.choice(words["audiences"]), issued_on=issued_on, issued=counts[0],
                        returned_on=returned_on if counts[1] else None, returned=counts[1], valid=counts[2])
        if counts[1]:
            back.append((f"F-{place.code}", place, returned_on))
    county.book.add("form_batches", code="F-WM", channel="WM", title=words["anonymous"],
                    unit=county.bureau.code,
                    audience="", issued_on=county.day(-8, 1), issued=45, returned_on=county.day(-8, 4),
                    returned=45, valid=47)
    county.plant("returned_exceeds_issued", f"F-{county.districts[0].code}", "80 issued, 104 returned")
    county.plant("rate_without_denominator", f"F-{county.districts[1].code}",
                 "36 returned, nobody says of how many")
    county.plant("valid_exceeds_returned", "F-WM", "45 returned, 47 valid")
    return back


def _gather(county: County, batches: list[tuple[str, Place, date]]) -> list[Said]:
    chance, said = county.chance("voices"), []
    for number, issue in enumerate(county.words["issues"]["issue"]):
        early = issue["fate"] == "closed_early"
        for text in issue["says"]:
            each = Said(text.lstrip("="), county.monday, "", number,
                        "duplicate" if text[0] == "=" else "merged",
                        target=issue["target"], category=issue["category"])
            _heard(county, each, chance, early, batches)
            said.append(each)
    voices: dict[str, Any] = county.words["voices"]
    for outside in voices["outside"]:
        for text in outside["says"]:
            each = Said(text, county.monday, "", None, "out_of_scope", outside["reason"])
            _heard(county, each, chance, False, batches)
            said.append(each)
    for text in voices["later"]["says"]:
        each = Said(text, county.day(chance.choice((-2, -1)), chance.randrange(7)),
                    chance.choice(("WL", "WL", "DH", "YX", "DY")))
        each.unit = chance.choice(county.schools).code if chance.random() < 0.6 else ""
        said.append(each)
    return said


def _heard(county: County, each: Said, chance: random.Random, early: bool,
           batches: list[tuple[str, Place, date]]) -> None:
    """Through which channel and when: before its list was agreed, on the day of its batch or seminar."""
    kinds = ("YX", "DY", "WL", "DH", "ZT", "FT") if early else ("BB", "YX", "DY", "WL", "DH", "ZT", "FT")
    weights = (4, 3, 4, 2, 3, 1) if early else (9, 3, 2, 4, 2, 3, 2)
    each.channel = chance.choices(kinds, weights)[0]
    if each.target == "individual":
        each.channel = "WM"
    if each.channel == "BB":
        each.batch, place, each.on = chance.choice(batches)
        each.unit = place.code
    elif each.channel == "WM":
        each.batch, each.on = "F-WM", county.day(-8, 4)
    elif each.channel == "ZT":
        seminar = chance.randint(1, 2 if early else 7)
        each.activity = f"ZT{seminar}"
        each.on = county.day(-14 + seminar - 1 if seminar < 5 else -13 + seminar - 1, 2)
    else:
        each.on = county.day(chance.randint(-16 + 1, EARLY - 2 if early else LISTED - 2), chance.randrange(7))
        if each.channel == "YX" and chance.random() < 0.4:
            place = chance.choice(county.districts)
            each.channel, each.unit = f"YX-{place.code}", ""
        elif chance.random() < 0.5:
            each.unit = chance.choice(county.schools).code
