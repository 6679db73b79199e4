"""The product's settings, in a data folder of this test process alone.

SQLite stays a file as in production (write-ahead log, immediate transactions), so that what a test sees of
locks and threads is what an office sees; only waiting for the disk is left out. DATABASE_URL moves the tests
to PostgreSQL as it moves the product."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

TEST_HOME = Path(tempfile.mkdtemp(prefix="zhixing-test-"))
atexit.register(shutil.rmtree, TEST_HOME, ignore_errors=True)
os.environ["ZHIXING_HOME"] = str(TEST_HOME)
for chosen in (
    "ZHIXING_TODAY",
    "ZHIXING_LANG",
    "ZHIXING_URL",
    "ZHIXING_HOSTS",
    "ZHIXING_ZONE",
    "ZHIXING_DEBUG",
):
    os.environ.pop(chosen, None)

from zhixing.shell.settings import *  # noqa: E402, F403 (the folder has to be known first)
from zhixing.shell.settings import DATABASES  # noqa: E402

_default = DATABASES["default"]
if _default["ENGINE"].endswith("sqlite3"):
    _default["TEST"] = {"NAME": TEST_HOME / "tests.sqlite3"}
    _default["OPTIONS"]["init_command"] = _default["OPTIONS"]["init_command"].replace(
        "synchronous=FULL", "synchronous=OFF"
    )
else:
    _default["TEST"] = {"NAME": f"zhixing_test_{os.getpid()}"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "[::1]"]
