def test_run_narrows_to_targets_and_checks(run):
    code, out, err = run("run", "math", "--devices", "cpu", "--targets", "*alibi*", "--checks", "training")
    assert (code, out) == (0, "alibi/gpt2 cpu training pass\n")
    assert err == ["epoch 1", "samedevice: 1 cell (1 pass), 0 findings"]
