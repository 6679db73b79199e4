"""The house as it stands keeps its own rules. That each rule can fail is shown in test_planted_*.py."""

from __future__ import annotations

import subprocess
from functools import cache

from django.apps import apps

from tools.contracts import contracts

from . import doors, foreign_keys, habits
from .source import BY_PATH, REPO, SRC, Source, sources

TEXT = (
    ".py",
    ".html",
    ".css",
    ".js",
    ".md",
    ".toml",
    ".txt",
    ".po",
    ".csv",
    ".json",
    ".sh",
    ".lock",
    ".yml",
    ".svg",
)


@cache
def house() -> tuple[Source, ...]:
    return tuple(sources())


@cache
def tracked() -> dict[str, str]:
    """Every text file that is, or is about to be, part of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPO,
        capture_output=True,
        check=True,
    ).stdout.decode()
    paths = [REPO / name for name in listed.split("\0") if name]
    return {
        str(path.relative_to(REPO)): path.read_text(encoding="utf-8")
        for path in paths
        if path.is_file() and (path.suffix in TEXT or path.name in ("Makefile", "run"))
    }


@cache
def templates() -> dict[str, str]:
    return {
        name: text for name, text in tracked().items() if name.endswith(".html") and name.startswith("src/")
    }


def owners() -> dict[str, str]:
    """Database table → the room it belongs to."""
    return {
        model._meta.db_table: model._meta.app_config.name
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_config.name in BY_PATH
    }


def test_every_folder_is_a_room_and_every_room_a_folder() -> None:
    assert doors.unlisted(SRC / "zhixing") == []


def test_the_import_contracts_are_those_of_the_list_of_rooms() -> None:
    assert (REPO / ".importlinter").read_text(encoding="utf-8") == contracts()


def test_imports_go_in_one_direction() -> None:
    assert doors.downward(house()) == []


def test_rooms_are_entered_through_their_doors() -> None:
    assert doors.reaches(house()) == []


def test_inside_a_room_files_import_lower_files() -> None:
    assert doors.inside_out(house()) == []


def test_rules_and_text_know_no_django() -> None:
    assert doors.impure(house()) == []


def test_nothing_listens_to_signals() -> None:
    assert doors.signals(house()) == []


def test_sql_names_only_tables_of_rooms_above() -> None:
    assert doors.sql_reaches(house(), owners()) == []


def test_who_may_vote_and_what_was_said_never_meet() -> None:
    assert doors.meetings(house()) == []


def test_foreign_keys_point_upstream_and_give_no_way_back() -> None:
    assert foreign_keys.downstream(apps.get_models()) == []


def test_outputs_count_nothing() -> None:
    assert habits.counts(house()) == []


def test_pages_and_save_hold_no_rules() -> None:
    assert habits.rules_in_pages(house()) == []
    assert habits.rules_in_templates(templates()) == []


def test_files_and_functions_have_an_end() -> None:
    files = [
        REPO / name for name in tracked() if name.endswith((".py", ".html")) and "/migrations/" not in name
    ]
    assert habits.sizes(files, REPO) == []
    assert habits.long_functions(house()) == []


def test_texts_for_translation_name_their_placeholders() -> None:
    assert habits.unnamed_placeholders(house()) == []


def test_no_trace_of_a_machine_or_a_foreign_host_is_kept() -> None:
    product = {name: text for name, text in tracked().items() if not name.startswith("tests/architecture/")}
    assert habits.machine_traces(product) == []


def test_no_roll_of_peoples_names_is_kept() -> None:
    assert habits.rolls_of_names(tracked()) == []
