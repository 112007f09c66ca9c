"""Whether those for whom prices are exported read them as they are meant: the same bill, to nine digits.

Needs from the Python registry: litellm genai-prices prometheus_client focus-data-toolkit.
"""

import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import study

options = study.parser(__doc__)
options.add_argument("directory", help="a results directory with curves, and prompts behind a filled cache")
given = options.parse_args()

INPUT, CACHED, OUTPUT = 1155, 716, 211


def export(name, *words):
    return study.Run(given.binary, ["price", given.directory, "--export", name, *words]).output


price = study.Run(given.binary, ["price", given.directory, "--json"]).json()["prices"][0]
per_million = {
    "input": price["dollars_per_million_input_tokens"]["value"],
    "cached_input": price["dollars_per_million_cached_tokens"]["value"],
    "output": price["dollars_per_million_output_tokens"]["value"],
}
bill = ((INPUT - CACHED) * per_million["input"] + CACHED * per_million["cached_input"] + OUTPUT * per_million["output"]) / 1e6
rows = []


def compare(consumer, theirs, ours, dropped):
    error = abs(theirs / ours - 1)
    rows.append([consumer, f"{theirs:.12g}", f"{ours:.12g}", f"{error:.1e}", "yes" if error < 1e-9 else "NO", dropped])


os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
import litellm  # noqa: E402

entries = json.loads(export("litellm"))
litellm.register_model(entries)
(name,) = entries
usage = litellm.Usage(
    prompt_tokens=INPUT, completion_tokens=OUTPUT, total_tokens=INPUT + OUTPUT,
    prompt_tokens_details={"cached_tokens": CACHED})
theirs = sum(litellm.cost_per_token(model=name, usage_object=usage, custom_llm_provider="openai"))
compare("litellm cost_per_token", theirs, bill, "intervals and provenance (kept in metadata)")

from genai_prices import Usage  # noqa: E402
from genai_prices.types import _providers_from_raw  # noqa: E402

(provider,) = _providers_from_raw(json.loads(export("genai-prices")))
model = provider.find_model(name)
theirs = float(model.calc_price(
    Usage(input_tokens=INPUT, cache_read_tokens=CACHED, output_tokens=OUTPUT), provider).total_price)
compare("genai-prices calc_price", theirs, bill, "intervals, energy")

from prometheus_client.parser import text_string_to_metric_families  # noqa: E402

cost = {}
for family in text_string_to_metric_families(export("prometheus")):
    for sample in family.samples:
        if sample.name == "inferometer_token_cost_dollars":
            cost[sample.labels["type"]] = sample.value
theirs = (INPUT - CACHED) * cost["input"] + CACHED * cost["cached_input"] + OUTPUT * cost["output"]
compare("prometheus_client", theirs, bill, "provenance")

toolkit = pathlib.Path(sys.executable).with_name("focus-toolkit")
for version, name in [("1.4", "focus"), ("1.3", "focus-1.3")]:
    text = export(name)
    charged = {row["SkuMeter"].split()[0]: row for row in csv.DictReader(text.splitlines())}
    theirs = sum(
        tokens * float(charged[kind]["BilledCost"]) / float(charged[kind]["PricingQuantity"])
        for kind, tokens in [("input", INPUT - CACHED), ("cached_input", CACHED), ("output", OUTPUT)])
    compare(f"FOCUS {version} rows", theirs, bill, "nothing: interval, energy, provenance are x_ columns")
    if version == "1.4":
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write(text)
            file.flush()
            done = subprocess.run(
                [toolkit, "validate", "--dataset", "cost-and-usage", file.name], capture_output=True, text=True)
            verdict = (done.stdout + done.stderr).strip().splitlines()
            rows.append(["focus-toolkit validate", f"status {done.returncode}", verdict[0].split(":", 1)[-1].strip(), "", "yes" if done.returncode == 0 else "NO", ""])
            for line in verdict[1:12]:
                print(line, file=sys.stderr)

(entry,) = json.loads(export("gke"))
compare("GKE output_input_cost_ratio", entry["output_input_cost_ratio"], per_million["output"] / per_million["input"], "all but the ratio")

study.report(
    given.binary, "Prices as others read them", ["consumer", "theirs", "ours", "apart", "within 1e-9", "what it drops"],
    rows, [f"The bill of {INPUT} input tokens, {CACHED} of them cached, and {OUTPUT} output tokens, of `{given.directory}`."])
sys.exit(0 if all(row[4] == "yes" for row in rows) else 1)
