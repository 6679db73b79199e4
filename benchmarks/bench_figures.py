"""Each figure of the catalogue beside the same number by hand-written SQL, over the whole tree, on the demonstration
and on the big data set. Promised: at most twice as long and 3 ms; the whole catalogue in at most 3 seconds."""

from __future__ import annotations

import sys
import time
from decimal import Decimal
from typing import Any

from benchmarks import by_hand, data, harness

TIMES, SLACK, WHOLE = 2.0, 3.0, 3.0
UNTIMED = ("facts.stated", "duties.due", "duties.met", "duties.waived", "duties.overdue")
"""Read from one row, or in Python from other figures (see bench_states)."""


def number(row: tuple[Any, ...]) -> Decimal | None:
    """What a hand-written query says: one number, or numerator and denominator."""
    if len(row) == 1:
        return None if row[0] is None else Decimal(str(row[0]))
    return None if not row[1] or row[0] is None else Decimal(str(row[0])) / Decimal(str(row[1]))


def compare(campaign: str) -> bool:
    harness.start()
    from zhixing.ground.figures import reads
    from zhixing.ground.kernel import db
    from zhixing.ground.kernel.figures import figures
    from zhixing.ground.kernel.types import Scope
    from zhixing.ground.units import reads as units

    programme = units.programme(campaign)
    scope = Scope(programme.id, programme.host_unit_id, data.AS_OF)
    path = units.path_on(scope.unit_id, scope.as_of) or ""
    params = {"programme": programme.id, "as_of": scope.as_of, "path": path, "top": path + "9999999"}
    lines: list[tuple[object, ...]] = []
    wrong, slow, whole = [], [], 0.0
    for figure in figures():
        name = figure.name
        ours = harness.best(lambda name=name: reads.value(name, scope))  # type: ignore[misc]
        whole += ours
        text = by_hand.FIGURES.get(name)
        if text is None:
            assert name in UNTIMED, f"{name} has no hand-written peer"
            lines.append((name, reads.value(name, scope).value, f"{ours:.2f}", "", ""))
            continue
        hand = harness.best(lambda text=text: db.rows(text, params))  # type: ignore[misc]
        value, peer = reads.value(name, scope).value, number(db.rows(text, params)[0])
        if value is None or peer is None or abs(value - peer) > Decimal("1e-9"):
            wrong.append(f"{name}: {value} against {peer}")
        if ours > TIMES * hand + SLACK:
            slow.append(f"{name}: {ours:.1f} ms against {hand:.1f} ms")
        lines.append((name, f"{value:.4f}".rstrip("0").rstrip(".") if value is not None else "", f"{ours:.2f}",
                      f"{hand:.2f}", f"{ours / hand:.2f}"))
    harness.table(["figure", "value", "ms", "by hand", "ratio"], lines)
    at = time.perf_counter()
    reads.values([(figure.name, scope, {}) for figure in figures()])
    together = time.perf_counter() - at
    good = harness.verdict(not wrong, "the same numbers as by hand" + "".join(f"\n    {each}" for each in wrong))
    good &= harness.verdict(
        not slow, f"each figure ≤ {TIMES:g} × by hand + {SLACK:g} ms" + "".join(f"\n    {each}" for each in slow)
    )
    good &= harness.verdict(
        together <= WHOLE, f"the whole catalogue in {together:.2f} s (one by one {whole / 1000:.2f}), ≤ {WHOLE:g} s"
    )
    return good


def main() -> int:
    asked = harness.asked()
    if asked.inside:
        return 0 if compare(asked.inside) else 1
    folder = harness.homes()
    print(f"\n{harness.SMALL} units, the demonstration", flush=True)
    good = harness.inside(harness.demo_home(folder), __file__, "XXSJ")
    size = asked.big
    print(f"\n{size.units:,} units, {size.attendance:,} rows of attendance", flush=True)
    good &= harness.inside(harness.big_home(folder, size), __file__, data.CAMPAIGN)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
