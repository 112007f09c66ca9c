"""Whether the kernels of a prompt and of a step, each timed alone, sum to what the whole takes: both in turn, in the same minutes."""

import study

options = study.parser(__doc__)
options.add_argument("models", nargs="+", help="GGUF files, or preset:NAME")
options.add_argument("-n", type=int, default=5, help="rounds (5)")
options.add_argument("--prompt", type=int, default=384)
options.add_argument("--context", type=int, default=384)
options.add_argument("-t", default="2")
given = options.parse_args()

rows = []
for model in given.models:
    preset = model.removeprefix("preset:") if model.startswith("preset:") else None
    choice = ["--preset", preset] if preset else ["-m", model]
    name = preset or model.rsplit("/", 1)[-1]
    ratios = {"prompt": [], "step": []}
    shares = {"prompt": {}, "step": {}}
    for _ in range(given.n):
        prompt = study.Run(
            given.binary, ["bench", *choice, "-p", str(given.prompt), "-n", "0", "-r", "3", "-t", given.t, "-o", "json"]).json()
        step = study.Run(
            given.binary,
            ["bench", *choice, "-p", "0", "-n", "64", "-d", str(given.context), "-r", "3", "-t", given.t, "-o", "json"]).json()
        whole = {"prompt": given.prompt / prompt[0]["median_ts"], "step": 1 / step[0]["median_ts"]}
        chosen = ["--preset", preset] if preset else ["--model", model]
        closures = study.Run(
            given.binary,
            ["predict", "--from", "kernels", *chosen, "--prompt", str(given.prompt), "--context", str(given.context + 32),
             "-t", given.t, "--seconds", "0.2", "--json"]).json()
        for key, closure in zip(["prompt", "step"], closures):
            ratios[key].append(closure["kernel_seconds"]["value"] / whole[key])
            for part in closure["parts"]:
                shares[key].setdefault(part["operation_class"], []).append(part["seconds"]["value"] / whole[key])
    for key in ratios:
        parts = sorted(shares[key].items(), key=lambda item: -study.median(item[1]))
        middle = study.median(ratios[key])
        rows.append([
            name, key, f"{middle * 100:.1f} % ({min(ratios[key]) * 100:.0f}–{max(ratios[key]) * 100:.0f})",
            f"{(1 - middle) * 100:+.1f} %",
            ", ".join(f"{operation} {study.median(values) * 100:.1f}" for operation, values in parts)])
study.report(
    given.binary, "Kernels against the whole", ["model", "of", "kernels ÷ whole, median (range)", "between the kernels", "% of the whole"],
    rows, [
        f"{given.n} rounds in turn: `bench`, then `predict --from kernels`; prompts of {given.prompt}, steps behind {given.context} tokens. "
        "A kernel alone reads what no cache holds; in a step some of it is still in the last cache, so that the sum may exceed the whole."])
