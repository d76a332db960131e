"""A comparison as text: the loud words first, then a table of families, then the rows that disagree."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tabulate import tabulate

from .judging import Judged, Verdict
from .recording import Header
from .row import Ending, Outcome
from .score import Score, scores

WRONG = (Verdict.FALSE_POSITIVE, Verdict.FALSE_NEGATIVE, Verdict.OTHER_RESULT, Verdict.CRASHED)
MEANING = {
    Verdict.FALSE_POSITIVE: "the virtual device refuses what the recorded one allows",
    Verdict.FALSE_NEGATIVE: "the virtual device allows what the recorded one refuses",
    Verdict.OTHER_RESULT: "both allow it, with results of another device or dtype",
    Verdict.CRASHED: "the process of the virtual device died or hung",
}


def render(header: Header, judged: Sequence[Judged], torch: str, most: int) -> str:
    """The whole text; at most `most` rows of each kind of disagreement."""
    parts = ["\n".join(_opening(header, torch)), _table(scores(judged))]
    for verdict in WRONG:
        parts += _listed(f"{verdict}: {MEANING[verdict]}", [one for one in judged if one.verdict is verdict], most)
    parts += _listed(
        "other words: both refuse, in different words", [one for one in judged if one.has_other_words], most
    )
    reasons = Counter(one.reason for one in judged if one.verdict is Verdict.NOT_CHECKED)
    parts += [f"not checked: {count} rows: {reason}" for reason, count in reasons.most_common(most)]
    return "\n\n".join(parts)


def _opening(header: Header, torch: str) -> Iterator[str]:
    device = header.device
    recorded = str(header.versions.get("torch"))
    yield f"recorded on {device.reality} {device.name} ({header.model}), {header.date}, torch {recorded}"
    if device.virtual:
        yield "NO REFERENCE: this file was recorded on a virtual device. Its agreement says nothing about hardware."
    if header.selection:
        yield f"a part only: {header.selection}"
    if recorded.partition("+")[0] != torch.partition("+")[0]:
        yield f"replayed with another PyTorch: {torch}"


def _table(rows: Sequence[Score]) -> str:
    heads = ["family", "checked", "agree", "%", *(str(verdict) for verdict in WRONG), "other words", "not checked"]
    body = [
        [
            row.family,
            row.checked,
            row.counts[Verdict.AGREES],
            f"{100 * row.agreement:.2f}" if row.checked else "-",
            *(row.counts[verdict] for verdict in WRONG),
            row.other_words,
            row.counts[Verdict.NOT_CHECKED],
        ]
        for row in rows
    ]
    return tabulate(body, headers=heads, tablefmt="simple", disable_numparse=True, stralign="right", colalign=["left"])


def _listed(title: str, found: Sequence[Judged], most: int) -> list[str]:
    if not found or not most:
        return []
    lines = [f"{title} ({len(found)})"]
    for one in found[:most]:
        call = one.row.call
        dtype = f" {call.dtype} sample {call.sample}" if call.dtype else ""
        lines.append(f"  {call.subject}{dtype}: {call.inputs} placed {call.placement}")
        lines += [f"    recorded: {_said(one.row.outcome)}", f"    virtual:  {_said(one.replayed)}"]
    if len(found) > most:
        lines.append(f"  and {len(found) - most} more: --show {len(found)}")
    return ["\n".join(lines)]


def _said(outcome: Outcome | None) -> str:
    if outcome is None:
        return "nothing"
    if outcome.ending is Ending.ALLOWED:
        return ", ".join(outcome.results) or "no result"
    return f"{outcome.error}: {outcome.message}" if outcome.ending is Ending.RAISED else outcome.message
