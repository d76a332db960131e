import pytest

from samedevice.harness.hub.card import metadata, tags


@pytest.mark.parametrize(
    ("text", "found", "errors"),
    [
        ("# no metadata", {}, []),
        ("---\n---\ntext", {}, []),
        ("---\nlicense: mit\ntags: [a, b]\n---\n# A card", {"license": "mit", "tags": ["a", "b"]}, []),
        ("---\r\nlicense: mit\r\n---\r\n", {"license": "mit"}, []),
        ("\n---\nmodel-index: x\n---\n", {"model-index": "x"}, ['"model-index" must be an array']),
        ("---\nlicense: {a: 1}\n---\n", {"license": {"a": 1}}, ['"license" must be a string or an array']),
        ("---\n- a\n---\n", {}, ["The metadata must be a mapping"]),
    ],
)
def test_what_a_card_says(text, found, errors):
    assert metadata(text) == (found, errors)


def test_what_is_no_yaml_is_said():
    found, (error,) = metadata("---\na: [\n---\n")
    assert found == {}
    assert error.startswith("Invalid YAML: ")


def test_the_tags_of_a_repository():
    card = {
        "tags": ["a"],
        "license": "mit",
        "base_model": ["x/y", "x/z"],
        "library_name": "transformers",
        "language": "en",
    }
    assert tags(card) == ["transformers", "a", "en", "license:mit", "base_model:x/y", "base_model:x/z"]
    assert tags({}) == []
