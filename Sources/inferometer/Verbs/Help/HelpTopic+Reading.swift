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
        "As paid, and undisturbed",
        [
          "An hour is paid for whole, so a price rests on the mean of all time, whatever disturbed it: wall time of all runs over "
            + "their tokens, which is called as paid. Seconds priced by a curve as paid sum to the seconds that were paid.",
          "What a kernel or a machine can do is the median of the runs without a verdict, which is called undisturbed: tokens per "
            + "second, time to the first token, time per output token and their quantiles. Nobody pays that; it compares. "
            + "Both stand at a price, with the number of runs that carry a verdict.",
          "The first steps of a request take longer than steady ones, once. They are set apart from every figure of a token, "
            + "by each run's own profile, a quarter of it at most, and are in the price of a task.",
        ]
      ),
      (
        "Intervals",
        [
          "± and [low, high] are 95 % intervals of this measurement (repeatability): they say how well it is known, and not what "
            + "another hour of the machine would give. On a shared machine compare what ran in turns (compare --run), and not "
            + "what ran one after the other.",
          "What another hour of this machine would give (reproducibility) stands at the price, in the line `again`: the interval "
            + "that holds the mean of the machine's hours. It comes from the logarithms of at least three earlier measurements of "
            + "the same setup on the same machine, each of which counts once, with this one (Student's t), or of windows that lie "
            + "over half an hour or more. measure remembers a line of each measurement; machine --history shows them, machine "
            + "--forget-history removes them, and --no-history leaves them alone. Without enough of them it says so.",
          "Probes of the read bandwidth and of arithmetic run beside the work. Where they foretell how windows differ, by 40 % or "
            + "more on windows left out, a line says what a token takes at the middle of the probe (a control variate), which "
            + "compares hours of unlike conditions; where they do not, it says so. Prices are never adjusted.",
          "The units are windows of time, into which measure divides its work (--windows K, spread with --over 1h), or processes "
            + "where there are several, else single runs. What a minute or a process has by luck, all its runs share, so each unit "
            + "counts once. The design effect says how many runs are worth one independent run.",
          "An undisturbed figure is the median of the units, and its interval comes from order statistics, which assume nothing of "
            + "the distribution. A figure as paid is a mean, and its interval comes from leaving out one unit at a time (the "
            + "jackknife, with Student's t); sums and ratios of figures of the same units move together. Fewer than six units "
            + "have their range instead, written (low–high), which holds the centre in 1 − 2^(1 − n) of cases. A single one has "
            + "neither.",
          "bench --until 2 goes on until the median is known to ± 2 %, of thirty repetitions or processes at least. Where these "
            + "resemble their neighbours, the machine goes through states that outlast them, and the goal is refused: one state "
            + "would pass for the machine. In simulations of independent processes 96 % of such intervals hold.",
        ]
      ),
      (
        "Latency quantiles",
        [
          "p50, p90 and p99 are of single decode steps of runs without a verdict, behind the first ones of a request; all of them "
            + "are in runs.jsonl. The steps of a unit share its luck, so that intervals count as many as the design effect "
            + "leaves. Where fewer than six units, or a third of them, make the tail, nobody can tell how many more of the slow "
            + "kind there are, and there is no interval. compare goes by the median of the processes' own p99."
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
            + "found or excluded, and says which. A state of the machine that outlasts rounds and slows one variant more than the "
            + "other passes for a difference, in simulations in a third of comparisons of a thing with itself; --over spreads the "
            + "rounds so that such states change between them. What slows the machine for minutes slows all variants of a round, so "
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
          "A curve is a sum of terms over what the work asks for: once a pass through the layers, once a token, once for each "
            + "token that is attended to (in layers with a window no more than that), once for each that is found in the cache. One "
            + "is of prompts, also behind a filled cache; one of decode over context; one of steps of several sequences, where "
            + "reading weights and computing may overlap (the cube root of the sum of cubes). Each is the least squares of relative "
            + "errors, of the simplest family that foretells whole places left out. Places where the tuning has other kernels run "
            + "are shown, not fitted. Residuals spread by the share that stands there; p is the chance "
            + "of places lying so far from the curve by scatter alone, and what they miss beyond it widens every prediction. "
            + "A coefficient that may be zero is written as at most so much. Of simulated records in eight windows, with the "
            + "noise of shared machines, 90 to 98 % of intervals as paid hold the truth, and 80 to 98 % of undisturbed ones, "
            + "because verdicts take runs from slow windows only. Beyond what was measured prices are refused; predict answers up to four "
            + "times as far, with an interval that holds what other families that fit as well say there.",
          "With --slice a few of a model's first layers are run, each number of them with as many copies of their weights in turn as "
            + "make them come from as far away as the whole model's would. Costs are linear in the numbers of layers of each kind, "
            + "and the line is drawn window by window, so that what slows a minute slows all slices. Such figures say how many layers "
            + "they rest on; they have no energy.",
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
