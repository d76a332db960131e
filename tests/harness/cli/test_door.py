import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import samedevice
from samedevice.harness import catalog


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "maths"], "unknown suite 'maths'"),
        (["run", "math", "--devices", "gpu"], "unknown device 'gpu': known are "),
        (
            ["run", "--targets", "roep/gpt2"],
            "no target matches 'roep/gpt2', did you mean 'rope/gpt2'? known are: rope/gpt2, ",
        ),
        (["run", "--checks", "x"], "no check matches 'x'; known are: training, generate"),
        (["run", "--format", "pdf"], "unknown format 'pdf'"),
        (["run", "--require", "tpu"], "unknown device 'tpu'"),
        (["run", "-o", "/no/such/folder/file"], "cannot write /no/such/folder/file: "),
        (["check", "/no/such/file.py:make"], "no such file: /no/such/file.py"),
        (["check", "no_such_module:make"], "no_such_module:make does not load: ModuleNotFoundError: No module named"),
        (
            ["check", "torch.nn:Linaer"],
            "torch.nn:Linaer does not load: torch.nn has no 'Linaer', did you mean 'Linear'?",
        ),
        (["check"], "the following arguments are required: TARGET; see samedevice check --help"),
        (["chekc"], "argument COMMAND: invalid choice: 'chekc'"),
        ([], "the following arguments are required: COMMAND; see samedevice --help"),
        (["explain", "nothing"], "unknown code 'nothing'; known are: SD101, "),
        (["report", "/no/such/report.json"], "cannot read /no/such/report.json: No such file or directory"),
    ],
)
def test_wrong_words_are_one_line_and_exit_2(run, words, message):
    code, out, err = run(*words)
    assert (code, out, len(err)) == (2, "", 1)
    assert err[0].startswith(f"samedevice: {message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import no_such_module_at_all", "ModuleNotFoundError: No module named 'no_such_module_at_all' ({}:1)"),
        ("\ndef make(:", "SyntaxError: invalid syntax ({}:2)"),
        ("raise SystemExit(0)", "SystemExit: 0 ({}:1)"),
        ("def make():\n    return 1 / 0", "ZeroDivisionError: division by zero ({}:2)"),
    ],
)
def test_a_target_that_does_not_load_is_one_line_and_exits_2(cpu, tmp_path, monkeypatch, text, message):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "bad.py"
    path.write_text(text)
    code, out, err = cpu(f"{path}:make")
    assert (code, out) == (2, "")
    assert err == [f"samedevice: {path}:make does not load: {message.format('bad.py')}"]


def test_an_internal_error_asks_for_a_report(cpu, case, monkeypatch):
    monkeypatch.setattr(catalog, "checks", lambda names: 1 / 0)
    code, _, err = cpu(f"{case}:make")
    assert code == 3
    assert err[0] == "Traceback (most recent call last):"
    assert err[-1] == "samedevice: this is a bug of samedevice: please report it with the lines above"


def spawn(*words, **options):
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=120, check=False, **options)


WATCHED = """
import sys
from pathlib import Path
from samedevice.harness.cli import main
try:
    main({words!r})
except SystemExit:
    pass
print(sorted({{"torch", "transformers", "rich"}} & set(sys.modules)))
"""


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["run", "--help"], ["explain", "SD101"], ["chekc"]])
def test_words_alone_cost_no_torch(words):
    done = spawn("-c", WATCHED.format(words=words))
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_and_version_as_a_process():
    shown = spawn("-m", "samedevice", "--help")
    assert shown.returncode == 0
    assert "exit codes:" in shown.stdout
    assert spawn("-m", "samedevice", "--version").stdout == f"samedevice {samedevice.__version__}\n"


def test_a_reader_who_has_left_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "samedevice", "explain", "SD101"], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_full_disk_is_one_line_and_loses_no_json(tmp_path):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    report = tmp_path / "report.json"
    (tmp_path / "weights").mkdir()
    with full.open("w") as out:
        words = ["-m", "samedevice", "audit", str(tmp_path / "weights"), "--json", str(report)]
        done = subprocess.run([sys.executable, *words], stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "samedevice: cannot write to standard output: No space left on device\n"
    assert json.loads(report.read_text())["schema"] == "samedevice/1"
