import inspect

import pytest
import torch
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel

from samedevice.suites.parity.dtypes import DTYPES


class Table(nn.Module):
    def __init__(self, aware=False):
        super().__init__()
        self.linear, self.aware = nn.Linear(4, 4), aware

    def table(self, x):
        if self.aware:
            return torch.ones(4, dtype=x.dtype, device=x.device)
        return torch.ones(4, device=x.device)  # born

    def forward(self, x):
        steps = self.table(x)
        return self.linear(x * steps)


def born(cls):
    source, start = inspect.getsourcelines(cls)
    return next(number for number, text in enumerate(source, start) if text.rstrip().endswith("# born"))


def test_a_constant_of_another_dtype_is_named_with_its_line(findings):
    found = findings(DTYPES, Table)
    assert [(one.code, one.severity) for one in found] == [("SD207", "note")] * 2
    assert all((one.origin.file, one.origin.line) == (__file__, born(Table)) for one in found)
    assert found[0].use.line > found[0].origin.line
    assert [one.message.split()[1] for one in found] == ["float16", "bfloat16"]


def test_one_of_the_same_dtype_is_not(cell):
    result = cell(DTYPES, lambda: Table(aware=True))
    assert result.findings == ()
    assert {measure.name: measure.value for measure in result.measures} == {"dtypes_run": 3}


class Held(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.scale = nn.Linear(4, 4), torch.ones(4)

    def forward(self, x):
        return self.linear(x * self.scale)


def test_a_tensor_that_the_model_holds_is_named_by_its_path(findings):
    assert {one.subject for one in findings(DTYPES, Held)} == {"scale"}


class Gated(nn.Module):
    """Its gate stays in float32 and reads what it is fed; the rest casts that itself."""

    _keep_in_fp32_modules_strict = ("gate",)

    def __init__(self, casts=True):
        super().__init__()
        self.linear, self.gate, self.casts = nn.Linear(4, 4), nn.Linear(4, 1), casts

    def forward(self, x):
        y = self.linear(x.to(self.linear.weight.dtype) if self.casts else x)
        return y.float() * self.gate(x).sigmoid()


def test_a_model_that_casts_its_inputs_itself_is_fed_as_its_maker_feeds_it(findings):
    assert findings(DTYPES, Gated) == []
    assert {one.code for one in findings(DTYPES, lambda: Gated(casts=False))} == {"SD207"}


class Masking(nn.Module):
    def __init__(self, lowest=None):
        super().__init__()
        self.linear, self.lowest = nn.Linear(4, 4), lowest

    def forward(self, x):
        lowest = torch.finfo(x.dtype).min if self.lowest is None else self.lowest
        return self.linear(x).masked_fill(x > 0, lowest).softmax(-1)


def test_a_number_that_half_precision_cannot_hold(findings):
    (found,) = findings(DTYPES, lambda: Masking(-1e9))
    assert found.code == "SD207"
    assert "in float16 it raises RuntimeError: value cannot be converted" in found.message
    assert findings(DTYPES, Masking) == []


class Odd(nn.Module):
    def __init__(self, loses):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.register_buffer("step", torch.tensor(3))
        self.register_buffer("seen", torch.tensor([True, False]))
        turns = torch.polar(torch.ones(2), torch.arange(2.0))
        self.register_buffer("turns", turns if loses else torch.view_as_real(turns))

    def forward(self, x):
        return self.linear(x) * self.step


def test_a_complex_table_loses_its_half(findings):
    found = findings(DTYPES, lambda: Odd(loses=True))
    assert [(one.code, one.subject) for one in found] == [("SD208", "turns")] * 3
    assert findings(DTYPES, lambda: Odd(loses=False)) == []


class Everything(Table):
    """Casts its integers along."""

    def __init__(self):
        super().__init__(aware=True)
        self.register_buffer("step", torch.tensor(3))

    def _apply(self, fn, recurse=True):
        out = super()._apply(fn, recurse)
        self.step = self.step.to(self.linear.weight.dtype)
        return out


def test_an_integer_must_stay(findings):
    found = findings(DTYPES, Everything)
    assert {(one.code, one.subject) for one in found} == {("SD208", "step")}


class Promising(GPT2LMHeadModel):
    def forward(self, input_ids, **options):
        hidden = self.transformer(input_ids).last_hidden_state
        return self.lm_head(hidden * torch.ones(16))


def language_model(cls):
    sizes = {"n_layer": 1, "n_embd": 16, "n_head": 2, "vocab_size": 32, "n_positions": 32}
    return cls(GPT2Config(**sizes, bos_token_id=0, eos_token_id=0)).eval()


def tokens():
    return {"input_ids": torch.arange(2, 18).view(2, 8)}


def test_a_library_that_promises_half_precision_is_held_to_it(findings):
    found = findings(DTYPES, lambda: language_model(Promising), inputs=tokens)
    assert [one.severity for one in found] == ["warning", "warning"]
    assert findings(DTYPES, lambda: language_model(GPT2LMHeadModel), inputs=tokens) == []


class Distant(nn.Module):
    """The CPU has no half kernel for this, and nothing follows."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x):
        return torch.cdist(self.linear(x), x)


def test_a_kernel_that_the_cpu_lacks_is_no_finding(cell):
    result = cell(DTYPES, Distant)
    assert (result.status, result.findings) == ("pass", ())
    assert {measure.name: measure.value for measure in result.measures} == {"dtypes_run": 1}


class Solving(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.eye(4))

    def forward(self, x):
        return torch.nn.functional.cross_entropy(x @ self.weight, torch.zeros(2, device=x.device).long())


@pytest.mark.parametrize("on", ["cuda", "mps"])
def test_on_devices_half_precision_is_asked(cell, on):
    result = cell(DTYPES, Solving, on)
    assert (result.status, result.findings) == ("pass", ())
    assert {measure.name: measure.value for measure in result.measures}["dtypes_run"] == 2


def test_nothing_to_cast(cell):
    result = cell(DTYPES, lambda: nn.Flatten(), inputs=lambda: (torch.ones(2, 4),))
    assert result.reason == "no parameter or buffer is a floating number"


class Turning(nn.Module):
    """CUDA has no half kernel for `angle`."""

    def __init__(self, wide=False):
        super().__init__()
        self.linear, self.wide = nn.Linear(4, 4), wide

    def forward(self, x):
        hidden = self.linear(x)
        return hidden.float().angle().to(x.dtype) if self.wide else hidden.angle()


def test_a_kernel_that_the_device_lacks_is_named(findings):
    found = findings(DTYPES, Turning, "cuda")
    assert {(one.code, one.severity, one.op) for one in found} == {("SD204", "note", "aten::angle")}
    assert findings(DTYPES, lambda: Turning(wide=True), "cuda") == findings(DTYPES, Turning, "mps") == []


class Halved(Table):
    """Holds half precision already: whoever made it wants it."""

    def __init__(self):
        super().__init__()
        self.register_buffer("low", torch.ones(1, dtype=torch.bfloat16))


def test_a_model_that_holds_half_precision_is_warned_of(findings):
    assert {one.severity for one in findings(DTYPES, Halved)} == {"warning"}


class Refusing(Table):
    def to(self, *args, **kwargs):
        raise ValueError("`.to` is not supported for 4-bit models")


def test_a_model_that_refuses_a_cast_is_not_checked(cell):
    result = cell(DTYPES, Refusing)
    assert (result.status, result.findings) == ("not-checked", ())
    assert "float16: it was not cast: `.to` is not supported" in result.reason
