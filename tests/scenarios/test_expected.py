"""The reference campaigns come out exactly, from the engine and on the pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from zhixing.flow.checks import reads as checks
from zhixing.ground.accounts.models import Grant
from zhixing.ground.figures import reads
from zhixing.ground.kernel.types import CONSOLE, Scope
from zhixing.ground.units import reads as units
from zhixing.ground.workbook.actions import import_workbook

NAMES = ("a-district-bureau", "c-bureau-analysis", "e-city-plan")
CODES = {"a-district-bureau": "A2009", "c-bureau-analysis": "C2023", "e-city-plan": "E2012"}
by_scenario = pytest.mark.parametrize("name", NAMES)
Scenario = Callable[[str], Path]


def expected(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert found
    return found


def where_of(item: dict[str, Any]) -> dict[str, list[str]]:
    return {key: value if isinstance(value, list) else [value] for key, value in item.get("where", {}).items()}


def agrees(item: dict[str, Any], value: float | None, qualifier: str, evidence: int) -> bool:
    if item["value"] is None or value is None:
        same = item["value"] is None and value is None
    else:
        same = abs(value - item["value"]) < 6e-5 and qualifier == item.get("qualifier", "=")
    return same and item.get("evidence", evidence) == evidence


def told(item: dict[str, Any], hits: list[tuple[str, ...]]) -> bool:
    if item.get("quiet"):
        return not hits
    return set(item["records"]) <= {record for records in hits for record in records}


@pytest.mark.django_db
@by_scenario
def test_the_engine_gives_exactly_what_is_expected(name: str, scenario: Scenario) -> None:
    import_workbook(scenario(name), actor=CONSOLE)
    programme = units.programme(CODES[name])
    wrong = []
    for item in expected(scenario(name)):
        day = date.fromisoformat(item["as_of"]) if "as_of" in item else date.today()
        unit = units.unit(item["unit"], day).id if "unit" in item else programme.host_unit_id
        scope = Scope(programme.id, unit, day)
        if "lint" in item:
            hits = [each.finding.records for each in checks.contradictions(scope, item["lint"])]
            good = told(item, hits)
        else:
            value = reads.value(item["figure"], scope, where_of(item))
            good = agrees(item, None if value.value is None else float(value.value), value.qualifier, value.evidence)
            good = good and len(reads.records(item["figure"], scope, where_of(item))) == value.evidence
        if not good:
            wrong.append(item)
    assert not wrong


@pytest.mark.django_db
@by_scenario
def test_the_pages_show_the_same(name: str, scenario: Scenario, client: Client) -> None:
    import_workbook(scenario(name), actor=CONSOLE)
    office = User.objects.create_user("office", password="x")
    Grant.objects.create(user=office, role="office")
    client.force_login(office, backend="django.contrib.auth.backends.ModelBackend")
    base = f"/c/{CODES[name]}"
    contradictions = client.get(f"{base}/contradictions/").content.decode()
    for item in expected(scenario(name)):
        if "lint" in item:
            assert (f'data-lint="{item["lint"]}"' in contradictions) is not bool(item.get("quiet")), item
            continue
        query: dict[str, Any] = {("in" if key == "unit" else key): ";".join(values)
                                 for key, values in where_of(item).items()}
        query |= {key: item[key] for key in ("unit", "as_of") if key in item}
        page = client.get(f"{base}/figures/{item['figure']}/", query).content.decode()
        shown = page.split('data-value="', 1)[1].split('"', 1)[0]
        qualifier = page.split('data-qualifier="', 1)[1].split('"', 1)[0]
        evidence = int(page.split('data-evidence="', 1)[1].split('"', 1)[0])
        assert agrees(item, float(shown) if shown else None, qualifier.replace("&gt;", ">"), evidence), item
