extension HelpTopic {
  static let records = HelpTopic(
    name: "records", summary: "what a results directory holds, and what is made of it",
    sections: [
      (
        "Files",
        [
          "measure writes DATE-MACHINE/ below --results: runs.jsonl has one run a line with every sample; machine.json "
            + "describes the machine; command.txt is the command; plan.json is what was to be run, so that --resume can go "
            + "on; history.jsonl, where there is one, has what this machine gave at other times; report.md, prefill.svg and decode.svg are made "
            + "from these alone, and report DIR makes them again.",
          "compare --run --results keeps a folder for each variant, which compare reads like any other results, with "
            + "comparison.json and report.md beside them.",
        ]
      ),
      (
        "A run",
        [
          "A run is one phase at one shape, measured once: prefill, decode or sampling; the tokens of each sequence that "
            + "it reads, generates, and finds in the cache; and the repetition and process that it belongs to. "
            + "model.layers counts layers by the window that they see, and model.slice_of is the whole model where only some ran. "
            + "configuration holds all that was set, with the identities of the kernels that ran. samples has one time for "
            + "a whole prefill, one for each decode step, one for each block of chosen tokens. operations has what they "
            + "computed and moved, by class. conditions and verdict say what disturbed it; canonical says whether "
            + "machines can be compared by it.",
          "A value that could not be read stands as {\"absent\": \"why\"}, never as zero. Keys end in their unit. A file of "
            + "a newer version is refused by its line, and a line that was cut off is a warning.",
        ]
      ),
      (
        "Other tools' files",
        [
          "compare reads what llama-bench prints with -o json or -o jsonl, of any version. Every setting that a row states "
            + "is kept, whether this tool knows it or not; a depth that is not stated is 0. import turns CSV, SQL and the files of "
            + "other benches into such rows."
        ]
      ),
    ])
}
