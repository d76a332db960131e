import pytest
import torch

from samedevice.models import attention
from samedevice.models.backbones import BACKBONES
from samedevice.models.encodings import ENCODINGS

every_pair = pytest.mark.parametrize(("name", "backbone"), [(n, b) for n in ENCODINGS for b in BACKBONES])
by_distance = pytest.mark.parametrize("name", [n for n, m in ENCODINGS.items() if m.place != "embedding"])
NEW_TOKENS = 8


def greedy(model, batch, **options):
    """Generated tokens [B,T] and the logits of each step [steps,B,V]."""
    settings = {"max_new_tokens": NEW_TOKENS, "do_sample": False, "eos_token_id": None, **options}
    output = model.generate(**batch, **settings, output_logits=True, return_dict_in_generate=True)
    return output.sequences, torch.stack(output.logits)


def assert_same(actual, expected):
    assert torch.equal(actual[0], expected[0])
    # Wrong key positions move the logits by 0.05 and more (see the control below).
    torch.testing.assert_close(actual[1], expected[1], rtol=0, atol=1e-3)


@every_pair
def test_greedy_tokens_with_and_without_cache(name, backbone, reasoner, batch):
    model = reasoner(name, backbone)
    uncached = greedy(model, batch, use_cache=False)
    assert_same(greedy(model, batch), uncached)
    assert_same(greedy(model, batch, cache_implementation="static"), uncached)


@by_distance
def test_the_comparison_sees_wrong_key_positions(name, reasoner, batch, monkeypatch):
    model = reasoner(name)
    right = greedy(model, batch)[1]

    def from_zero(queries, visible):
        return queries if queries.shape[-1] == visible.shape[-1] else torch.arange(visible.shape[-1]).unsqueeze(0)

    monkeypatch.setattr(attention, "key_positions", from_zero)
    assert (greedy(model, batch)[1][1] - right[1]).abs().max() > 0.05


@every_pair
def test_a_row_generates_the_same_alone(name, backbone, reasoner, batch):
    model = reasoner(name, backbone)
    together = greedy(model, batch)[0][0, 9:]
    alone = greedy(model, {"input_ids": batch["input_ids"][[0], 4:]})[0][0, 5:]
    assert torch.equal(together, alone)


@every_pair
def test_beam_search_with_and_without_cache(name, backbone, reasoner, batch):
    model = reasoner(name, backbone)
    options = {"max_new_tokens": 5, "num_beams": 3, "do_sample": False, "eos_token_id": None}
    assert torch.equal(model.generate(**batch, **options), model.generate(**batch, **options, use_cache=False))


@every_pair
def test_reading_in_pieces_gives_the_logits_of_the_whole(name, backbone, reasoner, batch):
    model = reasoner(name, backbone)
    with torch.no_grad():
        whole = model(**batch).logits
        past, pieces = None, []
        for start, end in ((0, 5), (5, 6), (6, 9)):
            output = model(
                input_ids=batch["input_ids"][:, start:end],
                attention_mask=batch["attention_mask"][:, :end],
                past_key_values=past,
                use_cache=True,
            )
            past, pieces = output.past_key_values, [*pieces, output.logits]
    torch.testing.assert_close(torch.cat(pieces, dim=1)[0, 4:], whole[0, 4:], rtol=0, atol=1e-4)
    torch.testing.assert_close(torch.cat(pieces, dim=1)[1], whole[1], rtol=0, atol=1e-4)


@by_distance
def test_an_offset_of_all_positions_holds_with_a_cache(name, reasoner):
    model, ids = reasoner(name), torch.tensor([[10, 20, 30, 40, 50]])
    positions = torch.arange(40, 45).unsqueeze(0)
    with torch.no_grad():
        whole = model(input_ids=ids, position_ids=positions).logits
        first = model(input_ids=ids[:, :3], position_ids=positions[:, :3], use_cache=True)
        rest = model(input_ids=ids[:, 3:], position_ids=positions[:, 3:], past_key_values=first.past_key_values)
    torch.testing.assert_close(rest.logits, whole[:, 3:], rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", ENCODINGS)
def test_generates_from_embeddings(name, reasoner, batch):
    model = reasoner(name)
    embeds = model.get_input_embeddings()(batch["input_ids"]).detach()
    if name == "math_adaptive":  # embeddings have no class
        with torch.no_grad():
            model.position_encoding.frequency_adjustments.fill_(1.0)
    options = {"max_new_tokens": 4, "do_sample": False, "eos_token_id": None}
    from_embeds = model.generate(inputs_embeds=embeds, attention_mask=batch["attention_mask"], **options)
    assert torch.equal(from_embeds, model.generate(**batch, **options)[:, 9:])
