"""What holds for every page: it weighs little, loads nothing from elsewhere, fits a phone and a sheet of
paper, and can be used by everyone."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .conftest import Site, Visit

pytestmark = pytest.mark.browser

HEAVIEST = 100_000
"""Bytes of a first visit as they go over the wire."""

PAGES = [
    "",
    "?state=overdue",
    "figures/",
    "figures/activities.held/",
    "figures/forms.return_rate/",
    "duties/D04/",
    "duties/D04/xq01/",
    "contradictions/",
    "records/",
    "records/activities/",
    "records/activities/jyj-A01/",
    "add/activities/",
    "remove/activities/jyj-A01/",
    "workbook/",
    "gates/",
    "gates/P1/jyj/",
    "requests/",
    "ask/D04/xq01/",
    "targets/",
    "targets/D04/xq01/",
    "burden/",
    "papers/",
    "?unit=nowhere",
]


def addresses(site: Site) -> list[str]:
    return [site.url(path) for path in PAGES] + [
        f"{site.address}/{path}" for path in ("?all=1", "today/", "workbook/", "password/")
    ]


def test_nothing_comes_from_another_host(visit: Visit, site: Site) -> None:
    page = visit("office")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in addresses(site):
        page.goto(address)
        page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith((site.address, "data:"))] == []
    assert asked


def test_no_page_says_anything_to_the_console(visit: Visit, site: Site) -> None:
    page = visit("office")
    said: list[str] = []
    page.on("console", lambda message: message.type in ("error", "warning") and said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for address in addresses(site):
        page.goto(address)
        page.wait_for_load_state("networkidle")
    # A browser notes each answer of 404 by itself.
    assert [text for text in said if "404" not in text] == []


def weight(page: Page, address: str) -> int:
    """Bytes that a first visit fetches."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    fetched: list[int] = []
    session.on("Network.loadingFinished", lambda event: fetched.append(int(event["encodedDataLength"])))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    session.detach()
    return sum(fetched)


def test_no_page_weighs_more_than_a_hundred_kilobytes(visit: Visit, site: Site) -> None:
    page = visit("office")
    weights = {address: weight(page, address) for address in addresses(site)}
    assert {address: size for address, size in weights.items() if size > HEAVIEST} == {}
    assert weights[site.url("")] > 10_000, "the board was weighed"


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_scrolls_sideways(visit: Visit, site: Site, width: int) -> None:
    page = visit("office", width=width, language="zh")
    wide = {}
    for address in addresses(site):
        page.goto(address)
        found = page.evaluate("document.documentElement.scrollWidth")
        if found > width:
            wide[address] = found
    assert wide == {}


def test_on_paper_the_frame_is_left_out_and_the_table_fits(visit: Visit, site: Site) -> None:
    page = visit("office", width=794)
    for path in ("figures/activities.held/", "contradictions/"):
        page.goto(site.url(path))
        page.emulate_media(media="print")
        assert not page.locator("header.top").is_visible()
        assert page.locator(".print-head").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 794
        page.emulate_media(media="screen")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_everyone_can_use_every_page(visit: Visit, site: Site, scheme: Any, width: int) -> None:
    page = visit("office", width=width, language="zh", color_scheme=scheme)
    axe, found = Axe(), {}
    for address in addresses(site):
        page.goto(address)
        result = axe.run(page, options={"resultTypes": ["violations"]})
        serious = [
            f"{each['id']}: {each['nodes'][0]['html'][:120]}"
            for each in result.response["violations"]
            if each["impact"] in ("serious", "critical")
        ]
        if serious:
            found[address] = serious
    page.goto(site.url(""))
    page.locator(".board tr.sub td a").first.click()
    page.wait_for_selector("#drawer h1")
    opened = [each["id"] for each in axe.run(page).response["violations"] if each["impact"] in ("serious", "critical")]
    assert found == {}
    assert opened == []
