"""A real Chromium on the live server, and the accessibility rules run in it."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # Proves that no page asks anybody else for anything.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
AXE_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if program is None:
        pytest.fail("no Chromium: `make test` brings it")
    # Playwright keeps an event loop in this thread; Django would refuse every query beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=flags)
        yield opened
        opened.close()


@pytest.fixture
def new_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Open a page of its own session: ``new_page(user=None, width=1280, dark=False, javascript=True)``.

    ``goto("/path")`` is relative to the live server. The test fails if a script failed or the
    content security policy stopped something.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(user: Any = None, *, width: int = 1280, dark: bool = False, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale="sv-SE",
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
        )
        contexts.append(context)
        if user is not None:
            _log_in(context, user, live_server.url)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: _note_violation(message, problems))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems, problems


def _log_in(context: BrowserContext, user: Any, url: str) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def _note_violation(message: ConsoleMessage, problems: list[str]) -> None:
    if message.type == "error" and "Content Security Policy" in message.text:
        problems.append(message.text)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page 1280 px wide, light, nobody logged in."""
    return new_page()


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Check the page as it stands: WCAG 2.2 AA and best practice, no finding accepted."""

    def check(page: Page) -> None:
        violations = Axe().run(page, options=AXE_RULES).response["violations"]
        findings = [(v["id"], v["help"], [node["target"] for node in v["nodes"]]) for v in violations]
        assert not findings, f"{page.url}: {findings}"

    return check
