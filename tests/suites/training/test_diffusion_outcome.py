import json
import math

import pytest

from samedevice.suites.training.diffusion_outcome import DiffusionOutcome, Generated, write_metrics, write_plot

MADE = Generated(noise_change_rate=1.0, repair_change_rate=0.5, corrupted=10, restored=4, sample="a\x00b")


def outcome(**changes):
    fields = {
        "device": "cuda:0",
        "is_virtual": True,
        "parameters": 7,
        "batches": 5,
        "losses": (4.0, 2.0, 2.0, 1.0, 1.0),
        "batches_per_epoch": 2,
        "validation_bounds": (math.log(8), math.log(4), math.log(2), math.log(2)),
        "before": MADE,
        "after": MADE,
    }
    return DiffusionOutcome(**{**fields, **changes})


def test_what_follows_from_the_losses():
    found = outcome()
    assert found.epoch_losses == (3.0, 1.5, 1.0)
    assert found.loss_fall == 0.75
    assert found.epoch_loss_fall == pytest.approx(2 / 3)
    assert found.perplexity_bounds == pytest.approx((8, 4, 2, 2))
    assert found.batches_succeeded == 5
    assert outcome(losses=(4.0, math.nan, math.inf)).batches_succeeded == 1


def test_the_metrics_file_holds_everything(tmp_path):
    write_metrics(outcome(), tmp_path / "metrics.json")
    read = json.loads((tmp_path / "metrics.json").read_text())
    assert read == json.loads(json.dumps(outcome().to_dict()))
    assert (read["loss_fall"], read["is_virtual"], read["after"]["sample"]) == (0.75, True, "a\x00b")


def test_the_plot_says_virtual_and_leaves_pyplot_alone(tmp_path, monkeypatch):
    from matplotlib import figure

    titles = []
    save = figure.Figure.savefig

    def noted(self, *args, **kwargs):
        (axes,) = self.axes
        titles.append((axes.get_title(), [line.get_label() for line in axes.lines if line.get_label()[0] != "_"]))
        return save(self, *args, **kwargs)

    monkeypatch.setattr(figure.Figure, "savefig", noted)
    for kind in (True, False):
        write_plot(outcome(is_virtual=kind), tmp_path / "loss.png")
    labels = ["loss of a batch", "mean of an epoch", "validation bound"]
    assert titles == [(f"Diffusion training on cuda:0 ({kind})", labels) for kind in ("virtual", "real")]
    assert (tmp_path / "loss.png").stat().st_size > 5000
