"""Run huggingface_hub's own tests, from its sdist, against `samedevice hub serve`.

    python tools/hub_conformance.py [--lfs] [--set api|transfer] [FILE ...]

downloads the sdist of the installed version from the package index, puts addresses, users and tokens of the local Hub
in place of those of Hugging Face's test server, and runs the tests. What may fail is in hub_conformance.json, with
reasons: any other failure ends with 1. Tests that are marked as asking huggingface.co are skipped and count nowhere.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
KNOWN = HERE / "hub_conformance.json"
SETS = {
    "api": ("test_hf_api",),
    "transfer": (
        "test_cache_layout",
        "test_cache_no_symlinks",
        "test_commit_api",
        "test_commit_scheduler",
        "test_file_download",
        "test_hf_file_system",
        "test_hub_mixin",
        "test_hub_mixin_pytorch",
        "test_lfs",
        "test_local_folder",
        "test_offline_utils",
        "test_repocard",
        "test_shared_blobs",
        "test_snapshot_download",
        "test_tree_cache",
        "test_upload_pipeline",
        "test_utils_cache",
        "test_verification",
        "test_xet_download",
        "test_xet_upload",
        "test_xet_utils",
    ),
}
USERS = {"alice": "Alice Example", "bob": "Bob Example"}
# Their tests know an organization by name.
ORGANIZATIONS = {"valid_org_hub": "Dummy Hub Org"}
TOKENS = {user: {role: f"hf_{user}{role}{'0' * 24}" for role in ("write", "read")} for user in USERS}


def main() -> int:
    """Run, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE", help="only these test files, such as test_lfs")
    parser.add_argument("--set", choices=SETS, help="only these")
    parser.add_argument("--lfs", action="store_true", help="without xet: HF_HUB_DISABLE_XET=1")
    parser.add_argument("-k", metavar="WORDS", default="", help="only tests whose name fits, as in pytest")
    parser.add_argument("--show", action="store_true", help="print pytest's own report")
    options = parser.parse_args()
    chosen = options.files or SETS.get(options.set) or tuple(name for names in SETS.values() for name in names)
    with tempfile.TemporaryDirectory(prefix="hub-conformance-") as folder, served(Path(folder)) as endpoint:
        tests = sources(Path(folder), endpoint)
        outcomes = run(tests, chosen, Path(folder), options)
    return told(outcomes, "lfs" if options.lfs else "xet", is_whole=not options.k)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The endpoint of a Hub whose store begins with the users that the tests need."""
    store = folder / "store"
    store.mkdir()
    accounts = {"users": USERS, "organizations": ORGANIZATIONS, "tokens": TOKENS}
    (store / "accounts.json").write_text(json.dumps(accounts))
    words = [sys.executable, "-m", "samedevice", "hub", "serve", "--store", str(store)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        yield str(json.loads(server.stdout.readline())["endpoint"])
        server.stdin.close()


def sources(folder: Path, endpoint: str) -> Path:
    """The tests, with our addresses and users."""
    release = f"huggingface_hub=={version('huggingface_hub')}"
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "download", "--no-deps", "--no-binary", ":all:", "-d", folder, release], check=True)
    subprocess.run(
        [*pip, "install", "--no-deps", "--target", folder / "extras", "pytest-mock", "jedi", "parso"], check=True
    )
    (archive,) = folder.glob("huggingface_hub-*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    tests = folder / archive.name.removesuffix(".tar.gz") / "tests"
    shutil.copyfile(HERE / "hub_conformance_conftest.py", tests / "conftest.py")
    (tests / "__init__.py").touch()
    constants = (tests / "testing_constants.py").read_text()
    values = {
        "USER": "alice",
        "FULL_NAME": USERS["alice"],
        "TOKEN": TOKENS["alice"]["write"],
        "OTHER_USER": "bob",
        "OTHER_TOKEN": TOKENS["bob"]["write"],
        "ENDPOINT_STAGING": endpoint,
    }
    for name, value in values.items():
        constants = re.sub(rf"^{name} = .*$", f"{name} = {value!r}", constants, flags=re.MULTILINE)
    (tests / "testing_constants.py").write_text(constants)
    for name in ("test_hf_api.py", "test_xet_upload.py"):
        text = (tests / name).read_text()
        (tests / name).write_text(text.replace("https://hub-ci.huggingface.co", endpoint))
    return tests


def run(tests: Path, chosen: tuple[str, ...], folder: Path, options: argparse.Namespace) -> dict[str, str]:
    """Test -> passed, failed or skipped."""
    endpoint = re.search(r"^ENDPOINT_STAGING = '(.*)'$", (tests / "testing_constants.py").read_text(), re.MULTILINE)
    assert endpoint is not None
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING"))}
    ours = {
        "HF_ENDPOINT": endpoint[1],
        "HF_HOME": str(folder / "home"),
        "PYTHONPATH": str(folder / "extras"),
        "NO_PROXY": "127.0.0.1,localhost",
        "DISABLE_SAFETENSORS_CONVERSION": "1",
        "HF_HUB_DISABLE_XET": "1" if options.lfs else "0",
    }
    report = folder / "report.xml"
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:samedevice"]
    words += ["-c", "/dev/null", "--rootdir", tests.parent, f"--junitxml={report}", "-o", "junit_family=xunit2"]
    words += ["--tb=short" if options.show else "--tb=no", *(["-k", options.k] if options.k else [])]
    files = [tests / f"{name}.py" for name in chosen]
    out = None if options.show else subprocess.DEVNULL
    subprocess.run([*words, *files], cwd=tests.parent, env={**kept, **ours}, stdout=out, stderr=out, check=False)
    return dict(read(report))


def read(report: Path) -> Iterator[tuple[str, str]]:
    """Every test of pytest's report."""
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname', '').removeprefix('tests.')}.{case.get('name')}"
        kinds = {child.tag for child in case}
        yield name, "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"


def told(outcomes: dict[str, str], mode: str, *, is_whole: bool) -> int:
    """Print the counts, and what is not as the list says; 1 where a test fails that may not."""
    known = {name: group for group in json.loads(KNOWN.read_text()) for name in group["tests"]}
    for file in sorted({name.partition(".")[0] for name in outcomes}):
        counts = Counter(outcome for name, outcome in outcomes.items() if name.partition(".")[0] == file)
        print(f"{file:<28}{counts['passed']:>5} passed{counts['failed']:>5} failed{counts['skipped']:>5} skipped")
    failed = {name for name, outcome in outcomes.items() if outcome == "failed"}
    may = {name for name, group in known.items() if mode in group.get("modes", ["lfs", "xet"])}
    for name in sorted(failed - may):
        print(f"FAILED, and not in {KNOWN.name}: {name}")
    passed = {name for name, outcome in outcomes.items() if outcome == "passed"}
    for name in sorted(passed & may if is_whole else ()):
        print(f"passes, and is in {KNOWN.name}: {name}")
    print(f"{mode}: {len(passed)} passed, {len(failed)} failed, {len(failed & may)} of them known")
    return 1 if failed - may else 0


if __name__ == "__main__":
    sys.exit(main())
