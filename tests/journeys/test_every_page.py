"""Every page of the portal under axe at 1280 px in light, and each template once at 320 px in dark.

The pages come from the access matrix, so that a new URL is looked at without anyone thinking of it.
"""

from collections.abc import Iterator

import pytest
from django.test.signals import template_rendered
from playwright.sync_api import Page

from tests.access.matrix import read_rows
from tests.access.world import World, build_world

# Not pages: text for machines, files, and addresses of libraries that are looked at elsewhere.
NO_PAGES = {
    "incidents:disclosure_file",
    "incidents:person_export_json",
    "incidents:person_export_pdf",
    "livez",
    "readyz",
    "admin",
    "account",
    "openid_connect",
    "saml",
    "followup:pdf",
    "followup:figures_json",
    "followup:figures_csv",
    "incidents:fund_csv",
    "incidents:export_csv",
    "incidents:export_xlsx",
    "organisation:chart_file",
    "organisation:request_pdf",
    "incidents:file",
    "organisation:import_errors",
    "organisation:import_template",
    "incidents:disposal_package",
    "incidents:disposal_log",
    "incidents:enter_paper",
    "incidents:import_errors",
    "report:worker",
    "report:receipt_pdf",
    "incidents:poster_a4",
    "incidents:poster_a6",
    # A part of a page, alone only for htmx.
    "risks:level",
}
# Whoever may read most comes first, so that a page is looked at with all that it can show.
READERS = (
    "safety_coordinator",
    "unit_manager",
    "head",
    "committee_secretary",
    "safety_representative",
    "administrator",
    "archivist",
    "data_protection_officer",
    "duty_officer",
    "employee",
    "operator",
    "anonymous",
)


@pytest.fixture
def world(transactional_db) -> World:
    return build_world()


def pages(world: World) -> Iterator[tuple[str, str, str]]:
    """Yield (name, address, role) of each page and someone who may see it."""
    for row in read_rows():
        if row.method != "GET" or row.url in NO_PAGES:
            continue
        reader = next((role for role in READERS if row.cells[role] == "ok"), None)
        assert reader, f"nobody in READERS may see {row.url}"
        yield row.url, world.address(row.url), reader


@pytest.fixture
def rendered() -> Iterator[list[str]]:
    """The names of the templates that have been rendered, the page's own first."""
    names: list[str] = []

    def note(template, **_about) -> None:
        names.append(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


def look_at_all(world, new_page, assert_accessible, rendered, *, once: bool, **look) -> None:
    """Look at every page; with ``once``, run the rules on the first page of each template only."""
    opened: dict[str, Page] = {}
    findings, seen, known = [], 0, set()
    for name, address, role in pages(world):
        if role not in opened:
            opened[role] = new_page(world.people[role], **look)
        page = opened[role]
        rendered.clear()
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, f"{name} answered {response.status}"
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > look["width"]:
            findings.append(f"{name}: {width} px wide")
        template = rendered[0]
        if once and template in known:
            continue
        known.add(template)
        try:
            assert_accessible(page)
        except AssertionError as error:
            findings.append(f"{name}: {error}")
        seen += 1
    assert not findings, "\n".join(findings)
    assert seen > 30


def test_every_page_at_1280_in_light(world, new_page, assert_accessible, rendered):
    look_at_all(world, new_page, assert_accessible, rendered, once=False, width=1280, dark=False)


def test_every_template_at_320_in_dark(world, new_page, assert_accessible, rendered):
    look_at_all(world, new_page, assert_accessible, rendered, once=True, width=320, dark=True)


def test_control_a_page_with_a_mistake_is_found(world, new_page, assert_accessible):
    """A button without words put into a page makes the look fail."""
    page = new_page(world.people["safety_coordinator"])
    page.goto("/risks/")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    with pytest.raises(AssertionError, match="button-name"):
        assert_accessible(page)


def test_no_page_asks_anyone_else_and_pages_are_light(world, new_page):
    """First page at most 60 kB over the wire, the next 15 kB; nothing from another host."""
    page = new_page(world.people["safety_coordinator"])
    strangers, weights = [], []
    page.on(
        "request",
        lambda request: (
            strangers.append(request.url) if "127.0.0.1" not in request.url and "localhost" not in request.url else None
        ),
    )
    for address in ("/", "/risks/", "/incidents/", "/organisation/"):
        response = page.goto(address)
        weights.append(len(response.body()))
    assert not strangers
    # Uncompressed: HTML shrinks about five times on its way.
    assert max(weights) < 75_000
