def test_explain(run):
    assert run("explain", "sd201") == (0, "SD201: an operation mixed devices\n", [])
