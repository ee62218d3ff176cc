"""``make screenshots``: the pictures of README, taken from a running ``make run`` in headless Chromium.

Writes docs/images/*.png. The demo's persons and password are read from its own listing, so that no
account stands here.
"""

import re
import shutil
import subprocess
import sys
from typing import Any

from scripts import demo
from scripts.machine import PYTHON, TEST_NEEDS, bring_checkout
from scripts.steps import ROOT, Stop, program

IMAGES = ROOT / "docs" / "images"
MUNICIPALITY = "sodertalje"


def main(arguments: list[str]) -> int:
    bring_checkout("requirements-dev.txt", TEST_NEEDS)
    address = demo.running_address() if (demo.VAR / "run.lock").exists() else ""
    if not address:
        raise Stop("Start the portal first: make run (in another window).")
    listed = subprocess.run(
        [PYTHON, ROOT / "manage.py", "demo_persons"],
        cwd=ROOT,
        env=demo.settings() | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return subprocess.run([PYTHON, "-m", "scripts.screenshots", address, listed], cwd=ROOT).returncode


def person(listed: str, role: str) -> str:
    """Return the e-mail of the first person of the municipality whose line begins with ``role``."""
    found = re.search(rf"^\s*{role}.*?(\S+@{MUNICIPALITY}\.example\.se)", listed, re.MULTILINE)
    if not found:
        raise Stop(f"No {role} among the demo's persons.")
    return found.group(1)


def take(address: str, listed: str) -> None:
    """Take every picture, in Swedish and in light."""
    # Imported here: the outer program runs before these are installed.
    import pypdfium2
    from playwright.sync_api import sync_playwright

    password = listed.split()[-1]
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])

        def session(role: str, width: int, height: int) -> Any:
            context = browser.new_context(
                base_url=address, viewport={"width": width, "height": height}, locale="sv-SE", device_scale_factor=1
            )
            page = context.new_page()
            page.goto("/account/login/")
            page.fill("input[name=login]", person(listed, role))
            page.fill("input[name=password]", password)
            page.click("main button[type=submit]")
            return page

        page = session("Säkerhetssamordnare", 1280, 1000)
        page.goto("/risks/")
        page.screenshot(path=IMAGES / "risks.png")
        page.goto("/organisation/vacancies/")
        page.screenshot(path=IMAGES / "responsibility.png")
        page.goto("/followup/")
        page.get_by_role("link", name=re.compile("version")).first.click()
        page.screenshot(path=IMAGES / "summary.png")
        report = page.request.get(page.url.replace("/summary/", "/pdf/")).body()
        page = session("Medarbetare", 390, 1180)
        page.goto("/r/")
        page.screenshot(path=IMAGES / "report-phone.png")
        page = session("Ledamot", 820, 1180)
        page.goto("/plans/")
        page.locator("main table a").first.click()
        page.screenshot(path=IMAGES / "plan.png")
        browser.close()
    draw(pypdfium2.PdfDocument(report))


def draw(document: Any) -> None:
    """Lay the report's first pages side by side."""
    from PIL import Image

    pages = [document[number].render(scale=0.8).to_pil() for number in (0, 2, 5)]
    width, height = pages[0].size
    sheet = Image.new("RGB", (width * len(pages) + 20 * (len(pages) - 1), height), "#cdd8da")
    for place, picture in enumerate(pages):
        sheet.paste(picture, (place * (width + 20), 0))
    sheet.save(IMAGES / "report-pdf.png", optimize=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        take(*sys.argv[1:])
    else:
        program(main)
