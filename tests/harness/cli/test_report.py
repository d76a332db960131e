import json


def test_report_merges_and_exits_as_the_run_would_have(run, tmp_path):
    cell = {"target": "a", "device": {"name": "cpu", "kind": "real"}, "check": "c", "status": "pass"}
    for name, changes in {"one": {}, "two": {"target": "b", "status": "error"}}.items():
        data = {"schema": "samedevice/1", "environment": {}, "cells": [{**cell, **changes}]}
        (tmp_path / name).write_text(json.dumps(data))
    assert run("report", tmp_path / "one") == (0, "a cpu c pass\n", ["samedevice: 1 cell (1 pass), 0 findings"])
    assert run("report", tmp_path / "one", tmp_path / "two")[:2] == (1, "a cpu c pass\nb cpu c error\n")


def shard(index, **environment):
    cell = {"target": str(index), "device": {"name": "cpu", "kind": "real"}, "check": "c", "status": "pass"}
    part = {"index": index, "count": 3, "cells": 3, "plan": "p"}
    return json.dumps({"schema": "samedevice/1", "environment": environment, "cells": [cell], "shards": [part]})


def test_a_missing_shard_is_said_and_is_not_clean(run, tmp_path):
    for index in (1, 2, 3):
        (tmp_path / str(index)).write_text(shard(index))
    code, _, err = run("report", tmp_path / "3", tmp_path / "1")
    assert code == 4
    assert err[-1] == "samedevice: 2 cells (2 pass), 0 findings; shard 2/3 of a plan of 3 cells not given"
    assert run("report", *(tmp_path / str(index) for index in (1, 2, 3)))[0] == 0


def test_different_environments_are_said(run, tmp_path):
    for index in (1, 2, 3):
        (tmp_path / str(index)).write_text(shard(index, torch=f"2.{index}"))
    _, _, err = run("report", *(tmp_path / str(index) for index in (1, 2, 3)))
    assert err[0] == "samedevice: the reports were made with different environments: torch"
