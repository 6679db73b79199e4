"""All duty states of a campaign, beside hand-written SQL that counts the same duties met. Promised: 187 units × 10
duties in at most 100 ms, 10,000 × 10 in at most 1.5 s, by a number of queries that does not grow."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import data, harness

LIMITS = {harness.SMALL: 100.0, 10_000: 1500.0}

OWN = {
    "activities.held": ("activities_activity", "x.unit_id", "x.starts_on", "COUNT(*)", ""),
    "study.notes_submitted": ("study_note", "p.unit_id", "x.submitted_on", "COUNT(*)",
                              "JOIN units_person p ON p.id = x.person_id"),
    "research.reports": ("study_report", "t.unit_id", "x.completed_on", "COUNT(*)",
                         "JOIN study_topic t ON t.id = x.topic_id"),
    "forms.returned": ("opinions_formbatch", "x.unit_id", "COALESCE(x.returned_on, x.issued_on)", "SUM(x.returned)",
                       ""),
    "information.submitted": ("supervision_information", "x.unit_id", "x.submitted_on", "COUNT(*)", ""),
    "publicity.items": ("supervision_publicity", "x.unit_id", "x.shown_on", "SUM(COALESCE(x.items, 1))", ""),
    "filings.filed": ("filings_filing", "x.unit_id", "x.filed_on", "COUNT(*)", ""),
    "groups.established": ("units_group", "x.unit_id", "NULL", "COUNT(*)", ""),
    "issues.listed": ("issues_issue", "x.lead_unit_id", "x.listed_on", "COUNT(*)", ""),
}
"""Figure → table, owning unit, day, number and join, as one would write it by hand."""


def by_hand(programme: int, duties: Sequence[Any]) -> int:
    """How many of the duties that units owe are met: one grouped query a duty."""
    from zhixing.ground.kernel import db

    met = 0
    for duty in duties:
        table, unit, day, count, join = OWN[duty.figure]
        tests = [f"x.{key} IN ({', '.join(repr(value) for value in values)})" for key, values in duty.where.items()
                 if key != "phase"]
        if "phase" in duty.where:
            join += " JOIN campaigns_phase h ON h.id = x.phase_id"
            tests.append(f"h.code IN ({', '.join(repr(value) for value in duty.where['phase'])})")
        kinds = [each for each in duty.applies_to if ":" not in each]
        owing = f"AND u.kind IN ({', '.join(map(repr, kinds))})" if kinds else ""
        rows = db.rows(
            f"SELECT COUNT(*) FROM (SELECT {unit} FROM {table} x {join} "
            f"JOIN campaigns_participant c ON c.unit_id = {unit} AND c.programme_id = x.programme_id "
            f"AND c.participates JOIN units_unit u ON u.id = c.unit_id {owing} "
            f"JOIN units_span s ON s.unit_id = u.id AND s.starts <= %(as_of)s AND s.ends > %(as_of)s "
            f"WHERE x.programme_id = %(programme)s AND COALESCE({day}, %(as_of)s) <= %(as_of)s "
            f"{''.join(f' AND {test}' for test in tests)} GROUP BY {unit} HAVING {count} >= %(least)s) reached",
            {"programme": programme, "as_of": data.AS_OF, "least": float(duty.at_least)})
        met += rows[0][0]
    return met


def measure(campaign: str) -> bool:
    harness.start()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from zhixing.flow.duties import reads
    from zhixing.ground.units import reads as units

    programme = units.programme(campaign).id
    owed = [duty for duty in reads.duties(programme) if not any(each.startswith("people:") for each in duty.applies_to)]
    codes = [duty.code for duty in owed]
    states = reads.states(programme, data.AS_OF, codes=codes)
    agree = sum(each.met for each in states) == (hand := by_hand(programme, owed))
    everything = reads.states(programme, data.AS_OF)
    ours = harness.best(lambda: reads.states(programme, data.AS_OF))
    fewer = harness.best(lambda: reads.states(programme, data.AS_OF, codes=codes))
    peer = harness.best(lambda: by_hand(programme, owed))
    with CaptureQueriesContext(connection) as seen:
        reads.states(programme, data.AS_OF)
    harness.table(["", "states", "queries", "ms"], [
        ("all states", len(everything), len(seen), f"{ours:.1f}"),
        (f"the {len(owed)} duties of units", len(states), "", f"{fewer:.1f}"),
        ("the same by hand (met alone)", hand, len(owed), f"{peer:.1f}"),
        ("ratio", "", "", f"{fewer / peer:.2f}")])
    participants = len({each.unit_id for each in everything})
    limit = next((LIMITS[size] for size in sorted(LIMITS) if participants <= size), LIMITS[10_000])
    (Path(os.environ["ZHIXING_HOME"]) / "queries").write_text(json.dumps(len(seen)))
    good = harness.verdict(agree, "as many met as by hand")
    return good & harness.verdict(ours <= limit, f"{len(everything):,} states in {ours:.0f} ms, ≤ {limit:g} ms")


def main() -> int:
    asked = harness.asked()
    if asked.inside:
        return 0 if measure(asked.inside) else 1
    folder = harness.homes()
    print(f"\n{harness.SMALL} units", flush=True)
    good = harness.inside(harness.demo_home(folder), __file__, "XXSJ")
    print(f"\n{asked.big.units:,} units", flush=True)
    good &= harness.inside(big := harness.big_home(folder, asked.big), __file__, data.CAMPAIGN)
    few = data.Size(harness.SMALL, harness.SMALL * data.PEOPLE)
    print(f"\nThe same campaign with {few.units} units", flush=True)
    good &= harness.inside(small := harness.big_home(folder, few), __file__, data.CAMPAIGN)
    less, more = (json.loads((Path(each["ZHIXING_HOME"]) / "queries").read_text()) for each in (small, big))
    print()
    good &= harness.verdict(more == less, f"{less} queries for {few.units} units, {more} for {asked.big.units:,}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
