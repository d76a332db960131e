import pytest

from samedevice.harness.gate.paths import portable


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("net.py", "net.py"),
        ("models.nets:Net", "models.nets:Net"),
        ("", ""),
        ("{here}/src/net.py", "src/net.py"),
        ("{here}/src/net.py:Net", "src/net.py:Net"),
        ("/elsewhere/net.py", "net.py"),
        ("{here}/.venv/lib/python3.11/site-packages/pkg/net.py", "pkg/net.py"),
        ("/usr/lib/python3/site-packages/pkg/net.py", "pkg/net.py"),
    ],
)
def test_a_path_says_nothing_of_the_machine(tmp_path, monkeypatch, path, kept):
    monkeypatch.chdir(tmp_path)
    assert portable(path.format(here=tmp_path)) == kept
