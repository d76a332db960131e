"""Libraries that move models for their users: transformers' loading, pipelines and Trainer, accelerate, safetensors."""

import pytest
import torch
import transformers as hf
from safetensors.torch import load_file, save_file
from torch import nn

import samedevice

pytestmark = pytest.mark.filterwarnings("ignore")
IDS = torch.tensor([[3, 5, 7, 9]])
SPLIT = {
    "transformer.wte": 0,
    "transformer.wpe": 0,
    "transformer.h.0": 0,
    "transformer.h.1": 1,
    "transformer.ln_f": 1,
    "lm_head": 1,
}


def tiny():
    torch.manual_seed(0)
    config = hf.GPT2Config(n_layer=2, n_embd=32, n_head=4, vocab_size=384, bos_token_id=1, eos_token_id=2)
    config.tie_word_embeddings = False
    return hf.GPT2LMHeadModel(config).eval()


@pytest.fixture
def saved(tmp_path):
    tiny().save_pretrained(tmp_path)
    hf.ByT5Tokenizer().save_pretrained(tmp_path)
    return tmp_path


@pytest.fixture
def two():
    with samedevice.virtual("cuda", count=2):
        yield


def places(model):
    return {str(parameter.device) for parameter in model.parameters()}


@pytest.mark.parametrize(
    ("device_map", "expected"),
    [("cuda", {"cuda:0"}), ("cuda:1", {"cuda:1"}), ({"": 1}, {"cuda:1"}), (SPLIT, {"cuda:0", "cuda:1"})],
    ids=["cuda", "cuda:1", "index", "split"],
)
def test_device_map_places_weights_and_computes_what_the_cpu_computes(saved, device_map, expected):
    on_cpu = hf.GPT2LMHeadModel.from_pretrained(saved)
    tokens = on_cpu.generate(IDS, max_new_tokens=4, min_new_tokens=4, do_sample=False)
    with samedevice.virtual("cuda", count=2):
        model = hf.GPT2LMHeadModel.from_pretrained(saved, device_map=device_map)
        assert places(model) == expected
        first = next(iter(sorted(expected)))
        found = model.generate(IDS.to(first), max_new_tokens=4, min_new_tokens=4, do_sample=False)
        assert str(found.device) == first
        assert torch.equal(found.cpu(), tokens)


def test_a_pipeline_runs_on_its_device(saved, two):
    pipe = hf.pipeline("text-generation", model=str(saved), tokenizer=str(saved), device=1)
    assert places(pipe.model) == {"cuda:1"}
    assert pipe("2+2=", max_new_tokens=2, do_sample=False)[0]["generated_text"].startswith("2+2=")


def test_data_parallel_computes_what_one_device_computes(two):
    torch.manual_seed(0)
    layer, x = nn.Linear(3, 2), torch.linspace(-1, 1, 12).view(4, 3)
    expected = layer(x)
    expected.sum().backward()
    gradient = layer.weight.grad.clone()
    layer.zero_grad()
    replicated = nn.DataParallel(layer.cuda())
    found = replicated(x.cuda())
    assert str(found.device) == "cuda:0"
    assert torch.equal(found.detach().cpu(), expected.detach())
    found.sum().backward()
    assert str(layer.weight.grad.device) == "cuda:0"
    torch.testing.assert_close(layer.weight.grad.cpu(), gradient)


def test_an_accelerator_from_before_keeps_its_device():
    from accelerate import Accelerator

    assert Accelerator().device.type == "cpu"
    with samedevice.virtual("cuda"):
        assert Accelerator().device.type == "cuda"
    assert Accelerator().device.type == "cpu"


def test_an_accelerator_prepares_and_trains(two):
    from accelerate import Accelerator

    accelerator = Accelerator()
    model, batches = nn.Linear(3, 1), torch.utils.data.DataLoader(torch.ones(4, 3), batch_size=2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    before = model.weight.detach().clone()
    model, optimizer, batches = accelerator.prepare(model, optimizer, batches)
    for batch in batches:
        assert batch.is_cuda
        accelerator.backward(model(batch).sum())
        optimizer.step()
    assert places(model) == {"cuda:0"}
    assert not torch.equal(model.weight.detach().cpu(), before)


def test_the_trainer_trains(tmp_path):
    rows = [{"input_ids": IDS[0], "labels": IDS[0]}] * 4
    options = {"max_steps": 2, "per_device_train_batch_size": 2, "report_to": [], "save_strategy": "no"}
    with samedevice.virtual("cuda"):
        arguments = hf.TrainingArguments(output_dir=tmp_path, disable_tqdm=True, **options)
        trainer = hf.Trainer(tiny(), arguments, train_dataset=rows)
        outcome = trainer.train()
        assert places(trainer.model) == {"cuda:0"}
        assert outcome.global_step == 2


def test_safetensors_load_where_they_are_told(tmp_path, two):
    save_file({"a": torch.arange(3.0, device="cuda")}, tmp_path / "a.safetensors")
    loaded = load_file(tmp_path / "a.safetensors", device="cuda:1")["a"]
    assert str(loaded.device) == "cuda:1"
    assert loaded.tolist() == [0, 1, 2]
    assert str(load_file(tmp_path / "a.safetensors")["a"].device) == "cpu"


def test_a_bare_index_is_the_accelerators(two):
    assert torch.device(1) == torch.device("cuda", 1)
    assert torch.device("cpu") == torch.zeros(1).device
    with torch.device(1):
        assert str(torch.zeros(1).device) == "cuda:1"


def test_what_a_library_remembers_of_the_devices_is_forgotten():
    from transformers.utils import import_utils

    before = import_utils.is_torch_cuda_available()
    with samedevice.virtual("cuda"):
        assert import_utils.is_torch_cuda_available()
    assert import_utils.is_torch_cuda_available() == before
