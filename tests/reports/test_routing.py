from samedevice.reports.routing import Routed, routed


def test_names_are_taken_apart_and_few_memories_come_first(cell):
    names = ("rope_gpt2", "gmmxlnet_write_2", "gmmxlnet_write_1", "gmmxlnet_read_2", "memxlnet", "xlnet")
    assert routed([cell(target=name) for name in names]) == (
        Routed(target="gmmxlnet_write_1", model="gmmxlnet", routing="write", memories=1),
        Routed(target="gmmxlnet_write_2", model="gmmxlnet", routing="write", memories=2),
        Routed(target="gmmxlnet_read_2", model="gmmxlnet", routing="read", memories=2),
        Routed(target="memxlnet", model="memxlnet", routing=None, memories=None),
    )


def test_one_routing_alone_is_nothing_to_compare(cell):
    assert routed([cell(target="gmmxlnet_write_1"), cell(target="gmmxlnet_write_2"), cell(target="memxlnet")]) == ()
    assert routed([]) == ()
