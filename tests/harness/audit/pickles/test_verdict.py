"""What would run when a pickle is loaded is told, and never runs: the marker file never appears."""

import base64
import io
import os
import pickle
import pickletools
import struct
import sys
import zipfile
import zlib

import numpy
import pytest
import torch
from torch import nn
from torch._weights_only_unpickler import _get_allowed_globals

from samedevice.harness.audit.pickles import allowed


@pytest.fixture(autouse=True)
def marker(tmp_path):
    """A file that the pickles of these tests make when they are loaded."""
    path = tmp_path / "marker"
    yield path
    assert not path.exists()


def test_the_allowed_names_are_torchs_own():
    assert _get_allowed_globals().keys() == allowed.ALLOWED


class Runs:
    """Runs a function when it is loaded."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def spelled(module, name, argument):
    """A pickle of protocol 4 that calls `module.name(argument)`, put together by hand."""
    text = lambda word: b"\x8c" + bytes([len(word)]) + word.encode()  # noqa: E731
    return b"\x80\x04" + text(module) + text(name) + b"\x93" + text(argument) + b"\x85R."


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda at: pickle.dumps(Runs(os.system, f"touch {at}")), "os.system (posix.system)"),
        (lambda at: pickle.dumps(Runs(os.system, f"touch {at}"), 0), "os.system"),
        (lambda at: pickle.dumps(Runs(eval, f"open({str(at)!r}, 'w')"), 2), "builtins.eval"),
        (lambda at: b"cos\nsystem\n(S'touch " + str(at).encode() + b"'\ntR.", "os.system"),
        (lambda at: b"(S'touch " + str(at).encode() + b"'\nios\nsystem\n.", "os.system"),
        (lambda at: b"(cos\nsystem\nS'touch " + str(at).encode() + b"'\no.", "os.system"),
        (lambda at: spelled("subprocess", "getoutput", f"touch {at}"[:200]), "subprocess.getoutput"),
        (lambda at: spelled("torch.hub", "load", "x"), "torch.hub.load"),
        (lambda at: spelled("torch", "serialization.load", "x"), "torch.serialization.load"),
        (lambda at: spelled("transformers.training_args", "os.system", "x"), "transformers.training_args.os.system"),
        (lambda at: spelled("transformers.training_args", "Path.unlink", "x"), "training_args.Path.unlink"),
        (lambda at: spelled("transformers.trainer_utils", "get_last_checkpoint", "x"), "get_last_checkpoint"),
        (lambda at: pickle.dumps([1])[:-1] + b"0" + spelled("os", "system", f"touch {at}"[:200])[2:], "os.system"),
        # Broken after the call: an unpickler would have run it before it notices.
        (lambda at: b"cos\nsystem\n(S'touch " + str(at).encode() + b"'\ntR\xff", "os.system"),
        # Two in one file: the second is loaded by whoever reads on.
        (lambda at: pickle.dumps(1) + pickle.dumps(Runs(os.system, f"touch {at}")), "os.system"),
    ],
)
def test_calls_are_named(tmp_path, marker, reported, make, name):
    path = tmp_path / "evil.pkl"
    path.write_bytes(make(marker))
    reported(path, "SD735", "evil.pkl", name, "runs")


def test_a_name_that_is_computed_is_told(tmp_path, reported):
    # STACK_GLOBAL with a module name that a call returns.
    data = b"\x80\x04\x8c\x07_codecs\x8c\x06encode\x93\x8c\x02so\x85R\x8c\x06system\x93."
    pickletools.dis(data, io.StringIO())
    (tmp_path / "hidden.pkl").write_bytes(data)
    reported(tmp_path / "hidden.pkl", "SD735", "hidden.pkl", "<computed>.system")


@pytest.mark.parametrize("options", [{}, {"_use_new_zipfile_serialization": False}, {"pickle_protocol": 4}])
@pytest.mark.parametrize("suffix", ["pt", "bin", "ckpt", "pth"])
def test_files_of_torch_save(tmp_path, marker, reported, options, suffix):
    path = tmp_path / f"pytorch_model.{suffix}"
    torch.save({"weight": torch.ones(2), "extra": Runs(os.system, f"touch {marker}")}, path, **options)
    reported(path, "SD735", path.name, "os.system")


def test_the_second_pickle_of_an_archive_and_a_deflated_one(tmp_path, marker, reported):
    path = tmp_path / "model.pt"
    evil = pickle.dumps(Runs(os.system, f"touch {marker}"))
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        for names in (("model/data.pkl",), ("model/data.pkl", "other/DATA.PKL")):
            with zipfile.ZipFile(path, "w", method) as written:
                for name in names:
                    written.writestr(name, evil if name == names[-1] else pickle.dumps({}))
            reported(path, "SD735", "os.system", names[-1])


def test_a_whole_module_names_its_class(tmp_path, reported, problems):
    class_name = f"{Net.__module__}.{Net.__qualname__}"
    torch.save(Net(), tmp_path / "whole.pt")
    reported(tmp_path / "whole.pt", "SD736", "whole.pt", class_name, "torch.nn.modules.linear.Linear")
    torch.save({"model": Net(), "epoch": 3}, tmp_path / "inside.pt")
    reported(tmp_path / "inside.pt", "SD736", "inside.pt", class_name)
    assert {code for code, _ in problems(tmp_path / "whole.pt")} == {"SD736"}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 2)
        self.act = nn.GELU()


def test_arrays_of_numpy_are_a_note(tmp_path, found):
    for protocol in (2, 4, 5):
        path = tmp_path / "arrays.pkl"
        path.write_bytes(pickle.dumps({"a": numpy.ones(3), "b": numpy.float64(3)}, protocol))
        assert {(one.code, one.severity) for one in found(path)} <= {("SD738", "note")}


def test_numpys_own_files(tmp_path, problems, reported):
    numpy.savez(tmp_path / "fine.npz", a=numpy.ones(3), b=numpy.array(["text"]))
    numpy.save(tmp_path / "fine.npy", numpy.ones(3))
    assert problems(tmp_path) == []
    numpy.savez_compressed(tmp_path / "objects.npz", a=numpy.array([{}], dtype=object))
    numpy.save(tmp_path / "objects.npy", numpy.array([{}], dtype=object))
    reported(tmp_path, "SD735", "objects.npz", "a.npy", "Python objects")
    reported(tmp_path, "SD735", "objects.npy", "Python objects")


def test_keras(tmp_path, reported):
    code = base64.b64encode(b"\xe3").decode()
    config = f'{{"class_name": "Functional", "config": [{{"class_name": "Lambda", "code": "{code}"}}]}}'
    with zipfile.ZipFile(tmp_path / "net.keras", "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("config.json", config)
    (tmp_path / "net.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes((1 << 20) - 30) + config.encode())
    reported(tmp_path, "SD736", "net.keras", "Lambda")
    reported(tmp_path, "SD736", "net.h5", "Lambda")


def test_joblib(tmp_path, marker, reported):
    evil = pickle.dumps(Runs(os.system, f"touch {marker}"))
    (tmp_path / "model.joblib").write_bytes(evil)
    (tmp_path / "packed.joblib").write_bytes(zlib.compress(evil))
    reported(tmp_path, "SD735", "model.joblib", "os.system")
    reported(tmp_path, "SD735", "packed.joblib", "os.system")


def test_torchscript_is_told(tmp_path, reported):
    path = tmp_path / "script.pt"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("script/data.pkl", pickle.dumps({}))
        written.writestr("script/code/__torch__.py", "def forward(self): ...")
    reported(path, "SD736", "TorchScript", "script/code/__torch__.py")


def test_nothing_is_imported(tmp_path, found):
    path = tmp_path / "imports.pkl"
    path.write_bytes(spelled("antigravity", "fly", "now") + struct.pack("<I", 0))
    found(path)
    assert "antigravity" not in sys.modules


@pytest.mark.parametrize("base", ["pytorch_model.bin", "other.bin", "m.pt", "best.pth.tar", "weights.dat", "weights"])
@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_an_ending_hides_nothing(tmp_path, marker, reported, base, protocol):
    if protocol == 0 and base in ("best.pth.tar", "weights.dat", "weights"):
        pytest.skip("text under a foreign name: torch.load would have to be told to read it")
    (tmp_path / base).write_bytes(pickle.dumps(Runs(os.system, f"touch {marker}"), protocol))
    torch.save({"a": Runs(os.system, f"touch {marker}")}, tmp_path / f"zip-{base}")
    reported(tmp_path, "SD735", f"`{base}`", "os.system")
    reported(tmp_path, "SD735", f"`zip-{base}`", "os.system")


def test_a_tar_of_torch_is_not_vouched_for(tmp_path, reported):
    import tarfile

    with tarfile.open(tmp_path / "old.pt", "w") as archive:
        archive.add(__file__, "pickle")
    reported(tmp_path / "old.pt", "SD735", "old.pt", "tar archive")
