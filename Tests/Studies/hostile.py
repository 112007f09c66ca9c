"""What the tool says of damaged, foreign and contradictory input, and how it ends."""

import json
import os
import random
import sys
import tempfile
import time

import study

options = study.parser(__doc__)
options.add_argument("--bench", default="--preset smollm2-135m --layers 2 -p 0 -n 8 -r 2 -t 1", help="what makes the records")
options.add_argument("--edits", type=int, default=300, help="edited files of llama-bench, each read by Python too")
options.add_argument("--seed", type=int, default=1, help="of the edits")
given = options.parse_args()
bench = given.bench.split()
rows = []


def trial(what, words, expected):
    """A crash has a status above 128; a line that names nothing helps nobody."""
    run = study.Run(given.binary, words, timeout=120)
    said = (run.errors.strip() or run.output.strip()).splitlines()
    line = next((line for line in said if expected[1] in line), said[-1] if said else "nothing")
    good = run.status in expected[0] and expected[1] in run.errors + run.output
    rows.append([what, f"`{words[0]}`", run.status, line.replace(root, "…")[:180], "yes" if good else "**no**"])


def put(name, text):
    path = os.path.join(root, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return path


with tempfile.TemporaryDirectory() as root:
    made = study.Run(given.binary, ["bench", *bench, "-o", "runs"])
    runs = made.output
    whole = put("whole.jsonl", runs)
    rate = json.loads(study.Run(given.binary, ["bench", *bench, "-o", "json"]).output)
    kernels = study.Run(
        given.binary, "kernels --shape 1x64x256 --format Q4_0 --warm --seconds 0.01 --no-roofs --json".split()).output

    # Records.
    def of_runs(what, text, expected):
        trial(what, ["compare", whole, put("other.jsonl", text), "--flagged"], expected)

    of_runs("record cut off in its last line", runs[:-40], ([0], "is cut off"))
    of_runs("record cut off in the middle", runs[:200] + "\n" + runs, ([65], "other.jsonl:1"))
    of_runs("record edited: a count below zero", runs.replace('"generated_tokens":8', '"generated_tokens":-8'),
            ([65], "generated_tokens is -8"))
    of_runs("record edited: a text for a number", runs.replace('"generated_tokens":8', '"generated_tokens":"8"'),
            ([65], "generated_tokens is not a number"))
    of_runs("record edited: a time of 1e999", runs.replace('"wall_seconds":0', '"wall_seconds":1e999', 1), ([65], "other"))
    of_runs("record of a newer schema", runs.replace('"schema_version":1', '"schema_version":99', 1),
            ([65], "written by a newer version"))
    of_runs("record of another program", '{"schema":"other.run","schema_version":1}\n', ([65], "not a run of this tool"))
    of_runs("an empty file", "", ([65], "other.jsonl"))
    of_runs("bytes that are no text", bytes(range(256)) * 4, ([65], "other.jsonl"))
    of_runs("a bench of kernels beside models", kernels, ([65], "compare results of one kind"))
    of_runs("kernels' rows cut off", kernels[:-40], ([65], "other.jsonl"))
    of_runs("rows of a bench with a time below zero", json.dumps([{**rate[0], "samples_ns": [-1]}]),
            ([65], "samples_ns holds -1"))

    # Rows of other programs.
    def of_rows(what, text, expected):
        trial(what, ["compare", put("rows.json", json.dumps(rate)), put("other.json", text)], expected)

    def without(*names):
        return json.dumps([{name: value for name, value in row.items() if name not in names} for row in rate])

    of_rows("rows of an older llama-bench", without("n_depth", "n_ubatch", "poll", "backends", "isa"), ([0], "tg8"))
    of_rows("rows of a newer llama-bench", json.dumps([{**row, "n_new": [1, None]} for row in rate]), ([0], "tg8"))
    of_rows("rows with a byte order mark", "\ufeff" + json.dumps(rate), ([0], "tg8"))
    of_rows("rows in UTF-16", json.dumps(rate).encode("utf-16"), ([65], "save it as UTF-8"))
    of_rows("rows without their times", without("samples_ns"), ([65], "samples_ns is missing"))
    of_rows("rows with a name twice", json.dumps(rate).replace('"n_gen"', '"n_gen": 9, "n_gen"', 1), ([65], "has n_gen twice"))
    of_rows("rows with a number as a text", json.dumps(rate).replace('"n_gen": 8', '"n_gen": "8"'), ([65], "n_gen is not a number"))
    of_rows("rows with NaN", json.dumps(rate).replace('"n_gen": 8', '"n_gen": NaN'), ([65], "not valid JSON"))
    of_rows("rows cut off", json.dumps(rate)[:-1], ([65], "is cut off"))

    def told_apart(edited):
        """What Python reads of it, or None; a name twice, a constant and a text that is none are refused there too."""
        def once(pairs):
            if len({name for name, _ in pairs}) < len(pairs):
                raise ValueError("a name twice")
            return dict(pairs)

        def refuse(constant):
            raise ValueError(constant)

        try:
            return json.loads(edited, object_pairs_hook=once, parse_constant=refuse)
        except ValueError:
            return None

    def edited_rows(count, seed):
        """Edits of one or two characters: how many were refused, read as Python reads them, and otherwise."""
        choose = random.Random(seed)
        refused, same, other = 0, 0, []
        base = put("rows.json", json.dumps(rate))
        for _ in range(count):
            text = json.dumps(rate)
            for _ in range(choose.randint(1, 2)):
                place = choose.randrange(len(text))
                text = text[:place] + choose.choice("0123456789-+.eE\"\\{}[]:,nul \n") + text[place + choose.randint(0, 2):]
            run = study.Run(given.binary, ["compare", base, put("edited.json", text), "--json"], timeout=60)
            # 5: the rows are of another model or test.
            if run.status in (5, 65):
                refused += 1
                continue
            values, found = told_apart(text), None
            if run.status == 0 and values:
                cells = [row["cells"][1]["samples"] for row in json.loads(run.output)["tables"][0]["rows"] if row["cells"][1]]
                found = sorted(sample for cell in cells for sample in cell)
                tokens = [(row["n_prompt"] + row["n_gen"]) * (row.get("pl") or 1) for row in values]
                wanted = sorted(count * 1e9 / time for count, row in zip(tokens, values) for time in row["samples_ns"])
            if found and len(found) == len(wanted) and all(abs(a - b) <= 1e-9 * b for a, b in zip(found, wanted)):
                same += 1
            else:
                other.append((run.status, text))
        for status, text in other[:5]:
            print(f"status {status}: {text}", file=sys.stderr)
        return refused, same, len(other)

    refused, same, other = edited_rows(given.edits, given.seed)
    rows.append([f"{given.edits} edits of rows, seed {given.seed}", "`compare`", "0, 5 or 65",
                 f"{refused} refused or set apart, {same} read as Python reads them, {other} otherwise", "yes" if other == 0 else "**no**"])

    trial("no base", ["compare", root + "/nothing", whole], ([5], "no such file"))
    trial("a directory without records", ["compare", whole, root], ([65], "no such file"))
    trial("a report of a damaged directory", ["report", os.path.dirname(put("damaged/runs.jsonl", runs[:100]))],
          ([65], "has no finished run"))
    trial("a plan that is none", ["measure", "--resume", os.path.dirname(put("planned/plan.json", "{}"))], ([65], "schema is missing"))

    # Meter logs.
    def of_log(what, text, expected):
        trial(what, ["bench", *bench, "--meter-log", put("meter.csv", text)], expected)

    start = "2026-01-31T09:30:0"
    of_log("log without a time's zone", f"time,watts\n{start}0,80\n{start}1,80\n", ([65], "is not a time with its zone"))
    of_log("log of another zone, of another day", f"{start}0+01:00,80\n{start}1+01:00,80\n", ([0], "energy"))
    of_log("log that is a letter", "Dear Sir or Madam\n", ([65], "has no time and watts"))
    of_log("log that goes back in time", f"{start}1Z,80\n{start}0Z,80\n", ([65], "goes back in time"))
    of_log("log with a text for watts", f"{start}0Z,80\n{start}1Z,warm\n", ([65], "is not a power in watts"))
    of_log("log with spare cells", f"time,watts\n{start}0Z,85,2\n{start}1Z,85,2\n", ([65], "has 3 cells instead of 2"))
    of_log("log with watts of two meanings", f"time;watts\n{start}0Z;1,234\n", ([65], "may have decimals or thousands"))
    of_log("log with text behind the watts", f"time,watts\n{start}0Z,85.2 VA\n", ([65], "not in W, kW or mW"))
    of_log("log in another unit", f"time,energy (Wh)\n{start}0Z,85\n", ([65], "has no column in watts"))
    of_log("log in UTF-16", f"time,watts\n{start}0Z,85\n".encode("utf-16"), ([65], "save the log as text in UTF-8"))
    of_log("log with one line", f"{start}0Z,80\n", ([65], "fewer than two readings"))
    # Readings of every 2 ms, for the minute in which the bench runs.
    def ahead(watts, form="{time:.4f},{watts}"):
        now = time.time() - 5
        return "".join(
            form.format(time=now + step / 500, watts=watts(step)) + "\n" for step in range(60 * 500) if watts(step) is not None)

    long = [*bench, "-n", "64", "-r", "3"]

    def of_long_log(what, watts, expected, **form):
        trial(what, ["bench", *long, "--meter-log", put("ahead.csv", ahead(watts, **form)), "-o", "json"], expected)

    of_long_log("log without a fault", lambda step: 80, ([0], "measured.wall"))
    of_long_log("log with commas before decimals", lambda step: "85,2", ([0], '"avg_power_w": 85.200000'), form="{time:.4f};{watts}")
    of_long_log("log with commas in quotes", lambda step: "85,2", ([0], '"avg_power_w": 85.200000'), form='{time:.4f},"{watts}"')
    of_long_log("log in kilowatts", lambda step: "0.0852 kW", ([0], '"avg_power_w": 85.200000'))
    of_long_log("log with a hole of a minute", lambda step: 80 if step < 2000 or step > 29000 else None, ([0], "nergy"))
    of_long_log("log of 4 MW", lambda step: 4e6, ([0], "nergy"))
    of_long_log("log whose watts are below zero", lambda step: -80, ([0, 65], "nergy"))
    trial("log that is missing", ["bench", *bench, "--meter-log", root + "/none.csv"], ([65], "none.csv"))
    trial("log that is a directory", ["bench", *bench, "--meter-log", root], ([65], "is not a file"))
    trial("log and no meter", ["bench", *bench, "--meter-log", whole, "--no-meter"], ([64], "contradicts"))

    # Models.
    trial("a model that is text", ["bench", "-m", put("text.gguf", "Dear Sir or Madam\n" * 9)], ([65], "text.gguf"))
    trial("a model that is missing", ["bench", "-m", root + "/none.gguf"], ([65], "none.gguf"))

study.report(
    given.binary, "Hostile input", ["input", "verb", "status", "what it says", "as it should"], rows,
    [f"{sum(row[-1] == 'yes' for row in rows)} of {len(rows)} end as they should, with a line that names the fault."])
