import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel, GPTNeoXConfig, GPTNeoXForCausalLM, LlamaConfig, LlamaForCausalLM

from samedevice.models import from_backbone
from samedevice.models.encodings import ENCODINGS

SIZES = {"hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 2, "vocab_size": 259}
IDS = {"bos_token_id": None, "eos_token_id": 1, "pad_token_id": 0, "initializer_range": 0.1}


@pytest.fixture
def stock():
    def build(backbone):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            if backbone == "gpt2":
                return GPT2LMHeadModel(GPT2Config(**SIZES, **IDS, n_positions=128)).eval()
            return GPTNeoXForCausalLM(GPTNeoXConfig(**SIZES, **IDS, intermediate_size=256)).eval()

    return build


def logits(model, batch):
    with torch.no_grad():
        positions = (batch["attention_mask"].cumsum(-1) - 1).clamp(min=0)
        return model(**batch, position_ids=positions).logits


@pytest.mark.parametrize(
    ("backbone", "name"), [("gpt2", "learned"), ("gpt_neox", "rope"), ("gpt_neox", "mathematical_rope")]
)
def test_the_positions_it_was_trained_with_change_nothing(backbone, name, stock, batch):
    original = stock(backbone)
    model = from_backbone(original, name)
    torch.testing.assert_close(logits(model, batch)[0, 4:], logits(original, batch)[0, 4:], rtol=0, atol=1e-5)
    torch.testing.assert_close(logits(model, batch)[1], logits(original, batch)[1], rtol=0, atol=1e-5)
    options = {"max_new_tokens": 8, "do_sample": False}
    assert torch.equal(model.generate(**batch, **options), original.generate(**batch, **options))


@pytest.mark.parametrize("backbone", ["gpt2", "gpt_neox"])
@pytest.mark.parametrize("name", ENCODINGS)
def test_keeps_every_other_weight(backbone, name, stock):
    original = stock(backbone)
    model = from_backbone(original, name)
    ours, theirs = model.backbone.state_dict(), original.state_dict()
    assert set(theirs) - set(ours) == ({"transformer.wpe.weight"} if backbone == "gpt2" else set())
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)
    assert ours.keys() <= theirs.keys()
    assert all(ours[key].data_ptr() != theirs[key].data_ptr() for key in ours)


@pytest.mark.parametrize("backbone", ["gpt2", "gpt_neox"])
def test_from_a_directory_in_another_dtype(backbone, stock, tmp_path):
    original = stock(backbone)
    original.save_pretrained(tmp_path)
    model = from_backbone(tmp_path, "alibi", dtype=torch.bfloat16)
    assert {parameter.dtype for parameter in model.parameters()} == {torch.bfloat16}
    weight = original.get_input_embeddings().weight
    assert torch.equal(model.get_input_embeddings().weight, weight.to(torch.bfloat16))


def test_leaves_the_source_as_it_was(stock, batch):
    original = stock("gpt_neox")
    before = logits(original, batch)
    from_backbone(original, "none")
    assert original.config._attn_implementation == "sdpa"
    assert torch.equal(logits(original, batch), before)


def test_options_of_the_caller_win(stock):
    assert from_backbone(stock("gpt_neox"), "rope", {"fraction": 1.0}).config.encoding_options["fraction"] == 1.0


def test_refuses_another_architecture():
    llama = LlamaForCausalLM(LlamaConfig(**SIZES, intermediate_size=64))
    with pytest.raises(ValueError, match="cannot take over the weights of a 'llama' model: give one of gpt2, gpt_neox"):
        from_backbone(llama, "rope")
