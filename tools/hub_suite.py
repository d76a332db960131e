"""Run the suite `hub` with several versions of the Hub's client, each in an environment of its own.

    python tools/hub_suite.py                     # huggingface_hub 2.4.0 and 1.33.0
    python tools/hub_suite.py 2.4.0 1.33.0 --targets mixin,rope_gpt2

An environment takes a minute and a gigabyte to make, in a temporary folder that goes afterwards. samedevice itself
asks for huggingface_hub 2; transformers also runs on a late 1.x, so that the older client is put over the newer one.
Each suite goes by xet and by Git LFS (its checks `ways` and `lfs`); prints one line per client, and exits with 1 unless
every cell passed. What `tools/hub_clients.py` asks is the client alone, with older versions too.
"""

import json
import subprocess
import sys
import venv
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
CLIENTS = ("2.4.0", "1.33.0")


def main() -> int:
    """Run what the command line says."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("clients", nargs="*", default=CLIENTS, metavar="VERSION", help="versions of huggingface_hub")
    parser.add_argument("--targets", default="*", metavar="PATTERNS", help="of the suite, with commas (default: all)")
    options = parser.parse_args()
    done = [ran(version, options.targets) for version in options.clients]  # all of them, also after one that failed
    return 0 if all(done) else 1


def ran(version: str, targets: str) -> bool:
    """True where every cell of the suite passed with this client."""
    with TemporaryDirectory(prefix="samedevice-client-") as folder:
        home = Path(folder)
        python = made(home / "venv", version)
        command = [python, "-m", "samedevice", "run", "hub", "--devices", "cpu", "--targets", targets]
        done = subprocess.run([*command, "--json", home / "report.json"], cwd=home, capture_output=True, text=True)
        if not (home / "report.json").exists():
            print(f"huggingface_hub {version}: {done.stderr.strip()[-500:]}")
            return False
        cells = json.loads((home / "report.json").read_text())["cells"]
    print(f"huggingface_hub {version}: {told(cells)}", flush=True)
    for cell in cells:
        for finding in cell["findings"]:
            if finding["severity"] != "note":
                print(f"    {cell['target']} {cell['check']}: {finding['code']} {finding['message']}")
        if cell["status"] in ("error", "not-checked"):
            print(f"    {cell['target']} {cell['check']}: {cell['status']}: {cell['reason']}")
    return all(cell["status"] == "pass" for cell in cells)


def told(cells: list[dict]) -> str:
    """The statuses, and how many ways were gone by each transport, in words."""
    statuses = Counter(cell["status"] for cell in cells)
    counted = Counter()
    for cell in cells:
        counted.update(cell["measures"])
    ways = ", ".join(
        f"{counted[name]}/{counted[f'{name}_of']} {name.replace('_', ' ')}"
        for name in ("ways", "ways_by_lfs", "refusals_that_say_why")
    )
    return f"{dict(statuses)}; {ways}; {counted['bytes_from_the_hub']} bytes from the Hub"


def made(folder: Path, version: str) -> Path:
    """An environment with samedevice as in this checkout, and this client; its interpreter."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-c", ROOT / "constraints.txt", f"{ROOT}[hub]"], check=True)
    subprocess.run([*pip, "--no-deps", f"huggingface_hub=={version}"], check=True)
    if version.startswith("1."):
        subprocess.run([*pip, "httpx"], check=True)  # what the newer client has replaced by another
    return python


if __name__ == "__main__":
    sys.exit(main())
