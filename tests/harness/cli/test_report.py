import json


def test_report_merges_and_exits_as_the_run_would_have(run, tmp_path):
    cell = {"target": "a", "device": {"name": "cpu", "kind": "real"}, "check": "c", "status": "pass"}
    for name, changes in {"one": {}, "two": {"target": "b", "status": "error"}}.items():
        data = {"schema": "samedevice/1", "environment": {}, "cells": [{**cell, **changes}]}
        (tmp_path / name).write_text(json.dumps(data))
    assert run("report", tmp_path / "one") == (0, "a cpu c pass\n", ["samedevice: 1 cell (1 pass), 0 findings"])
    assert run("report", tmp_path / "one", tmp_path / "two")[:2] == (1, "a cpu c pass\nb cpu c error\n")
