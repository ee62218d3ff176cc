"""``make screenshots``: the pictures of README, taken from a running ``make run`` in headless Chromium.

Writes docs/images/*.png. The demo's persons and password are read from its own listing, so that no
account stands here.
"""

import re
import shutil
import subprocess
import sys
from io import BytesIO
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
    found = re.search(rf"^\s*{role}.*?(\S+@(?:\w+\.)?{MUNICIPALITY}\.example\.se)", listed, re.MULTILINE)
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

        def session(email: str, width: int, height: int) -> Any:
            context = browser.new_context(
                base_url=address, viewport={"width": width, "height": height}, locale="sv-SE", device_scale_factor=1
            )
            page = context.new_page()
            page.goto("/account/login/")
            page.fill("input[name=login]", email)
            page.fill("input[name=password]", password)
            page.click("main button[type=submit]")
            return page

        report = coordinator(session(person(listed, "Säkerhetssamordnare"), 1280, 1000))
        employee(session(person(listed, "Medarbetare"), 390, 1490))
        politician(session(person(listed, "Ledamot"), 820, 1180))
        administrator = session(person(listed, "Systemförvaltare"), 1280, 1000)
        reorganisation(administrator)
        head_of_department(session(who_appoints(administrator), 1280, 1000))
        police(session(person(listed, "Extern ledamot"), 820, 1180))
        browser.close()
    draw(pypdfium2.PdfDocument(report))


def save(page: Any, name: str) -> None:
    """Write what the page shows, in at most 256 colours: a page has few, and the file stays small."""
    from PIL import Image

    whole = Image.open(BytesIO(page.screenshot())).convert("RGB")
    whole.quantize(256, dither=Image.Dither.NONE).save(IMAGES / name, optimize=True)


# --- One person after another -------------------------------------------------------------


def coordinator(page: Any) -> bytes:
    """The risk matrix and the yearly report's summary; return the report as PDF."""
    page.goto("/risks/")
    save(page, "risks.png")
    page.goto("/followup/")
    page.get_by_role("link", name=re.compile("version")).first.click()
    save(page, "summary.png")
    report: bytes = page.request.get(page.url.replace("/summary/", "/pdf/")).body()
    return report


def employee(page: Any) -> None:
    page.goto("/r/")
    save(page, "report-phone.png")


def politician(page: Any) -> None:
    page.goto("/plans/")
    page.locator("main table a").first.click()
    save(page, "plan.png")


def reorganisation(page: Any) -> None:
    """What would go along if a unit came under another committee's department; it is not confirmed."""
    page.goto("/organisation/vacancies/")
    page.locator("main tbody th a").first.click()
    page.locator(".govuk-breadcrumbs a").last.click()
    page.get_by_role("link", name="Omorganisera").click()
    page.get_by_role("link", name="Flytta").click()
    page.get_by_label("Sök på namn").fill("Miljökontoret")
    page.get_by_role("button", name="Sök").click()
    # The whole row is the target: the radio lies over its label.
    page.get_by_label("Miljökontoret").check(force=True)
    page.get_by_label("Beslut").fill("§ 12, KF 2026-14")
    page.get_by_role("button", name="Visa vad det skulle innebära").click()
    page.get_by_role("button", name="Genomför ändringen").wait_for()
    page.set_viewport_size({"width": 1280, "height": 1400})
    save(page, "reorganisation.png")


def who_appoints(page: Any) -> str:
    """Return, read as the administrator, the e-mail of whoever is to fill the oldest vacancy."""
    page.goto("/organisation/vacancies/")
    appointer = page.locator("main tbody tr").first.locator("td").last.inner_text().splitlines()[0]
    page.goto("/organisation/people/")
    page.get_by_label("Namn").first.fill(" ".join(appointer.split()[-2:]))
    page.get_by_role("button", name="Filtrera").click()
    found = re.search(r"\S+@\S+", page.locator("main tbody tr").first.inner_text())
    if not found:
        raise Stop(f"No e-mail of {appointer} among the municipality's people.")
    return found.group()


def head_of_department(page: Any) -> None:
    """The vacancies, and the map where one of them stands."""
    page.goto("/organisation/vacancies/")
    save(page, "vacancies.png")
    page.goto("/organisation/")
    # From the body above the one with the gap, so that the picture shows where it hangs.
    above = "card => { card.closest('.tp-tree').parentElement.scrollIntoView(); scrollBy(0, -24); }"
    page.locator(".tp-vacant").first.evaluate(above)
    save(page, "responsibility.png")


def police(page: Any) -> None:
    page.get_by_role("link", name="Säkerhetsgruppen").first.click()
    save(page, "group.png")


def draw(document: Any) -> None:
    """Lay the report's first pages side by side."""
    from PIL import Image

    pages = [document[number].render(scale=0.8).to_pil() for number in (0, 2, 5)]
    width, height = pages[0].size
    sheet = Image.new("RGB", (width * len(pages) + 20 * (len(pages) - 1), height), "#cdd8da")
    for place, picture in enumerate(pages):
        sheet.paste(picture, (place * (width + 20), 0))
    sheet.quantize(256, dither=Image.Dither.NONE).save(IMAGES / "report-pdf.png", optimize=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        take(*sys.argv[1:])
    else:
        program(main)
