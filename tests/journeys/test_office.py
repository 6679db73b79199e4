"""What an office does: from signing in to a record, from a workbook to a figure."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site, Visit

pytestmark = pytest.mark.browser

HEADS = "code,kind,title,unit,starts_at\n"


def zipped(activities: str) -> dict[str, object]:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        file.writestr("activities.csv", HEADS + activities)
    return {"name": "autumn.zip", "mimeType": "application/zip", "buffer": whole.getvalue()}


def hand_over(page: Page, site: Site, activities: str) -> None:
    page.goto(site.url("workbook/"))
    page.get_by_role("main").get_by_role("link", name="Bring in a workbook").click()
    page.set_input_files("input[type=file]", files=[zipped(activities)])  # type: ignore[list-item]
    page.get_by_role("button", name="Check the file").click()


def held(page: Page, site: Site) -> int:
    """How many visits were held, as the figure's page says."""
    page.goto(site.url("figures/activities.held/?kind=visit"))
    return int(re.sub(r"\D", "", page.locator(".big").inner_text()))


def test_from_signing_in_to_the_record_behind_a_cell(visit: Visit, site: Site) -> None:
    page = visit("office")
    page.goto(site.url(""))
    page.locator(".board tr.sub td a.met").first.click()
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", level=1)).to_be_focused()
    expect(drawer).to_contain_text("Counted from the unit")
    expect(page).to_have_url(site.url(""))
    page.keyboard.press("Escape")
    expect(drawer).to_be_empty()
    page.locator(".board tr.sub td a.met").first.click()
    drawer.locator(".list a").first.click()
    expect(page).to_have_url(re.compile(r"/records/\w+/"))
    expect(page.get_by_role("main")).to_contain_text("Save")


def test_the_same_without_script(visit: Visit, site: Site) -> None:
    page = visit("office", java_script_enabled=False)
    page.goto(site.url(""))
    page.locator(".board tr.sub td a.over").first.click()
    expect(page).to_have_url(re.compile(r"/duties/\w+/[\w-]+/"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Overdue")


def test_the_board_by_keyboard(visit: Visit, site: Site) -> None:
    page = visit("office")
    page.goto(site.url(""))
    cells = page.locator(".board tbody tr").first.locator("td a")
    cells.first.focus()
    page.keyboard.press("ArrowRight")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer h1")).to_be_focused()
    page.keyboard.press("Escape")
    expect(cells.nth(1)).to_be_focused()


def test_skipping_to_the_content(visit: Visit, site: Site) -> None:
    page = visit("office")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_faulty_workbook_is_told_fault_by_fault_and_writes_nothing(visit: Visit, site: Site) -> None:
    page = visit("office")
    before = held(page, site)
    hand_over(page, site, "J1,visit,One,nowhere,2026-05-02\nJ2,visit,Two,jyj,2026-02-30\n")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 faults to put right; nothing was written")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("nowhere")
    expect(rows.nth(1)).to_contain_text("2026-02-30")
    assert held(page, site) == before


def test_a_good_workbook_is_seen_first_and_then_counted(visit: Visit, site: Site) -> None:
    page = visit("office")
    before = held(page, site)
    hand_over(page, site, "J3,visit,A visit,jyj,2020-05-02\n")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The file is sound")
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator(".toast")).to_contain_text("1 new")
    assert held(page, site) == before + 1


def test_a_record_by_hand_with_a_fault_on_the_way(visit: Visit, site: Site) -> None:
    page = visit("secretary")
    page.goto(site.url("add/activities/"))
    page.fill("#f-title", "An afternoon of study")
    page.select_option("#f-kind", "group_study")
    assert page.input_value("#f-code"), "a code is proposed"
    page.fill("#f-code", "J/4")
    page.get_by_role("button", name="Save", exact=True).click()
    summary = page.locator(".summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.locator("#f-code")).to_be_focused()
    page.fill("#f-code", "J4")
    assert page.input_value("#f-unit"), "a secretary need not name the own unit"
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Saved")
    expect(page.get_by_role("main")).to_contain_text("An afternoon of study")


def test_a_code_is_suggested_while_one_types(visit: Visit, site: Site) -> None:
    page = visit("office")
    page.goto(site.url("add/activities/"))
    with page.expect_response(re.compile("/codes/units/")):
        page.locator("#f-unit").press_sequentially("xq0")
    expect(page.locator("#f-unit-list option[value=xq01]")).to_be_attached()


def test_the_language_is_a_click_away_and_the_page_stays(visit: Visit, site: Site) -> None:
    page = visit("office", language="zh")
    page.goto(site.url("figures/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("数字")
    page.get_by_role("button", name="English").click()
    expect(page).to_have_url(site.url("figures/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Figures")
