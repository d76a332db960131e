"""Whose line it was: the author's, on the way to the Hub's client, and in the class."""

import functools
import threading
from dataclasses import dataclass

import pytest
from huggingface_hub import PyTorchModelHubMixin, get_session
from torch import nn

from samedevice.harness.finding import Location
from samedevice.harness.hubtrip.lines import last, own_files, raised, watched, written
from samedevice.suites.hub.mixed import Mixed


def line_of(text):
    """The line of this file that holds the text, and not in quotes."""
    with open(__file__) as opened:
        return next(at for at, line in enumerate(opened, 1) if text in line and f'"{text}' not in line)


def here(text):
    return Location(file=__file__, line=line_of(text))


def wrapped(function):
    @functools.wraps(function)
    def inner(*args, **options):
        return function(*args, **options)

    return inner


class Own(nn.Linear, PyTorchModelHubMixin):
    def __init__(self):  # the constructor
        super().__init__(2, 2)

    @classmethod
    @wrapped
    def from_pretrained(cls, *args, **options):  # loads
        return super().from_pretrained(*args, **options)

    def _save_pretrained(self, folder):  # saves
        super()._save_pretrained(folder)


class Heir(Own):  # adds nothing
    pass


@dataclass(eq=False)
class Made(nn.Module):  # its constructor is made
    width: int = 2


def test_what_an_author_has_written():
    found = written(Own)
    assert (found.push, found.load) == (here("def _save_pretrained"), here("def from_pretrained"))
    assert (found.constructor, found.heading) == (here("def __init__"), here("class Own("))


def test_what_is_inherited_counts_and_the_class_is_the_outermost():
    assert written(Heir).load == written(Own).load
    assert written(Heir).heading == here("class Heir(")


def test_a_library_has_written_nothing():
    found = written(nn.Linear)
    assert (found.push, found.load, found.constructor, found.heading) == (None, None, None, None)
    assert own_files(nn.Sequential(nn.Linear(2, 2))) == ()


def test_a_constructor_that_no_file_holds_is_no_line():
    assert (written(Made).constructor, written(Made).heading.line) == (None, line_of("@dataclass(eq"))


def test_a_class_of_a_shell_has_no_line():
    space = {"nn": nn, "__name__": "_shell"}
    exec("class Typed(nn.Linear):\n    def push_to_hub(self): pass", space)
    found = written(space["Typed"])
    assert (found.push, found.heading, own_files(space["Typed"](2, 2))) == (None, None, ())


def test_files_of_all_the_modules_of_a_model():
    assert own_files(nn.Sequential(Own(), nn.Linear(2, 2))) == (__file__,)
    assert len(own_files(nn.Sequential(Own(), Mixed()))) == 2


@pytest.fixture
def ask():
    """What the client does before it sends a request: it tells the hooks."""

    def send(path):
        request = get_session().build_request("POST", f"http://127.0.0.1:1{path}")
        for hook in get_session().event_hooks["request"][1:]:  # the first is the client's own
            hook(request)

    return send


def test_the_line_on_the_way_to_a_request(ask):
    with watched([__file__]) as sent:
        ask("/api/models/a/b/commit/main")
        ask("/other")
    assert [(one.method, one.path) for one in sent] == [("POST", "/api/models/a/b/commit/main"), ("POST", "/other")]
    # A function of this file calls the hook: the innermost line counts.
    assert last(sent, "/commit/") == here("hook(request)")
    assert last(sent, "/resolve/") is None
    ask("/late")
    assert len(sent) == 2


def test_a_thread_of_the_client_works_for_the_last_request_of_the_main_one(ask):
    with watched([__file__]) as sent:
        ask("/api/models/a/b/revision/main")
        one = threading.Thread(target=ask, args=("/resolve/",))
        one.start()
        one.join()
    assert last(sent, "/resolve/") == here("hook(request)")


def test_no_frame_of_another_thread_is_walked(ask):
    """CPython 3.11 reads freed frames where the other thread leaves them meanwhile, and ends."""
    with watched([__file__]) as sent:
        one = threading.Thread(target=ask, args=("/resolve/",))
        one.start()
        one.join()
    assert (len(sent), last(sent, "/resolve/")) == (1, None)


def test_a_request_of_nobody_has_no_line(ask):
    with watched([]) as sent:
        ask("/commit/")
    assert (len(sent), last(sent, "/commit/")) == (1, None)


def test_an_exception_has_the_innermost_line_of_the_author():
    with pytest.raises(ZeroDivisionError) as caught:
        functools.reduce(lambda one, other: one / other, (1, 0))  # here
    assert raised(caught.value, [__file__]) == here("functools.reduce(lambda")
    assert raised(caught.value, []) is None
