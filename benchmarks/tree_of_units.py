"""The dated tree at the size of a country: rebuilding every span, and a county's subtree beside a recursive
query written by hand for the same rows.

Reads ../shared/data/units where it is there (31 provinces to 41,352 townships), else makes a tree of the same
shape. Uses a database of its own in a temporary folder. Run: python benchmarks/tree_of_units.py [UNITS]
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "units"
FILES = (("provinces", ""), ("cities", "provinceCode"), ("areas", "cityCode"), ("streets", "areaCode"))
DAY = date(2026, 5, 18)
BY_HAND = """
    WITH RECURSIVE below(id) AS (
      SELECT id FROM units_unit WHERE code = %s
      UNION ALL SELECT u.id FROM units_unit u JOIN below b ON u.parent_id = b.id)
    SELECT u.id, u.code, u.name, u.short_name, u.kind FROM units_unit u JOIN below USING (id)"""


def edges(wanted: int) -> tuple[list[tuple[str, str]], str]:
    """(code, superior's code) from the top down, and a county to look at."""
    found: list[tuple[str, str]] = []
    if DATA.is_dir():
        for name, above in FILES:
            with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
                found += [(row["code"], row[above] if above else "") for row in csv.DictReader(file)]
        county = "130102"
    else:
        print("../shared/data/units is not there: a made-up tree of the same shape")
        found = [(f"p{n}", "") for n in range(31)] + [(f"c{n}", f"p{n % 31}") for n in range(342)]
        found += [(f"a{n}", f"c{n % 342}") for n in range(2978)]
        county = "a0"
    areas = [code for code, above in found if len(code) == 6 or code.startswith("a")]
    found += [(f"x{n}", areas[n % len(areas)]) for n in range(wanted - len(found))]
    return found, county


def best(work: Callable[[], object], times: int = 7) -> float:
    """Milliseconds of the fastest run."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken) * 1000


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(ZHIXING_HOME=home, DJANGO_SETTINGS_MODULE="zhixing.shell.settings")
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection, transaction

        from zhixing.ground.units import reads, tree
        from zhixing.ground.units.models import Placement, Unit

        call_command("migrate", verbosity=0)
        listed, county = edges(wanted)
        ids = {code: number for number, (code, _above) in enumerate(listed, 1)}
        made = [Unit(id=ids[code], code=code, parent_id=ids.get(above)) for code, above in listed]
        with transaction.atomic():
            Unit.objects.bulk_create(made, batch_size=500)

        def timed(label: str, goal: float) -> None:
            start = time.perf_counter()
            changed = tree.rebuild()
            taken = time.perf_counter() - start
            print(f"{label:44} {taken:6.2f} s   {changed:,} spans written (goal {goal} s)")

        timed(f"all spans of {len(listed):,} units", 3)
        timed("nothing to change", 3)
        city = reads.ancestors_on(ids[county], DAY)[-1]
        Placement.objects.create(unit_id=city.id, parent_id=1, from_on=DAY)
        timed("a city has moved", 3)

        def by_hand() -> None:
            with connection.cursor() as cursor:
                cursor.execute(BY_HAND, [county])
                cursor.fetchall()

        path = reads.unit(county, DAY).path
        ours, peer = best(lambda: reads.units_under(path, DAY)), best(by_hand)
        print(f"{'subtree of a county':44} {ours:6.2f} ms  (recursive SQL by hand {peer:.2f} ms; goal 5 ms)")
        connection.close()


if __name__ == "__main__":
    main()
