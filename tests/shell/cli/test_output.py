"""How the command line writes numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhixing.shell.cli import output


@pytest.mark.parametrize(
    ("value", "shown"), [("0.9996", "99.9%"), ("1", "100.0%"), ("0.987", "98.7%"), ("0.99949", "99.9%")]
)
def test_only_everything_is_printed_as_a_hundred_per_cent(value: str, shown: str) -> None:
    assert output.number(Decimal(value), measure="share") == shown
