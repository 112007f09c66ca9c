"""Whether the intervals of separate benches contain the median of all of them."""

import study

options = study.parser(__doc__)
options.add_argument("-n", type=int, default=10, help="benches (10)")
options.add_argument("--bench", default="--preset smollm2-135m -p 0 -n 128", help="what is run")
options.add_argument("--processes", default="6", help="processes of each bench; 0 for one with repetitions alone (6)")
given = options.parse_args()

words = ["bench", *given.bench.split(), "-o", "json"]
if given.processes != "0":
    words += ["--processes", given.processes]
benches = []
for _ in range(given.n):
    (row,) = study.Run(given.binary, words).json()
    benches.append(row)
pooled = study.median([rate for row in benches for rate in row["samples_ts"]])
held = [row["low_ts"] <= pooled <= row["high_ts"] for row in benches]
study.report(
    given.binary, "Intervals of separate benches",
    ["bench", "median tok/s", "95 % interval", "method", "holds the pooled median"],
    [
        [number + 1, f"{row['median_ts']:.1f}", f"{row['low_ts']:.1f} to {row['high_ts']:.1f}", row["interval_method"],
         "yes" if held[number] else "no"]
        for number, row in enumerate(benches)
    ],
    [f"`{' '.join(words)}`: pooled median {pooled:.1f} tok/s, in {sum(held)} of {given.n} intervals."])
