import pytest
import torch

from samedevice.models.backbones import BACKBONES
from samedevice.models.encodings import ENCODINGS

every_encoding = pytest.mark.parametrize("name", ENCODINGS)
every_pair = pytest.mark.parametrize(("name", "backbone"), [(n, b) for n in ENCODINGS for b in BACKBONES])
# Wrong positions move these models' logits by 0.05 and more; a right computation in another order, by 1e-5.
close = {"rtol": 0, "atol": 1e-4}


def logits(model, **inputs):
    with torch.no_grad():
        return model(**inputs).logits


@every_pair
def test_padding_on_either_side_changes_no_real_token(name, backbone, reasoner, batch):
    model, real = reasoner(name, backbone), batch["input_ids"][[0], 4:]
    alone = logits(model, input_ids=real)
    left = logits(model, **batch)
    right = logits(model, **{key: value.roll(-4, 1) for key, value in batch.items()})
    torch.testing.assert_close(left[:1, 4:], alone, **close)
    torch.testing.assert_close(right[:1, :5], alone, **close)
    assert left.isfinite().all()
    assert right.isfinite().all()


@every_pair
def test_what_padding_holds_does_not_matter(name, backbone, reasoner, batch):
    model = reasoner(name, backbone)
    before = logits(model, **batch)
    batch["input_ids"][0, :4] = 77
    torch.testing.assert_close(logits(model, **batch)[0, 4:], before[0, 4:], **close)


@every_pair
def test_later_tokens_are_not_seen(name, backbone, reasoner, batch):
    model = reasoner(name, backbone)
    before = logits(model, **batch)
    batch["input_ids"][:, 6] = 200
    after = logits(model, **batch)
    torch.testing.assert_close(after[:, 4:6], before[:, 4:6], **close)
    assert (after[:, 6:] - before[:, 6:]).abs().max() > 0.01


@every_pair
def test_order_matters_unless_there_are_no_positions(name, backbone, reasoner):
    model = reasoner(name, backbone)
    ids = torch.tensor([[10, 20, 30, 40, 50]])
    moved = (logits(model, input_ids=ids) - logits(model, input_ids=ids[:, [1, 0, 2, 3, 4]]))[0, -1].abs().max()
    if name == "none":
        # One layer is blind to the order of the past; two see it only through the causal mask.
        single = logits(reasoner(name, backbone).eval(), input_ids=ids[:, :1], position_ids=torch.tensor([[900]]))
        torch.testing.assert_close(single, logits(model, input_ids=ids[:, :1]), **close)
    else:
        assert moved > 1e-3


@every_encoding
def test_long_inputs(name, reasoner):
    ids = torch.arange(1500).remainder(256).add(3).unsqueeze(0)
    assert logits(reasoner(name), input_ids=ids, logits_to_keep=2).isfinite().all()


@every_pair
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
def test_sixteen_bits(name, backbone, dtype, reasoner, batch):
    model = reasoner(name, backbone)
    exact = logits(model, **batch)[:, 4:]
    rounded = logits(model.to(dtype), **batch)[:, 4:]
    assert rounded.dtype == dtype
    # bfloat16 keeps 8 bits; two layers and a sum over 64 features lose about three more.
    allowed = {torch.bfloat16: 0.3, torch.float16: 0.04}[dtype]
    torch.testing.assert_close(rounded.float(), exact, rtol=0, atol=allowed)


@every_pair
def test_eager_equals_sdpa_and_returns_weights(name, backbone, reasoner, batch):
    model = reasoner(name, backbone)
    fused = logits(model, **batch)
    model.set_attn_implementation("eager")
    with torch.no_grad():
        written_out = model(**batch, output_attentions=True)
    torch.testing.assert_close(written_out.logits[0, 4:], fused[0, 4:], **close)
    torch.testing.assert_close(written_out.logits[1], fused[1], **close)
    assert [weights.shape for weights in written_out.attentions] == [(2, 4, 9, 9)] * 2


def test_refuses_attention_that_would_ignore_the_positions(reasoner):
    model = reasoner("alibi")
    with pytest.raises(ValueError, match="'flex_attention' would ignore the position encoding"):
        model.set_attn_implementation("flex_attention")


@pytest.mark.parametrize(
    "arguments", [{}, {"input_ids": torch.ones(1, 1, dtype=torch.long), "inputs_embeds": torch.ones(1, 1, 64)}]
)
def test_reads_exactly_one_input(arguments, reasoner):
    with pytest.raises(ValueError, match="reads input_ids or inputs_embeds: pass exactly one of them"):
        reasoner("rope")(**arguments)


@every_encoding
def test_embeddings_in_place_of_ids(name, reasoner, batch):
    model = reasoner(name)
    embeds = model.get_input_embeddings()(batch["input_ids"]).detach()
    from_embeds = logits(model, inputs_embeds=embeds, attention_mask=batch["attention_mask"])
    if name == "math_adaptive":  # without ids, every token counts as `other`
        assert (from_embeds - logits(model, **batch))[1].abs().max() > 0.01  # letters stand in the second row
        with torch.no_grad():
            adjustments = model.position_encoding.frequency_adjustments
            adjustments.copy_(adjustments[4].clone())
    torch.testing.assert_close(from_embeds[0, 4:], logits(model, **batch)[0, 4:], **close)


@every_pair
def test_a_constant_offset_changes_nothing_for_relative_positions(name, backbone, reasoner):
    model, ids = reasoner(name, backbone), torch.tensor([[10, 20, 30, 40, 50]])
    moved = logits(model, input_ids=ids, position_ids=torch.arange(30, 35).unsqueeze(0))
    change = (moved - logits(model, input_ids=ids)).abs().max()
    relative = name in {"rope", "mathematical_rope", "long_sequence_rope", "t5_relative", "alibi", "diet_rel", "none"}
    assert change < 1e-3 if relative else change > 1e-2


@every_encoding
def test_everything_is_made_on_the_device_of_the_inputs(name, reasoner, batch):
    # The meta device refuses partners from the CPU as an accelerator would.
    model = reasoner(name).to("meta")
    assert model(**{key: value.to("meta") for key, value in batch.items()}).logits.is_meta
