"""`make bench`: runs every script of benchmarks/ (those whose name starts with `bench_`), one after another.

Each prints its figure beside its peer's and ends with 0 when its promise holds."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent


def main() -> int:
    wanted = sys.argv[1:]
    scripts = [
        path
        for path in sorted((REPO / "benchmarks").glob("bench_*.py"))
        if not wanted or any(word in path.stem for word in wanted)
    ]
    broken = []
    for script in scripts:
        print(f"\n── {script.stem}", flush=True)
        with tempfile.TemporaryDirectory(prefix="zhixing-bench-") as home:
            ended = subprocess.run(
                [sys.executable, script],
                cwd=REPO,
                check=False,
                env=os.environ | {"ZHIXING_HOME": home, "PYTHONPATH": str(REPO)},
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
