import math

import pytest

from samedevice.harness.device import Device
from samedevice.harness.measure import Measure
from samedevice.harness.result import Status
from samedevice.reports.formats import markdown, text
from samedevice.reports.formats.trainings import evaluations, is_training, success

CPU, CUDA = Device(kind="cpu"), Device(kind="cuda", virtual=True)


@pytest.fixture
def trained(cell):
    """A maker of the cell of a training; `numbers` come on top."""

    def make(target, device=CPU, steps=5, rights=(1, 4), **numbers):
        measures = [
            Measure(name="batches_success", value=steps, of=5),
            Measure(name="device_errors", value=5 - steps),
            *(Measure(name=name, value=value) for name, value in numbers.items()),
        ]
        if steps == 5:
            measures += [Measure(name="loss_first", value=5.5), Measure(name="loss_last", value=2.25)]
            measures += [
                Measure(name=f"exact_match_{when}", value=value, of=20)
                for when, value in zip(("before", "after"), rights, strict=True)
            ]
            measures += [Measure(name="f1_before", value=0.25), Measure(name="f1_after", value=0.5)]
        return cell(target=target, device=device, suite="training", check="train", measures=tuple(measures))

    return make


def test_success_has_a_row_for_each_training_and_device_and_a_sum(trained):
    bytes_ = {"copied_bytes_per_step": 9091, "peak_bytes": 17.6e6}
    board = success([trained("qa"), trained("qa", CUDA, **bytes_), trained("math"), trained("math", CUDA, steps=0)])
    assert [heading.replace("\n", " ") for heading in board.headers] == [
        "training",
        "device",
        "batches [95 % interval]",
        "device errors",
        "loss first -> last",
        "copy /step",
        "peak bytes",
    ]
    assert board.rows == (
        ("qa", "cpu (real)", "5/5 [56.6, 100.0 %]", "0", "5.5 -> 2.25", "-", "-"),
        ("", "cuda:0 (virtual)", "5/5 [56.6, 100.0 %]", "0", "5.5 -> 2.25", "9.09 kB", "17.6 MB"),
        ("math", "cpu (real)", "5/5 [56.6, 100.0 %]", "0", "5.5 -> 2.25", "-", "-"),
        ("", "cuda:0 (virtual)", "0/5 [0.0, 43.4 %]", "5", "-", "-", "-"),
        ("all 2 trainings", "cpu (real)", "10/10", "0", "", "", ""),
        ("", "cuda:0 (virtual)", "5/10", "5", "", "", ""),
    )


def test_a_column_that_nobody_measured_is_not_there(trained, cell):
    assert success([trained("qa")]).headers[-1] == "loss\nfirst\n-> last"
    alone = cell(measures=(Measure(name="loss_first", value=1), Measure(name="loss_last", value=math.nan)))
    assert is_training(alone)
    assert success([alone]).rows == (("rope", "cpu (real)", "1 -> nan"),)


def test_devices_of_the_same_figures_share_an_evaluation(trained):
    mps = Device(kind="mps", virtual=True)
    found = dict(evaluations([trained("qa"), trained("qa", CUDA, rights=(1, 5)), trained("qa", mps)]))
    assert list(found) == ["cpu (real), mps:0 (virtual)", "cuda:0 (virtual)"]
    assert found["cpu (real), mps:0 (virtual)"].rows == (
        ("qa", "exact match", "1/20 [0.9, 23.6 %]", "4/20 [8.1, 41.6 %]"),
        ("", "f1", "0.25", "0.5"),
    )
    assert found["cuda:0 (virtual)"].rows[0][3] == "5/20 [11.2, 46.9 %]"


def test_a_training_that_died_was_not_evaluated(trained, cell):
    assert list(evaluations([trained("qa", steps=0)])) == []
    once = cell(measures=(Measure(name="f1_before", value=0.5),))
    ((_, board),) = evaluations([once])
    assert board.rows == (("rope", "f1", "0.5", "-"),)


def test_no_training_is_no_training(cell):
    assert not is_training(cell(measures=(Measure(name="forward_success", value=1, of=1),)))
    assert not is_training(cell())


def test_both_renderers_show_the_tables_instead_of_rates(trained, cell, report):
    other = cell(suite="math", measures=(Measure(name="forward_success", value=20, of=20),))
    told = report(trained("diffusion_absorbing", CUDA, copied_bytes_per_step=2e6, peak_bytes=1.2e7), other)
    page = text.render(told)
    assert "training: training success\n" in page
    assert "training: evaluation before and after, on cuda:0 (virtual)\n" in page
    assert "training: rates" not in page
    assert "math: rates on cpu (real)" in page
    assert max(map(len, page.splitlines())) <= 100
    page = markdown.render(told)
    assert "## training: training success\n\n| training " in page
    assert "| 5/5 \\[56.6, 100.0 %\\] " in page
    assert "## training: rates" not in page


def test_a_training_that_failed_is_in_the_table(trained, report):
    from dataclasses import replace

    page = text.render(report(replace(trained("qa", CUDA, steps=0), status=Status.FAIL)))
    assert "qa          cuda:0 (virtual)  0/5 [0.0, 43.4 %]" in page
    assert "evaluation" not in page
