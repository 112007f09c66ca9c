"""What a curve of the tool says, computed apart from it: demands of places, terms, and the interval of a cost."""

import math

# Student's t at 97.5 % for 1 to 30 degrees of freedom.
STUDENT = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042]


def mean_over_layers(growth, figure):
    total = sum(layers["count"] for layers in growth["layers"])
    return sum(layers["count"] * figure(layers.get("window", math.inf)) for layers in growth["layers"]) / total


def demand(growth, tokens, context, sequences):
    """Of a prompt of that many tokens, or of a step of one token for each sequence."""
    part = growth.get("micro_batch") or tokens
    starts = range(context, context + tokens, part) if tokens > 1 else [context]
    rows = tokens * sequences
    attended = range(context + 1, context + tokens + 1)
    return {
        "pass": len(starts) * (sequences if tokens > 1 else 1),
        "row": rows,
        "pair": sequences * mean_over_layers(growth, lambda window: sum(min(window, a) for a in attended)),
        "squared_pair": sequences * mean_over_layers(growth, lambda window: sum(min(window, a) ** 2 for a in attended)),
        "recall": (sequences * mean_over_layers(growth, lambda window: sum(min(window, s) for s in starts))
                   if tokens > 1 else 0),
    }


def factors(curve, asked):
    family = curve["family"]
    overlap = asked["pass"] * (1 + (family.get("row_share", 0) * asked["row"] / asked["pass"]) ** 3) ** (1 / 3)
    return [overlap if term == "overlap" else asked[term] for term in family["terms"]]


def steady(run):
    """Samples behind the first steps of a request."""
    return run["samples"][run.get("transient_samples", 0):]


def place(run):
    return (run["prompt_tokens"] if run["phase"] == "prefill" else 1, run["context_tokens"], run["sequences"])


def of_run(growth, run):
    """The demand of one timed piece of a run, on average."""
    if run["phase"] == "prefill":
        return demand(growth, *place(run))
    each = [demand(growth, 1, sample["context_tokens"], run["sequences"]) for sample in steady(run)]
    return {term: sum(one[term] for one in each) / len(each) for term in each[0]}


def cost(curve, asked):
    """A cost and the half width of its interval, also beyond where it was measured."""
    terms = factors(curve, asked)
    value = sum(c * t for c, t in zip(curve["coefficients"], terms))
    if "covariance" not in curve:
        return value, math.inf
    variance = sum(a * b * c for a, row in zip(terms, curve["covariance"]) for b, c in zip(terms, row))
    misfit = curve.get("lack_of_fit", {}).get("misfit", 0) * value
    student = STUDENT[min(curve["degrees_of_freedom"], 30) - 1]
    return value, student * math.sqrt(max(0, variance) + misfit**2)


def half_width(figure):
    """Of a figure of the tool; infinite where it has no interval."""
    if "interval" not in figure:
        return math.inf
    return (figure["interval"]["high"] - figure["interval"]["low"]) / 2
