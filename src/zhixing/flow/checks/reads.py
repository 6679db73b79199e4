"""Every contradiction in the records of a scope, from all rooms."""

from __future__ import annotations

from dataclasses import dataclass

from zhixing.ground.kernel.lints import Finding, Lint, lints
from zhixing.ground.kernel.types import Scope
from zhixing.ground.units import reads as units


@dataclass(frozen=True)
class Contradiction:
    """A finding, with the rule that found it."""

    lint: str
    title: str
    finding: Finding

    @property
    def message(self) -> str:
        return self.finding.text()


def contradictions(scope: Scope, only: str = "") -> list[Contradiction]:
    """What cannot all be true, rule by rule. Findings of units outside the scope's subtree are left out; those
    of no unit belong to the programme's host. With `only`, one rule."""
    within = set(units.paths_under(units.path_on(scope.unit_id, scope.as_of) or "-", scope.as_of))
    host = units.programme_by_id(scope.programme_id).host_unit_id
    everything = scope.unit_id == host
    return [
        Contradiction(lint.name, str(lint.title), finding)
        for lint in lints() if not only or lint.name == only
        for finding in lint.find(scope)
        if everything or (finding.unit_id or host) in within
    ]


def rules() -> list[Lint]:
    """The rules by name, one each."""
    return list({lint.name: lint for lint in lints()}.values())
