from samedevice.harness.device import Device
from samedevice.harness.result import Status
from samedevice.reports.formats import markdown, text
from samedevice.reports.formats.routings import board

MPS = Device(kind="mps", virtual=True)


def cells_of(cell):
    names = ("memxlnet", "gmmxlnet_write_1", "gmmxlnet_write_4", "gmmxlnet_read_1", "gmmxlnet_read_4")
    passed = [
        cell(target=name, check=check, device=device)
        for name in names
        for device in (Device(kind="cpu"), MPS)
        for check in ("forward", "backward")
        if (name, device, check) != ("gmmxlnet_read_4", MPS, "backward")
    ]
    return [*passed, cell(target="gmmxlnet_read_4", check="backward", device=MPS, status=Status.FAIL)]


def test_the_routings_of_a_model_stand_together(cell):
    found = board([*cells_of(cell), cell(target="rope_gpt2")])
    assert found.headers == ("model", "memories", "routing", "cpu (real)", "mps:0 (virtual)")
    assert found.rows == (
        ("memxlnet", "", "-", "2 pass", "2 pass"),
        ("gmmxlnet", "1", "write", "2 pass", "2 pass"),
        ("", "", "read", "2 pass", "2 pass"),
        ("gmmxlnet", "4", "write", "2 pass", "2 pass"),
        ("", "", "read", "2 pass", "1 fail, 1 pass"),
    )


def test_both_renderers_show_it_where_there_is_something_to_compare(cell, report):
    told = report(*cells_of(cell))
    assert "\nmodel x device x routing\n\nmodel " in text.render(told)
    assert "## model x device x routing\n\n| model " in markdown.render(told)
    assert "routing" not in text.render(report(cell(target="memxlnet")))
