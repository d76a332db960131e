import re

import torch
from huggingface_hub import ModelCard

from samedevice.models.diffusion.model_card import model_card


def test_the_card_is_one_that_the_hub_reads(make):
    config = make(corruption="uniform", schedule="cosine")[0].config
    card = ModelCard(model_card(config, 12345, "some text"))
    assert (card.data.library_name, card.data.pipeline_tag) == ("transformers", "text-generation")
    assert "12,345 parameters, trained on some text" in card.text
    assert "uniform, cosine schedule of 64 steps" in card.text
    assert "{" not in re.sub(r"```.*?```", "", card.text, flags=re.DOTALL)


def test_the_cards_example_runs(make, tmp_path, capsys):
    model, _ = make()
    model.save_pretrained(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", model_card(model.config, 1, "text"), re.DOTALL)
    before = torch.get_rng_state()
    exec(example.replace("path/to/this/folder", str(tmp_path)), {})
    assert capsys.readouterr().out.strip()
    assert torch.equal(torch.get_rng_state(), before)
