"""Who asks."""

from starlette.responses import JSONResponse, Response

from ..call import Call
from ..routing import operation


def whoami(call: Call) -> Response:
    """The user of the token."""
    return JSONResponse(call.hub.accounts.describe(call.user))


def agents(call: Call) -> Response:
    """Which coding agents the client should look for: none."""
    return JSONResponse({"standardEnvVars": [], "harnesses": {}})


def telemetry(call: Call) -> Response:
    """Taken and forgotten."""
    return Response()


OPERATIONS = (
    *operation("GET", "/api/whoami-v2", whoami),
    *operation("GET", "/api/agent-harnesses", agents),
    *operation("GET", "/api/telemetry/{topic:path}", telemetry),
)
