"""CPU seconds and memory of grouping at growing sizes of short Chinese texts (questions; single words changed where
they run out), and the exponent of the growth. Run: python -m benchmarks.text.scale [SIZE]…
"""

from __future__ import annotations

import csv
import math
import resource
import sys
import time
from pathlib import Path

from zhixing.ground.text import Opinion, collate

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "opinions" / "lcqmc_pairs.csv"
PROMISED = {10_000: 2.0, 90_000: 20.0, 1_000_000: 240.0}


def texts() -> list[str]:
    with DATA.open(encoding="utf-8-sig", newline="") as file:
        found = {cell for row in csv.reader(file) for cell in row if len(cell) > 3}
    return sorted(found)


def main() -> int:
    if not DATA.is_file():
        print("../shared/data is not there: nothing to measure on")
        return 0
    pool = texts()
    sizes = [int(word) for word in sys.argv[1:]] or [10_000, 40_000]
    before: tuple[int, float] | None = None
    kept = True
    for size in sizes:
        opinions = [Opinion(str(n), pool[n % len(pool)] + ("" if n < len(pool) else f" {n // len(pool)}号"))
                    for n in range(size)]
        began = time.process_time()
        found = collate(opinions)
        used = time.process_time() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        grown = f", exponent {math.log(used / before[1]) / math.log(size / before[0]):.2f}" if before else ""
        goal = PROMISED.get(size)
        kept &= goal is None or used <= goal
        print(f"{size:,} texts: {used:.1f} CPU s{f' (promised {goal:.0f})' if goal else ''}, {memory:,.0f} MB, "
              f"{len(found.groups):,} groups{grown}", flush=True)
        before = (size, used)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
