"""Whether the steps that are kept of a decode run begin warm, and whether drift is called where there is none.

Each DIR is a results directory: the mean of the kept steps 1 to 4 over that of the later ones, and the verdict
`not_stationary` of runs as they were made and with their kept steps in random order."""

import json
import pathlib

import study

options = study.parser(__doc__)
options.add_argument("dirs", nargs="+", type=pathlib.Path, metavar="DIR")
given = options.parse_args()
rows = []
for directory in given.dirs:
    runs = [json.loads(line) for line in (directory / "runs.jsonl").read_text().splitlines()]
    runs = [run for run in runs if run["phase"] == "decode"]
    ratios, dropped, drifting, faster = [], [], 0, 0
    for run in runs:
        skipped = run.get("transient_samples", 0)
        times = [sample["wall_seconds"] for sample in run["samples"]][skipped:]
        first, rest = times[:4], times[4:]
        ratios.append(study.median(first) / study.median(rest))
        dropped.append(skipped)
        if "not_stationary" in run["verdict"]:
            drifting += 1
            half = len(times) // 2
            faster += study.median(times[half:]) < study.median(times[:half])
    rows.append([
        directory.name, len(runs), f"{min(dropped)} to {max(dropped)}", f"{study.median(ratios):.3f}",
        f"{sorted(ratios)[len(ratios) // 10]:.3f} to {sorted(ratios)[-1 - len(ratios) // 10]:.3f}",
        f"{drifting} ({drifting / len(runs):.0%})", f"{faster} of {drifting}"])
study.report(
    given.binary, "Kept steps 1 to 4 against the later ones",
    ["record", "decode runs", "first steps set apart", "ratio, median", "middle four fifths", "marked not_stationary",
     "of these faster later"], rows)
