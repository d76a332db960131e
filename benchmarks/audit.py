"""What an audit costs: five gigabytes of safetensors by their headers, and by their bytes at the speed of this machine.

    python benchmarks/audit.py
    python benchmarks/audit.py --gigabytes 40

The directory is sparse (its data are zeros that take no room on disk) and is deleted afterwards. Each audit
is a process of its own; the seconds of an interpreter that only imports the command line are taken off.
"""

import argparse
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from tabulate import tabulate

SHARDS = 5
HIDDEN = 4096
ROUNDS = 5
IDLE = "from samedevice.harness.cli import main, audit; import samedevice.harness.audit"
PEAK = "; import resource, sys; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"


def shard(path: Path, layers: range, size: int) -> dict[str, str]:
    """Write a sparse shard of so many bytes or a little more; returns its part of the weight map."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    names, at = {}, 0
    parts = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.up_proj")
    for layer in layers:
        for part in parts:
            name = f"model.layers.{layer}.{part}.weight"
            end = at + HIDDEN * HIDDEN * 2
            header[name] = {"dtype": "BF16", "shape": [HIDDEN, HIDDEN], "data_offsets": [at, end]}
            names[name], at = path.name, end
        if at >= size:
            break
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + at)
    return names


def checkpoint(folder: Path, gigabytes: int) -> int:
    """A sharded directory as save_pretrained writes one; returns its bytes."""
    weight_map: dict[str, str] = {}
    for number in range(SHARDS):
        name = f"model-{number + 1:05}-of-{SHARDS:05}.safetensors"
        layers = range(number * 1000, (number + 1) * 1000)
        weight_map |= shard(folder / name, layers, gigabytes * 10**9 // SHARDS)
    total = len(weight_map) * HIDDEN * HIDDEN * 2
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    (folder / "config.json").write_text(json.dumps({"model_type": "llama", "dtype": "bfloat16", "hidden_size": HIDDEN}))
    return total


def process(code: str) -> tuple[float, float]:
    """Seconds of a fresh interpreter, and its peak memory in megabytes."""
    started = perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    seconds = perf_counter() - started
    if done.returncode > 1:  # with --values the zeros of a sparse file are a finding
        raise SystemExit(done.stderr)
    return seconds, int(done.stderr.split()[-1]) / 1024


def audited(words: list[str]) -> str:
    """Code that audits and prints its peak memory."""
    return f"from samedevice.harness.cli import main; code = main({words!r}){PEAK}; sys.exit(code)"


def row(name: str, code: str, idle: float, rounds: int) -> tuple[str, str, str]:
    """Name, median seconds beyond the idle interpreter, greatest peak memory."""
    runs = [process(code) for _ in range(rounds)]
    return name, f"{median(seconds for seconds, _ in runs) - idle:.2f}", f"{max(peak for _, peak in runs):.0f}"


def main() -> None:
    """Print the table."""
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("--gigabytes", type=int, default=5, help="(default: %(default)s)")
    gigabytes = words.parse_args().gigabytes
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        total = checkpoint(folder, gigabytes)
        idle = median(process(IDLE + PEAK)[0] for _ in range(ROUNDS))
        headers = row("headers", audited(["audit", name]), idle, ROUNDS)
        process(audited(["audit", name, "--values"]))  # whoever reads the data first pays for the page cache
        rows = [
            headers,
            row("--values", audited(["audit", name, "--values"]), idle, 1),
            row("--write-manifest", audited(["audit", name, "--write-manifest"]), idle, 1),
            row("--verify", audited(["audit", name, "--verify"]), idle, 1),
        ]
    print(f"{total / 1e9:.2f} GB in {SHARDS} shards; an idle interpreter takes {idle:.2f} s")
    print(tabulate(rows, headers=("audit", "seconds more", "peak MB"), disable_numparse=True))


if __name__ == "__main__":
    main()
