"""A reasoner's life on one device: `--devices` says which, tox runs this folder once for each."""

from copy import deepcopy

import pytest
import torch

from samedevice.models import MathReasonerForCausalLM
from samedevice.models.targets import reasoner_targets

NEW_TOKENS = 4


@pytest.fixture(params=reasoner_targets(), ids=lambda target: target.name)
def target(request):
    return request.param


@pytest.fixture
def there(target, device):
    """The model and its inputs on the device."""
    return target.build().to(device), {name: tensor.to(device) for name, tensor in target.inputs().items()}


def devices_of(model):
    return {str(tensor.device) for tensor in model.state_dict().values()}


def test_logits_are_those_of_the_cpu(target, device, there):
    model, inputs = there
    with torch.no_grad():
        logits = model(**inputs).logits
        expected = target.build()(**target.inputs()).logits
    assert str(logits.device) == device
    # A row of attention that sees nothing is what a kernel makes of it: an H200 gives padding other logits than a CPU.
    is_text = target.inputs()["attention_mask"].bool()
    torch.testing.assert_close(logits.cpu()[is_text], expected[is_text])


def test_a_step_of_training_changes_every_parameter_that_has_a_gradient_and_moves_none(device, there):
    model, inputs = there
    before = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1, weight_decay=0.0)
    model(**inputs, labels=inputs["input_ids"]).loss.backward()
    gradients = {name: parameter.grad for name, parameter in model.named_parameters() if parameter.grad is not None}
    assert {str(gradient.device) for gradient in gradients.values()} == {device}
    optimizer.step()
    changed = {name for name, parameter in model.named_parameters() if not torch.equal(parameter, before[name])}
    assert changed == {name for name, gradient in gradients.items() if gradient.any()}
    assert devices_of(model) == {device}


def test_generation_needs_no_cache_and_no_cpu_for_its_tokens(target, there):
    model, inputs = there
    greedy = {"do_sample": False, "min_new_tokens": NEW_TOKENS, "max_new_tokens": NEW_TOKENS}
    tokens = model.generate(**inputs, **greedy).tolist()
    assert tokens == model.generate(**inputs, **greedy, use_cache=False).tolist()
    assert tokens == target.build().generate(**target.inputs(), **greedy).tolist()


def test_a_copy_is_on_the_device_and_comes_back_as_it_went(target, device, there):
    model, _ = there
    copy = deepcopy(model)
    assert devices_of(copy) == {device}
    back = copy.to("cpu").state_dict()
    assert devices_of(model) == {device}
    for name, tensor in target.build().state_dict().items():
        assert torch.equal(back[name], tensor), name


def test_saved_from_the_device_it_loads_on_the_cpu(target, there, tmp_path):
    model, _ = there
    model.save_pretrained(tmp_path)
    loaded = MathReasonerForCausalLM.from_pretrained(tmp_path).state_dict()
    for name, tensor in target.build().state_dict().items():
        assert torch.equal(loaded[name], tensor), name


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
def test_half_precision_stays_half_and_finite(there, dtype):
    model, inputs = there
    with torch.no_grad():
        logits = model.to(dtype)(**inputs).logits
    assert logits.dtype is dtype
    assert logits.isfinite().all()


@pytest.mark.devices("cuda", "mps")
def test_inputs_left_on_the_cpu_are_refused(target, there):
    model, _ = there
    with pytest.raises(RuntimeError, match=r"same device|on CPU|Placeholder storage"):
        model(**target.inputs())
