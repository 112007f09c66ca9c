"""What is left of a measurement whose process is killed at random moments, and whether it goes on from there."""

import json
import os
import random
import signal
import subprocess
import tempfile

import study

options = study.parser(__doc__)
options.add_argument("-n", type=int, default=20, help="kills (20)")
options.add_argument("--measure", default="--preset smollm2-135m --quick", help="what is measured")
options.add_argument("--seed", type=int, default=1)
given = options.parse_args()
chance = random.Random(given.seed)


def kill_after(words, seconds):
    """False where it had ended before."""
    process = subprocess.Popen([given.binary, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True


def whole_lines(path):
    """Lines that end, each as it stands, and how many bytes follow them."""
    data = open(path, "rb").read() if os.path.exists(path) else b""
    lines = data.split(b"\n")
    for line in lines[:-1]:
        json.loads(line)
    return lines[:-1], len(lines[-1])


def identity(line):
    """What makes a run the same planned run."""
    run = json.loads(line)
    names = ["phase", "prompt_tokens", "generated_tokens", "context_tokens", "sequences", "repetition"]
    return json.dumps([run[name] for name in names] + [run["configuration"]["threads"]])


with tempfile.TemporaryDirectory() as root:
    begin = ["measure", *given.measure.split()]
    whole = study.Run(given.binary, [*begin, "--results", f"{root}/whole", "--json"])
    whole.json()
    moments = sorted(chance.uniform(0.05, 0.95) * whole.seconds for _ in range(given.n))
    chance.shuffle(moments)
    rows, sound = [], 0
    for number, moment in enumerate(moments):
        place = f"{root}/{number}"
        killed = kill_after([*begin, "--results", place], moment)
        made = os.listdir(place) if os.path.isdir(place) else []
        if not made:
            rows.append([number + 1, f"{moment:.2f}", 0, "", "nothing was begun", "", "", ""])
            sound += killed
            continue
        folder = os.path.join(place, made[0])
        before, rest = whole_lines(folder + "/runs.jsonl")
        read = study.Run(given.binary, ["report", folder])
        # Without one finished run there is nothing to report, and it says so.
        readable = read.status == 0 if before else read.status in (0, 65)
        planned = os.path.exists(folder + "/plan.json")
        resumed = study.Run(given.binary, ["measure", "--resume", folder]) if planned else None
        after, _ = whole_lines(folder + "/runs.jsonl")
        kept = after[:len(before)] == before
        names = [identity(line) for line in after]
        unique = len(set(names)) == len(names)
        good = killed and readable and (resumed is None and not before or resumed is not None and resumed.status == 0
                                        and kept and unique and len(after) >= len(before))
        sound += good
        rows.append([
            number + 1, f"{moment:.2f}", len(before), rest, f"{read.status}",
            "no plan yet" if resumed is None else resumed.status, "yes" if kept else "no",
            f"{len(after)}, {'none' if unique else 'some'} twice",
        ])
    study.report(
        given.binary, "Killed at random moments",
        ["kill", "after s", "runs kept", "bytes of a cut line", "report's status", "resume's status",
         "kept byte for byte", "runs at the end"], rows,
        [f"`measure {given.measure}` took {whole.seconds:.1f} s uninterrupted; {sound} of {given.n} kills lost nothing."])
