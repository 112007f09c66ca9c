"""Whether prices of a record are what was paid, and whether its intervals hold what was measured.

Each DIR is a results directory. Four tables: seconds that the curves price over seconds that were paid; places whose price
interval holds the time that was paid there; each length left out and predicted from the others; and prices of the first
half of the windows against those of the second. The fits are the tool's own, of copies of runs.jsonl."""

import json
import math
import pathlib
import tempfile

import study

# Student's t at 97.5 % for 1 to 30 degrees of freedom.
STUDENT = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042]

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


def steady(run):
    """Samples behind the first steps of a request."""
    return run["samples"][run.get("transient_samples", 0):]


def fitted(run):
    return run["phase"] in ("prefill", "decode") and run["sequences"] == 1 and (
        run["phase"] == "decode" or run["context_tokens"] == 0)


def length(run):
    return run["prompt_tokens"] if run["phase"] == "prefill" else run["context_tokens"]


def axis(run):
    """Where the curve is asked for the run."""
    if run["phase"] == "prefill":
        return run["prompt_tokens"]
    contexts = [sample["context_tokens"] for sample in steady(run)]
    return sum(contexts) / len(contexts)


def value(curve, x):
    """The cost at x and the half width of its interval, also beyond where it was measured."""
    terms = [x**power for power in range(len(curve["coefficients"]))]
    cost = sum(c * t for c, t in zip(curve["coefficients"], terms))
    if "covariance" not in curve:
        return cost, math.inf
    variance = sum(a * b * c for a, row in zip(terms, curve["covariance"]) for b, c in zip(terms, row))
    misfit = curve.get("lack_of_fit", {}).get("misfit", 0) * cost
    student = STUDENT[min(curve["degrees_of_freedom"], 30) - 1]
    return cost, student * math.sqrt(max(0, variance) + misfit**2)


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
        used = [run for run in runs if run["phase"] == phase and fitted(run)
                and length(run) not in wrapped.get("shorter_prompts", [])]
        priced = sum(value(curve, axis(run))[0] * len(steady(run)) for run in used)
        seconds = sum(sample["wall_seconds"] for run in used for sample in steady(run))
        paid.append([directory.name, phase, len(used), f"{priced / seconds:.4f}",
                     f"{sum(bool(run['verdict']) for run in used) / len(used):.0%}"])
        places = sorted({length(run) for run in used})
        inside = hits = 0
        for place in places:
            at = [run for run in used if length(run) == place]
            steps = [sample["wall_seconds"] for run in at for sample in steady(run)]
            mean = sum(steps) / len(steps)
            x = sum(axis(run) for run in at) / len(at)
            cost, half = value(curve, x)
            inside += abs(cost - mean) <= half
            others = summary(directory, lambda run: not (run["phase"] == phase and fitted(run) and length(run) == place))
            without = (others or {}).get(f"{phase}_curve")
            if without:
                cost, half = value(without["curve"], x)
                points = [p for p in subject[phase] if (p["prompt_tokens"] if phase == "prefill" else p["context_tokens"])
                          == place and p["sequences"] == 1]
                low, high = interval(points[0]["seconds_per_token"])
                own = (high - low) / 2 * (place if phase == "prefill" else 1)
                hit = abs(cost - mean) <= math.hypot(half, own)
                hits += hit
                left.append([directory.name, phase, place, f"{cost / mean - 1:+.1%}", f"{half / cost:.1%}",
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
    given.binary, "Each length left out", ["record", "phase", "length", "predicted", "± curve", "± measured", "held"], left,
    [f"{sum(row[-1] == 'yes' for row in left)} of {len(left)} held, the first and last length of each curve included."])
if halves:
    print()
    agree = sum(row[-1] == "yes" for row in halves)
    study.report(
        given.binary, "First and second half of the windows", ["record", "price", "first", "second", "agree"], halves,
        [f"{agree} of {len(halves)} prices agree."])
