import json
from dataclasses import replace

import pytest

from samedevice.harness.device import Device
from samedevice.harness.errors import UsageError
from samedevice.harness.fidelity.recording import GZIP, Header, read, text
from samedevice.harness.writing import write


def test_a_recording_survives_its_file(recording, tmp_path):
    file = tmp_path / "a.json"
    file.write_text(text(recording), encoding="utf-8")
    assert read(str(file)) == recording


def test_a_packed_recording_is_the_same_every_time(recording, tmp_path):
    files = [tmp_path / "a.json.gz", tmp_path / "b.json.gz"]
    for file in files:
        write(str(file), text(recording))
        assert read(str(file)) == recording
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].read_bytes().startswith(GZIP)


def test_a_damaged_pack_is_no_recording(recording, tmp_path):
    file = tmp_path / "a.json.gz"
    write(str(file), text(recording))
    whole = file.read_bytes()
    for damaged in (whole[:-9], whole[:20] + b"\0" + whole[21:], whole[:-5] + b"\0" + whole[-4:]):
        file.write_bytes(damaged)
        with pytest.raises(UsageError, match="is no recording of"):
            read(str(file))


def test_one_row_is_one_line(recording):
    assert len(text(replace(recording, rows=recording.rows * 2)).splitlines()) == len(text(recording).splitlines()) + 3


@pytest.mark.parametrize("virtual", [False, True])
def test_the_file_says_whether_it_is_a_reference(recording, virtual):
    header = replace(recording.header, device=Device(kind="cuda", virtual=virtual))
    plain = json.loads(text(replace(recording, header=header)))
    assert plain["is_reference"] is not virtual
    assert plain["device"]["kind"] == ("virtual" if virtual else "real")
    assert plain["count"] == 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": "samedevice/1"}, "schema 'samedevice/1', expected 'samedevice-fidelity/1'"),
        ({"count": 4}, "3 rows, but its count is 4"),
        ({"rows": [{}], "count": 1}, "it lacks 'subject'"),
        ({"rows": None}, "'NoneType' object is not iterable"),
    ],
)
def test_other_files_are_refused(recording, tmp_path, change, message):
    file = tmp_path / "a.json"
    file.write_text(json.dumps(json.loads(text(recording)) | change))
    with pytest.raises(UsageError) as raised:
        read(str(file))
    assert str(raised.value) == f"{file} is no recording of `samedevice fidelity record`: {message}"


def test_what_is_no_json_is_refused(tmp_path):
    file = tmp_path / "a.json"
    file.write_bytes(b"\xff")
    with pytest.raises(UsageError, match="is no recording"):
        read(str(file))
    with pytest.raises(UsageError, match=r"cannot read .*: No such file or directory"):
        read(str(tmp_path / "b.json"))


def test_only_the_same_device_and_pytorch_go_on(header):
    assert header.is_continued_by(replace(header, date="later", selection="ops/*"))
    others: tuple[Header, ...] = (
        replace(header, device=Device(kind="cuda", virtual=True)),
        replace(header, model="Tesla T4"),
        replace(header, versions={"torch": "2.14.0"}),
    )
    assert not any(header.is_continued_by(other) for other in others)
