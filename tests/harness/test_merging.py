from dataclasses import replace
from itertools import permutations

from samedevice.harness.device import Device
from samedevice.harness.environment import Environment
from samedevice.harness.merging import differing, merged
from samedevice.harness.report import Report
from samedevice.harness.result import Result, Status
from samedevice.harness.shard import Shard

HERE = Environment(samedevice="1", torch="2.13", transformers=None, python="3", platform="p", git=None)


def cell(target, status=Status.PASS):
    return Result(target=target, device=Device(kind="cpu"), check="c", status=status)


def report(*cells, **fields):
    return Report(**{"environment": HERE, "cells": cells, **fields})


def shard(index, count=3, plan="p"):
    return Shard(index=index, count=count, cells=12, plan=plan)


def test_the_order_is_kept_and_the_last_of_equal_cells():
    both = merged([report(cell("a", Status.FAIL), cell("b")), report(cell("a"), cell("c"))])
    assert both.cells == (cell("a"), cell("b"), cell("c"))


def test_what_was_not_checked_never_takes_the_place_of_what_was():
    reports = [report(cell("a", Status.FAIL)), report(cell("a", Status.NOT_CHECKED))]
    for order in permutations(reports):
        assert merged(order).cells == (cell("a", Status.FAIL),)


def test_different_environments_are_said():
    other = replace(HERE, torch="2.14", transformers="5")
    reports = [report(), report(environment=other)]
    assert differing(reports) == ("torch", "transformers")
    assert merged(reports).environment == replace(HERE, torch="2.13 and 2.14", transformers="unknown and 5")
    assert merged([report(), report()]).environment == HERE


def test_a_report_is_whole_when_all_shards_are_there():
    parts = [report(cell(str(index)), shards=(shard(index),)) for index in (1, 2, 3)]
    assert merged(parts).shards == ()
    assert merged(parts[1:]).shards == (shard(2), shard(3))
    assert merged([merged(parts[1:]), parts[0], parts[0]]).shards == ()
