"""A served demonstration and a browser, for what people do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import CHROMIUM, Cli, Homes
from tests.shell.test_serve import serving

UNITS = 187


@dataclass(frozen=True)
class Site:
    """A served installation: its address, its campaign, name and password per role, the unit of each, and its
    command line."""

    address: str
    campaign: str
    sign_ins: dict[str, tuple[str, str]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    cli: Cli | None = None

    def url(self, path: str) -> str:
        return f"{self.address}/c/{self.campaign}/{path}"


@pytest.fixture(scope="session")
def site(homes: Homes) -> Iterator[Site]:
    """The demonstration of 187 units, served by the real program."""
    cli = homes.new()
    loaded = json.loads(cli("demo", "--units", str(UNITS), "--no-serve", "--json").out)
    sign_ins = {each["role"]: (each["name"], each["password"]) for each in loaded["sign_ins"]}
    with serving(cli) as (_process, address):
        yield Site(address, loaded["campaign"], sign_ins, {each["role"]: each["unit"] for each in loaded["sign_ins"]}, cli)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Not for the whole session: while it lives an event loop runs, and Django then refuses its database to the
    tests of other folders in the same process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visit]:
    """`visit("office")` → a page of a fresh browser, signed in. Options are those of a browser's context."""
    opened = []

    def go(role: str = "office", *, language: str = "en", width: int = 1280, **options: Any) -> Page:
        context = chromium.new_context(
            reduced_motion="reduce",
            locale={"en": "en-GB", "zh": "zh-CN"}[language],
            viewport={"width": width, "height": 844 if width < 800 else 900},
            **options,
        )
        opened.append(context)
        page = context.new_page()
        if role:
            name, password = site.sign_ins[role]
            page.goto(f"{site.address}/sign-in/")
            page.fill("input[name=name]", name)
            page.fill("input[name=password]", password)
            page.click("main form button")
            page.wait_for_url(lambda url: "/sign-in/" not in url)
        return page

    yield go
    for context in opened:
        context.close()
