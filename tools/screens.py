"""`make screens`: the main pages of the demo in Chromium – desktop and phone, Chinese and English – into screens/."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
OUT, HOME, PORT = ROOT / "screens", ROOT / "var" / "screens", 8797
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
# who (e-mail before the @; "" nobody) → name of the picture → address; {case}: the newest case of the list
PAGES: dict[str, dict[str, str]] = {
    "": {"front": "/", "request": "/request/"},
    "li": {
        "inbox": "/desk/?view=team",
        "cases": "/desk/cases/",
        "case": "/desk/cases/{case}/",
        "phone-desk": "/desk/phone/",
    },
    "zhou": {"board": "/desk/dispatch/"},
    "zhang": {"field": "/field/", "route": "/field/route/"},
    "zhao": {"bench": "/bench/"},
    "chen": {"dashboard": "/office/dashboard/", "procedure": "/office/procedure/"},
    "he": {"start": "/office/start/", "manual": "/manual/C4.1/"},
}


def chromium() -> str:
    """The browser found on the machine; ends with a sentence where there is none."""
    names = (os.environ.get("BAOXIU_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if not found:
        sys.exit("screens: no Chromium found; install Debian's package chromium or set BAOXIU_CHROMIUM")
    return found


def serve() -> subprocess.Popen[bytes]:
    """The demo on its own port, ready to answer."""
    command = [sys.executable, "-m", "baoxiu", "demo", "--cases", "80", "--port", str(PORT)]
    server = subprocess.Popen(command, env={**os.environ, "BAOXIU_HOME": str(HOME)}, cwd=ROOT)
    for _ in range(120):
        time.sleep(1)
        if server.poll() is not None:
            sys.exit("screens: the demo did not start; see above")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health/", timeout=2).close()
            return server
        except OSError:
            continue
    server.terminate()
    sys.exit("screens: the demo did not answer within two minutes")


def shoot(browser: Browser, size: str, language: str) -> None:
    width, height = SIZES[size]
    for who, pages in PAGES.items():
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=LANGUAGES[language],
            base_url=f"http://127.0.0.1:{PORT}",
        )
        page = context.new_page()
        if who:
            page.goto("/")
            page.locator(f'form:has(input[value^="{who}@"]) button').click()
            page.wait_for_load_state("networkidle")
        number = ""
        for name, path in pages.items():
            page.goto(path.format(case=number))
            page.wait_for_load_state("networkidle")
            if name == "cases":
                number = page.locator("tr[data-number]").first.get_attribute("data-number") or ""
            page.screenshot(path=OUT / f"{name}-{size}-{language}.png", full_page=size == "phone")
        context.close()


def main() -> None:
    executable = chromium()
    OUT.mkdir(exist_ok=True)
    server = serve()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
            )
            for size in SIZES:
                for language in LANGUAGES:
                    shoot(browser, size, language)
                    print(f"screens: {size} {language} done")
    finally:
        server.terminate()
        server.wait(timeout=20)


if __name__ == "__main__":
    main()
