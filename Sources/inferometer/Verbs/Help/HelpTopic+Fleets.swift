extension HelpTopic {
  static let fleets = HelpTopic(
    name: "fleets", summary: "one measurement on many machines, and many results as one",
    sections: [
      (
        "Cut and join",
        [
          "measure --task I/N makes part I of N of a measurement's points, always the same ones, in DIR/task-I-of-N below "
            + "--results. A task that is started again, because its machine was lost, goes on where it stopped; on another "
            + "machine it begins anew. merge joins what all tasks left, a directory for each machine, and leaves out attempts "
            + "that were not finished where another was. What several machines measured is never pooled.",
          "The command is one file when it is built with --static-swift-stdlib: copy it to where jobs run.",
        ]
      ),
      (
        "Slurm",
        [
          "sbatch --array=1-20 --requeue --exclusive --wrap 'inferometer measure -m M.gguf --contexts 0-2048+128 --task "
            + "$SLURM_ARRAY_TASK_ID/20 --results /shared/run' and then inferometer merge /shared/run -o /shared/merged. "
            + "--exclusive: neighbours on a node are what a measurement suffers from most."
        ]
      ),
      (
        "GNU parallel over ssh",
        [
          "parallel --sshloginfile hosts --jobs 1 --return run/task-{}-of-20 'inferometer measure -m M.gguf --task {}/20 "
            + "--results run' ::: {1..20} and then inferometer merge run -o merged."
        ]
      ),
      (
        "Kubernetes",
        [
          "An Indexed Job with completions: 20 and completionMode: Indexed runs inferometer measure --task "
            + "$((JOB_COMPLETION_INDEX + 1))/20 --results /results, where /results is a volume that all pods share; whole "
            + "processors (requests equal to limits, the static CPU manager) keep neighbours off."
        ]
      ),
      (
        "Side by side",
        [
          "report DIR… -o fleet.html makes one page of many machines; rank DIR… --prices hosts.csv --token 50ms orders them by "
            + "what a token costs at your prices and within your readers' patience; check DIR says whether somebody else's "
            + "results are whole, plausible and unchanged."
        ]
      ),
    ])
}
