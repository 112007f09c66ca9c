"""Whether the intervals of measurements spread over hours contain the mean of all: repeatability says how well each is known,
reproducibility what another hour gives."""

import pathlib
import tempfile
import time

import study

options = study.parser(__doc__)
options.add_argument("-n", type=int, default=10, help="measurements that are judged (10)")
options.add_argument("--earlier", type=int, default=3, help="measurements before them, which only make the history (3)")
options.add_argument("--over", type=float, default=3600, help="seconds from the first to the last (3600)")
options.add_argument(
    "--measure", default="--preset smollm2-135m --contexts 0,256,512 -npl 1 --budget 20", help="what is run each time")
given = options.parse_args()

count = given.n + given.earlier
start = time.monotonic()
sittings = []
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    environment = {"XDG_STATE_HOME": str(folder / "state")}
    for number in range(count):
        time.sleep(max(0, start + given.over * number / max(1, count - 1) - time.monotonic()))
        results = folder / str(number)
        run = study.Run(
            given.binary, ["measure", *given.measure.split(), "--results", str(results), "--json"],
            environment=environment)
        sittings.append(run.json()["subjects"][0])


def cell(estimate, scale):
    interval = estimate and estimate.get("interval")
    return f"{interval['low'] * scale:.4g} to {interval['high'] * scale:.4g}" if interval else "absent"


def holds(estimate, value):
    interval = estimate and estimate.get("interval")
    return None if not interval else interval["low"] <= value <= interval["high"]


def half(estimate):
    return (estimate["interval"]["high"] - estimate["interval"]["low"]) / 2 / estimate["value"]


rows, notes = [], []
for name, key in [("input", "dollars_per_million_input_tokens"), ("output", "dollars_per_million_output_tokens")]:
    figures = [sitting["price"][key] for sitting in sittings]
    again = [sitting["reproduced"].get(name) for sitting in sittings]
    pooled = sum(figure["value"] for figure in figures) / count
    judged = range(given.earlier, count)
    for number in range(count):
        rows.append([
            name, number + 1, f"{figures[number]['value']:.4g}", cell(figures[number], 1), cell(again[number], 1),
            {True: "yes", False: "no", None: ""}[holds(again[number], pooled)]])
    held = [holds(again[number], pooled) for number in judged]
    short = [holds(figures[number], pooled) for number in judged]
    widths = [half(again[number]) for number in judged if again[number] and again[number].get("interval")]
    notes.append(
        f"{name}: mean of all {pooled:.4g} $/M; in {sum(map(bool, held))} of {given.n} intervals of reproducibility (half width "
        f"{study.median(widths) * 100:.0f} % by median), in {sum(map(bool, short))} of {given.n} of repeatability (half width "
        f"{study.median([half(figures[number]) for number in judged]) * 100:.0f} %).")
study.report(
    given.binary, "Intervals of measurements spread over time",
    ["price of", "measurement", "$/M", "repeatability", "reproducibility", "the latter holds the mean of all"], rows,
    [f"`measure {given.measure}`, {count} times in {given.over:.0f} s."] + notes)
