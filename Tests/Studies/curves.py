"""How well curves foretell what was left out of their fit.

Each DIR is a results directory with prompts behind several depths and steps of several sequences. Places are left out of copies
of runs.jsonl, the tool fits what is left, and its curves are asked for the mean that was paid there: each place between others;
contexts and prompts twice and four times past the longest that was fitted; and all prompts of 64 to 512 tokens behind a filled
cache at once. An interval holds where the difference is within the curve's and the place's own, added in quadrature."""

import json
import pathlib
import tempfile

import law
import study

options = study.parser(__doc__)
options.add_argument("dirs", nargs="+", type=pathlib.Path, metavar="DIR")
given = options.parse_args()


def subject(directory, runs):
    with tempfile.TemporaryDirectory() as copy:
        (pathlib.Path(copy) / "runs.jsonl").write_text("".join(json.dumps(run) + "\n" for run in runs))
        (pathlib.Path(copy) / "machine.json").write_text((directory / "machine.json").read_text())
        return study.Run(given.binary, ["report", copy, "--json"]).json()["subjects"][0]


def curve_of(subject, kind):
    return (subject.get(f"{kind}_curve") or {}).get("curve")


def belongs(run, kind):
    return run["phase"] == ("prefill" if kind == "prefill" else "decode") and (run["sequences"] == 1 or kind == "batch")


class Errors:
    def __init__(self):
        self.found = []

    def add(self, record, kind, place, predicted, half, mean, own):
        self.found.append((abs(predicted / mean - 1), abs(predicted - mean) <= (half**2 + own**2) ** 0.5, record, kind, place,
                           predicted / mean - 1, half / predicted, own / mean))

    def row(self, name):
        errors = sorted(e[0] for e in self.found)
        if not errors:
            return [name, 0, "", "", "", "", ""]
        count = len(errors)
        return [name, count, f"{sum(errors) / count:.1%}", f"{errors[count // 2]:.1%}",
                f"{errors[min(count - 1, int(0.9 * count))]:.1%}", f"{errors[-1]:.1%}",
                f"{sum(e[1] for e in self.found)} of {count}"]


between, twice, four, cached = Errors(), Errors(), Errors(), Errors()
details = []
for directory in given.dirs:
    runs = [json.loads(line) for line in (directory / "runs.jsonl").read_text().splitlines()]
    whole = subject(directory, runs)
    points = {(p["phase"], p["prompt_tokens"] if p["phase"] == "prefill" else 1, p["context_tokens"], p["sequences"]): p
              for p in whole["prefill"] + whole["decode"]}

    def judge(errors, kind, places, keep):
        """Fits the runs that are kept and asks for places."""
        curve = curve_of(subject(directory, [run for run in runs if keep(run)]), kind)
        if curve is None:
            return
        for place in places:
            at = [run for run in runs if belongs(run, kind) and law.place(run) == place]
            steps = [sample["wall_seconds"] for run in at for sample in law.steady(run)]
            demands = [law.of_run(curve["growth"], run) for run in at]
            asked = {term: sum(d[term] for d in demands) / len(demands) for term in demands[0]}
            predicted, half = law.cost(curve, asked)
            phase = "prefill" if kind == "prefill" else "decode"
            own = law.half_width(points[(phase, *place)]["seconds_per_token"]) * place[0] * place[2]
            errors.add(directory.name, kind, place, predicted, half, sum(steps) / len(steps), own)

    for kind in ("prefill", "decode", "batch"):
        places = sorted({law.place(run) for run in runs if belongs(run, kind)})
        fitted = curve_of(whole, kind)
        if fitted is None:
            continue
        out = {(p["tokens"], p["context"], p["sequences"]) for p in whole[f"{kind}_curve"]["left_out"]}
        places = [place for place in places if place not in out]
        axis = {"prefill": 0, "decode": 1, "batch": 2}[kind]
        for place in places:
            alike = [other[axis] for other in places if all(other[i] == place[i] for i in range(3) if i != axis)]
            if min(alike) < place[axis] < max(alike):
                judge(between, kind, [place], lambda run: not (belongs(run, kind) and law.place(run) == place))
        if kind != "batch":
            for errors, factor in ((twice, 2), (four, 4)):
                single = [p for p in places if p[1 - axis] in (0, 1)]
                longest = max(p[axis] for p in single)
                judge(errors, kind, [p for p in single if p[axis] == longest],
                      lambda run: not belongs(run, kind) or law.place(run)[axis] + law.place(run)[1 - axis] * (kind == "prefill")
                      <= longest // factor)
        if kind == "prefill":
            asked = [p for p in places if p[1] > 0 and 64 <= p[0] <= 512]
            if asked:
                judge(cached, kind, asked, lambda run: not (belongs(run, kind) and law.place(run) in asked))
study.report(
    given.binary, "Places left out", ["what", "places", "mean", "median", "p90", "worst", "within the 95 % interval"],
    [between.row("between others"), twice.row("twice past the longest"), four.row("four times past the longest"),
     cached.row("prompts of 64 to 512 behind a cache, all left out")])
print()
study.report(
    given.binary, "Each place", ["record", "curve", "tokens, context, sequences", "off", "± curve", "± measured", "held"],
    [[e[2], e[3], ", ".join(map(str, e[4])), f"{e[5]:+.1%}", f"{e[6]:.1%}", f"{e[7]:.1%}", "yes" if e[1] else "no"]
     for errors in (between, twice, four, cached) for e in errors.found])
