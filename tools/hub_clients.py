"""Several versions of huggingface_hub, each in an environment of its own, against `samedevice hub serve`.

    python tools/hub_clients.py [--parallel N] [VERSION ...]

Each goes the path of hub_client_path.py by Git LFS and by xet, with empty caches; the server's log proves by which way
the bytes went. Then N processes (12) of the first version push at once, to one branch and to a repository of their own:
no commit may be lost, and `git fsck --full --strict` must find every repository sound.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VERSIONS = ("2.4.0", "1.33.0")
PUSHES = 5
PUSH = """
import sys
from huggingface_hub import HfApi
api, number, pushes = HfApi(), sys.argv[1], int(sys.argv[2])
api.create_repo(f"alice/own-{number}")
for turn in range(pushes):
    for repo in ("alice/shared", f"alice/own-{number}"):
        for name in (f"{number}/{turn}.txt", f"{number}/{turn}.bin"):
            api.upload_file(repo_id=repo, path_in_repo=name, path_or_fileobj=f"{number} {turn}".encode() * 100)
"""


def main() -> int:
    """Run, print a line each; 1 where something failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("versions", nargs="*", default=VERSIONS, metavar="VERSION")
    parser.add_argument("--parallel", type=int, default=12, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hub-clients-") as name, served(Path(name)) as line:
        folder = Path(name)
        pythons = {version: environment(folder, version) for version in options.versions}
        paths = [went(folder, line, pythons[version], version, mode) for version in pythons for mode in ("lfs", "xet")]
        is_kept = pushed(folder, line, next(iter(pythons.values())), options.parallel)
        is_sound = sound(Path(line["store"]))
    return 0 if all(paths) and is_kept and is_sound else 1


@contextmanager
def served(folder: Path) -> Iterator[dict[str, Any]]:
    """A Hub, and the line that it has said; the time until then is printed."""
    began = time.perf_counter()
    words = [sys.executable, "-m", "samedevice", "hub", "serve", "--store", str(folder / "store")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        line = json.loads(server.stdout.readline())
        print(f"ready after {time.perf_counter() - began:.2f} s")
        yield line
        server.stdin.close()


def environment(folder: Path, version: str) -> Path:
    """The interpreter of an environment that holds that version and nothing of ours."""
    place = folder / f"client-{version}"
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    pip = [python, "-m", "pip", "-q", "--disable-pip-version-check", "install", f"huggingface_hub=={version}"]
    subprocess.run(pip, check=True)
    return python


def variables(folder: Path, line: dict[str, Any], mode: str, home: str) -> dict[str, str]:
    """The environment of a client."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING", "PIP_"))}
    ours = {
        "HF_ENDPOINT": line["endpoint"],
        "HF_TOKEN": line["users"]["alice"]["write"],
        "HF_HOME": str(folder / home),
        "HF_HUB_DISABLE_XET": "1" if mode == "lfs" else "0",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "NO_PROXY": "127.0.0.1,localhost",
    }
    return {**kept, **ours}


def went(folder: Path, line: dict[str, Any], python: Path, version: str, mode: str) -> bool:
    """Go the path; the log must show the bytes, by the way of the mode, and no token on the CDN."""
    home = f"home-{version}-{mode}"
    before = len(Path(line["log"]).read_text().splitlines())
    words = [python, HERE / "hub_client_path.py", f"alice/{home}", line["users"]["bob"]["write"]]
    done = subprocess.run(words, env=variables(folder, line, mode, home), capture_output=True, text=True, check=False)
    lines = [json.loads(text) for text in Path(line["log"]).read_text().splitlines()[before:]]
    way = "/lfs/" if mode == "lfs" else "/xorb/"
    sent = sum(one["sent"] for one in lines if one["origin"] == "cdn" and one["path"].startswith(way))
    strange = [one for one in lines if one["status"] == 501 or (one["origin"], one["status"]) == ("cdn", 400)]
    is_good = done.returncode == 0 and sent > 2 * (7 << 20) and not strange
    print(f"{version:<8}{mode:<5}{'passed' if is_good else 'FAILED'}  {len(lines)} requests, {sent:,} bytes by {way}")
    if not is_good:
        print(done.stderr[-2000:], *strange, sep="\n")
    return is_good


def pushed(folder: Path, line: dict[str, Any], python: Path, count: int) -> bool:
    """Push from many processes at once; is every commit in the history?"""
    environment = variables(folder, line, "xet", "home-parallel")
    create = "from huggingface_hub import HfApi; HfApi().create_repo('alice/shared')"
    subprocess.run([python, "-c", create], env=environment, check=True)
    words = [[python, "-c", PUSH, str(number), str(PUSHES)] for number in range(count)]
    homes = [{**environment, "HF_HOME": str(folder / f"home-parallel-{number}")} for number in range(count)]
    running = [subprocess.Popen(one, env=home) for one, home in zip(words, homes, strict=True)]
    codes = [one.wait() for one in running]
    repositories = Path(line["store"]) / "repositories" / "models" / "alice"
    found = {folder.stem: commits(folder) for folder in repositories.glob("*.git")}
    expected = {"shared": 2 * PUSHES * count + 1, **{f"own-{number}": 2 * PUSHES + 1 for number in range(count)}}
    is_good = set(codes) == {0} and {name: found.get(name) for name in expected} == expected
    print(f"{count} processes: {found.get('shared')} of {expected['shared']} commits {'' if is_good else 'FAILED'}")
    return is_good


def commits(folder: Path) -> int:
    """How many commits main has."""
    out = subprocess.run(["git", "-C", folder, "rev-list", "--count", "main"], capture_output=True, check=True)
    return int(out.stdout)


def sound(store: Path) -> bool:
    """Does git find every repository sound?"""
    folders = list(store.glob("repositories/*/*/*.git"))
    fsck = ("fsck", "--full", "--strict", "--no-dangling")
    done = [subprocess.run(["git", "-C", one, *fsck], capture_output=True, check=False) for one in folders]
    bad = [one for one in done if one.returncode or one.stdout or one.stderr]
    print(f"git fsck --full --strict: {len(done) - len(bad)} of {len(done)} repositories are sound")
    return not bad and bool(done)


if __name__ == "__main__":
    sys.exit(main())
