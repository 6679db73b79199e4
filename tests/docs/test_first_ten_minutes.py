"""The README's first ten minutes, done command by command as they stand there."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path

from tests.conftest import Cli

from .pages import page, section

HEADING = "The first ten minutes with your own workbook"
SCENARIO = "a-district-bureau"


def commands() -> list[list[str]]:
    """What the section tells people to type to the program, in order."""
    found = re.findall(r"^ *\.venv/bin/zhixing (.+)$", section(page("README.md"), HEADING), re.M)
    return [shlex.split(line) for line in found]


def first_cell(path: Path, column: str) -> str:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.DictReader(file))[column]


def test_the_first_ten_minutes_are_as_the_readme_says(cli: Cli, new_cli: type[Cli], shared: Path) -> None:
    """The reference campaign stands in for what the office fills in: it goes into the same file."""
    scenario = shared / "scenarios" / SCENARIO
    names = {"CODE": first_cell(scenario / "campaign.csv", "code"),
             "PHASE": first_cell(scenario / "phases.csv", "code")}
    said = commands()
    assert [words[0] for words in said] == [
        "template", "import", "user", "serve", "lint", "figures", "gate", "document"
    ]
    for words in said:
        words = [names.get(word, word) for word in words]
        if words[0] == "serve":
            continue  # tests of the server stand elsewhere; it would never come back
        if words[0] == "import":
            assert (cli.home / "campaign.xlsx").stat().st_size > 5000, "the template is empty"
            other = new_cli()
            other("import", scenario)
            other("export", names["CODE"], cli.home / "campaign.xlsx")
        cli(*words, stdin="a long enough password\na long enough password\n" if words[0] == "user" else "")
    assert (cli.home / "summary.docx").read_bytes()[:2] == b"PK"
