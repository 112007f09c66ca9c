extension HelpTopic {
  static let scenarios = HelpTopic(
    name: "scenarios", summary: "what price --scenario reads, what it counts, and what its figures mean",
    sections: [
      (
        "The file",
        [
          "A scenario is one file of JSON, in which comments, trailing commas and bare keys are allowed. Results/scenarios has "
            + "three to begin with; price --scenario FILE --canonical prints one as strict JSON with all that was left out at "
            + "its default. Unknown keys, keys that stand twice and numbers that cannot be are refused with their line.",
          "A quantity is a number, which is exact, or { value, low, high, kind, source, date }: it is drawn from the triangle "
            + "between its bounds. kind is given or example. What is measured comes from records and cannot be written.",
          "A count of tokens, turns or tasks is a quantity, or { median, p90 } for a lognormal, or { values, shares }, or "
            + "{ column } of the workload's log: CSV or JSON lines, whose columns may have OpenTelemetry's names "
            + "(gen_ai.usage.input_tokens, .output_tokens, .cache_read.input_tokens, .reasoning.output_tokens). The column of cached "
            + "tokens counts where no cache_hit_share is given. A log is of a month unless tasks_per_month says how many there are.",
        ]
      ),
      (
        "What stands in it",
        [
          "records: name and directory of results, the first of which is the base; model, format, threads and isa where a "
            + "directory holds several setups; loss, the nats per token that score found, for what quality costs.",
          "host: rented { dollars_per_hour, processors }, or owned { capex_dollars, residual_dollars, life_years, "
            + "discount_rate, fixed_opex_dollars_per_year, idle_watts, busy_watts, dollars_per_kwh, share }. Of a rented host "
            + "that share of the processors is charged that the record's threads ran on. Capital is recovered by an annuity; "
            + "power grows from idle to busy with the busy share.",
          "fleet: mode elastic (whole hosts follow demand) or fixed with hosts (demand beyond them is lost and counted); "
            + "most_busy_share of the paid hours; sequences that decode at once, or cheapest for those that meet latency "
            + "{ time_per_output_token_ms_p95, time_to_first_token_ms_p95 }: p95 over single steps, and over prefills of a request "
            + "as long as the mean one.",
          "workload: tasks_per_month, log, and tasks of { name, share, input_tokens, output_tokens, reasoning_tokens, turns with "
            + "added_tokens_per_turn, cache_hit_share, success_probability, most_attempts, failed_cost_factor }. Turn k sends "
            + "the first prompt, what was added up to k and all answers before. In cache_hit_share of the later turns all but "
            + "what was added is found in the cache, and one token; of a single prompt that share of its tokens is.",
          "plans: per_token { input_, cached_input_, output_, reasoning_dollars_per_million, dollars_per_request, batch_factor }, "
            + "per_task { dollars_per_task, charged every or successful }, subscription { dollars_per_month, users, "
            + "tasks_per_user_and_month, cap { tasks or tokens }, overage { dollars_per_task or dollars_per_million_tokens, "
            + "take_up } }. A cap of 0 with an overage makes a tariff of two parts.",
          "demand: tasks times (price / price under reference_plan) to the power of elasticity, on price_per_successful_task or "
            + "price_per_token. Users of a subscription answer to what levers change of its own price.",
          "strategies: a plan and levers: price_factor, input_factor, output_factor, reasoning_factor, cache_hit_share, "
            + "success_probability, sequences, records (another model or format), batch_share (of the tasks, those that may wait and "
            + "pay batch_factor of the price). footprint: pue, "
            + "grams_co2e_per_kwh, embodied_kg, life_years, share. draws, seed, level.",
          "outside: what becomes of tasks beyond what was measured. refuse lets one task in a hundred be extrapolated, because a "
            + "lognormal has no end; extrapolate widens by what other laws that fit would say; clip counts them on the edge. "
            + "The shares of tasks, tokens and cost outside are always printed. Prompts behind a cache are never foretold from "
            + "prompts without: measure --cached.",
        ]
      ),
      (
        "What the figures mean",
        [
          "All costs rest on curves as paid. Average cost is what the fleet costs over the tasks served; marginal cost is that of one "
            + "more task where the fleet follows demand, busy for most_busy_share of its hours. While the fleet stays as it is, one "
            + "more task costs what a busy second draws more than an idle one. On a fixed fleet batching changes the busy share, "
            + "not the average.",
          "What 1 % more output words earn is the derivative of a month's profit by the logarithm of the output tokens, over 100. "
            + "It changes sign at an elasticity: customers who leave because a task costs more then weigh as much as the words. A plan "
            + "whose price does not go with words only loses by them.",
          "Intervals hold the level's share of all draws; each draw moves all curves of a record together where they share windows, "
            + "and is the same for every strategy. The probability of being best and the differences to the first strategy are "
            + "taken draw by draw. What moves the profit is one input at its ends, all others at their value; of curves, what "
            + "draws of them alone give. (example) marks figures that rest on an input of kind example.",
          "A cost of the mean task would be a few percent too low: distributions are counted at points that fill their space evenly.",
        ]
      ),
    ])
}
