"""Small workbooks written in a test: `bring_in(tmp_path, activities='''code,kind …''')`."""

from __future__ import annotations

import textwrap
from pathlib import Path

from zhixing.ground.kernel.types import CONSOLE, Scope
from zhixing.ground.units import reads as units
from zhixing.ground.workbook.actions import import_workbook

COUNTY = {
    "campaign": "code,name,template,host_unit,starts_on,ends_on\nC,Campaign,study-practice-zh,b,2026-03-01,2026-12-31",
    "units": "code,name,kind,parent,participates\nb,Bureau,bureau,,yes\ns1,School 1,school,b,yes\ns2,School 2,school,b,yes",
    "phases": "code,name,order,starts_on,ends_on\nP1,学习调研,1,2026-03-01,2026-05-31\nP2,分析检查,2,2026-06-01,2026-07-31"
              "\nP3,整改落实,3,2026-08-01,2026-12-31",
    "people": "code,name,unit,categories\nl1,Leader 1,b,leader\nt1,Teacher 1,s1,staff;teacher\n"
              "t2,Teacher 2,s1,teacher\nt3,Teacher 3,s2,teacher",
}
"""A bureau with two schools, four people and three phases."""


def write_book(folder: Path, **tables: str) -> Path:
    """A workbook of CSV files: the county, and these tables beside or instead of its own."""
    folder.mkdir(exist_ok=True)
    for name, text in {**COUNTY, **tables}.items():
        (folder / f"{name}.csv").write_text(textwrap.dedent(text).strip() + "\n", encoding="utf-8")
    return folder


def bring_in(folder: Path, **tables: str) -> int:
    """Imports such a workbook; the programme's id."""
    import_workbook(write_book(folder / "book", **tables), actor=CONSOLE)
    return units.programme("C").id


def scope(programme_id: int, as_of: str = "2026-12-31", unit: str = "b", *, own: bool = False) -> Scope:
    from datetime import date

    day = date.fromisoformat(as_of)
    return Scope(programme_id, units.unit(unit, day).id, day, own)
