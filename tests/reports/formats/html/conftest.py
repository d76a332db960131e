"""A real browser: Debian's Chromium, driven by Playwright. Where either is missing, tests are skipped and say so."""

import os
import shutil

import pytest

from samedevice.reports.formats.html import render

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium():
    """The browser; every test has a page in a fresh context of it."""
    api = pytest.importorskip("playwright.sync_api", reason="no browser test: pip install playwright")
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no browser test: there is no Chromium here (apt-get install chromium)")
    # What a test's own process talks to: the browser is reached through pipes, and it is told to load nothing.
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS), env={**os.environ})
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium, tmp_path):
    """Opens a report in a browser of some size; afterwards nothing may have been loaded, or gone wrong."""
    contexts, told = [], []

    def open_(report, *, width=1280, height=900, scheme="light", address=""):
        file = tmp_path / "report.html"
        file.write_text(render(report), encoding="utf-8")
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: told.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("dialog", lambda dialog: told.append(f"dialog {dialog.message}"))
        page.on("request", lambda request: request.url.startswith("file:") or told.append(f"loaded {request.url}"))
        page.goto(f"{file.as_uri()}{address}")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert told == []
