"""The README's pictures, taken of the demonstration campaign: `make pictures`. Needs Chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from tools.postgres import free_port

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PROGRAM = str(Path(sys.executable).parent / "zhixing")
PAGES = {"campaign": "/c/{code}/"}
"""Picture → the address of the page."""

SIZE: ViewportSize = {"width": 1280, "height": 860}


@contextmanager
def served(home: str, port: int) -> Iterator[str]:
    """The address of a server over the data folder. Raises TimeoutError where it does not answer."""
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {"ZHIXING_HOME": home, "ZHIXING_URL": address}
    command = [PROGRAM, "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{address}/sign-in/", timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.3)
        else:
            raise TimeoutError(f"{address} does not answer")
        yield address
    finally:
        server.terminate()
        server.wait()


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("Pictures need Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="zhixing-pictures-") as home:
        command = [PROGRAM, "--lang", "en", "demo", "--no-serve", "--json"]
        demo = json.loads(subprocess.run(command, env=os.environ | {"ZHIXING_HOME": home}, check=True,
                                         stdout=subprocess.PIPE).stdout)
        office = next(each for each in demo["sign_ins"] if each["role"] == "office")
        with served(home, free_port()) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport=SIZE, locale="en-GB", color_scheme="light")
            page.goto(f"{address}/sign-in/")
            page.fill("input[name=name]", office["name"])
            page.fill("input[name=password]", office["password"])
            page.click("main button")
            for name, path in PAGES.items():
                page.goto(address + path.format(code=demo["campaign"]))
                page.screenshot(path=FOLDER / f"{name}.png")
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
