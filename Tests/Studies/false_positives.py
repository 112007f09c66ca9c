"""How often a comparison finds a difference of a thing with itself."""

import study

options = study.parser(__doc__)
options.add_argument("-n", type=int, default=100, help="comparisons of kernels (100)")
options.add_argument("-m", type=int, default=20, help="comparisons of a model's decode (20)")
options.add_argument("--budget", default="5", help="seconds for each of kernels (5)")
options.add_argument("--model-budget", default="30", help="seconds for each of the model (30)")
options.add_argument("--bench", default="--preset smollm2-135m -p 0 -n 32", help="what is decoded")
given = options.parse_args()

kinds = list(study.KERNELS.items())
cases = [(*kinds[number % len(kinds)], given.budget) for number in range(given.n)]
cases += [("decode", f"bench {given.bench}", given.model_budget)] * given.m

found = {}
for kind, variant, budget in cases:
    comparison, seconds = study.compare(given.binary, [variant, variant], "--budget", budget)
    tests = [change for _, change in study.changes(comparison)]
    tally = found.setdefault(kind, {"variant": variant, "runs": 0, "tests": 0, "single": 0, "family": 0, "seconds": []})
    tally["runs"] += 1
    tally["tests"] += len(tests)
    tally["single"] += sum(test["probability"] < 0.05 for test in tests)
    tally["family"] += any(test["adjusted_probability"] < 0.05 for test in tests)
    tally["seconds"].append(seconds)


def row(name, tallies):
    runs = sum(tally["runs"] for tally in tallies)
    return [
        name, runs, sum(tally["family"] for tally in tallies), study.at_most(runs, 0.05),
        f"{sum(tally['single'] for tally in tallies)} of {sum(tally['tests'] for tally in tallies)}",
        f"{study.median([second for tally in tallies for second in tally['seconds']]):.1f}",
    ]


rows = [row(f"{kind}: `{tally['variant']}`", [tally]) for kind, tally in found.items()]
of_kernels = [tally for kind, tally in found.items() if kind != "decode"]
if of_kernels:
    rows.append(row("**all kernels**", of_kernels))
study.report(
    given.binary, "Comparisons of a thing with itself",
    ["thing", "comparisons", "with a difference (Holm)", "allowed", "rows with p < 0.05 before Holm", "seconds (median)"],
    rows, ["Allowed: so many are not exceeded in 95 % of such series where each errs with 5 %."])
