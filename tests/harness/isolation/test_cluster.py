"""Cells on a local Ray cluster of two workers: `tox -e ray`. Skipped where Ray is not installed."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from samedevice.harness import catalog, loading
from samedevice.harness.cli import main
from samedevice.harness.device import Device
from samedevice.harness.errors import UsageError
from samedevice.harness.isolation import Limits, cluster
from samedevice.harness.plan import grid
from samedevice.harness.result import Status

HERE = Path(__file__).parent
CPU = Device(kind="cpu")


def test_without_ray_the_words_say_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main(["run", "math", "--executor", "ray"]) == 2
    assert capsys.readouterr().err == "samedevice: --executor ray needs Ray: pip install 'samedevice[ray]'\n"


with_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: tox -e ray")
# What Ray says of itself is not our affair.
quiet = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def ray_cluster():
    """A head without room for work, and two workers, one of which says that it has a GPU."""
    from ray.cluster_utils import Cluster

    found = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    found.add_node(num_cpus=1, num_gpus=0)
    found.add_node(num_cpus=1, num_gpus=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_ADDRESS", found.address)
        yield found
    found.shutdown()


@pytest.fixture
def here(ray_cluster):
    found = cluster.Cluster(Limits(timeout=20, memory=1), 2)
    yield found
    found.close()


def verdicts(executor, cells):
    begun = []
    results = dict(executor.run(cells, begun.append))
    assert sorted(results) == list(range(len(cells)))
    assert len(begun) == len(cells)
    return [results[place] for place in range(len(cells))]


def cells(*words, devices=(CPU,), checks=("forward", "placement")):
    return grid([loading.target(word) for word in words], devices, catalog.checks(checks))


@with_ray
@quiet
def test_cells_end_as_they_do_here(here):
    found = verdicts(here, cells(f"{HERE}/healthy.py:Net", devices=(CPU, Device(kind="cuda", virtual=True))))
    assert [(result.status, result.reason) for result in found] == [(Status.PASS, None)] * 4


@with_ray
@quiet
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("os_exit", "the process on the cluster is gone: "),
        ("segfault", "the process on the cluster is gone: "),
        ("infinite_loop", "not done after 20 seconds (--timeout)"),
        ("sys_exit", "SystemExit: 3"),
        ("base_exception", "Stop: enough"),
    ],
)
def test_a_cell_that_breaks_costs_no_other(here, name, reason):
    broken, healthy = verdicts(here, cells(f"{HERE}/hostile.py:{name}", f"{HERE}/healthy.py:Net", checks=("forward",)))
    assert broken.status is Status.ERROR
    assert broken.reason.startswith(reason), broken.reason
    assert healthy.status is Status.PASS


@with_ray
@quiet
def test_a_cell_of_a_real_gpu_goes_where_one_is(here, monkeypatch):
    gpu = Device(kind="cuda")
    asked = []
    options = cluster.Actor
    remote = here._ray.remote

    def noted(kind):
        assert kind is options
        made = remote(kind)
        return type("Noted", (), {"options": lambda self, **words: (asked.append(words), made.options(**words))[1]})()

    monkeypatch.setattr(here._ray, "remote", noted)
    (result,) = verdicts(here, cells(f"{HERE}/healthy.py:Net", devices=(gpu,), checks=("forward",)))
    assert asked == [{"num_cpus": 1, "num_gpus": 1}]
    assert result.status in (Status.PASS, Status.NOT_CHECKED)


@with_ray
@quiet
def test_from_the_command_line(ray_cluster, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    words = ["check", f"{HERE}/healthy.py:Net", "--devices", "cpu,cuda", "--executor", "ray", "-j", "2"]
    assert main([*words, "--checks", "forward,backward", "--format", "json"]) == 0
    assert [cell["status"] for cell in json.loads(capsys.readouterr().out)["cells"]] == ["pass"] * 4


@with_ray
@quiet
def test_other_versions_are_refused(here, monkeypatch):
    monkeypatch.setattr(cluster, "version", lambda name: "0.0")
    with pytest.raises(UsageError, match=r"the cluster has samedevice \S+, and here is 0\.0: install the same"):
        verdicts(here, cells(f"{HERE}/healthy.py:Net"))


@with_ray
@quiet
@pytest.mark.parametrize("address", ["127.0.0.1:1", None])
def test_no_cluster(monkeypatch, tmp_path, address):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    if address is not None:
        monkeypatch.setenv("RAY_ADDRESS", address)
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    with pytest.raises(UsageError, match="no Ray cluster is found: `ray start --head` starts one"):
        cluster.Cluster(Limits(timeout=1, memory=1), 1)
