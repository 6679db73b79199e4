"""From choosing a pack to the first gate: an office sets a campaign up, a secretary holds a session and asks, the office
decides, a supervisor looks, a leader lets the unit pass. On a phone in Chinese, at a desk in English; every page is
looked at by axe, and its picture is kept."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PICTURES = Path(__file__).resolve().parent.parent / "_shots"
DAYS = 60
"""So long ago the campaign began: well into its first phase, not over."""


class Walk:
    """One person's pages, each with its picture and its check."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name, self.number = page, name, 0

    def look(self) -> None:
        self.page.wait_for_load_state("networkidle")
        self.number += 1
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"journey-{self.name}-{self.number:02}.png", full_page=True)
        found = Axe().run(self.page).response["violations"]
        heavy = [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]
        assert heavy == [], self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, self.page.url

    def go(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def press(self, selector: str) -> None:
        """By the keyboard alone."""
        self.page.locator(selector).first.focus()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()


def set_up(walk: Walk, site: Site, pack: str, code: str) -> None:
    walk.go(f"{site.address}/set-up/")
    walk.page.select_option("[name=pack]", pack)
    walk.page.fill("[name=code]", code)
    walk.page.fill("[name=name]", f"First gate {code}")
    walk.page.fill("[name=starts_on]", str(date.today() - timedelta(days=DAYS)))
    walk.press("main form.form button.primary")
    walk.press("button[value=agree]")
    expect(walk.page).to_have_url(re.compile(f"/c/{code}/"))


def hold(walk: Walk, here: str, unit: str, kind: str) -> None:
    walk.go(f"{here}/capture/?unit={unit}&kind={kind}")
    walk.page.select_option("#f-kind", kind)
    for field, text in (("place", "Hall"), ("title", f"Held at {unit}"), ("host", "The head")):
        walk.page.fill(f"#f-{field}", text)
    walk.press("main form button.primary:not([name=show])")
    expect(walk.page).to_have_url(re.compile("/sessions/"))


@pytest.mark.parametrize(("language", "width", "pack", "code"), [
    ("en", 1280, "school-self-review-en", "FIRST"), ("zh", 390, "study-practice-zh", "SHOUGUAN")])
def test_from_a_pack_to_the_first_gate(visit: Visit, site: Site, language: str, width: int, pack: str,
                                       code: str) -> None:
    def person(role: str) -> Walk:
        return Walk(visit(role, language=language, width=width), f"{language}-{width}-{role}")

    here, unit = f"{site.address}/c/{code}", site.units["secretary"]
    gate = f"{here}/gates/P1/{unit}/"
    office = person("office")
    set_up(office, site, pack, code)
    assert site.cli is not None
    for role in ("secretary", "supervisor", "leader"):
        site.cli("user", "add", role, "--role", role, "--campaign", code, "--unit", site.units[role])

    secretary = person("secretary")
    secretary.go(f"{site.address}/today/")
    expect(secretary.page.get_by_role("main")).to_contain_text(f"First gate {code}")
    hold(secretary, here, unit, "mobilisation")
    secretary.go(gate)
    assert secretary.page.locator("form:has(input[value=propose])").count() == 0, "the gate is shut"
    for address in [link.get_attribute("href") for link in secretary.page.locator("main a[href*='/ask/']").all()]:
        secretary.go(f"{site.address}{address}")
        secretary.page.locator("[name=kind][value=waive]").check()
        secretary.page.fill("[name=reason]", "Done with the district")
        secretary.press("main form.form button.primary")

    office.go(f"{here}/requests/")
    for address in [link.get_attribute("href") for link in office.page.locator("ul.duties:not(.quiet) a").all()]:
        office.go(f"{site.address}{address}")
        office.press("button[value=approve]")
    superior = office.page.request.get(f"{gate}")
    assert superior.ok
    secretary.go(gate)
    lacking = secretary.page.locator("main section.card p")
    assert lacking.count(), "the superior's meeting is what is missing still"
    hold(office, here, district_of(site), "transition")

    secretary.go(gate)
    secretary.press("form:has(input[value=propose]) button")
    supervisor = person("supervisor")
    supervisor.go(f"{site.address}/today/")
    supervisor.go(gate)
    supervisor.press("form:has(input[value=review]) button")
    leader = person("leader")
    leader.go(f"{site.address}/today/")
    leader.go(gate)
    leader.press("form:has(input[value=pass]) button")
    expect(leader.page.locator(".timeline li")).to_have_count(3)
    secretary.go(gate)
    expect(secretary.page.locator(".head .state.met, .head .met")).to_be_visible()


def district_of(site: Site) -> str:
    """The superior of the secretary's school: the district at which the viewer looks."""
    return site.units["viewer"]
