from pathlib import Path

from samedevice.harness import engine
from samedevice.harness.isolation import ending

STACK = f"""Fatal Python error: Segmentation fault

Current thread 0x00007fbbd8256b80 (most recent call first):
  File "<frozen importlib._bootstrap>", line 1 in _load
  File "/nowhere/net.py", line 12 in forward
  File "/nowhere/other.py", line 3 in call
  File "{engine.__file__}", line 92 in _outcome
  File "/nowhere/launcher.py", line 1 in <module>

Extension modules: psutil._psutil_linux, torch._C (total: 2)
"""


def test_a_signal_has_its_name_the_line_and_the_last_words():
    told = ending.died(-11, "loading\nalmost there\n\n", STACK)
    assert told == (
        "the process was killed by SIGSEGV (code in C went astray, or the stack is full), at /nowhere/net.py:12; "
        "its last words: almost there"
    )
    assert ending.died(-9) == "the process was killed by SIGKILL (the system does that when memory runs out)"
    assert ending.died(-14) == "the process was killed by SIGALRM"
    assert ending.died(-63) == "the process was killed by signal 63"


def test_other_ends():
    assert ending.died(3) == "the process ended with exit status 3 in the middle of the cell"
    assert ending.died(None) == "the process ended, and nobody knows how"
    assert ending.hung(2.5, "x", STACK) == (
        "not done after 2.5 seconds (--timeout), at /nowhere/net.py:12; its last words: x"
    )
    told = "the process held 2.50 GB of memory, of 2.00 GB that it may (--memory)"
    assert ending.swollen(2_500_000_000, 2_000_000_000) == told


def test_frames_of_the_library_are_not_the_target_s():
    told = f'  File "{Path(ending.signal.__file__)}", line 1 in f\n  File "/nowhere/net.py", line 2 in g\n'
    assert ending.hung(1, "", told).endswith(", at /nowhere/net.py:2")


def test_a_reader_sees_the_target_s_frames_alone():
    shown = ending.stack(STACK)
    assert shown.endswith('  File "/nowhere/other.py", line 3 in call\n')
    assert ending.stack("") == ""
    assert "Extension modules" not in ending.stack("Extension modules: a\n")
