"""What the tests of backup, restore and doctor do to an installation from outside."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Cli

START = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "zhixing.shell.settings"
import django
django.setup()
from django.apps import apps
from django.db import connection, transaction
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.ledger import actions
from zhixing.ground.units.models import Unit

def write(number):
    with transaction.atomic():
        Unit.objects.create(code=f"U{number}", name="单位 “一” \\\\ \\n" * 20)
        actions.record(actor=CONSOLE, verb="units.save", subject=f"units/U{number}", new={"name": "单位"})
"""

ROWS = START + """
from zhixing.ground.kernel.hashing import canonical
for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.db_table):
    for row in model.objects.order_by("pk").values_list():
        row = [bytes(cell).hex() if isinstance(cell, bytes | memoryview) else cell for cell in row]
        print(model._meta.db_table, canonical(row))
"""

WRITER = START + """
import select
import sys
first = int(sys.argv[1])
for number in range(first, first + 100_000):
    write(number)
    if number == first + 30:
        print("writing", flush=True)
    if select.select([sys.stdin], [], [], 0)[0]:
        break
"""


def python(cli: Cli, code: str, *words: str, **environment: str) -> str:
    """What a program prints that speaks to the installation's database as the product does."""
    ran = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, encoding="utf-8",
                         check=False, env=cli.env() | environment, cwd=cli.home)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def rows(cli: Cli, **environment: str) -> list[str]:
    """Every row of every table."""
    return python(cli, ROWS, **environment).splitlines()


def fill(cli: Cli, number: int) -> None:
    python(cli, START + f"for number in range({number}):\n    write(number)")


def writer(cli: Cli, first: int) -> subprocess.Popen[str]:
    """A process that goes on writing, a unit and its ledger entry at a time; returns once it is at it. It
    stops when its standard input is closed."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(first)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, encoding="utf-8", env=cli.env(), cwd=cli.home)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process
