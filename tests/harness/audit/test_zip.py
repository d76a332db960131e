"""Files of torch.save: every byte of them is known, and so is every flip."""

import os
import zipfile
from io import BytesIO

import pytest
import torch

from samedevice.harness.audit import folder, reading, zip_archive


def rewritten(path, change, *, method=zipfile.ZIP_STORED):
    """The archive with its entries changed: `change` takes and returns a dict of names and bytes."""
    with zipfile.ZipFile(path) as opened:
        entries = {info.filename: opened.read(info) for info in opened.infolist()}
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as written:
        for name, data in change(dict(entries)).items():
            written.writestr(name, data)
    path.write_bytes(out.getvalue())
    return path


def test_every_flipped_bit_of_every_byte_is_told(zipped, problems):
    whole = zipped.read_bytes()
    silent = []
    with zipped.open("r+b", buffering=0) as file:  # in place: writing the whole anew takes ten times as long
        for at, byte in enumerate(whole):
            os.pwrite(file.fileno(), bytes([byte ^ 1 << (at % 8)]), at)
            if not problems(zipped):
                silent.append(at)
            os.pwrite(file.fileno(), bytes([byte]), at)
    assert silent == []
    assert problems(zipped) == []


def test_a_flip_in_a_tensor_names_the_tensor(zipped, reported):
    whole = bytearray(zipped.read_bytes())
    whole[whole.index(torch.load(zipped)["second.weight"].view(torch.uint8).numpy().tobytes())] ^= 4
    zipped.write_bytes(whole)
    torch.load(zipped)  # not a word
    reported(zipped, "SD731", "weights.pt", "`second.weight`", "weights/data/2")


def test_checksums_are_not_read_where_values_are_not_asked_for(zipped, problems):
    whole = bytearray(zipped.read_bytes())
    whole[whole.index(torch.load(zipped)["second.weight"].view(torch.uint8).numpy().tobytes())] ^= 4
    zipped.write_bytes(whole)
    assert problems(zipped, values=False) == []


def test_truncation_at_every_byte_is_told(zipped, problems):
    whole = zipped.read_bytes()
    for length in reversed(range(len(whole))):
        os.truncate(zipped, length)
        told = problems(zipped)
        assert told, length
        assert "weights.pt" in told[0][1]


def test_truncation_of_a_legacy_file_at_every_byte_is_told(tmp_path, tensors, problems):
    path = tmp_path / "old.pt"
    torch.save(tensors, path, _use_new_zipfile_serialization=False)
    assert problems(path) == []
    whole = path.read_bytes()
    for length in reversed(range(len(whole))):
        os.truncate(path, length)
        assert problems(path), length
    path.write_bytes(whole + b"\0")
    assert [code for code, _ in problems(path)] == ["SD712"]


def test_an_entry_that_the_pickle_does_not_refer_to(zipped, reported):
    rewritten(zipped, lambda entries: {**entries, "weights/data/9": b"hidden"})
    reported(zipped, "SD733", "weights.pt", "`weights/data/9`", "does not refer to")


def test_a_storage_that_is_not_there(zipped, reported):
    rewritten(zipped, lambda entries: {name: data for name, data in entries.items() if name != "weights/data/1"})
    reported(zipped, "SD733", "lacks `weights/data/1`")


def test_a_storage_that_is_too_short(zipped, reported):
    rewritten(zipped, lambda entries: {**entries, "weights/data/1": b"1234"})
    reported(zipped, "SD733", "`weights/data/1` has 4 bytes, and the pickle says 16")


@pytest.mark.parametrize("name", ["../../evil.so", "/etc/cron.d/x", "..\\evil.dll", "C:evil"])
def test_names_that_leave(zipped, reported, name):
    rewritten(zipped, lambda entries: {**entries, name: b""})
    reported(zipped, "SD732", "weights.pt", name)


@pytest.mark.parametrize(("order", "words"), [(b"big", "`big`"), (b"lit", "`lit`")])
def test_byte_order(zipped, reported, order, words):
    rewritten(zipped, lambda entries: {**entries, "weights/byteorder": order})
    reported(zipped, "SD734", words)


def test_a_deflated_archive_is_read_as_well(zipped, problems, reported):
    rewritten(zipped, lambda entries: entries, method=zipfile.ZIP_DEFLATED)
    assert {code for code, _ in problems(zipped)} == {"SD730"}  # not as torch.save wrote it


def test_a_bomb_is_not_inflated(tmp_path, reported, monkeypatch):
    monkeypatch.setattr(zip_archive, "BOMB", 1 << 20)
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written, written.open("zeros.npy", "w") as entry:
        for _ in range(2):
            entry.write(bytes(1 << 20))
    reported(path, "SD732", "inflates to")


def test_the_tensors_are_those_that_torch_loads(tmp_path, found):
    base = torch.arange(24.0)
    state = {"a": base[3:9].view(2, 3), "b": base.view(4, 6).t(), "c": {"d": [torch.ones(2, dtype=torch.int8)]}}
    for legacy in (False, True):
        path = tmp_path / f"{legacy}.pt"
        torch.save(state, path, _use_new_zipfile_serialization=not legacy)
        contents = reading.read(folder.alone(path).files[0])
        by_name = contents.named()
        assert {name: (one.dtype, one.shape) for name, one in by_name.items()} == {
            "a": ("F32", (2, 3)),
            "b": ("F32", (6, 4)),
            "c.d.0": ("I8", (2,)),
        }
        region = by_name["a"].region
        assert path.read_bytes()[region.start : region.end] == state["a"].numpy().tobytes()
        assert by_name["b"].view == "offset 0, stride [1, 6]"


def test_a_tensor_beyond_its_storage(tmp_path, reported):
    path = tmp_path / "beyond.pt"
    torch.save({"w": torch.ones(4)}, path)

    def change(found):
        # offset 0 -> 3 and size 4: elements 3 to 6 of 4
        return {**found, "beyond/data.pkl": found["beyond/data.pkl"].replace(b"QK\x00K\x04\x85", b"QK\x03K\x04\x85")}

    rewritten(path, change)
    reported(path, "SD714", "`w` reaches element 7 of a storage of 4")
    with pytest.raises(RuntimeError, match="storage"):
        torch.load(path)


def test_a_tensor_of_the_meta_device(tmp_path, reported):
    torch.save({"w": torch.empty(2, device="meta")}, tmp_path / "meta.pt")
    reported(tmp_path / "meta.pt", "SD753", "`w`", "meta device")


def test_tags_of_an_accelerator_are_a_note(tmp_path, found):
    path = tmp_path / "tagged.pt"
    torch.save({"w": torch.ones(2)}, path)
    rewritten(
        path, lambda e: {**e, "tagged/data.pkl": e["tagged/data.pkl"].replace(b"\x03\0\0\0cpu", b"\x06\0\0\0cuda:1")}
    )
    (told,) = [one for one in found(path) if one.code == "SD739"]
    assert "`cuda:1`" in told.message
    assert told.hint == "load it with `torch.load(..., map_location='cpu')`"
