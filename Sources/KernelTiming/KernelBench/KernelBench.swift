import Engine
import Glibc
import KernelContract
import Machine
import Metering
import Records

/// Times kernels at given problems: every result is compared with its definition first, rivals are timed in turns.
package struct KernelBench {
  private let request: KernelBenchRequest
  private let machine: MachineDescription
  private let toolVersion: String
  private let roofs: KernelRoofs
  private let cancellation: Cancellation
  private let timekeeper: any Timekeeper
  private let watch: ConditionsWatch
  private let observer: (KernelBenchEvent) -> Void
  package let coldMemory: ColdMemory

  package init(
    _ request: KernelBenchRequest, on machine: MachineDescription, toolVersion: String, roofs: KernelRoofs? = nil,
    cancellation: Cancellation = Cancellation(), timekeeper: any Timekeeper = SystemTimekeeper(),
    watch: ConditionsWatch? = nil, observer: @escaping (KernelBenchEvent) -> Void = { _ in }
  ) {
    self.request = request
    self.machine = machine
    self.toolVersion = toolVersion
    self.roofs = roofs ?? (request.measuresRoofs ? .measured(on: machine) : .unmeasured)
    self.cancellation = cancellation
    self.timekeeper = timekeeper
    self.watch = watch ?? ConditionsWatch(processors: machine.processorList, timekeeper: timekeeper)
    self.observer = observer
    coldMemory = ColdMemory.choose(on: machine)
  }

  /// Hands over each table as soon as it is done, and what there is of one when the bench is interrupted: then false.
  package func run(_ finished: (KernelBenchTable) throws -> Void) throws -> Bool {
    let serial = request.problems.filter(\.isSerial)
    let parallel = request.problems.filter { !$0.isSerial }
    for (threads, problems) in request.threads.map({ ($0, parallel) }) + [(1, serial)] where !problems.isEmpty {
      let isCold = request.isCold ?? [problems.contains(where: \.isColdInDecode)]
      let readRoof = isCold.contains(true) ? measuredRoof(threads) : .absent("not measured: no row is cold")
      // A library's threads are bound to no processor, so that ours are not either beside them.
      let pool = try ThreadPool(threads: threads, pin: request.pin && request.libraries.isEmpty)
      let title = request.isComparison ? \KernelProblem.size : \.family
      for text in problems.map({ $0[keyPath: title] }).distinct {
        let same = problems.filter { $0[keyPath: title] == text }
        for isCold in isCold {
          var table = KernelBenchTable(
            conditions: KernelBenchConditions(
              title: text, threads: threads, isCold: isCold, readRoof: readRoof,
              slowdown: request.slowdown),
            rows: [])
          let isComplete = try fill(&table, with: same, pool)
          if !table.rows.isEmpty { try finished(table) }
          if !isComplete { return false }
        }
      }
    }
    return true
  }

  private func measuredRoof(_ threads: Int) -> Finding<Double> {
    observer(.measuringRoofs(threads: threads))
    return roofs.read(threads)
  }

  private func fill(_ table: inout KernelBenchTable, with problems: [KernelProblem], _ pool: ThreadPool) throws -> Bool
  {
    do {
      for problem in problems {
        try cancellation.check()
        table.rows += try rows(problem, table.conditions, pool)
      }
      return true
    } catch is Interruption {
      return false
    }
  }

  private func rows(
    _ problem: KernelProblem, _ conditions: KernelBenchConditions, _ pool: ThreadPool
  ) throws -> [KernelRecord] {
    observer(.preparing(problem))
    return try rows(of: contest(problem, isCold: conditions.isCold, pool), conditions)
  }

  /// Checks all, then times those that are right.
  package func rows(of contest: Contest, _ conditions: KernelBenchConditions) throws -> [KernelRecord] {
    let problem = contest.problem
    let deviations = try contest.contenders.map { contender in
      try cancellation.check()
      return contender.check()
    }
    let right = contest.contenders.indices.filter { deviations[$0] <= 1 }
    observer(.timing(problem, contenders: right.count))
    let timer = TurnTimer(
      secondsEach: request.secondsEach, cancellation: cancellation, timekeeper: timekeeper,
      slowdown: request.slowdown)
    let leavesThreads = right.contains { contest.contenders[$0].leavesThreads }
    let before = watch.look()
    let timings = try timer.time(
      right.map { contest.contenders[$0].run }, before: { _ in if leavesThreads { Self.awaitQuiet() } })
    // They took turns in one window, so that what disturbed one disturbed all.
    var window = ObservedConditions(from: before, to: watch.look(), threads: conditions.threads)
    if leavesThreads { window.processorShare = .absent("waiting for a library's threads takes no processor time") }
    let disturbances = window.disturbances(threads: conditions.threads, processors: machine.processors)
    var rows = contest.contenders.indices.map { index in
      let contender = contest.contenders[index]
      var row = KernelRecord(
        problem, contender, conditions: conditions, deviation: deviations[index],
        timing: right.firstIndex(of: index).map { timings[$0] }, verdict: disturbances.map(\.rawValue),
        peak: contender.isa.map { roofs.peak(conditions.threads, $0, contender.activations) }
          ?? .absent("a library does not say which instructions it uses"))
      row.toolVersion = toolVersion
      row.machineFingerprint = machine.fingerprint
      row.canonical = request.isCanonical && row.verdict?.isEmpty == true
      return row
    }
    let rivals = rows.indices.filter { rows[$0].isa == nil }
    for index in rows.indices {
      // Without a library, the first of the contest is what the others are compared with.
      for rival in rivals.isEmpty ? [0] : rivals where rival != index { rows[index].compare(with: rows[rival]) }
    }
    return rows
  }

  private func contest(_ problem: KernelProblem, isCold: Bool, _ pool: ThreadPool) throws -> Contest {
    let copies: (Int) -> Int = { isCold ? coldMemory.copies(of: $0) : 1 }
    switch problem {
    case .product(let shape, let format):
      let kernels = try request.matrices(format, tokens: shape.tokens)
      let libraries = format == .f32 ? request.libraries : []
      guard !kernels.isEmpty || !libraries.isEmpty else { return Contest(problem: problem, contenders: []) }
      try checkRoom(
        for: problem, ProductContest.bytes(shape, format, copies: copies, besideLibraries: !libraries.isEmpty))
      return try ProductContest.contest(
        shape, format, kernels: kernels, libraries: libraries, copies: copies, pool: pool)
    case .attention(let shape, let format):
      try checkRoom(for: problem, AttentionContest.bytes(shape, format, copies: copies))
      return try AttentionContest.contest(
        shape, format, kernels: request.attention(tokens: shape.tokens), copies: copies, pool: pool)
    case .rows(let operation, let shape):
      try checkRoom(for: problem, RowContest.bytes(operation, shape, copies: copies))
      return try RowContest.contest(operation, shape, sets: request.vectorSets(), copies: copies, pool: pool)
    case .sampling(let method, let vocabulary):
      return try SamplingContest.contest(
        method, vocabulary: vocabulary, sets: request.vectorSets(), copies: copies, pool: pool)
    }
  }

  /// The system grants memory that it does not have, and ends the process when it is used.
  private func checkRoom(for problem: KernelProblem, _ bytes: Double) throws(KernelTimingError) {
    guard let free = Memory.freeBytes(on: machine), bytes > Double(free) * 0.9 else { return }
    throw KernelTimingError(
      "\(problem.size): needs \(Int(min(bytes, 1e18)) >> 20) MiB and \(free >> 20) are free; take a smaller shape")
  }

  /// Libraries let their threads spin for a while after a call (OpenBLAS 2²⁶ cycles, OpenMP up to 200 ms): waits until this
  /// process hardly uses a processor, half a second at most.
  private static func awaitQuiet() {
    for _ in 0..<100 {
      let before = Clock.processCPUNanoseconds()
      usleep(5000)
      if Clock.processCPUNanoseconds() - before < 500_000 { return }
    }
  }
}
