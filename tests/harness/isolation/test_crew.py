from pathlib import Path

import pytest

from samedevice.harness import catalog, loading
from samedevice.harness.device import Device
from samedevice.harness.isolation import Crew, Limits, post
from samedevice.harness.plan import grid

HEALTHY = Path(__file__).with_name("healthy.py")
CPU = Device(kind="cpu")


@pytest.fixture(scope="module")
def crew():
    found = Crew(Limits(timeout=60, memory=4 * 10**9), 2)
    yield found
    found.close()


def test_cells_are_handed_out_and_come_back_in_any_order(crew, tmp_path):
    """Two targets that wait for each other: only two workers at once can be done with them."""
    meeting = (
        HEALTHY.read_text()
        + """
import time
from pathlib import Path


def met(mine, other):
    Path(__file__).with_name(mine).touch()
    while not Path(__file__).with_name(other).exists():
        time.sleep(0.01)
    return Net()


def a():
    return met("a", "b")


def b():
    return met("b", "a")
"""
    )
    (tmp_path / "meeting.py").write_text(meeting)
    targets = [loading.target(f"{tmp_path}/meeting.py:{name}") for name in "ab"]
    cells = grid(targets, [CPU], catalog.checks(("forward", "generate")))
    begun = []
    results = dict(crew.run(cells, begun.append))
    assert sorted(results) == [0, 1, 2, 3]
    assert {cell.target.name for cell in begun[:2]} == {target.name for target in targets}
    for place, cell in enumerate(cells):
        assert (results[place].target, results[place].check) == (cell.target.name, cell.check.name)


def test_a_question_that_does_not_arise_has_no_result(crew):
    cells = grid([loading.target(f"{HEALTHY}:Net")], [CPU], catalog.checks(("moves",)), optional=True)
    assert list(crew.run(cells, lambda _: None)) == [(0, None)]


def test_a_worker_sees_the_path_and_folder_of_the_one_who_asks(tmp_path, monkeypatch):
    package = tmp_path / "mine"
    package.mkdir()
    (package / "__init__.py").write_text(HEALTHY.read_text())
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    crew = Crew(Limits(timeout=60, memory=4 * 10**9), 1)
    try:
        cells = grid([loading.target("mine:Net")], [CPU], catalog.checks(("forward",)))
        (found,) = [result for _, result in crew.run(cells, lambda _: None)]
    finally:
        crew.close()
    assert (found.status, found.reason) == ("pass", None)


def test_a_worker_that_does_not_start_is_an_error_of_ours(monkeypatch):
    monkeypatch.setattr(post, "HERE", "samedevice.no.such")
    crew = Crew(Limits(timeout=60, memory=4 * 10**9), 1)
    cells = grid([loading.target(f"{HEALTHY}:Net")], [CPU], catalog.checks(("forward",)))
    with pytest.raises(RuntimeError, match=r"^a worker does not start: the process ended with exit status 1"):
        list(crew.run(cells, lambda _: None))
    crew.close()


def test_an_empty_plan(crew):
    assert list(crew.run([], lambda _: None)) == []
