"""How often a comparison finds a kernel that is slowed by a little, and how long that takes."""

import study

options = study.parser(__doc__)
options.add_argument("-n", type=int, default=25, help="trials (25)")
options.add_argument("--slow", default="2", help="percent (2)")
options.add_argument("--budget", default="58", help="seconds for each (58)")
options.add_argument("--variant", default=study.KERNELS["GEMV"], help="what is slowed")
given = options.parse_args()

rows = []
hits = 0
for trial in range(given.n):
    slowed = f"{given.variant} --slow {given.slow}"
    # The slowed one is the base in every other trial, so that the direction is found and not only supposed.
    variants = [given.variant, slowed] if trial % 2 == 0 else [slowed, given.variant]
    comparison, seconds = study.compare(
        given.binary, variants, "--budget", given.budget, "--effect", given.slow)
    (_, change), = study.changes(comparison)
    ratio = change["ratio"]["value"]
    is_right = (ratio > 1) == (trial % 2 == 0)
    hit = change["adjusted_probability"] < 0.05 and is_right and seconds < 60
    hits += hit
    processes = len(comparison["tables"][0]["rows"][0]["cells"][0]["samples"])
    rows.append([
        trial + 1, f"{(ratio if trial % 2 == 0 else 1 / ratio) * 100 - 100:+.2f} %",
        f"{change['adjusted_probability']:.4f}", processes, f"{seconds:.1f}", "yes" if hit else "no",
    ])
study.report(
    given.binary, f"A kernel slowed by {given.slow} %",
    ["trial", "found", "p", "rounds", "seconds", "p < 0.05, right direction, under 60 s"], rows,
    [f"`{given.variant}`: {hits} of {given.n} found ({100 * hits / max(1, given.n):.0f} %)."])
