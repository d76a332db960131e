"""Fuzz the audit: mutated checkpoints of every kind must get a verdict, in time, and must never run.

    python tools/fuzz_audit.py                      # 10,000 mutants, seed 0
    python tools/fuzz_audit.py --count 300 --seed 7

A mutant fails if the audit raises, takes longer than five seconds, runs the pickles (they would make a
marker file), or is silent on a file that safetensors itself refuses. Exits with 1 if any does.
"""

import argparse
import json
import os
import pickle
import random
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from samedevice.harness.audit import audit
from samedevice.harness.errors import SamedeviceError
from samedevice.harness.finding import Finding, Severity

SECONDS = 5
NUMBERS = (0, 1, -1, 2**31, 2**32 - 1, 2**53, 2**63 - 1, 2**63, 2**64, 10**30, 1.5, None, "x", [], {}, True)
Mutation = Callable[[random.Random, bytes], bytes]


class TooSlow(BaseException):
    """The audit of one mutant took longer than it may."""


@dataclass(slots=True)
class Tally:
    """What the mutants came to: verdicts, codes, and those that failed, with what they did."""

    verdicts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


class Runs:
    """Makes the marker file when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.marker}",)


def seeds(marker: Path) -> dict[str, bytes]:
    """The files to start from, by name."""
    tensors = {"layer.weight": torch.randn(4, 3), "layer.bias": torch.ones(4), "half": torch.ones(2).bfloat16()}
    files = {"model.safetensors": save(tensors, {"format": "pt"})}
    for name, content, options in (
        ("model.pt", tensors, {}),
        ("old.pt", tensors, {"_use_new_zipfile_serialization": False}),
        ("evil.bin", {**tensors, "run": Runs(marker)}, {}),
        ("module.ckpt", torch.nn.Linear(2, 2), {}),
    ):
        with tempfile.TemporaryDirectory() as folder:
            torch.save(content, Path(folder) / name, **options)  # type: ignore[arg-type]
            files[name] = (Path(folder) / name).read_bytes()
    files["evil.pkl"] = pickle.dumps({"a": [1, Runs(marker)], "b": "c" * 50})
    weights = {"layer.weight": "model.safetensors", "layer.bias": "model.safetensors", "half": "model.safetensors"}
    files["model.safetensors.index.json"] = json.dumps({"metadata": {"total_size": 68}, "weight_map": weights}).encode()
    config = {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "dtype": "float32", "n_embd": 3, "n_layer": 1}
    files["config.json"] = json.dumps({**config, "auto_map": {"AutoModel": "m.M"}, "vocab_size": 4}).encode()
    files["adapter_config.json"] = json.dumps({"peft_type": "LORA", "r": 2, "modules_to_save": ["a"]}).encode()
    files["tokenizer.json"] = json.dumps({"model": {"vocab": {"a": 0}}, "added_tokens": [{"id": 1}]}).encode()
    return files


def flip(chance: random.Random, data: bytes) -> bytes:
    """One to eight bits."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def cut(chance: random.Random, data: bytes) -> bytes:
    """The end, or a piece of the middle, is gone."""
    at = chance.randrange(len(data))
    return data[:at] + (data[at + chance.randint(1, 64) :] if chance.random() < 0.5 else b"")


def splice(chance: random.Random, data: bytes) -> bytes:
    """A piece stands twice, elsewhere, or bytes of nowhere stand in between."""
    at, start = chance.randrange(len(data)), chance.randrange(len(data))
    piece = data[start : start + chance.randint(1, 80)] if chance.random() < 0.6 else chance.randbytes(8)
    return data[:at] + piece + data[at + (len(piece) if chance.random() < 0.5 else 0) :]


def count(chance: random.Random, data: bytes) -> bytes:
    """A number of two, four or eight bytes is an extreme one: lengths, sizes, offsets."""
    width = chance.choice((1, 2, 4, 8))
    at = chance.randrange(len(data)) if chance.random() < 0.7 else 0
    value = chance.choice((0, 1, 2 ** (8 * width) - 1, 2 ** (8 * width - 1), chance.randrange(2 ** (8 * width))))
    return data[:at] + value.to_bytes(width, "little") + data[at + width :]


def tell(chance: random.Random, data: bytes) -> bytes:
    """JSON, of a file or of a safetensors header, says something else or something twice."""
    length = int.from_bytes(data[:8], "little") if data[8:9] == b"{" else 0
    start, end = (8, 8 + length) if length else (0, len(data))
    try:
        value = json.loads(data[start:end])
    except (ValueError, RecursionError):
        return flip(chance, data)
    _bend(chance, value)
    text = json.dumps(value).encode()
    if chance.random() < 0.2:
        text = text[:-1] + b"," + text[1:]  # every key twice
    if chance.random() < 0.05:
        text = b"[" * 100_000 + text
    return len(text).to_bytes(8, "little") + text + data[end:] if length else text


def _bend(chance: random.Random, value: object) -> None:
    """Change one place of a JSON value, somewhere inside."""
    while isinstance(value, dict | list) and value:
        key = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
        inner = value[key]  # type: ignore[index]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.7:
            value = inner
            continue
        if chance.random() < 0.3 and isinstance(value, dict):
            value[chance.choice(("../up", "/etc/passwd", "\ud800", "", "x" * 3000))] = value.pop(key)
        else:
            value[key] = chance.choice((*NUMBERS, "../up", "F33", inner))  # type: ignore[index]
        return


MUTATIONS: tuple[Mutation, ...] = (flip, cut, splice, count, tell)


def fuzz(amount: int, seed: int, folder: Path) -> Tally:
    """Audit so many mutants, one after another, in a folder of their own."""
    chance, tally, marker = random.Random(seed), Tally(), folder / "marker"
    torch.manual_seed(seed)
    originals = seeds(marker)
    work = folder / "checkpoint"
    work.mkdir()
    for name, data in originals.items():
        (work / name).write_bytes(data)
    signal.signal(signal.SIGALRM, _too_slow)
    for number in range(amount):
        name = chance.choice(list(originals))
        mutant = originals[name]
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            mutant = chance.choice(MUTATIONS)(chance, mutant or b"\0")
        (work / name).write_bytes(mutant)
        place = work if chance.random() < 0.3 or name.endswith(".json") else work / name
        trouble = _judge(place, work / name, tally)
        if marker.exists():
            marker.unlink()
            trouble = "RAN"
        if trouble is not None:
            tally.failures.append(f"mutant {number} of seed {seed} ({name}): {trouble}")
        (work / name).write_bytes(originals[name])
    return tally


def _judge(place: Path, mutant: Path, tally: Tally) -> str | None:
    """Audit, and say what went wrong; None where nothing did."""
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        found = [item for item in audit(place) if isinstance(item, Finding)]
    except SamedeviceError as refusal:
        tally.verdicts[type(refusal).__name__] += 1
        return None
    except TooSlow:
        return "took too long"
    except Exception:
        return traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    errors = [one for one in found if one.severity is Severity.ERROR]
    tally.verdicts["errors" if errors else "no errors"] += 1
    tally.codes.update(one.code for one in found)
    if (
        mutant.suffix == ".safetensors"
        and not any(one.subject == mutant.name for one in errors)
        and _is_refused(mutant)
    ):
        return f"safetensors refuses it, and nothing was told: {mutant.read_bytes()[:300]!r}"
    return None


def _is_refused(file: Path) -> bool:
    try:
        with safe_open(file, "np"):
            return False
    except SafetensorError:
        return True


def _too_slow(number: int, frame: FrameType | None) -> None:
    raise TooSlow


def main() -> int:
    """Fuzz as the command line says, and print what it came to."""
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("--count", type=int, default=10_000, help="mutants (default: %(default)s)")
    words.add_argument("--seed", type=int, default=0, help="of the random numbers (default: %(default)s)")
    options = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = fuzz(options.count, options.seed, Path(folder))
    print(f"{options.count} mutants, seed {options.seed}: {dict(tally.verdicts)}, {len(tally.failures)} failures")
    print(", ".join(f"{code} {times}" for code, times in sorted(tally.codes.items())))
    print("\n".join(tally.failures[:20]))
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
