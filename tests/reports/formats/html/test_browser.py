"""The page as a reader meets it: in Chromium, by mouse and by keyboard, at desktop and at phone width."""

from pathlib import Path
from runpy import run_path

import pytest

from samedevice.harness.device import Device
from samedevice.harness.finding import Finding, Location, Severity
from samedevice.harness.listing import Listing
from samedevice.harness.measure import Measure
from samedevice.harness.result import Status

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[4]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def marks(page):
    """The cells of the matrices, by what they are called to those who do not see."""
    return page.eval_on_selector_all("#matrix td button", "all => all.map(one => one.ariaLabel)")


def letters(page):
    return page.eval_on_selector_all("#matrix td button:not(.faint)", "all => all.map(one => one.textContent).join('')")


def big(cells):
    return run_path(str(ROOT / "benchmarks/reports.py"))["generated"](cells)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_fits_its_window(opened, sample, size, scheme):
    page = opened(sample, **size, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    page.click("td button.fail")
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert page.evaluate("document.getElementById('details').scrollWidth") <= size["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_mend(opened, sample, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
    page = opened(sample, scheme=scheme)
    assert axe.Axe().run(page).response["violations"] == []
    page.click("td button.fail")
    assert axe.Axe().run(page).response["violations"] == []


def test_every_cell_has_letter_status_and_reality(opened, sample):
    page = opened(sample)
    assert sorted(marks(page)) == sorted(
        [
            "pass: pkg/net.py:Net on cpu (real), forward",
            "fail: pkg/net.py:Net on cuda:0 (virtual), forward, 2 findings",
            "fail: pkg/net.py:Net on cuda:0 (virtual), placement, 1 finding",
            "not checked: pkg/net.py:Net on mps:0 (virtual), forward",
            "pass: math: rope on cpu (real), simulation",
            "pass: math: rope on cuda:0 (virtual), simulation",
            "broke: math: alibi on cuda:0 (virtual), simulation",
            "pass: run on cpu (real), audit, 1 finding",
        ]
    )
    shown = page.evaluate(
        "[...document.querySelectorAll('td button')].map(b => getComputedStyle(b, '::after').content)"
    )
    assert sorted(shown) == ['"r"'] * 3 + ['"v"'] * 5
    shapes = page.evaluate(
        "['pass', 'fail', 'error', 'not-checked'].map(s => getComputedStyle(document.querySelector(`td .${s}`)))"
        ".map(s => [s.borderRadius, s.clipPath, s.borderTopStyle].join())"
    )
    assert len(set(shapes)) == 4


def test_a_click_shows_the_finding_and_its_source(opened, sample):
    page = opened(sample)
    page.click("td button.fail")
    dialog = page.locator("dialog")
    assert dialog.evaluate("one => one.open")
    said = dialog.inner_text()
    for words in ("pkg/net.py:Net on cuda:0 (virtual), forward", "SD201: an operation mixed devices", "pkg/net.py:9"):
        assert words in said
    assert "mps:0" not in said
    (here, *_) = dialog.locator(".here").all_inner_texts()
    assert here.strip() == ">    9          self.scale = torch.ones(4)  # a plain attribute: .to() does not see it"
    dialog.get_by_text("what SD201 means").click()
    assert "## Mended" in dialog.inner_text()
    page.get_by_role("button", name="Close").click()
    assert not dialog.evaluate("one => one.open")


def test_the_keyboard_alone_reaches_everything(opened, sample):
    page = opened(sample, **PHONE, address="#order=run")
    focused = "document.activeElement.ariaLabel"
    page.focus("#text")
    page.keyboard.press("Tab")  # Clear
    page.keyboard.press("Tab")  # a matrix is one stop
    met = [page.evaluate(focused)]
    for key in ("End", "ArrowRight", "Home", "ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Control+End"):
        page.keyboard.press(key)
        met.append(page.evaluate(focused))
    net, audit = "pkg/net.py:Net", "pass: run on cpu (real), audit, 1 finding"
    real, unchecked = f"pass: {net} on cpu (real), forward", f"not checked: {net} on mps:0 (virtual), forward"
    mixed = f"fail: {net} on cuda:0 (virtual), forward, 2 findings"
    assert met == [real, unchecked, unchecked, real, mixed, real, real, real, audit]
    page.keyboard.press("Enter")
    assert page.locator("dialog").evaluate("one => one.open")
    page.keyboard.press("Escape")
    assert not page.locator("dialog").evaluate("one => one.open")
    assert page.evaluate(focused) == audit
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "pass: math: rope on cpu (real), simulation"


def test_filters_narrow_and_the_address_keeps_them(opened, sample):
    page = opened(sample)
    assert page.inner_text("#count") == "8 of 8 cells: 4 targets, 3 findings"
    page.check("[value=fail]")
    assert page.inner_text("#count") == "2 of 8 cells: 1 target, 2 findings"
    assert letters(page) == "FF"
    page.check("[value=error]")
    assert letters(page) == "EFF"  # the worst suite first
    page.select_option("#order", "run")
    assert letters(page) == "FFE"
    page.select_option("#suite", "math")
    assert letters(page) == "E"
    address = page.evaluate("location.hash")
    again = opened(sample, address=address)
    assert letters(again) == "E"
    assert again.input_value("#suite") == "math"
    page.click("text=Clear")
    assert page.inner_text("#count").startswith("8 of 8")
    page.select_option("#device", "cuda:0 (virtual)")
    assert {label.partition(" on ")[2].partition(",")[0] for label in marks(page)} == {"cuda:0 (virtual)"}
    page.select_option("#device", "")
    page.select_option("#check", "placement")
    assert letters(page) == "F"
    page.click("text=Clear")
    page.fill("#text", "REGISTER_BUFFER is not searched")
    assert "No cell is like that" in page.inner_text("#matrix")
    page.fill("#text", "sd301")
    assert letters(page) == "F"
    page.fill("#text", "rope")
    assert letters(page) == "PP"


def test_the_theme_follows_the_system_until_it_is_switched(opened, sample):
    page = opened(sample, scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.click("#theme")
    light = page.evaluate(ground)
    assert (dark, light) == ("rgb(18, 21, 27)", "rgb(255, 255, 255)")
    assert "theme=light" in page.evaluate("location.hash")
    assert opened(sample, scheme="dark", address="#theme=light").evaluate(ground) == light


def test_charts_draw_the_interval(opened, sample):
    page = opened(sample)
    line = page.locator("#rates + p + ol li:nth-child(2)")
    box = line.locator("svg").bounding_box()
    thin = line.locator(".thin").bounding_box()
    low, high = ((thin["x"] + part - box["x"]) / box["width"] for part in (0, thin["width"]))
    assert (low, high) == pytest.approx((0.764, 0.991), abs=0.01)
    assert "95.0 % [76.4, 99.1] (19/20)" in line.text_content()


def test_charts_follow_the_filters(opened, sample):
    page = opened(sample)

    def lines(chart):
        return page.eval_on_selector_all(
            f"#{chart} + p + ol li[data-device]", "all => all.filter(one => !one.hidden).map(one => one.dataset.device)"
        )

    both = ["cpu (real)", "cuda:0 (virtual)"]
    assert lines("rates") == both
    page.select_option("#device", "cuda:0 (virtual)")
    assert lines("rates") == both[1:]
    assert set(lines("times")) == {"cuda:0 (virtual)"}
    page.select_option("#check", "forward")
    assert lines("rates") == []
    assert len(lines("times")) == 1
    page.click("text=Clear")
    page.fill("#text", "ROPE")
    assert lines("rates") == both
    page.fill("#text", "alibi")
    assert lines("rates") == []


def test_hostile_words_are_only_words(opened, cell, report, hostile):
    cells = [
        cell(
            target=word,
            suite=word,
            check=word,
            status=Status.NOT_CHECKED,
            reason=word,
            device=Device(kind="cuda", virtual=True),
            measures=(Measure(name=word, value=1.0),),
            findings=(
                Finding(
                    code=word,
                    message=word,
                    severity=Severity.WARNING,
                    subject=word,
                    op=word,
                    hint=word,
                    origin=Location(file=word, line=1),
                ),
            ),
            listing=Listing(title=word, headers=(word,), rows=((word,),)),
        )
        for word in hostile
    ]
    page = opened(report(*cells))
    assert page.evaluate("document.scripts.length") == 2
    assert page.evaluate("document.images.length") == 0
    assert page.evaluate(
        "[...document.querySelectorAll('*')].every(e => !e.getAttributeNames().some(n => n.startsWith('on')))"
    )
    assert "<script>alert(1)</script>" in page.inner_text("#matrix")
    for button in page.locator("td button").all():
        button.click()
        page.keyboard.press("Escape")
    assert page.evaluate(r"/[\u0000\u001b\u202a-\u202e\u2066-\u2069]/.test(document.body.innerText)") is False


def test_ten_thousand_cells_are_all_there_though_few_are_drawn(opened):
    page = opened(big(10_000))
    assert page.evaluate("cells.length") == 10_000
    assert page.evaluate("document.querySelectorAll('*').length") < 12_000
    rows = "document.querySelectorAll('#matrix tbody')[0].rows.length"
    before = page.evaluate(rows)
    page.evaluate("document.querySelector('.tall').scrollTop = 1e6")
    page.wait_for_function(f"{rows} > {before}")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.querySelectorAll('#matrix tbody tr').length") == 250
    assert page.evaluate("document.querySelectorAll('#matrix td button').length") == 10_000
    page.fill("#text", "gpt2_000")
    assert page.inner_text("#count").startswith("40 of 10,000 cells")


def test_a_report_of_nothing_is_a_page(opened, report):
    page = opened(report())
    assert "Nothing was run." in page.inner_text("main")


def test_without_javascript_the_verdict_stands(chromium, sample, tmp_path):
    from samedevice.reports.formats.html import render

    (tmp_path / "report.html").write_text(render(sample), encoding="utf-8")
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((tmp_path / "report.html").as_uri())
        said = page.inner_text("main")
    for words in ("BROKEN: 8 cells (3 real, 5 virtual)", "cuda:0 (virtual)", "no example inputs | say --inputs"):
        assert words in said
