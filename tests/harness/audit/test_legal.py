"""What the libraries write themselves is clean: no error, no warning. Notes are allowed where they are true."""

import shutil
import warnings

import pytest
import torch
from safetensors.torch import save_file, save_model
from torch import nn


def write_pretrained(folder, tiny):
    tiny.save_pretrained(folder)


def write_sharded(folder, tiny):
    tiny.save_pretrained(folder, max_shard_size="20KB")


def write_half(folder, tiny):
    tiny.bfloat16().save_pretrained(folder)


def write_bert(folder, tiny):
    from transformers import BertConfig, BertForMaskedLM

    sizes = {"hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 2, "intermediate_size": 32}
    BertForMaskedLM(BertConfig(**sizes, vocab_size=40)).save_pretrained(folder)


def write_t5(folder, tiny):
    from transformers import T5Config, T5ForConditionalGeneration

    sizes = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_decoder_layers": 2, "num_heads": 2}
    T5ForConditionalGeneration(T5Config(**sizes, vocab_size=40)).save_pretrained(folder)


def write_llama(folder, tiny):
    from transformers import LlamaConfig, LlamaForCausalLM

    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    LlamaForCausalLM(LlamaConfig(**sizes, vocab_size=40)).save_pretrained(folder)


def write_other_families(folder, tiny):
    import transformers

    text = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "vocab_size": 40}
    wide = {**text, "intermediate_size": 32}
    for name, sizes in {
        "GPTNeoX ForCausalLM": wide,
        "OPT ForCausalLM": {**text, "ffn_dim": 32, "word_embed_proj_dim": 16},
        "Bloom ForCausalLM": {"hidden_size": 16, "n_layer": 2, "n_head": 2, "vocab_size": 40},
        "DistilBert ForMaskedLM": {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 32, "vocab_size": 40},
        "Roberta ForSequenceClassification": wide,
        "Electra ForPreTraining": {**wide, "embedding_size": 8},
        "MT5 EncoderModel": {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2, "vocab_size": 40},
        "Mamba ForCausalLM": {**text, "state_size": 8},
        "ViT ForImageClassification": {**wide, "image_size": 16, "patch_size": 4},
    }.items():
        family, head = name.split()
        config = getattr(transformers, f"{family}Config")(**sizes)
        getattr(transformers, family + head)(config).save_pretrained(folder / family)


def write_albert(folder, tiny):
    from transformers import AlbertConfig, AlbertModel

    sizes = {"hidden_size": 16, "embedding_size": 8, "num_hidden_layers": 4, "num_attention_heads": 2}
    AlbertModel(AlbertConfig(**sizes, intermediate_size=32, vocab_size=40)).save_pretrained(folder)


def write_tokenizer(folder, tiny):
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    tiny.save_pretrained(folder)
    words = {f"w{number}": number for number in range(59)}
    tokenizer = Tokenizer(models.WordLevel({**words, "<unk>": 59}, unk_token="<unk>"))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>").save_pretrained(folder)


def write_adapter(folder, tiny):
    from peft import LoraConfig, get_peft_model

    get_peft_model(tiny, LoraConfig(r=2, target_modules=["c_attn"], fan_in_fan_out=True)).save_pretrained(folder)


def write_adapter_of_heads(folder, tiny):
    from peft import LoraConfig, get_peft_model
    from transformers import BertConfig, BertForSequenceClassification

    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    model = BertForSequenceClassification(BertConfig(**sizes, vocab_size=40))
    config = LoraConfig(r=4, task_type="SEQ_CLS", target_modules=["query", "word_embeddings"], use_dora=False)
    get_peft_model(model, config).save_pretrained(folder)


def write_prompts(folder, tiny):
    from peft import PromptTuningConfig, get_peft_model

    get_peft_model(tiny, PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=3)).save_pretrained(folder)


def write_safetensors(folder, tiny):
    save_file(dict(nn.Linear(3, 2).state_dict()), folder / "model.safetensors")


def write_tied_safetensors(folder, tiny):
    save_model(tiny, str(folder / "net.safetensors"))


def write_torch(folder, tiny):
    torch.save(tiny.state_dict(), folder / "model.pt")


def write_torch_parts(folder, tiny):
    model = nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    parts = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "rng": torch.get_rng_state()}
    torch.save(parts, folder / "last.ckpt")


def write_odd_tensors(folder, tiny):
    base = torch.arange(24.0)
    odd = {
        "view": base[3:9].view(2, 3),
        "transposed": base.view(4, 6).t(),
        "expanded": torch.ones(1, 3).expand(5, 3),
        "scalar": torch.tensor(7),
        "empty": torch.empty(0, 4),
        "parameter": nn.Parameter(torch.ones(2)),
        "complex": torch.ones(2, dtype=torch.complex64),
        "half": torch.ones(3, dtype=torch.float8_e4m3fn),
        "sparse": torch.eye(3).to_sparse(),
        "mask": torch.full((3, 3), float("-inf")).triu(1),
    }
    torch.save(odd, folder / "odd.pth")


def write_averaged(folder, tiny):
    torch.save(torch.optim.swa_utils.AveragedModel(nn.Linear(2, 2)).state_dict(), folder / "averaged.pt")


def write_inner_module(folder, tiny):
    save_file({"module.weight": torch.ones(2), "head.weight": torch.ones(2)}, folder / "named.safetensors")


def mixin(*, argument):
    from huggingface_hub import PyTorchModelHubMixin

    class Mixed(nn.Module, PyTorchModelHubMixin):
        def __init__(self, width: int = 3):
            super().__init__()
            self.linear = nn.Linear(width, width)

    class Bare(nn.Module, PyTorchModelHubMixin):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(3, 3)

    return Mixed(4) if argument else Bare()


def write_mixin(folder, tiny):
    mixin(argument=True).save_pretrained(folder)


def write_bare_mixin(folder, tiny):
    mixin(argument=False).save_pretrained(folder)


def write_distributed(folder, tiny):
    import torch.distributed.checkpoint as dcp

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dcp.save({"model": nn.Linear(3, 2).state_dict(), "step": 4}, checkpoint_id=folder / "dcp", no_dist=True)


def write_trainer(folder, tiny):
    from transformers import Trainer, TrainingArguments

    rows = [{"input_ids": torch.tensor([1, 2, 3]), "labels": torch.tensor([1, 2, 3])}] * 2
    quiet = {"report_to": [], "use_cpu": True, "disable_tqdm": True}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Trainer(tiny, TrainingArguments(str(folder), max_steps=1, save_steps=1, **quiet), train_dataset=rows).train()


def write_accelerate(folder, tiny):
    from accelerate import Accelerator

    accelerator = Accelerator(cpu=True)
    model = accelerator.prepare(nn.Linear(2, 2))
    accelerator.prepare(torch.optim.Adam(model.parameters()))
    accelerator.save_state(folder)


def write_hub_cache(folder, tiny):
    blobs, snapshot = folder / "blobs", folder / "snapshots" / "abc123"
    tiny.save_pretrained(blobs)
    snapshot.mkdir(parents=True)
    for file in list(blobs.iterdir()):
        file.rename(blobs / f"{file.name}-sha")
        (snapshot / file.name).symlink_to(f"../../blobs/{file.name}-sha")


WRITERS = [value for name, value in sorted(globals().items()) if name.startswith("write_")]


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__[6:])
@pytest.mark.filterwarnings("ignore:Seq2SeqTrainer", "ignore::FutureWarning", "ignore::UserWarning")
def test_what_a_library_writes_is_clean(write, tiny, tmp_path, problems):
    write(tmp_path, tiny)
    place = tmp_path / "snapshots" / "abc123" if write is write_hub_cache else tmp_path
    assert problems(place) == []
    assert problems(place, values=True) == []


def test_the_arguments_of_a_trainer_are_a_note(tiny, tmp_path, found):
    write_trainer(tmp_path, tiny)
    notes = [one for one in found(tmp_path) if one.subject == "checkpoint-1/training_args.bin"]
    assert [one.code for one in notes] == ["SD738"]
    assert "transformers.training_args.TrainingArguments" in notes[0].message


def test_a_copy_in_another_folder_is_no_rival(tiny, tmp_path, problems):
    tiny.save_pretrained(tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "a" / "checkpoint-2")
    assert problems(tmp_path) == []
