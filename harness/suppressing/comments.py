"""The suppressions in a source file: `# samedevice: ignore[SD301] -- why`."""

import io
import os
import re
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache

from ..codes import CODES
from ..finding import Finding, Location, Severity
from ..suppression import Comment
from .spans import Spans, spans_of

FORM = "# samedevice: ignore[SD301] -- why"
MARK = "samedevice:"

_COMMENT = re.compile(r"#\s*samedevice:\s*ignore\b(?P<rest>.*)")
_REST = re.compile(r"\s*(?:\[(?P<codes>[^\]]*)\])?\s*(?P<tail>.*)")
_REASON = re.compile(r"--\s*(?P<reason>.*?)\s*(?:\s#.*)?$")


def comments(file: str) -> tuple[Comment, ...]:
    """The suppressions of a Python file, from top to bottom; none where it is missing or does not parse."""
    read = _read(file)
    return read[0] if read else ()


def in_definition(file: str, qualname: str) -> tuple[Comment, ...]:
    """Those that stand inside one class or function of the file, by its qualified name."""
    read = _read(file)
    lines = read[1].definitions.get(qualname) if read and read[0] else None
    if read is None or lines is None:
        return ()
    return tuple(comment for comment in read[0] if comment.place.line in lines)


def _read(file: str) -> tuple[tuple[Comment, ...], Spans] | None:
    if not file.endswith(".py"):
        return None
    try:
        status = os.stat(file)
    except (OSError, ValueError):  # an interactive cell, or a file of another machine
        return None
    return _parsed(os.path.abspath(file), (status.st_mtime_ns, status.st_size))


@lru_cache(maxsize=256)
def _parsed(file: str, stamp: tuple[int, int]) -> tuple[tuple[Comment, ...], Spans] | None:
    try:
        with tokenize.open(file) as opened:
            text = opened.read()
        if MARK not in text:
            return (), Spans()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a user's invalid escape is not our news
            spans = spans_of(text)
        return tuple(_found(file, text, spans)), spans
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return None


def _found(file: str, text: str, spans: Spans) -> Iterator[Comment]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        hit = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
        if hit is not None:
            line, column = token.start
            alone = not token.line[:column].strip()
            lines = spans.below(line, text.splitlines()) if alone else spans.around(line)
            yield _comment(Location(file=file, line=line), lines, hit["rest"])


def _comment(place: Location, lines: range, rest: str) -> Comment:
    parts = _REST.fullmatch(rest)
    assert parts is not None  # every part is optional
    codes = tuple(dict.fromkeys(word.strip() for word in (parts["codes"] or "").split(",") if word.strip()))
    given = _REASON.match(parts["tail"])
    reason = given["reason"] if given else ""
    flaw = None
    if (wrong := unknown(codes)) is not None:
        flaw = _void(place, "SD903", wrong, ())
    elif not reason:
        flaw = _void(place, "SD902", "it does not say why", codes)
    return Comment(place=place, first=lines.start, last=lines.stop - 1, codes=codes, reason=reason, flaw=flaw)


def unknown(codes: Sequence[str]) -> str | None:
    """What is wrong with the codes of a suppression; None where each can be silenced."""
    if not codes:
        return "it names no code"
    for code in codes:
        if code not in CODES:
            near = get_close_matches(code.upper(), CODES, n=1)
            return f"{code!r} is no code" + (f", did you mean {near[0]!r}?" if near else "")
        if code.startswith("SD9"):
            return f"{code} is about suppressions and cannot be silenced"
    return None


def _void(place: Location, code: str, why: str, codes: Sequence[str]) -> Finding:
    form = FORM.replace("SD301", ", ".join(codes)) if codes else FORM
    return Finding(
        code=code,
        severity=Severity.ERROR,
        message=f"a suppression silences nothing: {why}",
        subject=", ".join(codes) or None,
        origin=place,
        hint=f"write `{form}`",
    )
