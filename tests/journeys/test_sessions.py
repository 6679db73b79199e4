"""A secretary enters a session on a phone; a draft outlives the network; somebody signs by a code without script."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from .conftest import Site, Visit

pytestmark = pytest.mark.browser


def fill(page: Page, topic: str) -> None:
    page.select_option("#f-kind", "group_study")
    page.fill("#f-place", "Room 2")
    page.fill("#f-title", topic)
    page.fill("#f-host", "The head")
    page.wait_for_load_state("networkidle")


def test_a_session_in_five_fields_and_two_taps(visit: Visit, site: Site) -> None:
    page = visit("secretary", width=390)
    page.goto(site.url("capture/"))
    fill(page, "Two taps")
    rows = page.locator(".taps > div")
    people = rows.count()
    assert people > 2
    expect(page.locator("[data-count]")).to_have_text(f"{people} / {people} present")
    rows.nth(1).get_by_text("On leave").click()
    rows.nth(2).get_by_text("Absent").click()
    expect(page.locator("[data-count]")).to_have_text(f"{people - 2} / {people} present")
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/sessions/**")
    expect(page.get_by_text(f"{people - 2} of {people} present")).to_be_visible()
    page.goto(site.url("capture/"))
    expect(page.locator("[data-draft-bar]")).to_be_hidden()


def test_with_the_keyboard_alone(visit: Visit, site: Site) -> None:
    page = visit("secretary")
    page.goto(site.url("capture/"))
    fill(page, "Keys alone")
    first = page.locator(".taps > div input").first
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".taps > div").first.locator("input[value=leave]")).to_be_checked()
    page.get_by_role("button", name="Hand in").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions/**")


def test_a_draft_outlives_the_network_and_is_handed_in_once(visit: Visit, site: Site) -> None:
    page = visit("secretary", width=390)
    page.goto(site.url("capture/"))
    fill(page, "Kept on the phone")
    page.locator(".taps > div").nth(1).get_by_text("Absent").click()
    page.context.set_offline(True)
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("[data-network]")).to_contain_text("kept on this device")
    page.context.set_offline(False)
    page.goto(site.url("calendar/"))
    page.goto(site.url("capture/"))
    bar = page.locator("[data-draft-bar]")
    expect(bar).to_be_visible()
    page.get_by_role("button", name="Go on with it").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#f-title")).to_have_value("Kept on the phone")
    expect(page.locator(".taps > div").nth(1).locator("input[value=absent]")).to_be_checked()
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/sessions/**")
    page.goto(site.url("records/activities/?q=Kept+on+the+phone"))
    assert page.locator("tbody tr").count() == 1


def test_another_list_comes_without_leaving_the_page(visit: Visit, site: Site) -> None:
    page = visit("secretary")
    page.goto(site.url("capture/"))
    fill(page, "Another list")
    page.select_option("#f-roster", "")
    expect(page.locator("#f-headcount")).to_be_visible()
    expect(page.locator("#f-title")).to_have_value("Another list")


def test_somebody_signs_by_a_code_without_script(visit: Visit, site: Site, chromium: Browser) -> None:
    page = visit("secretary")
    page.goto(site.url("capture/"))
    fill(page, "Signed by a code")
    name = page.locator(".taps > div span").first.text_content() or ""
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/sessions/**")
    page.get_by_role("link", name="Sign in by code").click()
    code = page.locator(".qr").get_attribute("data-address") or ""
    context = chromium.new_context(java_script_enabled=False, locale="en-GB", viewport={"width": 390, "height": 844})
    phone = context.new_page()
    phone.goto(site.address + re.sub(r"^https?://[^/]+", "", code))
    expect(phone.get_by_role("heading", name="Signed by a code")).to_be_visible()
    phone.fill("#f-name", "A guest")
    phone.get_by_role("button", name="I am here").click()
    phone.get_by_role("button", name="Sign in as a guest").click()
    expect(phone.get_by_text("you are signed in")).to_be_visible()
    context.close()
    page.get_by_role("link", name="Names so far").click()
    expect(page.get_by_text("A guest")).to_be_visible()
    assert name


def pages(site: Site) -> list[str]:
    month = f"{date.today() - timedelta(days=60):%Y-%m}"
    return [site.url(path) for path in ("capture/", "calendar/", f"calendar/?month={month}", "series/", "talks/",
                                        f"calendar/?day={date.today()}")]


@pytest.mark.parametrize(("width", "language"), [(390, "zh"), (1280, "en")])
def test_no_page_of_sessions_hinders_anybody(visit: Visit, site: Site, width: int, language: str) -> None:
    page = visit("secretary", width=width, language=language)
    said: list[str] = []
    page.on("console", lambda message: message.type in ("error", "warning") and said.append(message.text))
    page.goto(site.url("records/activities/"))
    key = (page.locator("tbody th a").first.get_attribute("href") or "").rstrip("/").rpartition("/")[2]
    further = [site.url(f"sessions/{key}/{part}") for part in ("", "correct/", "sheet/", "screen/", "signed/")]
    found = {}
    for address in [*pages(site), *further]:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        serious = [each["id"] for each in Axe().run(page).response["violations"]
                   if each["impact"] in ("serious", "critical")]
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if serious or wide:
            found[address] = (serious, wide)
    assert found == {}
    assert said == []
