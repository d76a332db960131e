"""Is the metadata of a card valid? The client asks before it uploads any README.md."""

from starlette.responses import JSONResponse, Response

from .. import card
from ..call import Call
from ..routing import operation
from ..words import text


def validate(call: Call) -> Response:
    """Errors and warnings, as JSON in any case."""
    content = text(call.json(), "content")
    _, errors = card.metadata(content)
    warnings = [] if card.has_metadata(content) else ["empty or missing yaml metadata in repo card"]
    answer = {"errors": [{"message": one} for one in errors], "warnings": [{"message": one} for one in warnings]}
    return JSONResponse(answer, 400 if errors else 200)


OPERATIONS = operation("POST", "/api/validate-yaml", validate)
