import pytest

from samedevice.reports.formats.fold import Section, fitted


def section(name, count, rank=3, width=20):
    items = tuple(f"{name}{at} ".ljust(width, ".") for at in range(count))
    return Section(title=f"## {name}", whole="\n".join([f"## {name}", *items]), items=items, noun="rows", rank=rank)


def test_what_fits_is_as_it_was():
    parts = [section("b", 3), section("a", 50, rank=0)]
    text = fitted(["head"], parts, ["tail"], 10_000, len)
    assert text == "\n\n".join(["head", parts[0].whole, parts[1].whole, "tail"]) + "\n"


def test_the_limit_itself_is_within_it():
    parts = [section("a", 40, width=100)]
    whole = fitted([], parts, [], 10_000, len)
    assert fitted([], parts, [], len(whole), len) == whole
    assert "did not fit" in fitted([], parts, [], len(whole) - 1, len)


def test_a_long_section_is_folded_though_it_fits():
    text = fitted([], [section("a", 51)], [], 10_000, len)
    first, fold, rest = text.partition("\n\n<details><summary>41 more rows</summary>\n\n")
    assert fold
    assert (first.count("...."), rest.count("....")) == (10 * 4, 41 * 4)
    assert rest.endswith("\n\n</details>\n")


def test_small_sections_stay_whole_and_big_ones_share():
    text = fitted([], [section("a", 100), section("b", 5), section("c", 100)], [], 3_000, len)
    assert len(text) <= 3_000
    kept = {name: sum(line.startswith(name) for line in text.splitlines()) for name in "abc"}
    assert kept["b"] == 5
    assert kept["a"] == kept["c"] > 20
    assert f"{100 - kept['a']} more rows did not fit: the JSON report has all." in text


def test_the_gravest_comes_first_and_has_half():
    text = fitted([], [section("a", 200), section("b", 200), section("z", 200, rank=0)], [], 6_000, len)
    kept = {name: sum(line.startswith(name) for line in text.splitlines()) for name in "abz"}
    assert text.startswith("## z")
    assert kept["z"] > kept["a"] + kept["b"]


@pytest.mark.parametrize(("count", "told"), [(1, "1 section did not fit"), (3, "3 sections did not fit")])
def test_a_section_without_room_is_counted(count, told):
    text = fitted(["head"], [section("a", 100, width=5_000) for _ in range(count)], [], 2_000, len)
    assert text == f"head\n\n{told}: the JSON report has all.\n"


def test_a_table_has_its_head_in_each_part():
    folded = Section(title="t", whole="w", items=("| 1 |",) * 60, noun="rows", head="| a |\n| :-- |")
    assert fitted([], [folded], [], 10_000, len).count("| a |\n| :-- |\n| 1 |") == 2
