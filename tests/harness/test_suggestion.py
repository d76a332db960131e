from samedevice.harness.suggestion import listed


def test_the_nearest_name_and_all_of_them():
    assert listed("ropes", ["alibi", "rope"]) == ", did you mean 'rope'? known are: alibi, rope"
    assert listed("zzz", ["alibi", "rope", "rope"]) == "; known are: alibi, rope"
    assert listed("zzz", []) == "; none are known"


def test_of_very_many_names_the_first_few():
    names = [f"name{i}" for i in range(804)]
    told = listed("nothing", names)
    assert told == "; known are: " + ", ".join(names[:10]) + ", and 794 more"
    assert listed("nothing", names[:150]).endswith(", name149")
