"""Whether a few layers foretell the whole model: both are measured in the same windows, in turn, and the tool is asked for the whole
from the runs of the slices alone."""

import json
import pathlib
import tempfile

import study

options = study.parser(__doc__)
options.add_argument("models", nargs="+", help="PRESET:FORMAT:LAYERS, such as qwen3-0.6b:Q4_0:28")
options.add_argument("--slices", default="2,4,6")
options.add_argument("--contexts", default="0,128,512")
options.add_argument("--budget", default="60")
options.add_argument("-t", default="2")
given = options.parse_args()


def points(runs, machine):
    with tempfile.TemporaryDirectory() as copy:
        (pathlib.Path(copy) / "runs.jsonl").write_text("".join(json.dumps(run) + "\n" for run in runs))
        (pathlib.Path(copy) / "machine.json").write_text(machine)
        subjects = study.Run(given.binary, ["report", copy, "--json"]).json()["subjects"]
    assert len(subjects) == 1, [s["model"]["name"] for s in subjects]
    return {(p["phase"], p["prompt_tokens"], p["context_tokens"]): p for p in subjects[0]["prefill"] + subjects[0]["decode"]}


def layers(run):
    return sum(group["count"] for group in run["model"]["layers"])


rows, errors = [], {"prefill": [], "decode": []}
for choice in given.models:
    preset, kind, count = choice.split(":")
    with tempfile.TemporaryDirectory() as results:
        done = study.Run(given.binary, [
            "measure", "--preset", preset, "--format", kind, "--slice", f"{given.slices},{count}", "--contexts", given.contexts,
            "-npl", "1", "--budget", given.budget, "-t", given.t, "--results", results, "--no-history"])
        if done.status != 0:
            raise SystemExit(f"{choice}: status {done.status}: {done.errors.strip()}")
        directory = next(pathlib.Path(results).iterdir())
        machine = (directory / "machine.json").read_text()
        runs = [json.loads(line) for line in (directory / "runs.jsonl").read_text().splitlines()]
    whole = [run for run in runs if layers(run) == int(count)]
    foretold = points([run for run in runs if layers(run) != int(count)], machine)
    measured = points(whole, machine)
    for place, point in sorted(foretold.items()):
        if place not in measured or place[0] == "sampling":
            continue
        for key in ("seconds_per_token", "undisturbed_seconds_per_token"):
            ours, theirs = point[key], measured[place][key]
            error = ours["value"] / theirs["value"] - 1
            if key == "seconds_per_token":
                errors[place[0]].append((abs(error), choice))
                row = [preset, kind, place[0], place[1] or "", place[2], f"{error:+.1%}"]
                for figure in (ours, theirs):
                    interval = figure.get("interval")
                    row.append(f"{(interval['high'] - interval['low']) / 2 / figure['value']:.1%}" if interval else "")
            else:
                row.append(f"{error:+.1%}")
        rows.append(row)
notes = [f"`measure --slice {given.slices},ALL`, {given.budget} s each, slices and the whole in turn in each window; as paid."]
for phase, found in errors.items():
    if found:
        sizes = sorted(error for error, _ in found)
        worst = max(found)
        notes.append(
            f"{phase}: {len(found)} places, mean {sum(sizes) / len(sizes):.1%}, median {sizes[len(sizes) // 2]:.1%}, "
            f"worst {worst[0]:.1%} ({worst[1]}).")
study.report(
    given.binary, "Slices against whole models",
    ["preset", "format", "phase", "prompt", "context", "slices ÷ whole", "± slices", "± whole", "undisturbed"], rows, notes)
