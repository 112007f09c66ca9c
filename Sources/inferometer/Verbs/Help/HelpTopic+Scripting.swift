extension HelpTopic {
  static let scripting = HelpTopic(
    name: "scripting", summary: "JSON, exit statuses, and a check for regressions",
    sections: [
      (
        "Output",
        [
          "Results go to standard output; progress, notes and errors go to standard error, one line each. Progress is "
            + "shown on a terminal only. --json prints the figures of any verb with their intervals, methods and warnings; "
            + "bench -o also writes llama-bench's csv, jsonl, md and sql. NO_COLOR is honoured."
        ]
      ),
      (
        "Exit status",
        [
          "0 done. 1 failure. 2 a regression was found (compare --threshold). 5 there is no base to compare with. 64 the "
            + "command line cannot be followed. 65 a file cannot be used. 130 interrupted; what had finished is kept, and "
            + "measure --resume goes on."
        ]
      ),
      (
        "A check for regressions",
        [
          "inferometer compare --run 'bench -m M -t 2' 'bench -m M -t 2 --isa avx2' --effect 2 --json tells or excludes a "
            + "difference of 2 %. inferometer compare OLD NEW --strict --threshold 5 ends with 2 where NEW is significantly "
            + "worse than OLD by more than 5 %, and with 65 where the two were not made in the same way."
        ]
      ),
    ])
}
