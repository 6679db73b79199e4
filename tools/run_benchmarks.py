"""`make bench`: runs every script of benchmarks/, one after another; `make bench ARGS="figures import"` some.

Each prints its figure beside its peer's and ends with 0 when its promise holds. Words choose scripts by name;
options (`--full`, `--units 500`) are passed on to them. The data sets are loaded once for all of them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent


def main() -> int:
    first = next((place for place, word in enumerate(sys.argv) if word.startswith("-")), len(sys.argv))
    wanted, options = sys.argv[1:first], sys.argv[first:]
    scripts = [
        path
        for path in sorted((REPO / "benchmarks").glob("*.py"))
        if "__main__" in path.read_text(encoding="utf-8")
        and (not wanted or any(word in path.stem for word in wanted))
    ]
    broken = []
    with tempfile.TemporaryDirectory(prefix="zhixing-bench-") as homes:
        for script in scripts:
            print(f"\n── {script.stem}", flush=True)
            ended = subprocess.run(
                [sys.executable, "-m", f"benchmarks.{script.stem}",
                 *(options if script.stem.startswith("bench_") else [])],
                cwd=REPO,
                check=False,
                env=os.environ | {"ZHIXING_HOME": f"{homes}/home", "ZHIXING_BENCH_HOMES": homes},
            )
            if ended.returncode:
                broken.append(script.stem)
    print(
        f"\n{len(scripts) - len(broken)} of {len(scripts)} benchmarks keep their promise"
        + (f"; not: {', '.join(broken)}" if broken else "")
    )
    return 1 if broken or not scripts else 0


if __name__ == "__main__":
    sys.exit(main())
