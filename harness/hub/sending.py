"""Bytes on their way out, whole or in the range that was asked for."""

import re

from starlette.requests import Request
from starlette.responses import Response

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def span(header: str | None, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last, of a `Range` header; None for everything; ValueError beyond the end."""
    match = _RANGE.fullmatch(header or "")
    if match is None or match[0] == "bytes=-":
        return None
    if not match[1]:
        return max(size - int(match[2]), 0), size
    start, end = int(match[1]), min(int(match[2]) + 1, size) if match[2] else size
    if start >= end:
        raise ValueError
    return start, end


def ranged(request: Request, data: bytes, headers: dict[str, str]) -> Response:
    """The answer with the bytes: 200, 206 or 416."""
    headers = {**headers, "Accept-Ranges": "bytes"}
    try:
        wanted = span(request.headers.get("range"), len(data))
    except ValueError:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{len(data)}"})
    if wanted is None:
        return Response(data, headers=headers, media_type="application/octet-stream")
    start, end = wanted
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
    return Response(data[start:end], 206, headers=headers, media_type="application/octet-stream")
