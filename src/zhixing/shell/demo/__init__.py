"""The demonstration: writes the workbook of a county's campaign, which then comes in by the ordinary door.

Everything depends on the arguments alone: the same arguments give the same bytes. Names are roles and
numbers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zhixing.ground.kernel.errors import Refused

from . import answers, county, frame, meetings, papers, planted, study, voices

WORDS = Path(__file__).parent / "words"
PACKS = {"study-practice-zh": "zh", "school-self-review-en": "en"}
"""Template pack → the folder of the words that a demonstration of it is made of."""

PACK = "study-practice-zh"
UNITS = 187


@dataclass(frozen=True)
class Planted:
    """A contradiction put in on purpose: the rule that must find it, and the record it must name first."""

    lint: str
    record: str
    why: str


@dataclass(frozen=True)
class Written:
    """What was written: the campaign's code and the planted contradictions."""

    campaign: str
    planted: tuple[Planted, ...]


def words_of(pack: str) -> county.Words:
    folder = WORDS / PACKS[pack]
    return {file.stem: tomllib.loads(file.read_text(encoding="utf-8"))
            for file in sorted(folder.glob("*.toml"))}


def campaign_code(pack: str = PACK) -> str:
    return str(words_of(pack)["codes"]["campaign"])


def write_demo(folder: Path, units: int = UNITS, *, today: date, pack: str = PACK) -> Written:
    """Writes the workbook as a folder of CSV files. `units` is the number of participating units: the bureau,
    the school districts and the schools. Raises Refused for fewer than a dozen."""
    if units < county.LEAST_UNITS:
        raise Refused(f"A demonstration needs at least {county.LEAST_UNITS} units.")
    place = county.County(units, today, words_of(pack))
    county.build(place)
    frame.build(place)
    diary = meetings.Diary(place)
    meetings.build(place, diary)
    planted.build(place, diary)
    study.build(place)
    answers.build(place, voices.build(place))
    papers.build(place)
    place.book.write(folder)
    return Written(place.words["codes"]["campaign"], tuple(Planted(*each) for each in place.planted))
