"""One comment on a pull request, kept up to date: `python -m samedevice.harness.ci.comment FILE`.

It reads the event that GitHub Actions describes in the environment. Where there is nothing to comment on, or no
permission to, it says so and ends with 0: the same text is in the step's summary, and a comment decides nothing.
"""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

# A comment of GitHub holds 65,536 characters.
MOST_CHARACTERS = 65_000
_SECONDS = 30
_PER_PAGE = 100
_NO_PERMISSION = (401, 403, 404)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The comments of one pull request."""

    api: str
    repository: str
    number: int
    token: str = field(repr=False)

    def ours(self, marker: str) -> dict[str, Any] | None:
        """The first comment that begins with the marker."""
        return next((one for one in self._comments() if str(one.get("body", "")).startswith(marker)), None)

    def _comments(self) -> Iterator[dict[str, Any]]:
        page = 1
        while True:
            query = f"issues/{self.number}/comments?per_page={_PER_PAGE}&page={page}"
            found = self.ask("GET", query)
            yield from found
            if len(found) < _PER_PAGE:
                return
            page += 1

    def ask(self, method: str, path: str, body: str | None = None) -> Any:
        """One call of the API. Raises `HTTPError` and `URLError`."""
        request = Request(
            f"{self.api}/repos/{self.repository}/{path}",
            method=method,
            data=None if body is None else json.dumps({"body": body}).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept": "application/vnd.github+json",
                "Content-Type": "application/json",
                "X-GitHub-Api-Version": "2022-11-28",
                "User-Agent": "samedevice",
            },
        )
        with urlopen(request, timeout=_SECONDS) as answer:
            return json.load(answer)


def main(words: Sequence[str] | None = None) -> int:
    """Comment, or say why not."""
    parser = ArgumentParser(prog="python -m samedevice.harness.ci.comment", description=__doc__)
    parser.add_argument("file", metavar="FILE", help="the text, as Markdown")
    parser.add_argument("--name", default="samedevice", help="tells several comments on one pull request apart")
    options = parser.parse_args(words)
    number = _number()
    if number is None:
        return _say("notice", f"{os.environ.get('GITHUB_EVENT_NAME', 'no event')} has no pull request to comment on")
    thread = Thread(
        api=os.environ.get("GITHUB_API_URL", "https://api.github.com"),
        repository=os.environ["GITHUB_REPOSITORY"],
        number=number,
        token=os.environ.get("GITHUB_TOKEN", ""),
    )
    try:
        return _say("debug", post(thread, options.name, Path(options.file).read_text(encoding="utf-8")))
    except HTTPError as error:
        if error.code in _NO_PERMISSION:
            why = "a pull request from a fork has none; else give the job `permissions: pull-requests: write`"
            return _say("notice", f"no permission to comment on #{number} ({error.code}): {why}")
        return _say("warning", f"no comment on #{number}: GitHub answers {error.code} {error.reason}")
    except (URLError, TimeoutError, ValueError) as error:
        return _say("warning", f"no comment on #{number}: {error}")


def post(thread: Thread, name: str, text: str) -> str:
    """Write the comment of this name, or bring it up to date; returns what was done."""
    marker = f"<!-- samedevice: {name} -->"
    body = _cut(f"{marker}\n{text}")
    found = thread.ours(marker)
    if found is None:
        thread.ask("POST", f"issues/{thread.number}/comments", body)
        return f"commented on #{thread.number}"
    if found["body"].replace("\r\n", "\n").strip() == body.strip():
        return f"the comment on #{thread.number} says it already"
    thread.ask("PATCH", f"issues/comments/{found['id']}", body)
    return f"updated the comment on #{thread.number}"


def _cut(body: str) -> str:
    if len(body) <= MOST_CHARACTERS:
        return body
    return body[:MOST_CHARACTERS].rpartition("\n")[0] + "\n\ncut here: the summary of the run has it all\n"


def _number() -> int | None:
    """The number of the pull request that the event is about; None where it is about something else."""
    try:
        event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    except (KeyError, OSError, ValueError):
        return None
    found = event.get("pull_request") if isinstance(event, dict) else None
    number = found.get("number") if isinstance(found, dict) else None
    return number if isinstance(number, int) else None


def _say(level: str, text: str) -> int:
    """A line of the log; GitHub shows a notice or a warning on the run's own page."""
    elsewhere = "; the step's summary has the table" if level != "debug" else ""
    print(f"samedevice: {text}" if level == "debug" else f"::{level} title=samedevice::{text}{elsewhere}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
