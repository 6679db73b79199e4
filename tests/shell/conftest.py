"""Fixtures of the tests of pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import Cast

from .pages import TABLES, bring_in


@pytest.fixture
def kept(clock: object, cast: Cast, tmp_path: Path) -> Cast:
    """The cast, on 18 May 2026, with records in its campaign."""
    bring_in(tmp_path / "book", **TABLES)
    return cast
