"""The page put together: static parts, data, style and script in one file that loads nothing."""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from string import Template

from ....harness.report import Report
from .charts import rates, times
from .data import data, script_text
from .head import environment, head, listings, open_ends

# In this order they are one script.
SCRIPTS = ("report", "filters", "details", "keys", "matrix", "findings", "charts", "start")


def render(report: Report) -> str:
    """HTML text. Its policy lets no other script or style run and nothing be loaded, whatever the report says."""
    style = _asset("page.css")
    script = "\n".join(_asset(f"{name}.js") for name in SCRIPTS)
    return Template(_asset("page.html")).substitute(
        policy=f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; img-src data:",
        style=style,
        script=script,
        data=script_text(data(report)),
        head=head(report),
        open=open_ends(report),
        charts=f"{rates(report)}\n{times(report)}",
        listings=listings(report),
        environment=environment(report.environment),
    )


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
