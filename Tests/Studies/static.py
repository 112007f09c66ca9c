#!/usr/bin/env python3
"""Does the statically linked command run where there is no Swift? Builds it, puts it into an empty root with nothing but the C
library that it names, and benches and measures a preset there. Needs root, for chroot.

usage: static.py [--scratch DIR]"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--scratch", default=".build-static", help="where the static build lies")
scratch = parser.parse_args().scratch

subprocess.run(
    ["swift", "build", "-c", "release", "--static-swift-stdlib", "--product", "inferometer", "--scratch-path", scratch],
    check=True, stdout=sys.stderr)
binary = os.path.join(scratch, "release", "inferometer")
needed = re.findall(r"(/\S+)", subprocess.run(["ldd", binary], check=True, capture_output=True, text=True).stdout)
foreign = [path for path in needed if "swift" in os.path.basename(path).lower()]

chroot = shutil.which("chroot") or "/usr/sbin/chroot"  # not on the path of every user

with tempfile.TemporaryDirectory() as root:
    for path in needed:
        target = root + path
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(os.path.realpath(path), target)
    shutil.copy(binary, root + "/inferometer")
    for folder in ("dev", "proc", "sys", "tmp"):
        os.makedirs(f"{root}/{folder}")

    def run(*words):
        result = subprocess.run([chroot, root, "/inferometer", *words], capture_output=True, text=True, env={"HOME": "/tmp"})
        if result.returncode != 0:
            sys.exit(f"{' '.join(words)}: status {result.returncode}: {result.stderr}")
        return result.stdout

    version = run("--version").strip()
    rows = json.loads(run("bench", "--preset", "smollm2-135m", "--layers", "4", "-p", "32", "-n", "8", "-r", "2", "-o", "json"))
    report = run("measure", "--layers", "4", "--quick", "--budget", "3", "--results", "/tmp/results")

print("# The command where there is no Swift\n")
print(f"{version}, {os.path.getsize(binary) / 1e6:.1f} MB, in a root that holds nothing but these libraries:\n")
for path in needed:
    print(f"- `{os.path.basename(path)}`")
print("\n| check | result |\n|---|---|")
print(f"| libraries of Swift among them | {len(foreign)} |")
for row in rows:
    name = f"pp{row['n_prompt']}" if row["n_prompt"] else f"tg{row['n_gen']}"
    print(f"| bench {name}, tokens/s | {row['avg_ts']:.0f} |")
print(f"| measure ended with a price | {'yes' if 'per million tokens' in report else 'no'} |")
sys.exit(1 if foreign or "per million tokens" not in report else 0)
