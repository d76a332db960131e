def test_devices_lists_every_word(run):
    code, out, _ = run("devices")
    lines = [line.split() for line in out.splitlines()]
    assert code == 0
    assert lines[0] == ["cpu", "real"]
    assert [line[0] for line in lines] == ["cpu", "cuda", "cuda:1", "mps", "xpu", "xpu:1"]
    assert {line[1] for line in lines} <= {"real", "virtual"}
