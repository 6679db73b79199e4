"""Making a paper: the page says that it works, and one press makes one paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import Site, Visit

pytestmark = pytest.mark.browser

PAPER = "papers/plan/"

PRESSED_TWICE = """() => {
  const form = document.querySelector("form[data-working]"), buttons = form.querySelectorAll("button");
  buttons[0].click(); buttons[0].click(); buttons[buttons.length - 1].click();
  return [buttons[0].textContent, form.getAttribute("aria-busy"), document.querySelector("[data-waits]").textContent];
}"""
"""What the page says right after its button was pressed twice and another once."""


@pytest.mark.parametrize(("language", "name", "working"), [("en", "Word file", "Being made…"), ("zh", "Word 文件", "正在生成…")])
def test_a_paper_on_its_way_says_so_and_is_made_once(
    visit: Visit, site: Site, language: str, name: str, working: str
) -> None:
    page = visit("office", language=language)
    page.goto(site.url(PAPER))
    button, status = page.locator("form[data-working] button").first, page.locator("[data-waits]")
    expect(button).to_have_text(name)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    with page.expect_download() as made:
        meanwhile = page.evaluate(PRESSED_TWICE)
    assert meanwhile[:2] == [working, "true"]
    assert re.search("some seconds|几秒", meanwhile[2])
    assert made.value.suggested_filename.endswith(".docx")
    expect(button).to_have_text(name)
    expect(status).to_have_text(re.compile("browser has it|已下载"))
    assert sent == ["POST"]
    with page.expect_download():
        button.click()
    assert sent == ["POST", "POST"], "the next one can be made"


def test_without_script_it_is_made_as_well(visit: Visit, site: Site) -> None:
    page = visit("office", java_script_enabled=False)
    page.goto(site.url(PAPER))
    with page.expect_download() as made:
        page.locator("form[data-working] button").first.click()
    assert made.value.suggested_filename.endswith(".docx")
    expect(page.locator("[data-waits]")).to_be_empty()
