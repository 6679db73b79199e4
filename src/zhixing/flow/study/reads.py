"""Versions of reports and steps of standing rules. Whoever asks has made sure that the record may be seen."""

from __future__ import annotations

from collections.abc import Sequence

from .models import RuleStep, Version
from .types import StepView, VersionView


def versions(programme_id: int, report: str) -> list[VersionView]:
    """The newest first."""
    rows = Version.objects.filter(report__programme=programme_id, report__code=report).order_by("-number")
    return [VersionView(*row) for row in rows.values_list("number", "sha256", "name", "note", "by", "at")]


def rule_steps(programme_id: int, rule: str) -> list[StepView]:
    """The newest first."""
    rows = RuleStep.objects.filter(rule__programme=programme_id, rule__code=rule).order_by("-number")
    return [StepView(*row) for row in rows.values_list("number", "status", "on", "note", "by")]


def last_versions(programme_id: int, reports: Sequence[str]) -> dict[str, int]:
    """Report → the number of its newest version, of those that have any."""
    rows = Version.objects.filter(report__programme=programme_id, report__code__in=list(reports)).order_by("number")
    return dict(rows.values_list("report__code", "number"))
