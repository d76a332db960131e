import torch
from torch import nn

from samedevice.harness.roundtrip.training import continued, trained


class Teaching(nn.Module):
    """Averages its student into its teacher at every call in training, the faster the earlier."""

    def __init__(self, calls=0):
        super().__init__()
        torch.manual_seed(5)
        self.student, self.teacher = nn.Linear(2, 2), nn.Linear(2, 2)
        self.calls, self.seen = calls, 0

    def forward(self, x):
        if self.training:
            self.calls += 1
            self.seen += len(x)
            for slow, fast in zip(self.teacher.parameters(), self.student.parameters(), strict=True):
                slow.data.lerp_(fast.data, 1 / self.calls)
        return self.teacher(x)


class Refusing(Teaching):
    def forward(self, x):
        if self.training:
            raise ValueError("no labels")
        return self.teacher(x)


X = {"x": torch.ones(3, 2)}


def test_afterwards_the_model_is_as_it_was():
    model = Teaching().eval()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    assert continued(model, X).equals(continued(model, X))
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert (model.calls, model.seen, model.training, model.teacher.training) == (0, 0, False, False)


def test_what_decides_the_next_steps_is_named_and_what_only_counts_is_not():
    hand, loaded = Teaching(calls=7), Teaching()
    hand.seen = 21
    gap, effects = trained(hand, loaded, X)
    assert "numbers of output[0] differ" in gap
    assert (effects.culprits, effects.explained) == (("calls",), True)
    loaded.calls = 7
    assert trained(hand, loaded, X) is None


def test_a_model_that_cannot_be_called_in_training_is_not_asked():
    assert trained(Refusing(calls=7), Refusing(), X) is None


def test_nothing_is_called_where_the_own_classes_keep_the_same(monkeypatch):
    monkeypatch.setattr("samedevice.harness.roundtrip.training.continued", None)
    one, other = Teaching(), Teaching()
    one.student.remark = "of the library"
    assert trained(one, other, X) is None
