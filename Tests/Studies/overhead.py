"""What a token costs more while energy is metered. Without a sensor a wall meter's log is read, to which this adds lines."""

import datetime
import tempfile
import threading

import study

options = study.parser(__doc__)
options.add_argument("--bench", default="--preset smollm2-135m -p 0 -n 128", help="what is decoded")
options.add_argument("--budget", default="300", help="seconds (300)")
options.add_argument("--sensors", action="store_true", help="this machine's own sensors instead of a log")
given = options.parse_args()


def write(log, ended):
    while True:
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
        log.write(f"{now},42.5\n")
        log.flush()
        if ended.wait(0.1):
            return


with tempfile.NamedTemporaryFile("w", suffix=".csv") as log:
    log.write("time,watts\n")
    ended = threading.Event()
    writer = threading.Thread(target=write, args=(log, ended))
    writer.start()
    ended.wait(1)
    metered = f"bench {given.bench}" + ("" if given.sensors else f" --meter-log {log.name}")
    try:
        comparison, seconds = study.compare(
            given.binary, [f"bench {given.bench} --no-meter", metered], "--unit", "s/token,p50", "--effect", "0.5",
            "--budget", given.budget)
    finally:
        ended.set()
        writer.join()

rows = []
for table in comparison["tables"]:
    for row in table["rows"]:
        change = row["cells"][1]["change"]
        token = row["cells"][0]["median"]["value"] * 1000
        ratio = change["ratio"]
        share = (ratio["value"] - 1) * 100
        interval = ratio.get("interval")
        rows.append([
            row["name"], table["unit"], len(row["cells"][0]["samples"]), f"{token:.3f} ms",
            f"{token * share / 100 * 1000:+.1f} µs", f"{share:+.2f} %",
            f"{(interval['low'] - 1) * 100:+.2f} to {(interval['high'] - 1) * 100:+.2f} %" if interval else "too few rounds",
            f"{change['adjusted_probability']:.3f}",
        ])
study.report(
    given.binary, "Metering on against off",
    ["test", "of a run's steps", "rounds", "without", "metering costs", "of a token", "95 % interval", "p"], rows, [
        f"`bench {given.bench} --meter-log FILE` against `--no-meter`, {seconds:.0f} s. A metered run first waits for the end of "
        "its log: s/token holds the first step after that pause, p50 (the median step) does not.",
    ])
