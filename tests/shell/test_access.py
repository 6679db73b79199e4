"""Every route × method × account × place of the tree, held to the one table (`access.py`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import Cast
from zhixing.flow.campaigns.actions import copy_pack
from zhixing.ground.kernel.types import CONSOLE

from .access import ACCOUNTS, PLACES, SITE, Route
from .pages import bring_in, signed_in

RECORDS = {"B": "A1", "N1": "A2", "N2": "A5", "S1": "A4", "N": "A6", "S": "A7"}
"""Place → an activity of it."""

MORE = {"activities": "code,kind,title,unit,phase,starts_at\nA6,visit,At N,N,PH1,2026-04-06\nA7,visit,At S,S,PH1,2026-04-07"}


def routes() -> Iterator[str]:
    def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns)
            else:
                yield each.name or str(each.pattern)

    yield from walk(get_resolver().url_patterns)


def test_every_route_is_in_the_table() -> None:
    assert sorted(set(routes()) - set(SITE)) == [], "say in tests/shell/access.py who may"
    assert sorted(set(SITE) - set(routes())) == [], "these are gone"


def browser(account: str) -> Client:
    return Client() if account == "nobody" else signed_in(account)


def filled(text: str, place: str) -> str:
    return text.replace("{place}", place).replace("{record}", RECORDS[place])


def tried(route: Route, account: str, place: str, method: str) -> int:
    """The status; what a form changed is taken back."""
    with transaction.atomic():
        client = browser(account)
        address = filled(route.address, place)
        if method == "GET":
            answer: Any = client.get(address)
        else:
            answer = client.post(address, {name: filled(value, place) for name, value in route.form.items()})
        transaction.set_rollback(True)
    if answer.status_code == 302 and re.match(r"/sign-in/\?next=", answer.headers["Location"]):
        return 401
    return int(answer.status_code)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, route in SITE.items() if route is not None])
def test_who_may(kept: Cast, tmp_path: Path, name: str) -> None:
    bring_in(tmp_path / "more", **MORE)
    copy_pack("school-self-review-en", "ours", "Ours", actor=CONSOLE)
    route = SITE[name]
    assert route is not None
    wrong = []
    places = PLACES if "{" in route.address + "".join(route.form.values()) else PLACES[:1]
    for account in ACCOUNTS:
        for place in places:
            for method, rule in (("GET", route.get), ("POST", route.post)):
                status = tried(route, account, place, method)
                if rule is None:
                    fits = status == 405 or (account == "nobody" and status == 401) or status in (403, 404)
                elif place in rule.get(account, ()):
                    fits = status not in (401, 403, 404, 405, 500)
                else:
                    fits = status in (401, 403, 404)
                if not fits:
                    wrong.append(f"{method} {filled(route.address, place)} as {account}: {status}")
    assert wrong == []
