extension HelpTopic {
  static let energy = HelpTopic(
    name: "energy", summary: "where joules come from, what they cover, and how sure they are",
    sections: [
      (
        "Measured",
        [
          "Energy says how it came about and what it covers: measured (RAPL, package+dram), estimated (proxy, wall). "
            + "Sources are tried in this order: a wall meter's log (--meter-log FILE), the kernel's power PMU, powercap, "
            + "hwmon, a discharging battery. inferometer machine shows each with the reason why it is not used.",
          "A counter that wrapped is corrected. After a reset, a gap or an impossible value a run has a reason in place of "
            + "energy. Counters that show one supply several times are counted once. MSRs are not read.",
          "The energy of a window shorter than two steps of its sensor is estimated instead. A window below 2 ms has none "
            + "(window_too_short), because looking at it would take half of it. Each run is of one phase, so prefill, decode and sampling have "
            + "joules of their own.",
        ]
      ),
      (
        "Estimated",
        [
          "An estimate, marked ≈, multiplies processor time, operations and bytes by coefficients of the processor's class, "
            + "found from instructions and caches. The table and the source of each row are in "
            + "Sources/EnergyModel/EnergyPriors.swift. Two models, with and without operations, are drawn 2000 times "
            + "each, and the interval spans both.",
          "The interval is wide because nobody knows better: boundary and attribution alone are worth a factor of two or "
            + "more. Ratios on one machine are far surer. --tdp, --watts-per-vcpu, --host-threads and --pue say what is "
            + "known; calibrate replaces the table by a fit where there is a sensor.",
        ]
      ),
      (
        "Gross and without idle",
        [
          "Both stand side by side: a token's share of a machine that must be on, and what the token adds to one that is. "
            + "Energies of two kinds (method, boundary, attribution, coefficients) are never averaged or compared without "
            + "a word."
        ]
      ),
    ])
}
