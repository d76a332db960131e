"""Long lists come in pages, each with the address of the next in its `Link` header."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from .refusals import bad


def page(request: Request, items: Sequence[Any], size: int) -> JSONResponse:
    """The page that the request's `cursor` asks for."""
    word = request.query_params.get("cursor", "0")
    if not word.isdecimal():
        raise bad(f"{word!r} is not a cursor")
    start = int(word)
    headers = {}
    if start + size < len(items):
        headers["Link"] = f'<{request.url.include_query_params(cursor=start + size)}>; rel="next"'
    return JSONResponse(list(items[start : start + size]), headers=headers)


def limit(request: Request, most: int) -> int:
    """The size of a page: what the request asks for, within what is allowed."""
    word = request.query_params.get("limit", "")
    return min(int(word), most) if word.isdecimal() and int(word) else most
