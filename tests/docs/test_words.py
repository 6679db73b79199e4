"""docs/words.md names what exists, all of it, and one word for each idea."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from zhixing.ground.kernel import figures, lints, tables
from zhixing.ground.kernel.types import ROLES

from .pages import page, rows, section

EXISTING = {
    "Tables of the workbook": lambda: {table.name for table in tables.tables()},
    "Figures": lambda: {figure.name for figure in figures.figures()},
    "Contradictions": lambda: {lint.name for lint in lints.lints()},
    "Roles": lambda: set(ROLES),
}


def named(heading: str) -> set[str]:
    return {cells[0].strip("`") for cells in rows(section(page("docs/words.md"), heading))}


@pytest.mark.parametrize("heading", EXISTING)
def test_every_name_that_exists_has_its_word(heading: str) -> None:
    assert EXISTING[heading]() - named(heading) == set()


@pytest.mark.parametrize("heading", EXISTING)
def test_every_word_for_a_name_is_of_one_that_exists(heading: str) -> None:
    assert named(heading) - EXISTING[heading]() == set()


@pytest.mark.parametrize("heading", ["The house's own words", "Campaign words"])
def test_one_word_for_one_idea(heading: str) -> None:
    listed = rows(section(page("docs/words.md"), heading))
    for column in (0, 1):
        twice = [word for word, times in Counter(cells[column] for cells in listed).items() if times > 1]
        assert twice == []


def test_every_word_of_the_domains_glossary_is_kept(shared: Path) -> None:
    domain = (shared / "domain.md").read_text(encoding="utf-8")
    glossary = re.search(r"^## 7\. Glossary\n(.*?)^## 8", domain, re.M | re.S)
    assert glossary is not None
    terms = {
        word for entry in glossary.group(1).split(";")
        for word in re.findall(r"[\u4e00-\u9fff]{2,}", entry.strip().split(" ")[0])
    }
    assert len(terms) > 60
    known = section(page("docs/words.md"), "Campaign words")
    assert sorted(term for term in terms if term not in known) == []


def test_a_figures_measure_is_the_one_it_has() -> None:
    said = {
        cells[0].strip("`"): cells[2].replace("person-times", "person_times").replace("as stated", "stated")
        for cells in rows(section(page("docs/words.md"), "Figures"))
    }
    assert said == {figure.name: figure.measure for figure in figures.figures()}
