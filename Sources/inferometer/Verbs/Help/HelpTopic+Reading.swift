extension HelpTopic {
  static let reading = HelpTopic(
    name: "reading", summary: "what each figure means, and how far it can be trusted",
    sections: [
      (
        "Phases",
        [
          "A prefill figure is the time to take in a prompt. A decode figure is the time from a token to the logits of "
            + "the next one, after a context of the stated length. Sampling is the time to choose a token from logits by "
            + "one thread, with the filters that stand beside it, which are llama.cpp's standard ones. Tokenising is in "
            + "none of them, and phases are never averaged together.",
          "An output token needs decode and sampling. Its price holds both and shows each; where sampling was not "
            + "measured the price says so.",
        ]
      ),
      (
        "Intervals",
        [
          "± and [low, high] are 95 % intervals. From six units on, a figure is their median, and its interval comes from "
            + "order statistics, which assume nothing of the distribution. Two to five units give their mean with "
            + "Student's interval. A single one has no interval, and a warning instead.",
          "The units are the runs of one process, or the processes where there are several. All runs of a process share "
            + "what it has by luck, such as where its memory lies, so intervals of one process say how well that "
            + "process is known, and not how another would fare.",
          "measure --processes N runs the ladder in N processes of its own, which take turns at which point is first. "
            + "Figures are then medians of the processes' medians, curves are resampled by process, and the design effect "
            + "says how many runs are worth one independent run. bench --processes N --until 2 adds processes until the "
            + "median is known to ± 2 % or its --budget is spent, and says which; stopping at the first interval that is "
            + "narrow enough makes it hold somewhat less often than 95 %.",
          "No interval of one measurement knows what the machine will do in another hour. On a shared machine compare "
            + "what ran in turns (compare --run), and not what ran one after the other.",
        ]
      ),
      (
        "Latency quantiles",
        [
          "p50, p90 and p99 are of single decode steps; all of them are in runs.jsonl, and nothing is averaged before it "
            + "is written. The steps of a run, or of a process where there are several, share its luck, so that their "
            + "intervals count as many observations as the design effect leaves. Where a few slow processes make the "
            + "whole tail, a dozen cannot tell how many more there are, and the interval of p99 is too narrow: in "
            + "simulations it holds the truth in 30 to 55 % of cases. compare goes by the median of the processes' own "
            + "p99, whose interval holds."
        ]
      ),
      (
        "Conditions",
        [
          "A run is watched: stolen time, other processes, a quota, page faults, interrupted threads, a drift of its steps, "
            + "a changed clock, memory slower than before. A run under such conditions is kept and carries a verdict; "
            + "figures are made from runs without one where there are any. A ! marks a figure all of whose runs carry one, "
            + "and in bench and kernels a row any of whose repetitions does; bench says on standard error what was found, "
            + "kernels below the table."
        ]
      ),
      (
        "Comparisons",
        [
          "compare sets medians of processes against each other with the Mann-Whitney test (exact for few), adjusted by "
            + "Holm for the rows of a table. The column detects holds the least difference that would be found in four of "
            + "five cases: a ~ without that figure says nothing.",
          "Rows are matched by model, by test and by every setting that varies within a file, whoever wrote it; what the "
            + "files differ in stands above the table, and --strict refuses what was not named with --by. Different models "
            + "are never set against each other. Runs with a verdict are left out and counted.",
          "compare --run starts the variants in turn, each in processes of its own, until a difference of --effect is "
            + "found or excluded, and says which. What slows the machine for minutes slows all variants of a round, so "
            + "the figure is the ratio within a round: the middle of all of them (Hodges and Lehmann) and Wilcoxon's signed "
            + "ranks. p and the interval are corrected for looking after every round (O'Brien and Fleming's boundary). "
            + "A delay that is known checks it on a machine: --slow 2 makes a variant 2 % slower.",
        ]
      ),
      (
        "Work, roofs and curves",
        [
          "FLOPs and bytes are what an operation needs by definition: a multiply-add is two, and each weight and each "
            + "visible key and value is read once. Each kernel declares them and they are summed; no hardware counts them. A "
            + "share of a roof is set against what the machine reached in the same measurement.",
          "One curve is of decode over context, one of prefill over length, each of the simplest family that the "
            + "leave-one-out error allows. Outside of the measured range a prediction is refused.",
        ]
      ),
      (
        "Prices",
        [
          "Dollars are seconds times the price of the host. Without --price-per-hour the price is an example, and is "
            + "labelled so. The whole host is charged, however many threads ran."
        ]
      ),
    ])
}
