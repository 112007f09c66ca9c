"""Whether prices of a record are what was paid, and whether its intervals hold what was measured.

Each DIR is a results directory. Four tables: seconds that the curves price over seconds that were paid; places whose price
interval holds the time that was paid there; each length left out and predicted from the others; and prices of the first
half of the windows against those of the second. The fits are the tool's own, of copies of runs.jsonl."""

import json
import math
import pathlib
import tempfile

import law
import study

options = study.parser(__doc__)
options.add_argument("dirs", nargs="+", type=pathlib.Path, metavar="DIR")
given = options.parse_args()


def summary(directory, keep=lambda run: True):
    """The tool's summary of those runs of a directory that are kept; none without a subject."""
    with tempfile.TemporaryDirectory() as copy:
        lines = (directory / "runs.jsonl").read_text().splitlines()
        kept = [line for line in lines if keep(json.loads(line))]
        (pathlib.Path(copy) / "runs.jsonl").write_text("\n".join(kept) + "\n")
        (pathlib.Path(copy) / "machine.json").write_text((directory / "machine.json").read_text())
        found = study.Run(given.binary, ["report", copy, "--json"]).json()
    return found["subjects"][0] if found["subjects"] else None


def fitted(run):
    return run["phase"] in ("prefill", "decode") and run["sequences"] == 1


def mean_demand(curve, runs):
    each = [law.of_run(curve["growth"], run) for run in runs]
    return {term: sum(one[term] for one in each) / len(each) for term in each[0]}


def interval(figure):
    return figure["interval"]["low"], figure["interval"]["high"]


def overlap(first, second):
    """Whether two figures agree within the interval of their difference."""
    (low, high), (least, most) = interval(first), interval(second)
    half = math.hypot((high - low) / 2, (most - least) / 2)
    return abs(first["value"] - second["value"]) <= half


paid, held, left, halves = [], [], [], []
for directory in given.dirs:
    runs = [json.loads(line) for line in (directory / "runs.jsonl").read_text().splitlines()]
    subject = summary(directory)
    for phase in ("prefill", "decode"):
        wrapped = subject.get(f"{phase}_curve")
        if not wrapped:
            continue
        curve = wrapped["curve"]
        left_out = {(p["tokens"], p["context"], p["sequences"]) for p in wrapped["left_out"]}
        used = [run for run in runs if run["phase"] == phase and fitted(run)
                and law.place(run) not in left_out]
        priced = sum(law.cost(curve, law.of_run(curve["growth"], run))[0] * len(law.steady(run)) for run in used)
        seconds = sum(sample["wall_seconds"] for run in used for sample in law.steady(run))
        paid.append([directory.name, phase, len(used), f"{priced / seconds:.4f}",
                     f"{sum(bool(run['verdict']) for run in used) / len(used):.0%}"])
        places = sorted({law.place(run) for run in used})
        inside = hits = 0
        for place in places:
            at = [run for run in used if law.place(run) == place]
            steps = [sample["wall_seconds"] for run in at for sample in law.steady(run)]
            mean = sum(steps) / len(steps)
            asked = mean_demand(curve, at)
            cost, half = law.cost(curve, asked)
            inside += abs(cost - mean) <= half
            others = summary(directory, lambda run: not (run["phase"] == phase and fitted(run) and law.place(run) == place))
            without = (others or {}).get(f"{phase}_curve")
            if without:
                cost, half = law.cost(without["curve"], mean_demand(without["curve"], at))
                points = [p for p in subject[phase] if (p["prompt_tokens"] if phase == "prefill" else 1,
                          p["context_tokens"], p["sequences"]) == place]
                own = law.half_width(points[0]["seconds_per_token"]) * place[0]
                hit = abs(cost - mean) <= math.hypot(half, own)
                hits += hit
                left.append([directory.name, phase, f"{place[0]} at {place[1]}", f"{cost / mean - 1:+.1%}", f"{half / cost:.1%}",
                             f"{own / mean:.1%}", "yes" if hit else "no"])
        held.append([directory.name, phase, f"{inside} of {len(places)}", f"{hits} of {len(places)}"])
    windows = sorted({run["window"] for run in runs if run.get("window") is not None})
    if len(windows) > 3:
        middle = windows[len(windows) // 2]
        parts = [summary(directory, lambda run: run["window"] < middle), summary(directory, lambda run: run["window"] >= middle)]
        prices = [part["price"] for part in parts]
        for name in ("input", "output"):
            key = f"dollars_per_million_{name}_tokens"
            if all(key in price and "interval" in price[key] for price in prices):
                first, second = (price[key] for price in prices)
                halves.append([directory.name, name, f"{first['value']:.4g}", f"{second['value']:.4g}",
                               "yes" if overlap(first, second) else "no"])

study.report(given.binary, "Priced over paid seconds", ["record", "phase", "runs", "priced ÷ paid", "with a verdict"], paid)
print()
study.report(
    given.binary, "Places", ["record", "phase", "curve's interval holds the mean that was paid", "held when left out"], held)
print()
study.report(
    given.binary, "Each place left out", ["record", "phase", "tokens", "predicted", "± curve", "± measured", "held"], left,
    [f"{sum(row[-1] == 'yes' for row in left)} of {len(left)} held, the first and last place of each curve included."])
if halves:
    print()
    agree = sum(row[-1] == "yes" for row in halves)
    study.report(
        given.binary, "First and second half of the windows", ["record", "price", "first", "second", "agree"], halves,
        [f"{agree} of {len(halves)} prices agree."])
