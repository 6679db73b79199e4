"""What every test may use.

| fixture | gives |
|---|---|
| `clock` | the day 2026-05-18, 14:30, for the whole test |
| `english` | sentences in English, for tests that look for them |
| `shared` | the folder ../shared with the reference campaigns, or a loud skip |
| `scenario` | `scenario("c-bureau-analysis")` → the folder of that reference campaign |
| `cli` | the real program in a data folder of its own: `cli("figures", "C1", json=True).data` |
| `new_cli` | a function that makes further data folders |
| `cast` | a county of eight units with its people, campaign and accounts (tests/cast.py) |
| `loaded` | `loaded("c-bureau-analysis")` → a `cli` whose folder holds that campaign; only to be read |

A test that needs a part which this machine lacks calls `missing(what, remedy)`: it is skipped, and the
closing report of `make test` prints it; where CI=true it fails.
"""

from __future__ import annotations

import json as jsonlib
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit, urlunsplit

import pytest

if TYPE_CHECKING:
    from tests.cast import Cast

REPO = Path(__file__).resolve().parent.parent
SHARED = REPO.parent / "shared"
PROGRAM = Path(sys.executable).parent / "zhixing"
DATABASE_URL = os.environ.get("DATABASE_URL", "")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OFFICE = next(filter(None, map(shutil.which, ("soffice", "libreoffice"))), None)
MISSING = "MISSING PART: "


def missing(what: str, remedy: str) -> NoReturn:
    """This test needs `what`, which this machine lacks: skipped and said loudly, or failed where CI=true."""
    said = f"{MISSING}{what}. {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(said, pytrace=False)
    pytest.skip(said)


def bare_environment() -> dict[str, str]:
    """The environment for another program: nothing of this test run's own settings, home or database."""
    return {
        name: value for name, value in os.environ.items()
        if not name.startswith("ZHIXING_") and name not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "CI")
    } | {"LC_ALL": "C.UTF-8"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests for the other database are not this run's; with ZHIXING_TESTS=database only those that touch
    the database are (the second run has no need to repeat the others)."""
    other = "sqlite" if DATABASE_URL else "postgres"
    touching = {"db", "transactional_db", "live_server", "cli", "new_cli", "loaded", "client", "admin_client"}

    def wanted(item: pytest.Item) -> bool:
        if item.get_closest_marker(other):
            return False
        if os.environ.get("ZHIXING_TESTS") != "database":
            return True
        used = set(getattr(item, "fixturenames", ()))
        return bool(
            item.get_closest_marker("django_db") or item.get_closest_marker("postgres") or used & touching
        )

    kept = [item for item in items if wanted(item)]
    left_out = [item for item in items if not wanted(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and CHROMIUM is None:
        missing("Chromium", "Install it: apt-get install chromium")
    if item.get_closest_marker("office") and OFFICE is None:
        missing("LibreOffice", "Install it: apt-get install libreoffice-writer-nogui")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reasons = sorted(
        {
            str(report.longrepr[2])
            for report in terminalreporter.stats.get("skipped", ())
            if isinstance(report.longrepr, tuple) and MISSING in str(report.longrepr[2])
        }
    )
    for reason in reasons:
        terminalreporter.write_line(
            f"NOT TESTED: {reason.removeprefix('Skipped: ').removeprefix(MISSING)}", red=True
        )


@pytest.fixture
def clock() -> Iterator[datetime]:
    """It is Monday 18 May 2026, 14:30."""
    from zhixing.ground.kernel import clock as kernel_clock

    moment = datetime(2026, 5, 18, 14, 30)
    with kernel_clock.fixed(moment):
        yield moment


@pytest.fixture
def english() -> Iterator[None]:
    """Sentences are in English, whatever the language of the installation."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture(scope="session")
def shared() -> Path:
    if not (SHARED / "scenarios").is_dir():
        missing(
            "the folder ../shared beside this repository",
            "Put it there: the reference campaigns are read from it.",
        )
    return SHARED


@pytest.fixture(scope="session")
def scenario(shared: Path) -> Callable[[str], Path]:
    return lambda name: shared / "scenarios" / name


@dataclass(frozen=True)
class Said:
    """What one command answered."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What it printed with `--json`."""
        return jsonlib.loads(self.out)


@dataclass(frozen=True)
class Cli:
    """The installed program with a data folder of its own. A call fails the test unless the command ends
    with `expect` (None: however it ends)."""

    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def env(self) -> dict[str, str]:
        return bare_environment() | {"ZHIXING_HOME": str(self.home), **self.environment}

    def __call__(
        self,
        *words: str | Path,
        json: bool = False,
        expect: int | None = 0,
        stdin: str = "",
        timeout: float = 300,
        **environment: str,
    ) -> Said:
        ran = subprocess.run(
            [PROGRAM, *map(str, words), *(["--json"] if json else [])],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            env=self.env() | environment,
            cwd=self.home,
            timeout=timeout,
            check=False,
        )
        said = Said(ran.returncode, ran.stdout, ran.stderr)
        if expect is not None and said.code != expect:
            pytest.fail(
                f"zhixing {' '.join(map(str, words))} ended with {said.code}, not {expect}\n"
                f"{said.out[-2000:]}\n{said.err[-4000:]}",
                pytrace=False,
            )
        return said

    def start(self, *words: str | Path, **environment: str) -> subprocess.Popen[str]:
        """The command started and not waited for (to serve, or to be killed)."""
        return subprocess.Popen(
            [PROGRAM, *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env=self.env() | environment,
            cwd=self.home,
        )


class Homes:
    """Makes data folders with an empty, migrated database by copying one that was migrated once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[str] = []
        self.template = Cli(folder / "template", self._database("template"))
        self.template.home.mkdir(parents=True)
        self.template("init")

    def _database(self, like: str = "") -> dict[str, str]:
        """The environment that names a database of the new folder's own: nothing to say on SQLite."""
        if not DATABASE_URL:
            return {}
        name = f"zhixing_{uuid.uuid4().hex[:12]}"
        if like == "template":
            self.template_name = name
            self._sql(f'CREATE DATABASE "{name}"')
        else:
            self._sql(f'CREATE DATABASE "{name}" TEMPLATE "{self.template_name}"')
        self.made.append(name)
        parts = urlsplit(DATABASE_URL)
        return {"DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}"))}

    def _sql(self, *statements: str) -> None:
        import psycopg

        with closing(psycopg.connect(DATABASE_URL, autocommit=True)) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def new(self) -> Cli:
        home = self.folder / f"home-{uuid.uuid4().hex[:8]}"
        environment = self._database()
        shutil.copytree(self.template.home, home)
        return Cli(home, environment)

    def remove(self) -> None:
        if self.made and os.environ.get("ZHIXING_TESTS_SERVER") != "private":  # a private one goes as a whole
            self._sql(*(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in self.made))
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homes]:
    if not PROGRAM.exists():
        missing(f"the program {PROGRAM.name}", "Run `make setup`.")
    made = Homes(tmp_path_factory.mktemp("homes"))
    yield made
    made.remove()


@pytest.fixture
def new_cli(homes: Homes) -> Callable[[], Cli]:
    return homes.new


@pytest.fixture
def cli(homes: Homes) -> Cli:
    return homes.new()


@pytest.fixture(scope="session")
def loaded(homes: Homes, scenario: Callable[[str], Path]) -> Callable[[str], Cli]:
    kept: dict[str, Cli] = {}

    def load(name: str) -> Cli:
        if name not in kept:
            kept[name] = homes.new()
            kept[name]("import", scenario(name))
        return kept[name]

    return load
