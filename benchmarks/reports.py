"""What rendering a big report costs, beside `json.dumps` of the same report in the same run.

    python benchmarks/reports.py
    python benchmarks/reports.py --cells 2000 --write big.json
    python benchmarks/reports.py --browser      # also opens the page; needs Chromium and `pip install playwright`

The report is made up: models on one real and three virtual devices, ten checks, some of everything that can happen. Its
findings point at lines of this repository, so that renderers read source as they would in life.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from tabulate import tabulate

from samedevice.harness import catalog
from samedevice.harness.codes import CODES
from samedevice.harness.device import Device
from samedevice.harness.environment import here
from samedevice.harness.finding import Finding, Location, Severity
from samedevice.harness.measure import Measure
from samedevice.harness.report import Report
from samedevice.harness.result import Result, Status
from samedevice.reports.formats.json import data

ROUNDS = 3
ROOT = Path(__file__).parent.parent
DEVICES = (
    Device(kind="cpu"),
    Device(kind="cuda", virtual=True),
    Device(kind="cuda", index=1, virtual=True),
    Device(kind="mps", virtual=True),
)
CHECKS = (
    *("placement", "forward", "backward", "step", "generate"),
    *("moves", "transfers", "memory", "roundtrip", "simulation"),
)
SUITES = ("positions", "zoo")
DEFECTS = 300
REASONS = ("no example inputs: say --inputs", "the model has no generate()", "needs accelerate: pip install accelerate")
# Of a thousand cells.
FAILS, BREAKS, UNCHECKED, WARNS = 25, 5, 30, 20


def generated(cells: int, seed: int = 0) -> Report:
    """A report of so many cells; the same seed gives the same one."""
    random = Random(seed)
    defects = list(_defects(random))
    rows = []
    for at in range(cells):
        column, target = at % (len(DEVICES) * len(CHECKS)), at // (len(DEVICES) * len(CHECKS))
        device, check = DEVICES[column // len(CHECKS)], CHECKS[column % len(CHECKS)]
        rows.append(_cell(random, f"transformers.models:{_word(target)}_{target:03}", device, check, defects))
    return Report(environment=here(), cells=tuple(rows))


def _word(at: int) -> str:
    return ("gpt2", "bert", "t5", "llama", "mamba", "xlnet", "rope_gpt2", "vision_encoder_decoder")[at % 8]


def _defects(random: Random) -> Iterator[Finding]:
    files = sorted(str(file) for file in (ROOT / "models").rglob("*.py"))
    codes = list(CODES)
    for at in range(DEFECTS):
        file = random.choice(files)
        severity = random.choices(tuple(Severity), weights=(6, 3, 1))[0]
        yield Finding(
            code=codes[at % len(codes)],
            message=f"`layers.{at}.scale` is on cpu, expected cuda:0: Expected all tensors to be on the same device",
            severity=severity,
            subject=f"layers.{at}.scale",
            op="aten::mul.Tensor",
            origin=Location(file=file, line=random.randint(1, 60)),
            use=Location(file=random.choice(files), line=random.randint(1, 60)),
            hint=f'`self.register_buffer("scale_{at}", ..., persistent=False)`',
        )


def _cell(random: Random, target: str, device: Device, check: str, defects: list[Finding]) -> Result:
    chance = random.randrange(1000)
    status, findings, reason = Status.PASS, (), None
    grave = [one for one in defects if one.severity is Severity.ERROR]
    mild = [one for one in defects if one.severity is Severity.WARNING]
    if device.virtual and chance < FAILS:
        status, findings = Status.FAIL, tuple(random.sample(grave, random.choice((1, 1, 2))))
    elif chance < FAILS + BREAKS:
        status, reason = Status.ERROR, "RuntimeError: the size of tensor a (4) must match the size of tensor b (3)"
    elif chance < FAILS + BREAKS + UNCHECKED:
        status, reason = Status.NOT_CHECKED, random.choice(REASONS)
    elif chance < FAILS + BREAKS + UNCHECKED + WARNS:
        findings = (random.choice(mild),)
    counted = [Measure(name="forward_seconds", value=random.lognormvariate(-5, 1))]
    if check == "simulation":
        counted.append(Measure(name="forward_success", value=random.choice((20, 20, 19, 12)), of=20))
    return Result(
        target=target,
        device=device,
        check=check,
        status=status,
        suite=SUITES[len(target) % 2],
        seconds=0.0 if status is Status.NOT_CHECKED else random.lognormvariate(-3, 1),
        measures=() if status in (Status.ERROR, Status.NOT_CHECKED) else tuple(counted),
        findings=findings,
        reason=reason,
    )


def _seconds(work: object) -> float:
    taken = []
    for _ in range(ROUNDS):
        started = perf_counter()
        work()
        taken.append(perf_counter() - started)
    return median(taken)


def browsed(report: Report) -> Iterator[tuple[str, str]]:
    """How long the page takes to open, and to answer a filter, in Chromium: what was done, and milliseconds."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "report.html"
        file.write_text(catalog.renderer("html")(report), encoding="utf-8")
        arguments = ["--headless", "--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        opened = []
        for _ in range(ROUNDS):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(file.as_uri())
            opened.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
        yield "open", f"{median(opened):.0f}"
        for words in ("b", "bert", "scale", ""):
            yield f"filter by {words!r}", f"{median(page.evaluate(FILTER, words) for _ in range(ROUNDS)):.0f}"
        browser.close()


# From the key to the layout that follows it.
FILTER = """(words) => {
  const text = document.getElementById("text");
  const started = performance.now();
  text.value = words;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.offsetHeight;
  return performance.now() - started;
}"""


def main() -> None:
    """Time every installed format."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--write", metavar="FILE", help="keep the report as JSON")
    parser.add_argument("--browser", action="store_true", help="open the HTML page, and filter it")
    options = parser.parse_args()
    report = generated(options.cells)
    if options.write:
        Path(options.write).write_text(report.to_json(), encoding="utf-8")
    plain = data(report)
    base = _seconds(lambda: json.dumps(plain))
    rows = [("json.dumps", f"{base:.2f}", "1.0", f"{len(json.dumps(plain)):,}")]
    for name in catalog.formats():
        render = catalog.renderer(name)
        seconds = _seconds(lambda render=render: render(report))
        rows.append((name, f"{seconds:.2f}", f"{seconds / base:.1f}", f"{len(render(report)):,}"))
    print(f"{options.cells:,} cells, {len(report.findings):,} findings, medians of {ROUNDS}\n")
    print(
        tabulate(
            rows,
            ("format", "seconds", "ratio", "characters"),
            disable_numparse=True,
            colalign=("left",) + ("right",) * 3,
        )
    )

    if options.browser:
        print()
        print(tabulate(browsed(report), ("in Chromium", "ms"), disable_numparse=True, colalign=("left", "right")))


if __name__ == "__main__":
    main()
