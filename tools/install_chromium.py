"""Install Chromium for `tox -e browser`, where that is Debian's or Ubuntu's to do and we may; else say why not.

python tools/install_chromium.py

It never fails: without a browser the tests that need one are skipped, and say so.
"""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 300


def install() -> str:
    """What came of it, in words."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return f"{found} is there"
    if not shutil.which("apt-get"):
        return "not checked in a browser: no Chromium, and no apt-get to install it with"
    if os.geteuid() != 0:
        return "not checked in a browser: no Chromium, and only root may install it (apt-get install chromium)"
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        try:
            done = subprocess.run(
                ["apt-get", "-qq", *words], env=quiet, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return f"not checked in a browser: apt-get {words[0]} took more than {SECONDS} seconds"
        if done.returncode:
            told = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
            return f"not checked in a browser: apt-get {words[0]} failed: {told[-1]}"
    return "chromium was installed"


if __name__ == "__main__":
    print(install())
