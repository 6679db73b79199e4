"""The README shows the house as it is."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import REPO
from tools.house_map import renewed
from zhixing.rooms import ROOMS, Room

from .pages import page

LINK = re.compile(r"\]\(([^)#]+)(#[^)]*)?\)")


def test_the_map_is_that_of_the_list_of_rooms() -> None:
    assert page("README.md") == renewed(page("README.md"))


def test_a_room_that_is_not_on_the_map_is_noticed() -> None:
    more = (*ROOMS, Room("shell", "attic", "what nobody wants"))
    assert page("README.md") != renewed(page("README.md"), more)


def dead_links(name: str, text: str) -> list[str]:
    folder = (REPO / name).parent
    return [
        f"{name} → {target}" for target, _ in LINK.findall(text)
        if "://" not in target and not (folder / target).exists()
    ]


@pytest.mark.parametrize("name", [str(path.relative_to(REPO)) for path in [
    REPO / "README.md", REPO / "CHANGELOG.md", *sorted((REPO / "docs").rglob("*.md"))
]])
def test_no_link_is_dead(name: str) -> None:
    assert dead_links(name, page(name)) == []


def test_a_dead_link_is_noticed() -> None:
    assert dead_links("README.md", "see [this](docs/nowhere.md)") == ["README.md → docs/nowhere.md"]


def test_every_make_target_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"`?\bmake ([a-z][a-z-]+)", page("README.md")))
    targets = set(re.findall(r"^([a-z-]+):", page("Makefile"), re.M))
    assert {"demo", "test", "setup"} <= named <= targets


def test_the_licence_is_apache_2() -> None:
    assert "Apache License\n                           Version 2.0, January 2004" in page("LICENSE")
