"""For tests alone: faults on order, and who may see a gated repository. Not a route of the real Hub."""

from starlette.responses import JSONResponse, Response

from ..call import Call
from ..faults import ADMIN
from ..routing import operation


def order(call: Call) -> Response:
    """Order a fault."""
    call.hub.faults.order(call.json())
    return JSONResponse(call.hub.faults.coming())


def coming(call: Call) -> Response:
    """The faults that have not happened yet."""
    return JSONResponse(call.hub.faults.coming())


def clear(call: Call) -> Response:
    """Forget all faults."""
    call.hub.faults.clear()
    return JSONResponse([])


OPERATIONS = (
    *operation("POST", f"{ADMIN}faults", order),
    *operation("GET", f"{ADMIN}faults", coming),
    *operation("DELETE", f"{ADMIN}faults", clear),
)
