"""Pictures of the pages, to be looked at: `python -m tools.shots ADDRESS NAME PASSWORD PATH…` saves each
page at 390 and 1280 px, in both languages, light and dark, under tests/_shots (never committed).

ADDRESS is a served installation, such as http://127.0.0.1:8000."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "_shots"
WIDTHS = {"phone": (390, 844), "desk": (1280, 900)}
LANGUAGES = {"zh": "zh-hans", "en": "en"}


def signed_in(
    browser: Browser,
    address: str,
    name: str,
    password: str,
    *,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="zh-CN" if language == "zh" else "en-GB",
    )
    page = context.new_page()
    page.goto(f"{address}/sign-in/")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.click("main button")
    page.close()
    return context


def main(address: str, name: str, password: str, *paths: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for kind, size in WIDTHS.items():
            for language in LANGUAGES:
                for scheme in ("light", "dark"):
                    context = signed_in(
                        browser, address, name, password, size=size, language=language, scheme=scheme
                    )
                    page = context.new_page()
                    for path in paths:
                        page.goto(address + path)
                        stem = re.sub(r"[^\w]+", "-", path).strip("-") or "home"
                        page.screenshot(
                            path=FOLDER / f"{stem}.{kind}.{language}.{scheme}.png", full_page=True
                        )
                    context.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
