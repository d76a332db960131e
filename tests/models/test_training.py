import pytest
import torch
from peft import LoraConfig, get_peft_model

from samedevice.models.backbones import BACKBONES
from samedevice.models.encodings import ENCODINGS

every_pair = pytest.mark.parametrize(("name", "backbone"), [(n, b) for n in ENCODINGS for b in BACKBONES])
QUERY_KEY_VALUE = {"gpt2": "c_attn", "gpt_neox": "query_key_value"}


def gradients(model, batch):
    model.zero_grad()
    model(**batch, labels=batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)).loss.backward()
    return {key: parameter.grad.clone() for key, parameter in model.named_parameters() if parameter.grad is not None}


@every_pair
def test_every_parameter_receives_a_gradient(name, backbone, reasoner, batch):
    model = reasoner(name, backbone).train()
    found = gradients(model, batch)
    assert set(found) == {key for key, _ in model.named_parameters()}
    for key, gradient in found.items():
        assert gradient.isfinite().all(), key
        # A shift of all scores, such as the key's bias makes, cancels in the softmax: its gradient is 0 in theory.
        assert gradient.abs().max() > 0, key


@every_pair
@pytest.mark.parametrize("use_reentrant", [False, True])
def test_gradient_checkpointing_changes_no_gradient(name, backbone, use_reentrant, reasoner, batch):
    model = reasoner(name, backbone).train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    plain = gradients(model, batch)
    model.activation_checkpointing_enable({"use_reentrant": use_reentrant})
    assert model.is_activation_checkpointing
    checkpointed = gradients(model, batch)
    assert set(checkpointed) == set(plain)
    for key, gradient in plain.items():
        torch.testing.assert_close(checkpointed[key], gradient, rtol=1e-4, atol=1e-6, msg=key)


# PEFT 0.21 asks for the old name of a property.
@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")
@every_pair
def test_lora(name, backbone, reasoner, batch, tmp_path):
    model = reasoner(name, backbone)
    before = model(**batch).logits.detach()
    adapted = get_peft_model(
        model,
        LoraConfig(
            task_type="CAUSAL_LM", r=2, target_modules=[QUERY_KEY_VALUE[backbone]], fan_in_fan_out=backbone == "gpt2"
        ),
    )
    torch.testing.assert_close(adapted(**batch).logits, before)
    found = gradients(adapted.train(), batch)
    assert found
    assert all("lora_" in key for key in found)
    options = {"max_new_tokens": 3, "do_sample": False, "eos_token_id": None}
    cached = adapted.eval().generate(**batch, **options)
    assert torch.equal(cached, adapted.generate(**batch, **options, use_cache=False))


@every_pair
def test_a_few_steps_lower_the_loss(name, backbone, reasoner, batch):
    model = reasoner(name, backbone).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = model(**batch, labels=batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)).loss
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]


@pytest.mark.parametrize("name", ENCODINGS)
def test_autocast(name, reasoner, batch):
    model = reasoner(name)
    with torch.no_grad():
        exact = model(**batch).logits
        with torch.autocast("cpu", dtype=torch.bfloat16):
            mixed = model(**batch).logits
    torch.testing.assert_close(mixed[:, 4:].float(), exact[:, 4:], rtol=0, atol=0.3)
