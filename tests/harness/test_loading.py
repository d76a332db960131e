import gc
import inspect
import pickle
import sys
from textwrap import dedent

import pytest
import torch
from torch import nn

from samedevice.harness import loading
from samedevice.harness.errors import UsageError

NET = """
    import torch
    from torch import nn

    STATE = []

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            STATE.append(1)
            self.fc = nn.Linear(2, 2)

        def forward(self, x):
            return self.fc(x)

    def make():
        return Net()

    net = Net()

    def inputs():
        return {"x": torch.ones(1, 2), "made": len(STATE)}
"""


@pytest.fixture
def file(tmp_path):
    def write(text=NET, name="case.py"):
        path = tmp_path / name
        path.write_text(dedent(text))
        return path

    return write


@pytest.mark.parametrize("name", ["make", "Net", "net"])
def test_factory_class_and_instance_of_a_file(file, name):
    path = file()
    target = loading.target(f"{path}:{name}")
    assert target.name == f"{path}:{name}"
    model = target.build()
    assert type(model).__name__ == "Net"
    assert target.build() is not model


def test_a_file_is_executed_afresh_and_inputs_come_from_the_last_execution(file):
    target = loading.target(f"{file()}:make")
    classes = [type(target.build()) for _ in range(3)]
    assert len(set(classes)) == 3
    assert target.inputs()["made"] == 2  # `net` and the last model, not the ones before


def test_inputs_of_the_factory_come_before_inputs_beside_it(file):
    path = file(NET + "\n    make.inputs = lambda: {'x': torch.zeros(3, 2)}\n")
    assert loading.target(f"{path}:make").inputs()["x"].shape == (3, 2)
    assert loading.target(f"{path}:Net").inputs()["x"].shape == (1, 2)


def test_classes_of_a_file_pickle_and_show_their_source(file):
    path = file()
    target = loading.target(f"{path}:make")
    first, second = target.build(), target.build()
    for model in (first, second):
        copy = pickle.loads(pickle.dumps(model))
        assert type(copy) is type(model)
        assert torch.equal(copy.fc.weight, model.fc.weight)
    assert inspect.getsource(type(second)).startswith("class Net(nn.Module):")
    assert inspect.getsourcefile(type(second)) == str(path)


def test_nothing_is_left_behind_when_the_target_goes(file, tmp_path):
    modules, path = set(sys.modules), list(sys.path)
    target = loading.target(f"{file()}:make")
    target.build()
    assert str(tmp_path) in sys.path
    del target
    gc.collect()
    assert {name for name in set(sys.modules) - modules if "case" in name} == set()
    assert sys.path == path


def test_no_bytecode_is_written_beside_the_file(file, tmp_path):
    loading.target(f"{file()}:make").build()
    assert [path.name for path in tmp_path.iterdir()] == ["case.py"]


def test_siblings_are_importable_and_executed_afresh_too(file):
    file("import torch\nSHARED = torch.nn.Identity()\nSEEN = []\n", "beside_the_case.py")
    target = loading.target(str(file("""
        from beside_the_case import SEEN
        from torch import nn

        def make():
            import beside_the_case
            SEEN.append(1)
            return nn.Linear(1, len(beside_the_case.SEEN))
    """)) + ":make")  # fmt: skip
    assert [target.build().out_features for _ in range(3)] == [1, 1, 1]


def test_a_file_that_registers_itself_is_executed_once(file):
    target = loading.target(str(file("""
        from transformers import AutoConfig, PretrainedConfig
        from torch import nn

        class Config(PretrainedConfig):
            model_type = "samedevice_test_registers_itself"

        AutoConfig.register(Config.model_type, Config)

        def make():
            return nn.Identity()
    """)) + ":make")  # fmt: skip
    assert target.build() is not target.build()


def test_dataclasses_and_future_annotations_work(file):
    target = loading.target(str(file("""
        from __future__ import annotations
        from dataclasses import dataclass, KW_ONLY
        from torch import nn

        @dataclass
        class Config:
            _: KW_ONLY
            size: int = 3

        class Holder:
            @staticmethod
            def make():
                return nn.Linear(Config().size, 1)
    """)) + ":Holder.make")  # fmt: skip
    assert target.build().in_features == 3


@pytest.mark.parametrize(
    ("spec", "fed"),
    [("feed", {"x": 1}), ("FEED", (1, 2)), ("NUMBER", 7)],
)
def test_inputs_of_the_same_file(file, spec, fed):
    path = file("""
        from torch import nn
        FEED, NUMBER = (1, 2), 7

        def feed():
            return {"x": 1}

        class Net(nn.Module):
            pass
    """)
    target = loading.target(f"{path}:Net", f"{path}:{spec}")
    target.build()
    assert target.inputs() == fed


def test_inputs_of_another_file_and_of_a_module(file):
    path, other = file(), file("inputs = {'x': [1]}", "other.py")
    fed = loading.target(f"{path}:make", f"{other}:inputs").inputs
    fed()["x"].append(2)
    assert fed() == {"x": [1]}
    assert loading.target(f"{path}:make", "math:pi").inputs() == pytest.approx(3.14159, abs=1e-5)


def test_modules_are_imported_once_and_instances_copied(file, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    file(NET, "an_importable_model.py")
    target = loading.target("an_importable_model:net")
    first, second = target.build(), target.build()
    assert type(first) is type(second)
    assert first is not second
    assert torch.equal(first.fc.weight, second.fc.weight)
    assert first.fc.weight is not second.fc.weight
    assert target.inputs()["made"] == 1


def test_without_inputs_they_are_made_from_the_model():
    from samedevice.harness.errors import NotChecked

    assert loading.target("torch.nn:Identity").inputs()["input"].shape == (2, 8)
    with pytest.raises(NotChecked, match="ModuleList has no forward"):
        loading.target("torch.nn:ModuleList").inputs()


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("nowhere/model.py:make", "no such file: nowhere/model.py"),
        ("model.py:make", "no such file: model.py"),
        ("no-module:make", "'no-module' is neither a file nor a module: give package.module:name, "),
        (":make", "':make' names nothing to load: give"),
        ("torch:", "'torch:' names nothing to load: give"),
        ("nothing", "no such target: nothing: give package.module:name, path/to/file.py:name, "),
    ],
)
def test_words_that_name_nothing(word, message):
    with pytest.raises(UsageError) as caught:
        loading.target(word)
    assert str(caught.value).startswith(message)


def test_a_file_without_a_name(file):
    path = file()
    with pytest.raises(UsageError, match=r"is a file: say which of its names, as in .*case\.py:make"):
        loading.target(str(path))


def test_names_that_hold_no_model(file):
    path = file("import os\nnumber = 3\ndef wants(size): ...\ndef gives():\n    return {}\n")
    for name, message in {
        "give": "case.py has no 'give', did you mean 'gives'? known are: wants, gives",
        "number": f"{path}:number is an int: want a factory, an nn.Module class or an instance",
        "wants": f"{path}:wants wants arguments (missing a required argument: 'size'): name a function that takes none",
        "gives": f"{path}:gives returns a dict: want a torch.nn.Module",
    }.items():
        with pytest.raises(UsageError) as caught:
            loading.target(f"{path}:{name}").build()
        assert str(caught.value) == message


def test_what_a_file_raises_is_raised_and_leaves_nothing(file):
    target = loading.target(f"{file('import no_such_module_at_all')}:make")
    with pytest.raises(ModuleNotFoundError):
        target.build()
    with pytest.raises(SyntaxError):
        loading.target(f"{file('def (:', 'bad.py')}:make").build()


def test_a_checkpoint_directory(tmp_path):
    from transformers import GPT2Config, GPT2LMHeadModel

    model = GPT2LMHeadModel(GPT2Config(n_layer=1, n_head=2, n_embd=4, vocab_size=16, n_positions=16))
    model.save_pretrained(tmp_path)
    target = loading.target(str(tmp_path))
    loaded = target.build()
    assert type(loaded) is GPT2LMHeadModel
    assert torch.equal(loaded.transformer.wte.weight, model.transformer.wte.weight)
    assert loaded(**target.inputs()).logits.shape == (2, 8, 16)


@pytest.mark.parametrize("shown", [True, False])
def test_a_checkpoint_loads_without_bars_and_leaves_the_setting(tmp_path, capfd, shown):
    from huggingface_hub.utils import are_progress_bars_disabled
    from transformers import GPT2Config, GPT2LMHeadModel
    from transformers.utils import logging

    GPT2LMHeadModel(GPT2Config(n_layer=1, n_head=2, n_embd=4, vocab_size=16)).save_pretrained(tmp_path)
    capfd.readouterr()
    switch = {True: logging.enable_progress_bar, False: logging.disable_progress_bar}
    before = logging.is_progress_bar_enabled()
    switch[shown]()
    try:
        loading.target(str(tmp_path)).build()
        left = (logging.is_progress_bar_enabled(), not are_progress_bars_disabled())
    finally:
        switch[before]()
    assert "Loading weights" not in capfd.readouterr().err
    assert left == (shown, shown)


def test_a_directory_that_is_no_checkpoint(tmp_path):
    with pytest.raises(UsageError, match=r"has no config\.json: only directories of transformers models"):
        loading.target(str(tmp_path))


def test_a_module_level_model_does_not_multiply(file):
    """Executions older than the last two are forgotten, with whatever they hold."""
    target = loading.target(f"{file()}:net")
    before = len(sys.modules)
    for _ in range(5):
        target.build()
    assert len(sys.modules) <= before + 2
    gc.collect()
    kinds = [type(thing) for thing in gc.get_objects()]
    assert sum(kind.__name__ == "Net" for kind in kinds if issubclass(kind, nn.Module)) <= 4
