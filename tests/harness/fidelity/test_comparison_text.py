from dataclasses import replace

import pytest

from samedevice.harness.device import Device
from samedevice.harness.fidelity.comparison_text import render
from samedevice.harness.fidelity.judging import Judged
from samedevice.harness.fidelity.row import Ending, Outcome
from samedevice.harness.fidelity.score import score, scores

ALLOWED = Outcome(ending=Ending.ALLOWED, results=("float32@cuda:0",))
TEXT = """\
recorded on real cuda:0 (NVIDIA H200), 2026-01-01T00:00:00+00:00, torch 2.13.0+cu130

family              checked    agree      %    false positive    false negative    other result    crashed    \
other words    not checked
----------------  ---------  -------  -----  ----------------  ----------------  --------------  ---------  \
-------------  -------------
programs/scalars          2        1  50.00                 0                 1               0          0  \
            0              1
all                       2        1  50.00                 0                 1               0          0  \
            0              1

false negative: the virtual device allows what the recorded one refuses (1)
  programs/scalars/add: data number placed cd
    recorded: RuntimeError: two devices, cuda:0 and cpu! no
    virtual:  float32@cuda:0

not checked: 1 rows: gone"""


@pytest.fixture
def judged(rows):
    return tuple(Judged(row=row, replayed=ALLOWED, reason="gone") for row in rows)


def test_the_whole_text(header, judged):
    assert render(header, judged, "2.13.0+cpu", 10) == TEXT


def test_the_opening_is_loud(header, judged):
    virtual = replace(header, device=Device(kind="cuda", virtual=True), model="virtual", selection="programs/*")
    assert render(virtual, judged, "2.14.0", 10).splitlines()[:4] == [
        "recorded on virtual cuda:0 (virtual), 2026-01-01T00:00:00+00:00, torch 2.13.0+cu130",
        "NO REFERENCE: this file was recorded on a virtual device. Its agreement says nothing about hardware.",
        "a part only: programs/*",
        "replayed with another PyTorch: 2.14.0",
    ]


def test_long_lists_are_cut(header, judged):
    text = render(header, judged[1:2] * 3, "2.13.0", 1)
    assert text.count("programs/scalars/add") == 1
    assert text.endswith("  and 2 more: --show 3")


def test_scores_add_up(judged):
    other = replace(judged[0], row=replace(judged[0].row, call=replace(judged[0].row.call, family="ops/binary")))
    found = scores((*judged, other))
    assert [one.family for one in found] == ["ops/binary", "programs/scalars", "all"]
    assert [one.checked for one in found] == [1, 2, 3]
    assert found[-1].agreement == pytest.approx(2 / 3)
    assert score("none", ()).agreement == 0
