import pytest

from samedevice.harness.errors import UsageError
from samedevice.harness.suppressing import configured

ENTRIES = """
[tool.other]
x = 1
[tool.samedevice]
ignore = [
    { code = "SD301", reason = "tiny" },
    { code = "SD706", target = "run*", subject = "model.safetensors", device = "cpu", reason = "kept on purpose" },
]
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    def write(text):
        (tmp_path / "pyproject.toml").write_text(text)
        (tmp_path / "below").mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / "below")
        return tmp_path / "pyproject.toml"

    return write


def test_the_nearest_file_upwards_counts(project):
    file = project(ENTRIES)
    first, second = configured()
    assert (first.code, first.reason, first.target, first.place.file, first.place.line) == (
        *("SD301", "tiny", None),
        str(file),
        6,
    )
    assert (second.target, second.subject, second.device, second.place.line) == ("run*", "model.safetensors", "cpu", 7)


def test_tables_of_an_array_do_too(project):
    project('[[tool.samedevice.ignore]]\ncode = "SD301"\nreason = "tiny"\n')
    (entry,) = configured()
    assert entry.place.line == 3


@pytest.mark.parametrize("text", ["", "[tool.samedevice]\n", "[tool.other]\n"])
def test_without_entries(project, text):
    project(text)
    assert configured() == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool", "cannot read {}: "),
        ("[tool.samedevice]\nignor = []", "{}: tool.samedevice has no 'ignor', did you mean 'ignore'?"),
        ("[tool.samedevice]\nignore = 1", "{}: tool.samedevice.ignore is no list of tables"),
        ("[tool.samedevice]\nignore = [1]", "{}: tool.samedevice.ignore[0] is no table of texts"),
        ("[tool]\nsamedevice = 1", "{}: tool.samedevice is no table"),
        ('[tool.samedevice]\nignore = [{code = "SD301"}]', "{}: tool.samedevice.ignore[0] gives no reason: say why"),
        ('[tool.samedevice]\nignore = [{code = "SD301", reason = " "}]', "{}: tool.samedevice.ignore[0] gives no "),
        ('[tool.samedevice]\nignore = [{reason = "x"}]', "{}: tool.samedevice.ignore[0]: it names no code"),
        ('[tool.samedevice]\nignore = [{code = "SD999", reason = "x"}]', "{}: tool.samedevice.ignore[0]: 'SD999' is"),
        (
            '[tool.samedevice]\nignore = [{code = "SD301", reason = "x", devices = "cpu"}]',
            "{}: tool.samedevice.ignore[0] has an unknown key 'devices', did you mean 'device'?",
        ),
    ],
)
def test_what_is_wrong_is_one_line(project, text, message):
    file = project(text)
    with pytest.raises(UsageError) as caught:
        configured()
    assert str(caught.value).startswith(message.format(file))
    assert "\n" not in str(caught.value)
