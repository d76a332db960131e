import pytest
from transformers import AutoConfig, GPTNeoXConfig

from samedevice.models import MathReasonerConfig


def test_nests_the_configuration_of_the_backbone():
    config = MathReasonerConfig(backbone="gpt_neox", text_config={"hidden_size": 32, "num_attention_heads": 4})
    assert isinstance(config.text_config, GPTNeoXConfig)
    assert (config.hidden_size, config.num_attention_heads, config.vocab_size) == (32, 4, 50432)
    assert config.tie_word_embeddings is False
    assert MathReasonerConfig().tie_word_embeddings is True


@pytest.mark.parametrize("backbone", ["gpt2", "gpt_neox"])
@pytest.mark.parametrize("name", ["alibi", "math_adaptive"])
def test_survives_two_rounds_through_a_file(tmp_path, backbone, name):
    config = MathReasonerConfig(backbone=backbone, position_encoding=name, text_config={"vocab_size": 300})
    written = config
    for _ in range(2):
        written.save_pretrained(tmp_path)
        written = AutoConfig.from_pretrained(tmp_path)
    assert type(written) is MathReasonerConfig
    kept, left = config.to_dict(), written.to_dict()
    for values in (kept, left):
        del values["transformers_version"], values["_name_or_path"]
    assert kept == left


def test_two_configurations_share_no_options():
    options = {"vocab_size": 9}
    MathReasonerConfig(position_encoding="math_adaptive").encoding_options["vocab_size"] = 1
    assert MathReasonerConfig(position_encoding="math_adaptive").encoding_options == {"vocab_size": 50257}
    config = MathReasonerConfig(position_encoding="math_adaptive", encoding_options=options)
    config.encoding_options["dropout"] = 0.1
    assert options == {"vocab_size": 9}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"position_encoding": "rotary"}, "position_encoding 'rotary' is unknown: choose one of alibi, diet"),
        ({"backbone": "llama"}, "backbone 'llama' is unknown: choose one of gpt2, gpt_neox"),
        (
            {"backbone": "gpt2", "text_config": {"model_type": "gpt_neox"}},
            "text_config is of model type 'gpt_neox' and backbone is 'gpt2'",
        ),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        MathReasonerConfig(**arguments)
