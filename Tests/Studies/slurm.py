"""Whether an array of Slurm jobs makes every point of a measurement exactly once, also when a node dies in the middle.

Starts munge, a controller and several slurmd on this machine (as root, in a folder of their own), submits the tasks of one
measurement, kills a node with all that runs on it, waits until the controller has requeued what was lost, merges, and counts.
Debian: slurmctld slurmd slurm-client munge."""

import collections
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

import study

options = study.parser(__doc__)
options.add_argument("model", help="a small GGUF file")
options.add_argument("--tasks", type=int, default=20)
options.add_argument("--nodes", type=int, default=4)
options.add_argument("--budget", default="3", help="seconds of a task (3)")
given = options.parse_args()

place = pathlib.Path(tempfile.mkdtemp(prefix="slurm-study-", dir="/tmp"))
binary = os.path.abspath(given.binary)
(place / "state").mkdir()
(place / "slurm.conf").write_text(f"""
ClusterName=study
SlurmctldHost=localhost
SlurmUser=root
AuthType=auth/munge
CryptoType=crypto/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/linear
ReturnToService=2
SlurmdTimeout=10
SlurmdParameters=config_overrides
StateSaveLocation={place}/state
SlurmdSpoolDir={place}/spool.%n
SlurmctldPidFile={place}/slurmctld.pid
SlurmdPidFile={place}/slurmd.%n.pid
SlurmctldLogFile={place}/slurmctld.log
SlurmdLogFile={place}/slurmd.%n.log
SlurmctldPort=16817
JobRequeue=1
SwitchType=switch/none
MpiDefault=none
JobCompType=jobcomp/filetxt
JobCompLoc={place}/jobs.txt
NodeName=n[1-{given.nodes}] NodeHostname=localhost NodeAddr=127.0.0.1 Port=[17001-{17000 + given.nodes}] CPUs=2
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
""")
environment = {**os.environ, "SLURM_CONF": str(place / "slurm.conf")}


def run(*words):
    return subprocess.run(words, env=environment, capture_output=True, text=True)


if subprocess.run(["pgrep", "-x", "munged"], capture_output=True).returncode != 0:
    subprocess.run(["mkdir", "-p", "/run/munge"])
    subprocess.run(["chown", "munge:munge", "/run/munge"])
    subprocess.run(["runuser", "-u", "munge", "--", "munged"], check=True)
daemons = [subprocess.Popen(["slurmctld", "-D"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]
time.sleep(2)
nodes = {}
for number in range(1, given.nodes + 1):
    (place / f"spool.n{number}").mkdir()
    nodes[f"n{number}"] = subprocess.Popen(
        ["slurmd", "-D", "-N", f"n{number}"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    for _ in range(40):
        if run("sinfo", "-h", "-t", "idle", "-o", "%D").stdout.strip() == str(given.nodes):
            break
        time.sleep(0.5)
    else:
        raise SystemExit(f"the nodes did not come up: {run('sinfo').stdout}{(place / 'slurmctld.log').read_text()[-1500:]}")
    contexts = ",".join(str(8 * number) for number in range(given.tasks))
    script = place / "job.sh"
    script.write_text(
        "#!/bin/bash\n"
        f'exec {binary} measure -m {given.model} --contexts {contexts} -npl 1 -t 1 --no-pin --budget {given.budget} --no-history '
        f'--task "$SLURM_ARRAY_TASK_ID/{given.tasks}" --results {place}/run\n')
    submitted = run("sbatch", f"--array=1-{given.tasks}", "--requeue", "--open-mode=append", f"--output={place}/task-%a.log", str(script))
    if submitted.returncode != 0:
        raise SystemExit(submitted.stderr)
    start = time.monotonic()
    killed, lost = None, []
    while time.monotonic() - start < 900:
        left = [line.split() for line in run("squeue", "-h", "-r", "-o", "%K %T %A %N").stdout.splitlines()]
        if not left:
            break
        running = [line for line in left if len(line) == 4 and line[1] == "RUNNING"]
        if killed is None and len(left) < given.tasks - given.tasks // 4 and any(line[3] == "n1" for line in running):
            killed = "n1"
            lost = [line[0] for line in running if line[3] == "n1"]
            # The node and all that it has started, at once: power is lost.
            nodes["n1"].send_signal(signal.SIGKILL)
            for line in running:
                if line[3] == "n1":
                    subprocess.run(["pkill", "-KILL", "-f", "--", rf"slurmstepd: \[{line[2]}\."])
                    subprocess.run(["pkill", "-KILL", "-f", "--", f"--task {line[0]}/{given.tasks} "])
        time.sleep(0.3)
    log = (place / "slurmctld.log").read_text()
    requeued = len([line for line in log.splitlines() if "requeue" in line.lower() and "JobId" in line])
    merged = study.Run(binary, ["merge", str(place / "run"), "-o", str(place / "merged"), "--json"]).json()
finally:
    for process in [*nodes.values(), *daemons]:
        process.terminate()
sessions, phases = collections.defaultdict(set), collections.Counter()
for directory in merged["directories"]:
    for line in (pathlib.Path(directory) / "runs.jsonl").read_text().splitlines():
        record = json.loads(line)
        if record["phase"] == "decode":
            sessions[record["context_tokens"]].add(record["session"])
            phases[(record["context_tokens"], record["repetition"])] += 1
once = sum(len(found) == 1 for found in sessions.values())
twice = sum(count > 1 for count in phases.values())
gone_on = sum("is gone on with" in path.read_text() for path in place.glob("task-*.log"))
study.report(
    binary, "One measurement as an array of Slurm jobs",
    ["tasks", "nodes", "node killed", "tasks lost with it", "requeued", "tasks that went on", "points", "points of one sitting", "runs twice", "seconds"],
    [[given.tasks, given.nodes, killed or "none", ", ".join(lost) or "none", requeued, gone_on, len(sessions), once, twice,
      f"{time.monotonic() - start:.0f}"]],
    [f"slurmctld {run('slurmctld', '-V').stdout.strip()}; every node is a slurmd of its own on this machine; merged: {merged['runs']} runs, "
     f"{merged['duplicates']} duplicates, {len(merged['unfinished'])} attempts left out."])
