"""A violation of each rule about rooms and doors, planted in a made-up file, is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import models
from django.test.utils import isolate_apps

from zhixing.rooms import ROOMS

from . import doors, foreign_keys
from .source import REPO, SRC, Source


def planted(module: str, text: str) -> list[Source]:
    return [Source(module, text)]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product's source and its contracts, to plant in."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(SRC, folder / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    shutil.copy(REPO / ".importlinter", folder)
    return folder


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys; sys.path[:0] = ['src']; from importlinter.cli import lint_imports_command as run; run()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def plant(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_an_unlisted_room_is_found(tmp_path: Path) -> None:
    for room in ROOMS:
        plant(tmp_path / room.layer / room.name / "__init__.py", "")
    assert doors.unlisted(tmp_path) == []
    plant(tmp_path / "flow" / "gossip" / "__init__.py", "")
    shutil.rmtree(tmp_path / "flow" / "duties")
    assert doors.unlisted(tmp_path) == [
        "flow/gossip is not in rooms.py",
        "flow/duties stands in rooms.py but has no folder",
    ]


def test_the_copied_house_keeps_its_contracts(copy: Path) -> None:
    ended = lint_imports(copy)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (
            "ground/kernel/clock_of_duties.py",
            "from zhixing.flow.duties import models\n",
            "not allowed to import",
        ),
        ("ground/ledger/looks_down.py", "import zhixing.ground.workbook\n", "not allowed to import"),
        ("flow/campaigns/looks_down.py", "import zhixing.flow.duties\n", "not allowed to import"),
        ("flow/issues/prints.py", "import zhixing.outputs.documents\n", "not allowed to import"),
        ("outputs/boards/serves.py", "import zhixing.shell.settings\n", "not allowed to import"),
        ("flow/gossip/__init__.py", "", "gossip"),
        ("basement/__init__.py", "", "basement"),
    ],
)
def test_import_linter_breaks_on_a_planted_violation(copy: Path, file: str, text: str, said: str) -> None:
    path = copy / "src" / "zhixing" / file
    plant(path, text)
    try:
        ended = lint_imports(copy)
    finally:
        path.unlink()
        if path.name == "__init__.py":
            path.parent.rmdir()
    assert ended.returncode == 1
    assert said in ended.stdout


@pytest.mark.parametrize(
    "text",
    [
        "from zhixing.flow.issues.models import Issue",
        "from zhixing.flow.issues import models",
        "from zhixing.flow.issues import rules",
        "import zhixing.flow.issues.rules",
        "def later():\n    from zhixing.flow.issues.models import Issue",
        "from django.apps import apps\napps.get_model('issues', 'Issue')",
        "import importlib\nimportlib.import_module('zhixing.flow.issues.models')",
        "from zhixing.ground.figures import sql",
    ],
)
def test_a_reach_past_a_door_is_found(text: str) -> None:
    assert len(doors.reaches(planted("zhixing.flow.duties.reads", text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "from zhixing.flow.issues import reads, actions, types",
        "from zhixing.flow.issues.reads import listed",
        "from zhixing.ground.kernel.counts import Count",
        "from . import models, rules",
        "from zhixing.flow.duties import models",
    ],
)
def test_a_door_may_be_used(text: str) -> None:
    assert doors.reaches(planted("zhixing.flow.duties.reads", text)) == []


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("zhixing.ground.kernel.clock", "from zhixing.flow.duties import reads"),
        ("zhixing.ground.ledger.reads", "from zhixing.ground.figures import reads"),
        ("zhixing.flow.campaigns.reads", "from zhixing.flow.duties import reads"),
        ("zhixing.flow.duties.reads", "from zhixing.outputs.documents import reads"),
        ("zhixing.outputs.boards.views", "from zhixing.shell import settings"),
    ],
)
def test_an_import_against_the_direction_is_found(module: str, text: str) -> None:
    assert len(doors.downward(planted(module, text))) == 1


def test_inside_a_room_a_look_upwards_is_found() -> None:
    assert doors.inside_out(planted("zhixing.flow.issues.models", "from . import actions"))
    assert doors.inside_out(planted("zhixing.flow.issues.rules", "from .models import Issue"))
    assert not doors.inside_out(planted("zhixing.flow.issues.actions", "from . import models, rules, reads"))


def test_django_in_rules_or_text_is_found() -> None:
    assert doors.impure(planted("zhixing.flow.issues.rules", "from django.db import models"))
    assert doors.impure(planted("zhixing.ground.text.group", "import django"))


@pytest.mark.parametrize(
    "text",
    [
        "from django.dispatch import receiver",
        "from django.db.models.signals import post_save",
        "from django.db.models import signals",
    ],
)
def test_a_signal_is_found(text: str) -> None:
    assert doors.signals(planted("zhixing.flow.issues.jobs", text))


def test_sql_that_names_a_table_further_down_is_found() -> None:
    owners = {"opinions_opinion": "zhixing.flow.opinions", "issues_mapping": "zhixing.flow.issues"}
    reaching = planted(
        "zhixing.flow.opinions.figures",
        'RECEIVED = "SELECT o.code FROM opinions_opinion o JOIN issues_mapping m"',
    )
    assert doors.sql_reaches(reaching, owners) == [
        "zhixing/flow/opinions/figures.py:1 names the table issues_mapping, which stands further down"
    ]
    assert doors.sql_reaches(planted("zhixing.flow.issues.figures", reaching[0].text), owners) == []
    assert doors.sql_reaches(
        planted("zhixing.flow.opinions.reads", 'f"SELECT {x} FROM issues_mapping"'), owners
    )


def test_the_roll_that_meets_the_box_is_found() -> None:
    assert doors.meetings(planted("zhixing.flow.ballots.roll", "from . import box"))
    assert doors.meetings(planted("zhixing.flow.ballots.box", "from zhixing.flow.ballots.roll import voters"))
    assert not doors.meetings(planted("zhixing.flow.ballots.box", "from . import models"))


@isolate_apps("zhixing.ground.units", "zhixing.flow.issues")
def test_a_foreign_key_that_points_downstream_is_found() -> None:
    class Problem(models.Model):
        class Meta:
            app_label = "issues"

    class Place(models.Model):
        worst = models.ForeignKey(Problem, models.PROTECT, related_name="+")

        class Meta:
            app_label = "units"

    assert foreign_keys.downstream([Place, Problem]) == ["Place.worst points downstream, to Problem"]


@isolate_apps("zhixing.ground.units", "zhixing.flow.issues")
def test_a_way_back_is_found() -> None:
    class Place(models.Model):
        class Meta:
            app_label = "units"

    class Problem(models.Model):
        place = models.ForeignKey(Place, models.PROTECT)

        class Meta:
            app_label = "issues"

    assert foreign_keys.downstream([Place, Problem]) == [
        "Problem.place can be followed backwards; related_name='+' ends that"
    ]
