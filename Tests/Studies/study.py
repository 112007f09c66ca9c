"""What the studies share: running the tool, and writing down what was found as a table of Markdown."""

import argparse
import datetime
import json
import math
import os
import shlex
import subprocess
import sys
import time

KERNELS = {
    "GEMV": "kernels --shape 1x1024x4096 --format Q4_0 --warm -t 1",
    "GEMM": "kernels --shape 128x512x512 --format Q4_0 --warm -t 1",
    "attention": "kernels --heads 8x8x128 --context 1024 --tokens 1 --warm -t 1",
    "sampling": "kernels --vocabulary 32768 --warm -t 1",
}


class Run:
    """One run of the tool to its end."""

    def __init__(self, binary, words, timeout=3600, environment=None):
        start = time.monotonic()
        done = subprocess.run(
            [binary, *words], capture_output=True, timeout=timeout, env={**os.environ, **(environment or {})})
        self.seconds = time.monotonic() - start
        self.status = done.returncode
        self.output = done.stdout.decode("utf-8", "replace")
        self.errors = done.stderr.decode("utf-8", "replace")

    def json(self):
        if self.status != 0:
            sys.exit(f"status {self.status}: {self.errors.strip()}")
        return json.loads(self.output)


def parser(description):
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--binary", default=".build/release/inferometer")
    return options


def compare(binary, variants, *options):
    """A comparison of variants: its JSON, and the seconds that it took."""
    run = Run(binary, ["compare", "--run", "--json", *options, "--", *variants])
    return run.json(), run.seconds


def changes(comparison):
    """Name and change of every row, each variant against the base."""
    return [
        (row["name"], cell["change"])
        for table in comparison["tables"] for row in table["rows"] for cell in row["cells"]
        if cell and cell.get("change")
    ]


def at_most(chances, probability, level=0.95):
    """The least number of events that is not exceeded with the level, of independent chances."""
    total = 0.0
    for events in range(chances + 1):
        total += math.comb(chances, events) * probability**events * (1 - probability) ** (chances - events)
        if total >= level:
            return events
    return chances


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def report(binary, title, columns, rows, notes=()):
    """The table with what a reader needs to place it."""
    machine = json.loads(Run(binary, ["machine", "--json"]).output)["machine"]
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    version = Run(binary, ["--version"]).output.strip()
    print(f"## {title}\n")
    print(f"{now}; {machine['model_name']}, {machine['processors']} processors; {version}  ")
    print(f"`{shlex.join(['python3', *sys.argv])}`\n")
    print("| " + " | ".join(columns) + " |")
    print("|" + "---|" * len(columns))
    for row in rows:
        print("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |")
    for note in notes:
        print(f"\n{note}")
