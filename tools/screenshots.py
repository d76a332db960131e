"""Take the pictures of `docs/images/` from two JSON reports: a real one with a finding, and a big one.

    samedevice run math positions --devices cpu,cuda,mps --json suites.json
    samedevice check net.py:Net --devices cpu,cuda,mps --json net.json        # the README's net.py
    python benchmarks/reports.py --write big.json
    python tools/screenshots.py big.json suites.json net.json                 # in the folder of net.py

Needs Chromium and `pip install playwright pillow`. Look at what it made before you commit it.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from samedevice.harness.merging import merged
from samedevice.harness.reading import report_from_json
from samedevice.reports.formats.html import render

IMAGES = Path(__file__).parent.parent / "docs/images"
DESKTOP, PHONE = (1280, 900), (390, 844)
COLOURS = 64


def at(name: str) -> Callable[[Any], None]:
    """Scrolls to a heading."""
    return lambda page: page.evaluate(f"document.getElementById('{name}').scrollIntoView()")


def finding(page: Any) -> None:
    """Opens the first cell that fails."""
    page.click("td button.fail")


def filtered(page: Any) -> None:
    """Shows the failures of some targets."""
    page.check("[value=fail]")
    page.check("[value=error]")
    page.fill("#text", "bert")
    at("matrix-title")(page)


# Name, whether it is of the big report, size, colours, and what is done before.
PICTURES = (
    ("report-desktop-light", False, DESKTOP, "light", lambda page: None),
    ("report-finding-dark", False, DESKTOP, "dark", finding),
    ("report-phone-light", False, PHONE, "light", at("matrix-title")),
    ("report-phone-dark", False, PHONE, "dark", at("findings-title")),
    ("report-filtered-dark", True, DESKTOP, "dark", filtered),
    ("report-times-light", True, DESKTOP, "light", at("times")),
)


def page_of(files: list[str], folder: Path) -> str:
    """The address of the page of these reports, merged."""
    reports = (report_from_json(Path(file).read_text(encoding="utf-8"), file) for file in files)
    path = folder / f"{Path(files[0]).stem}.html"
    path.write_text(render(merged(reports)), encoding="utf-8")
    return path.as_uri()


def take(browser: Browser, big: str, small: str) -> None:
    """Every picture, in few colours."""
    for name, is_big, (width, height), scheme, before in PICTURES:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        page = context.new_page()
        page.goto(big if is_big else small)
        before(page)
        page.wait_for_timeout(300)
        file = IMAGES / f"{name}.png"
        page.screenshot(path=file)
        context.close()
        few = Image.open(file).convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(file, optimize=True)


def main() -> None:
    """Render, open, take."""
    big, *small = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        take(browser, page_of([big], Path(folder)), page_of(small, Path(folder)))
        browser.close()


if __name__ == "__main__":
    main()
