"""The few lines that every raw query shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection


def rows(text: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of one SELECT with named parameters (`%(name)s`)."""
    with connection.cursor() as cursor:
        cursor.execute(text, dict(params))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
