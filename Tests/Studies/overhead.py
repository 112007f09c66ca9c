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
            given.binary, [f"bench {given.bench} --no-meter", metered], "--unit", "s/token", "--effect", "0.5",
            "--budget", given.budget)
    finally:
        ended.set()
        writer.join()

row = comparison["tables"][0]["rows"][0]
change = row["cells"][1]["change"]
token = row["cells"][0]["median"]["value"] * 1000
ratio = change["ratio"]
low, high = ((ratio["interval"][side] - 1) * 100 for side in ("low", "high")) if ratio.get("interval") else (None, None)
share = (ratio["value"] - 1) * 100
study.report(
    given.binary, "Metering on against off",
    ["test", "rounds", "token without", "metering costs", "of a token", "95 % interval", "p", "seconds"],
    [[
        row["name"], len(row["cells"][0]["samples"]), f"{token:.3f} ms ({1000 / token:.0f} tok/s)",
        f"{token * share / 100 * 1000:+.1f} µs", f"{share:+.2f} %",
        "too few rounds" if low is None else f"{low:+.2f} to {high:+.2f} %", f"{change['adjusted_probability']:.3f}",
        f"{seconds:.0f}",
    ]], [f"`{metered}` against `--no-meter`."])
